// Options as they are printed: all that isn't given still isn't, and numbers are as many
// digits as say the same. That what is printed can be read is tested in tools/options.test.
// RUN: pf-opt %s --power-assign-target --power-form-layers --power-select-states --power-insert-states --power-verify-schedule --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=UNSET
// RUN: pf-opt %s --pass-pipeline="builtin.module(power-assign-target{levels-v=0.9,1.1,1.2000000000000002 max-rails=2 gating=none gating-granularity=3 transition-energy-j=1.2345678901234567e-10 transition-time-s=0 sleep-power-w=1e-50 banks=ifmap:3,rram:4 reduction-chunk=8},power-select-states{fps=0.1 time-limit-s=1e3 gap=0.30000000000000004 memory-limit-bytes=1 threads=2 search=greedy})" --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=GIVEN
//
// `unset` says that nothing is given.
// RUN: pf-opt %s --powerflow-schedule="fps=10 period-s=unset max-rails=unset gating=unset" > %t.unset
// RUN: pf-opt %s --powerflow-schedule="fps=10" | diff %t.unset -
//
// Zero is a cost like any other.
// RUN: pf-opt %s --power-assign-target="transition-energy-j=0 sleep-power-w=0" | FileCheck %s --check-prefix=ZERO
//
// The help has each option's unit, and what can be searched with.
// RUN: pf-opt --help | FileCheck %s --check-prefix=HELP

// UNSET: power-assign-target{awake-power-w=unset dispatch-time-s=unset function= gating=unset gating-granularity=unset margin=unset max-rails=unset rail-power-w=unset reduction-chunk=unset sleep=true sleep-power-w=unset target= transition-energy-j=unset transition-time-s=unset}
// UNSET: power-form-layers{allow-uncosted=false list-vector-work=false skip-vector-layers=false}
// UNSET: power-select-states{fps=unset gap=0 memory-limit-bytes=4000000000 period-s=unset search=exact threads=1 time-limit-s=unset}
// UNSET: power-verify-schedule{prove-bound=false}

// GIVEN: power-assign-target{awake-power-w=unset banks={ifmap:3,rram:4} dispatch-time-s=unset function= gating=none gating-granularity=3 levels-v={0.9,1.1,1.2000000000000002} margin=unset max-rails=2 rail-power-w=unset reduction-chunk=8 sleep=true sleep-power-w=1e-50 target= transition-energy-j=1.2345678901234568e-10 transition-time-s=0}
// GIVEN: power-select-states{fps=0.1 gap=0.30000000000000004 memory-limit-bytes=1 period-s=unset search=greedy threads=2 time-limit-s=1000}

// ZERO: power.transition energy_j 0.000000e+00 time_s 1.5
// ZERO: power.sleep_state @sleep power_w 0.000000e+00

// HELP-LABEL: --power-select-states
// HELP: --fps=<number> - Inferences a second [1/s]
// HELP: --memory-limit-bytes=<number> {{.*}} [bytes]
// HELP: --period-s=<number> - From one inference to the next [s]
// HELP: --search=<search> - How to search
// HELP-NEXT: =exact - proves that no schedule costs less
// HELP-NEXT: =lambda-dp - the heuristic of PowerFlow-DNN
// HELP-NEXT: =lambda-dp-unrefined
// HELP-NEXT: =greedy
// HELP-NEXT: =nominal
// HELP-NEXT: --threads=<number>
// HELP: --time-limit-s=<number> {{.*}} [s]
// HELP-LABEL: --powerflow-schedule
// HELP: --gating=<mode> {{.*}}: none, sram, bank
// HELP: --levels-v=<number> {{.*}} [V]
// HELP: --search=<search>
// HELP-NEXT: =exact
// HELP: --sleep-power-w=<number> {{.*}} [W]
// HELP: --transition-energy-j=<number> {{.*}} [J]
// HELP: --transition-time-s=<number> {{.*}} [s]
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}
