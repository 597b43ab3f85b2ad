// What becomes of each operation: each is in the account once.
// RUN: pf-opt %s --power-form-layers | FileCheck %s
// RUN: pf-opt %s --power-form-layers="list-vector-work=true" | FileCheck %s --check-prefix=LIST
// RUN: pf-opt %s --power-form-layers --power-inline-layers="strip=true" | FileCheck %s --check-prefix=STRIPPED

// STRIPPED-NOT: power.account

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0e+03]>
power.target @vector levels_v [1.0] max_rails 1 cost_model #power.roofline<
    domain = "core", macs_per_cycle = 64.0, mac_energy_j = 1.0,
    bytes_per_cycle = 256.0, byte_energy_j = 0.25,
    operations_per_cycle = 2.0, operation_energy_j = 0.5> {
  power.domain @core nominal_v 1.0 frequency_hz 1.0e+03 law #law leakage_w 0.0
}

// A product of weights alone, 8 x 8 x 8, is computed ahead, as is their sum.
// CHECK-LABEL: func.func @net
// CHECK-SAME: power.account = {
// CHECK-SAME: ahead = {"linalg.generic elementwise arith.addf" = {bytes = 768 : i64, count = 1 : i64, operations = 64 : i64}, linalg.matmul = {bytes = 768 : i64, count = 1 : i64, multiply_accumulates = 512 : i64}}
// The addition of weights to the product, and the narrowing to integers.
// CHECK-SAME: in_passing = {"linalg.generic elementwise arith.addf" = {bytes = 384 : i64, count = 1 : i64, operations = 32 : i64}, "linalg.generic elementwise arith.fptosi" = {bytes = 160 : i64, count = 1 : i64, operations = 32 : i64}}
// CHECK-SAME: layer = {linalg.matmul = {bytes = 512 : i64, count = 1 : i64, multiply_accumulates = 256 : i64}}
// The addition of the input.
// CHECK-SAME: vector = {"linalg.generic elementwise arith.addf" = {bytes = 384 : i64, count = 1 : i64, operations = 32 : i64}}
// CHECK-SAME: view = {linalg.fill = {count = 2 : i64}, tensor.empty = {count = 3 : i64}, tensor.expand_shape = {count = 1 : i64}}
// LIST: listed = {"linalg.generic elementwise arith.addf" = {bytes = 384 : i64, count = 1 : i64, operations = 32 : i64}}
// LIST-NOT: vector = {
// What leaves the layer is of eight bits.
// CHECK: power.layer "matmul_0" workload #power.matmul<m = 4, k = 8, n = 8, output_bits = 8>
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @net(%x: tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4x2x4xf32>) {
  %w = arith.constant dense<1.0> : tensor<8x8xf32>
  %b = arith.constant dense<1.0> : tensor<4x8xf32>
  %zero = arith.constant 0.0 : f32
  %ew = tensor.empty() : tensor<8x8xf32>
  %zw = linalg.fill ins(%zero : f32) outs(%ew : tensor<8x8xf32>) -> tensor<8x8xf32>
  %square = linalg.matmul ins(%w, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%zw : tensor<8x8xf32>) -> tensor<8x8xf32>
  %weights = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%square, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%ew : tensor<8x8xf32>) {
  ^bb0(%a: f32, %c: f32, %out: f32):
    %0 = arith.addf %a, %c : f32
    linalg.yield %0 : f32
  } -> tensor<8x8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %o = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = linalg.matmul ins(%x, %weights : tensor<4x8xf32>, tensor<8x8xf32>) outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
  %biased = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%y, %b : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %c: f32, %out: f32):
    %0 = arith.addf %a, %c : f32
    linalg.yield %0 : f32
  } -> tensor<4x8xf32>
  %e8 = tensor.empty() : tensor<4x8xi8>
  %narrow = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%biased : tensor<4x8xf32>) outs(%e8 : tensor<4x8xi8>) {
  ^bb0(%a: f32, %out: i8):
    %0 = arith.fptosi %a : f32 to i8
    linalg.yield %0 : i8
  } -> tensor<4x8xi8>
  %residual = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%x, %biased : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %c: f32, %out: f32):
    %0 = arith.addf %a, %c : f32
    linalg.yield %0 : f32
  } -> tensor<4x8xf32>
  %heads = tensor.expand_shape %residual [[0], [1, 2]] output_shape [4, 2, 4] : tensor<4x8xf32> into tensor<4x2x4xf32>
  return %narrow, %heads : tensor<4x8xi8>, tensor<4x2x4xf32>
}
