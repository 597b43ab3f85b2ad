// Every operation and attribute, parsed, printed, and parsed again.
// RUN: pf-opt %s | pf-opt | FileCheck %s
// RUN: pf-opt --mlir-print-op-generic %s | pf-opt | FileCheck %s

// CHECK-LABEL: power.target @tiny
// CHECK-SAME:    levels_v [9.000000e-01, 1.100000e+00] max_rails 2
// CHECK-NOT:     gating
power.target @tiny levels_v [0.9, 1.1] max_rails 2 {
  // CHECK: power.domain @core nominal_v 1.100000e+00{{$}}
  power.domain @core nominal_v 1.1
  // CHECK: power.domain @io nominal_v 1.100000e+00 leakage_w 2.000000e-06
  power.domain @io nominal_v 1.1 leakage_w 2.0e-6
  // CHECK: power.transition energy_j 1.000000e-10 time_s 1.500000e-08
  power.transition energy_j 1.0e-10 time_s 1.5e-8
  // CHECK: power.transition of @core energy_j {{\[\[}}0.000000e+00, 2.000000e-10], [1.000000e-10, 0.000000e+00]] time_s 1.500000e-08
  power.transition of @core energy_j [[0.0, 2.0e-10], [1.0e-10, 0.0]] time_s 1.5e-8
  // CHECK: power.sleep_state @retention power_w 2.000000e-06 entry_energy_j 1.000000e-09 entry_time_s 3.000000e-06 exit_energy_j 2.000000e-09 exit_time_s 5.000000e-06
  power.sleep_state @retention power_w 2.0e-6 entry_energy_j 1.0e-9 entry_time_s 3.0e-6 exit_energy_j 2.0e-9 exit_time_s 5.0e-6
}

// CHECK-LABEL: power.target @measured
// CHECK-SAME:    cost_model #power.measured<{conv1 = #power.cost_table<[9.000000e-01] -> 3.000000e-06 J, 2.000000e-03 s, 1.000000e-04 W>}>
power.target @measured levels_v [0.9, 1.1] max_rails 1
    cost_model #power.measured<{conv1 = #power.cost_table<[0.9] -> 3.0e-6 J, 2.0e-3 s, 1.0e-4 W>}> {
  power.domain @core nominal_v 0.9
  power.sleep_state @off power_w 0.0
}

// CHECK-LABEL: power.target @laws
// CHECK-SAME:    gating <sram, granularity = 4>
// CHECK-SAME:    reduction_chunk = 576
power.target @laws levels_v [0.9, 1.1] max_rails 2 gating <sram, granularity = 4>
    cost_model #power.analytical<
      array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
      input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
      mac_energy_j = 1.8e-13, weight_buffer_write_energy_j = 1.9e-10,
      weight_buffer_read_energy_j = 1.6e-11, output_write_energy_j = 3.1e-11,
      input_read_energy_j = 3.5e-11, weight_memory_read_energy_j = 6.4e-11,
      lane_write_energy_j = 1.8e-13, lane_read_energy_j = 1.8e-13,
      stagger_energy_j = 9.7e-12, feeder_control_energy_j = 9.8e-12,
      gate_control_energy_j = 2.6e-12, dma_control_energy_j = 1.3e-12,
      gate_controller_leakage_w = 1.6e-6, reduction_chunk = 576> {
  // CHECK: power.domain @sys nominal_v 1.100000e+00 frequency_hz 5.000000e+08 law #power.delay_polynomial<coefficients = [2.000000e+00, -1.000000e+00], minimum_v = 9.000000e-01, maximum_v = 1.300000e+00> leakage_w 2.320000e-06
  power.domain @sys nominal_v 1.1 frequency_hz 5.0e8
    law #power.delay_polynomial<coefficients = [2.0, -1.0], minimum_v = 0.9, maximum_v = 1.3>
    leakage_w 2.32e-6
  // CHECK: power.domain @weight {{.*}} law #power.frequency_table<voltage_v = [9.000000e-01, 1.100000e+00], frequency_hz = [7.000000e+07, 1.000000e+08]>
  power.domain @weight nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]>
    leakage_w 6.0e-6
  power.domain @feeder nominal_v 1.1 frequency_hz 1.0e8
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [7.0e7, 1.0e8]>
    leakage_w 6.0e-6
  // CHECK: power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.000000e-05 banks 25
  power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.0e-5 banks 25
  // CHECK: power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.000000e-05{{$}}
  power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.0e-5
  power.memory @rram in @weight bank_bytes 8192 bank_leakage_w 2.0e-5 banks 100
}

// CHECK-LABEL: func.func @scheduled
// CHECK-SAME:    power.period_s = 2.000000e-02 : f64, power.target = @laws
func.func @scheduled(%a: tensor<1x4xf32>, %b: tensor<4x2xf32>, %c: tensor<1x2xf32>) -> tensor<1x2xf32>
    attributes {power.period_s = 2.0e-2, power.target = @laws} {
  // CHECK: power.set_state [@laws::@sys, @laws::@weight, @laws::@feeder] to [9.000000e-01, 1.100000e+00, 9.000000e-01]
  power.set_state [@laws::@sys, @laws::@weight, @laws::@feeder] to [0.9, 1.1, 0.9]
  // CHECK: power.gate_banks [@laws::@ifmap, @laws::@rram] powered [5.000000e+00, 1.500000e+00]
  power.gate_banks [@laws::@ifmap, @laws::@rram] powered [5.0, 1.5]
  // CHECK: %[[FC:.*]] = power.layer "fc" workload #power.matmul<m = 1, k = 4, n = 2>
  // CHECK-SAME: state <[9.000000e-01, 1.100000e+00, 9.000000e-01], energy_j = 5.000000e-06, time_s = 5.600000e-04, leakage_w = 2.200000e-04>
  // CHECK-SAME: uncosted {softmax = 1 : i64} {
  // CHECK:   %[[PRODUCT:.*]] = linalg.matmul
  // CHECK:   power.yield %[[PRODUCT]] : tensor<1x2xf32>
  // CHECK: } : tensor<1x2xf32>
  %1 = power.layer "fc" workload #power.matmul<m = 1, k = 4, n = 2>
      state <[0.9, 1.1, 0.9], energy_j = 5.0e-6, time_s = 5.6e-4, leakage_w = 2.2e-4>
      uncosted {softmax = 1 : i64} {
    %0 = linalg.matmul ins(%a, %b : tensor<1x4xf32>, tensor<4x2xf32>) outs(%c : tensor<1x2xf32>) -> tensor<1x2xf32>
    power.yield %0 : tensor<1x2xf32>
  } : tensor<1x2xf32>
  // CHECK: power.layer "conv" workload #power.conv2d<input = [8, 14, 14], output_channels = 8, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], dilations = [2, 1], groups = 8, batch = 2>{{$}}
  power.layer "conv" workload #power.conv2d<input = [8, 14, 14], output_channels = 8, kernel = [3, 3], strides = [2, 2], padding = [1, 1, 1, 1], dilations = [2, 1], groups = 8, batch = 2>
  // CHECK: power.layer "defaults" workload #power.conv2d<input = [8, 14, 14], output_channels = 8, kernel = [3, 3]>{{$}}
  power.layer "defaults" workload #power.conv2d<input = [8, 14, 14], output_channels = 8, kernel = [3, 3]>
  // CHECK: power.layer "batch" workload #power.matmul<m = 1, k = 4, n = 2, batch = 3>
  power.layer "batch" workload #power.matmul<m = 1, k = 4, n = 2, batch = 3>
  // CHECK: power.layer "bare" costs <[9.000000e-01, 1.100000e+00, 9.000000e-01] -> 3.000000e-06 J, 2.000000e-03 s, 1.000000e-04 W, [1.100000e+00, 1.100000e+00, 1.100000e+00] -> 2.000000e-06 J, 1.000000e-03 s, 1.000000e-04 W>
  power.layer "bare" costs <[0.9, 1.1, 0.9] -> 3.0e-6 J, 2.0e-3 s, 1.0e-4 W,
                            [1.1, 1.1, 1.1] -> 2.0e-6 J, 1.0e-3 s, 1.0e-4 W>
  // CHECK: power.idle time_s 7.700000e-08
  power.idle time_s 7.7e-8
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @empty_body
func.func @empty_body() {
  // CHECK: power.layer "nothing" {
  // CHECK-NEXT: }
  power.layer "nothing" {
  }
  // CHECK: power.sleep @tiny::@retention time_s 2.100000e-03
  power.sleep @tiny::@retention time_s 2.1e-3
  return
}

// CHECK: power.schedule of @scheduled on @tiny search "exact"
// CHECK-SAME: period_s 2.000000e-02 rails_v [9.000000e-01, 1.100000e+00]
// CHECK-SAME: energy_j 1.622000e-04 lower_bound_j 1.622000e-04 active_time_s 1.990000e-02 tail @tiny::@retention
// CHECK-SAME: energy_split_j [1.500000e-04, 1.200000e-05, 0.000000e+00, 2.000000e-07]
// CHECK-SAME: baselines_j {nominal = 2.800000e-04 : f64} references {greedy = {differs_in = ["gating", "levels"], energy_j = 1.500000e-04 : f64}} uncosted {softmax = 1 : i64}
power.schedule of @scheduled on @tiny search "exact"
  period_s 2.0e-2 rails_v [0.9, 1.1]
  energy_j 1.622e-4 lower_bound_j 1.622e-4 active_time_s 1.99e-2 tail @tiny::@retention
  energy_split_j [1.5e-4, 1.2e-5, 0.0, 2.0e-7]
  baselines_j {nominal = 2.8e-4 : f64}
  references {greedy = {differs_in = ["gating", "levels"], energy_j = 1.5e-4}}
  uncosted {softmax = 1 : i64}

// Every digit survives.
// CHECK-LABEL: power.target @digits
// CHECK-SAME: levels_v [0.33333333333333331, 1.2345678901234567]
power.target @digits levels_v [0.33333333333333331, 1.2345678901234567] max_rails 1 {
  // CHECK: coefficients = [0.33333333333333331], minimum_v = 0.12345678901234568, maximum_v = 2.000000e+00>
  power.domain @core nominal_v 1.2345678901234567 frequency_hz 1.0e8
    law #power.delay_polynomial<coefficients = [0.33333333333333331], minimum_v = 0.12345678901234568, maximum_v = 2.0>
  power.memory @m in @core bank_bytes 64 bank_leakage_w 0.0
  // CHECK: energy_j {{\[\[}}0.000000e+00, 0.33333333333333331], [0.33333333333333331, 0.000000e+00]]
  power.transition energy_j [[0.0, 0.33333333333333331], [0.33333333333333331, 0.0]] time_s 0.0
}
func.func @digits_used() {
  // CHECK: power.set_state [@digits::@core] to [0.33333333333333331]
  power.set_state [@digits::@core] to [0.33333333333333331]
  // CHECK: power.gate_banks [@digits::@m] powered [0.33333333333333331]
  power.gate_banks [@digits::@m] powered [0.33333333333333331]
  // CHECK: costs <[0.33333333333333331] -> 0.33333333333333331 J, 0.33333333333333331 s, 0.33333333333333331 W>
  // CHECK-SAME: state <[0.33333333333333331], energy_j = 0.33333333333333331, time_s = 0.33333333333333331, leakage_w = 0.33333333333333331>
  power.layer "l" costs <[0.33333333333333331] -> 0.33333333333333331 J, 0.33333333333333331 s, 0.33333333333333331 W>
    state <[0.33333333333333331], energy_j = 0.33333333333333331, time_s = 0.33333333333333331, leakage_w = 0.33333333333333331>
  return
}
// CHECK: power.schedule of @digits_used
// CHECK-SAME: rails_v [0.33333333333333331]
// CHECK-SAME: energy_split_j [0.33333333333333331, 0.000000e+00, 0.000000e+00, 0.000000e+00]
power.schedule of @digits_used on @digits search "exact" period_s 1.0 rails_v [0.33333333333333331]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0
  energy_split_j [0.33333333333333331, 0.0, 0.0, 0.0]

// CHECK: #power.gating<none>, #power.gating<bank, granularity = 2>
module attributes {test.gating = [#power.gating<none>, #power.gating<bank, granularity = 2>]} {}
