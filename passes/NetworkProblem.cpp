//===- NetworkProblem.cpp - Networks as scheduling problems -----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Search.h"

#include "llvm/ADT/STLExtras.h"

#include <limits>
#include <map>
#include <set>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;
using scheduler::Setting;

static_assert(kMostLevels == scheduler::kMostLevels,
              "what can be said can be scheduled");

//===----------------------------------------------------------------------===//
// The machine
//===----------------------------------------------------------------------===//

namespace {
/// By memory that costs something to wake, the numbers of banks in use.
using BankCounts = SmallVector<std::set<double>>;

/// Where the power manager has everything while a layer runs.
struct Position {
  ArrayRef<uint16_t> levels;
  ArrayRef<uint16_t> modes;
  ArrayRef<double> banks;
  /// 0 for the accelerator, or an index into the engines, plus one.
  Setting engine;
};

/// Builds a problem's axes, and then its layers.
class ProblemBuilder {
public:
  /// `storage` is a problem of no use any more, for its memory.
  ProblemBuilder(TargetOp target, double periodS, const BankCounts &banks,
                 NetworkProblem storage = {});

  void setProbabilities(ArrayRef<double> probabilities);
  void addLayer() { result.problem.addLayer(); }
  /// Energy, time and leakage power are those of the layer alone.
  void addState(const Position &position, double energyJ, double timeS,
                double leakageW);
  /// All of one way, which is `wayIndex` of its layer's.
  void addWay(const LayerWay &way, uint32_t wayIndex);
  /// For the states of `addIdleStates`; before the first layer.
  void addIdleAxes();
  /// The last layer's states again, with each idle state after them.
  void addIdleStates();
  void addMeaning(StateMeaning meaning) { result.meanings.push_back(meaning); }
  void reserve(size_t numStates);
  NetworkProblem take() { return std::move(result); }

private:
  void takeMemory(NetworkProblem storage);
  Setting settingOf(const AxisMeaning &axis, const Position &position) const;
  void addCosts(const double *energyJ, const double *timeS,
                const double *leakageW, size_t count);
  void addDomainAxes();
  void addModeAxes();
  void addBankAxes(const BankCounts &banks);
  void addEngineAxis();
  void addAxis(AxisMeaning meaning, bool needsRail, unsigned numSettings,
               llvm::function_ref<double(unsigned, unsigned)> energyJ,
               llvm::function_ref<double(unsigned, unsigned)> timeS);

  TargetOp target;
  double awakeW, dispatchS;
  NetworkProblem result;
  /// Of all states that were added last.
  std::shared_ptr<StateSettings> lastSettingsOf;
  Setting lastEngine = 0;
  std::vector<Setting> settingsOfAll;
};
} // namespace

ProblemBuilder::ProblemBuilder(TargetOp target, double periodS,
                               const BankCounts &banks, NetworkProblem storage)
    : target(target), awakeW(numberOr0(target.getAwakePowerW())),
      dispatchS(numberOr0(target.getDispatchTimeS())) {
  takeMemory(std::move(storage));
  scheduler::Problem &problem = result.problem;
  problem.numLevels = target.getLevelsV().size();
  problem.maxRails =
      std::min<uint64_t>(target.getMaxRails(), problem.numLevels);
  problem.periodS = periodS;
  problem.margin = numberOr0(target.getMargin());
  problem.railPowerW = numberOr0(target.getRailPowerW());
  problem.transitionPowerW = awakeW;
  if (target.getOverlappingRamps())
    problem.ramps = scheduler::Ramps::Overlapping;
  addDomainAxes();
  addModeAxes();
  addBankAxes(banks);
  addEngineAxis();
  // What surrounds the accelerator is awake until it sleeps.
  for (SleepStateOp sleep : target.getSleepStates()) {
    auto [energyJ, timeS] = target.getSleepOverhead(sleep);
    problem.sleepStates.push_back(
        {sleep.getPowerW().convertToDouble(), energyJ + awakeW * timeS, timeS});
  }
}

/// Large problems take longer to get memory for than to fill.
void ProblemBuilder::takeMemory(NetworkProblem storage) {
  auto take = [](auto &of, auto &from) {
    of = std::move(from);
    of.clear();
  };
  scheduler::Problem &problem = result.problem, &old = storage.problem;
  take(problem.stateSettings, old.stateSettings);
  take(problem.energyJ.own(), old.energyJ.own());
  take(problem.timeS.own(), old.timeS.own());
  take(problem.idlePowerW.own(), old.idlePowerW.own());
  take(result.meanings, storage.meanings);
}

/// Before states are added; there may be more.
void ProblemBuilder::reserve(size_t numStates) {
  scheduler::Problem &problem = result.problem;
  problem.stateSettings.reserve(numStates * problem.numAxes());
  problem.energyJ.own().reserve(numStates);
  problem.timeS.own().reserve(numStates);
  problem.idlePowerW.own().reserve(numStates);
  result.meanings.reserve(numStates);
}

void ProblemBuilder::setProbabilities(ArrayRef<double> probabilities) {
  scheduler::Problem &problem = result.problem;
  problem.layerWeight.assign(probabilities.begin(), probabilities.end());
  if (probabilities.empty())
    return;
  // Nothing is costed as nothing: without a sleep state it is no problem.
  problem.earlyTail.powerW = std::numeric_limits<double>::quiet_NaN();
  if (std::optional<size_t> sleep = scheduler::earlySleepState(problem))
    problem.earlyTail = problem.sleepStates[*sleep];
}

void ProblemBuilder::addAxis(
    AxisMeaning meaning, bool needsRail, unsigned numSettings,
    llvm::function_ref<double(unsigned, unsigned)> energyJ,
    llvm::function_ref<double(unsigned, unsigned)> timeS) {
  scheduler::Axis axis;
  axis.railOf.reserve(numSettings);
  axis.transition.energyJ.reserve(numSettings * numSettings);
  axis.transition.timeS.reserve(numSettings * numSettings);
  for (unsigned from = 0; from < numSettings; ++from) {
    axis.railOf.push_back(needsRail ? from : scheduler::kNoRail);
    for (unsigned to = 0; to < numSettings; ++to) {
      axis.transition.energyJ.push_back(from == to ? 0 : energyJ(from, to));
      axis.transition.timeS.push_back(from == to ? 0 : timeS(from, to));
    }
  }
  result.problem.axes.push_back(std::move(axis));
  result.axes.push_back(std::move(meaning));
}

void ProblemBuilder::addDomainAxes() {
  SmallVector<double> levelsV = target.getLevelsV();
  llvm::SmallDenseMap<Operation *, unsigned> axisOf;
  for (auto [index, op] : llvm::enumerate(target.getDomains())) {
    AxisMeaning meaning{AxisMeaning::Levels, {unsigned(index)}};
    SupplyOp supply = target.getRegulator(op);
    if (!supply) {
      TransitionOp transition = target.getTransition(op);
      addAxis(
          std::move(meaning), /*needsRail=*/true, levelsV.size(),
          [&](unsigned from, unsigned to) {
            return transition ? transition.getEnergyJBetween(from, to) : 0;
          },
          [&](unsigned from, unsigned to) {
            return transition ? transition.getTimeSBetween(from, to) : 0;
          });
      continue;
    }
    auto [axis, isFirst] =
        axisOf.try_emplace(supply, unsigned(result.axes.size()));
    if (!isFirst) {
      result.axes[axis->second].domains.push_back(index);
      continue;
    }
    addAxis(
        std::move(meaning), /*needsRail=*/false, levelsV.size(),
        [&](unsigned from, unsigned to) {
          return supply.getEnergyJBetween(levelsV[from], levelsV[to]);
        },
        [&](unsigned from, unsigned to) {
          return supply.getTimeSBetween(levelsV[from], levelsV[to]);
        });
  }
}

/// Costs are those of what is left and of what is reached, of a list of which 0
/// has none.
template <typename OpTy>
static double sumOfEnds(ArrayRef<OpTy> ops, unsigned from, unsigned to,
                        APFloat (OpTy::*get)()) {
  double sum = 0;
  for (unsigned end : {from, to})
    if (end > 0)
      sum += (OpTy(ops[end - 1]).*get)().convertToDouble();
  return sum;
}

void ProblemBuilder::addModeAxes() {
  for (auto [index, domain] : llvm::enumerate(target.getDomains())) {
    SmallVector<ModeOp> modes = target.getModes(domain);
    if (modes.empty())
      continue;
    addAxis(
        {AxisMeaning::Modes, {unsigned(index)}}, /*needsRail=*/false,
        modes.size() + 1,
        [&](unsigned from, unsigned to) {
          return sumOfEnds<ModeOp>(modes, from, to, &ModeOp::getEnergyJ);
        },
        [&](unsigned from, unsigned to) {
          return sumOfEnds<ModeOp>(modes, from, to, &ModeOp::getTimeS);
        });
  }
}

void ProblemBuilder::addBankAxes(const BankCounts &banks) {
  SmallVector<MemoryOp> memories = target.getWakeMemories();
  for (auto [index, counts] : llvm::enumerate(banks)) {
    if (counts.size() <= 1)
      continue;
    AxisMeaning meaning{AxisMeaning::Banks};
    meaning.memory = index;
    meaning.banks.assign(counts.begin(), counts.end());
    MemoryOp memory = memories[index];
    // Increasing numbers: what is gated costs nothing.
    SmallVector<double> numbers = meaning.banks;
    addAxis(
        std::move(meaning), /*needsRail=*/false, numbers.size(),
        [&](unsigned from, unsigned to) {
          return to > from ? (numbers[to] - numbers[from]) *
                                 memory.getWakeEnergyJ()->convertToDouble()
                           : 0;
        },
        [&](unsigned from, unsigned to) {
          return to > from ? memory.getWakeTimeS()->convertToDouble() : 0;
        });
  }
}

void ProblemBuilder::addEngineAxis() {
  SmallVector<EngineOp> engines = target.getEngines();
  if (engines.empty())
    return;
  addAxis(
      {AxisMeaning::Engines}, /*needsRail=*/false, engines.size() + 1,
      [&](unsigned from, unsigned to) {
        return sumOfEnds<EngineOp>(engines, from, to,
                                   &EngineOp::getHandoverEnergyJ);
      },
      [&](unsigned from, unsigned to) {
        return sumOfEnds<EngineOp>(engines, from, to,
                                   &EngineOp::getHandoverTimeS);
      });
}

void ProblemBuilder::addIdleAxes() {
  SmallVector<IdleStateOp> idleStates = target.getIdleStates();
  SmallVector<DomainOp> domains = target.getDomains();
  std::vector<std::vector<scheduler::Level>> rails;
  size_t mostRails = 1;
  for (IdleStateOp idle : idleStates) {
    std::set<scheduler::Level> needed;
    for (auto [domain, voltageV] :
         llvm::zip_equal(domains, idle.getVoltagesV()))
      if (!target.getRegulator(domain))
        needed.insert(*target.getLevelIndex(voltageV));
    rails.emplace_back(needed.begin(), needed.end());
    mostRails = std::max(mostRails, needed.size());
  }
  auto free = [](unsigned, unsigned) { return 0.0; };
  for (size_t rail = 0; rail < mostRails; ++rail) {
    addAxis({AxisMeaning::IdleStates}, /*needsRail=*/false,
            idleStates.size() + 1, free, free);
    for (auto [index, needed] : llvm::enumerate(rails))
      if (rail < needed.size())
        result.problem.axes.back().railOf[index + 1] = needed[rail];
  }
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Setting ProblemBuilder::settingOf(const AxisMeaning &axis,
                                  const Position &position) const {
  switch (axis.kind) {
  case AxisMeaning::Levels:
    return position.levels[axis.domains.front()];
  case AxisMeaning::Modes:
    return position.modes.empty() ? 0 : position.modes[axis.domains.front()];
  case AxisMeaning::Banks:
    return llvm::lower_bound(axis.banks, position.banks[axis.memory]) -
           axis.banks.begin();
  case AxisMeaning::Engines:
    return position.engine;
  case AxisMeaning::IdleStates:
    return 0;
  }
  llvm_unreachable("unknown axis");
}

void ProblemBuilder::addCosts(const double *energyJ, const double *timeS,
                              const double *leakageW, size_t count) {
  scheduler::Problem &problem = result.problem;
  const size_t begin = problem.layerBegin.back(), end = begin + count;
  problem.energyJ.own().resize(end);
  problem.timeS.own().resize(end);
  problem.idlePowerW.own().resize(end);
  double *energies = &problem.energyJ.own()[begin];
  double *times = &problem.timeS.own()[begin];
  double *powers = &problem.idlePowerW.own()[begin];
  for (size_t i = 0; i < count; ++i) {
    double dispatchedS = timeS[i] + dispatchS;
    energies[i] = energyJ[i] + leakageW[i] * dispatchS + awakeW * dispatchedS;
    times[i] = dispatchedS;
    powers[i] = leakageW[i] + awakeW;
  }
  problem.layerBegin.back() = end;
}

void ProblemBuilder::addState(const Position &position, double energyJ,
                              double timeS, double leakageW) {
  for (const AxisMeaning &axis : result.axes)
    result.problem.stateSettings.push_back(settingOf(axis, position));
  addCosts(&energyJ, &timeS, &leakageW, 1);
}

static Setting getEngineSetting(TargetOp target, EngineOp engine) {
  if (!engine)
    return 0;
  SmallVector<EngineOp> engines = target.getEngines();
  return llvm::find(engines, engine) - engines.begin() + 1;
}

void ProblemBuilder::addWay(const LayerWay &way, uint32_t wayIndex) {
  const LayerCosts &costs = way.costs;
  if (costs.empty())
    return;
  Setting engine = getEngineSetting(target, way.engine);
  // Layers that share their states share what these are on the axes.
  if (costs.settings != lastSettingsOf || engine != lastEngine) {
    lastSettingsOf = costs.settings;
    lastEngine = engine;
    settingsOfAll.clear();
    settingsOfAll.reserve(costs.size() * result.axes.size());
    for (size_t state = 0; state < costs.size(); ++state) {
      const Position position = {costs.settings->levelsOf(state),
                                 costs.settings->modesOf(state),
                                 costs.settings->banksOf(state), engine};
      for (const AxisMeaning &axis : result.axes)
        settingsOfAll.push_back(settingOf(axis, position));
    }
  }
  llvm::append_range(result.problem.stateSettings, settingsOfAll);
  addCosts(costs.energyJ.data(), costs.timeS.data(), costs.leakageW.data(),
           costs.size());
  const size_t begin = result.meanings.size();
  result.meanings.resize(begin + costs.size());
  for (uint32_t state = 0; state < costs.size(); ++state)
    result.meanings[begin + state] = {wayIndex, state};
}

void ProblemBuilder::addIdleStates() {
  scheduler::Problem &problem = result.problem;
  const size_t begin = problem.layerBegin[problem.numLayers() - 1];
  const size_t end = problem.layerBegin.back();
  IdleEntries entries(target, result);
  for (auto [index, idle] : llvm::enumerate(target.getIdleStates()))
    for (size_t state = begin; state < end; ++state) {
      const Setting *of = problem.settingsOf(state);
      scheduler::Transition entry = entries.from(of, index);
      std::vector<Setting> waiting(of, of + problem.numAxes());
      for (auto [axis, setting] : llvm::zip_equal(result.axes, waiting))
        if (axis.kind == AxisMeaning::IdleStates)
          setting = index + 1;
      problem.addState(waiting, problem.energyJ[state] + entry.energyJ,
                       problem.timeS[state] + entry.timeS,
                       idle.getPowerW().convertToDouble() + awakeW);
      result.meanings.push_back(result.meanings[state]);
      result.waits.push_back({state, unsigned(index)});
    }
}

static BankCounts collectBankCounts(TargetOp target,
                                    ArrayRef<LayerWays> costs) {
  BankCounts counts(target.getWakeMemories().size());
  if (counts.empty())
    return counts;
  for (const LayerWays &ways : costs)
    for (const LayerWay &way : ways)
      for (size_t state = 0; state < way.costs.size(); ++state)
        for (auto [memory, banks] :
             llvm::enumerate(way.costs.settings->banksOf(state)))
          counts[memory].insert(banks);
  return counts;
}

NetworkProblem pfmlir::power::buildProblem(TargetOp target,
                                           ArrayRef<LayerWays> costs,
                                           ArrayRef<double> probabilities,
                                           double periodS, bool withIdleStates,
                                           NetworkProblem storage) {
  ProblemBuilder builder(target, periodS, collectBankCounts(target, costs),
                         std::move(storage));
  builder.setProbabilities(probabilities);
  bool canWait = withIdleStates && !target.getIdleStates().empty();
  if (canWait)
    builder.addIdleAxes();
  size_t numStates = 0;
  for (const LayerWays &ways : costs)
    for (const LayerWay &way : ways)
      numStates += way.costs.size();
  builder.reserve(numStates);
  for (const LayerWays &ways : costs) {
    builder.addLayer();
    for (auto [wayIndex, way] : llvm::enumerate(ways))
      builder.addWay(way, wayIndex);
  }
  if (canWait)
    builder.addIdleStates();
  return builder.take();
}

LogicalResult pfmlir::power::checkProblem(Operation *op, const Network &network,
                                          const NetworkProblem &problem) {
  TargetOp target = network.target;
  if (!network.probabilities.empty() && target.getSleepStates().empty())
    return emitBriefOpError(op)
           << "expects a power.sleep_state of target @" << target.getSymName()
           << " for periods that end early, as the probability of a layer says "
              "that some do";
  if (std::optional<std::string> wrong = scheduler::check(problem.problem))
    return emitBriefOpError(op) << (isa<ScheduleOp>(op) ? "is of" : "is")
                                << " no scheduling problem: " << *wrong;
  return success();
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

const Wait *NetworkProblem::waitOf(const scheduler::Schedule &schedule) const {
  size_t firstWait = problem.layerBegin.back() - waits.size();
  size_t last = schedule.states.back();
  return last < firstWait ? nullptr : &waits[last - firstWait];
}

// Entering an idle state on the way to sleep is no use, but where it takes time
// at less energy than being asleep meanwhile would: the bound is then below
// what is left of the schedule.
scheduler::Schedule
pfmlir::power::withoutUselessIdling(const NetworkProblem &network,
                                    scheduler::Schedule schedule) {
  const Wait *wait = network.waitOf(schedule);
  if (schedule.tail == scheduler::Schedule::kIdle || !wait)
    return schedule;
  std::vector<size_t> states = schedule.states;
  states.back() = wait->afterState;
  return scheduler::completeSchedule(network.problem, std::move(states));
}

IdleEntries::IdleEntries(TargetOp target, const NetworkProblem &network)
    : target(target), axes(network.axes),
      ends(network.problem.withoutLayers()) {
  std::vector<Setting> any(ends.numAxes());
  ends.addLayer();
  for (int end = 0; end < 2; ++end)
    ends.addState(any, 0, 0, 0);
}

scheduler::Transition IdleEntries::from(const Setting *settings,
                                        unsigned idleState) {
  SmallVector<double> voltagesV =
      target.getIdleStates()[idleState].getVoltagesV();
  Setting *before = ends.stateSettings.data();
  Setting *after = before + ends.numAxes();
  std::copy_n(settings, ends.numAxes(), before);
  std::copy_n(settings, ends.numAxes(), after);
  for (auto [index, axis] : llvm::enumerate(axes))
    if (axis.kind == AxisMeaning::Levels)
      after[index] = *target.getLevelIndex(voltagesV[axis.domains.front()]);
  return scheduler::transitionBetween(ends, 0, 1);
}

NetworkProblem
pfmlir::power::buildScheduledProblem(const ScheduledNetwork &network) {
  TargetOp target = network.target;
  ScheduleOp schedule = network.schedule;
  BankCounts counts(target.getWakeMemories().size());
  for (LayerOp layer : network.layers)
    for (auto [memory, banks] :
         llvm::enumerate(getWakeBanks(target, *layer.getState())))
      counts[memory].insert(banks);
  ProblemBuilder builder(target, schedule.getPeriodS().convertToDouble(),
                         counts);
  for (auto [op, choice] :
       llvm::zip_equal(network.layers, getChoices(network))) {
    StateAttr state = *LayerOp(op).getState();
    EngineOp engine = findEngine(target, state.getImplementation());
    builder.addLayer();
    builder.addState({choice.point.levels, choice.point.modes,
                      choice.point.banks, getEngineSetting(target, engine)},
                     state.getEnergyJ().getValueAsDouble(),
                     state.getTimeS().getValueAsDouble(),
                     state.getLeakageW().getValueAsDouble());
    builder.addMeaning({0, 0});
  }
  return builder.take();
}

std::optional<std::vector<Setting>>
pfmlir::power::getNominalSettings(TargetOp target,
                                  const NetworkProblem &problem) {
  SmallVector<DomainOp> domains = target.getDomains();
  std::vector<Setting> settings;
  for (const AxisMeaning &axis : problem.axes) {
    switch (axis.kind) {
    case AxisMeaning::Levels: {
      std::optional<unsigned> level;
      for (unsigned index : axis.domains) {
        std::optional<unsigned> nominal = target.getLevelIndex(
            domains[index].getNominalV().convertToDouble());
        if (!nominal || (level && *level != *nominal))
          return std::nullopt;
        level = nominal;
      }
      settings.push_back(*level);
      break;
    }
    case AxisMeaning::Modes:
    case AxisMeaning::IdleStates:
      settings.push_back(0);
      break;
    case AxisMeaning::Banks:
    case AxisMeaning::Engines:
      settings.push_back(scheduler::kAnySetting);
      break;
    }
  }
  return settings;
}

//===----------------------------------------------------------------------===//
// Energy
//===----------------------------------------------------------------------===//

SmallVector<double>
pfmlir::power::splitEnergy(TargetOp target, const NetworkProblem &network,
                           const scheduler::Schedule &schedule) {
  const scheduler::Problem &problem = network.problem;
  double awakeW = problem.transitionPowerW;
  // What enters an idle state is no part of the last layer, and what rails this
  // needs is none of the tail.
  scheduler::Schedule layers = schedule;
  scheduler::Transition entry;
  double waitRailsJ = 0;
  if (const Wait *wait = network.waitOf(schedule)) {
    layers.states.back() = wait->afterState;
    entry = IdleEntries(target, network)
                .from(problem.settingsOf(wait->afterState), wait->idleState);
    auto railsJ = [&](const std::vector<size_t> &states) {
      return scheduler::railEnergyJ(problem,
                                    scheduler::railsOf(problem, states).size());
    };
    waitRailsJ = railsJ(schedule.states) - railsJ(layers.states);
  }
  scheduler::EnergyParts energy = scheduler::splitEnergy(problem, layers);
  SmallVector<double> parts(ScheduleOp::kNumOwnParts);
  parts[ScheduleOp::Dynamic] = energy.dynamicJ;
  parts[ScheduleOp::Leakage] = energy.idleJ;
  // In the periods that get there.
  double lastWeight = problem.lastWeight();
  double entryJ = lastWeight * entry.energyJ;
  parts[ScheduleOp::Transition] = energy.transitionJ + entryJ;
  parts[ScheduleOp::Tail] = energy.tailJ - entryJ - waitRailsJ;
  if (awakeW == 0 && problem.railPowerW == 0)
    return parts;

  // What the system takes while it is awake is in each of these.
  double layersS = 0, transitionsS = lastWeight * entry.timeS;
  for (auto [layer, timing] :
       llvm::enumerate(scheduler::timingOf(problem, layers.states))) {
    double weight = problem.weightOf(layer);
    layersS += weight * problem.timeS[layers.states[layer]];
    transitionsS += weight * timing.transition.timeS;
  }
  double tailS = schedule.tail == scheduler::Schedule::kIdle
                     ? std::max(problem.periodS - schedule.activeTimeS, 0.0)
                     : problem.sleepStates[schedule.tail].timeS;
  // Awake, too, while they enter and leave sleep early.
  tailS = lastWeight * tailS + (1 - lastWeight) * problem.earlyTail.timeS;
  parts[ScheduleOp::Leakage] -= awakeW * layersS;
  parts[ScheduleOp::Transition] -= awakeW * transitionsS;
  parts[ScheduleOp::Tail] -= awakeW * tailS;
  parts.push_back(awakeW * (layersS + transitionsS + tailS));
  parts.push_back(energy.railsJ + waitRailsJ);
  return parts;
}
