// Two layers on an accelerator of which little more is known than a data sheet says.
power.target @edge levels_v [0.8, 0.9, 1.0] max_rails 3
    cost_model #roofline.model<
      compute_domain = "mac", memory_domain = "dram",
      mac_energy_j = 2.0e-13, byte_energy_j = 5.0e-12,
      macs_per_s = 6.4e+10, bytes_per_s = 4.0e+09, leakage_w = 1.0e-05> {
  power.domain @mac nominal_v 1.0
  power.domain @dram nominal_v 1.0
  power.transition energy_j 1.0e-10 time_s 1.0e-08
  power.sleep_state @off power_w 0.0
}

func.func @net() attributes {power.target = @edge} {
  power.layer "conv" workload #power.conv2d<
    input = [16, 56, 56], output_channels = 64, kernel = [3, 3],
    padding = [1, 1, 1, 1]>
  power.layer "classifier" workload #power.matmul<m = 1, k = 4096, n = 1000>
  return
}
