// Layers on the reference target that are worth several rails, asleep at the end.
func.func @frame() attributes {power.period_s = 3.3e-04} {
  power.layer "conv, first" workload #power.conv2d<input = [3, 32, 32], output_channels = 32,
                                                   kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "squeeze" workload #power.matmul<m = 256, k = 32, n = 16>
  power.layer "expand" workload #power.conv2d<input = [16, 16, 16], output_channels = 64,
                                              kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "head" workload #power.matmul<m = 64, k = 64, n = 64>
  power.layer "classes" workload #power.matmul<m = 1, k = 512, n = 10>
  return
}
