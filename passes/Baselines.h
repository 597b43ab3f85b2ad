//===- Baselines.h - What simpler policies would cost -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_BASELINES_H
#define PFMLIR_PASSES_BASELINES_H

#include "pfmlir/Passes/NetworkProblem.h"

#include "mlir/IR/OwningOpRef.h"

namespace pfmlir::power {

/// What simpler policies cost a period, as `power.schedule` has it. Policy
/// `nominal` has all domains at nominal voltage, `greedy` is the search of that
/// name. With `_gated`, banks are gated as the target gates; without, all banks
/// are on. A policy that misses the deadline is left out.
struct Baselines {
  /// Policies that the target allows: a name, and joules.
  mlir::DictionaryAttr baselinesJ;
  /// Policies that it doesn't: a name, `energy_j`, and `differs_in`, in what.
  mlir::DictionaryAttr references;
};

Baselines computeBaselines(Network &network, double periodS);

/// What layers cost on the levels that policies are about: the lowest and the
/// highest of a target's, and the nominal voltage of each domain, whether that
/// is a level of the target or not.
struct PolicyCosts {
  /// A copy of the target with these levels, beside the IR.
  mlir::OwningOpRef<TargetOp> target;
  llvm::SmallVector<LayerWays> costs;
};

/// Fails without an error where the target can't say what these levels cost.
mlir::FailureOr<PolicyCosts> computePolicyCosts(const Network &network,
                                                GatingAttr gating);

/// The shortest period with all domains at nominal voltage, in seconds. Nothing
/// where the target can't say what that costs.
std::optional<double> computeNominalTime(const Network &network);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_BASELINES_H
