// Shapes that casts forgot, as between the halves of a rotation, are known all the same.
// RUN: pf-opt %s --power-form-layers | FileCheck %s

#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0e+03]>
power.target @vector levels_v [1.0] max_rails 1 cost_model #power.roofline<
    domain = "core", macs_per_cycle = 64.0, mac_energy_j = 1.0,
    bytes_per_cycle = 256.0, byte_energy_j = 0.25,
    operations_per_cycle = 2.0, operation_energy_j = 0.5> {
  power.domain @core nominal_v 1.0 frequency_hz 1.0e+03 law #law leakage_w 0.0
}

// Two slices, 5 and 3 rows of 8, read and written; then all 64 elements.
// CHECK-LABEL: func.func @net
// CHECK: power.layer {{.*}} vector [#power.vector<operations = 0, reads = 128, writes = 128>]
func.func @net(%x: tensor<8x8xf32>) -> tensor<8x8xf32> attributes {power.period_s = 1.0} {
  %w = arith.constant dense<1.0> : tensor<8x8xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x8xf32>
  %o = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
  %a = tensor.extract_slice %y[3, 0] [5, 8] [1, 1] : tensor<8x8xf32> to tensor<5x8xf32>
  %b = tensor.extract_slice %y[0, 0] [3, 8] [1, 1] : tensor<8x8xf32> to tensor<3x8xf32>
  %ca = tensor.cast %a : tensor<5x8xf32> to tensor<?x8xf32>
  %cb = tensor.cast %b : tensor<3x8xf32> to tensor<?x8xf32>
  %r = tensor.concat dim(0) %ca, %cb : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}
