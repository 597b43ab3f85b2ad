// What a schedule says that simpler policies cost, and the same after each thing that a
// hand could do to it.
// RUN: pf-opt %s --power-verify-schedule | FileCheck %s
// RUN: sed -e 's/greedy = 3.6/greedy = 3.7/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=GREEDY
// RUN: sed -e 's/nominal = 5.3/nominal = 5.4/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NOMINAL
// RUN: sed -e 's/nominal = 5.3/best = 5.3/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: sed -e 's/nominal = 5.3/nominal_gated = 5.3/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=GATED
// RUN: sed -e 's/nominal_v 1.1/nominal_v 0.9/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=SLOW
// RUN: sed -e 's/greedy = 3.6, nominal = 5.3}/greedy = 3.6} references {nominal = {differs_in = ["rails"], energy_j = 5.3}}/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NO-REFERENCE
// RUN: sed -e 's/nominal_v 1.1/nominal_v 1.0/' %s | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=LEVELS
//
// Of the network on a target that gates banks.
// RUN: pf-opt %s --powerflow-schedule="function=gated target=pf40" -o %t.gated
// RUN: pf-opt %t.gated --power-verify-schedule | diff %t.gated -
// RUN: sed -e 's/references {greedy = {differs_in = ."gating". *, energy_j = [^ ]*/references {greedy = {differs_in = ["gating"], energy_j = 1.0/' %t.gated | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=REFERENCE
// RUN: sed -e 's/"gating"/"levels"/' %t.gated | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=DIFFERENCE
// RUN: sed -e 's/greedy_gated = /greedy = /' %t.gated | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=NO-BASELINE
//
// The lower bound is believed, unless it is to be proven: the optimum is 3.6 J.
// RUN: pf-opt %s --power-verify-schedule=prove-bound=true | FileCheck %s
// RUN: sed -e 's/lower_bound_j 3.6/lower_bound_j 3.5/' %s | pf-opt --power-verify-schedule=prove-bound=true | FileCheck %s
//
// RUN: sed -e 's/off power_w 0.0/off power_w 1.0e-70/; s/greedy = 3.6, //' %s | not pf-opt --power-verify-schedule=prove-bound=true 2>&1 | FileCheck %s --check-prefix=TINY
// TINY: error: 'power.schedule' op is of no scheduling problem: sleep state 0, power_w: expected 0 or a number from 1e-60 to 1e60, but got 1e-70
//
// At nominal voltage, 5.3 J, said to be optimal.
// RUN: pf-opt %s --powerflow-schedule="function=net target=t search=nominal" | sed -e 's/lower_bound_j [^ ]*/lower_bound_j 5.3/' > %t.nominal
// RUN: pf-opt %t.nominal --power-verify-schedule | FileCheck %s --check-prefix=BELIEVED
// RUN: not pf-opt %t.nominal --power-verify-schedule=prove-bound=true 2>&1 | FileCheck %s --check-prefix=OPTIMUM

// CHECK: power.schedule of @net
// GREEDY: error: 'power.schedule' op says baseline 'greedy' costs 3.7 J, but it costs 3.6 J
// NOMINAL: error: 'power.schedule' op says baseline 'nominal' costs 5.4 J, but it costs 5.3 J
// UNKNOWN: error: 'power.schedule' op expects its baselines to be nominal, greedy or, where target @t gates banks, nominal_gated or greedy_gated, but got 'best'
// GATED: error: 'power.schedule' op expects its baselines to be nominal, greedy or, where target @t gates banks, nominal_gated or greedy_gated, but got 'nominal_gated'
// SLOW: error: 'power.schedule' op says baseline 'nominal' costs 5.3 J, but it is not known to keep the deadline
// NO-REFERENCE: error: 'power.schedule' op says reference 'nominal' differs in [rails] from what target @t allows, but it differs in []
// LEVELS: error: 'power.schedule' op says baseline 'greedy' differs in [] from what target @t allows, but it differs in [levels]
// REFERENCE: error: 'power.schedule' op says reference 'greedy' costs 1 J, but it costs {{.*}} J
// DIFFERENCE: error: 'power.schedule' op says reference 'greedy' differs in [levels] from what target @pf40 allows, but it differs in [gating]
// NO-BASELINE: error: 'power.schedule' op says baseline 'greedy' differs in [] from what target @pf40 allows, but it differs in [gating]
// BELIEVED: lower_bound_j 5.3
// OPTIMUM: error: 'power.schedule' op says no schedule costs less than 5.3 J, but what the exact search proves is 3.6 J

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.transition energy_j 0.5 time_s 0.5
  power.sleep_state @off power_w 0.0 entry_energy_j 0.1 entry_time_s 1.0 exit_energy_j 0.2 exit_time_s 1.0
}
func.func @net() attributes {power.target = @t, power.period_s = 7.0} {
  power.set_state [@t::@core] to [0.9]
  power.layer "first" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 3.0 J, 2.0 s, 0.2 W> state <[0.9], energy_j = 1.0, time_s = 4.0, leakage_w = 0.1>
  power.set_state [@t::@core] to [1.1]
  power.layer "second" costs <[0.9] -> 1.0 J, 4.0 s, 0.1 W, [1.1] -> 2.0 J, 2.0 s, 0.2 W> state <[1.1], energy_j = 2.0, time_s = 2.0, leakage_w = 0.2>
  power.idle time_s 5.0e-1
  return
}
func.func @gated() attributes {power.period_s = 1.0e-3} {
  power.layer "l" workload #power.matmul<m = 1, k = 256, n = 10>
  return
}
power.schedule of @net on @t search "by hand" period_s 7.0 rails_v [0.9, 1.1]
  energy_j 3.6 lower_bound_j 3.6 active_time_s 6.5
  energy_split_j [2.2, 0.8, 0.5, 0.1]
  baselines_j {greedy = 3.6, nominal = 5.3}
