// All passes in one, on linalg as torch-mlir writes it. With no options: the
// reference target, and the time at nominal voltage as period.
// RUN: pf-opt %s --powerflow-schedule 2>%t.stderr | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.stderr
// RUN: pf-opt %s --powerflow-schedule="period-s=1e-3 function=main target=pf40 levels-v=0.9,1.1 max-rails=1 gating=sram gating-granularity=2 transition-energy-j=0 transition-time-s=0 sleep-power-w=1e-6 banks=ifmap:4 reduction-chunk=64 skip-vector-layers=true search=greedy time-limit-s=10 gap=1e-3 memory-limit-bytes=100000000 threads=2 prove-bound=true" | FileCheck %s --check-prefix=OPTIONS
// RUN: pf-opt %s --powerflow-schedule="fps=1e3 sleep=false" | FileCheck %s --check-prefix=AWAKE
//
// The pipeline is its passes, and its result is a fixed point.
// RUN: pf-opt %s --powerflow-schedule=fps=1e3 > %t.once
// RUN: pf-opt %t.once --powerflow-schedule=fps=1e3 | diff %t.once -
// RUN: pf-opt %s --power-assign-target --power-form-layers --power-select-states=fps=1e3 --power-insert-states --power-verify-schedule | diff %t.once -
//
// It verifies again from text, generic text and bytecode.
// RUN: pf-opt %t.once | pf-opt --power-verify-schedule | diff %t.once -
// RUN: pf-opt %t.once --mlir-print-op-generic | pf-opt --power-verify-schedule | diff %t.once -
// RUN: pf-opt %t.once --emit-bytecode | pf-opt --power-verify-schedule | diff %t.once -
//
// A deadline that can't be met leaves no file behind.
// RUN: not pf-opt %s --powerflow-schedule=fps=1e9 -o %t.none 2>&1 | FileCheck %s --check-prefix=INFEASIBLE
// RUN: not ls %t.none
//
// An option that there is not.
// RUN: not pf-opt %s --powerflow-schedule=volts=3 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// REMARK: remark: no period given: taking the time at nominal voltage
// CHECK: power.target @pf40_keep
// CHECK: func.func @main
// CHECK: power.set_state [@pf40_keep::@sys, @pf40_keep::@weight, @pf40_keep::@feeder] to
// CHECK: power.gate_banks
// CHECK: %[[CONV:.*]] = power.layer "features.0" {{.*}} state
// CHECK: tensor.pad
// CHECK: linalg.conv_2d_nchw_fchw
// CHECK: power.layer "matmul_0" {{.*}} state
// CHECK: linalg.matmul
// CHECK: power.{{sleep|idle}}
// CHECK: power.schedule of @main on @pf40_keep search "exact"
// OPTIONS: power.target @pf40 levels_v [9.000000e-01, 1.100000e+00] max_rails 1 gating <sram, granularity = 2>
// OPTIONS-SAME: reduction_chunk = 64
// OPTIONS: power.memory @ifmap {{.*}} banks 4
// OPTIONS: power.transition energy_j 0.000000e+00 time_s 0.000000e+00
// OPTIONS: power.sleep_state @sleep power_w 9.9
// OPTIONS: power.layer "features.0" {{.*}} uncosted {linalg.matmul = 1 : i64}
// OPTIONS-NOT: power.layer
// OPTIONS: power.schedule {{.*}} search "greedy" {{.*}} uncosted {linalg.matmul = 1 : i64}
// AWAKE: power.idle
// INFEASIBLE: error: 'func.func' op @main can't run every 1.000000e-09 s
// UNKNOWN: no such option volts
func.func @main(%x: tensor<1x3x8x8xf32>) -> tensor<1x10xf32> {
  %zero = arith.constant 0.0 : f32
  %weights = arith.constant dense_resource<conv_weight> : tensor<4x3x3x3xf32>
  %head = arith.constant dense_resource<head_weight> : tensor<256x10xf32>
  %padded = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %zero : f32
  } : tensor<1x3x8x8xf32> to tensor<1x3x10x10xf32>
  %empty = tensor.empty() : tensor<1x4x8x8xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %conv = linalg.conv_2d_nchw_fchw ins(%padded, %weights : tensor<1x3x10x10xf32>, tensor<4x3x3x3xf32>) outs(%start : tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> loc("features.0")
  %flat = tensor.collapse_shape %conv [[0], [1, 2, 3]] : tensor<1x4x8x8xf32> into tensor<1x256xf32>
  %empty1 = tensor.empty() : tensor<1x10xf32>
  %start1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<1x10xf32>) -> tensor<1x10xf32>
  %product = linalg.matmul ins(%flat, %head : tensor<1x256xf32>, tensor<256x10xf32>) outs(%start1 : tensor<1x10xf32>) -> tensor<1x10xf32>
  return %product : tensor<1x10xf32>
}
