// STMicroelectronics STM32N6: the Neural-ART accelerator (the NPU) and a Cortex-M55
// (the CPU) on one supply of two voltages, each with a clock of its own.
//
// Known: voltages and clocks of both modes, the ramp that the vendor's code
// assumes, peak throughput and efficiency, sizes of the NPU's memories, time of a
// network.
// Assumed: an energy model of joules by multiply-accumulate from the vendor's
// figure; what traffic costs; the CPU's throughput and energy; what a hand-over
// takes; static power; all of sleep.
// Good for: when overdrive is worth its voltage, what layers on the CPU cost the
// schedule, how time and energy move with the clock of the memories. Absolute
// energies are no better than the vendor's headline figure.
//
// [1] UM3300, user manual of STM32N6570-DK, section 7.4.5.
// [2] Clock configuration of ST's examples for STM32N6570-DK (with and without
//     overdrive), as in edgeimpulse/example-standalone-st-stm32n6,
//     Src/system_clock_config.c.
// [3] ST's product page of STM32N6: 600 GOPS at 1 GHz, 3 TOPS/W.
// [4] ST's stm32ai-modelzoo, image classification: RegNetX-200MF of 224 x 224
//     pixels takes 9.96 ms on STM32N6570-DK.
// [5] Politecnico di Milano, "STM32N6 NPU Deployment" (2025), chapters 2 and 5.
// [6] ST Edge AI Core, "ST Neural-ART NPU concepts".
power.target @stm32n6
    // [1] 0.81 V nominal, 0.89 V in overdrive.
    levels_v [0.81, 0.89]
    max_rails 1
    cost_model #power.roofline<
      domain = "npu", memory_domain = "npu_ram", feature_memory = "axisram",
      // [3] 600 GOPS at 1 GHz are 300 multiply-accumulates a cycle.
      macs_per_cycle = 300.0,
      // [3] 3 TOPS/W. assumed: in overdrive, and without traffic.
      mac_energy_j = 6.67e-13,
      // assumed: 7.1 MB of features and weights, most of them from external
      // flash, in the time of [4].
      bytes_per_cycle = 0.79,
      // assumed: 100 pJ a byte, between memory on the chip and external flash.
      byte_energy_j = 1.0e-10,
      // [6] units for pooling, activation and arithmetic. assumed: 8 operations a
      // cycle, at the energy of a multiply-accumulate; traffic takes longer.
      operations_per_cycle = 8.0, operation_energy_j = 6.67e-13> {
  // [2] "assuming voltage ramp speed of 1 mV/us"; it waits 100 us or more.
  // assumed: 20 us of these are for settling after 80 mV; 22 uF.
  power.supply @vddcore regulated slew_v_per_s 1.0e+03 settle_time_s 2.0e-05
    output_f 2.2e-05

  // [2] 800 MHz without overdrive, 1 GHz with.
  power.domain @npu on @vddcore nominal_v 0.89 frequency_hz 1.0e+09
    law #power.frequency_table<voltage_v = [0.81, 0.89],
                               frequency_hz = [8.0e+08, 1.0e+09]>
    // assumed: 5 mW, and e times as much current every 0.25 V; not public.
    leakage_w 5.0e-03
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>
  // [2] the NPU's memories: 800 MHz without overdrive, 900 MHz with.
  power.domain @npu_ram on @vddcore nominal_v 0.89 frequency_hz 9.0e+08
    law #power.frequency_table<voltage_v = [0.81, 0.89],
                               frequency_hz = [8.0e+08, 9.0e+08]>
    // assumed: as @npu, but for the banks below.
    leakage_w 1.0e-03
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>
  // [2] 600 MHz without overdrive, 800 MHz with.
  power.domain @cpu_core on @vddcore nominal_v 0.89 frequency_hz 8.0e+08
    law #power.frequency_table<voltage_v = [0.81, 0.89],
                               frequency_hz = [6.0e+08, 8.0e+08]>
    // assumed: as @npu.
    leakage_w 5.0e-03
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>

  // [5] AXISRAM3 to 6 have 448 KB each, AXISRAM1 and 2 up to 2 MB together.
  // assumed: eight banks of 448 KB, 0.5 mW each; what is larger is refused.
  power.memory @axisram in @npu_ram bank_bytes 458752 bank_leakage_w 5.0e-04
    banks 8 volatile

  // [5] operations that the NPU lacks run on the Cortex-M55.
  // assumed: 2 multiply-accumulates a cycle in whole layers, 20 pJ each; memory as
  // for the NPU; 20 us and 2 uJ to hand over, for caches and an interrupt.
  power.engine @cpu cost_model #power.roofline<
      domain = "cpu_core", memory_domain = "npu_ram", feature_memory = "axisram",
      macs_per_cycle = 2.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 0.79, byte_energy_j = 1.0e-10,
      // assumed: an operation takes what a multiply-accumulate does.
      operations_per_cycle = 2.0, operation_energy_j = 2.0e-11>
    handover_energy_j 2.0e-06 handover_time_s 2.0e-05

  // assumed: the CPU waits for an interrupt, memories that hold nothing are off:
  // 6 mW, of 9.9 mW of static power at 0.81 V.
  power.idle_state @wait_for_interrupt voltages_v [0.81, 0.81, 0.81]
    power_w 6.0e-03
  // AN5946 has Stop mode with memories kept. assumed: 1 mW; 0.5 ms to wake, with
  // the clocks' locking, at 10 mW.
  power.sleep_state @stop power_w 1.0e-03
    entry_energy_j 1.0e-06 entry_time_s 1.0e-04
    exit_energy_j 5.0e-06 exit_time_s 5.0e-04
}
