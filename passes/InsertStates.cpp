//===- InsertStates.cpp - Write a schedule out ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Costs.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/IR/Builders.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_INSERTSTATES
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

static SymbolRefAttr nestedSymbol(TargetOp target, StringAttr name) {
  return SymbolRefAttr::get(target.getSymNameAttr(),
                            FlatSymbolRefAttr::get(name));
}

/// The entries of `now` that differ from `before` (all if that is empty), as
/// symbols and values.
template <typename OpTy>
static std::pair<ArrayAttr, SmallVector<double>>
findChanges(TargetOp target, SmallVector<OpTy> declarations,
            ArrayRef<double> before, ArrayRef<double> now) {
  SmallVector<Attribute> symbols;
  SmallVector<double> values;
  for (auto [index, declaration] : llvm::enumerate(declarations)) {
    if (!before.empty() && before[index] == now[index])
      continue;
    symbols.push_back(nestedSymbol(target, declaration.getSymNameAttr()));
    values.push_back(now[index]);
  }
  return {ArrayAttr::get(target.getContext(), symbols), values};
}

static void insertVoltages(Network &network, OpBuilder &builder, Location loc,
                           ArrayRef<double> before, ArrayRef<double> now) {
  TargetOp target = network.target;
  auto [symbols, values] =
      findChanges(target, target.getDomains(), before, now);
  if (!symbols.empty())
    SetStateOp::create(builder, loc, symbols, values);
}

/// The mode of each domain with modes, null for none; empty before the first
/// layer.
using Modes = SmallVector<FlatSymbolRefAttr>;

static Modes insertModes(Network &network, LayerOp layer, const Modes &before) {
  TargetOp target = network.target;
  DictionaryAttr chosen = layer.getState()->getModes();
  OpBuilder builder(layer);
  Modes now;
  for (DomainOp domain : target.getDomains()) {
    if (target.getModes(domain).empty())
      continue;
    auto mode = chosen ? chosen.getAs<FlatSymbolRefAttr>(domain.getSymName())
                       : FlatSymbolRefAttr();
    if (before.empty() || before[now.size()] != mode)
      SetModeOp::create(builder, layer.getLoc(),
                        nestedSymbol(target, domain.getSymNameAttr()),
                        mode ? nestedSymbol(target, mode.getAttr())
                             : SymbolRefAttr());
    now.push_back(mode);
  }
  return now;
}

/// Hands over where another engine runs a layer than the one before.
static void insertHandOvers(Network &network) {
  TargetOp target = network.target;
  if (target.getEngines().empty())
    return;
  std::optional<EngineOp> before;
  for (LayerOp layer : network.layers) {
    EngineOp engine = findEngine(target, layer.getState()->getImplementation());
    OpBuilder builder(layer);
    if (!before || *before != engine)
      HandOverOp::create(builder, layer.getLoc(),
                         engine ? nestedSymbol(target, engine.getSymNameAttr())
                                : SymbolRefAttr());
    before = engine;
  }
}

static void insertStateChanges(Network &network) {
  ArrayRef<double> before;
  Modes modes;
  for (LayerOp layer : network.layers) {
    OpBuilder builder(layer);
    ArrayRef<double> now = layer.getState()->getVoltagesV();
    insertVoltages(network, builder, layer.getLoc(), before, now);
    modes = insertModes(network, layer, modes);
    before = now;
  }
}

static void insertGating(Network &network, ArrayRef<ChosenCosts> costs) {
  TargetOp target = network.target;
  ArrayRef<double> before;
  for (auto [layer, chosen] : llvm::zip_equal(network.layers, costs)) {
    // A measured layer does not say what is powered: nothing to write, and
    // the next layer sets all anew.
    ArrayRef<double> now = chosen.poweredBanks;
    if (!now.empty()) {
      auto [symbols, values] =
          findChanges(target, target.getMemories(), before, now);
      OpBuilder builder(layer);
      if (!symbols.empty())
        GateBanksOp::create(builder, layer.getLoc(), symbols, values);
    }
    before = now;
  }
}

static void insertTail(ScheduledNetwork &network) {
  ScheduleOp schedule = network.schedule;
  TargetOp target = network.target;
  Location loc = schedule.getLoc();
  OpBuilder builder(network.function.getFunctionBody().front().getTerminator());
  FloatAttr timeS = builder.getF64FloatAttr(schedule.getRemainingTimeS());
  SymbolRefAttr tail = schedule.getTailAttr();
  if (schedule.findTail(target)) {
    SleepOp::create(builder, loc, tail, timeS);
    return;
  }
  if (IdleStateOp idle = schedule.findIdleState(target)) {
    LayerOp last = network.layers.back();
    insertVoltages(network, builder, loc, last.getState()->getVoltagesV(),
                   idle.getVoltagesV());
  }
  IdleOp::create(builder, loc, tail, timeS);
}

namespace {
struct InsertStatesPass
    : pfmlir::power::impl::InsertStatesBase<InsertStatesPass> {
  LogicalResult insertStates(ScheduledNetwork &network) {
    FailureOr<SmallVector<ChosenCosts, 0>> costs = computeChosenCosts(network);
    if (failed(costs))
      return failure();
    eraseManagerOperations(network.function);
    insertHandOvers(network);
    insertStateChanges(network);
    insertGating(network, *costs);
    insertTail(network);
    return success();
  }

  void runOnOperation() override {
    FailureOr<SmallVector<ScheduledNetwork>> networks =
        findScheduledNetworks(getOperation());
    if (failed(networks))
      return signalPassFailure();
    for (ScheduledNetwork &network : *networks)
      if (failed(insertStates(network)))
        return signalPassFailure();
  }
};
} // namespace
