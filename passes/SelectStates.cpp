//===- SelectStates.cpp - Search for the schedule of least energy ---------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/SelectStates.h"
#include "passes/Baselines.h"
#include "passes/NetworkSearch.h"
#include "pfmlir/Passes/Interruption.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Scheduler/Referee.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_SELECTSTATES
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Period
//===----------------------------------------------------------------------===//

/// The network's time at nominal voltage with the target's margin, in seconds.
static FailureOr<double> getNominalTime(Network &network) {
  if (std::optional<double> timeS = computeNominalTime(network))
    return *timeS;
  return emitBriefOpError(network.function)
         << "expects a period (option 'fps' or 'period-s', or attribute '"
         << PowerDialect::getPeriodAttrName()
         << "'), because its layers' costs at nominal voltage are not known";
}

/// The period by attribute, or by default.
static FailureOr<double> choosePeriod(Network &network) {
  FunctionOpInterface function = network.function;
  if (auto attribute =
          function->getAttrOfType<FloatAttr>(PowerDialect::getPeriodAttrName()))
    return attribute.getValueAsDouble();
  FailureOr<double> nominalS = getNominalTime(network);
  if (succeeded(nominalS))
    emitRemark(function.getLoc())
        << "no period given: taking the time at nominal "
           "voltage, "
        << llvm::formatv("{0:e6} s ({1:f2} fps)", *nominalS, 1 / *nominalS)
               .str();
  return nominalS;
}

//===----------------------------------------------------------------------===//
// Result
//===----------------------------------------------------------------------===//

/// Declarations and numbers or symbols, by name; null if there are none.
static DictionaryAttr orNull(MLIRContext *context, NamedAttrList &entries) {
  return entries.empty() ? DictionaryAttr() : entries.getDictionary(context);
}

/// The modes that domains are in, by domain.
static DictionaryAttr getModes(TargetOp target, const LayerState &state) {
  NamedAttrList modes;
  for (auto [domain, mode] : llvm::zip(target.getDomains(), state.modes))
    if (mode != 0)
      modes.set(domain.getSymName(),
                FlatSymbolRefAttr::get(target.getModes(domain)[mode - 1]));
  return orNull(target.getContext(), modes);
}

/// The banks that are powered, by memory that costs something to wake.
static DictionaryAttr getBanks(TargetOp target, const LayerState &state) {
  NamedAttrList banks;
  Builder builder(target.getContext());
  for (auto [memory, powered] :
       llvm::zip(target.getWakeMemories(), state.banks))
    banks.set(memory.getSymName(), builder.getI64IntegerAttr(powered));
  return orNull(target.getContext(), banks);
}

static StateAttr makeState(TargetOp target, const LayerWay &way,
                           const LayerState &state) {
  Builder builder(target.getContext());
  SmallVector<double> voltages;
  for (uint16_t level : state.levels)
    voltages.push_back(target.getLevelsV()[level]);
  return StateAttr::get(
      builder.getContext(), builder.getDenseF64ArrayAttr(voltages),
      builder.getF64FloatAttr(state.energyJ),
      builder.getF64FloatAttr(state.timeS),
      builder.getF64FloatAttr(state.leakageW), getModes(target, state),
      getBanks(target, state), way.name);
}

static SymbolRefAttr nestedSymbol(TargetOp target, Operation *state) {
  return SymbolRefAttr::get(target.getSymNameAttr(),
                            FlatSymbolRefAttr::get(state));
}

/// The sleep state of periods that end early, if some do.
static SymbolRefAttr getEarlyTail(const Network &network,
                                  const scheduler::Problem &problem) {
  if (network.probabilities.empty())
    return {};
  TargetOp target = network.target;
  size_t index = *scheduler::earlySleepState(problem);
  return nestedSymbol(target, target.getSleepStates()[index]);
}

/// The idle or sleep state that ends the period, if one does.
static SymbolRefAttr getTail(TargetOp target, const NetworkProblem &problem,
                             const scheduler::Schedule &schedule) {
  auto nested = [&](Operation *state) { return nestedSymbol(target, state); };
  if (schedule.tail != scheduler::Schedule::kIdle)
    return nested(target.getSleepStates()[schedule.tail]);
  if (const Wait *wait = problem.waitOf(schedule))
    return nested(target.getIdleStates()[wait->idleState]);
  return {};
}

/// Sums up, over the layers, the operations that no model costs.
static DictionaryAttr sumUncosted(Network &network) {
  llvm::StringMap<int64_t> counts;
  for (LayerOp layer : network.layers)
    if (DictionaryAttr uncosted = layer.getUncostedAttr())
      for (NamedAttribute entry : uncosted)
        counts[entry.getName()] += cast<IntegerAttr>(entry.getValue()).getInt();
  NamedAttrList sum;
  Builder builder(network.target->getContext());
  for (const auto &entry : counts)
    sum.set(entry.getKey(), builder.getI64IntegerAttr(entry.getValue()));
  return orNull(builder.getContext(), sum);
}

FailureOr<PosedNetwork>
pfmlir::power::poseNetwork(Network network, std::optional<double> periodS) {
  SmallVector<LayerWays> costs;
  if (failed(computeCosts(network.target, network.layers,
                          network.target.getGatingOrNone(), costs)))
    return failure();
  FailureOr<double> chosenS =
      periodS ? FailureOr<double>(*periodS) : choosePeriod(network);
  if (failed(chosenS))
    return failure();
  NetworkProblem built =
      buildProblem(network.target, costs, network.probabilities, *chosenS);
  return PosedNetwork{std::move(network), std::move(costs), std::move(built)};
}

void pfmlir::power::writeSchedule(PosedNetwork &posed,
                                  const scheduler::SearchResult &result,
                                  StringRef search) {
  auto &[network, costs, problem] = posed;
  TargetOp target = network.target;
  OpBuilder builder(network.function);
  scheduler::Schedule schedule = withoutUselessIdling(problem, result.schedule);
  for (auto [layer, ways, state] :
       llvm::zip_equal(network.layers, costs, schedule.states)) {
    StateMeaning meaning = problem.meanings[state];
    const LayerWay &way = ways[meaning.way];
    layer.setStateAttr(makeState(target, way, way.costs[meaning.state]));
  }
  for (ScheduleOp previous : findSchedules(network.function))
    previous.erase();
  builder.setInsertionPointAfter(network.function);
  auto number = [&](double value) { return builder.getF64FloatAttr(value); };
  double periodS = problem.problem.periodS;
  SmallVector<double> railsV;
  for (scheduler::Level level :
       scheduler::railsOf(problem.problem, schedule.states))
    railsV.push_back(target.getLevelsV()[level]);
  Baselines baselines = computeBaselines(network, periodS);
  ScheduleOp::create(
      builder, network.function->getLoc(),
      FlatSymbolRefAttr::get(network.function.getOperation()),
      FlatSymbolRefAttr::get(target), builder.getStringAttr(search),
      number(periodS), builder.getF64ArrayAttr(railsV),
      number(schedule.energyJ), number(result.lowerBoundJ),
      number(schedule.activeTimeS), getTail(target, problem, schedule),
      getEarlyTail(network, problem.problem),
      builder.getF64ArrayAttr(splitEnergy(target, problem, schedule)),
      baselines.baselinesJ, baselines.references, sumUncosted(network));
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct SelectStatesPass
    : pfmlir::power::impl::SelectStatesBase<SelectStatesPass> {
  using SelectStatesBase::SelectStatesBase;

  scheduler::SearchLimits readLimits() {
    scheduler::SearchLimits limits;
    if (timeLimitS)
      limits.timeS = *timeLimitS;
    limits.gap = gap;
    limits.labelBytes = static_cast<int64_t>(memoryLimitBytes);
    if (getContext().isMultithreadingEnabled())
      limits.threads =
          std::min<int64_t>(threads, int64_t(scheduler::kMostThreads));
    return limits;
  }

  /// The period by option, if it is given by one.
  FailureOr<std::optional<double>> readPeriod(Operation *op) {
    if (fps && periodS)
      return emitBriefOpError(op)
             << "expects one of the options 'fps' and 'period-s', but got both";
    if (fps)
      return std::optional<double>(1 / *fps);
    return std::optional<double>(periodS);
  }

  LogicalResult selectStates(Network network) {
    FailureOr<std::optional<double>> givenS = readPeriod(network.function);
    FailureOr<PosedNetwork> posed = failure();
    if (succeeded(givenS))
      posed = poseNetwork(std::move(network), *givenS);
    if (failed(posed))
      return failure();
    const scheduler::SearchInfo &info = search.get();
    scheduler::SearchLimits limits = interruptible(readLimits());
    FailureOr<scheduler::SearchResult> result =
        searchNetwork(posed->network, posed->built, info, limits);
    if (failed(result))
      return failure();
    if (limits.isCancelled && *limits.isCancelled)
      return emitBriefOpError(posed->network.function)
             << "is not scheduled: interrupted";
    if (result->status == scheduler::Status::Infeasible)
      return reportInfeasible(posed->network, info, posed->built.problem,
                              result->fastestTimeS);
    addStatistics(*result);
    writeSchedule(*posed, *result, info.name);
    return success();
  }

  void addStatistics(const scheduler::SearchResult &result) {
    numRailSets += result.statistics.railSets;
    numOpened += result.statistics.railSetsOpened;
    numRelaxations += result.statistics.relaxations;
    numLabels += result.statistics.labels;
  }

  LogicalResult selectStates() {
    SystemOp system = findSystem(getOperation());
    if (!system) {
      FailureOr<Network> network = findNetwork(getOperation());
      return failed(network) ? failure() : selectStates(std::move(*network));
    }
    FailureOr<std::optional<double>> givenS = readPeriod(system);
    if (failed(givenS))
      return failure();
    FailureOr<std::vector<scheduler::SearchResult>> results = selectSystem(
        system, search.get(), *givenS, interruptible(readLimits()));
    if (failed(results))
      return failure();
    for (const scheduler::SearchResult &result : *results)
      addStatistics(result);
    return success();
  }

  void runOnOperation() override {
    if (failed(selectStates()))
      signalPassFailure();
  }
};
} // namespace
