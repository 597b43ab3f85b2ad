//===- Network.cpp - A function as a chain of layers on a target ----------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Network.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

InFlightDiagnostic pfmlir::power::emitBriefOpError(Operation *op) {
  return emitError(op->getLoc()) << "'" << op->getName() << "' op ";
}

//===----------------------------------------------------------------------===//
// Function and target
//===----------------------------------------------------------------------===//

static bool computesLayers(func::FuncOp function) {
  return function
      .walk([](Operation *op) {
        return isa<LayerOp, linalg::LinalgOp>(op) ? WalkResult::interrupt()
                                                  : WalkResult::advance();
      })
      .wasInterrupted();
}

static FailureOr<func::FuncOp> findFunctionByName(ModuleOp module,
                                                  StringRef name) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function)
    return emitError(module.getLoc())
           << "expects a function @" << name << ", but there is none";
  if (!computesLayers(function))
    return emitBriefOpError(function)
           << "expects a power.layer or a linalg operation, but got none";
  return function;
}

FailureOr<func::FuncOp> pfmlir::power::findFunction(ModuleOp module,
                                                    StringRef name) {
  if (!name.empty())
    return findFunctionByName(module, name);

  SmallVector<func::FuncOp> assigned, candidates;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function->hasAttr(PowerDialect::getTargetAttrName()))
      assigned.push_back(function);
    if (computesLayers(function))
      candidates.push_back(function);
  }
  if (!assigned.empty())
    candidates = std::move(assigned);
  if (candidates.empty())
    return emitError(module.getLoc())
           << "expects a function with power.layer or linalg "
              "operations, but there is none";
  if (candidates.size() == 1)
    return candidates.front();
  InFlightDiagnostic diagnostic =
      emitError(module.getLoc())
      << "expects one function to schedule, but there are " << candidates.size()
      << "; name one with the option 'function'";
  for (func::FuncOp candidate : candidates)
    diagnostic.attachNote(candidate.getLoc())
        << "candidate @" << candidate.getSymName();
  return diagnostic;
}

FailureOr<TargetOp> pfmlir::power::findTarget(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  auto symbol = function->getAttrOfType<FlatSymbolRefAttr>(
      PowerDialect::getTargetAttrName());
  if (symbol) {
    auto target = module.lookupSymbol<TargetOp>(symbol);
    if (!target)
      return emitBriefOpError(function)
             << "expects " << symbol << " to be a power.target";
    return target;
  }
  auto targets = llvm::to_vector(module.getOps<TargetOp>());
  if (targets.empty())
    return TargetOp();
  if (targets.size() == 1)
    return targets.front();
  InFlightDiagnostic diagnostic =
      emitBriefOpError(function)
      << "expects one power.target, but the module has " << targets.size()
      << "; name one with the option 'target'";
  for (TargetOp target : targets)
    diagnostic.attachNote(target.getLoc())
        << "candidate @" << target.getSymName();
  return diagnostic;
}

FailureOr<Network> pfmlir::power::findNetwork(ModuleOp module) {
  FailureOr<func::FuncOp> function = findFunction(module);
  if (failed(function))
    return failure();
  FailureOr<TargetOp> target = findTarget(*function);
  if (failed(target))
    return failure();
  if (!*target)
    return emitBriefOpError(*function)
           << "expects a power.target in its module, but there is none; "
              "power-assign-target adds one";
  Network network{*function, *target,
                  llvm::to_vector(function->getOps<LayerOp>())};
  if (network.layers.empty())
    return emitBriefOpError(*function)
           << "expects at least one power.layer, but got none; "
              "power-form-layers forms them from linalg operations";
  return network;
}

ScheduleOp pfmlir::power::findSchedule(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  for (auto schedule : module.getOps<ScheduleOp>())
    if (schedule.getFunction() == function.getSymName())
      return schedule;
  return {};
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

LogicalResult pfmlir::power::computeCosts(TargetOp target,
                                          ArrayRef<LayerOp> layers,
                                          GatingAttr gating,
                                          SmallVectorImpl<LayerCosts> &costs) {
  SmallVector<LayerOp> modelled;
  for (LayerOp layer : layers)
    if (!layer.getCosts())
      modelled.push_back(layer);
  SmallVector<LayerCosts> modelCosts;
  if (!modelled.empty()) {
    CostModelAttrInterface model = target.getCostModelAttr();
    if (!model)
      return emitBriefOpError(modelled.front())
             << "expects a cost table, because target @" << target.getSymName()
             << " has no cost model";
    if (failed(model.computeCosts(target, modelled, gating, modelCosts)))
      return failure();
  }

  auto nextModelled = modelCosts.begin();
  for (LayerOp layer : layers) {
    if (!layer.getCosts()) {
      costs.push_back(std::move(*nextModelled++));
    } else {
      FailureOr<LayerCosts> table =
          readCostTable(layer, target, *layer.getCosts());
      if (failed(table))
        return failure();
      costs.push_back(std::move(*table));
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Problem
//===----------------------------------------------------------------------===//

static scheduler::TransitionCost readTransition(TargetOp target,
                                                DomainOp domain) {
  size_t entries = target.getLevelsV().size() * target.getLevelsV().size();
  TransitionOp transition = target.getTransition(domain);
  if (!transition)
    return {std::vector<double>(entries), std::vector<double>(entries)};
  SmallVector<double> energyJ = transition.getEnergyMatrixJ();
  SmallVector<double> timeS = transition.getTimeMatrixS();
  return {{energyJ.begin(), energyJ.end()}, {timeS.begin(), timeS.end()}};
}

scheduler::Problem pfmlir::power::buildProblem(TargetOp target,
                                               ArrayRef<LayerCosts> costs,
                                               double periodS) {
  scheduler::Problem problem;
  problem.numLevels = target.getLevelsV().size();
  problem.numDomains = target.getDomains().size();
  problem.maxRails =
      std::min<uint64_t>(target.getMaxRails(), problem.numLevels);
  problem.periodS = periodS;
  for (DomainOp domain : target.getDomains())
    problem.transitions.push_back(readTransition(target, domain));
  for (SleepStateOp sleep : target.getSleepStates()) {
    auto [energyJ, timeS] = target.getSleepOverhead(sleep);
    problem.sleepStates.push_back(
        {sleep.getPowerW().convertToDouble(), energyJ, timeS});
  }
  std::vector<scheduler::Level> levels;
  for (const LayerCosts &layer : costs) {
    problem.addLayer();
    for (const LayerState &state : layer.states) {
      levels.assign(state.levels.begin(), state.levels.end());
      problem.addState(levels, state.energyJ, state.timeS, state.leakageW);
    }
  }
  return problem;
}

std::optional<std::vector<scheduler::Level>>
pfmlir::power::getNominalLevels(TargetOp target) {
  std::vector<scheduler::Level> levels;
  for (DomainOp domain : target.getDomains()) {
    std::optional<unsigned> level =
        target.getLevelIndex(domain.getNominalV().convertToDouble());
    if (!level)
      return std::nullopt;
    levels.push_back(*level);
  }
  return levels;
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

/// The part of a level-to-level matrix at these levels; numbers stay as they
/// are.
static Attribute selectLevels(Attribute cost, ArrayRef<unsigned> levels,
                              size_t numOldLevels) {
  auto matrix = dyn_cast<DenseElementsAttr>(cost);
  if (!matrix)
    return cost;
  auto old = matrix.getValues<double>();
  SmallVector<double> values;
  for (unsigned from : levels)
    for (unsigned to : levels)
      values.push_back(old[from * numOldLevels + to]);
  int64_t size = levels.size();
  return DenseElementsAttr::get(
      RankedTensorType::get({size, size}, matrix.getElementType()),
      ArrayRef<double>(values));
}

LogicalResult pfmlir::power::setLevels(TargetOp target,
                                       ArrayRef<double> levelsV) {
  size_t numOldLevels = target.getLevelsV().size();
  SmallVector<unsigned> kept;
  std::optional<double> added;
  for (double level : levelsV) {
    if (std::optional<unsigned> index = target.getLevelIndex(level))
      kept.push_back(*index);
    else if (!added)
      added = level;
  }
  for (auto transition : target.getBody().getOps<TransitionOp>()) {
    if (transition.isUniform())
      continue;
    if (added)
      return emitBriefOpError(transition)
             << "expects to hold for level " << formatNumber(*added)
             << " V, which its matrix says nothing of";
    transition.setEnergyJAttr(
        selectLevels(transition.getEnergyJ(), kept, numOldLevels));
    transition.setTimeSAttr(
        selectLevels(transition.getTimeS(), kept, numOldLevels));
  }
  target.setLevelsV(llvm::to_vector(levelsV));
  return success();
}
