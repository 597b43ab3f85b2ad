// A network known by its shapes alone. Schedule it with
//   pf-opt --powerflow-schedule="fps=5000" examples/shapes.mlir
// (`| pf-translate --power-to-table` prints it for people), or with examples/shapes.py.
func.func @keyword_spotting() {
  power.layer "conv" workload #power.conv2d<
    input = [1, 49, 10], output_channels = 64, kernel = [10, 4], strides = [2, 2],
    padding = [4, 5, 1, 1]>
  power.layer "depthwise" workload #power.conv2d<
    input = [64, 25, 5], output_channels = 64, kernel = [3, 3],
    padding = [1, 1, 1, 1], groups = 64>
  power.layer "pointwise" workload #power.conv2d<
    input = [64, 25, 5], output_channels = 64, kernel = [1, 1]>
  power.layer "classifier" workload #power.matmul<m = 1, k = 64, n = 12>
  return
}
