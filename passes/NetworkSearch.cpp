//===- NetworkSearch.cpp - Searches of a network's schedule ---------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/NetworkSearch.h"
#include "pfmlir/Passes/Infeasibility.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

static FailureOr<scheduler::SearchResult>
runSearch(const Network &network, const NetworkProblem &problem,
          const scheduler::SearchInfo &search,
          const scheduler::SearchLimits &limits) {
  std::optional<std::vector<scheduler::Setting>> nominal =
      getNominalSettings(network.target, problem);
  if (search.needsNominal && !nominal) {
    TargetOp target = network.target;
    return emitBriefOpError(target)
           << "expects every domain's nominal voltage among its levels, which "
              "search '"
           << search.name << "' starts from";
  }
  return scheduler::runSearch(
      search, problem.problem, limits,
      nominal.value_or(std::vector<scheduler::Setting>()));
}

LogicalResult pfmlir::power::reportInfeasible(
    const Network &network, const scheduler::SearchInfo &search,
    const scheduler::Problem &problem, double fastestS) {
  FunctionOpInterface function = network.function;
  TargetOp target = network.target;
  double periodS = problem.periodS;
  double shortestS = fastestS / (1 - problem.margin);
  InFlightDiagnostic diagnostic = emitBriefOpError(function)
                                  << "@" << function.getName();
  setInfeasibility(*diagnostic.getUnderlyingDiagnostic(),
                   {function.getNameAttr(), periodS, shortestS});
  if (!std::isfinite(fastestS) && search.isComplete)
    return diagnostic << " has no schedule at any rate: no "
                      << target.getMaxRails() << " levels of target @"
                      << target.getSymName() << " have a state for every layer";
  if (!std::isfinite(fastestS))
    return diagnostic << " has no schedule by search '" << search.name
                      << "' at any rate: some layer has no state at its "
                         "levels, or they are more than the "
                      << target.getMaxRails() << " rails of target @"
                      << target.getSymName();
  diagnostic
      << " can't run every "
      << llvm::formatv("{0:e6} s ({1:f2} fps)", periodS, 1 / periodS).str();
  if (search.isComplete)
    diagnostic << ": the fastest schedule on target @";
  else
    diagnostic << " by search '" << search.name
               << "': its fastest schedule on target @";
  diagnostic << target.getSymName();
  if (problem.margin > 0)
    diagnostic << llvm::formatv(" takes {0:e6} s and, with a margin of {1},",
                                fastestS, formatNumber(problem.margin))
                      .str();
  diagnostic << llvm::formatv(" takes {0:e6} s ({1:f2} fps), {2:e3} s too long",
                              shortestS, 1 / shortestS, shortestS - periodS)
                    .str();
  // In full, to be used as it is.
  diagnostic.attachNote() << "the shortest period is "
                          << llvm::formatv("{0:e16}", shortestS).str() << " s";
  return diagnostic;
}

LogicalResult
pfmlir::power::verifyFound(const Network &network,
                           const NetworkProblem &problem,
                           const scheduler::SearchInfo &search,
                           const scheduler::SearchResult &result) {
  std::optional<std::string> wrong =
      scheduler::verify(problem.problem, result.schedule);
  if (!wrong)
    return success();
  FunctionOpInterface function = network.function;
  return emitBriefOpError(function)
         << "got a schedule that does not verify, which is a bug in search '"
         << search.name << "': " << *wrong;
}

FailureOr<scheduler::SearchResult>
pfmlir::power::searchNetwork(const Network &network,
                             const NetworkProblem &problem,
                             const scheduler::SearchInfo &search,
                             const scheduler::SearchLimits &limits) {
  if (failed(checkProblem(network.function, network, problem)))
    return failure();
  FailureOr<scheduler::SearchResult> result =
      runSearch(network, problem, search, limits);
  if (failed(result) || result->status == scheduler::Status::Infeasible ||
      (limits.isCancelled && *limits.isCancelled))
    return result;
  if (failed(verifyFound(network, problem, search, *result)))
    return failure();
  return result;
}
