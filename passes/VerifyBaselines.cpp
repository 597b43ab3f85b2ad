//===- VerifyBaselines.cpp - Recompute what a schedule is compared with ---===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a policy costs and takes is summed up here, from the costs of its
// layers' states. Shared with what computed it before are the costs themselves
// and, for the greedy policies, the scheduler's choice of states.
//
//===----------------------------------------------------------------------===//

#include "passes/Baselines.h"
#include "passes/Verify.h"
#include "pfmlir/Scheduler/Searches.h"

#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

namespace {
/// A policy by its name.
struct Policy {
  bool isGreedy;
  /// As the target gates; else all banks are on.
  bool isGated;
};

/// What a period costs, in joules, and the power in what is left of it.
struct PolicyEnergy {
  double energyJ;
  double restPowerW;
};

class BaselineVerifier {
public:
  explicit BaselineVerifier(const ScheduledNetwork &network)
      : network(network), target(network.target), schedule(network.schedule),
        periodS(schedule.getPeriodS().convertToDouble()) {}

  LogicalResult run();

private:
  LogicalResult verify(StringRef what, StringRef name, double statedJ,
                       ArrayRef<StringRef> differsIn);
  std::optional<Policy> findPolicy(StringRef name);
  SmallVector<StringRef> findDifferences(Policy policy);
  std::optional<PolicyEnergy> recompute(Policy policy);
  PolicyEnergy endPeriod(TargetOp policyTarget, double activeS,
                         double idlePowerW);

  ScheduledNetwork network;
  TargetOp target;
  ScheduleOp schedule;
  double periodS;
};
} // namespace

double pfmlir::power::getSleepEnergyJ(TargetOp target, SleepStateOp sleep,
                                      double remainingS) {
  auto [overheadJ, overheadS] = target.getSleepOverhead(sleep);
  return overheadJ + sleep.getPowerW().convertToDouble() *
                         std::max(remainingS - overheadS, 0.0);
}

bool pfmlir::power::canSleep(TargetOp target, SleepStateOp sleep,
                             double activeS, double periodS) {
  return activeS + target.getSleepOverhead(sleep).second <=
         periodS * (1 + kDeadlineTolerance);
}

//===----------------------------------------------------------------------===//
// Which policy
//===----------------------------------------------------------------------===//

std::optional<Policy> BaselineVerifier::findPolicy(StringRef name) {
  Policy policy{};
  policy.isGated = name.consume_back("_gated");
  policy.isGreedy = name == "greedy";
  bool gates = target.getGatingOrNone().getMode() != GatingMode::None;
  if ((name != "greedy" && name != "nominal") || (policy.isGated && !gates))
    return std::nullopt;
  return policy;
}

/// In what a policy is not one that the target allows.
SmallVector<StringRef> BaselineVerifier::findDifferences(Policy policy) {
  SmallVector<StringRef> differsIn;
  if (!policy.isGated && target.getGatingOrNone().getMode() != GatingMode::None)
    differsIn.push_back(ScheduleOp::kGating);
  std::set<double> nominalsV;
  bool areLevels = true;
  for (DomainOp domain : target.getDomains()) {
    double nominalV = domain.getNominalV().convertToDouble();
    nominalsV.insert(nominalV);
    areLevels &= target.getLevelIndex(nominalV).has_value();
  }
  if (!areLevels)
    differsIn.push_back(ScheduleOp::kLevels);
  // The greedy policy takes as many rails as it may.
  if (!policy.isGreedy && nominalsV.size() > target.getMaxRails())
    differsIn.push_back(ScheduleOp::kRails);
  return differsIn;
}

//===----------------------------------------------------------------------===//
// What it costs
//===----------------------------------------------------------------------===//

/// The states at nominal voltage, one a layer; none if some layer has none.
static SmallVector<const LayerState *> findNominalStates(PolicyCosts &policy) {
  SmallVector<uint16_t, 4> levels;
  for (DomainOp domain : policy.target->getDomains())
    levels.push_back(
        *policy.target->getLevelIndex(domain.getNominalV().convertToDouble()));
  SmallVector<const LayerState *> states;
  for (const LayerCosts &layer : policy.costs) {
    const LayerState *best = nullptr;
    for (const LayerState &state : layer.states)
      if (state.levels == levels && (!best || state.energyJ < best->energyJ))
        best = &state;
    if (!best)
      return {};
    states.push_back(best);
  }
  return states;
}

/// The states that the scheduler's greedy search ends in.
static SmallVector<const LayerState *> findGreedyStates(PolicyCosts &policy,
                                                        double periodS) {
  TargetOp target = *policy.target;
  scheduler::Problem problem = buildProblem(target, policy.costs, periodS);
  if (scheduler::check(problem))
    return {};
  scheduler::Schedule found =
      scheduler::findSearch("greedy")
          ->run(problem, scheduler::SearchLimits(), *getNominalLevels(target))
          .schedule;
  SmallVector<const LayerState *> states;
  for (auto [layer, state] : llvm::enumerate(found.states))
    states.push_back(
        &policy.costs[layer].states[state - problem.layerBegin[layer]]);
  return states;
}

PolicyEnergy BaselineVerifier::endPeriod(TargetOp policyTarget, double activeS,
                                         double idlePowerW) {
  double remainingS = std::max(periodS - activeS, 0.0);
  PolicyEnergy least{idlePowerW * remainingS, idlePowerW};
  for (SleepStateOp sleep : policyTarget.getSleepStates()) {
    double sleepJ = getSleepEnergyJ(policyTarget, sleep, remainingS);
    if (sleepJ < least.energyJ &&
        canSleep(policyTarget, sleep, activeS, periodS))
      least = {sleepJ, sleep.getPowerW().convertToDouble()};
  }
  return least;
}

/// Nothing where the policy misses the deadline, or where nobody knows.
std::optional<PolicyEnergy> BaselineVerifier::recompute(Policy policy) {
  GatingAttr gating = target.getGatingOrNone();
  if (!policy.isGated)
    gating = GatingAttr::get(gating.getContext(), GatingMode::None,
                             gating.getGranularity());
  FailureOr<PolicyCosts> costs = computePolicyCosts(network, gating);
  if (failed(costs))
    return std::nullopt;
  SmallVector<const LayerState *> states =
      policy.isGreedy ? findGreedyStates(*costs, periodS)
                      : findNominalStates(*costs);
  if (states.empty())
    return std::nullopt;

  TargetOp policyTarget = *costs->target;
  double activeS = 0, energyJ = 0;
  const LayerState *before = nullptr;
  for (const LayerState *state : states) {
    activeS += state->timeS;
    energyJ += state->energyJ;
    for (auto [index, domain] : llvm::enumerate(policyTarget.getDomains())) {
      TransitionOp transition = policyTarget.getTransition(domain);
      if (!before || !transition ||
          before->levels[index] == state->levels[index])
        continue;
      auto [from, to] = std::pair(before->levels[index], state->levels[index]);
      activeS += transition.getTimeSBetween(from, to);
      energyJ += transition.getEnergyJBetween(from, to);
    }
    before = state;
  }
  if (activeS > periodS * (1 + kDeadlineTolerance))
    return std::nullopt;
  PolicyEnergy sum = endPeriod(policyTarget, activeS, before->leakageW);
  sum.energyJ += energyJ;
  return sum;
}

//===----------------------------------------------------------------------===//
// Whether it is what the schedule says
//===----------------------------------------------------------------------===//

LogicalResult BaselineVerifier::verify(StringRef what, StringRef name,
                                       double statedJ,
                                       ArrayRef<StringRef> differsIn) {
  std::optional<Policy> policy = findPolicy(name);
  if (!policy)
    return emitBriefOpError(schedule)
           << "expects its " << what
           << "s to be nominal, greedy or, where target @"
           << target.getSymName()
           << " gates banks, nominal_gated or greedy_gated, but got '" << name
           << "'";
  SmallVector<StringRef> differences = findDifferences(*policy);
  if (differsIn != ArrayRef(differences))
    return emitBriefOpError(schedule)
           << "says " << what << " '" << name << "' differs in ["
           << llvm::join(differsIn, ", ") << "] from what target @"
           << target.getSymName() << " allows, but it differs in ["
           << llvm::join(differences, ", ") << "]";
  InFlightDiagnostic diagnostic = emitBriefOpError(schedule)
                                  << "says " << what << " '" << name
                                  << "' costs " << formatNumber(statedJ)
                                  << " J, but it ";
  std::optional<PolicyEnergy> recomputed = recompute(*policy);
  if (!recomputed)
    return diagnostic << "is not known to keep the deadline";
  if (!agree(statedJ, recomputed->energyJ,
             getScaleJ(recomputed->energyJ, recomputed->restPowerW, periodS)))
    return diagnostic << "costs " << formatNumber(recomputed->energyJ) << " J";
  diagnostic.abandon();
  return success();
}

LogicalResult BaselineVerifier::run() {
  if (DictionaryAttr baselines = schedule.getBaselinesJAttr())
    for (NamedAttribute baseline : baselines)
      if (failed(verify("baseline", baseline.getName(),
                        cast<FloatAttr>(baseline.getValue()).getValueAsDouble(),
                        /*differsIn=*/{})))
        return failure();
  for (const ScheduleOp::Reference &reference : schedule.readReferences())
    if (failed(verify("reference", reference.name, reference.energyJ,
                      reference.differsIn)))
      return failure();
  return success();
}

LogicalResult pfmlir::power::verifyBaselines(const ScheduledNetwork &network) {
  return BaselineVerifier(network).run();
}
