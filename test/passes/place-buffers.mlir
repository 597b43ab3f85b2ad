// Buffers get their places: those that are in use together none in common, those of a
// function behind those of its callers.
// RUN: pf-opt %s --power-place-buffers --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: memref.global "private" @net_buffers : memref<384xi8> = uninitialized {alignment = 64 : i64}
// CHECK-LABEL: func.func @net
// CHECK-NOT: memref.alloc
// CHECK: %[[B0:.*]] = memref.get_global @net_buffers
// CHECK: %[[O0:.*]] = arith.constant 0 : index
// CHECK: memref.view %[[B0]][%[[O0]]][] : memref<384xi8> to memref<32xf32>
// CHECK: %[[O1:.*]] = arith.constant 128 : index
// CHECK: memref.view %{{.*}}[%[[O1]]][] : memref<384xi8> to memref<32xf32>
// The third is written when the first is done with.
// CHECK: %[[O2:.*]] = arith.constant 0 : index
// CHECK: memref.view %{{.*}}[%[[O2]]][] : memref<384xi8> to memref<16xf32>
func.func @net(%x: memref<32xf32>) {
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  %c = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<32xf32> to memref<32xf32>
  call @layer(%a, %b) : (memref<32xf32>, memref<32xf32>) -> ()
  %half = memref.subview %b[0] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1]>>
  memref.copy %half, %c : memref<16xf32, strided<[1]>> to memref<16xf32>
  return
}
// CHECK-LABEL: func.func private @layer
// CHECK: arith.constant 256 : index
// CHECK: memref.view {{.*}} : memref<384xi8> to memref<32xf32>
func.func private @layer(%x: memref<32xf32>, %y: memref<32xf32>) {
  %t = memref.alloc() : memref<32xf32>
  memref.copy %x, %t : memref<32xf32> to memref<32xf32>
  memref.copy %t, %y : memref<32xf32> to memref<32xf32>
  return
}

// -----

func.func @net(%n: index) {
  // expected-error @below {{'memref.alloc' op expects a buffer of known size, which has a place, but got 'memref<?xf32>'}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @net(%x: memref<4xf32>, %lower: index, %upper: index, %step: index) {
  %last = scf.for %i = %lower to %upper step %step iter_args(%before = %x) -> memref<4xf32> {
    // expected-error @below {{expects a buffer that doesn't leave its loop or branch, but it does}}
    %a = memref.alloc() : memref<4xf32>
    memref.copy %before, %a : memref<4xf32> to memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  return
}

// -----

// expected-error @below {{expects functions that don't call themselves}}
func.func @net() {
  call @net() : () -> ()
  return
}
