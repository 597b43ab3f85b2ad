// More weights than 442,368 bytes.
func.func @too_large() {
  power.layer "fc1" workload #power.matmul<m = 1, k = 512, n = 512>
  power.layer "fc2" workload #power.matmul<m = 1, k = 512, n = 500>
  return
}
