// Every attribute, in text and in bytecode, the same.
// RUN: pf-opt %s > %t.mlir
// RUN: pf-opt %s --emit-bytecode -o %t.mlirbc
// RUN: pf-opt %t.mlirbc | diff %t.mlir -
//
// None of them is in there as text.
// RUN: not grep -a "#power" %t.mlirbc
//
// Files of all versions there have been are this module.
// RUN: pf-opt %S/Inputs/version-1.mlirbc | diff %t.mlir -
//
// One that is newer than this compiler is not read, nor one from before there were
// versions.
// RUN: not pf-opt %S/Inputs/version-127.mlirbc 2>&1 | FileCheck %s --check-prefix=NEWER
// NEWER: version-127.mlirbc:0:0: error: expects at most version 2 of the power dialect, but got version 127, of a newer pfmlir
// RUN: not pf-opt %S/Inputs/no-version.mlirbc 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: no-version.mlirbc:0:0: error: expects a version of the power dialect, but got none, from a pfmlir before it had versions
//
// A file of the version that is written now, to be kept when there is a new one:
//   pf-opt bytecode.mlir --strip-debuginfo --emit-bytecode -o Inputs/version-1.mlirbc
power.target @analytical levels_v [0.9, 1.1] max_rails 2 gating <bank, granularity = 4>
    cost_model #power.analytical<
      array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
      input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
      mac_energy_j = 1.0e-13, weight_buffer_write_energy_j = 2.0e-13,
      weight_buffer_read_energy_j = 3.0e-13, output_write_energy_j = 4.0e-13,
      input_read_energy_j = 5.0e-13, weight_memory_read_energy_j = 6.0e-13,
      lane_write_energy_j = 7.0e-13, lane_read_energy_j = 8.0e-13,
      stagger_energy_j = 9.0e-13, feeder_control_energy_j = 10.0e-13,
      gate_control_energy_j = 11.0e-13, dma_control_energy_j = 12.0e-13,
      gate_controller_leakage_w = 13.0e-13, reduction_chunk = 576> {
  power.domain @sys nominal_v 1.1 frequency_hz 5.0e8
    law #power.delay_polynomial<coefficients = [4922.0, -11041.0, 8656.0, -2306.0], minimum_v = 0.9, maximum_v = 1.3>
    leakage_w 2.32e-6
  power.domain @weight nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]>
    leakage_w 6.0e-6
  power.domain @feeder nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]>
    leakage_w 6.0e-6
  power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.0e-5 banks 25
  power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.0e-5
  power.memory @rram in @weight bank_bytes 8192 bank_leakage_w 2.0e-5 banks 100
  power.transition energy_j [[0.0, 2.0e-10], [1.0e-10, 0.0]] time_s 1.5e-8
  power.sleep_state @off power_w 0.0 entry_energy_j 0.0 entry_time_s 0.0 exit_energy_j 0.0 exit_time_s 0.0
}
power.target @whole levels_v [0.9, 1.1] max_rails 2 gating <sram>
    cost_model #power.analytical<
      array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
      input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
      mac_energy_j = 0.0, weight_buffer_write_energy_j = 0.33333333333333331,
      weight_buffer_read_energy_j = 0.0, output_write_energy_j = 0.0,
      input_read_energy_j = 0.0, weight_memory_read_energy_j = 0.0,
      lane_write_energy_j = 0.0, lane_read_energy_j = 0.0,
      stagger_energy_j = 0.0, feeder_control_energy_j = 0.0,
      gate_control_energy_j = 0.0, dma_control_energy_j = 0.0,
      gate_controller_leakage_w = 0.0> {
  power.domain @sys nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]> leakage_w 0.0
  power.domain @weight nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]> leakage_w 0.0
  power.domain @feeder nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]> leakage_w 0.0
  power.memory @ifmap in @feeder bank_bytes 1 bank_leakage_w 0.0
  power.memory @ofmap in @feeder bank_bytes 1 bank_leakage_w 0.0
  power.memory @rram in @weight bank_bytes 1 bank_leakage_w 0.0
}
power.target @measured levels_v [0.9, 1.1] max_rails 1 gating <none>
    cost_model #power.measured<{
      "a layer" = #power.cost_table<[0.9] -> 3.0e-6 J, 2.0e-3 s, 1.0e-4 W, [1.1] -> 4.0e-6 J, 1.0e-3 s, 1.0e-4 W>,
      other = #power.cost_table<[0.9] -> 0.33333333333333331 J, 0.1 s, 0.0 W>}> {
  power.domain @core nominal_v 0.9
  power.transition of @core energy_j 1.0e-10 time_s 0.0
  power.sleep_state @off power_w 0.0
}
func.func @net(%x: tensor<1x4xf32>) -> tensor<1x4xf32>
    attributes {power.period_s = 2.0e-2, power.target = @measured} {
  power.set_state [@measured::@core] to [0.9]
  power.layer "shape" workload #power.conv2d<input = [3, 2147483648, 1], output_channels = 64, kernel = [1, 1]>
  power.layer "whole" workload #power.conv2d<
    input = [8, 14, 14], output_channels = 8, kernel = [3, 3], strides = [2, 2],
    padding = [1, 0, 1, 2], dilations = [2, 1], groups = 8, batch = 2>
  power.layer "product" workload #power.matmul<m = 1, k = 512, n = 10>
  power.layer "products" workload #power.matmul<m = 7, k = 300, n = 70000, batch = 3>
  %y = power.layer "body" costs <[0.9] -> 3.0e-6 J, 2.0e-3 s, 1.0e-4 W>
      state <[0.9], energy_j = 3.0e-6, time_s = 2.0e-3, leakage_w = 0.33333333333333331>
      uncosted {softmax = 1 : i64} {
    power.yield %x : tensor<1x4xf32>
  } : tensor<1x4xf32>
  power.sleep @measured::@off time_s 2.0e-3
  return %y : tensor<1x4xf32>
}
power.schedule of @net on @measured search "exact" period_s 2.0e-2 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0e-2 tail @measured::@off
  energy_split_j [1.0, 0.0, 0.0, 0.0] baselines_j {nominal = 2.0 : f64}
  references {greedy = {differs_in = ["gating", "levels"], energy_j = 1.5}}
  uncosted {softmax = 1 : i64}
