// Nominal voltage, 1.1 V, is none of the levels asked for: no baseline, but still what
// it would cost. Greedy starts from there, and is left out. So does the default period.
// RUN: pf-opt %s --powerflow-schedule="levels-v=0.9,1.0 period-s=1e-3" | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule="levels-v=0.9,1.0 period-s=1e-3 gating=none" | FileCheck %s --check-prefix=UNGATED
// RUN: not pf-opt %s --powerflow-schedule="levels-v=0.9,1.0" 2>&1 | FileCheck %s --check-prefix=PERIOD

// CHECK: power.schedule
// CHECK-NOT: baselines_j
// CHECK-SAME: references {nominal = {differs_in = ["gating", "levels"], energy_j = {{[^ ]+}} : f64}, nominal_gated = {differs_in = ["levels"], energy_j = {{[^ ]+}} : f64}}
// UNGATED: power.schedule
// UNGATED-NOT: baselines_j
// UNGATED-SAME: references {nominal = {differs_in = ["levels"], energy_j = {{[^ ]+}} : f64}}
// PERIOD: remark: no period given: taking the time at nominal voltage, [[TIME:.*]] s
// PERIOD: error: {{.*}} can't run every [[TIME]] s
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 256, n = 10>
  return
}
