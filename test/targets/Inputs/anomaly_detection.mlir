// Anomaly detection of MLPerf Tiny: an autoencoder of 640 features.
func.func @anomaly_detection() {
  power.layer "0" workload #power.matmul<m = 1, k = 640, n = 128>
  power.layer "1" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "2" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "3" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "4" workload #power.matmul<m = 1, k = 128, n = 8>
  power.layer "5" workload #power.matmul<m = 1, k = 8, n = 128>
  power.layer "6" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "7" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "8" workload #power.matmul<m = 1, k = 128, n = 128>
  power.layer "9" workload #power.matmul<m = 1, k = 128, n = 640>
  return
}
