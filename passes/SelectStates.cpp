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
#include "pfmlir/Scheduler/Search.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"
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
  FailureOr<BaselineProblem> baseline = buildBaselineProblem(
      network, network.target.getGatingOrNone(), /*periodS=*/1);
  double timeS = std::numeric_limits<double>::infinity();
  if (succeeded(baseline)) {
    // With all the time in the world, to see what it takes.
    baseline->problem.periodS = std::numeric_limits<double>::max();
    timeS = scheduler::evaluateFixed(baseline->problem, baseline->nominalLevels)
                .schedule.activeTimeS;
  }
  if (succeeded(baseline) && std::isfinite(timeS) && timeS > 0)
    return timeS;
  return emitBriefOpError(network.function)
         << "expects a period (option 'fps' or 'period-s', or attribute '"
         << PowerDialect::getPeriodAttrName()
         << "'), because its layers' costs at nominal voltage are not known";
}

/// The period by option, by attribute, or by default.
static FailureOr<double> choosePeriod(Network &network, double fps,
                                      double periodS) {
  func::FuncOp function = network.function;
  if (fps != 0 && periodS != 0)
    return emitBriefOpError(function)
           << "expects one of the options 'fps' and 'period-s', but got both";
  for (auto [name, value] :
       {std::pair("fps", fps), std::pair("period-s", periodS)})
    if (!std::isfinite(value) || value < 0)
      return emitBriefOpError(function)
             << "expects option '" << name << "' to be positive, but got "
             << formatNumber(value);
  if (fps != 0)
    return 1 / fps;
  if (periodS != 0)
    return periodS;
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

enum class SearchKind { Exact, LambdaDP, LambdaDPUnrefined, Greedy, Nominal };

static std::optional<SearchKind> symbolizeSearch(StringRef name) {
  return llvm::StringSwitch<std::optional<SearchKind>>(name)
      .Case("exact", SearchKind::Exact)
      .Case("lambda-dp", SearchKind::LambdaDP)
      .Case("lambda-dp-unrefined", SearchKind::LambdaDPUnrefined)
      .Case("greedy", SearchKind::Greedy)
      .Case("nominal", SearchKind::Nominal)
      .Default(std::nullopt);
}

/// The rails of the greedy search: the lowest, the nominal and the highest
/// level, or as many of the highest of them as the target may have.
static std::vector<scheduler::Level>
getGreedyRails(const scheduler::Problem &problem,
               ArrayRef<scheduler::Level> nominal) {
  std::vector<scheduler::Level> rails = {
      0, scheduler::Level(problem.numLevels - 1)};
  rails.insert(rails.end(), nominal.begin(), nominal.end());
  llvm::sort(rails);
  rails.erase(llvm::unique(rails), rails.end());
  if (rails.size() > problem.maxRails)
    rails.erase(rails.begin(), rails.end() - problem.maxRails);
  return rails;
}

static FailureOr<scheduler::SearchResult>
runSearch(Network &network, const scheduler::Problem &problem, SearchKind kind,
          const scheduler::SearchLimits &limits) {
  if (kind == SearchKind::Exact)
    return scheduler::searchExact(problem, limits);
  if (kind == SearchKind::LambdaDP || kind == SearchKind::LambdaDPUnrefined)
    return scheduler::searchLambdaDP(problem, kind == SearchKind::LambdaDP);
  std::optional<std::vector<scheduler::Level>> nominal =
      getNominalLevels(network.target);
  if (!nominal) {
    TargetOp target = network.target;
    return emitBriefOpError(target)
           << "expects every domain's nominal voltage among "
              "its levels, which this search starts from";
  }
  return kind == SearchKind::Nominal
             ? scheduler::evaluateFixed(problem, *nominal)
             : scheduler::searchGreedy(problem,
                                       getGreedyRails(problem, *nominal));
}

/// Says by how much the deadline is missed, and what could be met.
static LogicalResult reportInfeasible(Network &network, StringRef search,
                                      double periodS, double fastestS) {
  func::FuncOp function = network.function;
  TargetOp target = network.target;
  bool choosesRails = search == "exact" || search.starts_with("lambda");
  InFlightDiagnostic diagnostic = emitBriefOpError(function)
                                  << "@" << function.getSymName();
  setInfeasibility(*diagnostic.getUnderlyingDiagnostic(),
                   {function.getSymNameAttr(), periodS, fastestS});
  if (!std::isfinite(fastestS) && choosesRails)
    return diagnostic << " has no schedule at any rate: no "
                      << target.getMaxRails() << " levels of target @"
                      << target.getSymName() << " have a state for every layer";
  if (!std::isfinite(fastestS))
    return diagnostic << " has no schedule by search '" << search
                      << "' at any rate: some layer has no state at its levels";
  diagnostic
      << " can't run every "
      << llvm::formatv("{0:e6} s ({1:f2} fps)", periodS, 1 / periodS).str();
  if (choosesRails)
    diagnostic << ": the fastest schedule on target @";
  else
    diagnostic << " by search '" << search
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
  ScheduleOp::create(
      builder, network.function->getLoc(),
      FlatSymbolRefAttr::get(network.function), FlatSymbolRefAttr::get(target),
      builder.getStringAttr(search), number(problem.periodS),
      builder.getF64ArrayAttr(getRails(target, problem, schedule)),
      number(schedule.energyJ), number(result.lowerBoundJ),
      number(schedule.activeTimeS), tail,
      builder.getF64ArrayAttr(getEnergySplit(problem, schedule)),
      computeBaselines(network, problem.periodS), sumUncosted(network));
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct SelectStatesPass
    : pfmlir::power::impl::SelectStatesBase<SelectStatesPass> {
  using SelectStatesBase::SelectStatesBase;

  FailureOr<scheduler::SearchLimits> readLimits(func::FuncOp function) {
    scheduler::SearchLimits limits;
    if (!std::isfinite(timeLimitS) || timeLimitS < 0)
      return emitBriefOpError(function)
             << "expects option 'time-limit-s' not to be negative, but got "
             << formatNumber(timeLimitS);
    if (timeLimitS > 0)
      limits.timeS = timeLimitS;
    if (!(gap >= 0 && gap < 1))
      return emitBriefOpError(function) << "expects option 'gap' to be at "
                                           "least 0 and less than 1, but got "
                                        << formatNumber(gap);
    limits.gap = gap;
    limits.labelBytes = memoryLimitBytes;
    if (threads < 1)
      return emitBriefOpError(function)
             << "expects option 'threads' to be at least 1, but got 0";
    limits.threads =
        function.getContext()->isMultithreadingEnabled() ? threads : 1;
    return limits;
  }

  LogicalResult selectStates() {
    FailureOr<Network> network = findNetwork(getOperation());
    if (failed(network))
      return failure();
    func::FuncOp function = network->function;
    std::optional<SearchKind> kind = symbolizeSearch(search);
    if (!kind)
      return emitBriefOpError(function)
             << "expects option 'search' to be exact, lambda-dp, "
                "lambda-dp-unrefined, greedy or nominal, but got '"
             << search << "'";
    FailureOr<scheduler::SearchLimits> limits = readLimits(function);
    SmallVector<LayerCosts> costs;
    if (failed(limits) ||
        failed(computeCosts(network->target, network->layers,
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

    FailureOr<scheduler::SearchResult> result =
        runSearch(*network, problem, *kind, *limits);
    if (failed(result))
      return failure();
    if (result->status == scheduler::Status::Infeasible)
      return reportInfeasible(*network, search, problem.periodS,
                              result->fastestTimeS);
    if (*kind != SearchKind::Exact)
      result->lowerBoundJ = std::min(scheduler::lagrangianLowerBound(problem),
                                     result->schedule.energyJ);
    if (std::optional<std::string> wrong =
            scheduler::verify(problem, result->schedule))
      return emitBriefOpError(function) << "got a schedule that does not "
                                           "verify, which is a bug in search '"
                                        << search << "': " << *wrong;
    numRailSets += result->statistics.railSets;
    numOpened += result->statistics.railSetsOpened;
    numRelaxations += result->statistics.relaxations;
    numLabels += result->statistics.labels;
    writeSchedule(*network, problem, *result, search);
    return success();
  }

  void runOnOperation() override {
    if (failed(selectStates()))
      signalPassFailure();
  }
};
} // namespace
