// A schedule is not dead code: nothing of it is removed, merged or moved, and what
// only attributes name stays.
// RUN: pf-opt %s --canonicalize --cse --loop-invariant-code-motion --symbol-dce | FileCheck %s
//
// What is no part of it is removed, merged and moved, across layers and in them.
// RUN: pf-opt %s --sccp --cse --remove-dead-values --loop-invariant-code-motion --canonicalize | FileCheck %s --check-prefix=MOVES
//
// Layers on memory tell what they do with it.
// RUN: pf-opt %s --buffer-deallocation-pipeline | FileCheck %s --check-prefix=MEMORY

// CHECK: power.target @t
// CHECK-NEXT: power.domain @core
// CHECK-NEXT: power.memory @m
// CHECK-NEXT: power.sleep_state @off
// CHECK-NOT: @dead
// CHECK: func.func @net
// CHECK-NEXT: power.set_state
// CHECK-NEXT: power.gate_banks
// CHECK-NEXT: power.layer "a"
// CHECK-NEXT: power.layer "a"
// CHECK-NEXT: power.layer "unused"
// CHECK-NOT: arith
// CHECK: power.set_state
// CHECK-NEXT: power.sleep
// CHECK-NEXT: return
// CHECK: power.schedule of @net
power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9 {sym_visibility = "private"}
  power.memory @m in @core bank_bytes 64 bank_leakage_w 0.0 {sym_visibility = "private"}
  power.sleep_state @off power_w 0.0 {sym_visibility = "private"}
}
func.func private @dead() { return }
func.func @net(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) {
  power.set_state [@t::@core] to [0.9]
  power.gate_banks [@t::@m] powered [1.0]
  power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  power.layer "a" workload #power.matmul<m = 1, k = 1, n = 1>
  %0 = power.layer "unused" workload #power.matmul<m = 1, k = 4, n = 4> {
    %1 = linalg.matmul ins(%x, %w : tensor<1x4xf32>, tensor<4x4xf32>) outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
    power.yield %1 : tensor<1x4xf32>
  } : tensor<1x4xf32>
  %dead = arith.constant 1 : i32
  power.set_state [@t::@core] to [0.9]
  power.sleep @t::@off time_s 1.0
  return
}
power.schedule of @net on @t search "exact" period_s 2.0 rails_v [0.9]
  energy_j 1.0 lower_bound_j 1.0 active_time_s 1.0 tail @t::@off energy_split_j [1.0, 0.0, 0.0, 0.0]

// The second multiplication is the first; the yielded constant is known behind the
// layer; what nobody reads is not computed; the loop's invariant leaves the loop,
// but not the layer. The layers all stay.
// MOVES-LABEL: func.func @moves
// MOVES-DAG: %[[SEVEN:.*]] = arith.constant 7 : index
// MOVES-DAG: %[[THREE:.*]] = arith.constant 3 : index
// MOVES: %[[PRODUCT:.*]] = arith.muli
// MOVES-NEXT: power.layer "first" {
// MOVES-NEXT: memref.store %[[PRODUCT]], %{{.*}}[%[[SEVEN]]]
// MOVES-NEXT: }
// MOVES-NEXT: power.layer "constant"
// MOVES: memref.store %[[PRODUCT]], %{{.*}}[%[[THREE]]]
// MOVES-NEXT: power.layer "loop" {
// MOVES-NEXT: %[[INVARIANT:.*]] = arith.muli
// MOVES-NEXT: scf.for
// MOVES-NEXT: memref.store %[[INVARIANT]]
// MOVES: power.layer "unread"
// MOVES-NOT: math.exp
// MOVES: power.idle
func.func @moves(%m: memref<9xindex>, %a: index, %b: index, %f: f32) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %0 = arith.muli %a, %b : index
  power.layer "first" {
    %1 = arith.muli %a, %b : index
    %seven = arith.constant 7 : index
    memref.store %1, %m[%seven] : memref<9xindex>
  }
  %2 = power.layer "constant" {
    %three = arith.constant 3 : index
    power.yield %three : index
  } : index
  memref.store %0, %m[%2] : memref<9xindex>
  power.layer "loop" {
    scf.for %i = %zero to %a step %one {
      %3 = arith.muli %0, %0 : index
      memref.store %3, %m[%i] : memref<9xindex>
    }
  }
  %4 = power.layer "unread" {
    %5 = math.exp %f : f32
    power.yield %5 : f32
  } : f32
  power.idle time_s 1.0
  return
}

// What a layer allocates is freed in it, or behind the last that reads it.
// MEMORY-LABEL: func.func @memory
// MEMORY: power.layer "own" {
// MEMORY-NEXT: %[[OWN:.*]] = memref.alloc
// MEMORY: memref.dealloc %[[OWN]]
// MEMORY-NEXT: }
// MEMORY: power.layer "handed_on"
// MEMORY-NOT: memref.dealloc
// MEMORY: power.idle
// MEMORY: memref.dealloc
// MEMORY: return
func.func @memory(%x: memref<4xf32>, %i: index) -> f32 {
  power.layer "own" {
    %0 = memref.alloc() : memref<4xf32>
    memref.copy %x, %0 : memref<4xf32> to memref<4xf32>
    memref.copy %0, %x : memref<4xf32> to memref<4xf32>
  }
  %1 = power.layer "handed_on" {
    %2 = memref.alloc() : memref<4xf32>
    memref.copy %x, %2 : memref<4xf32> to memref<4xf32>
    power.yield %2 : memref<4xf32>
  } : memref<4xf32>
  %3 = power.layer "reads" {
    %4 = memref.load %1[%i] : memref<4xf32>
    power.yield %4 : f32
  } : f32
  power.idle time_s 1.0
  return %3 : f32
}
