// A product that no workload describes is listed where somebody asks for that.
// RUN: pf-opt %s --power-form-layers="allow-uncosted=true" | FileCheck %s

// CHECK: power.layer "matmul_0" workload #power.matmul<m = 4, k = 4, n = 4, data_operands = 2> uncosted {"linalg.generic reduction arith.addf" = 1 : i64} {
#sum = affine_map<(i, j, k) -> (i + j + k)>
#two = affine_map<(i, j, k) -> (j, k)>
#one = affine_map<(i, j, k) -> (i)>
func.func @unknown(%a: tensor<4x4xf32>, %x: tensor<12xf32>, %w: tensor<3x3xf32>, %o: tensor<8xf32>) -> (tensor<4x4xf32>, tensor<8xf32>) {
  %0 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.generic {indexing_maps = [#sum, #two, #one], iterator_types = ["parallel", "reduction", "reduction"]} ins(%x, %w : tensor<12xf32>, tensor<3x3xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %2 = arith.mulf %l, %r : f32
    %3 = arith.addf %2, %acc : f32
    linalg.yield %3 : f32
  } -> tensor<8xf32>
  return %0, %1 : tensor<4x4xf32>, tensor<8xf32>
}

