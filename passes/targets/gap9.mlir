// GreenWaves GAP9: nine RISC-V cores and the NE16 convolution engine (the
// cluster), a tenth core and the memories (the SoC), one regulated voltage.
//
// Known: voltages, highest clocks, sizes of memories, how long sleep takes, and
// latency and energy of four networks at two voltages.
// Assumed: an energy model of joules by multiply-accumulate and by byte, fitted
// to two of these networks; what other operations take; where static power goes;
// the regulator's ramp; what sleep draws.
// Good for: which voltage when, and whether to sleep, for convolutional networks.
// It meets the two networks that it is fitted to within 1 %; networks of nothing
// but small layers are off by factors up to 2.5 (docs/chips.md).
//
// [1] GAP9 SDK, guide "Dynamic Voltage and Frequency Scaling".
// [2] GAP9 SDK, guide "Using low power modes".
// [3] MLPerf Tiny v1.0, closed division, greenwaves-technologies, systems and
//     results gap9_650_240 and gap9_800_370. Measured at the chip's input, so
//     that losses of its converter are in all energies here.
power.target @gap9
    // [1] from 0.65 to 0.80 V, in its table every 50 mV.
    levels_v [0.65, 0.70, 0.75, 0.80]
    // The regulator makes all of them, one at a time.
    max_rails 1
    cost_model #power.roofline<
      domain = "cluster", memory_domain = "soc",
      feature_memory = "l2", weight_memory = "mram",
      // assumed: fitted to times and energies of image classification and visual
      // wake words of [3], at 0.80 V.
      macs_per_cycle = 60.7, mac_energy_j = 1.83e-12,
      bytes_per_cycle = 1.68, byte_energy_j = 5.9e-11,
      // assumed: other operations run on eight of the cores, four instructions each
      // with reading, writing and the loop, at the energy of a cycle of
      // multiply-accumulates. They were in what [3] measured; its networks have few.
      operations_per_cycle = 2.0, operation_energy_j = 5.55e-11> {
  // assumed: 10 mV/us, 20 us and 4.7 uF, as ordinary for an integrated converter;
  // [1] says only that voltage is to rise before frequency.
  power.supply @core regulated slew_v_per_s 1.0e+04 settle_time_s 2.0e-05
    output_f 4.7e-06

  // [1] 240 MHz at 0.65 V and 370 MHz at 0.80 V, in each clock domain.
  // assumed: in between in proportion, which [1] calls "to be confirmed".
  power.domain @cluster on @core nominal_v 0.80 frequency_hz 3.7e+08
    law #power.frequency_table<voltage_v = [0.65, 0.80],
                               frequency_hz = [2.4e+08, 3.7e+08]>
    // assumed: half of the static power that fits [3], 3.22 mW at 0.80 V.
    leakage_w 1.61e-03
  power.domain @soc on @core nominal_v 0.80 frequency_hz 3.7e+08
    law #power.frequency_table<voltage_v = [0.65, 0.80],
                               frequency_hz = [2.4e+08, 3.7e+08]>
    // assumed: the other half, without the banks of L2.
    leakage_w 1.01e-03

  // [3] 1.5 MB of L2. assumed: twelve banks, 50 uW each.
  power.memory @l2 in @soc bank_bytes 131072 bank_leakage_w 5.0e-05 banks 12
    volatile
  // [3] 2 MB of MRAM. assumed: one bank without leakage of its own.
  power.memory @mram in @soc bank_bytes 2097152 bank_leakage_w 0.0 banks 1
    nonvolatile

  // [2] "a couple of hundred us" for a full cycle, banks and pads kept.
  // assumed: 300 uW, and 5 mW while it falls asleep and wakes.
  power.sleep_state @light_sleep power_w 3.0e-04
    entry_energy_j 5.0e-07 entry_time_s 1.0e-04
    exit_energy_j 5.0e-07 exit_time_s 1.0e-04
  // [2] 1.2 ms for a full cycle, banks of L2 kept.
  // assumed: 30 uW, which is published for the earlier GAP8; 5 mW in between.
  power.sleep_state @deep_sleep_retentive power_w 3.0e-05
    entry_energy_j 5.0e-07 entry_time_s 1.0e-04
    exit_energy_j 5.5e-06 exit_time_s 1.1e-03
  // [2] 2.5 ms for a full cycle, nothing kept but MRAM.
  // assumed: 5 uW; 5 mW in between, with booting from MRAM.
  power.sleep_state @deep_sleep power_w 5.0e-06
    entry_energy_j 5.0e-07 entry_time_s 1.0e-04
    exit_energy_j 1.2e-05 exit_time_s 2.4e-03
}
