//===- TabulateCosts.cpp - Write costs into the IR --------------*- C++ -*-===//
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
#define GEN_PASS_DEF_TABULATECOSTS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

static CostTableAttr makeTable(TargetOp target, const LayerCosts &costs) {
  SmallVector<double> levels = target.getLevelsV();
  SmallVector<double> voltages =
      llvm::map_to_vector(costs.settings->allLevels(),
                          [&](uint16_t level) { return levels[level]; });
  Builder builder(target.getContext());
  return CostTableAttr::get(builder.getContext(),
                            builder.getDenseF64ArrayAttr(voltages),
                            builder.getDenseF64ArrayAttr(costs.energyJ),
                            builder.getDenseF64ArrayAttr(costs.timeS),
                            builder.getDenseF64ArrayAttr(costs.leakageW));
}

/// What a row of a cost table has no place for.
static LogicalResult checkCanTabulate(TargetOp target) {
  auto refuse = [&](Operation *op, StringRef what) -> LogicalResult {
    InFlightDiagnostic diagnostic =
        emitBriefOpError(target)
        << "expects nothing that a cost table can't speak of, but has " << what;
    diagnostic.attachNote(op->getLoc()) << "declared here";
    return diagnostic;
  };
  for (auto mode : target.getBody().getOps<ModeOp>())
    return refuse(mode, "modes");
  for (CornerOp corner : target.getCorners())
    return refuse(corner, "corners, which would apply to it again");
  for (MemoryOp memory : target.getWakeMemories())
    return refuse(memory, "a memory that costs something to wake");
  for (SupplyOp supply : target.getSupplies())
    if (supply.getMaximumPowerW() || supply.getMaximumCurrentA())
      return refuse(supply, "a supply with a limit");
  return success();
}

/// Where the accelerator is one of several ways.
static constexpr StringLiteral kAccelerator = "accelerator";

static void setTables(TargetOp target, LayerOp layer, const LayerWays &ways) {
  if (layer.getCosts() || layer.getImplementations())
    return;
  if (ways.size() == 1 && !ways.front().name) {
    layer.setCostsAttr(makeTable(target, ways.front().costs));
    return;
  }
  NamedAttrList tables;
  for (const LayerWay &way : ways)
    tables.set(way.name ? way.name.getValue() : StringRef(kAccelerator),
               makeTable(target, way.costs));
  layer.setImplementationsAttr(tables.getDictionary(layer.getContext()));
}

namespace {
struct TabulateCostsPass
    : pfmlir::power::impl::TabulateCostsBase<TabulateCostsPass> {
  void runOnOperation() override {
    FailureOr<Network> network = findNetwork(getOperation());
    SmallVector<LayerWays> costs;
    if (failed(network) || failed(checkCanTabulate(network->target)) ||
        failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return signalPassFailure();
    for (auto [layer, ways] : llvm::zip_equal(network->layers, costs))
      setTables(network->target, layer, ways);
  }
};
} // namespace
