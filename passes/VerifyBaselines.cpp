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
#include "passes/Ledger.h"
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

/// What runs a layer, and how.
struct PolicyStep {
  EngineOp engine;
  LayerState state;
};
using PolicySteps = SmallVector<PolicyStep>;

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
  /// With what its period took; nothing where the policy misses the deadline,
  /// or where nobody knows.
  std::optional<Ledger> recompute(Policy policy);

  ScheduledNetwork network;
  TargetOp target;
  ScheduleOp schedule;
  double periodS;
};
} // namespace

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
  std::set<double> railsV;
  bool areLevels = true;
  for (DomainOp domain : target.getDomains()) {
    double nominalV = domain.getNominalV().convertToDouble();
    areLevels &= target.getLevelIndex(nominalV).has_value();
    if (!target.getRegulator(domain))
      railsV.insert(nominalV);
  }
  if (!areLevels)
    differsIn.push_back(ScheduleOp::kLevels);
  // The greedy policy takes as many rails as it may.
  if (!policy.isGreedy && railsV.size() > target.getMaxRails())
    differsIn.push_back(ScheduleOp::kRails);
  return differsIn;
}

//===----------------------------------------------------------------------===//
// What it costs
//===----------------------------------------------------------------------===//

/// At nominal voltage and in no mode, one step a layer, each that which costs
/// least while it is dispatched and runs; none if some layer has none.
static PolicySteps findNominalSteps(PolicyCosts &policy) {
  TargetOp target = *policy.target;
  SmallVector<uint16_t, 4> levels;
  for (DomainOp domain : target.getDomains())
    levels.push_back(
        *target.getLevelIndex(domain.getNominalV().convertToDouble()));
  double dispatchS = numberOr0(target.getDispatchTimeS());
  double awakeW = numberOr0(target.getAwakePowerW());
  PolicySteps steps;
  for (const LayerWays &ways : policy.costs) {
    std::optional<PolicyStep> best;
    double bestJ = 0;
    for (const LayerWay &way : ways)
      for (size_t index = 0; index < way.costs.size(); ++index) {
        LayerState state = way.costs[index];
        bool isInMode =
            llvm::any_of(state.modes, [](uint16_t mode) { return mode != 0; });
        double energyJ = state.energyJ + state.leakageW * dispatchS +
                         awakeW * (state.timeS + dispatchS);
        if (state.levels != ArrayRef(levels) || isInMode ||
            (best && energyJ >= bestJ))
          continue;
        best = {way.engine, state};
        bestJ = energyJ;
      }
    if (!best)
      return {};
    steps.push_back(*best);
  }
  return steps;
}

/// The states that the scheduler's greedy search ends in.
static PolicySteps findGreedySteps(const Network &network, PolicyCosts &policy,
                                   double periodS) {
  TargetOp target = *policy.target;
  NetworkProblem built =
      buildProblem(target, policy.costs, network.probabilities, periodS,
                   /*withIdleStates=*/false);
  if (scheduler::check(built.problem))
    return {};
  std::optional<std::vector<scheduler::Setting>> nominal =
      getNominalSettings(target, built);
  if (!nominal)
    return {};
  scheduler::Schedule found =
      scheduler::findSearch("greedy")
          ->run(built.problem, scheduler::SearchLimits(), *nominal)
          .schedule;
  PolicySteps steps;
  for (auto [ways, state] : llvm::zip(policy.costs, found.states)) {
    StateMeaning meaning = built.meanings[state];
    const LayerWay &way = ways[meaning.way];
    steps.push_back({way.engine, way.costs[meaning.state]});
  }
  return steps;
}

/// What a policy's layers and the changes between them take; some periods end
/// early where layers have probabilities.
static void book(Ledger &ledger, TargetOp target, const PolicySteps &steps,
                 ArrayRef<double> probabilities, SleepStateOp earlyTail) {
  SmallVector<DomainOp> domains = target.getDomains();
  SmallVector<MemoryOp> memories = target.getWakeMemories();
  for (auto [layer, step] : llvm::enumerate(steps)) {
    const auto &[engine, state] = step;
    if (layer > 0 && !probabilities.empty() &&
        probabilities[layer] != probabilities[layer - 1])
      ledger.goOnWith(probabilities[layer], earlyTail);
    for (auto [domain, level] : llvm::zip_equal(domains, state.levels))
      ledger.setVoltage(domain, target.getLevelsV()[level]);
    // What costs say nothing of modes is without any.
    for (auto [index, domain] : llvm::enumerate(domains)) {
      uint16_t mode = state.modes.empty() ? 0 : state.modes[index];
      ledger.setMode(domain,
                     mode == 0 ? ModeOp() : target.getModes(domain)[mode - 1]);
    }
    for (auto [memory, banks] : llvm::zip(memories, state.banks))
      ledger.setBanks(memory, banks);
    ledger.setEngine(engine);
    ledger.run(state.energyJ, state.timeS, state.leakageW);
  }
}

static size_t countRails(TargetOp target, const PolicySteps &steps) {
  std::set<uint16_t> rails;
  for (const PolicyStep &step : steps)
    for (auto [domain, level] :
         llvm::zip_equal(target.getDomains(), step.state.levels))
      if (!target.getRegulator(domain))
        rails.insert(level);
  return rails.size();
}

/// The period ends in whatever way costs least.
static Ledger endPeriod(TargetOp target, const Ledger &active,
                        double idlePowerW) {
  Ledger least = active;
  least.idle(idlePowerW);
  for (SleepStateOp sleep : target.getSleepStates()) {
    if (!active.canSleep(sleep))
      continue;
    Ledger asleep = active;
    asleep.sleep(sleep);
    if (asleep.energy().sumJ() < least.energy().sumJ())
      least = asleep;
  }
  return least;
}

std::optional<Ledger> BaselineVerifier::recompute(Policy policy) {
  GatingAttr gating = target.getGatingOrNone();
  if (!policy.isGated)
    gating = GatingAttr::get(gating.getContext(), GatingMode::None,
                             gating.getGranularity());
  FailureOr<PolicyCosts> costs = computePolicyCosts(network, gating);
  if (failed(costs))
    return std::nullopt;
  PolicySteps steps = policy.isGreedy
                          ? findGreedySteps(network, *costs, periodS)
                          : findNominalSteps(*costs);
  if (steps.empty())
    return std::nullopt;
  TargetOp policyTarget = *costs->target;
  Ledger ledger(policyTarget, periodS);
  book(ledger, policyTarget, steps, network.probabilities,
       schedule.findEarlyTail(policyTarget));
  if (!ledger.keepsDeadline())
    return std::nullopt;
  ledger.addRails(countRails(policyTarget, steps));
  return endPeriod(policyTarget, ledger, steps.back().state.leakageW);
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
  std::optional<Ledger> recomputed = recompute(*policy);
  if (!recomputed)
    return diagnostic << "is not known to keep the deadline";
  double recomputedJ = recomputed->energy().sumJ();
  if (!agree(statedJ, recomputedJ, recomputed->scaleJ()))
    return diagnostic << "costs " << formatNumber(recomputedJ) << " J";
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
