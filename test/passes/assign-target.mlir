// RUN: pf-opt %s -split-input-file --power-assign-target | FileCheck %s
// RUN: pf-opt %s -split-input-file --power-assign-target="target=%S/Inputs/small.mlir" | FileCheck %s --check-prefix=FILE
// RUN: pf-opt %s -split-input-file --power-assign-target="target=pf40 levels-v=1.1,0.9 max-rails=2 gating=sram gating-granularity=4 transition-energy-j=2.0e-9 transition-time-s=3.0e-7 sleep-power-w=4.0e-6 banks=ifmap:5,rram:7 reduction-chunk=576" | FileCheck %s --check-prefix=OPTIONS
// RUN: pf-opt %s -split-input-file --power-assign-target="target=pf40 sleep=false transition-time-s=3.0e-7" | FileCheck %s --check-prefix=AWAKE

// Without a target: the built-in one.

// CHECK: power.target @pf40_keep levels_v [9.000000e-01, {{.*}}, 1.300000e+00] max_rails 3 gating <bank>
// CHECK-LABEL: func.func @net() attributes {power.target = @pf40_keep}
// FILE: power.target @small levels_v [9.000000e-01, 1.100000e+00] max_rails 2
// FILE: func.func @net() attributes {power.target = @small}

// OPTIONS: power.target @pf40 levels_v [9.000000e-01, 1.100000e+00] max_rails 2 gating <sram, granularity = 4>
// OPTIONS-SAME: reduction_chunk = 576
// OPTIONS: power.memory @ifmap {{.*}} banks 5
// OPTIONS: power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.000000e-05{{$}}
// OPTIONS: power.memory @rram {{.*}} banks 7
// OPTIONS-NOT: @off
// OPTIONS: power.transition energy_j 2.000000e-09 time_s 3.000000e-07
// OPTIONS-NEXT: power.sleep_state @sleep power_w 4.000000e-06

// AWAKE-LABEL: power.target
// AWAKE: power.transition energy_j 1.000000e-10 time_s 3.000000e-07
// AWAKE-NOT: power.sleep_state
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}

// -----

// With one: that.

// CHECK: power.target @own
// CHECK-NOT: power.target
// CHECK: func.func @net() attributes {power.target = @own}
power.target @own levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() {
  power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
  return
}

// -----

// With several: the one that the function names.

// CHECK: func.func @net() attributes {power.target = @second}
power.target @first levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
power.target @second levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
func.func @net() attributes {power.target = @second} {
  power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
  return
}

// -----

// One function of a module is scheduled; the schedule of another goes.

// CHECK-LABEL: func.func @before() {
// CHECK-LABEL: func.func @after() attributes {power.target = @t}
// CHECK-NOT: power.schedule
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
func.func @before() {
  return
}
power.schedule of @before on @t search "exact" period_s 5.0 rails_v [0.9]
  energy_j 1.4 lower_bound_j 1.4 active_time_s 1.0 energy_split_j [0.9, 0.1, 0.0, 0.4]
func.func @after() {
  power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
  return
}
