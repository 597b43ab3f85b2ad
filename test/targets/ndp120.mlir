// Two operating points, and nothing between them.
// RUN: pf-opt %S/Inputs/keyword_spotting.mlir --powerflow-schedule="target=ndp120 fps=760" | FileCheck %s --check-prefix=FAST
// RUN: pf-opt %S/Inputs/keyword_spotting.mlir --powerflow-schedule="target=ndp120 fps=20" | FileCheck %s --check-prefix=SLOW
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=ndp120 fps=150" | FileCheck %s --check-prefix=BOTH
// RUN: not pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=ndp120 fps=700" 2>&1 | FileCheck %s --check-prefix=LATE

// FAST: power.set_state [@ndp120::@core] to [1.100000e+00]
// FAST-NOT: power.set_state
// FAST: power.idle

// SLOW: power.set_state [@ndp120::@core] to [9.000000e-01]
// SLOW-NOT: power.set_state
// SLOW: power.sleep @ndp120::@memories_kept

// BOTH: power.set_state [@ndp120::@core] to [9.000000e-01]
// BOTH: power.set_state [@ndp120::@core] to [1.100000e+00]

// LATE: error: {{.*}}can't run every 1.428571e-03 s (700.00 fps)
