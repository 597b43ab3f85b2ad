// Work that is no product, counted where the target costs it, and listed where not.
// RUN: pf-opt %s --power-form-layers | FileCheck %s
// RUN: pf-opt %s --power-form-layers="list-vector-work=true" | FileCheck %s --check-prefix=LIST
// RUN: pf-opt %s --powerflow-schedule="period-s=1" | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0e+03]>
power.target @vector levels_v [1.0] max_rails 1 cost_model #power.roofline<
    domain = "core", macs_per_cycle = 64.0, mac_energy_j = 1.0,
    bytes_per_cycle = 256.0, byte_energy_j = 0.25,
    operations_per_cycle = 2.0, operation_energy_j = 0.5> {
  power.domain @core nominal_v 1.0 frequency_hz 1.0e+03 law #law leakage_w 0.0
}

#map = affine_map<(d0, d1) -> (d0, d1)>
#rows = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @net
func.func @net(%x: tensor<4x8xf32>, %s: tensor<4x8xi8>) -> (tensor<4xf32>, tensor<4x12xf32>, tensor<4x8xi8>) {
  %w = arith.constant dense<1.0> : tensor<8x8xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %o = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  // An addition of two layers' values: 32 operations on 2 x 32 elements, written
  // to 32; their sums by rows: 32 of 32, written to 4; and a copy into something
  // larger: 32 to 48. Eight bits apart: 32 maxima of 2 x 32, written to 32.
  // CHECK: power.layer "matmul_0" workload #power.matmul<m = 4, k = 8, n = 8> vector [#power.vector<operations = 64, reads = 128, writes = 84>, #power.vector<operations = 32, reads = 64, writes = 32, bits = 8>] {
  // LIST: power.layer "matmul_0" workload #power.matmul<m = 4, k = 8, n = 8> uncosted {"linalg.generic elementwise arith.addf" = 1 : i64, "linalg.generic elementwise arith.maxsi" = 1 : i64, "linalg.generic reduction arith.addf" = 1 : i64, tensor.pad = 1 : i64} {
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x8xf32>) outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
  %sum = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %0 = arith.addf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<4x8xf32>
  %er = tensor.empty() : tensor<4xf32>
  %zr = linalg.fill ins(%zero : f32) outs(%er : tensor<4xf32>) -> tensor<4xf32>
  %reduced = linalg.generic {indexing_maps = [#map, #rows], iterator_types = ["parallel", "reduction"]} ins(%sum : tensor<4x8xf32>) outs(%zr : tensor<4xf32>) {
  ^bb0(%a: f32, %out: f32):
    %0 = arith.addf %a, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %padded = tensor.pad %sum low[0, 0] high[0, 4] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x8xf32> to tensor<4x12xf32>
  %es = tensor.empty() : tensor<4x8xi8>
  %most = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%s, %s : tensor<4x8xi8>, tensor<4x8xi8>) outs(%es : tensor<4x8xi8>) {
  ^bb0(%a: i8, %b: i8, %out: i8):
    %0 = arith.maxsi %a, %b : i8
    linalg.yield %0 : i8
  } -> tensor<4x8xi8>
  return %reduced, %padded, %most : tensor<4xf32>, tensor<4x12xf32>, tensor<4x8xi8>
}

// 256 products at 64 a millisecond take longer than their 128 bytes; then 96
// operations at 2 a millisecond longer than 308 bytes: 4 + 48 ms. Energy: 256 J, 96
// times 0.5 J, and 436 times 0.25 J.
// JSON: "layers": [
// JSON: "time_s": 0.052{{[0-9]*}},
// JSON-NEXT: "energy_j": 413,
