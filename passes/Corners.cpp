//===- Corners.cpp - What layers cost on dies that differ -----------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Corners.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

SmallVector<CornerOp> pfmlir::power::getCornersOf(Operation *function,
                                                  TargetOp target) {
  auto only = function->getAttrOfType<FlatSymbolRefAttr>(
      PowerDialect::getCornerAttrName());
  if (!only)
    return target.getCorners();
  return {cast<CornerOp>(SymbolTable::lookupSymbolIn(target, only.getAttr()))};
}

CornerOp pfmlir::power::getSlowest(ArrayRef<CornerOp> corners) {
  CornerOp slowest;
  for (CornerOp corner : corners)
    if (!slowest || corner.getSpeed() < slowest.getSpeed())
      slowest = corner;
  return slowest;
}

LayerCosts pfmlir::power::scaleToCorner(LayerCosts costs, CornerOp corner) {
  double speed = corner.getSpeed().convertToDouble();
  double leakage = corner.getLeakage().convertToDouble();
  if (speed == 1 && leakage == 1)
    return costs;
  for (size_t state = 0; state < costs.size(); ++state) {
    double dynamicJ =
        costs.energyJ[state] - costs.leakageW[state] * costs.timeS[state];
    costs.timeS[state] /= speed;
    costs.leakageW[state] *= leakage;
    costs.energyJ[state] =
        dynamicJ + costs.leakageW[state] * costs.timeS[state];
  }
  for (double &leakageJ : costs.leakageByDomainJ)
    leakageJ *= leakage / speed;
  return costs;
}

/// Whether two states put everything at the same settings.
static bool isSame(const LayerState &a, const LayerState &b) {
  return a.levels == b.levels && a.modes == b.modes && a.banks == b.banks;
}

namespace {
/// A state in the mean over corners.
class MeanState {
public:
  void add(const LayerState &state, double weight, double slowestS);
  void addTo(LayerCosts &costs, const LayerState &settings) const {
    costs.addState(settings.levels, energyJ, timeS, leakageW, settings.modes,
                   settings.banks, {dynamicJ, leakageJ});
  }

private:
  static void addTo(SmallVector<double, 4> &sums, ArrayRef<double> values,
                    double factor) {
    sums.resize(values.size());
    for (auto [sum, value] : llvm::zip_equal(sums, values))
      sum += factor * value;
  }

  double energyJ = 0, timeS = 0, leakageW = 0;
  /// By domain, where that is known.
  SmallVector<double, 4> dynamicJ, leakageJ;
};
} // namespace

void MeanState::add(const LayerState &state, double weight, double slowestS) {
  timeS = slowestS;
  energyJ +=
      weight * (state.energyJ + state.leakageW * (slowestS - state.timeS));
  leakageW += weight * state.leakageW;
  addTo(dynamicJ, state.byDomain.dynamicJ, weight);
  double longer = state.timeS > 0 ? slowestS / state.timeS : 1;
  addTo(leakageJ, state.byDomain.leakageJ, weight * longer);
}

LayerCosts pfmlir::power::joinCorners(const LayerCosts &all,
                                      ArrayRef<CornerOp> corners,
                                      ArrayRef<LayerCosts> costs) {
  LayerCosts joined;
  joined.poweredBanks = all.poweredBanks;
  SmallVector<size_t> next(corners.size(), 0);
  for (size_t state = 0; state < all.size(); ++state) {
    LayerState settings = all[state];
    bool isInAll = true;
    double slowestS = 0;
    for (auto [corner, index] : llvm::zip_equal(costs, next)) {
      bool isHere = index < corner.size() && isSame(corner[index], settings);
      isInAll &= isHere;
      if (isHere)
        slowestS = std::max(slowestS, corner.timeS[index++]);
    }
    if (!isInAll)
      continue;
    MeanState mean;
    for (auto [corner, index, op] : llvm::zip_equal(costs, next, corners))
      mean.add(corner[index - 1], CornerOp(op).getWeight().convertToDouble(),
               slowestS);
    mean.addTo(joined, settings);
  }
  // What layers share, they share still.
  if (joined.size() == all.size())
    joined.settings = all.settings;
  return joined;
}
