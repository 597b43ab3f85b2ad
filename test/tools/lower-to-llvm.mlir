// The tools know MLIR's way from linear algebra down to LLVM IR.
// RUN: pf-opt %s --linalg-generalize-named-ops --eliminate-empty-tensors \
// RUN:   --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" \
// RUN:   --buffer-results-to-out-params="hoist-static-allocs modify-public-functions" \
// RUN:   --promote-buffers-to-stack --convert-linalg-to-loops \
// RUN:   --expand-strided-metadata --lower-affine --convert-scf-to-cf \
// RUN:   --convert-math-to-llvm --convert-arith-to-llvm=index-bitwidth=32 \
// RUN:   --convert-cf-to-llvm=index-bitwidth=32 \
// RUN:   --convert-index-to-llvm=index-bitwidth=32 --convert-ub-to-llvm \
// RUN:   --finalize-memref-to-llvm=index-bitwidth=32 \
// RUN:   --convert-func-to-llvm=index-bitwidth=32 \
// RUN:   --reconcile-unrealized-casts \
// RUN: | pf-translate --mlir-to-llvmir | FileCheck %s

// CHECK: define void @product(
// CHECK: fmul float
// CHECK: call float @llvm.exp.f32
func.func @product(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x4xf32>) -> tensor<2x4xf32>
  %product = linalg.matmul ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
                           outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
  %exp = linalg.exp ins(%product : tensor<2x4xf32>)
                    outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %exp : tensor<2x4xf32>
}

// And by interface.
// RUN: pf-opt %s --one-shot-bufferize=bufferize-function-boundaries \
// RUN:   --convert-linalg-to-loops --convert-scf-to-cf --expand-strided-metadata \
// RUN:   --lower-affine --convert-to-llvm --reconcile-unrealized-casts \
// RUN: | FileCheck %s --check-prefix=INTERFACE

// INTERFACE: llvm.func @product
// INTERFACE-NOT: func.func
// INTERFACE-NOT: builtin.unrealized_conversion_cast
