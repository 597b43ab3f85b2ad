// Keyword spotting of MLPerf Tiny: DS-CNN of 49 x 10 features.
func.func @keyword_spotting() {
  power.layer "stem" workload #power.conv2d<input = [1, 49, 10], output_channels = 64, kernel = [10, 4], strides = [2, 2], padding = [5, 5, 1, 1]>
  power.layer "0.dw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 64>
  power.layer "0.pw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [1, 1]>
  power.layer "1.dw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 64>
  power.layer "1.pw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [1, 1]>
  power.layer "2.dw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 64>
  power.layer "2.pw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [1, 1]>
  power.layer "3.dw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 64>
  power.layer "3.pw" workload #power.conv2d<input = [64, 25, 5], output_channels = 64, kernel = [1, 1]>
  power.layer "fc" workload #power.matmul<m = 1, k = 64, n = 12>
  return
}
