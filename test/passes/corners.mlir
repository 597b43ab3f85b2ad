// Dies that differ: one schedule for all of them, or one for each on the same rails.
//
// By hand. Of the 2 J at 0.9 V, 1 J is leakage, of the 4 J at 1.1 V also. In all corners a
// layer takes twice its time, that of @slow, and the leakage power is 7/8 in the mean: 1 +
// 1.75 J in 8 s at 0.9 V, 3 + 1.75 J in 4 s at 1.1 V.
// RUN: pf-opt %s --powerflow-schedule=period-s=6 | FileCheck %s --check-prefix=FAST
// RUN: pf-opt %s --powerflow-schedule=period-s=8 | FileCheck %s --check-prefix=SLOW
// RUN: pf-opt %s --powerflow-schedule=period-s=8 | pf-opt --power-verify-schedule=prove-bound=true | FileCheck %s --check-prefix=SLOW
// RUN: pf-opt %s --powerflow-schedule=period-s=8 | pf-translate --power-to-json | FileCheck %s --check-prefix=JSON
// RUN: pf-opt %s --powerflow-schedule=period-s=8 | pf-translate --power-to-table | FileCheck %s --check-prefix=TABLE
//
// Of its own, @slow takes 4 J at 1.1 V, and @typical 2 J at 0.9 V.
// RUN: pf-opt %s --powerflow-schedule="period-s=6 by-corner=true" | FileCheck %s --check-prefix=BINS
// RUN: pf-opt %s --powerflow-schedule="period-s=6 by-corner=true" | pf-opt --power-verify-schedule=prove-bound=true | FileCheck %s --check-prefix=BINS
// RUN: pf-opt %s --powerflow-schedule="period-s=6 by-corner=true" | not pf-opt --powerflow-schedule="period-s=6 by-corner=true" 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: 'func.func' op expects to run in all corners for option 'by-corner', but runs in @slow
// RUN: pf-opt %s --powerflow-schedule="period-s=6 by-corner=true" | pf-translate --power-to-json | FileCheck %s --check-prefix=BINS-JSON
// RUN: pf-opt %s --powerflow-schedule="period-s=6 by-corner=true" | pf-translate --power-to-table | FileCheck %s --check-prefix=BINS-TABLE
//
// A system's networks are split alike, with their shares and periods.
// RUN: sed -e 's/^.. SYSTEM: //' %s | pf-opt --powerflow-schedule="by-corner=true" | FileCheck %s --check-prefix=OF-SYSTEM
//
// The slowest decides what can't be kept.
// RUN: not pf-opt %s --powerflow-schedule=period-s=3 2>&1 | FileCheck %s --check-prefix=LATE
// RUN: not pf-opt %s --powerflow-schedule="period-s=3 by-corner=true" 2>&1 | FileCheck %s --check-prefix=BIN-LATE
//
// RUN: sed -e '/power.corner/d' %s | not pf-opt --powerflow-schedule="period-s=6 by-corner=true" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: sed -e 's/^.. CALL: //' %s | not pf-opt --powerflow-schedule="period-s=6 by-corner=true function=net" 2>&1 | FileCheck %s --check-prefix=CALLED
// RUN: not pf-opt %s --power-assign-target --power-tabulate-costs 2>&1 | FileCheck %s --check-prefix=TABULATE

// FAST: state <[1.100000e+00], energy_j = 4.750000e+00, time_s = 4.000000e+00, leakage_w = 4.375000e-01>
// FAST: energy_j 4.750000e+00 lower_bound_j 4.750000e+00 active_time_s 4.000000e+00
// SLOW: state <[9.000000e-01], energy_j = 2.750000e+00, time_s = 8.000000e+00, leakage_w = 2.187500e-01>
// SLOW: energy_j 2.750000e+00 lower_bound_j 2.750000e+00 active_time_s 8.000000e+00
// SLOW-SAME: baselines_j {greedy = 2.750000e+00 : f64, nominal = 4.750000e+00 : f64}
// JSON: "slowest_corner": "slow",
// TABLE: corners all; the slowest is @slow

// BINS: power.system @corners on @t rails_v [9.000000e-01, 1.100000e+00] power_w 0.41666666666666663
// BINS-NEXT: power.network @net_slow share 2.500000e-01
// BINS-NEXT: power.network @net_typical share 7.500000e-01
// BINS: func.func @net_slow() attributes {power.corner = @slow, power.target = @t}
// BINS: state <[1.100000e+00], energy_j = 4.000000e+00, time_s = 4.000000e+00, leakage_w = 2.500000e-01>
// BINS: power.schedule of @net_slow {{.*}} rails_v [1.100000e+00] energy_j 4.000000e+00
// BINS: func.func @net_typical() attributes {power.corner = @typical, power.target = @t}
// BINS: state <[9.000000e-01], energy_j = 2.000000e+00, time_s = 4.000000e+00, leakage_w = 2.500000e-01>
// BINS: power.schedule of @net_typical {{.*}} rails_v [9.000000e-01] energy_j 2.000000e+00
// BINS-JSON: "system": "corners",
// BINS-JSON: "corner": "slow",
// BINS-JSON: "corner": "typical",
// BINS-TABLE: corner @slow
// BINS-TABLE: corner @typical

// OF-SYSTEM: power.network @net_slow period_s 6.000000e+00 share 1.250000e-01
// OF-SYSTEM-NEXT: power.network @net_typical period_s 6.000000e+00 share 3.750000e-01

// LATE: error: 'func.func' op @net can't run every 3.000000e+00 s (0.33 fps): the fastest schedule on target @t takes 4.000000e+00 s (0.25 fps), 1.000e+00 s too long
// BIN-LATE: error: 'func.func' op @net_slow can't run every 3.000000e+00 s
// NONE: error: 'power.target' op expects a power.corner for option 'by-corner', but got none
// CALLED: error: 'func.func' op expects no uses, as there will be one for each corner instead
// CALLED: note: used here
// TABULATE: error: 'power.target' op expects nothing that a cost table can't speak of, but has corners, which would apply to it again

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
  power.sleep_state @off power_w 0.0
  power.corner @slow speed 0.5 leakage 0.5 weight 0.25
  power.corner @typical speed 1.0 leakage 1.0 weight 0.75
}
func.func @net() {
  power.layer "l" costs <[0.9] -> 2.0 J, 4.0 s, 0.25 W, [1.1] -> 4.0 J, 2.0 s, 0.5 W>
  return
}
// SYSTEM: power.system @s { power.network @net period_s 6.0 share 0.5 }
// CALL: func.func @caller() { func.call @net() : () -> () return }
