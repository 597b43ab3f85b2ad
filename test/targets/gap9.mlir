// One regulated voltage for cores and memories, and three states of sleep.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap9 fps=1600" | FileCheck %s --check-prefix=FAST
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap9 fps=1200" | FileCheck %s --check-prefix=BETWEEN
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap9 fps=100" | FileCheck %s --check-prefix=LIGHT
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap9 fps=10" | FileCheck %s --check-prefix=RETENTIVE
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap9 fps=0.1" | FileCheck %s --check-prefix=DEEP

// Both domains always have one voltage, and need no rail.
// FAST: power.set_state [@gap9::@cluster, @gap9::@soc] to [8.000000e-01, 8.000000e-01]
// FAST-NOT: power.set_state
// FAST: power.idle time_s
// FAST: power.schedule of @image_classification on @gap9
// FAST-SAME: rails_v []

// BETWEEN: power.set_state [@gap9::@cluster, @gap9::@soc] to [0.69999999999999996, 0.69999999999999996]
// BETWEEN: power.idle time_s

// LIGHT: power.set_state [@gap9::@cluster, @gap9::@soc] to [6.500000e-01, 6.500000e-01]
// LIGHT-NOT: power.set_state
// LIGHT: power.sleep @gap9::@light_sleep

// The longer it sleeps, the deeper.
// RETENTIVE: power.sleep @gap9::@deep_sleep_retentive
// DEEP: power.sleep @gap9::@deep_sleep time_s
