// Analog Devices MAX78000: 64 convolution processors with their own memories of
// features and of weights, beside a Cortex-M4, on one core voltage.
//
// Known: processors, memories, throughput, time and energy of one network, that
// banks of memory can be switched off or kept one by one.
// Assumed: the core's voltage and clock; what of the power is static; what other
// operations take; what banks leak and keep; all of sleep.
// Good for: how many banks to keep powered, and whether to sleep and load the
// weights again or to keep them. There is no voltage to choose.
//
// [1] M. Giordano et al., "Survey and Comparison of Milliwatts Micro controllers
//     for Tiny Machine Learning at the Edge", AICAS 2022, abstract: 117 MACs a
//     cycle, 1.4 ms and 0.09 mJ for a face recognition network.
// [2] Maxim, announcement of MAX78000 (October 2020): 442,000 weights of 8 bits.
// [3] MSDK, MAX78000 peripheral drivers, low power: shutting down or retaining
//     each SRAM.
power.target @max78000
    // assumed: 1.1 V. The converter has four outputs, of which the core takes one
    // while it computes.
    levels_v [1.1]
    max_rails 1
    // [3] feature memories are switched bank by bank; weights stay.
    gating <sram>
    cost_model #power.roofline<
      domain = "core", feature_memory = "data", weight_memory = "weights",
      // [1]
      macs_per_cycle = 117.0,
      // [1] 0.09 mJ for 8.2 million (117 in each of 70,000 cycles). assumed: a
      // tenth of it is static.
      mac_energy_j = 9.9e-12,
      // assumed: memories keep pace with the processors.
      bytes_per_cycle = 64.0, byte_energy_j = 0.0,
      // assumed: pooling and additions run on the 64 processors, one operation a
      // cycle each at the energy of a multiply-accumulate. What runs on the
      // Cortex-M4, such as a softmax, takes more, and is not told apart.
      operations_per_cycle = 64.0, operation_energy_j = 9.9e-12> {
  // assumed: 50 MHz, half of the 100 MHz of the chip's fastest oscillator.
  power.domain @core nominal_v 1.1 frequency_hz 5.0e+07
    law #power.frequency_table<voltage_v = [1.0, 1.1],
                               frequency_hz = [5.0e+07, 5.0e+07]>
    // assumed: of 64 mW, 6.4 mW; these less the banks' below.
    leakage_w 2.2e-03

  // assumed: 512 KiB of features in 64 banks, one a processor, of 50 uW; a tenth
  // of it to keep them.
  power.memory @data in @core bank_bytes 8192 bank_leakage_w 5.0e-05 banks 64
    volatile bank_retention_w 5.0e-06
  // [2] 442,368 bytes, which is 64 times 6,912. assumed: 15 uW a bank.
  power.memory @weights in @core bank_bytes 6912 bank_leakage_w 1.5e-05 banks 64
    volatile

  // [3] all memories kept. assumed: 50 uW; 50 us at 6.4 mW to wake.
  power.sleep_state @standby power_w 5.0e-05
    entry_energy_j 0.0 entry_time_s 1.0e-05
    exit_energy_j 3.2e-07 exit_time_s 5.0e-05
  // [3] nothing kept. assumed: 1 uW; 10 ms at 10 mW to boot and to load all
  // weights again.
  power.sleep_state @power_down power_w 1.0e-06
    entry_energy_j 0.0 entry_time_s 1.0e-05
    exit_energy_j 1.0e-04 exit_time_s 1.0e-02
}
