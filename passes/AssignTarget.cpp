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

static constexpr StringLiteral kDefaultTarget = "pf40";

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
  return diagnostic;
}

static FailureOr<TargetOp> chooseTarget(func::FuncOp function, StringRef name) {
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
static LogicalResult verifyTableLevels(func::FuncOp function, TargetOp target) {
  for (auto layer : function.getOps<LayerOp>()) {
    if (!layer.getCosts())
      continue;
    for (double voltage : layer.getCosts()->getVoltagesV().asArrayRef())
      if (!target.getLevelIndex(voltage))
        return emitBriefOpError(layer)
               << "expects the voltages of its cost table to be levels of "
                  "target @"
               << target.getSymName() << ", but got " << formatNumber(voltage)
               << " V";
  }
  return success();
}

static LogicalResult setGating(TargetOp target, StringRef mode,
                               int64_t granularity) {
  GatingAttr gating = target.getGatingOrNone();
  std::optional<GatingMode> newMode = gating.getMode();
  if (!mode.empty())
    newMode = symbolizeGatingMode(mode);
  if (!newMode)
    return emitBriefOpError(target)
           << "expects option 'gating' to be none, sram or bank, but got '"
           << mode << "'";
  if (granularity < 0)
    return emitBriefOpError(target)
           << "expects option 'gating-granularity' to be at least 1, but got "
           << granularity;
  target.setGatingAttr(
      GatingAttr::get(target.getContext(), *newMode,
                      granularity ? granularity : gating.getGranularity()));
  return success();
}

/// The value of an option that stands for "as the target says".
static constexpr double kKeep = -1;

/// Other negative values would be taken for it in silence.
static LogicalResult checkNotNegative(TargetOp target, StringRef option,
                                      double value) {
  if (!(value < 0) || value == kKeep)
    return success();
  return emitBriefOpError(target)
         << "expects option '" << option << "' not to be negative, but got "
         << formatNumber(value);
}

/// Replaces all transition costs by one; a negative number keeps what is there.
static LogicalResult setTransition(TargetOp target, double energyJ,
                                   double timeS) {
  if (energyJ < 0 && timeS < 0)
    return success();
  auto transitions = llvm::to_vector(target.getBody().getOps<TransitionOp>());
  Builder builder(target.getContext());
  Attribute energy = builder.getF64FloatAttr(std::max(energyJ, 0.0));
  Attribute time = builder.getF64FloatAttr(std::max(timeS, 0.0));
  if ((energyJ < 0 || timeS < 0) && !transitions.empty()) {
    if (transitions.size() > 1 || transitions.front().getDomain())
      return emitBriefOpError(target)
             << "expects options 'transition-energy-j' and 'transition-time-s' "
                "together, because its domains' costs differ";
    if (energyJ < 0)
      energy = transitions.front().getEnergyJ();
    if (timeS < 0)
      time = transitions.front().getTimeS();
  }
  for (TransitionOp transition : transitions)
    transition.erase();
  auto bodyBuilder = OpBuilder::atBlockEnd(&target.getBody().front());
  TransitionOp::create(bodyBuilder, target.getLoc(), FlatSymbolRefAttr(),
                       energy, time);
  return success();
}

static void setSleep(TargetOp target, bool allowed, double powerW) {
  if (allowed && powerW < 0)
    return;
  for (SleepStateOp sleep : target.getSleepStates())
    sleep.erase();
  if (!allowed)
    return;
  auto builder = OpBuilder::atBlockEnd(&target.getBody().front());
  SleepStateOp::create(builder, target.getLoc(), "sleep", APFloat(powerW),
                       FloatAttr(), FloatAttr(), FloatAttr(), FloatAttr());
}

static LogicalResult setBanks(TargetOp target, ArrayRef<std::string> options) {
  for (StringRef option : options) {
    auto [name, number] = option.split(':');
    int64_t banks;
    if (number.getAsInteger(10, banks) || banks < 1)
      return emitBriefOpError(target)
             << "expects option 'banks' as memory:number, "
                "but got '"
             << option << "'";
    auto memory = dyn_cast_or_null<MemoryOp>(target.lookupSymbol(name));
    if (!memory)
      return emitBriefOpError(target)
             << "expects option 'banks' to name a memory, but got '" << name
             << "'";
    memory.setBanks(banks);
  }
  return success();
}

static LogicalResult setReductionChunk(TargetOp target, int64_t chunk) {
  if (chunk == 0)
    return success();
  auto model = dyn_cast_or_null<AnalyticalAttr>(
      static_cast<Attribute>(target.getCostModelAttr()));
  if (!model || chunk < 0)
    return emitBriefOpError(target)
           << "expects option 'reduction-chunk' to be at least 1 and the "
              "analytical cost model";
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
    if (!levels.empty()) {
      SmallVector<double> sorted(levels.begin(), levels.end());
      llvm::sort(sorted);
      if (failed(setLevels(target, sorted)))
        return failure();
    }
    if (maxRails < 0)
      return emitBriefOpError(target)
             << "expects option 'max-rails' to be at least 1, but got "
             << int64_t(maxRails);
    if (maxRails > 0)
      target.setMaxRails(maxRails);
    if ((!gating.empty() || gatingGranularity != 0) &&
        failed(setGating(target, gating, gatingGranularity)))
      return failure();
    if (failed(checkNotNegative(target, "transition-energy-j",
                                transitionEnergyJ)) ||
        failed(
            checkNotNegative(target, "transition-time-s", transitionTimeS)) ||
        failed(checkNotNegative(target, "sleep-power-w", sleepPowerW)) ||
        failed(setTransition(target, transitionEnergyJ, transitionTimeS)))
      return failure();
    setSleep(target, sleep, sleepPowerW);
    if (failed(setBanks(target, *banks)) ||
        failed(setReductionChunk(target, reductionChunk)))
      return failure();
    return mlir::verify(target);
  }

  void runOnOperation() override {
    FailureOr<func::FuncOp> found = findFunction(getOperation(), function);
    if (failed(found))
      return signalPassFailure();
    FailureOr<TargetOp> chosen = chooseTarget(*found, target);
    if (failed(chosen) || failed(verifyTableLevels(*found, *chosen)) ||
        failed(applyOptions(*chosen)))
      return signalPassFailure();
    for (auto other : getOperation().getOps<func::FuncOp>()) {
      if (other == *found)
        continue;
      other->removeAttr(PowerDialect::getTargetAttrName());
      for (ScheduleOp schedule : findSchedules(other))
        schedule.erase();
    }
    (*found)->setAttr(PowerDialect::getTargetAttrName(),
                      FlatSymbolRefAttr::get(*chosen));
  }
};
} // namespace
