// Clocks from a list, memory that keeps its voltage, and a board that is awake.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=rk3588 fps=900" | FileCheck %s --check-prefix=FAST
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=rk3588 fps=30" | FileCheck %s --check-prefix=VIDEO
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=rk3588 fps=2" | FileCheck %s --check-prefix=SELDOM
// RUN: pf-opt %S/Inputs/compute_bound.mlir --powerflow-schedule="target=rk3588 fps=2" | FileCheck %s --check-prefix=RACE
// RUN: pf-opt %S/Inputs/compute_bound.mlir --powerflow-schedule="target=rk3588 fps=2 awake-power-w=0" | FileCheck %s --check-prefix=ALONE

// Layers that wait for memory may run at a lower voltage of the NPU, not of DRAM.
// FAST: power.set_state [@rk3588::@npu, @rk3588::@dram] to [{{.*}}, 8.500000e-01]
// FAST-NOT: @rk3588::@dram]
// FAST: power.idle
// VIDEO: power.sleep @rk3588::@npu_off
// SELDOM: power.sleep @rk3588::@suspend_to_memory

// What computes is done fast, because the whole board sleeps then; the NPU by itself
// would be slow.
// RACE: power.set_state [@rk3588::@npu, @rk3588::@dram] to [8.500000e-01, 8.500000e-01]
// RACE: power.sleep @rk3588::@suspend_to_memory
// ALONE: power.set_state [@rk3588::@npu, @rk3588::@dram] to [0.69999999999999996, 8.500000e-01]
