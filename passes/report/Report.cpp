//===- Report.cpp - What a schedule says, from its IR -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/report/Report.h"
#include "passes/Corners.h"
#include "passes/LayerShapes.h"
#include "passes/LiveData.h"
#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Referee.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <numeric>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

static void sumUp(Report &report) {
  report.multiplyAccumulates = report.sumOf(Fate::Listed).multiplyAccumulates;
  report.bytes = 0;
  for (const LayerReport &layer : report.layers) {
    report.multiplyAccumulates += layer.multiplyAccumulates;
    if (layer.costs.analysis && report.bytes)
      *report.bytes += layer.costs.analysis->getBytes();
    else
      report.bytes = std::nullopt;
  }
}

AccountEntry Report::sumOf(Fate fate) const {
  AccountEntry sum;
  if (account)
    for (const auto &[description, entry] : (*account)[size_t(fate)])
      for (auto [name, field] : AccountEntry::kFields)
        sum.*field += entry.*field;
  return sum;
}

int64_t Report::countListed() const {
  int64_t count = 0;
  if (DictionaryAttr uncosted = ScheduleOp(schedule).getUncostedAttr())
    for (NamedAttribute entry : uncosted)
      count += cast<IntegerAttr>(entry.getValue()).getInt();
  return count;
}

double Report::shareOfListedWork() const {
  return shareOf(double(sumOf(Fate::Listed).multiplyAccumulates),
                 double(multiplyAccumulates));
}

double Report::shareOfListedBytes() const {
  double listed = double(sumOf(Fate::Listed).bytes);
  return shareOf(listed, listed + double(sumOf(Fate::Layer).bytes) +
                             double(sumOf(Fate::Vector).bytes));
}

//===----------------------------------------------------------------------===//
// What the IR says
//===----------------------------------------------------------------------===//

/// The most that any layer needs of each memory.
static void readMemories(TargetOp target, Report &report) {
  for (auto [index, memory] : llvm::enumerate(target.getMemories())) {
    MemoryReport most{memory.getSymName(), 0, "", std::nullopt};
    for (const LayerReport &layer : report.layers)
      if (const LayerAnalysis *analysis = layer.costs.analysis.get();
          analysis && analysis->heldBytes[index] > most.peakBytes) {
        most.peakBytes = analysis->heldBytes[index];
        most.peakLayer = layer.name;
      }
    if (std::optional<int64_t> banks = memory.getBanks())
      most.capacityBytes = *banks * memory.getBankBytes();
    if (most.peakBytes > 0)
      report.memories.push_back(most);
  }
}

/// Asks the target's cost models what each domain takes, and what else they
/// make of each layer. Nothing where what memories hold is not known.
static LogicalResult readCosts(const ScheduledNetwork &network,
                               Report &report) {
  TargetOp target = network.target;
  if (!target.getCostModelAttr() && target.getEngines().empty())
    return success();
  if (findLayerOfUnknownData(target, network.layers))
    return success();
  FailureOr<SmallVector<ChosenCosts, 0>> costs = computeChosenCosts(network);
  if (failed(costs))
    return failure();
  for (auto [layer, chosen] : llvm::zip_equal(report.layers, *costs))
    layer.costs = std::move(chosen);
  if (!findLayerOnBuffers(network.layers))
    readMemories(target, report);
  return success();
}

/// What the power manager is told, where the target says how.
static void readCodes(const ScheduledNetwork &network, Report &report) {
  TargetOp target = network.target;
  if (!target.getRegisterMap())
    return;
  for (LayerReport &layer : report.layers)
    layer.codes = findStateCodes(target, layer.state, layer.costs.poweredBanks);
  ScheduleOp schedule = network.schedule;
  Operation *tail = schedule.findTail(target);
  report.tailCode =
      findTailCode(target, tail ? tail : schedule.findIdleState(target));
}

static LogicalResult findAccount(const ScheduledNetwork &network,
                                 Report &report) {
  FunctionOpInterface function = network.function;
  Attribute attribute = function->getAttr(PowerDialect::getAccountAttrName());
  if (!attribute)
    return success();
  std::string error;
  if (failed(readAccount(attribute, report.account.emplace(), error)))
    return emitBriefOpError(function) << error;
  return success();
}

/// The layers' numbers, from the IR, and when they run.
static void readLayers(const ScheduledNetwork &network, Report &report) {
  TargetOp target = network.target;
  NetworkProblem scheduled = buildScheduledProblem(network);
  const scheduler::Problem &problem = scheduled.problem;
  std::vector<size_t> states(problem.numLayers());
  std::iota(states.begin(), states.end(), 0);
  std::vector<scheduler::LayerTiming> timings =
      scheduler::timingOf(problem, states);
  // What is awake all the time is no part of a transition.
  for (scheduler::LayerTiming &timing : timings)
    timing.transition.energyJ -=
        problem.transitionPowerW * timing.transition.timeS;
  report.isCertain = network.probabilities.empty();
  for (auto [op, timing] : llvm::zip_equal(network.layers, timings)) {
    LayerOp layerOp = op;
    StateAttr state = *layerOp.getState();
    LayerReport &layer = report.layers.emplace_back();
    layer.name = layerOp.getName();
    if (!report.isCertain)
      layer.probability = network.probabilities[report.layers.size() - 1];
    if (WorkloadAttrInterface workload = layerOp.getWorkloadAttr()) {
      layer.workload = workload;
      layer.operation = findOperation(layerOp);
      layer.multiplyAccumulates = workload.getMultiplyAccumulates();
    }
    layer.voltages = state.getVoltagesV();
    layer.state = state;
    layer.transitionEnergyJ = timing.transition.energyJ;
    layer.transitionTimeS = timing.transition.timeS;
    layer.startS = timing.startS + report.dispatchTimeS;
    layer.timeS = state.getTimeS().getValueAsDouble();
    layer.energyJ = state.getEnergyJ().getValueAsDouble();
    layer.leakageW = state.getLeakageW().getValueAsDouble();
    layer.leakageEnergyJ = state.getLeakageEnergyJ();
    layer.dynamicEnergyJ = state.getDynamicEnergyJ();
  }
  if (IdleStateOp idle = ScheduleOp(network.schedule).findIdleState(target)) {
    SmallVector<IdleStateOp> idleStates = target.getIdleStates();
    scheduler::Transition entry =
        IdleEntries(target, scheduled)
            .from(problem.settingsOf(states.back()),
                  llvm::find(idleStates, idle) - idleStates.begin());
    report.tailOverheadTimeS = entry.timeS;
    report.tailOverheadEnergyJ =
        entry.energyJ - problem.transitionPowerW * entry.timeS;
  }
}

static void readCorners(const ScheduledNetwork &network, Report &report) {
  FunctionOpInterface function = network.function;
  SmallVector<CornerOp> corners = getCornersOf(function, network.target);
  if (corners.empty())
    return;
  report.corner = getSlowest(corners).getSymName();
  report.isOfOneCorner = function->hasAttr(PowerDialect::getCornerAttrName());
}

FailureOr<Report> pfmlir::power::readReport(const ScheduledNetwork &network) {
  TargetOp target = network.target;
  Report report;
  report.schedule = network.schedule;
  readCorners(network, report);
  ScheduleOp schedule = report.schedule;
  report.periodS = schedule.getPeriodS().convertToDouble();
  report.activeTimeS = schedule.getActiveTimeS().convertToDouble();
  report.energyJ = schedule.getEnergyJ().convertToDouble();
  report.lowerBoundJ = schedule.getLowerBoundJ().convertToDouble();
  report.levelsV = target.getLevelsV();
  for (DomainOp domain : target.getDomains())
    report.domains.push_back(domain.getSymName());
  for (MemoryOp memory : target.getMemories())
    report.memoryNames.push_back(memory.getSymName());
  report.dispatchTimeS = numberOr0(target.getDispatchTimeS());
  if (SleepStateOp sleep = schedule.findTail(target)) {
    report.isAsleep = true;
    report.tailPowerW = sleep.getPowerW().convertToDouble();
    std::tie(report.tailOverheadEnergyJ, report.tailOverheadTimeS) =
        target.getSleepOverhead(sleep);
  } else if (IdleStateOp idle = schedule.findIdleState(target)) {
    report.tailPowerW = idle.getPowerW().convertToDouble();
  }

  readLayers(network, report);
  if (failed(readCosts(network, report)) ||
      failed(findAccount(network, report)))
    return failure();
  readCodes(network, report);
  sumUp(report);
  return report;
}

ArrayRef<EnergyPart> pfmlir::power::getParts(ScheduleOp schedule) {
  static constexpr EnergyPart kParts[ScheduleOp::NumParts] = {
      {ScheduleOp::Dynamic, "dynamic", "dynamic"},
      {ScheduleOp::Leakage, "leakage", "leakage"},
      {ScheduleOp::Transition, "transition", "transitions"},
      {ScheduleOp::Tail, "tail", "tail"},
      {ScheduleOp::Awake, "awake", "awake"},
      {ScheduleOp::Rails, "rails", "rail power"}};
  return ArrayRef(kParts).take_front(schedule.getEnergySplitJ().size());
}

//===----------------------------------------------------------------------===//
// What was chosen besides voltages, in words
//===----------------------------------------------------------------------===//

std::string pfmlir::power::describeChoices(StateAttr state) {
  SmallVector<std::string> choices;
  if (state.getImplementation())
    choices.push_back(state.getImplementation().str());
  if (DictionaryAttr modes = state.getModes())
    for (NamedAttribute entry : modes)
      choices.push_back((entry.getName().getValue() + " " +
                         cast<FlatSymbolRefAttr>(entry.getValue()).getValue())
                            .str());
  if (DictionaryAttr banks = state.getBanks())
    for (NamedAttribute entry : banks)
      choices.push_back(
          llvm::formatv("{0} {1} banks", entry.getName().getValue(),
                        cast<IntegerAttr>(entry.getValue()).getInt()));
  return llvm::join(choices, ", ");
}

bool pfmlir::power::hasChoices(const Report &report) {
  return llvm::any_of(report.layers, [](const LayerReport &layer) {
    return layer.state.getImplementation() || layer.state.getModes() ||
           layer.state.getBanks();
  });
}
