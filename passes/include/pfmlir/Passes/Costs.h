//===- Costs.h - What the layers of a network cost --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each layer in each way in which its target can run it: by the target's cost
// model, by that of another engine, or by tables that the layer brings.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_COSTS_H
#define PFMLIR_PASSES_COSTS_H

#include "pfmlir/Passes/Network.h"

namespace pfmlir::power {

/// One way in which a layer can run.
struct LayerWay {
  /// Of an engine, or of one of the layer's own implementations; null for the
  /// way in which the accelerator runs a layer where nothing else is said.
  mlir::StringAttr name;
  /// What runs it; null for the accelerator.
  EngineOp engine;
  LayerCosts costs;
};
using LayerWays = llvm::SmallVector<LayerWay, 1>;

/// What was chosen for a layer, where it was.
struct LayerChoice {
  mlir::StringAttr way;
  PointChoice point;
};

/// What every layer of a network costs on `target` in every way and state that
/// the target allows, as drawn of the supplies' sources. With `choices`, one a
/// layer, only what was chosen, and by domain. `live` is what is alive in each
/// layer, where somebody has found it already. Reports an error at the layer or
/// the target where costs are not known.
mlir::LogicalResult computeCosts(TargetOp target,
                                 llvm::ArrayRef<LayerOp> layers,
                                 GatingAttr gating,
                                 llvm::SmallVectorImpl<LayerWays> &costs,
                                 llvm::ArrayRef<LayerChoice> choices = {},
                                 llvm::ArrayRef<LiveData> live = {});

/// What the states of a scheduled network say was chosen.
llvm::SmallVector<LayerChoice> getChoices(const ScheduledNetwork &network);

/// A state of one of a layer's ways, to look at while these are there.
struct ChosenState {
  const LayerWay *way;
  LayerState state;
};

/// The one that a layer's state names; nothing if it has none such.
std::optional<ChosenState> findChosen(TargetOp target, const LayerWays &ways,
                                      StateAttr state);

/// What the state of a layer takes and powers; each empty where its costs do
/// not say it.
struct ChosenCosts {
  /// One a domain of the target.
  llvm::SmallVector<double, 0> dynamicByDomainJ, leakageByDomainJ;
  /// One a memory of the target.
  llvm::SmallVector<double, 0> poweredBanks;
  /// What the model that costs the layer makes of it; null where none says.
  std::shared_ptr<const LayerAnalysis> analysis;
};

/// Those of each layer. Reports an error where costs are not known.
mlir::FailureOr<llvm::SmallVector<ChosenCosts, 0>>
computeChosenCosts(const ScheduledNetwork &network);

/// The engine that a state's implementation names; null for the accelerator.
EngineOp findEngine(TargetOp target, mlir::StringAttr implementation);

/// The modes of a state, as `StateSettings` has them.
llvm::SmallVector<uint16_t, 0> getModes(TargetOp target, StateAttr state);

/// The powered banks of a state, as `StateSettings` has them.
llvm::SmallVector<double, 0> getWakeBanks(TargetOp target, StateAttr state);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_COSTS_H
