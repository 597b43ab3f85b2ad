// A layer can be known by its name alone, to a cost model of measured tables.
// RUN: pf-opt %s -split-input-file -verify-diagnostics --powerflow-schedule="period-s=5" | FileCheck %s

// CHECK: power.layer "a" state <[9.000000e-01], energy_j = 1.000000e+00
// CHECK: power.layer "b" state <[1.100000e+00], energy_j = 3.000000e+00
power.target @t levels_v [0.9, 1.1] max_rails 2
    cost_model #power.measured<{
      a = #power.cost_table<[0.9] -> 1.0 J, 3.0 s, 0.0 W, [1.1] -> 2.0 J, 2.5 s, 0.0 W>,
      b = #power.cost_table<[0.9] -> 1.0 J, 3.0 s, 0.0 W, [1.1] -> 3.0 J, 2.0 s, 0.0 W>
    }> {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "a"
  power.layer "b"
  return
}

// -----

// Other models, and a target without one, need more.
power.target @bare levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
func.func @unknown() {
  // expected-error @below {{expects a cost table, because target @bare has no cost model}}
  power.layer "a"
  return
}

// -----

func.func @analytical() {
  // expected-error @below {{expects a #power.conv2d or #power.matmul workload, which the analytical cost model knows, but got none}}
  power.layer "a"
  return
}
