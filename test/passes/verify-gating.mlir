// The banks that are powered, too, are checked.
// RUN: pf-opt %s --powerflow-schedule=banks=rram:4 | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule=banks=rram:4 | sed -e 's/@pf40_keep::@rram. powered .1.000000e+00, 1.000000e+00, 1.500000e+00/@pf40_keep::@rram] powered [1.000000e+00, 1.000000e+00, 1.000000e+00/' | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: pf-opt %s --powerflow-schedule=banks=rram:4 | sed -e '/gate_banks/d' | not pf-opt --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: pf-opt %s --powerflow-schedule=gating=none | FileCheck %s --check-prefix=UNGATED

// CHECK: power.gate_banks [@pf40_keep::@ifmap, @pf40_keep::@ofmap, @pf40_keep::@rram] powered [1.000000e+00, 1.000000e+00, 1.500000e+00]
// CHECK-NEXT: power.layer "conv"
// CHECK: power.gate_banks [@pf40_keep::@ofmap, @pf40_keep::@rram] powered [1.300000e+01, 1.000000e+00]
// CHECK-NEXT: power.layer "product"
// COUNT: error: 'power.layer' op expects 1.5 banks of @rram to be powered, but got 1
// MISSING: error: 'power.layer' op expects a power.gate_banks of @ifmap before it
// UNGATED-NOT: power.gate_banks
func.func @net() attributes {power.period_s = 1.0} {
  power.layer "conv" workload #power.conv2d<input = [8, 8, 8], output_channels = 8, kernel = [3, 3]>
  power.layer "product" workload #power.matmul<m = 1024, k = 8, n = 200>
  return
}
