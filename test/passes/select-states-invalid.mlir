// What can't be scheduled, and options that don't go together. What no option can be is
// in options-invalid.mlir.
// RUN: not pf-opt %s -split-input-file --power-select-states 2>&1 | FileCheck %s
// RUN: not pf-opt %s -split-input-file --power-select-states="period-s=1" 2>&1 | FileCheck %s --check-prefix=TIGHT
// RUN: not pf-opt %s -split-input-file --power-select-states="period-s=3 search=nominal" 2>&1 | FileCheck %s --check-prefix=NOMINAL
// RUN: not pf-opt %s -split-input-file --power-select-states="fps=1 period-s=1" 2>&1 | FileCheck %s --check-prefix=BOTH

// RUN: not pf-opt %s -split-input-file --power-select-states="search=nominal" 2>&1 | FileCheck %s --check-prefix=APART
// RUN: not pf-opt %s -split-input-file --power-select-states="search=nominal" 2>&1 | FileCheck %s --check-prefix=TWO-RAILS
// RUN: not pf-opt %s -split-input-file --power-select-states="search=greedy period-s=9" 2>&1 | FileCheck %s --check-prefix=NO-LEVEL

// APART: error: 'func.func' op @apart has no schedule by search 'nominal' at any rate: some layer has no state at its levels, or they are more than the 1 rails of target @t
// TWO-RAILS: error: 'func.func' op @two_rails has no schedule by search 'nominal' at any rate: some layer has no state at its levels, or they are more than the 1 rails of target @t
// NO-LEVEL: error: 'power.target' op expects every domain's nominal voltage among its levels, which search 'greedy' starts from
// TIGHT: error: 'func.func' op @net can't run every 1.000000e+00 s (1.00 fps): the fastest schedule on target @t takes 4.000000e+00 s (0.25 fps), 3.000e+00 s too long
// TIGHT: note: the shortest period is 4.0000000000000000e+00 s
// NOMINAL: error: 'func.func' op @net can't run every 3.000000e+00 s (0.33 fps) by search 'nominal': its fastest schedule on target @t takes 4.000000e+00 s (0.25 fps), 1.000e+00 s too long
// BOTH: error: 'func.func' op expects one of the options 'fps' and 'period-s', but got both

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.5 time_s 0.5
}
func.func @net() {
  power.layer "first" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 3.0 J, 2.0 s, 0.2 W>
  power.layer "second" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.0 J, 2.0 s, 0.2 W>
  return
}

// -----

// CHECK: error: 'func.func' op expects a power.target in its module, but there is none; power-assign-target adds one
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

// CHECK: error: 'func.func' op expects at least one power.layer, but got none; power-form-layers forms them from linalg operations
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK: error: 'func.func' op expects one power.target, but the module has 2; name one with the option 'target' of power-assign-target
// CHECK: note: candidate @a
// CHECK: note: candidate @b
power.target @a levels_v [0.9] max_rails 2 {
  power.domain @core nominal_v 0.9
}
power.target @b levels_v [0.9] max_rails 2 {
  power.domain @core nominal_v 0.9
}
func.func @net() {
  power.layer "l" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// CHECK: error: 'power.target' expects the symbol of a power.target, but got @gone
func.func @net() attributes {power.target = @gone} {
  power.layer "l" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// CHECK: error: 'power.layer' op expects a cost table, because target @t has no cost model
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

// CHECK: error: 'power.layer' op expects a measured cost table for layer 'missed', but target @t has none
// CHECK: note: target declared here
power.target @t levels_v [0.9, 1.1] max_rails 2
    cost_model #power.measured<{l = #power.cost_table<[0.9] -> 1.0 J, 1.0 s, 1.0 W>}> {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  power.layer "missed" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

// CHECK: error: 'power.layer' op expects one voltage for each of the 1 domains of target @t in its cost table, but got 2
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "l" costs <[0.9, 0.9] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// CHECK: error: 'power.layer' op expects a row of its cost table at the levels of target @t, but there is none
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "l" costs <[1.0] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// One rail, and no level at which both layers have a state.
// CHECK: error: 'func.func' op @apart has no schedule at any rate: no 1 levels of target @t have a state for every layer
power.target @t levels_v [0.9, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
}
func.func @apart() attributes {power.period_s = 100.0} {
  power.layer "a" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W>
  power.layer "b" costs <[1.1] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// Without costs at nominal voltage there is no default period.
// CHECK: error: 'func.func' op expects a period (option 'fps' or 'period-s', or attribute 'power.period_s'), because its layers' costs at nominal voltage are not known
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.0
}
func.func @net() {
  power.layer "l" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W>
  return
}

// -----

// CHECK: error: 'power.layer' op expects a #power.conv2d or #power.matmul workload, which the analytical cost model knows, but got none
#law = #power.frequency_table<voltage_v = [1.0], frequency_hz = [1.0]>
#model = #power.analytical<
  array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
  input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
  mac_energy_j = 1.0, weight_buffer_write_energy_j = 1.0,
  weight_buffer_read_energy_j = 1.0, output_write_energy_j = 1.0,
  input_read_energy_j = 1.0, weight_memory_read_energy_j = 1.0,
  lane_write_energy_j = 1.0, lane_read_energy_j = 1.0,
  stagger_energy_j = 1.0, feeder_control_energy_j = 1.0,
  gate_control_energy_j = 1.0, dma_control_energy_j = 1.0,
  gate_controller_leakage_w = 1.0>
power.target @t levels_v [1.0] max_rails 1 cost_model #model {
  power.domain @sys nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @weight nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.domain @feeder nominal_v 1.0 frequency_hz 1.0 law #law leakage_w 1.0
  power.memory @ifmap in @feeder bank_bytes 1 bank_leakage_w 1.0
  power.memory @ofmap in @feeder bank_bytes 1 bank_leakage_w 1.0
  power.memory @rram in @weight bank_bytes 1 bank_leakage_w 1.0
}
func.func @net() {
  power.layer "l" {
  }
  return
}

// -----

// Two nominal voltages, and one rail. By name that is no schedule of the target.
power.target @t levels_v [0.9, 1.1] max_rails 1 {
  power.domain @a nominal_v 0.9
  power.domain @b nominal_v 1.1
}
func.func @two_rails() attributes {power.period_s = 9.0} {
  power.layer "l" costs <[0.9, 0.9] -> 1.0 J, 4.0 s, 0.1 W, [0.9, 1.1] -> 1.0 J, 4.0 s, 0.1 W>
  return
}
