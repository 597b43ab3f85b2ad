// A layer that computes for long on little data.
func.func @compute_bound() {
  power.layer "conv" workload #power.conv2d<input = [64, 32, 32], output_channels = 64, kernel = [5, 5], padding = [2, 2, 2, 2]>
  return
}
