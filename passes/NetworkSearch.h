//===- NetworkSearch.h - Searches of a network's schedule -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_NETWORKSEARCH_H
#define PFMLIR_PASSES_NETWORKSEARCH_H

#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Searches.h"

namespace pfmlir::power {

/// Reports an error, a bug of the search, if what it found does not verify.
llvm::LogicalResult verifyFound(const Network &network,
                                const NetworkProblem &problem,
                                const scheduler::SearchInfo &search,
                                const scheduler::SearchResult &result);

/// Checks a problem of a network, searches, and verifies what was found.
/// Reports an error where there is no problem, or none for this search; that no
/// schedule keeps the deadline is a result. What a cancelled search finds is
/// not looked at.
mlir::FailureOr<scheduler::SearchResult>
searchNetwork(const Network &network, const NetworkProblem &problem,
              const scheduler::SearchInfo &search,
              const scheduler::SearchLimits &limits);

/// Says by how much the deadline is missed, and what could be met.
mlir::LogicalResult reportInfeasible(const Network &network,
                                     const scheduler::SearchInfo &search,
                                     const scheduler::Problem &problem,
                                     double fastestS);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_NETWORKSEARCH_H
