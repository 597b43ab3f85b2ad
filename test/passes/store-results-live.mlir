// A place for results is no data that memories keep: the schedule stays as it was, where
// a result fills banks, and where it is made before the last layer.
// RUN: pf-opt %s --powerflow-schedule=period-s=1.0e-01 --power-store-results --power-verify-schedule | FileCheck %s

// CHECK: func.func @net(%{{.*}}: tensor<16x64xf32>, %{{.*}}: memref<16x8192xf32>, %{{.*}}: memref<16x64xf32>)
// CHECK: bufferization.materialize_in_destination
// CHECK: bufferization.materialize_in_destination
func.func @net(%x: tensor<16x64xf32>) -> (tensor<16x8192xf32>, tensor<16x64xf32>) {
  %w0 = arith.constant dense<1.0> : tensor<64x8192xf32>
  %w1 = arith.constant dense<1.0> : tensor<64x64xf32>
  %zero = arith.constant 0.0 : f32
  %empty0 = tensor.empty() : tensor<16x8192xf32>
  %init0 = linalg.fill ins(%zero : f32) outs(%empty0 : tensor<16x8192xf32>) -> tensor<16x8192xf32>
  %y = linalg.matmul ins(%x, %w0 : tensor<16x64xf32>, tensor<64x8192xf32>) outs(%init0 : tensor<16x8192xf32>) -> tensor<16x8192xf32>
  %empty1 = tensor.empty() : tensor<16x64xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<16x64xf32>) -> tensor<16x64xf32>
  %z = linalg.matmul ins(%x, %w1 : tensor<16x64xf32>, tensor<64x64xf32>) outs(%init1 : tensor<16x64xf32>) -> tensor<16x64xf32>
  return %y, %z : tensor<16x8192xf32>, tensor<16x64xf32>
}
