// Options that don't go with the target, and every target that can't be had. What no
// option can be is in options-invalid.mlir.
// RUN: not pf-opt %s --power-assign-target="target=nowhere" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not pf-opt %s --power-assign-target="function=nobody" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not pf-opt %s --power-assign-target="function=empty" 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not pf-opt %s --power-assign-target="target=%S/Inputs/two.mlir" 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: not pf-opt %s --power-assign-target="target=%s.not" 2>&1 | FileCheck %s --check-prefix=UNKNOWN-FILE
// RUN: not pf-opt %s --power-assign-target="target=%S/Inputs" 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not pf-opt %s --power-assign-target="target=/dev/zero" 2>&1 | FileCheck %s --check-prefix=ENDLESS
// RUN: not pf-opt %s --power-assign-target="target=pf40 levels-v=0.9,1.4" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not pf-opt %s --power-assign-target="target=pf40 levels-v=0.9,0.9" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not pf-opt %s --power-assign-target="target=pf40 banks=sys:4" 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: not pf-opt %s --power-assign-target="target=matrix reduction-chunk=8" 2>&1 | FileCheck %s --check-prefix=CHUNK
// RUN: not pf-opt %s --power-assign-target="target=matrix levels-v=0.9,1.0" 2>&1 | FileCheck %s --check-prefix=MATRIX
// RUN: not pf-opt %s --power-assign-target="target=matrix transition-time-s=1.0" 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: not pf-opt %s --power-assign-target="target=pf40 sleep=false sleep-power-w=0" 2>&1 | FileCheck %s --check-prefix=ASLEEP

// UNKNOWN: error: unknown target 'nowhere': expects a power.target of the module, a file, or one of the built-in targets pf40, pf40_keep, gap8, gap9, marsellus, max78000, ndp120, rk3588, stm32n6
// FUNCTION: error: expects a function @nobody, but there is none
// EMPTY: error: 'func.func' op expects a power.layer or a linalg operation, but got none
// TWO: error: expects one power.target, but got 2
// UNKNOWN-FILE: error: unknown target
// FOLDER: error: expects target '{{.*}}Inputs' to be valid MLIR
// ENDLESS: error: expects the file of target '/dev/zero' to have at most 268435456 bytes, but got more
// RANGE: error: {{.*}}expects levels at which some domain can be, by its limits, its voltage-frequency law and its memories, but got 1.4 V
// TWICE: error: {{.*}}expects increasing levels, but got 0.9 after 0.9
// MEMORY: error: {{.*}}expects option 'banks' to name a memory, but got 'sys'
// CHUNK: error: {{.*}}expects the analytical cost model, which option 'reduction-chunk' speaks of
// MATRIX: error: {{.*}}expects to hold for level 1 V, which its matrix says nothing of
// ONE: error: {{.*}}expects options 'transition-energy-j' and 'transition-time-s' together, because its domains' costs differ
// ASLEEP: error: {{.*}}expects option 'sleep-power-w' only where it may sleep, but got sleep=false

power.target @matrix levels_v [0.9, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
  power.transition of @core energy_j [[0.0, 1.0], [2.0, 0.0]] time_s 1.0
}
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}
func.func @empty() {
  return
}
