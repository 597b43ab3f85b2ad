// Layers that not all periods run: energy is what a period takes in the mean, and the
// deadline is kept by one that runs all of them.
//
// By hand: half of the periods end after the first layer. At 9 s there is time for both
// layers to be slow, and for the change of level, no more. One period in two takes the
// second layer. Slow, it costs 1 J; fast 4 J.
// RUN: pf-opt %s --powerflow-schedule="period-s=9" | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule="period-s=9" | pf-opt --power-verify-schedule=prove-bound=true | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule="period-s=9" | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON
// RUN: pf-opt %s --powerflow-schedule="period-s=9" | pf-translate --power-to-table | FileCheck %s --check-prefix=TABLE
// RUN: pf-opt %s --powerflow-schedule="period-s=9" | pf-translate --power-to-csv | FileCheck %s --check-prefix=CSV
//
// Where all periods run the second layer, it is the cheaper one to slow down; where few
// do, the first is.
// RUN: pf-opt %s --powerflow-schedule="period-s=7" | FileCheck %s --check-prefix=RARE
// RUN: pf-opt %s --powerflow-schedule="period-s=7 probabilities=second:1" | FileCheck %s --check-prefix=ALWAYS
// RUN: pf-opt %s --powerflow-schedule="period-s=7 probabilities=second:0" | FileCheck %s --check-prefix=NEVER
//
// By hand, from the pipeline's result.
// RUN: pf-opt %s --powerflow-schedule="period-s=9" > %t.mlir
// RUN: sed -e 's/ early_tail @t::@off//' %t.mlir | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NO-TAIL
// RUN: sed -e 's/early_tail @t::@off/early_tail @t::@light/' %t.mlir | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=OTHER-TAIL
// RUN: sed -e 's/probability 5.0*e-01/probability 6.0e-01/' %t.mlir | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=PROBABILITY
// RUN: sed -e 's/ probability 5.0*e-01//' %t.mlir | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: sed -e 's/entry_time_s 5.0*e-01/entry_time_s 9.0/' %t.mlir | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NO-TIME
//
// What can't be.
// RUN: not pf-opt %s --powerflow-schedule="period-s=9 sleep=false" 2>&1 | FileCheck %s --check-prefix=AWAKE
// RUN: not pf-opt %s --powerflow-schedule="period-s=9 probabilities=forth:0.5" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not pf-opt %s --powerflow-schedule="period-s=9 probabilities=third:0.75" 2>&1 | FileCheck %s --check-prefix=RISES
// RUN: not pf-opt %s --powerflow-schedule="period-s=9 probabilities=first:0.75" 2>&1 | FileCheck %s --check-prefix=FIRST
// RUN: not pf-opt %s --powerflow-schedule="probabilities=second:1.5" 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not pf-opt %s --powerflow-schedule="probabilities=second" 2>&1 | FileCheck %s --check-prefix=NO-NUMBER

// 2 + 0.5 * (1 + 0) for the layers; asleep early 0.5 * (0.25 + 0.125 * (9 - 1 - 4)); the
// others idle 0.5 * 0.1 * (9 - 8) = 0.05 at the power of the last layer.
// CHECK: power.layer "first" {{.*}} state <[9.000000e-01]
// CHECK: power.layer "second" {{.*}} probability 5.000000e-01 state <[9.000000e-01]
// CHECK: power.layer "third" {{.*}} state <[9.000000e-01]
// CHECK-NOT: probability
// CHECK: power.schedule of @net
// CHECK-SAME: energy_j 2.925000e+00 lower_bound_j 2.925000e+00 active_time_s 8.000000e+00 early_tail @t::@off
// CHECK-SAME: energy_split_j [1.9{{[^,]*}}, {{0.6|6.0}}

// JSON: "probability": 1,
// JSON: "probability": 0.5,
// JSON: "probability": 0.5,
// JSON: "early_tail": "off"
// TABLE: to the end 50.0 % of the periods; the others are asleep in @off
// TABLE: energy 2.925 J a period in the mean
// TABLE: layer {{.*}} periods
// TABLE: first {{.*}} 100.0 %
// TABLE: second {{.*}} 50.0 %
// CSV: transition_energy_j,probability
// CSV: second,{{.*}},0.5

// RARE: "first" {{.*}} state <[9.000000e-01]
// RARE: "second" {{.*}} state <[1.100000e+00]
// ALWAYS: "first" {{.*}} state <[1.100000e+00]
// ALWAYS: "second" {{.*}} probability 1.000000e+00 state <[9.000000e-01]
// ALWAYS-NOT: early_tail
// NEVER: "second" {{.*}} probability 0.000000e+00

// NO-TAIL: error: 'power.schedule' op expects an 'early_tail', because some periods end early
// OTHER-TAIL: error: 'power.schedule' op expects 'early_tail' to be the sleep state that draws least, but got @light where there is @off
// PROBABILITY: error: 'power.schedule' op says the energy is 2.925 J, but it is 2.96 J
// NONE: error: 'power.schedule' op expects no 'early_tail', because all layers run in all periods, but got @t::@off
// NO-TIME: error: 'power.layer' op expects time for @off after it, in which periods wait that end early, but it takes 9.5 s to enter and leave, and 5 s are left
// AWAKE: error: 'func.func' op expects a power.sleep_state of target @t for periods that end early, as the probability of a layer says that some do
// UNKNOWN: error: 'func.func' op expects option 'probabilities' to name a layer, but got 'forth'
// RISES: error: 'power.layer' op expects 'probability' to be at most 0.5, that of the layer before, but got 0.75
// FIRST: error: 'power.layer' op expects 'probability' to be 1, as every period runs the first layer, but got 0.75
// OPTION: for the --probabilities option: expects layer:number with a number from 0 to 1, but got 'second:1.5'
// NO-NUMBER: for the --probabilities option: expects layer:number with a number from 0 to 1, but got 'second'

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.0 time_s 0.0
  power.sleep_state @light power_w 0.25 entry_energy_j 0.0 entry_time_s 0.0 exit_energy_j 0.0 exit_time_s 0.0
  power.sleep_state @off power_w 0.125 entry_energy_j 0.125 entry_time_s 0.5 exit_energy_j 0.125 exit_time_s 0.5
}
func.func @net() {
  power.layer "first" costs <[0.9] -> 2.0 J, 4.0 s, 0.1 W, [1.1] -> 3.5 J, 2.0 s, 0.2 W>
  power.layer "second" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.75 J, 2.0 s, 0.2 W> probability 0.5
  power.layer "third" costs <[0.9] -> 0.0 J, 0.0 s, 0.1 W, [1.1] -> 0.0 J, 0.0 s, 0.2 W>
  return
}
