// Rockchip RK3588: the neural processor (three cores on one clock and one supply)
// and the DRAM that it reads and writes, on a board that runs Linux.
//
// Known: operating points of the slowest silicon, multiply-accumulates a cycle,
// the ramp of the board's converter, time of one network.
// Assumed: how much of the peak is reached; all energies; what the board draws
// while it is awake; all of sleep.
// Good for: times, and how far the rest of a board that is awake makes it worth
// to be done early. Energies are orders of magnitude, not measurements.
//
// [1] Linux for Rockchip (BSP), arch/arm64/boot/dts/rockchip/rk3588s.dtsi,
//     npu_opp_table, opp-microvolt of the slowest bin.
// [2] Linux, device trees of RK3588 boards with RK806: vdd_npu_s0,
//     regulator-ramp-delay and regulator-enable-ramp-delay.
// [3] "RK3588 - Reverse engineering the RKNN" (jas-hacks, 2023), with RK3588's
//     technical reference manual: 1024 x 3 INT8 multiply-accumulates a cycle;
//     YOLOv5s of 640 x 640 pixels on each core at once: 18.84 ms.
power.target @rk3588
    // [1]
    levels_v [0.70, 0.75, 0.80, 0.85]
    max_rails 1
    // assumed: 2 W of processor cores, DRAM in self-refresh and the board, as
    // long as Linux is not suspended.
    awake_power_w 2.0
    // assumed: 100 us for the driver to submit a layer and to be interrupted.
    dispatch_time_s 1.0e-04
    cost_model #power.roofline<
      domain = "npu", memory_domain = "dram",
      // [3] peak 3072. assumed: 1310 reached, as 8.25 GMAC of YOLOv5s three times
      // in 18.84 ms.
      macs_per_cycle = 1310.0,
      // assumed: 1 pJ, 2 TOPS/W; no measurement is public.
      mac_energy_j = 1.0e-12,
      // assumed: half of the 16 bytes a cycle that a bus of 64 bits carries.
      bytes_per_cycle = 8.0,
      // assumed: 40 pJ, 5 pJ a bit, as ordinary for LPDDR4X.
      byte_energy_j = 4.0e-11,
      // [3] a unit for elementwise work and one for pooling in each core. assumed:
      // 16 operations a cycle in each of three cores, at the energy of a
      // multiply-accumulate; reading and writing of DRAM takes longer.
      operations_per_cycle = 48.0, operation_energy_j = 1.0e-12> {
  // [2] 12.5 mV/us. assumed: 20 us to settle and 100 uF, which no device tree has.
  power.supply @vdd_npu_s0 regulated slew_v_per_s 1.25e+04 settle_time_s 2.0e-05
    output_f 1.0e-04
  // DRAM stays at its voltage, whatever the NPU's is.
  power.supply @vdd_ddr regulated slew_v_per_s 1.25e+04 settle_time_s 2.0e-05

  // [1] 700 MHz at 0.70 V (and 300 to 600, for nothing less), 800 MHz at 0.75 V,
  // 900 MHz at 0.80 V, 1 GHz at 0.85 V. Linux sets nothing in between.
  power.clock @scmi_npu frequencies_hz [3.0e+08, 4.0e+08, 5.0e+08, 6.0e+08,
                                        7.0e+08, 8.0e+08, 9.0e+08, 1.0e+09]
  power.domain @npu on @vdd_npu_s0 clock @scmi_npu nominal_v 0.85
    frequency_hz 1.0e+09
    law #power.frequency_table<voltage_v = [0.70, 0.75, 0.80, 0.85],
                               frequency_hz = [7.0e+08, 8.0e+08, 9.0e+08,
                                               1.0e+09]>
    // assumed: 100 mW, and e times as much current every 0.25 V.
    leakage_w 0.1
    leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.25>
  // assumed: LPDDR4X at 2112 MHz. Its voltage stands for its own rails, which
  // do not change.
  power.domain @dram on @vdd_ddr nominal_v 0.85 minimum_v 0.85
    frequency_hz 2.112e+09
    law #power.frequency_table<voltage_v = [0.84, 0.85],
                               frequency_hz = [2.112e+09, 2.112e+09]>
    // assumed: 50 mW of the DRAM's interface.
    leakage_w 0.05

  // [2] the supply is off in suspend, and takes 0.4 ms to come back. assumed: 20 mW
  // suspended to memory; 50 ms to suspend and 100 ms to resume, at 2 W.
  power.sleep_state @suspend_to_memory power_w 2.0e-02
    entry_energy_j 0.0 entry_time_s 5.0e-02
    exit_energy_j 0.0 exit_time_s 1.0e-01
  // assumed: the NPU off, and the rest of the board awake: asleep, the board's power
  // is not added, so that it is here.
  power.sleep_state @npu_off power_w 2.0
    entry_energy_j 0.0 entry_time_s 1.0e-05
    exit_energy_j 1.0e-04 exit_time_s 4.0e-04
}
