// Marsellus, a published research chip in 22 nm FD-SOI: sixteen RISC-V cores and a
// convolution engine (RBE) whose transistors' threshold is moved by body bias.
//
// Known: peak throughput, best efficiency with its throughput, both in software,
// too, and what body bias brings in speed.
// Assumed: voltages and the clock; what share of power is leakage and how body
// bias changes it; how long body bias takes; traffic; memory; what operations
// take that are no products; all of sleep.
// Good for: when another body bias is worth more than another voltage, as an
// example of two operating points at one voltage. Energies are those of 2-bit
// networks.
//
// [1] F. Conti et al., "A 12.4 TOPS/W @ 136 GOPS AI-IoT System-on-Chip with 16
//     RISC-V, 2-to-8b Precision-Scalable DNN Acceleration and 30%-Boost Adaptive
//     Body Biasing", ISSCC 2023, title.
// [2] F. Conti et al., "Marsellus", JSSC 2023, arXiv 2305.08415, abstract.
power.target @marsellus
    // assumed: from 0.5 to 0.8 V, the ordinary range of that process.
    levels_v [0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80]
    max_rails 1
    cost_model #power.roofline<
      domain = "cluster", feature_memory = "l2",
      // [2] 637 GOPS at the highest clock.
      macs_per_cycle = 758.0,
      // [1] 11 mW for 136 GOPS, the most efficient point. assumed: that is the
      // lowest voltage, and a tenth is leakage; here at 0.8 V.
      mac_energy_j = 3.73e-13,
      // assumed: 64 bytes a cycle at 1 pJ each.
      bytes_per_cycle = 64.0, byte_energy_j = 1.0e-12,
      // [2] the figure above is for the lowest precision. assumed: 2 bits for all.
      activation_bits = 2, weight_bits = 2, output_bits = 2,
      // [2] software reaches 180 GOPS, and 3.32 TOPS/W where it is best. assumed: as
      // above, these are 129 pJ a cycle of all sixteen cores, a tenth of it leakage,
      // and so 297 pJ at 0.8 V; four instructions for each other operation.
      operations_per_cycle = 4.0, operation_energy_j = 7.4e-11> {
  // assumed: 10 mV/us, 20 us and 1 uF; the chip is supplied by its board.
  power.supply @vdd regulated slew_v_per_s 1.0e+04 settle_time_s 2.0e-05
    output_f 1.0e-06

  // assumed: 420 MHz at 0.8 V. [1] and [2] have a ratio of 136 to 637 in
  // throughput, which makes 90 MHz at 0.5 V; linear in between.
  power.domain @cluster on @vdd nominal_v 0.80 frequency_hz 4.2e+08
    law #power.frequency_table<voltage_v = [0.50, 0.80],
                               frequency_hz = [9.0e+07, 4.2e+08]>
    // assumed: 1.1 mW at 0.5 V, and e times as much current every 0.25 V.
    leakage_w 5.8e-03
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>

  // [1] 30 % faster. assumed: four times the leakage; 2 us and 10 nJ to charge the
  // wells.
  power.mode @forward_body_bias of @cluster frequency_factor 1.3
    leakage_factor 4.0 energy_j 1.0e-08 time_s 2.0e-06

  // assumed: 1 MB in eight banks of 20 uW.
  power.memory @l2 in @cluster bank_bytes 131072 bank_leakage_w 2.0e-05 banks 8
    volatile

  // assumed: the lowest voltage with reverse body bias, half of its leakage.
  power.idle_state @reverse_body_bias voltages_v [0.50] power_w 5.6e-04
  // assumed: 30 uW with memories kept; 200 us and 1 uJ to wake.
  power.sleep_state @retention power_w 3.0e-05
    entry_energy_j 0.0 entry_time_s 1.0e-05
    exit_energy_j 1.0e-06 exit_time_s 2.0e-04
}
