// Problems at the edges of what a problem can be, each with a known answer.
// RUN: pf-opt %s -split-input-file --powerflow-schedule | FileCheck %s

// One layer, one level, more rails allowed than there are levels.
// CHECK: power.schedule of @one {{.*}} rails_v [9.000000e-01] energy_j 1.500000e+00 lower_bound_j 1.500000e+00
power.target @t levels_v [0.9] max_rails 9 {
  power.domain @core nominal_v 0.9
}
func.func @one() attributes {power.period_s = 5.0} {
  power.layer "l" costs <[0.9] -> 1.0 J, 4.0 s, 0.5 W>
  return
}

// -----

// Switching takes longer than the period, so nothing switches.
// CHECK: power.schedule of @slow_switch {{.*}} rails_v [1.100000e+00] energy_j 6.000000e+00
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.0 time_s 100.0
}
func.func @slow_switch() attributes {power.period_s = 7.0} {
  power.layer "a" costs <[0.9] -> 1.0 J, 4.0 s, 0.0 W, [1.1] -> 3.0 J, 2.0 s, 0.0 W>
  power.layer "b" costs <[0.9] -> 1.0 J, 4.0 s, 0.0 W, [1.1] -> 3.0 J, 2.0 s, 0.0 W>
  return
}

// -----

// One rail: the two layers can't have each the level that suits it.
// CHECK: power.schedule of @one_rail {{.*}} rails_v [1.100000e+00] energy_j 4.000000e+00
power.target @t levels_v [0.9, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
}
func.func @one_rail() attributes {power.period_s = 7.0} {
  power.layer "a" costs <[0.9] -> 1.0 J, 1.0 s, 0.0 W, [1.1] -> 3.0 J, 1.0 s, 0.0 W>
  power.layer "b" costs <[0.9] -> 4.0 J, 1.0 s, 0.0 W, [1.1] -> 1.0 J, 1.0 s, 0.0 W>
  return
}

// -----

// A deadline that a schedule takes to the last bit.
// CHECK: power.schedule of @exactly {{.*}} period_s 6.000000e-01 rails_v [9.000000e-01] energy_j 3.000000e+00
power.target @t levels_v [0.9, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
}
func.func @exactly() attributes {power.period_s = 0.6} {
  power.layer "a" costs <[0.9] -> 1.0 J, 0.1 s, 0.0 W, [1.1] -> 3.0 J, 0.05 s, 0.0 W>
  power.layer "b" costs <[0.9] -> 1.0 J, 0.2 s, 0.0 W, [1.1] -> 3.0 J, 0.05 s, 0.0 W>
  power.layer "c" costs <[0.9] -> 1.0 J, 0.3 s, 0.0 W, [1.1] -> 3.0 J, 0.05 s, 0.0 W>
  return
}

// -----

// Of two sleep states, the one that is worth its overhead: 2 W for 6 s, or 1 J
// and 0.5 W for 4 s.
// CHECK: power.schedule of @two_sleeps {{.*}} energy_j 4.000000e+00 {{.*}} tail @t::@deep
// CHECK-SAME: energy_split_j [1.000000e+00, 0.000000e+00, 0.000000e+00, 3.000000e+00]
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
  power.sleep_state @light power_w 2.0
  power.sleep_state @deep power_w 0.5 entry_energy_j 0.5 entry_time_s 1.0 exit_energy_j 0.5 exit_time_s 1.0
}
func.func @two_sleeps() attributes {power.period_s = 10.0} {
  power.layer "l" costs <[0.9] -> 1.0 J, 4.0 s, 0.0 W>
  power.layer "idle is dear" costs <[0.9] -> 0.0 J, 0.0 s, 100.0 W>
  return
}

// -----

// Going up costs more than going down, per domain.
// CHECK: power.schedule of @matrix {{.*}} energy_j 6.100000e+00
// CHECK-SAME: energy_split_j [6.000000e+00, 0.000000e+00, {{1.000000e-01|0.1|0.09999}}
power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.domain @b nominal_v 1.1
  power.transition of @a energy_j [[0.0, 5.0], [0.1, 0.0]] time_s 0.0
  power.transition energy_j 50.0 time_s 0.0
}
func.func @matrix() attributes {power.period_s = 4.0} {
  power.layer "x" costs <[0.9, 0.9] -> 1.0 J, 3.0 s, 0.0 W, [1.1, 0.9] -> 4.0 J, 1.0 s, 0.0 W, [0.9, 1.1] -> 1.0 J, 1.0 s, 0.0 W>
  power.layer "y" costs <[0.9, 0.9] -> 2.0 J, 3.0 s, 0.0 W, [1.1, 0.9] -> 4.0 J, 1.0 s, 0.0 W>
  return
}
