// Copies that are no runs of memory become loops, and need no runtime library.
// RUN: pf-opt %s --power-expand-copies | FileCheck %s

// CHECK-LABEL: func.func @copies
// CHECK: linalg.copy ins(%{{.*}} : memref<2x4xf32>) outs(%{{.*}} : memref<2x4xf32, strided<[8, 1]>>)
// CHECK: memref.copy %{{.*}} : memref<2x4xf32> to memref<2x4xf32>
func.func @copies(%a: memref<2x4xf32>, %b: memref<2x4xf32, strided<[8, 1]>>, %c: memref<2x4xf32>) {
  memref.copy %a, %b : memref<2x4xf32> to memref<2x4xf32, strided<[8, 1]>>
  memref.copy %a, %c : memref<2x4xf32> to memref<2x4xf32>
  return
}
