// GreenWaves GAP8: eight RISC-V cores (the cluster), a ninth and the memories (the
// SoC), one DC-DC converter for all.
//
// Known: voltages, clocks, sizes of memories, power asleep, energy and time of
// one network at two voltages, energy of another.
// Assumed: an energy model of joules by multiply-accumulate, from these; how
// many of them a cycle does; what other operations take; ramps; how long waking
// takes.
// Good for: which voltage when, and whether to sleep or to wait, for networks
// that run on the cores; not for what the 5x5 convolution engine does.
//
// [1] GreenWaves' PMSIS, header of the FLLs: FLL_*_FREQUENCY, DCDC_DEFAULT_*.
// [2] GreenWaves, "Visual Wake Words on GAP8" (2020): 17.7 million cycles take
//     6.05 mJ in 193 ms, or 7.29 mJ in 92 ms.
// [3] E. Flamand et al., "GAP-8: A RISC-V SoC for AI at the Edge of the IoT",
//     ASAP 2018, abstract.
// [4] M. Giordano et al., "Survey and Comparison of Milliwatts Micro controllers
//     for Tiny Machine Learning at the Edge", AICAS 2022, abstract: 0.52 mJ for
//     the network that MAX78000 runs in 1.4 ms at 117 MACs a cycle.
// [5] GreenWaves' page "GAP8 and GAP9": memories.
power.target @gap8
    // [1] from 1.0 to 1.2 V in steps of 50 mV.
    levels_v [1.00, 1.05, 1.10, 1.15, 1.20]
    // The converter makes all of them, one at a time.
    max_rails 1
    cost_model #power.roofline<
      domain = "cluster", memory_domain = "soc", feature_memory = "l2",
      // assumed: 5.5 a cycle, so that [4] is met with the energy by cycle of [2].
      macs_per_cycle = 5.5,
      // assumed: what is left of [2] without static power, 249 pJ a cycle at
      // 1.0 V; traffic to L2 is in it.
      mac_energy_j = 6.52e-11, byte_energy_j = 0.0,
      // assumed: a bus of 64 bits that is busy half of the time.
      bytes_per_cycle = 4.0,
      // assumed: other operations run on the eight cores, four instructions each
      // with reading, writing and the loop, at the energy of a cycle above.
      operations_per_cycle = 2.0, operation_energy_j = 1.79e-10> {
  // assumed: 10 mV/us, 100 us and 4.7 uF; [1] has steps, but no times.
  power.supply @dcdc regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-04
    output_f 4.7e-06

  // [1] 87 MHz at 1.0 V to 175 MHz at 1.2 V, linear.
  power.domain @cluster on @dcdc nominal_v 1.20 frequency_hz 1.75e+08
    law #power.frequency_table<voltage_v = [1.0, 1.2],
                               frequency_hz = [8.7e+07, 1.75e+08]>
    // assumed: half of what [2] has besides energy by cycle, 10.2 mW at 1.2 V.
    leakage_w 5.1e-03
  // [1] 150 MHz at 1.0 V to 250 MHz at 1.2 V, linear.
  power.domain @soc on @dcdc nominal_v 1.20 frequency_hz 2.5e+08
    law #power.frequency_table<voltage_v = [1.0, 1.2],
                               frequency_hz = [1.5e+08, 2.5e+08]>
    // assumed: the other half, without the banks of L2.
    leakage_w 4.3e-03

  // [5] 512 KB of L2. assumed: four banks, 0.2 mW each.
  power.memory @l2 in @soc bank_bytes 131072 bank_leakage_w 2.0e-04 banks 4
    volatile

  // assumed: the cluster off, the SoC at 1.0 V: half of the static power there.
  power.idle_state @cluster_off voltages_v [1.0, 1.0] power_w 4.25e-03
  // [3] 30 uW with state kept ([1] at 0.8 V).
  // assumed: 1 ms and 10 uJ to fall asleep and wake; not public.
  power.sleep_state @retention power_w 3.0e-05
    entry_energy_j 1.0e-06 entry_time_s 1.0e-04
    exit_energy_j 9.0e-06 exit_time_s 9.0e-04
}
