// Results become parameters, which are written before the period ends.
// RUN: pf-opt %s --powerflow-schedule=period-s=1.0e-03 --power-store-results | FileCheck %s

// CHECK: func.func @net(%[[X:.*]]: tensor<2x2xf32>, %[[Y:.*]]: memref<2x2xf32>)
// CHECK-NOT: ->
// CHECK-SAME: {
// CHECK: %[[R:.*]] = power.layer
// CHECK: bufferization.materialize_in_destination %[[R]] in restrict writable %[[Y]]
// CHECK-NEXT: power.sleep
// CHECK-NEXT: return{{$}}
func.func @net(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
