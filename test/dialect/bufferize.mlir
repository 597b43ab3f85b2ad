// One-Shot Bufferize takes layers, scheduled or not: what a layer yields is its
// result, in the same buffer, and what it uses is defined above it.
// RUN: pf-opt %s --one-shot-bufferize=bufferize-function-boundaries | FileCheck %s
// RUN: pf-opt %s --powerflow-schedule="function=net fps=1e3" --one-shot-bufferize=bufferize-function-boundaries > %t.buffers
// RUN: FileCheck %s < %t.buffers
//
// The schedule is as it was; it can be verified where it does not depend on what
// memories must keep, which buffers do not tell.
// RUN: FileCheck %s --check-prefix=SCHEDULE < %t.buffers
// RUN: not pf-opt %t.buffers --power-verify-schedule 2>&1 | FileCheck %s --check-prefix=KEEPS
// RUN: pf-opt %s --powerflow-schedule="function=net fps=1e3 target=pf40" --one-shot-bufferize=bufferize-function-boundaries > %t.published
// RUN: pf-opt %t.published --power-verify-schedule | diff %t.published -
//
// KEEPS: error: 'power.layer' op expects values of tensors, from which follows what the volatile memories of target @pf40_keep must keep, but got a buffer; verify before bufferization
//
// Function by function, too; and without a leak.
// RUN: pf-opt %s --one-shot-bufferize | FileCheck %s --check-prefix=ALONE
// RUN: pf-opt %t.buffers --buffer-deallocation-pipeline | FileCheck %s --check-prefix=FREED

// CHECK-LABEL: func.func @net(
// CHECK-SAME: %[[X:[^:]*]]: memref<1x4xf32{{.*}}>, %[[W:[^:]*]]: memref<4x4xf32
// Attributes and results that are no tensors stay.
// CHECK: %[[FIRST:.*]]:2 = power.layer "first" workload #power.matmul<m = 1, k = 4, n = 4>
// CHECK-SAME: uncosted {softmax = 1 : i64} attributes {test.keep} {
// CHECK: %[[ALLOC:.*]] = memref.alloc
// CHECK: linalg.fill {{.*}} outs(%[[ALLOC]]
// CHECK: linalg.matmul ins(%[[X]], %[[W]] : {{.*}}) outs(%[[ALLOC]]
// CHECK: power.yield %[[ALLOC]], %{{.*}} : memref<1x4xf32>, index
// CHECK: } : memref<1x4xf32>, index
// In place.
// CHECK: %[[SECOND:.*]] = power.layer "second"
// CHECK-NOT: memref.alloc
// CHECK: linalg.exp ins(%[[FIRST]]#0 : {{.*}}) outs(%[[FIRST]]#0
// CHECK: power.yield %[[FIRST]]#0
// What is only handed through, and a part of it.
// CHECK: %[[THROUGH:.*]]:2 = power.layer "through"
// CHECK: %[[PART:.*]] = memref.subview %[[SECOND]][0, 1] [1, 2] [1, 1]
// CHECK: power.yield %[[SECOND]], %[[PART]] : memref<1x4xf32>, memref<1x2xf32, strided<[4, 1], offset: 1>>
// CHECK: } : memref<1x4xf32>, memref<1x2xf32, strided<[4, 1], offset: 1>>
// Not in place, because the next layer reads what was there.
// CHECK: power.layer "copies"
// CHECK: %[[COPY:.*]] = memref.alloc
// CHECK: linalg.exp ins(%[[THROUGH]]#0 : {{.*}}) outs(%[[COPY]]
// CHECK: power.yield %[[COPY]]
// CHECK: power.layer "reads"
// CHECK: linalg.add ins(%{{.*}}, %[[THROUGH]]#0 :
// CHECK: power.layer "stores" {{.*}} {
// CHECK-NEXT: memref.store
// CHECK-NEXT: }

// SCHEDULE: power.target @pf40_keep
// SCHEDULE: func.func @net{{.*}} attributes {power.target = @pf40_keep}
// SCHEDULE: power.set_state
// SCHEDULE: power.gate_banks
// SCHEDULE: power.layer "first" {{.*}} state <[
// SCHEDULE: power.sleep @pf40_keep::@off
// SCHEDULE: power.schedule of @net on @pf40_keep

// ALONE: power.layer "first"
// ALONE: } : memref<1x4xf32>, index

// FREED: power.layer "first"
// FREED: power.layer "stores"
// FREED: memref.dealloc
func.func @net(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>, %m: memref<1xindex>, %at: index)
    -> (tensor<1x4xf32>, tensor<1x2xf32>) {
  %first, %n = power.layer "first" workload #power.matmul<m = 1, k = 4, n = 4>
      uncosted {softmax = 1 : i64} attributes {test.keep} {
    %empty = tensor.empty() : tensor<1x4xf32>
    %zero = arith.constant 0.0 : f32
    %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4xf32>) -> tensor<1x4xf32>
    %product = linalg.matmul ins(%x, %w : tensor<1x4xf32>, tensor<4x4xf32>) outs(%init : tensor<1x4xf32>) -> tensor<1x4xf32>
    %three = arith.constant 3 : index
    power.yield %product, %three : tensor<1x4xf32>, index
  } : tensor<1x4xf32>, index
  %second = power.layer "second" workload #power.matmul<m = 1, k = 4, n = 4> {
    %exp = linalg.exp ins(%first : tensor<1x4xf32>) outs(%first : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %exp : tensor<1x4xf32>
  } : tensor<1x4xf32>
  %through:2 = power.layer "through" workload #power.matmul<m = 1, k = 4, n = 4> {
    %part = tensor.extract_slice %second[0, 1][1, 2][1, 1] : tensor<1x4xf32> to tensor<1x2xf32>
    power.yield %second, %part : tensor<1x4xf32>, tensor<1x2xf32>
  } : tensor<1x4xf32>, tensor<1x2xf32>
  %copies = power.layer "copies" workload #power.matmul<m = 1, k = 4, n = 4> {
    %exp = linalg.exp ins(%through#0 : tensor<1x4xf32>) outs(%through#0 : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %exp : tensor<1x4xf32>
  } : tensor<1x4xf32>
  %reads = power.layer "reads" workload #power.matmul<m = 1, k = 4, n = 4> {
    %sum = linalg.add ins(%copies, %through#0 : tensor<1x4xf32>, tensor<1x4xf32>) outs(%copies : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %sum : tensor<1x4xf32>
  } : tensor<1x4xf32>
  power.layer "stores" workload #power.matmul<m = 1, k = 4, n = 4> {
    memref.store %n, %m[%at] : memref<1xindex>
  }
  return %reads, %through#1 : tensor<1x4xf32>, tensor<1x2xf32>
}
