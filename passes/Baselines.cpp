//===- Baselines.cpp - What simpler policies would cost ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Baselines.h"
#include "pfmlir/Scheduler/Search.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Threading.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

static SmallVector<double> getBaselineLevels(TargetOp target) {
  SmallVector<double> levels = {target.getLevelsV().front(),
                                target.getLevelsV().back()};
  for (DomainOp domain : target.getDomains()) {
    double nominal = domain.getNominalV().convertToDouble();
    std::optional<unsigned> index = target.getLevelIndex(nominal);
    levels.push_back(index ? target.getLevelsV()[*index] : nominal);
  }
  llvm::sort(levels);
  levels.erase(llvm::unique(levels), levels.end());
  return levels;
}

FailureOr<BaselineProblem>
pfmlir::power::buildBaselineProblem(Network &network, GatingAttr gating,
                                    double periodS) {
  // A target without the levels that its user did not ask for, beside the IR.
  OwningOpRef<TargetOp> target(cast<TargetOp>(network.target->clone()));
  // A measured table need not speak of them; that is no error here. What other
  // threads report is for other handlers.
  ScopedDiagnosticHandler quiet(
      target->getContext(), [thread = llvm::get_threadid()](Diagnostic &) {
        return success(llvm::get_threadid() == thread);
      });
  SmallVector<LayerCosts> costs;
  if (failed(setLevels(*target, getBaselineLevels(*target))) ||
      failed(computeCosts(*target, network.layers, gating, costs)))
    return failure();
  BaselineProblem baseline;
  baseline.problem = buildProblem(*target, costs, periodS);
  unsigned numLevels = baseline.problem.numLevels;
  baseline.problem.maxRails = numLevels;
  baseline.nominalLevels = *getNominalLevels(*target);
  baseline.rails.resize(numLevels);
  std::iota(baseline.rails.begin(), baseline.rails.end(), 0);
  if (scheduler::check(baseline.problem))
    return failure();
  return baseline;
}

DictionaryAttr pfmlir::power::computeBaselines(Network &network,
                                               double periodS) {
  Builder builder(network.target->getContext());
  NamedAttrList baselines;
  auto add = [&](const Twine &name, const scheduler::SearchResult &result) {
    if (result.status != scheduler::Status::Infeasible)
      baselines.set(name.str(),
                    builder.getF64FloatAttr(result.schedule.energyJ));
  };
  auto addPolicies = [&](GatingAttr gating, const Twine &suffix) {
    FailureOr<BaselineProblem> baseline =
        buildBaselineProblem(network, gating, periodS);
    if (failed(baseline))
      return;
    add("nominal" + suffix,
        scheduler::evaluateFixed(baseline->problem, baseline->nominalLevels));
    add("greedy" + suffix,
        scheduler::searchGreedy(baseline->problem, baseline->rails));
  };

  GatingAttr gating = network.target.getGatingOrNone();
  addPolicies(GatingAttr::get(builder.getContext(), GatingMode::None,
                              gating.getGranularity()),
              "");
  if (gating.getMode() != GatingMode::None)
    addPolicies(gating, "_gated");
  return baselines.getDictionary(builder.getContext());
}
