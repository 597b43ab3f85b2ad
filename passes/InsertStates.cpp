//===- InsertStates.cpp - Write a schedule out ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"
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

static void insertStateChanges(Network &network) {
  TargetOp target = network.target;
  ArrayRef<double> before;
  for (LayerOp layer : network.layers) {
    ArrayRef<double> now = layer.getState()->getVoltagesV();
    auto [symbols, values] =
        findChanges(target, target.getDomains(), before, now);
    OpBuilder builder(layer);
    if (!symbols.empty())
      SetStateOp::create(builder, layer.getLoc(), symbols, values);
    before = now;
  }
}

static void insertGating(Network &network, ArrayRef<LayerCosts> costs) {
  TargetOp target = network.target;
  ArrayRef<double> before;
  for (auto [layer, cost] : llvm::zip_equal(network.layers, costs)) {
    // A measured layer does not say what is powered: nothing to write, and
    // the next layer sets all anew.
    ArrayRef<double> now = cost.poweredBanks;
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
  OpBuilder builder(network.function.getFunctionBody().front().getTerminator());
  double remainingS = std::max(schedule.getPeriodS().convertToDouble() -
                                   schedule.getActiveTimeS().convertToDouble(),
                               0.0);
  FloatAttr timeS = builder.getF64FloatAttr(remainingS);
  if (SymbolRefAttr sleep = schedule.getTailAttr())
    SleepOp::create(builder, schedule.getLoc(), sleep, timeS);
  else
    IdleOp::create(builder, schedule.getLoc(), timeS);
}

namespace {
struct InsertStatesPass
    : pfmlir::power::impl::InsertStatesBase<InsertStatesPass> {
  void runOnOperation() override {
    FailureOr<ScheduledNetwork> network = findScheduledNetwork(getOperation());
    if (failed(network))
      return signalPassFailure();
    SmallVector<LayerCosts> costs;
    if (failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return signalPassFailure();

    eraseManagerOperations(network->function);
    insertStateChanges(*network);
    insertGating(*network, costs);
    insertTail(*network);
  }
};
} // namespace
