// A network is any function whose operations run in order, whatever its dialect.
// RUN: pf-opt %s --powerflow-schedule=function=net > %t.scheduled
// RUN: FileCheck %s < %t.scheduled
// RUN: pf-opt %t.scheduled --power-verify-schedule | diff %t.scheduled -
// RUN: pf-translate --power-to-table %t.scheduled | FileCheck %s --check-prefix=TABLE
//
// Of several, one is to be named.
// RUN: not pf-opt %s --power-assign-target 2>&1 | FileCheck %s --check-prefix=CHOICE

// CHECK: ml_program.func @net({{.*}}) -> tensor<16x32xf32> attributes {{.*}}power.period_s = 1.000000e-03 : f64, power.target = @pf40_keep}
// CHECK: power.set_state [@pf40_keep::@sys, @pf40_keep::@weight, @pf40_keep::@feeder]
// CHECK-NEXT: power.gate_banks
// CHECK-NEXT: %[[LAYER:.*]] = power.layer "matmul_0" workload #power.matmul<m = 16, k = 64, n = 32> state
// CHECK: power.sleep @pf40_keep::@off
// CHECK-NEXT: ml_program.return %[[LAYER]]
// CHECK: power.schedule of @net on @pf40_keep search "exact" period_s 1.000000e-03
// CHECK: llvm.func @layers() attributes {power.period_s = 1.000000e+00 : f64} {
// CHECK: func.func private @declared() attributes {power.period_s

// TABLE: Schedule of @net on @pf40_keep

// CHOICE: error: expects one function to schedule, but there are 2
// CHOICE: note: candidate @net
// CHOICE: note: candidate @layers
ml_program.func @net(%x: tensor<16x64xf32>) -> tensor<16x32xf32> attributes {power.period_s = 1.0e-3} {
  %w = arith.constant dense<1.0> : tensor<64x32xf32>
  %zero = arith.constant dense<0.0> : tensor<16x32xf32>
  %y = linalg.matmul ins(%x, %w : tensor<16x64xf32>, tensor<64x32xf32>) outs(%zero : tensor<16x32xf32>) -> tensor<16x32xf32>
  ml_program.return %y : tensor<16x32xf32>
}
llvm.func @layers() attributes {power.period_s = 1.0} {
  power.layer "a" workload #power.matmul<m = 1, k = 4, n = 2>
  llvm.return
}
func.func private @declared() attributes {power.period_s = 1.0}
