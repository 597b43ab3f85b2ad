//===- VerifySchedule.cpp - Recompute a schedule from the IR ----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the power manager through the function. Nothing here is shared with
// the searches or with the pass that writes their result; what a schedule is
// compared with is verified in VerifyBaselines.cpp.
//
//===----------------------------------------------------------------------===//

#include "passes/Verify.h"
#include "pfmlir/Passes/Passes.h"

#include "llvm/ADT/SmallSet.h"

#include <cmath>

namespace pfmlir::power {
#define GEN_PASS_DEF_VERIFYSCHEDULE
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// The state of the accelerator while it runs, and what it has spent.
class Replay {
public:
  Replay(const ScheduledNetwork &network, ArrayRef<LayerCosts> costs)
      : network(network), target(network.target), schedule(network.schedule),
        costs(costs), domains(target.getDomains()),
        memories(target.getMemories()), voltages(domains.size()) {}

  LogicalResult run();

private:
  template <typename OpTy>
  FailureOr<OpTy> resolve(Operation *op, SymbolRefAttr symbol);
  LogicalResult setState(SetStateOp op);
  LogicalResult gateBanks(GateBanksOp op);
  LogicalResult runLayer(LayerOp layer, const LayerCosts &cost);
  LogicalResult checkBanks(LayerOp layer, const LayerCosts &cost);
  LogicalResult endPeriod(Operation *op, double statedS);
  LogicalResult checkSummary();
  LogicalResult compare(Operation *op, StringRef what, StringRef unit,
                        double stated, double recomputed, double scale);

  ScheduledNetwork network;
  TargetOp target;
  ScheduleOp schedule;
  ArrayRef<LayerCosts> costs;
  SmallVector<DomainOp> domains;
  SmallVector<MemoryOp> memories;

  /// Volts, one a domain; nothing before the first power.set_state.
  SmallVector<std::optional<double>> voltages;
  llvm::StringMap<double> powered;
  double dynamicJ = 0, leakageJ = 0, transitionJ = 0, tailJ = 0;
  double activeS = 0;
  double lastLeakageW = 0;
  /// Power in what is left of the period.
  double restPowerW = 0;
  size_t layersRun = 0;
  bool ended = false;
};
} // namespace

LogicalResult Replay::compare(Operation *op, StringRef what, StringRef unit,
                              double stated, double recomputed, double scale) {
  if (agree(stated, recomputed, scale))
    return success();
  return emitBriefOpError(op)
         << "says " << what << " is " << formatNumber(stated) << " " << unit
         << ", but it is " << formatNumber(recomputed) << " " << unit;
}

/// What a symbol names, if that is a part of the target.
template <typename OpTy>
FailureOr<OpTy> Replay::resolve(Operation *op, SymbolRefAttr symbol) {
  auto declaration =
      dyn_cast_or_null<OpTy>(SymbolTable::lookupNearestSymbolFrom(op, symbol));
  if (!declaration || declaration->getParentOp() != target)
    return emitBriefOpError(op)
           << "expects a " << OpTy::getOperationName() << " of target @"
           << target.getSymName() << ", on which the function runs, but got "
           << symbol;
  return declaration;
}

LogicalResult Replay::setState(SetStateOp op) {
  for (auto [symbol, voltage] : llvm::zip_equal(
           op.getDomains().getAsRange<SymbolRefAttr>(), op.getVoltagesV())) {
    FailureOr<DomainOp> domain = resolve<DomainOp>(op, symbol);
    if (failed(domain))
      return failure();
    std::optional<double> &current =
        voltages[llvm::find(domains, *domain) - domains.begin()];
    // At the beginning of the period it costs nothing.
    if (current && *current != voltage) {
      unsigned from = *target.getLevelIndex(*current);
      unsigned to = *target.getLevelIndex(voltage);
      if (TransitionOp transition = target.getTransition(*domain)) {
        transitionJ += transition.getEnergyJBetween(from, to);
        activeS += transition.getTimeSBetween(from, to);
      }
    }
    current = voltage;
  }
  return success();
}

LogicalResult Replay::gateBanks(GateBanksOp op) {
  for (auto [symbol, count] : llvm::zip_equal(
           op.getMemories().getAsRange<SymbolRefAttr>(), op.getPowered())) {
    FailureOr<MemoryOp> memory = resolve<MemoryOp>(op, symbol);
    if (failed(memory))
      return failure();
    powered[memory->getSymName()] = count;
  }
  return success();
}

LogicalResult Replay::checkBanks(LayerOp layer, const LayerCosts &cost) {
  if (cost.poweredBanks.empty())
    return success();
  for (auto [memory, needed] : llvm::zip_equal(memories, cost.poweredBanks)) {
    auto count = powered.find(memory.getSymName());
    if (count == powered.end())
      return emitBriefOpError(layer) << "expects a power.gate_banks of @"
                                     << memory.getSymName() << " before it";
    if (!agree(count->second, needed, needed))
      return emitBriefOpError(layer)
             << "expects " << formatNumber(needed) << " banks of @"
             << memory.getSymName() << " to be powered, but got "
             << formatNumber(count->second);
  }
  return success();
}

LogicalResult Replay::runLayer(LayerOp layer, const LayerCosts &cost) {
  if (ended)
    return emitBriefOpError(layer)
           << "expects to come before the end of the period";
  ArrayRef<double> stated = layer.getState()->getVoltagesV();
  SmallVector<uint16_t, 4> levels;
  for (auto [domain, current, voltage] :
       llvm::zip_equal(domains, voltages, stated)) {
    if (!current)
      return emitBriefOpError(layer) << "expects a power.set_state of domain @"
                                     << domain.getSymName() << " before it";
    if (*current != voltage)
      return emitBriefOpError(layer)
             << "says domain @" << domain.getSymName() << " is at "
             << formatNumber(voltage) << " V, but it is at "
             << formatNumber(*current) << " V";
    levels.push_back(*target.getLevelIndex(voltage));
  }
  const LayerState *state = nullptr;
  for (const LayerState &candidate : cost.states)
    if (candidate.levels == levels)
      state = &candidate;
  if (!state)
    return emitBriefOpError(layer)
           << "is in a state that its costs don't speak of";
  StateAttr attr = *layer.getState();
  if (failed(compare(layer, "its energy", "J",
                     attr.getEnergyJ().getValueAsDouble(), state->energyJ,
                     state->energyJ)) ||
      failed(compare(layer, "its time", "s", attr.getTimeS().getValueAsDouble(),
                     state->timeS, state->timeS)) ||
      failed(compare(layer, "its leakage power", "W",
                     attr.getLeakageW().getValueAsDouble(), state->leakageW,
                     state->leakageW)) ||
      failed(checkBanks(layer, cost)))
    return failure();
  double layerLeakageJ = state->leakageW * state->timeS;
  leakageJ += layerLeakageJ;
  dynamicJ += state->energyJ - layerLeakageJ;
  activeS += state->timeS;
  lastLeakageW = state->leakageW;
  ++layersRun;
  return success();
}

LogicalResult Replay::endPeriod(Operation *op, double statedS) {
  if (ended)
    return emitBriefOpError(op) << "expects to be the only end of the period";
  ended = true;
  double periodS = schedule.getPeriodS().convertToDouble();
  double remainingS = std::max(periodS - activeS, 0.0);
  if (failed(compare(op, "its time", "s", statedS, remainingS, periodS)))
    return failure();
  auto sleepOp = dyn_cast<SleepOp>(op);
  if (static_cast<bool>(sleepOp) != schedule.getTail().has_value() ||
      (sleepOp && sleepOp.getState() != *schedule.getTail()))
    return emitBriefOpError(op)
           << "is not the end of the period that the schedule "
              "speaks of";
  if (!sleepOp) {
    restPowerW = lastLeakageW;
    tailJ = restPowerW * remainingS;
    return success();
  }
  FailureOr<SleepStateOp> sleep = resolve<SleepStateOp>(op, sleepOp.getState());
  if (failed(sleep))
    return failure();
  if (!canSleep(target, *sleep, activeS, periodS))
    return emitBriefOpError(op)
           << "takes " << formatNumber(target.getSleepOverhead(*sleep).second)
           << " s to enter and leave, but only " << formatNumber(remainingS)
           << " s are left";
  restPowerW = sleep->getPowerW().convertToDouble();
  tailJ = getSleepEnergyJ(target, *sleep, remainingS);
  return success();
}

LogicalResult Replay::checkSummary() {
  double periodS = schedule.getPeriodS().convertToDouble();
  if (activeS > periodS * (1 + kDeadlineTolerance))
    return emitBriefOpError(schedule)
           << "misses its deadline: it takes " << formatNumber(activeS)
           << " s of a period of " << formatNumber(periodS) << " s";
  double totalJ = dynamicJ + leakageJ + transitionJ + tailJ;
  double scaleJ = getScaleJ(totalJ, restPowerW, periodS);
  if (failed(compare(schedule, "the active time", "s",
                     schedule.getActiveTimeS().convertToDouble(), activeS,
                     activeS)) ||
      failed(compare(schedule, "the energy", "J",
                     schedule.getEnergyJ().convertToDouble(), totalJ, scaleJ)))
    return failure();
  const std::pair<StringRef, double> parts[] = {
      {"the dynamic energy", dynamicJ},
      {"the leakage energy", leakageJ},
      {"the transition energy", transitionJ},
      {"the tail energy", tailJ}};
  for (auto [part, stated] : llvm::zip_equal(parts, schedule.getEnergySplitJ()))
    if (failed(compare(schedule, part.first, "J", stated, part.second, scaleJ)))
      return failure();
  double boundJ = schedule.getLowerBoundJ().convertToDouble();
  if (boundJ > totalJ * (1 + kTolerance))
    return emitBriefOpError(schedule)
           << "says no schedule costs less than " << formatNumber(boundJ)
           << " J, but this one costs " << formatNumber(totalJ) << " J";

  llvm::SmallSet<double, 4> used;
  for (LayerOp layer : network.layers)
    for (double voltage : layer.getState()->getVoltagesV().asArrayRef())
      used.insert(voltage);
  llvm::SmallSet<double, 4> stated;
  for (double rail : schedule.getRailsV())
    stated.insert(rail);
  for (double voltage : used)
    if (!stated.contains(voltage))
      return emitBriefOpError(schedule)
             << "expects every voltage in use among its rails, but got "
             << formatNumber(voltage) << " V";
  if (stated.size() > target.getMaxRails())
    return emitBriefOpError(schedule)
           << "expects at most " << target.getMaxRails() << " rails, but got "
           << stated.size();
  return success();
}

LogicalResult Replay::run() {
  for (Operation &op : network.function.getFunctionBody().front()) {
    LogicalResult result = success();
    if (auto setStateOp = dyn_cast<SetStateOp>(op))
      result = setState(setStateOp);
    else if (auto gateOp = dyn_cast<GateBanksOp>(op))
      result = gateBanks(gateOp);
    else if (auto layer = dyn_cast<LayerOp>(op))
      result = runLayer(layer, costs[layersRun]);
    else if (auto idle = dyn_cast<IdleOp>(op))
      result = endPeriod(&op, idle.getTimeS().convertToDouble());
    else if (auto sleep = dyn_cast<SleepOp>(op))
      result = endPeriod(&op, sleep.getTimeS().convertToDouble());
    if (failed(result))
      return failure();
  }
  if (!ended)
    return emitBriefOpError(schedule)
           << "expects a power.idle or power.sleep at the "
              "end of its function";
  return checkSummary();
}

namespace {
struct VerifySchedulePass
    : pfmlir::power::impl::VerifyScheduleBase<VerifySchedulePass> {
  using VerifyScheduleBase::VerifyScheduleBase;

  LogicalResult verifySchedule() {
    FailureOr<ScheduledNetwork> network = findScheduledNetwork(getOperation());
    if (failed(network))
      return failure();
    SmallVector<LayerCosts> costs;
    if (failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return failure();
    if (failed(Replay(*network, costs).run()) ||
        failed(verifyBaselines(*network)))
      return failure();
    return proveBound ? pfmlir::power::proveBound(*network, costs) : success();
  }

  void runOnOperation() override {
    if (failed(verifySchedule()))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
