// What each layer is, what bounds it, and how much of the network it is.
// RUN: pf-opt %s --powerflow-schedule="period-s=1" | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON
// RUN: pf-opt %s --powerflow-schedule="period-s=1 list-vector-work=true" | pf-translate --power-to-json | FileCheck %s --check-prefix=LISTED
// RUN: pf-opt %s --powerflow-schedule="period-s=1" | pf-translate --power-to-table | FileCheck %s --check-prefix=TABLE
// RUN: pf-opt %s --powerflow-schedule="period-s=1 list-vector-work=true" | pf-translate --power-to-table | FileCheck %s --check-prefix=LEADS

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0e+03]>
power.target @vector levels_v [1.0] max_rails 1 cost_model #power.roofline<
    domain = "core", feature_memory = "sram", weight_memory = "flash",
    macs_per_cycle = 64.0, mac_energy_j = 1.0,
    bytes_per_cycle = 256.0, byte_energy_j = 0.25,
    operations_per_cycle = 2.0, operation_energy_j = 0.5> {
  power.domain @core nominal_v 1.0 frequency_hz 1.0e+03 law #law leakage_w 0.0
  power.memory @sram in @core bank_bytes 64 bank_leakage_w 0.0 banks 4 volatile
  power.memory @flash in @core bank_bytes 1024 bank_leakage_w 0.0
}

// 256 and 128 products at 64 a millisecond are 4 and 2 ms; 32 additions at 2 a
// millisecond are 16.
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @net(%x: tensor<4x8xf32>) -> tensor<4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<8x8xf32>
  %v = arith.constant dense<1.0> : tensor<8x4xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %o = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x8xf32>) outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
  %sum = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %0 = arith.addf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<4x8xf32>
  %e4 = tensor.empty() : tensor<4x4xf32>
  %o4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %z = linalg.matmul ins(%sum, %v : tensor<4x8xf32>, tensor<8x4xf32>) outs(%o4 : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %z : tensor<4x4xf32>
}
