//===- SelectStates.h - From networks to their schedules --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What choosing a schedule consists of, for one network and for several that
// share their rails.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SELECTSTATES_H
#define PFMLIR_PASSES_SELECTSTATES_H

#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Searches.h"

namespace pfmlir::power {

/// A network with its costs and the problem that they make.
struct PosedNetwork {
  Network network;
  llvm::SmallVector<LayerWays> costs;
  NetworkProblem built;
};

/// Poses a network at a period in seconds or, without one, at its own.
mlir::FailureOr<PosedNetwork> poseNetwork(Network network,
                                          std::optional<double> periodS);

/// Writes a schedule into the IR.
void writeSchedule(PosedNetwork &posed, const scheduler::SearchResult &result,
                   llvm::StringRef search);

/// Chooses the rails of a system and the schedules of its networks on them, and
/// writes them all. Networks without a period have `periodS`, if it is given.
/// Returns the results by network.
mlir::FailureOr<std::vector<scheduler::SearchResult>>
selectSystem(SystemOp system, const scheduler::SearchInfo &search,
             std::optional<double> periodS,
             const scheduler::SearchLimits &limits);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_SELECTSTATES_H
