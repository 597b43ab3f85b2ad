// Image classification of MLPerf Tiny: ResNet of 32 x 32 pixels, eight layers deep.
func.func @image_classification() {
  power.layer "stem" workload #power.conv2d<input = [3, 32, 32], output_channels = 16, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "1.0" workload #power.conv2d<input = [16, 32, 32], output_channels = 16, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "1.1" workload #power.conv2d<input = [16, 32, 32], output_channels = 16, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "2.0" workload #power.conv2d<input = [16, 32, 32], output_channels = 32, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1]>
  power.layer "2.1" workload #power.conv2d<input = [32, 16, 16], output_channels = 32, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "2.s" workload #power.conv2d<input = [16, 32, 32], output_channels = 32, kernel = [1, 1], strides = [2, 2]>
  power.layer "3.0" workload #power.conv2d<input = [32, 16, 16], output_channels = 64, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1]>
  power.layer "3.1" workload #power.conv2d<input = [64, 8, 8], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1]>
  power.layer "3.s" workload #power.conv2d<input = [32, 16, 16], output_channels = 64, kernel = [1, 1], strides = [2, 2]>
  power.layer "fc" workload #power.matmul<m = 1, k = 64, n = 10>
  return
}
