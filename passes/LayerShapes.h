//===- LayerShapes.h - What a linalg operation computes ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_LAYERSHAPES_H
#define PFMLIR_PASSES_LAYERSHAPES_H

#include "pfmlir/Dialect/Power.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace pfmlir::power {

/// The workload of a convolution or matrix product, named or generic.
struct LayerShape {
  /// Null if there is no kind of workload for what the operation computes.
  WorkloadAttrInterface workload;
  /// What to call a layer of this kind that has no name of its own.
  llvm::StringRef kind;
  /// The pads that became the convolution's padding, and what puts zeros
  /// between the samples of a transposed one.
  llvm::SmallVector<mlir::Operation *> foldedPads;
};

/// Whether the operation accumulates products of two operands over some of its
/// loops, as every convolution and matrix product does.
bool isMultiplyAccumulate(mlir::linalg::LinalgOp op);

/// The shape of a multiply-accumulate as a layer. Its loops must have static
/// ranges. Reports an error if the shape can't be a layer's.
/// `isWeight` tells the values that don't depend on the network's input.
mlir::FailureOr<LayerShape>
inferLayerShape(mlir::linalg::LinalgOp op,
                llvm::function_ref<bool(mlir::Value)> isWeight);

/// Whether an operation only moves or repeats the elements of its operand.
bool repeatsOperand(mlir::linalg::LinalgOp op);

/// Saturates: nothing that large is valid.
int64_t multiplyCounts(int64_t a, int64_t b);

/// Whether an operation converts between number formats, and nothing else.
bool isConversion(mlir::Operation *op);

/// Bits of an element; nothing where a target has a convention of its own:
/// single and double precision stand for whatever it computes in.
std::optional<int64_t> findElementBits(mlir::Type type);

/// Whether an operation turns integers that a tensor is stored as into the
/// numbers that they stand for, which hardware does by a scale at its output.
bool isDequantization(mlir::Operation *op);

/// The same work with outputs of this type, if that says how many bits they
/// have.
WorkloadAttrInterface withOutputElement(WorkloadAttrInterface workload,
                                        mlir::Type element);

/// What kind of operation a layer runs, in one word: as its workload says or,
/// where that stands for another operation, as its body does. Empty if neither
/// knows.
llvm::StringRef findOperation(LayerOp layer);

/// Whether the layer computes a single position of a feature map, a vector.
bool isVectorLayer(WorkloadAttrInterface workload);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_LAYERSHAPES_H
