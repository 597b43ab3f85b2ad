//===- BankPlan.h - Which banks a network keeps powered ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the memories of a target that say what becomes of their content: how many
// banks each layer needs on, how many only keep a value, and what is loaded
// again. What a network does not say (a list of shapes has no values) follows
// from the layers alone, one after the other.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_MODELS_BANKPLAN_H
#define PFMLIR_DIALECT_MODELS_BANKPLAN_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// What a layer needs of a memory, in bytes.
struct MemoryNeed {
  /// Reads and writes while it runs.
  double ownBytes = 0;
  /// Must still be there when it is done, besides.
  double keptBytes = 0;
};

/// What a layer makes of a memory.
struct MemoryUse {
  double banksOn = 0;
  /// Banks that only keep a value, at less than their leakage power.
  double banksRetained = 0;
  double reloadedBytes = 0;
};

/// Of a memory of feature maps: by layer, in the order in which they run.
/// Reports an error at a layer that does not fit.
mlir::FailureOr<llvm::SmallVector<MemoryUse>>
planFeatures(MemoryOp memory, llvm::ArrayRef<LayerOp> layers,
             llvm::ArrayRef<MemoryNeed> needs, bool isGated,
             int64_t granularity);

/// Of a memory of weights, of which the layers have these bytes, and work on
/// `activeBanks` at a time. Reports an error at the first layer whose weights
/// don't fit and can't be loaded again.
mlir::FailureOr<llvm::SmallVector<MemoryUse>>
planWeights(MemoryOp memory, llvm::ArrayRef<LayerOp> layers,
            llvm::ArrayRef<double> weightBytes,
            llvm::ArrayRef<double> activeBanks, bool isGated,
            int64_t granularity);

/// The bytes of values, of `defaultBits` bits an element where their type is a
/// floating-point type that stands for whatever the target computes in.
double bytesOf(llvm::ArrayRef<mlir::ShapedType> values, int64_t defaultBits);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_MODELS_BANKPLAN_H
