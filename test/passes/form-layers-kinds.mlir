// Every kind of product, in the formats of its operands.
// RUN: pf-opt %s -split-input-file --power-form-layers | FileCheck %s

// Three dimensions: each of 5 planes of the output is an image of 3 planes of 2
// channels each.

// CHECK-LABEL: func.func @volume
func.func @volume(%a: tensor<1x2x7x12x10xf32>, %o: tensor<1x4x5x10x8xf32>) -> tensor<1x4x5x10x8xf32> {
  %w = arith.constant dense<1.0> : tensor<4x2x3x3x3xf32>
  // CHECK: power.layer "conv3d_0" workload #power.conv2d<input = [6, 12, 10], output_channels = 4, kernel = [3, 3], batch = 5>
  %0 = linalg.conv_3d_ncdhw_fcdhw ins(%a, %w : tensor<1x2x7x12x10xf32>, tensor<4x2x3x3x3xf32>) outs(%o : tensor<1x4x5x10x8xf32>) -> tensor<1x4x5x10x8xf32>
  return %0 : tensor<1x4x5x10x8xf32>
}

// -----

// Integers with zero points.

// CHECK-LABEL: func.func @quantized
func.func @quantized(%a: tensor<5x8xi8>, %i: tensor<1x3x10x10xi8>, %o: tensor<5x6xi32>, %p: tensor<1x4x8x8xi32>) -> (tensor<5x6xi32>, tensor<1x4x8x8xi32>) {
  %w = arith.constant dense<1> : tensor<8x6xi8>
  %k = arith.constant dense<1> : tensor<4x3x3x3xi8>
  %za = arith.constant 3 : i32
  %zb = arith.constant 0 : i32
  // CHECK: power.layer "matmul_0" workload #power.matmul<m = 5, k = 8, n = 6, activation_bits = 8, weight_bits = 8, output_bits = 32>
  %0 = linalg.quantized_matmul ins(%a, %w, %za, %zb : tensor<5x8xi8>, tensor<8x6xi8>, i32, i32) outs(%o : tensor<5x6xi32>) -> tensor<5x6xi32>
  // CHECK: power.layer "conv2d_0" workload #power.conv2d<input = [3, 10, 10], output_channels = 4, kernel = [3, 3], activation_bits = 8, weight_bits = 8, output_bits = 32>
  %1 = linalg.conv_2d_nchw_fchw_q ins(%i, %k, %za, %zb : tensor<1x3x10x10xi8>, tensor<4x3x3x3xi8>, i32, i32) outs(%p : tensor<1x4x8x8xi32>) -> tensor<1x4x8x8xi32>
  return %0, %1 : tensor<5x6xi32>, tensor<1x4x8x8xi32>
}

// -----

// Half precision.

// CHECK-LABEL: func.func @half
func.func @half(%a: tensor<5x8xbf16>, %o: tensor<5x6xbf16>) -> tensor<5x6xbf16> {
  %w = arith.constant dense<1.0> : tensor<8x6xbf16>
  // CHECK: workload #power.matmul<m = 5, k = 8, n = 6, activation_bits = 16, weight_bits = 16, output_bits = 16>
  %0 = linalg.matmul ins(%a, %w : tensor<5x8xbf16>, tensor<8x6xbf16>) outs(%o : tensor<5x6xbf16>) -> tensor<5x6xbf16>
  return %0 : tensor<5x6xbf16>
}

// -----

// Integers that are made numbers right before: hardware multiplies the integers,
// and scales the sum. Four bits of weights.

#map = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @dequantized
func.func @dequantized(%a: tensor<5x8xi8>, %o: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = arith.constant dense<1> : tensor<8x6xi4>
  %scale = arith.constant 0.5 : f32
  %zero = arith.constant 3 : i32
  %ea = tensor.empty() : tensor<5x8xf32>
  %ew = tensor.empty() : tensor<8x6xf32>
  %fa = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<5x8xi8>) outs(%ea : tensor<5x8xf32>) {
  ^bb0(%x: i8, %out: f32):
    %0 = arith.extsi %x : i8 to i32
    %1 = arith.subi %0, %zero : i32
    %2 = arith.sitofp %1 : i32 to f32
    %3 = arith.mulf %2, %scale : f32
    linalg.yield %3 : f32
  } -> tensor<5x8xf32>
  %fw = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<8x6xi4>) outs(%ew : tensor<8x6xf32>) {
  ^bb0(%x: i4, %out: f32):
    %0 = arith.sitofp %x : i4 to f32
    %1 = arith.mulf %0, %scale : f32
    linalg.yield %1 : f32
  } -> tensor<8x6xf32>
  // CHECK: power.layer "matmul_0" workload #power.matmul<m = 5, k = 8, n = 6, activation_bits = 8, weight_bits = 4, output_bits = 32> {
  %0 = linalg.matmul ins(%fa, %fw : tensor<5x8xf32>, tensor<8x6xf32>) outs(%o : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %0 : tensor<5x6xf32>
}

// -----

// A transposed convolution multiplies each of 2 x 5 x 5 samples by all weights, and
// none of the zeros between them.

// CHECK-LABEL: func.func @transposed
func.func @transposed(%a: tensor<2x3x5x5xf32>, %o: tensor<2x4x11x11xf32>) -> tensor<2x4x11x11xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %empty = tensor.empty() : tensor<2x3x13x13xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x3x13x13xf32>) -> tensor<2x3x13x13xf32>
  %spread = tensor.insert_slice %a into %zeros[0, 0, 2, 2] [2, 3, 5, 5] [1, 1, 2, 2] : tensor<2x3x5x5xf32> into tensor<2x3x13x13xf32>
  // CHECK: power.layer "transposed_conv_0" workload #power.matmul<m = 50, k = 3, n = 36> {
  %0 = linalg.conv_2d_nchw_fchw ins(%spread, %w : tensor<2x3x13x13xf32>, tensor<4x3x3x3xf32>) outs(%o : tensor<2x4x11x11xf32>) -> tensor<2x4x11x11xf32>
  return %0 : tensor<2x4x11x11xf32>
}

// -----

// Both operands are data.

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<4x16x8xf16>, %k: tensor<4x8x16xf16>, %o: tensor<4x16x16xf16>) -> tensor<4x16x16xf16> {
  // CHECK: workload #power.matmul<m = 16, k = 8, n = 16, batch = 4, data_operands = 2, activation_bits = 16, weight_bits = 16, output_bits = 16>
  %0 = linalg.batch_matmul ins(%q, %k : tensor<4x16x8xf16>, tensor<4x8x16xf16>) outs(%o : tensor<4x16x16xf16>) -> tensor<4x16x16xf16>
  return %0 : tensor<4x16x16xf16>
}
