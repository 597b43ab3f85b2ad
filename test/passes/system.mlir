// Networks on the same rails. @often could run at 0.8 V, 1 J in 4 s; @seldom needs 1.0 V,
// 3 J. With one rail for both that is 1.0 V: 3 / 4 W, and a quarter of that.
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule | FileCheck %s
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule | pf-opt --power-verify-schedule=prove-bound=true | FileCheck %s
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule | pf-translate --power-to-table | FileCheck %s --check-prefix=TABLE
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule | pf-translate --power-to-csv | FileCheck %s --check-prefix=CSV
//
// The pipeline is its passes, and its result is a fixed point.
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule > %t.once
// RUN: pf-opt %t.once --powerflow-schedule | diff %t.once -
// RUN: pf-opt %S/Inputs/system.mlir --power-assign-target --power-form-layers --power-select-states --power-insert-states --power-verify-schedule | diff %t.once -
//
// With a rail for each.
// RUN: pf-opt %S/Inputs/system.mlir --powerflow-schedule=max-rails=2 | FileCheck %s --check-prefix=TWO
// On another target.
// RUN: sed -e 's/max_rails 1/max_rails 2/; s/on @t//' %S/Inputs/system.mlir | pf-opt --powerflow-schedule=target=t | FileCheck %s --check-prefix=TWO
//
// A period that one of them can't keep, and one that both can't on the same rail.
// RUN: sed -e 's/often period_s 4.0/often period_s 0.5/' %S/Inputs/system.mlir | not pf-opt --powerflow-schedule 2>&1 | FileCheck %s --check-prefix=ONE-LATE
// RUN: sed -e 's/.1.0. -> 3.0 J, 2.0 s, 0.0 W, .1.1. -> 4.0 J, 1.0 s, 0.0 W/[1.0] -> 3.0 J, 5.0 s, 0.0 W/; s/seldom period_s 4.0/seldom period_s 3.5/' %S/Inputs/system.mlir | not pf-opt --powerflow-schedule 2>&1 | FileCheck %s --check-prefix=BOTH-LATE
//
// What options a system does not take.
// RUN: not pf-opt %S/Inputs/system.mlir --powerflow-schedule=fps=1 2>&1 | FileCheck %s --check-prefix=FPS
// RUN: not pf-opt %S/Inputs/system.mlir --powerflow-schedule=function=often 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not pf-opt %S/Inputs/system.mlir --powerflow-schedule=search=greedy 2>&1 | FileCheck %s --check-prefix=SEARCH
// RUN: not pf-opt %S/Inputs/system.mlir --powerflow-schedule="fps=1 period-s=1" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: sed -e 's/@seldom period/@not_in_it period/' %S/Inputs/system.mlir | not pf-opt --powerflow-schedule 2>&1 | FileCheck %s --check-prefix=NOTHING
//
// By hand, from the pipeline's result.
// RUN: sed -e 's/power_w 9.375000e-01/power_w 9.0e-01/' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=POWER
// RUN: sed -e 's/lower_bound_w 9.375000e-01/lower_bound_w 9.5e-01/' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=BOUND
// RUN: sed -e 's/@both on @t rails_v .1.000000e+00./@both on @t rails_v [0.9]/' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=RAILS
// RUN: sed -e 's/@both on @t rails_v .1.000000e+00./@both on @t rails_v [0.9, 1.0]/' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: sed -e 's/network @often period_s 4.0*e+00/network @often period_s 5.0/' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=PERIOD
// RUN: sed -e 's/ rails_v .1.000000e+00. power_w 9.375000e-01 lower_bound_w 9.375000e-01//' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NOT-YET
// RUN: sed -e 's/ rails_v .1.000000e+00. power_w 9.375000e-01 lower_bound_w 9.375000e-01//' %t.once | not pf-translate --power-to-json 2>&1 | FileCheck %s --check-prefix=NOT-YET
// RUN: sed -e '/power.schedule of @seldom/d' %t.once | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=ONE-MISSING

// What takes one network says that there are more.
// RUN: not pf-translate --power-to-vcd %t.once 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: not pf-opt --power-tabulate-costs %t.once 2>&1 | FileCheck %s --check-prefix=ONE
// ONE: error: 'power.system' op expects to be of one network, as this takes one at a time, but @both is of 2

// CHECK: func.func @often() attributes {power.target = @t}
// CHECK: power.set_state [@t::@core] to [1.000000e+00]
// CHECK: power.layer "l" {{.*}} state <[1.000000e+00]
// CHECK: power.idle time_s 2.000000e+00
// CHECK: power.schedule of @often {{.*}} period_s 4.000000e+00 {{.*}} energy_j 3.000000e+00 lower_bound_j 3.000000e+00
// CHECK: func.func @seldom() attributes {power.target = @t}
// CHECK: power.schedule of @seldom {{.*}} energy_j 3.000000e+00
// CHECK: func.func @not_in_it() {
// CHECK: power.system @both on @t rails_v [1.000000e+00] power_w 9.375000e-01 lower_bound_w 9.375000e-01 {
// CHECK-NEXT: power.network @often period_s 4.000000e+00
// CHECK-NEXT: power.network @seldom period_s 4.000000e+00 share 2.500000e-01

// JSON: "system": "both",
// JSON-NEXT: "target": "t",
// JSON: "power_w": 0.9375,
// JSON-NEXT: "lower_bound_w": 0.9375,
// JSON-NEXT: "networks": [
// JSON: "share": 1,
// JSON-NEXT: "function": "often",
// JSON: "share": 0.25,
// JSON-NEXT: "function": "seldom",

// TABLE: System @both on @t
// TABLE: rails 1.00 V
// TABLE: power 937.500 mW on average
// TABLE: lower bound 937.500 mW: proven optimal
// TABLE: often 750.000 mW (80.0 %) in 100.0 % of the time
// TABLE: seldom 187.500 mW (20.0 %) in 25.0 % of the time
// TABLE: Schedule of @often on @t
// TABLE: Schedule of @seldom on @t

// CSV: network,layer,start_s
// CSV-NEXT: often,l,0
// CSV-NEXT: seldom,l,0

// TWO: power.schedule of @often {{.*}} rails_v [8.000000e-01] energy_j 1.000000e+00
// TWO: power.schedule of @seldom {{.*}} rails_v [1.000000e+00] energy_j 3.000000e+00
// TWO: power.system @both on @t rails_v [8.000000e-01, 1.000000e+00]

// ONE-LATE: error: 'func.func' op @often can't run every 5.000000e-01 s (2.00 fps): the fastest schedule on target @t takes 1.000000e+00 s (1.00 fps), 5.000e-01 s too long
// BOTH-LATE: error: 'power.system' op @both has no 1 levels of target @t on which all of its networks keep their periods, though each could by itself
// BOTH-LATE: note: they can with all periods 1.2500000000000000e+00 times as long

// FPS: error: 'power.network' op expects none of the options 'fps' and 'period-s', because @often has a period of its own
// FUNCTION: error: 'power.system' op expects no function to be named, as it says which are scheduled, but got @often
// SEARCH: error: 'power.system' op expects a search that proves optima, because its networks share their rails, but got 'greedy'
// TWICE: error: 'power.system' op expects one of the options 'fps' and 'period-s', but got both
// NOTHING: error: 'func.func' op expects a power.layer or a linalg operation, but got none

// POWER: error: 'power.system' op says the power is 0.9 W, but it is 0.9375 W
// BOUND: error: 'power.system' op says no rails take less than 0.95 W, but these take 0.9375 W
// RAILS: error: 'power.schedule' op expects rails of system @both, but got 1 V
// MANY: error: 'power.system' op expects at most 1 rails, but got 2
// PERIOD: error: 'power.schedule' op expects a period of 5 s, as system @both says, but got 4 s
// NOT-YET: error: 'power.system' op expects to be scheduled; power-select-states does that
// ONE-MISSING: error: 'func.func' op expects a power.schedule; power-select-states finds one
