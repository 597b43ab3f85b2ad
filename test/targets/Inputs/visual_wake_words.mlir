// Visual wake words of MLPerf Tiny: MobileNetV1, a quarter as wide, of 96 x 96 pixels.
func.func @visual_wake_words() {
  power.layer "stem" workload #power.conv2d<input = [3, 96, 96], output_channels = 8, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1]>
  power.layer "0.dw" workload #power.conv2d<input = [8, 48, 48], output_channels = 8, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 8>
  power.layer "0.pw" workload #power.conv2d<input = [8, 48, 48], output_channels = 16, kernel = [1, 1]>
  power.layer "1.dw" workload #power.conv2d<input = [16, 48, 48], output_channels = 16, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], groups = 16>
  power.layer "1.pw" workload #power.conv2d<input = [16, 24, 24], output_channels = 32, kernel = [1, 1]>
  power.layer "2.dw" workload #power.conv2d<input = [32, 24, 24], output_channels = 32, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 32>
  power.layer "2.pw" workload #power.conv2d<input = [32, 24, 24], output_channels = 32, kernel = [1, 1]>
  power.layer "3.dw" workload #power.conv2d<input = [32, 24, 24], output_channels = 32, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], groups = 32>
  power.layer "3.pw" workload #power.conv2d<input = [32, 12, 12], output_channels = 64, kernel = [1, 1]>
  power.layer "4.dw" workload #power.conv2d<input = [64, 12, 12], output_channels = 64, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 64>
  power.layer "4.pw" workload #power.conv2d<input = [64, 12, 12], output_channels = 64, kernel = [1, 1]>
  power.layer "5.dw" workload #power.conv2d<input = [64, 12, 12], output_channels = 64, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], groups = 64>
  power.layer "5.pw" workload #power.conv2d<input = [64, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "6.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 128>
  power.layer "6.pw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "7.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 128>
  power.layer "7.pw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "8.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 128>
  power.layer "8.pw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "9.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 128>
  power.layer "9.pw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "10.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 128>
  power.layer "10.pw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [1, 1]>
  power.layer "11.dw" workload #power.conv2d<input = [128, 6, 6], output_channels = 128, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], groups = 128>
  power.layer "11.pw" workload #power.conv2d<input = [128, 3, 3], output_channels = 256, kernel = [1, 1]>
  power.layer "12.dw" workload #power.conv2d<input = [256, 3, 3], output_channels = 256, kernel = [3, 3], padding = [1, 1, 1, 1], groups = 256>
  power.layer "12.pw" workload #power.conv2d<input = [256, 3, 3], output_channels = 256, kernel = [1, 1]>
  power.layer "fc" workload #power.matmul<m = 1, k = 256, n = 2>
  return
}
