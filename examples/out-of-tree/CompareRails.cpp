//===- CompareRails.cpp - What one rail more would save ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roofline.h"

#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Search.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

namespace {
/// Runs the exact search on a module that is ready to be scheduled, once for
/// each number of rails that its target allows. Changes nothing.
struct CompareRailsPass
    : PassWrapper<CompareRailsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CompareRailsPass)

  CompareRailsPass() = default;
  CompareRailsPass(const CompareRailsPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "roofline-compare-rails"; }
  StringRef getDescription() const override {
    return "Say what the least energy is with one rail, two, and so on";
  }

  Option<double> periodS{
      *this, "period-s",
      llvm::cl::desc("Seconds from one inference to the next")};

  LogicalResult compareRails() {
    FailureOr<Network> network = findNetwork(getOperation());
    if (failed(network))
      return failure();
    SmallVector<LayerWays> costs;
    if (failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return failure();
    NetworkProblem built = buildProblem(network->target, costs,
                                        network->probabilities, this->periodS);
    scheduler::Problem &problem = built.problem;
    if (std::optional<std::string> wrong = scheduler::check(problem))
      return emitBriefOpError(network->function) << *wrong;
    unsigned most = problem.maxRails;
    for (problem.maxRails = 1; problem.maxRails <= most; ++problem.maxRails) {
      scheduler::SearchResult result = scheduler::searchExact(problem, {});
      InFlightDiagnostic remark = emitRemark(network->function.getLoc())
                                  << "at most " << problem.maxRails
                                  << " rails: ";
      if (result.status == scheduler::Status::Infeasible)
        remark << "too slow, " << formatNumber(result.fastestTimeS)
               << " s at least";
      else
        remark << formatNumber(result.schedule.energyJ) << " J";
    }
    return success();
  }

  void runOnOperation() override {
    markAllAnalysesPreserved();
    if (failed(compareRails()))
      signalPassFailure();
  }
};
} // namespace

void roofline::registerCompareRailsPass() {
  PassRegistration<CompareRailsPass>();
}
