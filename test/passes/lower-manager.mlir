// What the power manager does, as accesses to its registers, and as calls of a
// vendor's functions.
// RUN: pf-opt %S/../artifacts/Inputs/frame.mlir --powerflow-schedule --power-lower-manager="address-bits=32" | FileCheck %s
// RUN: pf-opt %S/../artifacts/Inputs/frame.mlir --powerflow-schedule --power-lower-manager="hooks" | FileCheck %s --check-prefix=HOOKS
// RUN: pf-opt %S/../artifacts/Inputs/chip.mlir --powerflow-schedule --power-lower-manager | FileCheck %s --check-prefix=CALLS

// The target, the schedule and what refers to them are gone.
// CHECK-NOT: power.target
// CHECK: func.func @frame() {
// CHECK: %[[RAILS:.*]] = arith.constant 1073741824 : i32
// CHECK: call @power_write(%[[RAILS]],
// CHECK: call @power_wait
// CHECK: call @power_write
// CHECK: power.layer "conv, first"
// CHECK: call @power_wait
// CHECK: call @power_write
// CHECK-NOT: power.{{set|gate|idle|sleep|schedule}}
// CHECK: func.func private @power_write(%[[ADDRESS:.*]]: i32, %[[VALUE:.*]]: i32) attributes {llvm.linkage = #llvm.linkage<internal>, no_inline, passthrough = ["noinline"]}
// CHECK-NEXT: llvm.inline_asm has_side_effects "", "~{memory}"
// CHECK-NEXT: %[[POINTER:.*]] = llvm.inttoptr %[[ADDRESS]] : i32 to !llvm.ptr
// CHECK-NEXT: llvm.store volatile %[[VALUE]], %[[POINTER]]
// CHECK-NEXT: llvm.inline_asm has_side_effects "", "~{memory}"
// CHECK: func.func private @power_wait
// CHECK: scf.while
// CHECK-NEXT: llvm.load volatile

// HOOKS: func.func private @power_write(i64, i32){{$}}
// HOOKS: func.func private @power_wait(i64, i32, i32){{$}}

// CALLS: call @vendor_hand_over
// CALLS: call @vendor_set_rail
// CALLS: call @vendor_set_rail
// CALLS: call @vendor_set_mode
// CALLS: call @vendor_start
// CALLS: power.layer "first"
// CALLS: call @power_wait_vendor_is_done
// CALLS: call @vendor_hand_over
// CALLS: call @vendor_set_rail
// CALLS: call @vendor_start
// CALLS: power.layer "second"
// CALLS: call @power_wait_vendor_is_done
// CALLS: call @vendor_set_rail
// CALLS: call @vendor_wait
// CALLS: func.func private @vendor_set_rail(i32, i32){{$}}
