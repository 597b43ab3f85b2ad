//===- AssignTarget.cpp - Choose the accelerator ----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/BuiltinTargets.h"
#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_ASSIGNTARGET
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

static constexpr StringLiteral kDefaultTarget = "pf40_keep";

/// Largest file of a target: measured tables of a thousand layers have a third
/// of that. A device may have no end.
static constexpr size_t kMostTargetBytes = size_t(1) << 28;

//===----------------------------------------------------------------------===//
// Where a target comes from
//===----------------------------------------------------------------------===//

/// Moves the only target of `source` into `module`.
static FailureOr<TargetOp>
adoptTarget(ModuleOp module, OwningOpRef<ModuleOp> source, StringRef name) {
  if (!source)
    return emitError(module.getLoc())
           << "expects target '" << name << "' to be valid MLIR";
  auto targets = llvm::to_vector(source->getOps<TargetOp>());
  if (targets.size() != 1)
    return emitError(source->getLoc())
           << "expects one power.target, but got " << targets.size();
  TargetOp target = targets.front();
  if (Operation *taken = module.lookupSymbol(target.getSymName())) {
    InFlightDiagnostic diagnostic = emitBriefOpError(target)
                                    << "expects its symbol @"
                                    << target.getSymName()
                                    << " to be free in the module";
    diagnostic.attachNote(taken->getLoc()) << "taken here";
    return diagnostic;
  }
  target->moveBefore(&module.getBody()->front());
  return target;
}

static FailureOr<TargetOp> addBuiltinTarget(ModuleOp module,
                                            const BuiltinTarget &builtin) {
  return adoptTarget(
      module,
      parseSourceString<ModuleOp>(builtin.text, module.getContext(),
                                  (builtin.name + ".mlir").str()),
      builtin.name);
}

/// Appends at most `mostBytes` of a file: what `stat` says of pipes and devices
/// is not their size.
static llvm::Error readAtMost(StringRef path, size_t mostBytes,
                              SmallVectorImpl<char> &text) {
  namespace fs = llvm::sys::fs;
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return file.takeError();
  llvm::scope_exit close([&] { fs::closeFile(*file); });
  constexpr size_t kChunk = 1 << 20;
  while (text.size() < mostBytes) {
    size_t before = text.size();
    text.resize_for_overwrite(std::min(before + kChunk, mostBytes));
    llvm::Expected<size_t> got = fs::readNativeFile(
        *file, MutableArrayRef<char>(text).drop_front(before));
    text.truncate(before + (got ? *got : 0));
    if (!got)
      return got.takeError();
    if (*got == 0)
      break;
  }
  return llvm::Error::success();
}

static FailureOr<TargetOp> addTargetFile(ModuleOp module, StringRef path) {
  SmallString<0> text;
  if (llvm::Error error = readAtMost(path, kMostTargetBytes + 1, text))
    return emitError(module.getLoc())
           << "expects target '" << path
           << "' to be valid MLIR, but it can't be read: "
           << llvm::toString(std::move(error));
  if (text.size() > kMostTargetBytes)
    return emitError(module.getLoc())
           << "expects the file of target '" << path << "' to have at most "
           << kMostTargetBytes << " bytes, but got more";
  return adoptTarget(
      module, parseSourceString<ModuleOp>(text, module.getContext(), path),
      path);
}

/// A target by its symbol, its built-in name or its file.
/// The built-in target that a misspelt name is likely to mean, if any.
static StringRef findNearestTarget(StringRef name) {
  // One wrong letter in three is a misspelling; more is another name.
  unsigned most = name.size() / 3;
  StringRef nearest;
  for (const BuiltinTarget &builtin : getBuiltinTargets()) {
    unsigned distance = name.edit_distance(builtin.name, true, most);
    if (distance <= most && (nearest.empty() || distance < most)) {
      nearest = builtin.name;
      most = distance;
    }
  }
  return nearest;
}

static FailureOr<TargetOp> findOrAddTarget(ModuleOp module, StringRef name) {
  name.consume_front("@");
  if (auto target = module.lookupSymbol<TargetOp>(name))
    return target;
  for (const BuiltinTarget &builtin : getBuiltinTargets())
    if (builtin.name == name)
      return addBuiltinTarget(module, builtin);
  if (llvm::sys::fs::exists(name))
    return addTargetFile(module, name);

  InFlightDiagnostic diagnostic =
      emitError(module.getLoc())
      << "unknown target '" << name
      << "': expects a power.target of the module, a file, "
         "or one of the built-in targets ";
  llvm::interleaveComma(
      getBuiltinTargets(), diagnostic,
      [&](const BuiltinTarget &builtin) { diagnostic << builtin.name; });
  if (StringRef nearest = findNearestTarget(name); !nearest.empty())
    diagnostic << "; did you mean '" << nearest << "'?";
  return diagnostic;
}

static FailureOr<TargetOp> chooseTarget(FunctionOpInterface function,
                                        StringRef name) {
  auto module = function->getParentOfType<ModuleOp>();
  if (!name.empty())
    return findOrAddTarget(module, name);
  FailureOr<TargetOp> target = findTarget(function);
  if (failed(target) || *target)
    return target;
  return findOrAddTarget(module, kDefaultTarget);
}

//===----------------------------------------------------------------------===//
// What the options change
//===----------------------------------------------------------------------===//

/// A cost table with a voltage that the target can't supply has a slip of the
/// pen in it; looked for before the levels are narrowed down.
static LogicalResult verifyTableLevels(FunctionOpInterface function,
                                       TargetOp target) {
  for (auto layer : function.getFunctionBody().getOps<LayerOp>()) {
    SmallVector<CostTableAttr> tables;
    if (std::optional<CostTableAttr> costs = layer.getCosts())
      tables.push_back(*costs);
    if (DictionaryAttr implementations = layer.getImplementationsAttr())
      for (NamedAttribute entry : implementations)
        tables.push_back(cast<CostTableAttr>(entry.getValue()));
    for (CostTableAttr table : tables)
      for (double voltage : table.getVoltagesV().asArrayRef())
        if (!target.getLevelIndex(voltage))
          return emitBriefOpError(layer)
                 << "expects the voltages of its cost table to be levels of "
                    "target @"
                 << target.getSymName() << ", but got " << formatNumber(voltage)
                 << " V";
  }
  return success();
}

static void setGating(TargetOp target, std::optional<GatingMode> mode,
                      std::optional<int64_t> granularity) {
  GatingAttr gating = target.getGatingOrNone();
  target.setGatingAttr(
      GatingAttr::get(target.getContext(), mode.value_or(gating.getMode()),
                      granularity.value_or(gating.getGranularity())));
}

/// Replaces all transition costs by one; what is not given stays.
static LogicalResult setTransition(TargetOp target,
                                   std::optional<double> energyJ,
                                   std::optional<double> timeS) {
  auto transitions = llvm::to_vector(target.getBody().getOps<TransitionOp>());
  Builder builder(target.getContext());
  Attribute energy = builder.getF64FloatAttr(energyJ.value_or(0));
  Attribute time = builder.getF64FloatAttr(timeS.value_or(0));
  if ((!energyJ || !timeS) && !transitions.empty()) {
    if (transitions.size() > 1 || transitions.front().getDomain())
      return emitBriefOpError(target)
             << "expects options 'transition-energy-j' and 'transition-time-s' "
                "together, because its domains' costs differ";
    if (!energyJ)
      energy = transitions.front().getEnergyJ();
    if (!timeS)
      time = transitions.front().getTimeS();
  }
  for (TransitionOp transition : transitions)
    transition.erase();
  auto bodyBuilder = OpBuilder::atBlockEnd(&target.getBody().front());
  TransitionOp::create(bodyBuilder, target.getLoc(), FlatSymbolRefAttr(),
                       energy, time);
  return success();
}

static LogicalResult setSleep(TargetOp target, bool allowed,
                              std::optional<double> powerW) {
  if (!allowed && powerW)
    return emitBriefOpError(target)
           << "expects option 'sleep-power-w' only where it may sleep, but got "
              "sleep=false";
  if (allowed && !powerW)
    return success();
  for (SleepStateOp sleep : target.getSleepStates())
    sleep.erase();
  if (!allowed)
    return success();
  auto builder = OpBuilder::atBlockEnd(&target.getBody().front());
  SleepStateOp::create(builder, target.getLoc(), "sleep", APFloat(*powerW),
                       FloatAttr(), FloatAttr(), FloatAttr(), FloatAttr());
  return success();
}

/// What surrounds the accelerator; what is not given stays.
static void setSurroundings(TargetOp target, std::optional<double> awakePowerW,
                            std::optional<double> railPowerW,
                            std::optional<double> dispatchTimeS,
                            std::optional<double> margin) {
  Builder builder(target.getContext());
  if (awakePowerW)
    target.setAwakePowerWAttr(builder.getF64FloatAttr(*awakePowerW));
  if (railPowerW)
    target.setRailPowerWAttr(builder.getF64FloatAttr(*railPowerW));
  if (dispatchTimeS)
    target.setDispatchTimeSAttr(builder.getF64FloatAttr(*dispatchTimeS));
  if (margin)
    target.setMarginAttr(builder.getF64FloatAttr(*margin));
}

static LogicalResult setBanks(TargetOp target, ArrayRef<BankCount> counts) {
  for (const BankCount &count : counts) {
    auto memory = dyn_cast_or_null<MemoryOp>(target.lookupSymbol(count.memory));
    if (!memory)
      return emitBriefOpError(target)
             << "expects option 'banks' to name a memory, but got '"
             << count.memory << "'";
    memory.setBanks(count.banks);
  }
  return success();
}

static LogicalResult setReductionChunk(TargetOp target, int64_t chunk) {
  auto model = dyn_cast_or_null<AnalyticalAttr>(
      static_cast<Attribute>(target.getCostModelAttr()));
  if (!model)
    return emitBriefOpError(target)
           << "expects the analytical cost model, which option "
              "'reduction-chunk' speaks of";
  target.setCostModelAttr(model.withReductionChunk(chunk));
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct AssignTargetPass
    : pfmlir::power::impl::AssignTargetBase<AssignTargetPass> {
  using AssignTargetBase::AssignTargetBase;

  LogicalResult applyOptions(TargetOp target) {
    if (!levelsV.empty()) {
      SmallVector<double> sorted(levelsV.begin(), levelsV.end());
      llvm::sort(sorted);
      if (failed(setLevels(target, sorted)))
        return failure();
    }
    if (maxRails)
      target.setMaxRails(*maxRails);
    if (gating || gatingGranularity)
      setGating(target, gating, gatingGranularity);
    if ((transitionEnergyJ || transitionTimeS) &&
        failed(setTransition(target, transitionEnergyJ, transitionTimeS)))
      return failure();
    setSurroundings(target, awakePowerW, railPowerW, dispatchTimeS, margin);
    if (failed(setSleep(target, sleep, sleepPowerW)) ||
        failed(setBanks(target, *banks)))
      return failure();
    if (reductionChunk && failed(setReductionChunk(target, *reductionChunk)))
      return failure();
    return mlir::verify(target);
  }

  LogicalResult assignTarget() {
    FailureOr<SmallVector<FunctionOpInterface>> functions =
        findFunctions(getOperation(), function);
    if (failed(functions))
      return failure();
    SystemOp system = findSystem(getOperation());
    StringRef name = target;
    if (name.empty() && system && system.getTarget())
      name = *system.getTarget();
    FailureOr<TargetOp> chosen = chooseTarget(functions->front(), name);
    if (failed(chosen))
      return failure();
    for (FunctionOpInterface each : *functions)
      if (failed(verifyTableLevels(each, *chosen)))
        return failure();
    if (failed(applyOptions(*chosen)))
      return failure();
    for (auto other : getOperation().getOps<FunctionOpInterface>()) {
      if (llvm::is_contained(*functions, other))
        continue;
      other->removeAttr(PowerDialect::getCornerAttrName());
      other->removeAttr(PowerDialect::getTargetAttrName());
      for (ScheduleOp schedule : findSchedules(other))
        schedule.erase();
    }
    auto symbol = FlatSymbolRefAttr::get(*chosen);
    for (FunctionOpInterface each : *functions)
      each->setAttr(PowerDialect::getTargetAttrName(), symbol);
    if (system) {
      system.setTargetAttr(symbol);
      system.removeRailsVAttr();
      system.removePowerWAttr();
      system.removeLowerBoundWAttr();
    }
    return success();
  }

  void runOnOperation() override {
    if (failed(assignTarget()))
      signalPassFailure();
  }
};
} // namespace
