// One voltage: what there is to choose are banks and how to sleep.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=max78000 fps=100" | FileCheck %s --check-prefix=STANDBY
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=max78000 fps=0.1" | FileCheck %s --check-prefix=DOWN
// RUN: not pf-opt %S/Inputs/too_large.mlir --powerflow-schedule="target=max78000" 2>&1 | FileCheck %s --check-prefix=LARGE

// All weights stay powered; of features, what a layer works on.
// STANDBY: power.gate_banks [@max78000::@data, @max78000::@weights] powered [3.000000e+00, 6.400000e+01]
// STANDBY: power.gate_banks [@max78000::@data] powered [4.000000e+00]
// STANDBY: power.sleep @max78000::@standby

// Once in ten seconds, weights are loaded again.
// DOWN: power.sleep @max78000::@power_down

// LARGE: error: 'power.layer' op needs 75 banks of 6912 bytes of memory @weights, but there are 64
