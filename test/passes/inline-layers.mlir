// Layers give way to what they hold; the power manager's operations stay between.
// RUN: pf-opt %s --power-inline-layers | FileCheck %s --implicit-check-not=power.layer --implicit-check-not=power.yield
//
// Or everything of power goes.
// RUN: pf-opt %s --power-inline-layers=strip=true | FileCheck %s --check-prefix=STRIP --implicit-check-not=power.
//
// What is left is a network again, without the power manager's old operations.
// RUN: pf-opt %s --power-inline-layers --power-form-layers | FileCheck %s --check-prefix=AGAIN

// CHECK: power.target @t
// CHECK: power.target @pf40
// CHECK-LABEL: func.func @net(
// CHECK-SAME: %[[X:[^:]*]]: tensor<1x4xf32>, %[[W:[^:]*]]: tensor<4x4xf32>
// CHECK-SAME: attributes {power.period_s = 2.000000e+00 : f64, power.target = @t}
// CHECK-NEXT: power.set_state [@t::@core] to [9.000000e-01]
// CHECK-NEXT: power.gate_banks
// CHECK-NEXT: %[[FIRST:.*]] = linalg.matmul ins(%[[X]], %[[W]]
// CHECK-NEXT: %[[C:.*]] = arith.constant 3
// CHECK-NEXT: power.set_state [@t::@core] to [1.100000e+00]
// CHECK-NEXT: %[[SECOND:.*]] = linalg.matmul ins(%[[FIRST]], %[[W]]
// CHECK-NEXT: power.sleep @t::@off
// CHECK-NEXT: return %[[SECOND]], %[[C]], %[[X]]
// CHECK: power.schedule of @net on @t
// CHECK-LABEL: llvm.func @branches
// CHECK: llvm.cond_br
// CHECK: %[[ONE:.*]] = llvm.mlir.constant(1
// CHECK-NEXT: llvm.br ^{{.*}}(%[[ONE]]
// CHECK: module @nested
// CHECK: func.func @shapes() {
// CHECK-NEXT: return

// STRIP-LABEL: func.func @net({{.*}}) -> (tensor<1x4xf32>, i32, tensor<1x4xf32>) {
// STRIP-NEXT: linalg.matmul
// STRIP-NEXT: arith.constant
// STRIP-NEXT: linalg.matmul
// STRIP-NEXT: return
// STRIP-LABEL: llvm.func @branches
// STRIP: module @nested
// STRIP: func.func @shapes() {
// STRIP-NEXT: return

// AGAIN-LABEL: func.func @net(
// AGAIN-NOT: power.set_state
// AGAIN: power.layer "matmul_0" workload #power.matmul<m = 1, k = 4, n = 4, data_operands = 2> {
// AGAIN-NOT: power.set_state
// AGAIN: power.layer "matmul_1" workload #power.matmul<m = 1, k = 4, n = 4, data_operands = 2> {
// AGAIN-NOT: power.sleep
// AGAIN: return
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.memory @m in @core bank_bytes 64 bank_leakage_w 0.0
  power.sleep_state @off power_w 0.0
}
power.target @pf40 levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
func.func @net(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> (tensor<1x4xf32>, i32, tensor<1x4xf32>)
    attributes {power.period_s = 2.0, power.target = @t} {
  power.set_state [@t::@core] to [0.9]
  power.gate_banks [@t::@m] powered [1.0]
  %first:3 = power.layer "first" workload #power.matmul<m = 1, k = 4, n = 4, data_operands = 2> {
    %0 = linalg.matmul ins(%x, %w : tensor<1x4xf32>, tensor<4x4xf32>) outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
    %three = arith.constant 3 : i32
    power.yield %0, %three, %x : tensor<1x4xf32>, i32, tensor<1x4xf32>
  } : tensor<1x4xf32>, i32, tensor<1x4xf32>
  power.layer "bodiless" workload #power.matmul<m = 1, k = 4, n = 4>
  power.set_state [@t::@core] to [1.1]
  power.layer "empty" workload #power.matmul<m = 1, k = 4, n = 4, data_operands = 2> {
  }
  %second = power.layer "second" workload #power.matmul<m = 1, k = 4, n = 4, data_operands = 2> {
    %0 = linalg.matmul ins(%first#0, %w : tensor<1x4xf32>, tensor<4x4xf32>) outs(%first#2 : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %0 : tensor<1x4xf32>
  } : tensor<1x4xf32>
  power.sleep @t::@off time_s 1.0
  return %second, %first#1, %first#2 : tensor<1x4xf32>, i32, tensor<1x4xf32>
}
power.schedule of @net on @t search "exact" period_s 2.0 rails_v [0.9, 1.1]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@off energy_split_j [1.0, 0.0, 0.0, 0.0]

// Wherever they are.
llvm.func @branches(%c: i1) -> i32 {
  %two = llvm.mlir.constant(2 : i32) : i32
  llvm.cond_br %c, ^bb1, ^bb2(%two : i32)
^bb1:
  %0 = power.layer "l" {
    %one = llvm.mlir.constant(1 : i32) : i32
    power.yield %one : i32
  } : i32
  llvm.br ^bb2(%0 : i32)
^bb2(%1: i32):
  llvm.return %1 : i32
}
module @nested {
  func.func @shapes() {
    power.layer "bodiless"
    return
  }
}
