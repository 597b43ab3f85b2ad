// Layers become functions, of what they take from around them but for constants.
// RUN: pf-opt %s --power-outline-layers | FileCheck %s
// RUN: pf-opt %s --power-outline-layers=entry=main | FileCheck %s --check-prefix=ENTRY
// RUN: not pf-opt %s --power-outline-layers=entry=taken -o /dev/null 2>&1 | FileCheck %s --check-prefix=TAKEN

// RUN: pf-opt %s --power-outline-layers="profile observe" | FileCheck %s --check-prefix=PROFILE

// TAKEN: error: 'func.func' op expects another name, because @taken is to be the network's
// ENTRY: func.func @main(
// ENTRY: call @main_layer_0

func.func private @taken()
// CHECK: func.func @net(%[[X:.*]]: tensor<2x2xf32>) -> tensor<2x2xf32> attributes {llvm.emit_c_interface}
func.func @net(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: %[[INIT:.*]] = linalg.fill
  // CHECK-NEXT: %[[Y:.*]] = call @net_layer_0(%[[X]], %[[INIT]]) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = power.layer "first" {
    %0 = linalg.matmul ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
    power.yield %0 : tensor<2x2xf32>
  } : tensor<2x2xf32>
  power.layer "without a body" costs <[1.1] -> 2.0 J, 1.0 s, 1.0 W>
  // CHECK-NEXT: return %[[Y]]
  return %y : tensor<2x2xf32>
}
// CHECK: func.func private @net_layer_0(%[[A:.*]]: tensor<2x2xf32>, %[[B:.*]]: tensor<2x2xf32>) -> tensor<2x2xf32> attributes {llvm.linkage = #llvm.linkage<internal>, no_inline, passthrough = ["noinline"]}
// CHECK: %[[W:.*]] = arith.constant dense
// CHECK: %[[R:.*]] = linalg.matmul ins(%[[A]], %[[W]] : {{.*}}) outs(%[[B]] :
// CHECK: return %[[R]]

// Between layers, too, there is work; each result is read, and nothing else.
// PROFILE: func.func @net
// PROFILE: %[[NUMBER:.*]] = arith.constant 2 : i32
// PROFILE-NEXT: call @power_work_begin(%[[NUMBER]]) : (i32) -> ()
// PROFILE-NEXT: %[[I:.*]] = call @net_between_0
// PROFILE: call @power_work_end
// PROFILE: %[[FIRST:.*]] = arith.constant 0 : i32
// PROFILE-NEXT: call @power_work_begin(%[[FIRST]]) : (i32) -> ()
// PROFILE-NEXT: %[[R:.*]] = call @net_layer_0(%{{.*}}, %[[I]])
// PROFILE: call @power_work_end
// PROFILE-NEXT: call @net_observe_0_0(%[[R]]) : (tensor<2x2xf32>) -> ()
// PROFILE-NEXT: return %[[R]]
// PROFILE: func.func private @net_observe_0_0(tensor<2x2xf32> {bufferization.access = "read"}) attributes {llvm.emit_c_interface}
// PROFILE: func.func private @power_work_begin(i32)
// PROFILE: func.func private @net_between_0
// PROFILE: linalg.fill
