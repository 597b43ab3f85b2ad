//===- TabulateCosts.cpp - Write costs into the IR --------------*- C++ -*-===//
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
#define GEN_PASS_DEF_TABULATECOSTS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

static CostTableAttr makeTable(TargetOp target, const LayerCosts &costs) {
  SmallVector<double> voltages, energies, times, leakages;
  for (const LayerState &state : costs.states) {
    for (uint16_t level : state.levels)
      voltages.push_back(target.getLevelsV()[level]);
    energies.push_back(state.energyJ);
    times.push_back(state.timeS);
    leakages.push_back(state.leakageW);
  }
  Builder builder(target.getContext());
  return CostTableAttr::get(builder.getContext(),
                            builder.getDenseF64ArrayAttr(voltages),
                            builder.getDenseF64ArrayAttr(energies),
                            builder.getDenseF64ArrayAttr(times),
                            builder.getDenseF64ArrayAttr(leakages));
}

namespace {
struct TabulateCostsPass
    : pfmlir::power::impl::TabulateCostsBase<TabulateCostsPass> {
  void runOnOperation() override {
    FailureOr<Network> network = findNetwork(getOperation());
    SmallVector<LayerCosts> costs;
    if (failed(network) ||
        failed(computeCosts(network->target, network->layers,
                            network->target.getGatingOrNone(), costs)))
      return signalPassFailure();
    for (auto [layer, layerCosts] : llvm::zip_equal(network->layers, costs))
      if (!layer.getCosts())
        layer.setCostsAttr(makeTable(network->target, layerCosts));
  }
};
} // namespace
