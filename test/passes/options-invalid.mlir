// What no option can be, whatever the module: refused where the option is read, with its
// name, what was expected and what was got. A value that isn't given is not given, and
// no number stands for that.
//
// RUN: not pf-opt %s --power-assign-target="levels-v=0.9,-1.1" 2>&1 | FileCheck %s -DNAME=levels-v -DGOT=-1.1 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-assign-target="levels-v=0" 2>&1 | FileCheck %s -DNAME=levels-v -DGOT=0 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-assign-target="levels-v=nan" 2>&1 | FileCheck %s -DNAME=levels-v -DGOT=nan --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="fps=0" 2>&1 | FileCheck %s -DNAME=fps -DGOT=0 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="fps=-1" 2>&1 | FileCheck %s -DNAME=fps -DGOT=-1 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="fps=inf" 2>&1 | FileCheck %s -DNAME=fps -DGOT=inf --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="fps=" 2>&1 | FileCheck %s -DNAME=fps -DGOT= --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="period-s=0" 2>&1 | FileCheck %s -DNAME=period-s -DGOT=0 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="period-s=nan" 2>&1 | FileCheck %s -DNAME=period-s -DGOT=nan --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="period-s=soon" 2>&1 | FileCheck %s -DNAME=period-s -DGOT=soon --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="time-limit-s=0" 2>&1 | FileCheck %s -DNAME=time-limit-s -DGOT=0 --check-prefix=POSITIVE
// RUN: not pf-opt %s --power-select-states="time-limit-s=-1" 2>&1 | FileCheck %s -DNAME=time-limit-s -DGOT=-1 --check-prefix=POSITIVE
// POSITIVE: for the --[[NAME]] option: expects a finite number above 0, but got '[[GOT]]'
//
// RUN: not pf-opt %s --power-assign-target="transition-energy-j=-1" 2>&1 | FileCheck %s -DNAME=transition-energy-j -DGOT=-1 --check-prefix=NEGATIVE
// RUN: not pf-opt %s --power-assign-target="transition-energy-j=nan" 2>&1 | FileCheck %s -DNAME=transition-energy-j -DGOT=nan --check-prefix=NEGATIVE
// RUN: not pf-opt %s --power-assign-target="transition-time-s=-1" 2>&1 | FileCheck %s -DNAME=transition-time-s -DGOT=-1 --check-prefix=NEGATIVE
// RUN: not pf-opt %s --power-assign-target="transition-time-s=inf" 2>&1 | FileCheck %s -DNAME=transition-time-s -DGOT=inf --check-prefix=NEGATIVE
// RUN: not pf-opt %s --power-assign-target="sleep-power-w=-1" 2>&1 | FileCheck %s -DNAME=sleep-power-w -DGOT=-1 --check-prefix=NEGATIVE
// RUN: not pf-opt %s --power-assign-target="sleep-power-w=inf" 2>&1 | FileCheck %s -DNAME=sleep-power-w -DGOT=inf --check-prefix=NEGATIVE
// NEGATIVE: for the --[[NAME]] option: expects a finite number that is not negative, but got '[[GOT]]'
//
// RUN: not pf-opt %s --power-assign-target="max-rails=0" 2>&1 | FileCheck %s -DNAME=max-rails -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="max-rails=-1" 2>&1 | FileCheck %s -DNAME=max-rails -DGOT=-1 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="max-rails=2.5" 2>&1 | FileCheck %s -DNAME=max-rails -DGOT=2.5 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="gating-granularity=0" 2>&1 | FileCheck %s -DNAME=gating-granularity -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="gating-granularity=-2" 2>&1 | FileCheck %s -DNAME=gating-granularity -DGOT=-2 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="reduction-chunk=0" 2>&1 | FileCheck %s -DNAME=reduction-chunk -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --power-assign-target="reduction-chunk=-8" 2>&1 | FileCheck %s -DNAME=reduction-chunk -DGOT=-8 --check-prefix=COUNT
// RUN: not pf-opt %s --power-select-states="threads=0" 2>&1 | FileCheck %s -DNAME=threads -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --power-select-states="memory-limit-bytes=0" 2>&1 | FileCheck %s -DNAME=memory-limit-bytes -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --power-select-states="memory-limit-bytes=99999999999999999999" 2>&1 | FileCheck %s -DNAME=memory-limit-bytes -DGOT=99999999999999999999 --check-prefix=COUNT
// COUNT: for the --[[NAME]] option: expects a whole number of at least 1, but got '[[GOT]]'
//
// RUN: not pf-opt %s --power-select-states="gap=1" 2>&1 | FileCheck %s -DNAME=gap -DGOT=1 --check-prefix=FRACTION
// RUN: not pf-opt %s --power-select-states="gap=-0.1" 2>&1 | FileCheck %s -DNAME=gap -DGOT=-0.1 --check-prefix=FRACTION
// RUN: not pf-opt %s --power-select-states="gap=nan" 2>&1 | FileCheck %s -DNAME=gap -DGOT=nan --check-prefix=FRACTION
// RUN: not pf-opt %s --power-select-states="gap=unset" 2>&1 | FileCheck %s -DNAME=gap -DGOT=unset --check-prefix=FRACTION
// FRACTION: for the --[[NAME]] option: expects a number of at least 0 and less than 1, but got '[[GOT]]'
//
// RUN: not pf-opt %s --power-assign-target="gating=all" 2>&1 | FileCheck %s --check-prefix=GATING
// GATING: for the --gating option: expects none, sram or bank, but got 'all'
//
// RUN: not pf-opt %s --power-select-states="search=best" 2>&1 | FileCheck %s --check-prefix=SEARCH
// SEARCH: for the --search option: expects exact, lambda-dp, lambda-dp-unrefined, greedy or nominal, but got 'best'
//
// RUN: not pf-opt %s --power-assign-target="banks=ifmap" 2>&1 | FileCheck %s -DGOT=ifmap --check-prefix=BANKS
// RUN: not pf-opt %s --power-assign-target="banks=rram:3,ifmap:0" 2>&1 | FileCheck %s -DGOT=ifmap:0 --check-prefix=BANKS
// RUN: not pf-opt %s --power-assign-target="banks=:4" 2>&1 | FileCheck %s -DGOT=:4 --check-prefix=BANKS
// BANKS: for the --banks option: expects memory:number with a whole number of at least 1, but got '[[GOT]]'
//
// The pipeline reads them as its passes do.
// RUN: not pf-opt %s --powerflow-schedule="max-rails=0" 2>&1 | FileCheck %s -DNAME=max-rails -DGOT=0 --check-prefix=COUNT
// RUN: not pf-opt %s --powerflow-schedule="time-limit-s=0" 2>&1 | FileCheck %s -DNAME=time-limit-s -DGOT=0 --check-prefix=POSITIVE

func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}
