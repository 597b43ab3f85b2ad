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

#include "passes/Ledger.h"
#include "passes/LiveData.h"
#include "passes/Verify.h"
#include "pfmlir/Passes/Passes.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/TypeSwitch.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_VERIFYSCHEDULE
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// Reads the function as the power manager runs it, and books what it takes.
class Replay {
public:
  Replay(const ScheduledNetwork &network, ArrayRef<LayerWays> costs)
      : network(network), target(network.target), schedule(network.schedule),
        costs(costs), domains(target.getDomains()),
        memories(target.getMemories()),
        ledger(target, schedule.getPeriodS().convertToDouble()) {}

  LogicalResult run();

private:
  template <typename OpTy>
  FailureOr<OpTy> resolve(Operation *op, SymbolRefAttr symbol);
  LogicalResult visit(Operation *op);
  LogicalResult setState(SetStateOp op);
  LogicalResult setMode(SetModeOp op);
  LogicalResult handOver(HandOverOp op);
  LogicalResult gateBanks(GateBanksOp op);
  LogicalResult runLayer(LayerOp layer);
  LogicalResult endEarly(LayerOp layer);
  LogicalResult checkEarlyTail();
  LogicalResult checkVoltages(Operation *op, ArrayRef<double> statedV);
  LogicalResult checkModes(LayerOp layer);
  LogicalResult checkEngine(LayerOp layer);
  LogicalResult checkBanks(LayerOp layer, const LayerCosts &cost);
  LogicalResult beginTail(Operation *op, std::optional<SymbolRefAttr> state,
                          double statedS);
  LogicalResult idle(IdleOp op);
  LogicalResult sleep(SleepOp op);
  LogicalResult checkRails();
  LogicalResult checkSummary();
  LogicalResult compare(Operation *op, StringRef what, StringRef unit,
                        double stated, double recomputed, double scale);

  ScheduledNetwork network;
  TargetOp target;
  ScheduleOp schedule;
  ArrayRef<LayerWays> costs;
  SmallVector<DomainOp> domains;
  SmallVector<MemoryOp> memories;

  Ledger ledger;
  double lastLeakageW = 0;
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

//===----------------------------------------------------------------------===//
// What the power manager sets
//===----------------------------------------------------------------------===//

LogicalResult Replay::setState(SetStateOp op) {
  for (auto [symbol, voltage] : llvm::zip_equal(
           op.getDomains().getAsRange<SymbolRefAttr>(), op.getVoltagesV())) {
    FailureOr<DomainOp> domain = resolve<DomainOp>(op, symbol);
    if (failed(domain))
      return failure();
    ledger.setVoltage(*domain, voltage);
  }
  return success();
}

LogicalResult Replay::setMode(SetModeOp op) {
  FailureOr<DomainOp> domain = resolve<DomainOp>(op, op.getDomain());
  FailureOr<ModeOp> mode = ModeOp();
  if (succeeded(domain) && op.getMode())
    mode = resolve<ModeOp>(op, *op.getMode());
  if (failed(domain) || failed(mode))
    return failure();
  ledger.setMode(*domain, *mode);
  return success();
}

LogicalResult Replay::handOver(HandOverOp op) {
  FailureOr<EngineOp> engine = EngineOp();
  if (op.getEngine())
    engine = resolve<EngineOp>(op, *op.getEngine());
  if (failed(engine))
    return failure();
  ledger.setEngine(*engine);
  return success();
}

LogicalResult Replay::gateBanks(GateBanksOp op) {
  for (auto [symbol, count] : llvm::zip_equal(
           op.getMemories().getAsRange<SymbolRefAttr>(), op.getPowered())) {
    FailureOr<MemoryOp> memory = resolve<MemoryOp>(op, symbol);
    if (failed(memory))
      return failure();
    ledger.setBanks(*memory, count);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// At its own end of a period, the operation is the layer's.
LogicalResult Replay::checkVoltages(Operation *op, ArrayRef<double> statedV) {
  for (auto [domain, voltage] : llvm::zip_equal(domains, statedV)) {
    std::optional<double> current = ledger.voltageOf(domain);
    if (!current)
      return emitBriefOpError(op) << "expects a power.set_state of domain @"
                                  << domain.getSymName() << " before it";
    if (*current != voltage)
      return emitBriefOpError(op)
             << "says domain @" << domain.getSymName() << " is at "
             << formatNumber(voltage) << " V, but it is at "
             << formatNumber(*current) << " V";
  }
  return success();
}

static std::string describe(Operation *declaration) {
  return declaration
             ? ("@" + SymbolTable::getSymbolName(declaration).getValue()).str()
             : "none";
}

LogicalResult Replay::checkModes(LayerOp layer) {
  DictionaryAttr stated = layer.getState()->getModes();
  for (DomainOp domain : domains) {
    if (target.getModes(domain).empty())
      continue;
    std::optional<ModeOp> current = ledger.modeOf(domain);
    if (!current)
      return emitBriefOpError(layer) << "expects a power.set_mode of domain @"
                                     << domain.getSymName() << " before it";
    auto name = stated ? stated.getAs<FlatSymbolRefAttr>(domain.getSymName())
                       : FlatSymbolRefAttr();
    Operation *mode =
        name ? SymbolTable::lookupSymbolIn(target, name.getAttr()) : nullptr;
    if (*current != mode)
      return emitBriefOpError(layer)
             << "says the mode of domain @" << domain.getSymName() << " is "
             << describe(mode) << ", but it is " << describe(*current);
  }
  return success();
}

LogicalResult Replay::checkEngine(LayerOp layer) {
  if (target.getEngines().empty())
    return success();
  EngineOp stated = findEngine(target, layer.getState()->getImplementation());
  std::optional<EngineOp> current = ledger.currentEngine();
  if (!current)
    return emitBriefOpError(layer) << "expects a power.hand_over before it";
  if (*current == stated)
    return success();
  return emitBriefOpError(layer) << "says its engine is " << describe(stated)
                                 << ", but it is " << describe(*current);
}

LogicalResult Replay::checkBanks(LayerOp layer, const LayerCosts &cost) {
  if (cost.poweredBanks.empty())
    return success();
  DictionaryAttr chosen = layer.getState()->getBanks();
  for (auto [memory, least] : llvm::zip_equal(memories, cost.poweredBanks)) {
    double needed = least;
    // More than that may have been left on.
    if (auto count = chosen ? chosen.getAs<IntegerAttr>(memory.getSymName())
                            : IntegerAttr())
      needed = double(count.getInt());
    std::optional<double> powered = ledger.banksOf(memory);
    if (!powered)
      return emitBriefOpError(layer) << "expects a power.gate_banks of @"
                                     << memory.getSymName() << " before it";
    if (!agree(*powered, needed, needed))
      return emitBriefOpError(layer)
             << "expects " << formatNumber(needed) << " banks of @"
             << memory.getSymName() << " to be powered, but got "
             << formatNumber(*powered);
  }
  return success();
}

LogicalResult Replay::runLayer(LayerOp layer) {
  if (ended)
    return emitBriefOpError(layer)
           << "expects to come before the end of the period";
  StateAttr stated = *layer.getState();
  const LayerWays &ways = costs[layersRun++];
  if (failed(checkVoltages(layer, stated.getVoltagesV())) ||
      failed(checkModes(layer)) || failed(checkEngine(layer)))
    return failure();
  std::optional<ChosenState> found = findChosen(target, ways, stated);
  if (!found)
    return emitBriefOpError(layer)
           << "is in a state that its costs don't speak of";
  const LayerState &state = found->state;
  if (failed(compare(layer, "its energy", "J",
                     stated.getEnergyJ().getValueAsDouble(), state.energyJ,
                     state.energyJ)) ||
      failed(compare(layer, "its time", "s",
                     stated.getTimeS().getValueAsDouble(), state.timeS,
                     state.timeS)) ||
      failed(compare(layer, "its leakage power", "W",
                     stated.getLeakageW().getValueAsDouble(), state.leakageW,
                     state.leakageW)) ||
      failed(checkBanks(layer, found->way->costs)))
    return failure();
  ledger.run(state.energyJ, state.timeS, state.leakageW);
  lastLeakageW = state.leakageW;
  return endEarly(layer);
}

/// Some periods may end with this layer.
LogicalResult Replay::endEarly(LayerOp layer) {
  const std::vector<double> &probabilities = network.probabilities;
  if (layersRun >= probabilities.size() ||
      probabilities[layersRun] == probabilities[layersRun - 1])
    return success();
  SleepStateOp sleep = schedule.findEarlyTail(target);
  if (!ledger.canSleep(sleep))
    return emitBriefOpError(layer)
           << "expects time for @" << sleep.getSymName()
           << " after it, in which periods wait that end early, but it takes "
           << formatNumber(target.getSleepOverhead(sleep).second)
           << " s to enter and leave, and "
           << formatNumber(ledger.remainingTimeS()) << " s are left";
  ledger.goOnWith(probabilities[layersRun], sleep);
  return success();
}

//===----------------------------------------------------------------------===//
// The end of the period
//===----------------------------------------------------------------------===//

LogicalResult Replay::beginTail(Operation *op,
                                std::optional<SymbolRefAttr> state,
                                double statedS) {
  if (ended)
    return emitBriefOpError(op) << "expects to be the only end of the period";
  ended = true;
  ledger.finishTransition();
  if (failed(compare(op, "its time", "s", statedS, ledger.remainingTimeS(),
                     schedule.getPeriodS().convertToDouble())))
    return failure();
  if (state == schedule.getTail())
    return success();
  return emitBriefOpError(op) << "is not the end of the period that the "
                                 "schedule speaks of";
}

LogicalResult Replay::idle(IdleOp op) {
  if (failed(beginTail(op, op.getState(), op.getTimeS().convertToDouble())))
    return failure();
  if (!op.getState()) {
    ledger.idle(lastLeakageW);
    return success();
  }
  FailureOr<IdleStateOp> state = resolve<IdleStateOp>(op, *op.getState());
  if (failed(state) || failed(checkVoltages(op, state->getVoltagesV())))
    return failure();
  ledger.idle(state->getPowerW().convertToDouble());
  return success();
}

LogicalResult Replay::sleep(SleepOp op) {
  if (failed(beginTail(op, op.getState(), op.getTimeS().convertToDouble())))
    return failure();
  FailureOr<SleepStateOp> state = resolve<SleepStateOp>(op, op.getState());
  if (failed(state))
    return failure();
  if (!ledger.canSleep(*state))
    return emitBriefOpError(op)
           << "takes " << formatNumber(target.getSleepOverhead(*state).second)
           << " s to enter and leave, but only "
           << formatNumber(ledger.remainingTimeS()) << " s are left";
  ledger.sleep(*state);
  return success();
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

/// Domains that a regulated supply makes a voltage for need no rail.
LogicalResult Replay::checkRails() {
  SmallVector<bool> needsRail;
  for (DomainOp domain : domains)
    needsRail.push_back(!target.getRegulator(domain));
  llvm::SmallSet<double, 4> used, stated;
  auto use = [&](ArrayRef<double> voltagesV) {
    for (auto [voltage, isRail] : llvm::zip_equal(voltagesV, needsRail))
      if (isRail)
        used.insert(voltage);
  };
  for (LayerOp layer : network.layers)
    use(layer.getState()->getVoltagesV());
  if (IdleStateOp idle = schedule.findIdleState(target))
    use(idle.getVoltagesV());
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
  ledger.addRails(stated.size());
  return success();
}

LogicalResult Replay::checkSummary() {
  if (!ledger.keepsDeadline()) {
    InFlightDiagnostic diagnostic =
        emitBriefOpError(schedule)
        << "misses its deadline: it takes "
        << formatNumber(ledger.activeTimeS()) << " s of a period of "
        << formatNumber(schedule.getPeriodS().convertToDouble()) << " s";
    if (std::optional<APFloat> margin = target.getMargin())
      diagnostic << ", of which " << formatNumber(margin->convertToDouble())
                 << " must be left";
    return diagnostic;
  }
  if (failed(checkRails()))
    return failure();
  const EnergyParts &energy = ledger.energy();
  double scaleJ = ledger.scaleJ();
  if (failed(compare(schedule, "the active time", "s",
                     schedule.getActiveTimeS().convertToDouble(),
                     ledger.activeTimeS(), ledger.activeTimeS())) ||
      failed(compare(schedule, "the energy", "J",
                     schedule.getEnergyJ().convertToDouble(), energy.sumJ(),
                     scaleJ)))
    return failure();
  const std::tuple<ScheduleOp::Part, StringRef, double> parts[] = {
      {ScheduleOp::Dynamic, "the dynamic energy", energy.dynamicJ},
      {ScheduleOp::Leakage, "the leakage energy", energy.leakageJ},
      {ScheduleOp::Transition, "the transition energy", energy.transitionJ},
      {ScheduleOp::Tail, "the tail energy", energy.tailJ},
      {ScheduleOp::Awake, "the energy of what is awake", energy.awakeJ},
      {ScheduleOp::Rails, "the energy of rails", energy.railsJ}};
  for (auto [part, name, recomputed] : parts)
    if (failed(compare(schedule, name, "J", schedule.getPartJ(part), recomputed,
                       scaleJ)))
      return failure();
  double boundJ = schedule.getLowerBoundJ().convertToDouble();
  if (boundJ > energy.sumJ() * (1 + kTolerance))
    return emitBriefOpError(schedule)
           << "says no schedule costs less than " << formatNumber(boundJ)
           << " J, but this one costs " << formatNumber(energy.sumJ()) << " J";
  return success();
}

LogicalResult Replay::visit(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](SetStateOp op) { return setState(op); })
      .Case([&](SetModeOp op) { return setMode(op); })
      .Case([&](HandOverOp op) { return handOver(op); })
      .Case([&](GateBanksOp op) { return gateBanks(op); })
      .Case([&](LayerOp op) { return runLayer(op); })
      .Case([&](IdleOp op) { return idle(op); })
      .Case([&](SleepOp op) { return sleep(op); })
      .Default(success());
}

/// Periods that end early wait in the sleep state that draws least.
LogicalResult Replay::checkEarlyTail() {
  if (network.probabilities.empty()) {
    if (schedule.getEarlyTail())
      return emitBriefOpError(schedule)
             << "expects no 'early_tail', because all layers run in all "
                "periods, but got "
             << *schedule.getEarlyTail();
    return success();
  }
  SleepStateOp stated = schedule.findEarlyTail(target);
  if (!stated)
    return emitBriefOpError(schedule)
           << "expects an 'early_tail', because some periods end early";
  for (SleepStateOp sleep : target.getSleepStates())
    if (sleep.getPowerW() < stated.getPowerW())
      return emitBriefOpError(schedule)
             << "expects 'early_tail' to be the sleep state that draws least, "
                "but got @"
             << stated.getSymName() << " where there is @"
             << sleep.getSymName();
  return success();
}

LogicalResult Replay::run() {
  if (failed(checkEarlyTail()))
    return failure();
  for (Operation &op : network.function.getFunctionBody().front())
    if (failed(visit(&op)))
      return failure();
  if (!ended)
    return emitBriefOpError(schedule)
           << "expects a power.idle or power.sleep at the "
              "end of its function";
  return checkSummary();
}

static LogicalResult checkDataIsKnown(const ScheduledNetwork &network) {
  TargetOp target = network.target;
  LayerOp layer = findLayerOfUnknownData(target, network.layers);
  if (!layer)
    return success();
  return emitBriefOpError(layer)
         << "expects values of tensors, from which follows what the volatile "
            "memories of target @"
         << target.getSymName()
         << " must keep, but got a buffer; verify before bufferization";
}

LogicalResult pfmlir::power::replaySchedule(const ScheduledNetwork &network) {
  SmallVector<LayerChoice> choices = getChoices(network);
  SmallVector<LayerWays> costs;
  TargetOp target = network.target;
  if (failed(checkDataIsKnown(network)) ||
      failed(computeCosts(target, network.layers, target.getGatingOrNone(),
                          costs, choices)))
    return failure();
  return Replay(network, costs).run();
}

namespace {
struct VerifySchedulePass
    : pfmlir::power::impl::VerifyScheduleBase<VerifySchedulePass> {
  using VerifyScheduleBase::VerifyScheduleBase;

  LogicalResult verifySchedule() {
    FailureOr<SmallVector<ScheduledNetwork>> networks =
        findScheduledNetworks(getOperation());
    if (failed(networks))
      return failure();
    for (const ScheduledNetwork &network : *networks)
      if (failed(replaySchedule(network)) || failed(verifyBaselines(network)))
        return failure();
    if (SystemOp system = findSystem(getOperation())) {
      if (failed(verifySystem(system, *networks)))
        return failure();
      return proveBound ? proveSystemBound(system, *networks) : success();
    }
    return proveBound ? pfmlir::power::proveBound(networks->front())
                      : success();
  }

  void runOnOperation() override {
    if (failed(verifySchedule()))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
