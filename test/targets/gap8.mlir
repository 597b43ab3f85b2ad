// Steps of one converter, waiting with the cluster off, and sleep with memories kept.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap8 fps=70" | FileCheck %s --check-prefix=FAST
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap8 fps=37.5" | FileCheck %s --check-prefix=IDLE
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=gap8 fps=5" | FileCheck %s --check-prefix=SLEEP

// Some layers are slowed down, a step of 50 mV.
// FAST: power.set_state [@gap8::@cluster, @gap8::@soc] to [1.200000e+00, 1.200000e+00]
// FAST: power.set_state [@gap8::@cluster, @gap8::@soc] to [1.150000e+00, 1.150000e+00]
// FAST: power.idle time_s

// Too short to sleep.
// IDLE: power.set_state [@gap8::@cluster, @gap8::@soc] to [1.000000e+00, 1.000000e+00]
// IDLE: power.idle @gap8::@cluster_off

// SLEEP: power.set_state [@gap8::@cluster, @gap8::@soc] to [1.000000e+00, 1.000000e+00]
// SLEEP: power.sleep @gap8::@retention
