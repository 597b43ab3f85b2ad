//===- Baselines.cpp - What simpler policies would cost ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Baselines.h"
#include "pfmlir/Scheduler/Searches.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Threading.h"

#include <set>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

static SmallVector<double> getPolicyLevels(TargetOp target) {
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

FailureOr<PolicyCosts> pfmlir::power::computePolicyCosts(const Network &network,
                                                         GatingAttr gating) {
  // A target without the levels that its user did not ask for, beside the IR.
  TargetOp original = network.target;
  PolicyCosts policy{OwningOpRef<TargetOp>(cast<TargetOp>(original->clone())),
                     {}};
  // A measured table need not speak of them; that is no error here. What other
  // threads report is for other handlers.
  ScopedDiagnosticHandler quiet(
      original.getContext(), [thread = llvm::get_threadid()](Diagnostic &) {
        return success(llvm::get_threadid() == thread);
      });
  if (failed(setLevels(*policy.target, getPolicyLevels(*policy.target))) ||
      failed(
          computeCosts(*policy.target, network.layers, gating, policy.costs)))
    return failure();
  return policy;
}

namespace {
struct PolicyProblem {
  scheduler::Problem problem;
  /// Of each axis, with all domains at nominal voltage.
  std::vector<scheduler::Setting> nominal;
};
} // namespace

static FailureOr<PolicyProblem>
buildPolicyProblem(const Network &network, GatingAttr gating, double periodS) {
  FailureOr<PolicyCosts> policy = computePolicyCosts(network, gating);
  if (failed(policy))
    return failure();
  // A policy waits in its last state, or sleeps.
  NetworkProblem built =
      buildProblem(*policy->target, policy->costs, network.probabilities,
                   periodS, /*withIdleStates=*/false);
  if (scheduler::check(built.problem))
    return failure();
  // A supply of several nominal voltages has none.
  std::optional<std::vector<scheduler::Setting>> nominal =
      getNominalSettings(*policy->target, built);
  if (!nominal)
    return failure();
  return PolicyProblem{std::move(built.problem), std::move(*nominal)};
}

/// A policy is the search of its name.
static scheduler::SearchResult
runPolicy(const char *name, const scheduler::Problem &problem,
          const std::vector<scheduler::Setting> &nominal) {
  return scheduler::findSearch(name)->run(problem, scheduler::SearchLimits(),
                                          nominal);
}

std::optional<double>
pfmlir::power::computeNominalTime(const Network &network) {
  // With all the time in the world, to see what it takes.
  TargetOp target = network.target;
  FailureOr<PolicyProblem> policy = buildPolicyProblem(
      network, target.getGatingOrNone(), scheduler::kMostQuantity);
  if (failed(policy))
    return std::nullopt;
  policy->problem.maxRails = policy->problem.numLevels;
  scheduler::SearchResult result =
      runPolicy("nominal", policy->problem, policy->nominal);
  double timeS = result.schedule.activeTimeS;
  if (result.status == scheduler::Status::Infeasible || timeS == 0)
    return std::nullopt;
  return timeS / (1 - policy->problem.margin);
}

//===----------------------------------------------------------------------===//
// Policies
//===----------------------------------------------------------------------===//

namespace {
/// Sorts policies by whether the target allows them.
class BaselineWriter {
public:
  BaselineWriter(Network &network, double periodS)
      : network(network), target(network.target), periodS(periodS),
        builder(target.getContext()) {}

  /// Adds all policies with banks gated like this.
  void addPolicies(GatingAttr gating, StringRef suffix);
  Baselines finish();

private:
  void add(const Twine &name, ArrayRef<StringRef> differsIn,
           const scheduler::SearchResult &result);

  Network &network;
  TargetOp target;
  double periodS;
  Builder builder;
  NamedAttrList baselines, references;
};
} // namespace

void BaselineWriter::add(const Twine &name, ArrayRef<StringRef> differsIn,
                         const scheduler::SearchResult &result) {
  if (result.status == scheduler::Status::Infeasible)
    return;
  FloatAttr energyJ = builder.getF64FloatAttr(result.schedule.energyJ);
  if (differsIn.empty()) {
    baselines.set(name.str(), energyJ);
    return;
  }
  references.set(name.str(),
                 builder.getDictionaryAttr(
                     {builder.getNamedAttr(ScheduleOp::kDiffersIn,
                                           builder.getStrArrayAttr(differsIn)),
                      builder.getNamedAttr(ScheduleOp::kEnergyJ, energyJ)}));
}

/// Whether every domain's nominal voltage is one of its target's levels.
static bool areNominalLevels(TargetOp target) {
  return llvm::all_of(target.getDomains(), [&](DomainOp domain) {
    return target.getLevelIndex(domain.getNominalV().convertToDouble());
  });
}

void BaselineWriter::addPolicies(GatingAttr gating, StringRef suffix) {
  FailureOr<PolicyProblem> policy =
      buildPolicyProblem(network, gating, periodS);
  if (failed(policy))
    return;
  SmallVector<StringRef> differsIn;
  if (gating != target.getGatingOrNone())
    differsIn.push_back(ScheduleOp::kGating);
  bool areLevels = areNominalLevels(target);
  if (areLevels)
    add("greedy" + suffix, differsIn,
        runPolicy("greedy", policy->problem, policy->nominal));
  else
    differsIn.push_back(ScheduleOp::kLevels);
  std::set<scheduler::Level> rails;
  for (auto [axis, setting] :
       llvm::zip_equal(policy->problem.axes, policy->nominal))
    if (setting != scheduler::kAnySetting &&
        axis.railOf[setting] != scheduler::kNoRail)
      rails.insert(axis.railOf[setting]);
  if (rails.size() > target.getMaxRails())
    differsIn.push_back(ScheduleOp::kRails);
  policy->problem.maxRails = policy->problem.numLevels;
  add("nominal" + suffix, differsIn,
      runPolicy("nominal", policy->problem, policy->nominal));
}

Baselines BaselineWriter::finish() {
  auto orNull = [&](NamedAttrList &list) {
    return list.empty() ? DictionaryAttr()
                        : list.getDictionary(builder.getContext());
  };
  return {orNull(baselines), orNull(references)};
}

Baselines pfmlir::power::computeBaselines(Network &network, double periodS) {
  GatingAttr gating = network.target.getGatingOrNone();
  BaselineWriter writer(network, periodS);
  writer.addPolicies(GatingAttr::get(gating.getContext(), GatingMode::None,
                                     gating.getGranularity()),
                     "");
  if (gating.getMode() != GatingMode::None)
    writer.addPolicies(gating, "_gated");
  return writer.finish();
}
