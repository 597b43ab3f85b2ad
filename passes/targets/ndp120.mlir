// Syntiant NDP120: a neural processor for speech and small images, measured at two
// operating points.
//
// Known: latency and energy of three networks at both points.
// Assumed: an energy model of joules by multiply-accumulate and by byte, fitted
// to all of these; what other operations take; that the board's regulator can change the point while running,
// with its ramp; all of sleep.
// Good for: which of the two points a network should run at. Times of the three
// networks are met within 14 %, energies within 19 % (docs/chips.md).
//
// [1] MLPerf Tiny v1.0, closed division, syntiant, results syntiant_9120_0v9_30mhz
//     and syntiant_9120_1v1_98mhz.
power.target @ndp120
    // [1] 0.9 and 1.1 V; what lies between is not public.
    levels_v [0.9, 1.1]
    max_rails 1
    cost_model #power.roofline<
      domain = "core",
      // assumed: fitted to the times and energies of [1], at 1.1 V.
      macs_per_cycle = 24.4, mac_energy_j = 1.11e-11,
      bytes_per_cycle = 2.19, byte_energy_j = 3.3e-11,
      // assumed: other operations take what multiply-accumulates do; they were in
      // what [1] measured, and its networks have few.
      operations_per_cycle = 24.4, operation_energy_j = 1.11e-11> {
  // assumed: 10 mV/us, 100 us and 4.7 uF, as an ordinary regulator on the board.
  power.supply @vdd regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-04
    output_f 4.7e-06

  // [1] 30 MHz at 0.9 V, 98 MHz at 1.1 V. assumed: the latter is 98.304 MHz, a clock
  // of audio.
  power.domain @core on @vdd nominal_v 1.1 frequency_hz 9.8304e+07
    law #power.frequency_table<voltage_v = [0.9, 1.1],
                               frequency_hz = [3.0e+07, 9.8304e+07]>
    // assumed: the static power that fits [1].
    leakage_w 7.9e-04

  // assumed: memories kept and clocks stopped, at a tenth of the static power;
  // 100 us to wake, at the static power.
  power.sleep_state @memories_kept power_w 7.9e-05
    entry_energy_j 0.0 entry_time_s 0.0
    exit_energy_j 7.9e-08 exit_time_s 1.0e-04
}
