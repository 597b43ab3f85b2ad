//===- SelectStates.cpp - Search for the schedule of least energy ---------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Baselines.h"
#include "pfmlir/Passes/Infeasibility.h"
#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Scheduler/Referee.h"
#include "pfmlir/Scheduler/Searches.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

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

/// The network's time at nominal voltage, in seconds.
static FailureOr<double> getNominalTime(Network &network) {
  if (std::optional<double> timeS = computeNominalTime(network))
    return *timeS;
  return emitBriefOpError(network.function)
         << "expects a period (option 'fps' or 'period-s', or attribute '"
         << PowerDialect::getPeriodAttrName()
         << "'), because its layers' costs at nominal voltage are not known";
}

/// The period by option, by attribute, or by default.
static FailureOr<double> choosePeriod(Network &network,
                                      std::optional<double> fps,
                                      std::optional<double> periodS) {
  FunctionOpInterface function = network.function;
  if (fps && periodS)
    return emitBriefOpError(function)
           << "expects one of the options 'fps' and 'period-s', but got both";
  if (fps)
    return 1 / *fps;
  if (periodS)
    return *periodS;
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
// Search
//===----------------------------------------------------------------------===//

static FailureOr<scheduler::SearchResult>
runSearch(Network &network, const scheduler::Problem &problem,
          const scheduler::SearchInfo &search,
          const scheduler::SearchLimits &limits) {
  std::optional<std::vector<scheduler::Setting>> nominal =
      getNominalLevels(network.target);
  if (search.needsNominal && !nominal) {
    TargetOp target = network.target;
    return emitBriefOpError(target)
           << "expects every domain's nominal voltage among its levels, which "
              "search '"
           << search.name << "' starts from";
  }
  return scheduler::runSearch(
      search, problem, limits,
      nominal.value_or(std::vector<scheduler::Setting>()));
}

/// Says by how much the deadline is missed, and what could be met.
static LogicalResult reportInfeasible(Network &network,
                                      const scheduler::SearchInfo &search,
                                      double periodS, double fastestS) {
  FunctionOpInterface function = network.function;
  TargetOp target = network.target;
  InFlightDiagnostic diagnostic = emitBriefOpError(function)
                                  << "@" << function.getName();
  setInfeasibility(*diagnostic.getUnderlyingDiagnostic(),
                   {function.getNameAttr(), periodS, fastestS});
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
  diagnostic << target.getSymName()
             << llvm::formatv(" takes {0:e6} s ({1:f2} fps), {2:e3} s too long",
                              fastestS, 1 / fastestS, fastestS - periodS)
                    .str();
  // In full, to be used as it is.
  diagnostic.attachNote() << "the shortest period is "
                          << llvm::formatv("{0:e16}", fastestS).str() << " s";
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Result
//===----------------------------------------------------------------------===//

static SmallVector<double>
getVoltages(TargetOp target, const scheduler::Problem &problem, size_t state) {
  SmallVector<double> voltages;
  for (size_t axis = 0; axis < problem.numAxes(); ++axis)
    voltages.push_back(target.getLevelsV()[problem.settingsOf(state)[axis]]);
  return voltages;
}

/// The parts of a schedule's energy, as a power.schedule has them.
static SmallVector<double> getEnergySplit(const scheduler::Problem &problem,
                                          const scheduler::Schedule &schedule) {
  scheduler::EnergyParts energy = scheduler::splitEnergy(problem, schedule);
  SmallVector<double> parts(ScheduleOp::NumParts);
  parts[ScheduleOp::Dynamic] = energy.dynamicJ;
  parts[ScheduleOp::Leakage] = energy.idleJ;
  parts[ScheduleOp::Transition] = energy.transitionJ;
  parts[ScheduleOp::Tail] = energy.tailJ;
  return parts;
}

/// The voltages that the schedule uses, increasing.
static SmallVector<double> getRails(TargetOp target,
                                    const scheduler::Problem &problem,
                                    const scheduler::Schedule &schedule) {
  SmallVector<double> rails;
  for (size_t state : schedule.states)
    llvm::append_range(rails, getVoltages(target, problem, state));
  llvm::sort(rails);
  rails.erase(llvm::unique(rails), rails.end());
  return rails;
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
  return sum.empty() ? DictionaryAttr()
                     : sum.getDictionary(builder.getContext());
}

static void writeSchedule(Network &network, const scheduler::Problem &problem,
                          const scheduler::SearchResult &result,
                          StringRef search) {
  TargetOp target = network.target;
  OpBuilder builder(network.function);
  const scheduler::Schedule &schedule = result.schedule;
  for (auto [layer, state] : llvm::zip_equal(network.layers, schedule.states))
    layer.setStateAttr(StateAttr::get(
        builder.getContext(),
        builder.getDenseF64ArrayAttr(getVoltages(target, problem, state)),
        builder.getF64FloatAttr(problem.energyJ[state]),
        builder.getF64FloatAttr(problem.timeS[state]),
        builder.getF64FloatAttr(problem.idlePowerW[state])));

  SymbolRefAttr tail;
  if (schedule.tail != scheduler::Schedule::kIdle)
    tail = SymbolRefAttr::get(
        target.getSymNameAttr(),
        FlatSymbolRefAttr::get(target.getSleepStates()[schedule.tail]));
  for (ScheduleOp previous : findSchedules(network.function))
    previous.erase();
  builder.setInsertionPointAfter(network.function);
  auto number = [&](double value) { return builder.getF64FloatAttr(value); };
  Baselines baselines = computeBaselines(network, problem.periodS);
  ScheduleOp::create(
      builder, network.function->getLoc(),
      FlatSymbolRefAttr::get(network.function.getOperation()),
      FlatSymbolRefAttr::get(target), builder.getStringAttr(search),
      number(problem.periodS),
      builder.getF64ArrayAttr(getRails(target, problem, schedule)),
      number(schedule.energyJ), number(result.lowerBoundJ),
      number(schedule.activeTimeS), tail,
      builder.getF64ArrayAttr(getEnergySplit(problem, schedule)),
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

  LogicalResult selectStates() {
    FailureOr<Network> network = findNetwork(getOperation());
    if (failed(network))
      return failure();
    FunctionOpInterface function = network->function;
    SmallVector<LayerCosts> costs;
    if (failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return failure();
    FailureOr<double> chosenPeriodS = choosePeriod(*network, fps, periodS);
    if (failed(chosenPeriodS))
      return failure();
    scheduler::Problem problem =
        buildProblem(network->target, costs, *chosenPeriodS);
    if (std::optional<std::string> wrong = scheduler::check(problem))
      return emitBriefOpError(function)
             << "is no scheduling problem: " << *wrong;

    const scheduler::SearchInfo &info = search.get();
    FailureOr<scheduler::SearchResult> result =
        runSearch(*network, problem, info, readLimits());
    if (failed(result))
      return failure();
    if (result->status == scheduler::Status::Infeasible)
      return reportInfeasible(*network, info, problem.periodS,
                              result->fastestTimeS);
    if (std::optional<std::string> wrong =
            scheduler::verify(problem, result->schedule))
      return emitBriefOpError(function) << "got a schedule that does not "
                                           "verify, which is a bug in search '"
                                        << info.name << "': " << *wrong;
    numRailSets += result->statistics.railSets;
    numOpened += result->statistics.railSetsOpened;
    numRelaxations += result->statistics.relaxations;
    numLabels += result->statistics.labels;
    writeSchedule(*network, problem, *result, info.name);
    return success();
  }

  void runOnOperation() override {
    if (failed(selectStates()))
      signalPassFailure();
  }
};
} // namespace
