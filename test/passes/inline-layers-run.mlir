// From a schedule to code for a machine. Layers can be inlined before tensors
// become buffers, after, and after the buffers' deallocation; what runs computes
// what the network computes: @net of these inputs is [[27, -2, 13],
// [5.5, -6.25, -2.375]], of which @main makes the sum 27 - 20 + 1300 + 5500 -
// 62500 - 237500 = -293193.
// DEFINE: %{schedule} = pf-opt %s --powerflow-schedule="function=net fps=1e3"
// DEFINE: %{bufferize} = --one-shot-bufferize=bufferize-function-boundaries
// DEFINE: %{free} = --buffer-deallocation-pipeline --convert-bufferization-to-memref
// DEFINE: %{inline} = --power-inline-layers=strip=true
// DEFINE: %{lower} = --convert-linalg-to-loops --convert-scf-to-cf --expand-strided-metadata --lower-affine --convert-to-llvm --reconcile-unrealized-casts
// DEFINE: %{run} = mlir-runner -e main -entry-point-result=f32
//
// RUN: pf-opt %s %{bufferize} %{free} %{lower} | %{run} | FileCheck %s
// RUN: %{schedule} %{inline} %{bufferize} %{free} %{lower} | %{run} | FileCheck %s
// RUN: %{schedule} %{bufferize} %{inline} %{free} %{lower} | %{run} | FileCheck %s
// RUN: %{schedule} %{bufferize} %{free} %{inline} %{lower} | %{run} | FileCheck %s
// CHECK: -2.931930e+05
//
// Without `strip` the power manager's operations come along, for somebody to lower.
// RUN: %{schedule} %{bufferize} --power-inline-layers %{free} %{lower} | FileCheck %s --check-prefix=MANAGER
// MANAGER: power.target @pf40
// MANAGER: llvm.func @net
// MANAGER-NOT: power.layer
// MANAGER: power.set_state
// MANAGER: power.gate_banks
// MANAGER: llvm.fmul
// MANAGER: power.sleep
// MANAGER: llvm.return
// MANAGER: power.schedule of @net
func.func @net(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w1 = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [0.5, 0.25, 0.125, 1.0],
                              [-1.0, 1.0, -1.0, 1.0], [2.0, 0.0, 2.0, 0.0]]> : tensor<4x4xf32>
  %w2 = arith.constant dense<[[1.0, 0.0, -1.0], [2.0, 1.0, 0.5],
                              [0.0, -2.0, 1.0], [1.0, 1.0, 1.0]]> : tensor<4x3xf32>
  %zero = arith.constant 0.0 : f32
  %empty1 = tensor.empty() : tensor<2x4xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %hidden = linalg.matmul ins(%x, %w1 : tensor<2x4xf32>, tensor<4x4xf32>) outs(%init1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %relu = linalg.max ins(%hidden, %init1 : tensor<2x4xf32>, tensor<2x4xf32>) outs(%empty1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %empty2 = tensor.empty() : tensor<2x3xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%empty2 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = linalg.matmul ins(%relu, %w2 : tensor<2x4xf32>, tensor<4x3xf32>) outs(%init2 : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

func.func @main() -> f32 {
  %x = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [-1.0, 1.0, -2.0, 2.0]]> : tensor<2x4xf32>
  %y = call @net(%x) : (tensor<2x4xf32>) -> tensor<2x3xf32>
  %digits = arith.constant dense<[[1.0, 10.0, 100.0], [1000.0, 10000.0, 100000.0]]> : tensor<2x3xf32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>],
      iterator_types = ["reduction", "reduction"]}
      ins(%y, %digits : tensor<2x3xf32>, tensor<2x3xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %product = arith.mulf %a, %b : f32
    %next = arith.addf %c, %product : f32
    linalg.yield %next : f32
  } -> tensor<f32>
  %result = tensor.extract %sum[] : tensor<f32>
  return %result : f32
}
