// What a schedule is compared with is what the target allows, so that nothing it saves
// against is below the optimum. The rest is a reference, and says in what it differs.
// RUN: pf-opt %s -split-input-file --powerflow-schedule="prove-bound=true" | FileCheck %s

// Two rails. The greedy search gets the upper two of the lowest, the nominal and the
// highest level: 5 + 2 + 3 J. With all three it would be at 6 J, below the optimum of
// 1 + 5 + 3 J; nominal voltage is too slow.
// RUN: pf-opt %s -split-input-file --powerflow-schedule="search=greedy" | FileCheck %s --check-prefix=GREEDY
// CHECK: power.schedule of @two_rails {{.*}} rails_v [8.000000e-01, 1.000000e+00] energy_j 9.000000e+00
// CHECK-SAME: baselines_j {greedy = 1.000000e+01 : f64}{{$}}
// GREEDY: power.schedule of @two_rails {{.*}} rails_v [9.000000e-01, 1.000000e+00] energy_j 1.000000e+01
power.target @t levels_v [0.8, 0.9, 1.0] max_rails 2 {
  power.domain @core nominal_v 0.9
}
func.func @two_rails() attributes {power.period_s = 3.0} {
  power.layer "a" costs <[0.8] -> 1.0 J, 1.0 s, 0.0 W, [0.9] -> 5.0 J, 1.0 s, 0.0 W, [1.0] -> 6.0 J, 1.0 s, 0.0 W>
  power.layer "b" costs <[0.8] -> 1.0 J, 9.0 s, 0.0 W, [0.9] -> 2.0 J, 1.0 s, 0.0 W, [1.0] -> 5.0 J, 1.0 s, 0.0 W>
  power.layer "c" costs <[0.8] -> 1.0 J, 9.0 s, 0.0 W, [0.9] -> 1.0 J, 9.0 s, 0.0 W, [1.0] -> 3.0 J, 1.0 s, 0.0 W>
  return
}

// -----

// Three rails: the greedy search finds the optimum.
// CHECK: power.schedule of @three_rails {{.*}} energy_j 6.000000e+00
// CHECK-SAME: baselines_j {greedy = 6.000000e+00 : f64}{{$}}
// GREEDY: power.schedule of @three_rails {{.*}} energy_j 6.000000e+00
power.target @t levels_v [0.8, 0.9, 1.0] max_rails 3 {
  power.domain @core nominal_v 0.9
}
func.func @three_rails() attributes {power.period_s = 3.0} {
  power.layer "a" costs <[0.8] -> 1.0 J, 1.0 s, 0.0 W, [0.9] -> 5.0 J, 1.0 s, 0.0 W, [1.0] -> 6.0 J, 1.0 s, 0.0 W>
  power.layer "b" costs <[0.8] -> 1.0 J, 9.0 s, 0.0 W, [0.9] -> 2.0 J, 1.0 s, 0.0 W, [1.0] -> 5.0 J, 1.0 s, 0.0 W>
  power.layer "c" costs <[0.8] -> 1.0 J, 9.0 s, 0.0 W, [0.9] -> 1.0 J, 9.0 s, 0.0 W, [1.0] -> 3.0 J, 1.0 s, 0.0 W>
  return
}

// -----

// Nominal voltages that need more rails than there are: a reference, below the optimum
// of one rail. The transition counts.
// CHECK: power.schedule of @one_rail {{.*}} rails_v [9.000000e-01] energy_j 9.000000e+00
// CHECK-SAME: baselines_j {greedy = 9.000000e+00 : f64} references {nominal = {differs_in = ["rails"], energy_j = 4.000000e+00 : f64}}{{$}}
// GREEDY: power.schedule of @one_rail
power.target @t levels_v [0.8, 0.9] max_rails 1 {
  power.domain @a nominal_v 0.8
  power.domain @b nominal_v 0.9
}
func.func @one_rail() attributes {power.period_s = 3.0} {
  power.layer "l" costs <[0.8, 0.9] -> 4.0 J, 1.0 s, 0.0 W, [0.9, 0.9] -> 9.0 J, 1.0 s, 0.0 W>
  return
}

// -----

// All banks on is nothing that a target with gating allows. Gates cost something, and
// so few banks that there is little to gate: without them it is cheaper.
// CHECK: power.schedule of @gated {{.*}} energy_j [[BEST:[^ ]+]] lower_bound_j
// CHECK-SAME: baselines_j {greedy_gated = [[BEST]] : f64, nominal_gated = {{[^ ]+}} : f64}
// CHECK-SAME: references {greedy = {differs_in = ["gating"], energy_j = {{[^ ]+}} : f64}, nominal = {differs_in = ["gating"], energy_j = {{[^ ]+}} : f64}}
// GREEDY: power.schedule of @gated
func.func @gated() attributes {power.period_s = 1.0e-3} {
  power.layer "l" workload #power.matmul<m = 1, k = 256, n = 10>
  return
}
