// After its last layer a network stays in that layer's state or goes on to an idle
// state, whatever the layer's other states or ways leak.
// RUN: pf-opt --split-input-file --powerflow-schedule %s | FileCheck %s

// Waiting at 0.9 V would be cheapest by the layer's own numbers, but it is no state
// of the layer that keeps the deadline, and no idle state.
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.transition energy_j 1.0e-09 time_s 1.0e-06
  power.idle_state @warm voltages_v [1.1] power_w 5.0e-03
}
// CHECK-LABEL: func.func @stays
// CHECK: power.layer "l"
// CHECK-NEXT: power.idle time_s
// CHECK: power.schedule of @stays
// CHECK-SAME: rails_v [1.100000e+00]
func.func @stays() attributes {power.period_s = 2.0e-03} {
  power.layer "l" costs <[0.9] -> 1.0e-06 J, 3.0e-03 s, 1.0e-06 W,
                         [1.1] -> 2.0e-06 J, 1.0e-03 s, 1.0e-03 W>
  return
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.transition energy_j 1.0e-09 time_s 1.0e-06
  power.idle_state @parked voltages_v [0.9] power_w 1.0e-05
}
// CHECK-LABEL: func.func @parks
// CHECK: power.layer "l"
// CHECK: power.set_state [@t::@a] to [9.000000e-01]
// CHECK-NEXT: power.idle @t::@parked time_s 9.99
// CHECK: power.schedule of @parks
// CHECK-SAME: rails_v [9.000000e-01, 1.100000e+00]
// CHECK-SAME: tail @t::@parked
// CHECK-SAME: energy_split_j [{{[^,]+, [^,]+}}, 1.000000e-09, 9.99{{[0-9]+}}E-9]
func.func @parks() attributes {power.period_s = 2.0e-03} {
  power.layer "l" costs <[0.9] -> 1.0e-06 J, 3.0e-03 s, 1.0e-06 W,
                         [1.1] -> 2.0e-06 J, 1.0e-03 s, 1.0e-03 W>
  return
}

// -----

// Two ways at one voltage, of which the cheaper one leaks more: it is taken, as the
// idle state draws the same after either.
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.idle_state @parked voltages_v [0.9] power_w 1.0e-05
}
// CHECK-LABEL: func.func @ways
// CHECK: implementation = "leaky"
// CHECK: power.idle @t::@parked
func.func @ways() attributes {power.period_s = 2.0e-03} {
  power.layer "l" implementations {
    leaky = #power.cost_table<[1.1] -> 1.0e-06 J, 1.0e-03 s, 5.0e-04 W>,
    tight = #power.cost_table<[1.1] -> 1.1e-06 J, 1.0e-03 s, 1.0e-05 W>}
  return
}
