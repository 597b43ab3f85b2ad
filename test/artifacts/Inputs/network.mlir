// Two products with weights; of @net of [[1, 2, 3, 4], [-1, 1, -2, 2]] the result is
// [[27, -2, 13], [5.5, -6.25, -2.375]].
func.func @net(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w1 = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [0.5, 0.25, 0.125, 1.0],
                              [-1.0, 1.0, -1.0, 1.0], [2.0, 0.0, 2.0, 0.0]]> : tensor<4x4xf32>
  %w2 = arith.constant dense<[[1.0, 0.0, -1.0], [2.0, 1.0, 0.5],
                              [0.0, -2.0, 1.0], [1.0, 1.0, 1.0]]> : tensor<4x3xf32>
  %zero = arith.constant 0.0 : f32
  %empty1 = tensor.empty() : tensor<2x4xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %hidden = linalg.matmul ins(%x, %w1 : tensor<2x4xf32>, tensor<4x4xf32>) outs(%init1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %relu = linalg.max ins(%hidden, %init1 : tensor<2x4xf32>, tensor<2x4xf32>) outs(%empty1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %empty2 = tensor.empty() : tensor<2x3xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%empty2 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = linalg.matmul ins(%relu, %w2 : tensor<2x4xf32>, tensor<4x3xf32>) outs(%init2 : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
