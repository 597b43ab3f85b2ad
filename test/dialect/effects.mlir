// A schedule is not dead code: nothing of it is removed, merged or moved, and what
// only attributes name stays.
// RUN: pf-opt %s --canonicalize --cse --loop-invariant-code-motion --symbol-dce | FileCheck %s

// CHECK: power.target @t
// CHECK-NEXT: power.domain @core
// CHECK-NEXT: power.memory @m
// CHECK-NEXT: power.sleep_state @off
// CHECK-NOT: @dead
// CHECK: func.func @net
// CHECK-NEXT: power.set_state
// CHECK-NEXT: power.gate_banks
// CHECK-NEXT: power.layer "a"
// CHECK-NEXT: power.layer "a"
// CHECK-NEXT: power.layer "unused"
// CHECK-NOT: arith
// CHECK: power.set_state
// CHECK-NEXT: power.sleep
// CHECK-NEXT: return
// CHECK: power.schedule of @net
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9 {sym_visibility = "private"}
  power.memory @m in @core bank_bytes 64 bank_leakage_w 0.0 {sym_visibility = "private"}
  power.sleep_state @off power_w 0.0 {sym_visibility = "private"}
}
func.func private @dead() { return }
func.func @net(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) {
  power.set_state [@t::@core] to [0.9]
  power.gate_banks [@t::@m] powered [1.0]
  power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  %0 = power.layer "unused" workload #power.matmul<m = 1, k = 4, n = 4> {
    %1 = linalg.matmul ins(%x, %w : tensor<1x4xf32>, tensor<4x4xf32>) outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %1 : tensor<1x4xf32>
  } : tensor<1x4xf32>
  %dead = arith.constant 1 : i32
  power.set_state [@t::@core] to [0.9]
  power.sleep @t::@off time_s 1.0
  return
}
power.schedule of @net on @t search "exact" period_s 2.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@off energy_split_j [1.0, 0.0, 0.0, 0.0]
