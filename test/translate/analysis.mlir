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
// LISTED:      "unscheduled": {
// LISTED-NEXT:   "operations": 1,
// LISTED-NEXT:   "share_of_multiply_accumulates": 0,
// LISTED-NEXT:   "share_of_bytes": 0.3157894736842{{[0-9]*}}
// LISTED-NEXT: },
// LISTED-NEXT: "function": "net"
// LISTED:      "name": "matmul_0"
// LISTED:      "bound": "compute"
// LISTED:      "listed": {
// LISTED-NEXT:   "linalg.generic elementwise arith.addf": {
// LISTED-NEXT:     "count": 1,
// LISTED-NEXT:     "operations": 32,
// LISTED-NEXT:     "bytes": 384

// JSON-NOT:  "unscheduled"
// JSON:      "name": "matmul_0"
// JSON:      "operation": "matmul",
// JSON-NEXT: "shapes": {
// JSON:      "bits": {
// JSON-NEXT:   "activations": 8,
// JSON-NEXT:   "weights": 8,
// JSON-NEXT:   "outputs": 8
// JSON-NEXT: },
// JSON-NEXT: "bytes": {
// JSON-NEXT:   "input": 32,
// JSON-NEXT:   "weights": 64,
// JSON-NEXT:   "output": 32,
// JSON-NEXT:   "other_work": 96
// JSON-NEXT: },
// JSON-NEXT: "bound": "other_work",
// JSON-NEXT: "time_by_bound_s": {
// JSON-NEXT:   "compute": 0.004{{[0-9]*}},
// JSON-NEXT:   "weights": 0,
// JSON-NEXT:   "feeding": 0,
// JSON-NEXT:   "other_work": 0.016{{[0-9]*}}
// JSON-NEXT: },
// JSON-NEXT: "other_work_energy_j": 40,
// JSON-NEXT: "shares": {
// JSON-NEXT:   "work": 0.66666666666666{{[0-9]*}},
// JSON:      "name": "matmul_1"
// JSON:      "bound": "compute"
// JSON:      "memories": {
// JSON-NEXT:   "sram": {
// JSON-NEXT:     "peak_bytes": 64,
// JSON-NEXT:     "peak_layer": "matmul_0",
// JSON-NEXT:     "capacity_bytes": 256
// JSON-NEXT:   },
// JSON-NEXT:   "flash": {
// JSON-NEXT:     "peak_bytes": 96,
// JSON-NEXT:     "peak_layer": "matmul_0"
// JSON-NEXT:   }
// JSON-NEXT: },
// JSON-NEXT: "account": {
// JSON-NEXT:   "layer": {
// JSON-NEXT:     "linalg.matmul": {
// JSON-NEXT:       "count": 2,
// JSON-NEXT:       "multiply_accumulates": 384,
// JSON-NEXT:       "bytes": 832

// TABLE-NOT: NOT SCHEDULED
// TABLE: matmul_0 {{ *}}matmul {{ *}}8/8/8 {{ *}}other {{ *}}66.7 %
// TABLE: matmul_1 {{ *}}matmul {{ *}}8/8/8 {{ *}}compute {{ *}}33.3 %
// TABLE: Memories, at their fullest
// TABLE: sram {{ *}}64 bytes of 256 (25.0 %), first in matmul_0
// TABLE: flash {{ *}}96 bytes, first in matmul_0
// TABLE: Operations
// TABLE: 2 costed as products of layers
// TABLE-NEXT: 1 costed with layers

// LEADS: Schedule of @net
// LEADS: NOT SCHEDULED: 1 operation, 0.0 % of all multiply-accumulates and 31.6 % of all bytes
// LEADS-NEXT: period
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
