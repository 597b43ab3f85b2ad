// RUN: pf-opt %s -split-input-file --power-insert-states | FileCheck %s
// RUN: pf-opt %s -split-input-file --power-insert-states --power-insert-states | FileCheck %s

// Only what changes is set, and only where it changes.

// CHECK-LABEL: func.func @net
// CHECK-NEXT: power.set_state [@t::@a, @t::@b] to [9.000000e-01, 1.100000e+00]
// CHECK-NEXT: power.layer "first"
// CHECK-NEXT: power.layer "second"
// CHECK-NEXT: power.set_state [@t::@a] to [1.100000e+00]
// CHECK-NEXT: power.layer "third"
// CHECK-NEXT: power.idle time_s 5.000000e-01
// CHECK-NEXT: return
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.domain @b nominal_v 1.1
  power.sleep_state @off power_w 0.0
}
func.func @net() {
  power.layer "first" costs <[0.9, 1.1] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9, 1.1], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  power.layer "second" costs <[0.9, 1.1] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9, 1.1], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  power.layer "third" costs <[1.1, 1.1] -> 1.0 J, 1.0 s, 0.1 W> state <[1.1, 1.1], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
power.schedule of @net on @t search "exact" period_s 3.5 rails_v [0.9, 1.1]
  energy_j 3.05 lower_bound_j 3.05 active_time_s 3.0
  energy_split_j [2.7, 0.3, 0.0, 0.05]

// -----

// CHECK-LABEL: func.func @sleeper
// CHECK: power.layer
// CHECK-NEXT: power.sleep @t::@off time_s 2.000000e+00
// CHECK-NEXT: return
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @a nominal_v 0.9
  power.sleep_state @off power_w 0.0
}
func.func @sleeper() {
  power.layer "first" costs <[0.9] -> 1.0 J, 1.0 s, 0.1 W> state <[0.9], energy_j = 1.0, time_s = 1.0, leakage_w = 0.1>
  return
}
power.schedule of @sleeper on @t search "exact" period_s 3.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@off
  energy_split_j [0.9, 0.1, 0.0, 0.0]
