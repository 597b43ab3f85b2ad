//===- Network.cpp - A function as a chain of layers on a target ----------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Function and target
//===----------------------------------------------------------------------===//

static bool computesLayers(FunctionOpInterface function) {
  return function
      .walk([](Operation *op) {
        return isa<LayerOp, linalg::LinalgOp>(op) ? WalkResult::interrupt()
                                                  : WalkResult::advance();
      })
      .wasInterrupted();
}

static FailureOr<FunctionOpInterface>
checkComputesLayers(FunctionOpInterface function) {
  if (!computesLayers(function))
    return emitBriefOpError(function)
           << "expects a power.layer or a linalg operation, but got none";
  return function;
}

static FailureOr<FunctionOpInterface> findFunctionByName(ModuleOp module,
                                                         StringRef name) {
  auto function = module.lookupSymbol<FunctionOpInterface>(name);
  if (!function)
    return emitError(module.getLoc())
           << "expects a function @" << name << ", but there is none";
  return checkComputesLayers(function);
}

FailureOr<FunctionOpInterface> pfmlir::power::findFunction(ModuleOp module,
                                                           StringRef name) {
  if (!name.empty())
    return findFunctionByName(module, name);

  SmallVector<FunctionOpInterface> assigned, candidates;
  for (auto function : module.getOps<FunctionOpInterface>()) {
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
    return checkComputesLayers(candidates.front());
  InFlightDiagnostic diagnostic =
      emitError(module.getLoc())
      << "expects one function to schedule, but there are " << candidates.size()
      << "; name one with the option 'function' of power-assign-target";
  for (FunctionOpInterface candidate : candidates)
    diagnostic.attachNote(candidate.getLoc())
        << "candidate @" << candidate.getName();
  return diagnostic;
}

SystemOp pfmlir::power::findSystem(ModuleOp module) {
  auto systems = module.getOps<SystemOp>();
  return systems.empty() ? SystemOp() : *systems.begin();
}

FailureOr<SmallVector<FunctionOpInterface>>
pfmlir::power::findFunctions(ModuleOp module, StringRef name) {
  SystemOp system = findSystem(module);
  if (!system) {
    FailureOr<FunctionOpInterface> function = findFunction(module, name);
    if (failed(function))
      return failure();
    return SmallVector<FunctionOpInterface>{*function};
  }
  if (!name.empty())
    return emitBriefOpError(system)
           << "expects no function to be named, as it says which are "
              "scheduled, but got @"
           << name;
  SmallVector<FunctionOpInterface> functions;
  for (NetworkOp network : system.getNetworks()) {
    auto function =
        module.lookupSymbol<FunctionOpInterface>(network.getFunctionAttr());
    if (failed(checkComputesLayers(function)))
      return failure();
    functions.push_back(function);
  }
  return functions;
}

FailureOr<TargetOp> pfmlir::power::findTarget(FunctionOpInterface function) {
  auto module = function->getParentOfType<ModuleOp>();
  auto symbol = function->getAttrOfType<FlatSymbolRefAttr>(
      PowerDialect::getTargetAttrName());
  if (symbol)
    return module.lookupSymbol<TargetOp>(symbol);
  auto targets = llvm::to_vector(module.getOps<TargetOp>());
  if (targets.empty())
    return TargetOp();
  if (targets.size() == 1)
    return targets.front();
  InFlightDiagnostic diagnostic =
      emitBriefOpError(function)
      << "expects one power.target, but the module has " << targets.size()
      << "; name one with the option 'target' of power-assign-target";
  for (TargetOp target : targets)
    diagnostic.attachNote(target.getLoc())
        << "candidate @" << target.getSymName();
  return diagnostic;
}

FailureOr<std::vector<double>>
pfmlir::power::readProbabilities(ArrayRef<LayerOp> layers) {
  std::vector<double> probabilities;
  double before = 1;
  for (LayerOp layer : layers) {
    double probability = layer.getProbability()
                             ? layer.getProbability()->convertToDouble()
                             : before;
    if (probabilities.empty() && probability != 1)
      return emitBriefOpError(layer)
             << "expects 'probability' to be 1, as every period runs the first "
                "layer, but got "
             << formatNumber(probability);
    if (probability > before)
      return emitBriefOpError(layer)
             << "expects 'probability' to be at most " << formatNumber(before)
             << ", that of the layer before, but got "
             << formatNumber(probability);
    probabilities.push_back(probability);
    before = probability;
  }
  if (before == 1)
    probabilities.clear();
  return probabilities;
}

bool pfmlir::power::isManagerOperation(Operation *op) {
  return isa<SetStateOp, SetModeOp, HandOverOp, GateBanksOp, IdleOp, SleepOp>(
      op);
}

void pfmlir::power::eraseManagerOperations(FunctionOpInterface function) {
  for (Operation &op :
       llvm::make_early_inc_range(function.getFunctionBody().front()))
    if (isManagerOperation(&op))
      op.erase();
}

static FailureOr<Network> readNetwork(FunctionOpInterface function) {
  FailureOr<TargetOp> target = findTarget(function);
  if (failed(target))
    return failure();
  if (!*target)
    return emitBriefOpError(function)
           << "expects a power.target in its module, but there is none; "
              "power-assign-target adds one";
  if (!function.getFunctionBody().hasOneBlock())
    return emitBriefOpError(function)
           << "expects a body of one block, but got "
           << function.getFunctionBody().getBlocks().size();
  Network network{function,
                  *target,
                  llvm::to_vector(function.getFunctionBody().getOps<LayerOp>()),
                  {}};
  if (network.layers.empty())
    return emitBriefOpError(function)
           << "expects at least one power.layer, but got none; "
              "power-form-layers forms them from linalg operations";
  FailureOr<std::vector<double>> probabilities =
      readProbabilities(network.layers);
  if (failed(probabilities))
    return failure();
  network.probabilities = std::move(*probabilities);
  return network;
}

FailureOr<Network> pfmlir::power::findNetwork(ModuleOp module) {
  if (SystemOp system = findSystem(module))
    return emitBriefOpError(system)
           << "expects to be of one network, as this takes one at a time, but @"
           << system.getSymName() << " is of " << system.getNetworks().size();
  FailureOr<FunctionOpInterface> function = findFunction(module);
  if (failed(function))
    return failure();
  return readNetwork(*function);
}

FailureOr<SmallVector<Network>> pfmlir::power::findNetworks(ModuleOp module) {
  FailureOr<SmallVector<FunctionOpInterface>> functions = findFunctions(module);
  if (failed(functions))
    return failure();
  SmallVector<Network> networks;
  for (FunctionOpInterface function : *functions) {
    FailureOr<Network> network = readNetwork(function);
    if (failed(network))
      return failure();
    TargetOp target =
        networks.empty() ? network->target : networks.front().target;
    if (network->target != target)
      return emitBriefOpError(function)
             << "expects target @" << target.getSymName()
             << ", as the first network of its system has, but got @"
             << network->target.getSymName();
    networks.push_back(std::move(*network));
  }
  return networks;
}

SmallVector<ScheduleOp>
pfmlir::power::findSchedules(FunctionOpInterface function) {
  auto module = function->getParentOfType<ModuleOp>();
  return llvm::filter_to_vector(
      module.getOps<ScheduleOp>(), [&](ScheduleOp schedule) {
        return schedule.getFunction() == function.getName();
      });
}

/// Whether a state has a domain in a mode of another, or of none.
static LogicalResult checkModes(LayerOp layer, TargetOp target) {
  DictionaryAttr modes = layer.getState()->getModes();
  if (!modes)
    return success();
  for (NamedAttribute entry : modes) {
    auto symbol = dyn_cast<FlatSymbolRefAttr>(entry.getValue());
    auto mode = symbol ? dyn_cast_or_null<ModeOp>(SymbolTable::lookupSymbolIn(
                             target, symbol.getAttr()))
                       : ModeOp();
    if (!mode || mode.getDomain() != entry.getName())
      return emitBriefOpError(layer)
             << "expects its state to have a mode of domain @"
             << entry.getName().getValue() << " of target @"
             << target.getSymName() << ", but got " << entry.getValue();
  }
  return success();
}

/// Whether a layer has a state that its target can be in.
static LogicalResult checkState(LayerOp layer, TargetOp target) {
  if (!layer.getState())
    return emitBriefOpError(layer)
           << "expects a state; power-select-states finds one";
  ArrayRef<double> voltages = layer.getState()->getVoltagesV();
  size_t numDomains = target.getDomains().size();
  if (voltages.size() != numDomains)
    return emitBriefOpError(layer)
           << "expects its state to have one voltage for each of the "
           << numDomains << " domains of target @" << target.getSymName()
           << ", but got " << voltages.size();
  for (double voltage : voltages)
    if (!target.getLevelIndex(voltage))
      return emitBriefOpError(layer)
             << "expects its state to be at levels of target @"
             << target.getSymName() << ", but got " << formatNumber(voltage)
             << " V";
  return checkModes(layer, target);
}

static FailureOr<ScheduledNetwork> addSchedule(Network network) {
  SmallVector<ScheduleOp> schedules = findSchedules(network.function);
  if (schedules.empty())
    return emitBriefOpError(network.function)
           << "expects a power.schedule; power-select-states finds one";
  ScheduleOp schedule = schedules.front();
  if (schedules.size() > 1) {
    InFlightDiagnostic diagnostic = emitBriefOpError(schedules.back())
                                    << "expects to be the only one of "
                                    << schedule.getFunctionAttr();
    diagnostic.attachNote(schedule.getLoc()) << "another is here";
    return diagnostic;
  }
  if (schedule.getTarget() != network.target.getSymName())
    return emitBriefOpError(schedule)
           << "is for target @" << schedule.getTarget()
           << ", but the function runs on @" << network.target.getSymName();
  for (LayerOp layer : network.layers)
    if (failed(checkState(layer, network.target)))
      return failure();
  return ScheduledNetwork{std::move(network), schedule};
}

FailureOr<ScheduledNetwork>
pfmlir::power::findScheduledNetwork(ModuleOp module) {
  FailureOr<Network> network = findNetwork(module);
  if (failed(network))
    return failure();
  return addSchedule(std::move(*network));
}

FailureOr<SmallVector<ScheduledNetwork>>
pfmlir::power::findScheduledNetworks(ModuleOp module) {
  FailureOr<SmallVector<Network>> networks = findNetworks(module);
  if (failed(networks))
    return failure();
  SmallVector<ScheduledNetwork> scheduled;
  for (Network &network : *networks) {
    FailureOr<ScheduledNetwork> found = addSchedule(std::move(network));
    if (failed(found))
      return failure();
    scheduled.push_back(std::move(*found));
  }
  return scheduled;
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
