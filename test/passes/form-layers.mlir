// RUN: pf-opt %s -split-input-file --power-form-layers | FileCheck %s
// RUN: pf-opt %s -split-input-file --power-form-layers="skip-vector-layers=true" | FileCheck %s --check-prefix=SKIP

// A pad becomes padding; bias, normalisation and activation belong to their
// layer; weights that two layers use stay in front.

#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK-LABEL: func.func @fold
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<1x4x8x8xf32>
func.func @fold(%x: tensor<1x4x8x8xf32>) -> tensor<1x6x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %weights = arith.constant dense<1.0> : tensor<6x4x3x3xf32>
  %pointwise = arith.constant dense<1.0> : tensor<6x6x1x1xf32>
  %bias = arith.constant dense<1.0> : tensor<6xf32>
  // CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<1x6x4x4xf32>
  // CHECK: %[[BIAS:.*]] = linalg.broadcast {{.*}} outs(%[[EMPTY]]
  // CHECK: %[[FIRST:.*]] = power.layer "conv2d_0" workload #power.conv2d<input = [4, 8, 8], output_channels = 6, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 0, 2]> {
  // CHECK-NEXT: %[[PADDED:.*]] = tensor.pad %[[X]]
  %padded = tensor.pad %x low[0, 0, 1, 0] high[0, 0, 1, 2] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : f32
  } : tensor<1x4x8x8xf32> to tensor<1x4x10x10xf32>
  %empty = tensor.empty() : tensor<1x6x4x4xf32>
  %start = linalg.broadcast ins(%bias : tensor<6xf32>) outs(%empty : tensor<1x6x4x4xf32>) dimensions = [0, 2, 3]
  // CHECK: %[[CONV:.*]] = linalg.conv_2d_nchw_fchw{{.*}} ins(%[[PADDED]]
  // CHECK: linalg.generic {{.*}} ins(%[[CONV]]
  // CHECK: arith.mulf
  // CHECK: %[[RELU:.*]] = linalg.generic
  // CHECK: arith.maximumf
  // CHECK: power.yield %[[RELU]] : tensor<1x6x4x4xf32>
  // CHECK-NEXT: } : tensor<1x6x4x4xf32>
  %conv = linalg.conv_2d_nchw_fchw {strides = dense<2> : vector<2xi64>} ins(%padded, %weights : tensor<1x4x10x10xf32>, tensor<6x4x3x3xf32>) outs(%start : tensor<1x6x4x4xf32>) -> tensor<1x6x4x4xf32>
  %scaled = linalg.generic {indexing_maps = [#map, #channel, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%conv, %bias : tensor<1x6x4x4xf32>, tensor<6xf32>) outs(%empty : tensor<1x6x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %0 = arith.mulf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<1x6x4x4xf32>
  %relu = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%scaled : tensor<1x6x4x4xf32>) outs(%empty : tensor<1x6x4x4xf32>) {
  ^bb0(%a: f32, %out: f32):
    %0 = arith.maximumf %a, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<1x6x4x4xf32>
  // A residual addition is no layer's own.
  // CHECK: %[[SECOND:.*]] = power.layer "head.project" workload #power.conv2d<input = [6, 4, 4], output_channels = 6, kernel = [1, 1]> uncosted {"linalg.generic elementwise arith.addf" = 1 : i64} {
  // CHECK: linalg.conv_2d_nchw_fchw{{.*}} ins(%[[FIRST]]
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[FIRST]]
  // CHECK: return %[[SECOND]]
  %again = linalg.conv_2d_nchw_fchw ins(%relu, %pointwise : tensor<1x6x4x4xf32>, tensor<6x6x1x1xf32>) outs(%start : tensor<1x6x4x4xf32>) -> tensor<1x6x4x4xf32> loc("head.project"("model.py":7:0))
  %sum = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%again, %relu : tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>) outs(%empty : tensor<1x6x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %0 = arith.addf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<1x6x4x4xf32>
  return %sum : tensor<1x6x4x4xf32>
}

// -----

// Kinds of convolutions, named.

// CHECK-LABEL: func.func @convolutions
func.func @convolutions(%a: tensor<2x8x10x10xf32>, %b: tensor<2x10x10x8xf32>, %c: tensor<1x8x20xf32>, %g: tensor<1x2x4x10x10xf32>,
                        %o0: tensor<2x8x8x8xf32>, %o1: tensor<2x8x8x8xf32>, %o2: tensor<2x8x8x6xf32>, %o3: tensor<1x6x9xf32>, %o4: tensor<1x2x3x8x8xf32>)
    -> (tensor<2x8x8x8xf32>, tensor<2x8x8x8xf32>, tensor<2x8x8x6xf32>, tensor<1x6x9xf32>, tensor<1x2x3x8x8xf32>) {
  %w0 = arith.constant dense<1.0> : tensor<8x3x3xf32>
  %w1 = arith.constant dense<1.0> : tensor<3x3x8xf32>
  %w2 = arith.constant dense<1.0> : tensor<3x3x8x6xf32>
  %w3 = arith.constant dense<1.0> : tensor<6x8x3xf32>
  %w4 = arith.constant dense<1.0> : tensor<2x3x4x3x3xf32>
  // CHECK: power.layer "depthwise_conv2d_0" workload #power.conv2d<input = [8, 10, 10], output_channels = 8, kernel = [3, 3], groups = 8, batch = 2>
  %0 = linalg.depthwise_conv_2d_nchw_chw ins(%a, %w0 : tensor<2x8x10x10xf32>, tensor<8x3x3xf32>) outs(%o0 : tensor<2x8x8x8xf32>) -> tensor<2x8x8x8xf32>
  // CHECK: power.layer "depthwise_conv2d_1" workload #power.conv2d<input = [8, 10, 10], output_channels = 8, kernel = [3, 3], groups = 8, batch = 2>
  %1 = linalg.depthwise_conv_2d_nhwc_hwc ins(%b, %w1 : tensor<2x10x10x8xf32>, tensor<3x3x8xf32>) outs(%o1 : tensor<2x8x8x8xf32>) -> tensor<2x8x8x8xf32>
  // CHECK: power.layer "conv2d_0" workload #power.conv2d<input = [8, 10, 10], output_channels = 6, kernel = [3, 3], batch = 2>
  %2 = linalg.conv_2d_nhwc_hwcf ins(%b, %w2 : tensor<2x10x10x8xf32>, tensor<3x3x8x6xf32>) outs(%o2 : tensor<2x8x8x6xf32>) -> tensor<2x8x8x6xf32>
  // One dimension: height 1.
  // CHECK: power.layer "conv2d_1" workload #power.conv2d<input = [8, 1, 20], output_channels = 6, kernel = [1, 3], strides = [1, 2]>
  %3 = linalg.conv_1d_ncw_fcw {strides = dense<2> : vector<1xi64>} ins(%c, %w3 : tensor<1x8x20xf32>, tensor<6x8x3xf32>) outs(%o3 : tensor<1x6x9xf32>) -> tensor<1x6x9xf32>
  // CHECK: power.layer "conv2d_2" workload #power.conv2d<input = [8, 10, 10], output_channels = 6, kernel = [3, 3], groups = 2>
  %4 = linalg.conv_2d_ngchw_gfchw ins(%g, %w4 : tensor<1x2x4x10x10xf32>, tensor<2x3x4x3x3xf32>) outs(%o4 : tensor<1x2x3x8x8xf32>) -> tensor<1x2x3x8x8xf32>
  return %0, %1, %2, %3, %4 : tensor<2x8x8x8xf32>, tensor<2x8x8x8xf32>, tensor<2x8x8x6xf32>, tensor<1x6x9xf32>, tensor<1x2x3x8x8xf32>
}

// -----

// A dilated convolution in generic form, in eight bits.

#input = affine_map<(n, f, y, x, c, ky, kx) -> (n, c, y + ky * 2, x + kx)>
#filter = affine_map<(n, f, y, x, c, ky, kx) -> (f, c, ky, kx)>
#output = affine_map<(n, f, y, x, c, ky, kx) -> (n, f, y, x)>
// CHECK-LABEL: func.func @generic_convolution
func.func @generic_convolution(%a: tensor<1x4x12x10xi8>, %o: tensor<1x6x8x8xi32>) -> tensor<1x6x8x8xi32> {
  %w = arith.constant dense<1> : tensor<6x4x3x3xi8>
  // CHECK: power.layer "conv2d_0" workload #power.conv2d<input = [4, 12, 10], output_channels = 6, kernel = [3, 3], dilations = [2, 1], activation_bits = 8, weight_bits = 8, output_bits = 32>
  %0 = linalg.generic {indexing_maps = [#input, #filter, #output], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%a, %w : tensor<1x4x12x10xi8>, tensor<6x4x3x3xi8>) outs(%o : tensor<1x6x8x8xi32>) {
  ^bb0(%x: i8, %k: i8, %sum: i32):
    %1 = arith.extsi %x : i8 to i32
    %2 = arith.extsi %k : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %sum, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<1x6x8x8xi32>
  return %0 : tensor<1x6x8x8xi32>
}

// -----

// Matrix products. Weights that repeat along the batch make one product of all
// rows; weights on the left are the held matrix all the same.

#weight = affine_map<(b, k, n) -> (k, n)>
#batched = affine_map<(b, k, n) -> (b, k, n)>
#lhs = affine_map<(m, n, k) -> (m, k)>
#rhs_transposed = affine_map<(m, n, k) -> (n, k)>
#out = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @products
func.func @products(%a: tensor<4x16x8xf32>, %b: tensor<4x8x16xf32>, %o0: tensor<4x16x6xf32>, %o1: tensor<4x16x16xf32>,
                    %v: tensor<8xf32>, %o2: tensor<6xf32>, %m: tensor<5x8xf32>, %o3: tensor<5x6xf32>, %o4: tensor<7x16xf32>, %p: tensor<8x16xf32>)
    -> (tensor<4x16x6xf32>, tensor<4x16x16xf32>, tensor<6xf32>, tensor<5x6xf32>, tensor<7x16xf32>) {
  %w = arith.constant dense<1.0> : tensor<8x6xf32>
  %wt = arith.constant dense<1.0> : tensor<6x8xf32>
  %left = arith.constant dense<1.0> : tensor<7x8xf32>
  %empty = tensor.empty() : tensor<4x8x6xf32>
  // CHECK: power.layer "matmul_0" workload #power.matmul<m = 64, k = 8, n = 6>
  // CHECK: linalg.batch_matmul
  // SKIP: power.layer "matmul_0" workload #power.matmul<m = 64, k = 8, n = 6>
  %repeated = linalg.generic {indexing_maps = [#weight, #batched], iterator_types = ["parallel", "parallel", "parallel"]} ins(%w : tensor<8x6xf32>) outs(%empty : tensor<4x8x6xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4x8x6xf32>
  %0 = linalg.batch_matmul ins(%a, %repeated : tensor<4x16x8xf32>, tensor<4x8x6xf32>) outs(%o0 : tensor<4x16x6xf32>) -> tensor<4x16x6xf32>
  // CHECK: power.layer "batch_matmul_0" workload #power.matmul<m = 16, k = 8, n = 16, batch = 4, data_operands = 2>
  // SKIP: power.layer "batch_matmul_0" {{.*}} uncosted {linalg.vecmat = 1 : i64}
  %1 = linalg.batch_matmul ins(%a, %b : tensor<4x16x8xf32>, tensor<4x8x16xf32>) outs(%o1 : tensor<4x16x16xf32>) -> tensor<4x16x16xf32>
  // CHECK: power.layer "matmul_1" workload #power.matmul<m = 1, k = 8, n = 6>
  // SKIP-NOT: m = 1,
  %2 = linalg.vecmat ins(%v, %w : tensor<8xf32>, tensor<8x6xf32>) outs(%o2 : tensor<6xf32>) -> tensor<6xf32>
  // CHECK: power.layer "matmul_2" workload #power.matmul<m = 5, k = 8, n = 6>
  %3 = linalg.generic {indexing_maps = [#lhs, #rhs_transposed, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%m, %wt : tensor<5x8xf32>, tensor<6x8xf32>) outs(%o3 : tensor<5x6xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %5 = arith.mulf %x, %y : f32
    %6 = arith.addf %5, %sum : f32
    linalg.yield %6 : f32
  } -> tensor<5x6xf32>
  // CHECK: power.layer "matmul_3" workload #power.matmul<m = 16, k = 8, n = 7>
  %4 = linalg.matmul ins(%left, %p : tensor<7x8xf32>, tensor<8x16xf32>) outs(%o4 : tensor<7x16xf32>) -> tensor<7x16xf32>
  return %0, %1, %2, %3, %4 : tensor<4x16x6xf32>, tensor<4x16x16xf32>, tensor<6xf32>, tensor<5x6xf32>, tensor<7x16xf32>
}

// -----

// What comes before the first layer joins it; pooling joins the layer before
// it; both are counted. The second layer of a name gets a number.

// CHECK-LABEL: func.func @uncosted
func.func @uncosted(%x: tensor<4x4xf32>, %image: tensor<1x1x4x4xf32>, %window: tensor<2x2xf32>) -> tensor<1x1x3x3xf32> {
  %w = arith.constant dense<1.0> : tensor<4x4xf32>
  %empty = tensor.empty() : tensor<4x4xf32>
  %pooled = tensor.empty() : tensor<1x1x3x3xf32>
  // CHECK: %{{.*}} = power.layer "attn" workload {{.*}} uncosted {linalg.exp = 2 : i64, linalg.transpose = 1 : i64} {
  // CHECK: power.layer "attn[1]" workload {{.*}} uncosted {linalg.pooling_nchw_sum = 1 : i64} {
  // CHECK: tensor.expand_shape
  // CHECK: linalg.pooling_nchw_sum
  // CHECK: } : tensor<1x1x3x3xf32>
  %e = linalg.exp ins(%x : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %0 = linalg.matmul ins(%e, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32> loc("attn")
  %t = linalg.transpose ins(%0 : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) permutation = [1, 0] loc(fused["softmax", "model.py":1:1])
  %exp = linalg.exp ins(%t : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.matmul ins(%exp, %0 : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32> loc("attn")
  %view = tensor.expand_shape %1 [[0, 1, 2], [3]] output_shape [1, 1, 4, 4] : tensor<4x4xf32> into tensor<1x1x4x4xf32>
  %2 = linalg.pooling_nchw_sum ins(%view, %window : tensor<1x1x4x4xf32>, tensor<2x2xf32>) outs(%pooled : tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf32>
  return %2 : tensor<1x1x3x3xf32>
}

// -----

// Squeeze-excite and heads can be left out; formed layers stay as they are.

// SKIP-LABEL: func.func @vectors
func.func @vectors(%x: tensor<1x4x1x1xf32>, %y: tensor<1x4x2x2xf32>, %o: tensor<1x4x1x1xf32>, %o1: tensor<1x4x2x2xf32>) -> (tensor<1x4x1x1xf32>, tensor<1x4x2x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<4x4x1x1xf32>
  // SKIP: power.layer "conv2d_0" workload #power.conv2d<input = [4, 2, 2]
  // SKIP-SAME: uncosted {linalg.conv_2d_nchw_fchw = 1 : i64}
  %0 = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x1x1xf32>, tensor<4x4x1x1xf32>) outs(%o : tensor<1x4x1x1xf32>) -> tensor<1x4x1x1xf32>
  %1 = linalg.conv_2d_nchw_fchw ins(%y, %w : tensor<1x4x2x2xf32>, tensor<4x4x1x1xf32>) outs(%o1 : tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32>
  return %0, %1 : tensor<1x4x1x1xf32>, tensor<1x4x2x2xf32>
}

// -----

// CHECK-LABEL: func.func @formed
func.func @formed() {
  // CHECK-NEXT: power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  // CHECK-NEXT: return
  power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

// A generic that reads a tensor in its body, as a resize does, is no epilogue.

#map = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @gather
func.func @gather(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x4xf32>
  %empty = tensor.empty() : tensor<4x4xf32>
  // CHECK: power.layer "matmul_0" {{.*}} uncosted {"linalg.generic elementwise tensor.extract" = 1 : i64} {
  %0 = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel"]} outs(%empty : tensor<4x4xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %value = tensor.extract %0[%j, %i] : tensor<4x4xf32>
    linalg.yield %value : f32
  } -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}

// -----

// Functions that differ in their types alone are one operation.

func.func private @torch.aten.sort(tensor<4x4xf32>) -> tensor<4x4xf32>
func.func private @torch.aten.sort$1(tensor<2x8xf32>) -> tensor<2x8xf32>
// CHECK-LABEL: func.func @calls
func.func @calls(%x: tensor<4x4xf32>, %y: tensor<2x8xf32>) -> (tensor<4x4xf32>, tensor<2x8xf32>) {
  %empty = tensor.empty() : tensor<4x4xf32>
  // CHECK: power.layer "matmul_0" {{.*}} uncosted {"func.call @torch.aten.sort" = 2 : i64} {
  %0 = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = func.call @torch.aten.sort(%0) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = func.call @torch.aten.sort$1(%y) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1, %2 : tensor<4x4xf32>, tensor<2x8xf32>
}

// -----

// Effects keep their order, and are counted.

func.func private @log()
// CHECK-LABEL: func.func @effects
func.func @effects(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %empty = tensor.empty() : tensor<4x4xf32>
  // CHECK: power.layer "matmul_0" {{.*}} uncosted {"func.call @log" = 1 : i64} {
  // CHECK: linalg.matmul
  // CHECK-NEXT: func.call @log()
  %0 = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  func.call @log() : () -> ()
  // CHECK: power.layer "matmul_1"
  %1 = linalg.matmul ins(%0, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}
