// Values of globals become bytes in a file, at multiples of 64, and stay without one.
// RUN: pf-opt %s --power-externalize-weights="path=%t.bin least-bytes=8" | FileCheck %s
// RUN: FileCheck %s --check-prefix=ASSEMBLY < %t.bin.s
// RUN: od -A d -t x1 -v %t.bin | FileCheck %s --check-prefix=BYTES
// RUN: pf-opt %s --power-externalize-weights | FileCheck %s --check-prefix=STAY
// RUN: not pf-opt %s --power-externalize-weights=path=%t.missing/weights.bin 2>&1 | FileCheck %s --check-prefix=MISSING

// MISSING: error: cannot open output file '{{.*}}weights.bin'
// STAY: @weights : memref<2xf32> = dense

// CHECK: memref.global constant @weights : memref<2xf32>{{$}}
memref.global "private" constant @weights : memref<2xf32> = dense<[1.0, 2.0]>
// CHECK: memref.global constant @splat : memref<3xi32>{{$}}
memref.global "private" constant @splat : memref<3xi32> = dense<7>
// CHECK: memref.global "private" constant @small : memref<1xi32> = dense<1>
memref.global "private" constant @small : memref<1xi32> = dense<1>
// CHECK: memref.global "private" constant @bits : memref<64xi1> = dense
memref.global "private" constant @bits : memref<64xi1> = dense<true>

// ASSEMBLY: .globl weights
// ASSEMBLY-NEXT: weights:
// ASSEMBLY-NEXT: .incbin "{{.*}}.bin", 0, 8
// ASSEMBLY: .globl splat
// ASSEMBLY: .incbin "{{.*}}.bin", 64, 12
// BYTES: 0000000 00 00 80 3f 00 00 00 40
// BYTES: 0000064 07 00 00 00 07 00 00 00 07 00 00 00
// BYTES-NEXT: 0000076
