//===- Costs.cpp - What the layers of a network cost ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Costs.h"
#include "passes/BankChoices.h"
#include "passes/Corners.h"
#include "passes/LiveData.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Supplies
//===----------------------------------------------------------------------===//

namespace {
/// What the supplies of a target make of a layer's costs.
class Supplies {
public:
  explicit Supplies(TargetOp target);

  /// Whether energies have to be told apart by domain.
  bool needDomains() const { return hasConverter || hasLimit; }
  /// Leaves out states that draw more than the supplies or the target allow,
  /// and replaces energies and powers by those drawn of the sources. Energies
  /// that are not known by domain are taken as drawn of the sources.
  LogicalResult apply(LayerOp layer, LayerCosts &costs) const;

private:
  bool isWithinLimits(const LayerState &state) const;
  /// Energy or power drawn of all sources where the domains draw these watts.
  double drawn(const LayerState &state, ArrayRef<double> domainsW) const;

  TargetOp target;
  SmallVector<SupplyOp> supplies;
  /// Per domain, its supply, or null.
  SmallVector<SupplyOp> supplyOf;
  SmallVector<double> levelsV;
  bool hasConverter = false, hasLimit = false;
};
} // namespace

Supplies::Supplies(TargetOp target)
    : target(target), supplies(target.getSupplies()),
      levelsV(target.getLevelsV()) {
  for (DomainOp domain : target.getDomains())
    supplyOf.push_back(target.getSupply(domain));
  for (SupplyOp supply : supplies) {
    hasConverter |= bool(supply.getConverterAttr());
    hasLimit |= supply.getMaximumPowerW() || supply.getMaximumCurrentA();
  }
}

/// Mean power of each domain while a layer runs, in watts.
static SmallVector<double, 4> getDomainPowersW(const LayerState &state) {
  SmallVector<double, 4> powers;
  for (auto [dynamicJ, leakageJ] :
       llvm::zip_equal(state.byDomain.dynamicJ, state.byDomain.leakageJ))
    powers.push_back(state.timeS > 0 ? (dynamicJ + leakageJ) / state.timeS : 0);
  return powers;
}

bool Supplies::isWithinLimits(const LayerState &state) const {
  SmallVector<double, 4> powers = getDomainPowersW(state);
  for (SupplyOp supply : supplies) {
    double powerW = 0, currentA = 0;
    for (auto [index, on] : llvm::enumerate(supplyOf)) {
      if (on != supply)
        continue;
      powerW += powers[index];
      currentA += powers[index] / levelsV[state.levels[index]];
    }
    auto exceeds = [](double value, std::optional<APFloat> most) {
      return most && value > most->convertToDouble() * (1 + 1e-12);
    };
    if (exceeds(powerW, supply.getMaximumPowerW()) ||
        exceeds(currentA, supply.getMaximumCurrentA()))
      return false;
  }
  return true;
}

double Supplies::drawn(const LayerState &state,
                       ArrayRef<double> domainsW) const {
  double sumW = 0;
  for (auto [watts, supply] : llvm::zip_equal(domainsW, supplyOf))
    if (!supply || !SupplyOp(supply).getConverterAttr())
      sumW += watts;
  // Of a supply, what is on one voltage is converted together.
  for (SupplyOp supply : supplies) {
    if (!supply.getConverterAttr())
      continue;
    llvm::SmallDenseMap<unsigned, double> byLevel;
    for (auto [index, on] : llvm::enumerate(supplyOf))
      if (on == supply)
        byLevel[state.levels[index]] += domainsW[index];
    for (auto [level, watts] : byLevel)
      sumW += supply.getInputPowerW(levelsV[level], watts);
  }
  return sumW;
}

LogicalResult Supplies::apply(LayerOp layer, LayerCosts &costs) const {
  if (costs.empty())
    return success();
  if (hasLimit && !costs.isByDomain())
    return emitBriefOpError(layer)
           << "expects a cost model that tells domains apart, because a "
              "supply of target @"
           << TargetOp(target).getSymName() << " has a limit";
  if (hasLimit)
    costs.keepIf(
        [&](const LayerState &state) { return isWithinLimits(state); });
  if (hasConverter && costs.isByDomain())
    for (size_t index = 0; index < costs.size(); ++index) {
      LayerState state = costs[index];
      SmallVector<double, 4> leakagesW;
      for (double leakageJ : state.byDomain.leakageJ)
        leakagesW.push_back(state.timeS > 0 ? leakageJ / state.timeS : 0);
      costs.energyJ[index] =
          drawn(state, getDomainPowersW(state)) * state.timeS;
      costs.leakageW[index] = drawn(state, leakagesW);
    }
  if (std::optional<APFloat> most = TargetOp(target).getMaximumPowerW())
    costs.keepIf([&](const LayerState &state) {
      return state.energyJ <=
             most->convertToDouble() * state.timeS * (1 + 1e-12);
    });
  if (!costs.empty())
    return success();
  return emitBriefOpError(layer)
         << "has no state within the limits of power and current of target @"
         << TargetOp(target).getSymName();
}

//===----------------------------------------------------------------------===//
// Ways
//===----------------------------------------------------------------------===//

namespace {
class CostCollector {
public:
  CostCollector(TargetOp target, ArrayRef<LayerOp> layers, GatingAttr gating,
                ArrayRef<LayerChoice> choices, ArrayRef<LiveData> live)
      : target(target), layers(layers), gating(gating), choices(choices),
        supplies(target), allLive(live) {}

  LogicalResult collect(SmallVectorImpl<LayerWays> &costs);

private:
  LogicalResult addTables(SmallVectorImpl<LayerWays> &costs);
  LogicalResult addModel(CostModelAttrInterface model, EngineOp engine,
                         SmallVectorImpl<LayerWays> &costs);
  LogicalResult checkAll(ArrayRef<LayerWays> costs);
  LogicalResult applySupplies(LayerOp layer, LayerCosts &costs);
  /// Whether a way is of interest.
  bool isWanted(size_t layer, StringAttr name) const {
    return choices.empty() || choices[layer].way == name;
  }

  TargetOp target;
  ArrayRef<LayerOp> layers;
  GatingAttr gating;
  ArrayRef<LayerChoice> choices;
  Supplies supplies;
  /// One a layer, once some model has been asked.
  ArrayRef<LiveData> allLive;
  SmallVector<LiveData> foundLive;
};
} // namespace

/// The ways of layers that bring tables.
LogicalResult CostCollector::addTables(SmallVectorImpl<LayerWays> &costs) {
  for (auto [index, layer] : llvm::enumerate(layers)) {
    LayerOp op = layer;
    LayerWays &ways = costs[index];
    auto addTable = [&](StringAttr name, CostTableAttr table) -> LogicalResult {
      FailureOr<LayerCosts> read = readCostTable(op, target, table);
      if (failed(read))
        return failure();
      EngineOp engine = findEngine(target, name);
      ways.push_back({name, engine, std::move(*read)});
      return success();
    };
    if (op.getCosts() && failed(addTable({}, *op.getCosts())))
      return failure();
    if (DictionaryAttr implementations = op.getImplementationsAttr())
      for (NamedAttribute entry : implementations)
        if (isWanted(index, entry.getName()) &&
            failed(addTable(entry.getName(),
                            cast<CostTableAttr>(entry.getValue()))))
          return failure();
  }
  return success();
}

/// The ways of the layers that a model can cost, of those without tables.
LogicalResult CostCollector::addModel(CostModelAttrInterface model,
                                      EngineOp engine,
                                      SmallVectorImpl<LayerWays> &costs) {
  StringAttr name = engine ? engine.getSymNameAttr() : StringAttr();
  SmallVector<LayerOp> modelled;
  SmallVector<size_t> indices;
  for (auto [index, layer] : llvm::enumerate(layers)) {
    LayerOp op = layer;
    if (op.getCosts() || op.getImplementations())
      continue;
    // Where there is no engine that could run it instead, the model says why it
    // can't.
    bool isLast = !engine && target.getEngines().empty();
    if (!isLast && !model.canCost(op))
      continue;
    modelled.push_back(op);
    indices.push_back(index);
  }
  if (modelled.empty())
    return success();
  if (allLive.empty())
    allLive = foundLive = findLiveData(layers);
  SmallVector<LiveData> live;
  SmallVector<PointChoice> only;
  for (size_t index : indices) {
    if (indices.size() < layers.size())
      live.push_back(allLive[index]);
    if (!choices.empty())
      only.push_back(choices[index].point);
  }
  CostRequest request{gating, live.empty() ? allLive : live,
                      supplies.needDomains() || !choices.empty(), only};
  SmallVector<LayerCosts> modelCosts;
  if (failed(model.computeCosts(target, modelled, request, modelCosts)))
    return failure();
  for (auto [index, layerCosts] : llvm::zip_equal(indices, modelCosts))
    if (isWanted(index, name))
      costs[index].push_back({name, engine, std::move(layerCosts)});
  return success();
}

LogicalResult CostCollector::checkAll(ArrayRef<LayerWays> costs) {
  for (auto [layer, ways] : llvm::zip_equal(layers, costs)) {
    if (!ways.empty())
      continue;
    LayerOp op = layer;
    if (!choices.empty())
      return emitBriefOpError(op)
             << "expects its state to name a way in which target @"
             << target.getSymName() << " can run it";
    if (!target.getCostModelAttr() && target.getEngines().empty())
      return emitBriefOpError(op)
             << "expects a cost table, because target @" << target.getSymName()
             << " has no cost model";
    return emitBriefOpError(op)
           << "expects work that the cost model of target @"
           << target.getSymName() << " or of one of its engines can cost";
  }
  return success();
}

/// In the corners in which the function runs.
LogicalResult CostCollector::applySupplies(LayerOp layer, LayerCosts &costs) {
  SmallVector<CornerOp> corners = getCornersOf(layer->getParentOp(), target);
  if (corners.empty())
    return supplies.apply(layer, costs);
  SmallVector<LayerCosts> byCorner;
  for (CornerOp corner : corners) {
    byCorner.push_back(scaleToCorner(costs, corner));
    if (failed(supplies.apply(layer, byCorner.back())))
      return failure();
  }
  if (corners.size() == 1) {
    costs = std::move(byCorner.front());
    return success();
  }
  costs = joinCorners(costs, corners, byCorner);
  if (!costs.empty())
    return success();
  return emitBriefOpError(layer)
         << "has no state within the limits of power and current of target @"
         << target.getSymName() << " in all of its corners";
}

LogicalResult CostCollector::collect(SmallVectorImpl<LayerWays> &costs) {
  costs.resize(layers.size());
  if (failed(addTables(costs)))
    return failure();
  if (CostModelAttrInterface model = target.getCostModelAttr())
    if (failed(addModel(model, EngineOp(), costs)))
      return failure();
  for (EngineOp engine : target.getEngines())
    if (failed(addModel(engine.getCostModelAttr(), engine, costs)))
      return failure();
  if (failed(checkAll(costs)))
    return failure();
  if (gating.getMode() != GatingMode::None &&
      failed(addBankChoices(target, layers, costs, choices)))
    return failure();
  for (auto [layer, ways] : llvm::zip_equal(layers, costs))
    for (LayerWay &way : ways)
      if (failed(applySupplies(layer, way.costs)))
        return failure();
  return success();
}

LogicalResult pfmlir::power::computeCosts(TargetOp target,
                                          ArrayRef<LayerOp> layers,
                                          GatingAttr gating,
                                          SmallVectorImpl<LayerWays> &costs,
                                          ArrayRef<LayerChoice> choices,
                                          ArrayRef<LiveData> live) {
  return CostCollector(target, layers, gating, choices, live).collect(costs);
}

//===----------------------------------------------------------------------===//
// What was chosen
//===----------------------------------------------------------------------===//

EngineOp pfmlir::power::findEngine(TargetOp target, StringAttr implementation) {
  return implementation
             ? dyn_cast_or_null<EngineOp>(
                   SymbolTable::lookupSymbolIn(target, implementation))
             : EngineOp();
}

SmallVector<uint16_t, 0> pfmlir::power::getModes(TargetOp target,
                                                 StateAttr state) {
  SmallVector<uint16_t, 0> modes;
  bool hasModes = false;
  for (DomainOp domain : target.getDomains()) {
    uint16_t chosen = 0;
    SmallVector<ModeOp> known = target.getModes(domain);
    hasModes |= !known.empty();
    auto name =
        state.getModes()
            ? state.getModes().getAs<FlatSymbolRefAttr>(domain.getSymName())
            : FlatSymbolRefAttr();
    for (auto [index, mode] : llvm::enumerate(known))
      if (name && mode.getSymName() == name.getValue())
        chosen = index + 1;
    modes.push_back(chosen);
  }
  return hasModes ? modes : SmallVector<uint16_t, 0>();
}

static SmallVector<uint16_t, 4> getLevels(TargetOp target, StateAttr state) {
  SmallVector<uint16_t, 4> levels;
  for (double voltage : state.getVoltagesV().asArrayRef())
    levels.push_back(*target.getLevelIndex(voltage));
  return levels;
}

SmallVector<double, 0> pfmlir::power::getWakeBanks(TargetOp target,
                                                   StateAttr state) {
  SmallVector<double, 0> banks;
  if (DictionaryAttr counts = state.getBanks())
    for (MemoryOp memory : target.getWakeMemories())
      if (auto count = counts.getAs<IntegerAttr>(memory.getSymName()))
        banks.push_back(double(count.getInt()));
  return banks;
}

SmallVector<LayerChoice>
pfmlir::power::getChoices(const ScheduledNetwork &network) {
  TargetOp target = network.target;
  return llvm::map_to_vector(network.layers, [&](LayerOp layer) {
    StateAttr state = *layer.getState();
    return LayerChoice{state.getImplementation(),
                       {getLevels(target, state), getModes(target, state),
                        getWakeBanks(target, state)}};
  });
}

std::optional<ChosenState> pfmlir::power::findChosen(TargetOp target,
                                                     const LayerWays &ways,
                                                     StateAttr state) {
  SmallVector<uint16_t, 4> levels = getLevels(target, state);
  SmallVector<uint16_t, 0> modes = getModes(target, state);
  // What costs say nothing of modes is without any.
  bool isInNone = llvm::all_of(modes, [](uint16_t mode) { return mode == 0; });
  SmallVector<double, 0> banks = getWakeBanks(target, state);
  for (const LayerWay &way : ways) {
    if (way.name != state.getImplementation())
      continue;
    for (size_t index = 0; index < way.costs.size(); ++index) {
      LayerState candidate = way.costs[index];
      if (candidate.levels == ArrayRef(levels) &&
          candidate.banks == ArrayRef(banks) &&
          (candidate.modes.empty() ? isInNone
                                   : candidate.modes == ArrayRef(modes)))
        return ChosenState{&way, candidate};
    }
  }
  return std::nullopt;
}

/// The banks that a layer needs or, where waking them costs something, those of
/// its state.
static SmallVector<double, 0>
getPoweredBanks(TargetOp target, const ChosenState &chosen, StateAttr state) {
  auto powered = llvm::to_vector<0>(chosen.way->costs.poweredBanks);
  if (DictionaryAttr counts = state.getBanks())
    for (auto [memory, banks] : llvm::zip(target.getMemories(), powered))
      if (auto count = counts.getAs<IntegerAttr>(memory.getSymName()))
        banks = double(count.getInt());
  return powered;
}

FailureOr<SmallVector<ChosenCosts, 0>>
pfmlir::power::computeChosenCosts(const ScheduledNetwork &network) {
  TargetOp target = network.target;
  SmallVector<LayerWays> costs;
  SmallVector<LayerChoice> choices = getChoices(network);
  if (failed(computeCosts(target, network.layers, target.getGatingOrNone(),
                          costs, choices)))
    return failure();
  SmallVector<ChosenCosts, 0> chosen(network.layers.size());
  for (auto [layer, ways, ofLayer] :
       llvm::zip_equal(network.layers, costs, chosen)) {
    StateAttr state = *LayerOp(layer).getState();
    std::optional<ChosenState> found = findChosen(target, ways, state);
    if (!found)
      continue;
    ofLayer = {llvm::to_vector<0>(found->state.byDomain.dynamicJ),
               llvm::to_vector<0>(found->state.byDomain.leakageJ),
               getPoweredBanks(target, *found, state),
               found->way->costs.analysis};
  }
  return chosen;
}
