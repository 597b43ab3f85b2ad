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

#include <map>
#include <set>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;
using scheduler::Setting;

static_assert(kMostLevels == scheduler::kMostLevels,
              "what can be said can be scheduled");

static double numberOr0(std::optional<APFloat> number) {
  return number ? number->convertToDouble() : 0;
}

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
  ProblemBuilder(TargetOp target, double periodS, const BankCounts &banks);

  void addLayer() { result.problem.addLayer(); }
  /// Energy, time and leakage power are those of the layer alone.
  void addState(const Position &position, double energyJ, double timeS,
                double leakageW);
  void addStates(const LayerCosts &costs, Setting engine);
  void addWaitingState(std::vector<Setting> settings,
                       std::optional<unsigned> idleState, double idlePowerW);
  /// Waiting in an idle state, or where the last layer stays.
  LogicalResult addWaitingLayer(LayerOp lastLayer);
  void addMeaning(StateMeaning meaning) { result.meanings.push_back(meaning); }
  /// Those of the state that was added last.
  std::vector<Setting> lastSettings() const { return settings; }
  /// The settings with the levels of an idle state instead.
  std::vector<Setting> atIdleState(std::vector<Setting> settings,
                                   IdleStateOp idle);
  double awakePowerW() const { return awakeW; }
  NetworkProblem take() { return std::move(result); }

private:
  Setting settingOf(const AxisMeaning &axis, const Position &position) const;
  void addCosts(double energyJ, double timeS, double leakageW);
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
  /// Of the state that was added last.
  std::vector<Setting> settings;
  /// Of all states that were added last.
  std::shared_ptr<StateSettings> lastSettingsOf;
  Setting lastEngine = 0;
  std::vector<Setting> settingsOfAll;
};
} // namespace

ProblemBuilder::ProblemBuilder(TargetOp target, double periodS,
                               const BankCounts &banks)
    : target(target), awakeW(numberOr0(target.getAwakePowerW())),
      dispatchS(numberOr0(target.getDispatchTimeS())) {
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

void ProblemBuilder::addAxis(
    AxisMeaning meaning, bool needsRail, unsigned numSettings,
    llvm::function_ref<double(unsigned, unsigned)> energyJ,
    llvm::function_ref<double(unsigned, unsigned)> timeS) {
  scheduler::Axis axis;
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
    SupplyOp supply = target.getSupply(op);
    if (!supply || !supply.getRegulated()) {
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
  }
  llvm_unreachable("unknown axis");
}

void ProblemBuilder::addCosts(double energyJ, double timeS, double leakageW) {
  scheduler::Problem &problem = result.problem;
  double dispatchedS = timeS + dispatchS;
  problem.energyJ.own().push_back(energyJ + leakageW * dispatchS +
                                  awakeW * dispatchedS);
  problem.timeS.own().push_back(dispatchedS);
  problem.idlePowerW.own().push_back(leakageW + awakeW);
  ++problem.layerBegin.back();
}

void ProblemBuilder::addState(const Position &position, double energyJ,
                              double timeS, double leakageW) {
  settings.clear();
  for (const AxisMeaning &axis : result.axes)
    settings.push_back(settingOf(axis, position));
  llvm::append_range(result.problem.stateSettings, settings);
  addCosts(energyJ, timeS, leakageW);
}

void ProblemBuilder::addStates(const LayerCosts &costs, Setting engine) {
  // Layers that share their states share what these are on the axes.
  if (costs.settings != lastSettingsOf || engine != lastEngine) {
    lastSettingsOf = costs.settings;
    lastEngine = engine;
    settingsOfAll.clear();
    for (size_t state = 0; state < costs.size(); ++state)
      for (const AxisMeaning &axis : result.axes)
        settingsOfAll.push_back(
            settingOf(axis, {costs.settings->levelsOf(state),
                             costs.settings->modesOf(state),
                             costs.settings->banksOf(state), engine}));
  }
  llvm::append_range(result.problem.stateSettings, settingsOfAll);
  for (size_t state = 0; state < costs.size(); ++state)
    addCosts(costs.energyJ[state], costs.timeS[state], costs.leakageW[state]);
}

void ProblemBuilder::addWaitingState(std::vector<Setting> waiting,
                                     std::optional<unsigned> idleState,
                                     double idlePowerW) {
  result.problem.addState(waiting, 0, 0, idlePowerW);
  result.waits.push_back(idleState);
}

std::vector<Setting> ProblemBuilder::atIdleState(std::vector<Setting> waiting,
                                                 IdleStateOp idle) {
  SmallVector<double> voltagesV = idle.getVoltagesV();
  for (auto [index, axis] : llvm::enumerate(result.axes))
    if (axis.kind == AxisMeaning::Levels)
      waiting[index] = *target.getLevelIndex(voltagesV[axis.domains.front()]);
  return waiting;
}

LogicalResult ProblemBuilder::addWaitingLayer(LayerOp lastLayer) {
  scheduler::Problem &problem = result.problem;
  std::map<std::vector<Setting>, double> idlePowersW;
  for (size_t state = problem.layerBegin[problem.numLayers() - 1];
       state < problem.layerBegin[problem.numLayers()]; ++state) {
    const Setting *of = problem.settingsOf(state);
    auto [entry, isNew] = idlePowersW.try_emplace(
        std::vector<Setting>(of, of + problem.numAxes()),
        problem.idlePowerW[state]);
    if (!isNew && entry->second != problem.idlePowerW[state])
      return emitBriefOpError(lastLayer)
             << "expects ways to run it that leak alike at the same voltages, "
                "because target @"
             << target.getSymName() << " has idle states";
  }
  addLayer();
  for (const auto &[stay, idlePowerW] : idlePowersW)
    addWaitingState(stay, std::nullopt, idlePowerW);
  for (auto [index, idle] : llvm::enumerate(target.getIdleStates())) {
    std::set<std::vector<Setting>> reached;
    for (const auto &entry : idlePowersW)
      reached.insert(atIdleState(entry.first, idle));
    for (const std::vector<Setting> &at : reached)
      addWaitingState(at, index, idle.getPowerW().convertToDouble() + awakeW);
  }
  return success();
}

static Setting getEngineSetting(TargetOp target, EngineOp engine) {
  if (!engine)
    return 0;
  SmallVector<EngineOp> engines = target.getEngines();
  return llvm::find(engines, engine) - engines.begin() + 1;
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

FailureOr<NetworkProblem> pfmlir::power::buildProblem(TargetOp target,
                                                      ArrayRef<LayerOp> layers,
                                                      ArrayRef<LayerWays> costs,
                                                      double periodS,
                                                      bool withIdleStates) {
  ProblemBuilder builder(target, periodS, collectBankCounts(target, costs));
  for (const LayerWays &ways : costs) {
    builder.addLayer();
    for (auto [wayIndex, way] : llvm::enumerate(ways)) {
      Setting engine = getEngineSetting(target, way.engine);
      builder.addStates(way.costs, engine);
      for (size_t state = 0; state < way.costs.size(); ++state)
        builder.addMeaning({uint32_t(wayIndex), uint32_t(state)});
    }
  }
  if (withIdleStates && !target.getIdleStates().empty() &&
      failed(builder.addWaitingLayer(layers.back())))
    return failure();
  return builder.take();
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

std::optional<unsigned>
NetworkProblem::idleStateOf(const scheduler::Schedule &schedule) const {
  if (!hasWaitingLayer())
    return std::nullopt;
  size_t first = problem.layerBegin[problem.numLayers() - 1];
  return waits[schedule.states.back() - first];
}

scheduler::Schedule
pfmlir::power::withoutUselessIdling(const NetworkProblem &network,
                                    scheduler::Schedule schedule) {
  if (schedule.tail == scheduler::Schedule::kIdle ||
      !network.idleStateOf(schedule))
    return schedule;
  const scheduler::Problem &problem = network.problem;
  std::vector<size_t> states = schedule.states;
  const Setting *last = problem.settingsOf(states[states.size() - 2]);
  size_t first = problem.layerBegin[problem.numLayers() - 1];
  for (auto [index, wait] : llvm::enumerate(network.waits))
    if (!wait && std::equal(last, last + problem.numAxes(),
                            problem.settingsOf(first + index)))
      states.back() = first + index;
  return scheduler::completeSchedule(problem, std::move(states));
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
  if (IdleStateOp idle = schedule.findIdleState(target)) {
    SmallVector<IdleStateOp> idleStates = target.getIdleStates();
    std::vector<Setting> settings =
        builder.atIdleState(builder.lastSettings(), idle);
    builder.addLayer();
    builder.addWaitingState(
        std::move(settings), llvm::find(idleStates, idle) - idleStates.begin(),
        idle.getPowerW().convertToDouble() + builder.awakePowerW());
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
  scheduler::EnergyParts energy = scheduler::splitEnergy(problem, schedule);
  SmallVector<double> parts(ScheduleOp::kNumOwnParts);
  parts[ScheduleOp::Dynamic] = energy.dynamicJ;
  parts[ScheduleOp::Leakage] = energy.idleJ;
  parts[ScheduleOp::Transition] = energy.transitionJ;
  parts[ScheduleOp::Tail] = energy.tailJ;
  double awakeW = problem.transitionPowerW;
  if (awakeW == 0 && problem.railPowerW == 0)
    return parts;

  // What the system takes while it is awake is in each of these.
  double layersS = 0, transitionsS = 0;
  for (size_t state : schedule.states)
    layersS += problem.timeS[state];
  for (const scheduler::LayerTiming &timing :
       scheduler::timingOf(problem, schedule.states))
    transitionsS += timing.transition.timeS;
  double tailS = schedule.tail == scheduler::Schedule::kIdle
                     ? std::max(problem.periodS - schedule.activeTimeS, 0.0)
                     : problem.sleepStates[schedule.tail].timeS;
  parts[ScheduleOp::Leakage] -= awakeW * layersS;
  parts[ScheduleOp::Transition] -= awakeW * transitionsS;
  parts[ScheduleOp::Tail] -= awakeW * tailS;
  parts.push_back(awakeW * (layersS + transitionsS + tailS));
  parts.push_back(energy.railsJ);
  return parts;
}
