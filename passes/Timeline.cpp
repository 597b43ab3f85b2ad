//===- Timeline.cpp - What happens in a period, and when --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Timeline.h"
#include "passes/Verify.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// Books what each operation takes, and notes what the books then say is new.
class Recorder {
public:
  Recorder(Timeline &timeline)
      : timeline(timeline), target(timeline.network.target),
        ledger(target, timeline.periodS) {}
  void run();

private:
  template <typename OpTy>
  OpTy find(SymbolRefAttr symbol);
  template <typename OpTy>
  OpTy find(std::optional<SymbolRefAttr> symbol);
  void note(Step step);
  void visit(Operation *op);
  void setState(SetStateOp op);
  void gateBanks(GateBanksOp op);
  void runLayer(LayerOp layer);
  void beginTail(Operation *op, Operation *state);
  void idle(IdleOp op);
  void sleep(SleepOp op);
  void add(Interval::Kind kind, double endS, double energyJ);
  void addTransition();
  /// What the books have more than at the last call.
  double takeEnergyJ();

  Timeline &timeline;
  TargetOp target;
  Ledger ledger;
  double bookedJ = 0;
  double lastLeakageW = 0;
  size_t layersRun = 0;
};
} // namespace

/// What a verified operation names is there.
template <typename OpTy>
OpTy Recorder::find(SymbolRefAttr symbol) {
  return cast<OpTy>(
      SymbolTable::lookupSymbolIn(target, symbol.getLeafReference()));
}

template <typename OpTy>
OpTy Recorder::find(std::optional<SymbolRefAttr> symbol) {
  return symbol ? find<OpTy>(*symbol) : OpTy();
}

void Recorder::note(Step step) {
  step.timeS = ledger.activeTimeS();
  step.layer = layersRun;
  timeline.steps.push_back(step);
}

double Recorder::takeEnergyJ() {
  double sumJ = ledger.energy().sumJ();
  double newJ = sumJ - bookedJ;
  bookedJ = sumJ;
  return newJ;
}

/// What comes after the last interval, up to a time.
void Recorder::add(Interval::Kind kind, double endS, double energyJ) {
  std::vector<Interval> &intervals = timeline.intervals;
  double startS = intervals.empty() ? 0 : intervals.back().endS;
  intervals.push_back(
      {kind, startS, std::max(startS, endS), energyJ, layersRun});
}

void Recorder::addTransition() {
  ledger.finishTransition();
  add(Interval::Transition, ledger.activeTimeS(), takeEnergyJ());
}

//===----------------------------------------------------------------------===//
// What is set, and what runs
//===----------------------------------------------------------------------===//

void Recorder::setState(SetStateOp op) {
  for (auto [symbol, voltage] : llvm::zip_equal(
           op.getDomains().getAsRange<SymbolRefAttr>(), op.getVoltagesV())) {
    auto domain = find<DomainOp>(symbol);
    note({Step::Voltage, 0, op, domain, voltage});
    ledger.setVoltage(domain, voltage);
  }
}

void Recorder::gateBanks(GateBanksOp op) {
  for (auto [symbol, powered] : llvm::zip_equal(
           op.getMemories().getAsRange<SymbolRefAttr>(), op.getPowered())) {
    auto memory = find<MemoryOp>(symbol);
    note({Step::Banks, 0, op, memory, powered});
    ledger.setBanks(memory, powered);
  }
}

void Recorder::runLayer(LayerOp layer) {
  addTransition();
  StateAttr state = *layer.getState();
  double startS = ledger.activeTimeS();
  lastLeakageW = state.getLeakageW().getValueAsDouble();
  ledger.run(state.getEnergyJ().getValueAsDouble(),
             state.getTimeS().getValueAsDouble(), lastLeakageW);
  double wholeJ = takeEnergyJ(), dispatchJ = 0;
  if (std::optional<APFloat> dispatch = target.getDispatchTimeS()) {
    double dispatchS = dispatch->convertToDouble();
    double awakeW = target.getAwakePowerW()
                        ? target.getAwakePowerW()->convertToDouble()
                        : 0;
    dispatchJ = (lastLeakageW + awakeW) * dispatchS;
    startS += dispatchS;
  }
  add(Interval::Dispatch, startS, dispatchJ);
  note({Step::Start, 0, layer});
  timeline.steps.back().timeS = startS;
  add(Interval::Layer, ledger.activeTimeS(), wholeJ - dispatchJ);
  note({Step::Finish, 0, layer});
  ++layersRun;
}

//===----------------------------------------------------------------------===//
// The end of the period
//===----------------------------------------------------------------------===//

void Recorder::beginTail(Operation *op, Operation *state) {
  addTransition();
  note({Step::Tail, 0, op, state});
}

void Recorder::idle(IdleOp op) {
  auto state = find<IdleStateOp>(op.getState());
  beginTail(op, state);
  ledger.idle(state ? state.getPowerW().convertToDouble() : lastLeakageW);
  add(Interval::Tail, timeline.periodS, takeEnergyJ());
}

/// Entry and exit, each half of what they take together where the target does
/// not tell them apart, with the tail between.
void Recorder::sleep(SleepOp op) {
  auto state = find<SleepStateOp>(op.getState());
  beginTail(op, state);
  double beginS = ledger.activeTimeS();
  double awakeBeforeJ = ledger.energy().awakeJ;
  ledger.sleep(state);
  double wholeJ = takeEnergyJ();
  double awakeJ = ledger.energy().awakeJ - awakeBeforeJ;
  auto [overheadJ, overheadS] = target.getSleepOverhead(state);
  double entryJ = overheadJ / 2, entryS = overheadS / 2;
  if (state.getEntryEnergyJ()) {
    entryJ = state.getEntryEnergyJ()->convertToDouble();
    entryS = state.getEntryTimeS()->convertToDouble();
  }
  double entryShare = overheadS > 0 ? entryS / overheadS : 0;
  double exitS = overheadS - entryS, exitJ = overheadJ - entryJ;
  add(Interval::Entry, std::min(beginS + entryS, timeline.periodS),
      entryJ + awakeJ * entryShare);
  add(Interval::Tail, timeline.periodS - exitS, wholeJ - overheadJ - awakeJ);
  add(Interval::Exit, timeline.periodS, exitJ + awakeJ * (1 - entryShare));
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

void Recorder::visit(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](SetStateOp op) { setState(op); })
      .Case([&](SetModeOp op) {
        auto mode = find<ModeOp>(op.getMode());
        auto domain = find<DomainOp>(op.getDomain());
        note({Step::Mode, 0, op, mode, 0, domain});
        ledger.setMode(domain, mode);
      })
      .Case([&](HandOverOp op) {
        auto engine = find<EngineOp>(op.getEngine());
        note({Step::Engine, 0, op, engine});
        ledger.setEngine(engine);
      })
      .Case([&](GateBanksOp op) { gateBanks(op); })
      .Case([&](LayerOp op) { runLayer(op); })
      .Case([&](IdleOp op) { idle(op); })
      .Case([&](SleepOp op) { sleep(op); });
}

void Recorder::run() {
  for (Operation &op : timeline.network.function.getFunctionBody().front())
    visit(&op);
  // Rails draw their power all the time.
  ledger.addRails(timeline.network.schedule.getRailsV().size());
  double railsW = ledger.energy().railsJ / timeline.periodS;
  for (Interval &interval : timeline.intervals)
    interval.energyJ += railsW * (interval.endS - interval.startS);
}

FailureOr<Timeline> pfmlir::power::readTimeline(ModuleOp module) {
  FailureOr<ScheduledNetwork> network = findScheduledNetwork(module);
  if (failed(network) || failed(replaySchedule(*network)))
    return failure();
  Timeline timeline{
      *network, network->schedule.getPeriodS().convertToDouble(), {}, {}};
  Recorder(timeline).run();
  return timeline;
}

//===----------------------------------------------------------------------===//
// Whole numbers of time
//===----------------------------------------------------------------------===//

uint64_t TimeUnit::round(double timeS) const {
  return uint64_t(std::llround(timeS / seconds));
}

TimeUnit pfmlir::power::getTimeUnit(double periodS) {
  static constexpr TimeUnit kUnits[] = {{1e-15, "fs"}, {1e-12, "ps"},
                                        {1e-9, "ns"},  {1e-6, "us"},
                                        {1e-3, "ms"},  {1, "s"}};
  for (TimeUnit unit : kUnits)
    if (periodS / unit.seconds < 0x1p62)
      return unit;
  return kUnits[std::size(kUnits) - 1];
}

std::vector<Span> pfmlir::power::roundIntervals(const Timeline &timeline,
                                                TimeUnit unit) {
  std::vector<Span> spans;
  double leftJ = 0;
  uint64_t start = 0;
  for (const Interval &interval : timeline.intervals) {
    uint64_t end = unit.round(interval.endS);
    leftJ += interval.energyJ;
    if (end <= start)
      continue;
    spans.push_back({interval.kind, start, end, leftJ, interval.layer});
    start = end;
    leftJ = 0;
  }
  if (!spans.empty())
    spans.back().energyJ += leftJ;
  return spans;
}
