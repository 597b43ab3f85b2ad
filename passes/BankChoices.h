//===- BankChoices.h - Banks that may stay powered --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where powering a bank costs something, a layer may leave banks on that it
// does not need, for a later one. Gating a bank is free, so that one is worth
// leaving on only between two layers that both need it: as many banks as some
// layer needs, and no more than some earlier and some later layer do.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_BANKCHOICES_H
#define PFMLIR_PASSES_BANKCHOICES_H

#include "pfmlir/Passes/Costs.h"

namespace pfmlir::power {

/// Gives each state of each layer its powered banks, of the target's memories
/// that cost something to wake, with what banks that are not needed leak. With
/// `choices`, only the numbers chosen, which must be what the layer needs or
/// more. Reports an error at a layer whose needs are not known.
llvm::LogicalResult addBankChoices(TargetOp target,
                                   llvm::ArrayRef<LayerOp> layers,
                                   llvm::MutableArrayRef<LayerWays> costs,
                                   llvm::ArrayRef<LayerChoice> choices);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_BANKCHOICES_H
