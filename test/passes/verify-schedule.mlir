// A schedule as the pipeline leaves it, and the same after each thing that a hand
// could do to it.
// RUN: pf-opt %s --power-verify-schedule | FileCheck %s
// RUN: sed -e 's/period_s 7.0/period_s 6.0/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=TIME
// RUN: sed -e 's/time_s 5.0e-1/time_s 1.5/; s/period_s 7.0/period_s 6.0/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=TIME
// RUN: sed -e 's/time_s 5.0e-1/time_s 0.0/; s/period_s 7.0/period_s 6.0/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=DEADLINE
// RUN: sed -e '/power.set_state .* to .1.1./d' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=STATE
// RUN: sed -e '/power.set_state .* to .0.9./d' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=START
// RUN: sed -e 's/energy_j = 2.0,/energy_j = 1.9,/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=ENERGY
// RUN: sed -e 's/time_s = 2.0,/time_s = 1.9,/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=LAYER-TIME
// RUN: sed -e 's/leakage_w = 0.2/leakage_w = 0.3/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=LEAKAGE
// RUN: sed -e 's/ energy_j 3.6/ energy_j 3.5/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=TOTAL
// RUN: sed -e 's/lower_bound_j 3.6/lower_bound_j 3.7/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=BOUND
// RUN: sed -e 's/active_time_s 6.5/active_time_s 6.4/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=ACTIVE
// RUN: sed -e 's/rails_v .0.9, 1.1./rails_v [0.9]/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=RAILS
// RUN: sed -e 's/max_rails 2/max_rails 1/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=MAX
// RUN: sed -e 's/0.8, 0.5, 0.1\]/0.8, 0.4, 0.2]/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=SPLIT
// RUN: sed -e '/power.idle/d' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=END
// RUN: sed -e 's/power.idle/power.sleep @t::@off/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=TAIL
// RUN: sed -e 's/power.idle/power.sleep @t::@off/; s/energy_split_j/tail @t::@off energy_split_j/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=OVERHEAD
// RUN: sed -e 's/^\(  power.idle .*\)/\1\n\1/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: sed -e 's/^  power.layer "second"/  power.idle time_s 2.5\n&/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=AFTER
// RUN: sed -e '/^power.schedule/,$d' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: sed -e 's/ state <.1.1.*//' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NO-STATE

// CHECK: power.schedule of @net

// TIME: error: 'power.idle' op says its time is {{.*}} s, but it is 0 s
// DEADLINE: error: 'power.schedule' op misses its deadline: it takes 6.5 s of a period of 6 s
// STATE: error: 'power.layer' op says domain @core is at 1.1 V, but it is at 0.9 V
// START: error: 'power.layer' op expects a power.set_state of domain @core before it
// ENERGY: error: 'power.layer' op says its energy is 1.9 J, but it is 2 J
// LAYER-TIME: error: 'power.layer' op says its time is 1.9 s, but it is 2 s
// LEAKAGE: error: 'power.layer' op says its leakage power is 0.3 W, but it is 0.2 W
// TOTAL: error: 'power.schedule' op says the energy is 3.5 J, but it is 3.6 J
// BOUND: error: 'power.schedule' op says no schedule costs less than 3.7 J, but this one costs 3.6 J
// ACTIVE: error: 'power.schedule' op says the active time is 6.4 s, but it is 6.5 s
// RAILS: error: 'power.schedule' op expects every voltage in use among its rails, but got 1.1 V
// MAX: error: 'power.schedule' op expects at most 1 rails, but got 2
// SPLIT: error: 'power.schedule' op says the transition energy is 0.4 J, but it is 0.5 J
// END: error: 'power.schedule' op expects a power.idle or power.sleep at the end of its function
// TAIL: error: 'power.sleep' op is not the end of the period that the schedule speaks of
// OVERHEAD: error: 'power.sleep' op takes 1 s to enter and leave, but only 0.5 s are left
// TWICE: error: 'power.idle' op expects to be the only end of the period
// AFTER: error: 'power.layer' op expects to come before the end of the period
// NONE: error: 'func.func' op expects a power.schedule; power-select-states finds one
// NO-STATE: error: 'power.layer' op expects a state

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.5 time_s 0.5
  power.sleep_state @off power_w 0.0
}
func.func @net() {
  power.set_state [@t::@core] to [0.9]
  power.layer "first" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 3.0 J, 2.0 s, 0.2 W> state <[0.9], energy_j = 1.0, time_s = 4.0, leakage_w = 0.1>
  power.set_state [@t::@core] to [1.1]
  power.layer "second" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.0 J, 2.0 s, 0.2 W> state <[1.1], energy_j = 2.0, time_s = 2.0, leakage_w = 0.2>
  power.idle time_s 5.0e-1
  return
}
power.schedule of @net on @t search "by hand" period_s 7.0 rails_v [0.9, 1.1]
  energy_j 3.6 lower_bound_j 3.6 active_time_s 6.5
  energy_split_j [2.2, 0.8, 0.5, 0.1]
