//===- Baselines.h - What simpler policies would cost -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_BASELINES_H
#define PFMLIR_PASSES_BASELINES_H

#include "pfmlir/Passes/Network.h"

namespace pfmlir::power {

/// The network on the levels of the published baselines: the lowest and the
/// highest of the target's levels, and the nominal voltage of each domain.
struct BaselineProblem {
  scheduler::Problem problem;
  /// Per domain, its nominal voltage.
  std::vector<scheduler::Level> nominalLevels;
  /// Lowest, nominal and highest.
  std::vector<scheduler::Level> rails;
};

/// Fails without an error where the target can't say what these levels cost.
mlir::FailureOr<BaselineProblem>
buildBaselineProblem(Network &network, GatingAttr gating, double periodS);

/// The energy in joules of one period under each policy that keeps the
/// deadline: `nominal`, `nominal_gated`, `greedy` and `greedy_gated`. "Gated"
/// is as the target gates; where it does not, there is no such policy.
mlir::DictionaryAttr computeBaselines(Network &network, double periodS);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_BASELINES_H
