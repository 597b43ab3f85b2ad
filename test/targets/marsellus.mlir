// Another body bias at the same voltage.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=marsellus fps=10000" | FileCheck %s --check-prefix=BIAS
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=marsellus fps=2000" | FileCheck %s --check-prefix=IDLE
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=marsellus fps=100" | FileCheck %s --check-prefix=SLEEP

// Faster than the voltage alone allows, for some layers.
// BIAS: power.set_state [@marsellus::@cluster] to [5.500000e-01]
// BIAS: power.set_mode of @marsellus::@cluster to @marsellus::@forward_body_bias
// BIAS: power.layer {{.*}}modes = {cluster = @forward_body_bias}
// BIAS: power.set_mode of @marsellus::@cluster{{$}}

// IDLE-NOT: power.set_mode of @marsellus::@cluster to
// IDLE: power.idle @marsellus::@reverse_body_bias

// SLEEP: power.sleep @marsellus::@retention
