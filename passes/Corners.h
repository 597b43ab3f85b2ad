//===- Corners.h - What layers cost on dies that differ ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function runs in one corner of its target, or with one schedule in all of
// them. Then a layer takes the time of the slowest corner, on whatever die: the
// next one starts when the schedule says, and what is done earlier waits in its
// state. Energies and powers are means. As corners scale all times alike, one
// of them is the slowest for all states, and nothing is lost by that.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_CORNERS_H
#define PFMLIR_PASSES_CORNERS_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// The corners in which a function runs on `target`: none where all dies are
/// as the target says.
llvm::SmallVector<CornerOp> getCornersOf(mlir::Operation *function,
                                         TargetOp target);

/// The corner that keeps the deadline last, the first of equals; null without
/// any.
CornerOp getSlowest(llvm::ArrayRef<CornerOp> corners);

/// The costs of a layer in a corner.
LayerCosts scaleToCorner(LayerCosts costs, CornerOp corner);

/// Of costs by corner, of which each may lack some of the states of `all`, in
/// the same order: the states that none lacks, in the mean, at the time of the
/// slowest corner.
LayerCosts joinCorners(const LayerCosts &all, llvm::ArrayRef<CornerOp> corners,
                       llvm::ArrayRef<LayerCosts> costs);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_CORNERS_H
