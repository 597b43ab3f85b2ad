//===- PowerHardwareOps.cpp - What a target can be --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Checks.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

/// Levels closer than this, in volts, are the same level; far below what any
/// regulator resolves, far above what decimal notation loses.
static constexpr double kSameLevelV = 1e-9;

//===----------------------------------------------------------------------===//
// Checks that several operations share
//===----------------------------------------------------------------------===//

static LogicalResult verifyIfGiven(Operation *op, StringRef name,
                                   std::optional<APFloat> value) {
  return value ? verifyNotNegative(op, name, value->convertToDouble())
               : success();
}

static LogicalResult verifyPositive(Operation *op, StringRef name,
                                    double value) {
  if (std::isfinite(value) && value > 0)
    return success();
  return op->emitOpError() << "expects '" << name
                           << "' to be finite and positive, but got "
                           << formatNumber(value);
}

static LogicalResult verifyDomainUse(Operation *op, FlatSymbolRefAttr name) {
  if (isa_and_nonnull<DomainOp>(
          SymbolTable::lookupSymbolIn(op->getParentOp(), name)))
    return success();
  return op->emitOpError() << "expects " << name
                           << " to be a power.domain of its target";
}

//===----------------------------------------------------------------------===//
// TargetOp
//===----------------------------------------------------------------------===//

template <typename OpTy>
static SmallVector<OpTy> collect(TargetOp target) {
  return llvm::to_vector(target.getBody().getOps<OpTy>());
}

SmallVector<DomainOp> TargetOp::getDomains() {
  return collect<DomainOp>(*this);
}

SmallVector<MemoryOp> TargetOp::getMemories() {
  return collect<MemoryOp>(*this);
}

SmallVector<SleepStateOp> TargetOp::getSleepStates() {
  return collect<SleepStateOp>(*this);
}

TransitionOp TargetOp::getTransition(DomainOp domain) {
  TransitionOp general;
  for (auto transition : getBody().getOps<TransitionOp>()) {
    if (!transition.getDomain())
      general = transition;
    else if (*transition.getDomain() == domain.getSymName())
      return transition;
  }
  return general;
}

std::optional<unsigned> TargetOp::getLevelIndex(double voltageV) {
  for (auto [index, level] : llvm::enumerate(getLevelsV()))
    if (std::abs(level - voltageV) < kSameLevelV)
      return index;
  return std::nullopt;
}

GatingAttr TargetOp::getGatingOrNone() {
  if (GatingAttr gating = getGatingAttr())
    return gating;
  return GatingAttr::get(getContext(), GatingMode::None, /*granularity=*/1);
}

std::pair<double, double> TargetOp::getSleepOverhead(SleepStateOp sleep) {
  if (sleep.getEntryEnergyJ()) {
    auto sum = [](std::optional<APFloat> a, std::optional<APFloat> b) {
      return a->convertToDouble() + b->convertToDouble();
    };
    return {sum(sleep.getEntryEnergyJ(), sleep.getExitEnergyJ()),
            sum(sleep.getEntryTimeS(), sleep.getExitTimeS())};
  }
  // Every domain is switched off, and on again.
  double energyJ = 0, timeS = 0;
  for (DomainOp domain : getDomains()) {
    TransitionOp transition = getTransition(domain);
    if (!transition)
      continue;
    energyJ += 2 * cast<FloatAttr>(transition.getEnergyJ()).getValueAsDouble();
    timeS += 2 * cast<FloatAttr>(transition.getTimeS()).getValueAsDouble();
  }
  return {energyJ, timeS};
}

static constexpr size_t kMostDomains = 64;

static LogicalResult verifyLevels(TargetOp target) {
  SmallVector<double> levels = target.getLevelsV();
  if (levels.empty())
    return emitBriefOpError(target)
           << "expects at least one level, but got none";
  if (levels.size() > kMostLevels)
    return emitBriefOpError(target) << "expects at most " << kMostLevels
                                    << " levels, but got " << levels.size();
  for (auto [index, level] : llvm::enumerate(levels)) {
    if (failed(verifyPositive(target, "levels_v", level)))
      return failure();
    if (index > 0 && level < levels[index - 1] + kSameLevelV)
      return emitBriefOpError(target)
             << "expects increasing levels, but got " << formatNumber(level)
             << " after " << formatNumber(levels[index - 1]);
  }
  return success();
}

/// Every level must be one that the law of every domain speaks of.
static LogicalResult verifyLevelsInRange(TargetOp target) {
  for (DomainOp domain : target.getDomains()) {
    if (!domain.getLawAttr())
      continue;
    auto [low, high] = domain.getLawAttr().getVoltageRange();
    for (double level : target.getLevelsV()) {
      if (level > low - kSameLevelV && level < high + kSameLevelV)
        continue;
      InFlightDiagnostic diagnostic =
          emitBriefOpError(target)
          << "expects levels between " << formatNumber(low) << " V and "
          << formatNumber(high)
          << " V, where the voltage-frequency law of domain @"
          << domain.getSymName() << " holds, but got " << formatNumber(level)
          << " V";
      diagnostic.attachNote(domain.getLoc()) << "domain declared here";
      return diagnostic;
    }
  }
  return success();
}

/// At most one transition cost for each domain, and one for all others.
static LogicalResult verifyTransitions(TargetOp target) {
  llvm::SmallDenseMap<StringRef, TransitionOp> seen;
  int64_t numLevels = target.getLevelsV().size();
  for (auto transition : target.getBody().getOps<TransitionOp>()) {
    auto [first, inserted] =
        seen.try_emplace(transition.getDomain().value_or(""), transition);
    if (!inserted) {
      InFlightDiagnostic diagnostic = emitBriefOpError(transition)
                                      << "expects to be the only transition "
                                         "cost of its domain";
      diagnostic.attachNote(first->second.getLoc()) << "another is here";
      return diagnostic;
    }
    for (Attribute attr : {transition.getEnergyJ(), transition.getTimeS()}) {
      auto matrix = dyn_cast<DenseElementsAttr>(attr);
      if (matrix && matrix.getType().getShape() !=
                        ArrayRef<int64_t>{numLevels, numLevels})
        return emitBriefOpError(transition)
               << "expects a matrix of " << numLevels << " x " << numLevels
               << ", from level to level, but got "
               << matrix.getType().getDimSize(0) << " x "
               << matrix.getType().getDimSize(1);
    }
  }
  return success();
}

static LogicalResult verifySleepStates(TargetOp target) {
  for (SleepStateOp sleep : target.getSleepStates()) {
    if (sleep.getEntryEnergyJ())
      continue;
    for (DomainOp domain : target.getDomains()) {
      TransitionOp transition = target.getTransition(domain);
      if (transition && !transition.isUniform())
        return emitBriefOpError(sleep)
               << "expects entry and exit costs, because domain @"
               << domain.getSymName()
               << " has a matrix of transition costs, which does not say what "
                  "switching it off costs";
    }
  }
  return success();
}

LogicalResult TargetOp::verifyRegions() {
  if (failed(verifyLevels(*this)))
    return failure();
  for (Operation &op : getBody().front())
    if (!isa<DomainOp, MemoryOp, TransitionOp, SleepStateOp>(op))
      return op.emitError()
             << "expects only domains, memories, transitions and sleep states "
                "in a power.target";
  size_t numDomains = getDomains().size();
  if (numDomains == 0)
    return emitBriefOpError(*this)
           << "expects at least one power.domain, but got none";
  if (numDomains > kMostDomains)
    return emitBriefOpError(*this) << "expects at most " << kMostDomains
                                   << " power.domain, but got " << numDomains;
  if (failed(verifyLevelsInRange(*this)) || failed(verifyTransitions(*this)) ||
      failed(verifySleepStates(*this)))
    return failure();
  TargetOp target = *this;
  return getCostModelAttr() ? getCostModelAttr().verifyTarget(target)
                            : success();
}

//===----------------------------------------------------------------------===//
// What a target declares
//===----------------------------------------------------------------------===//

LogicalResult DomainOp::verify() {
  double nominal = getNominalV().convertToDouble();
  if (failed(verifyPositive(*this, "nominal_v", nominal)) ||
      failed(verifyIfGiven(*this, "leakage_w", getLeakageW())))
    return failure();
  if (getLaw().has_value() != getFrequencyHz().has_value())
    return emitOpError() << "expects 'frequency_hz' and 'law' together";
  if (!getLawAttr())
    return success();
  double frequency = getFrequencyHz()->convertToDouble();
  if (failed(verifyPositive(*this, "frequency_hz", frequency)))
    return failure();
  auto [low, high] = getLawAttr().getVoltageRange();
  if (nominal < low - kSameLevelV || nominal > high + kSameLevelV)
    return emitOpError() << "expects 'nominal_v' between " << formatNumber(low)
                         << " V and " << formatNumber(high)
                         << " V, where its law holds, but got "
                         << formatNumber(nominal) << " V";
  double lawful = getLawAttr().getFrequencyHz(nominal, nominal, frequency);
  if (std::abs(lawful - frequency) > 1e-9 * frequency)
    return emitOpError()
           << "expects 'frequency_hz' to be what its law gives at "
              "'nominal_v', "
           << formatNumber(lawful) << " Hz, but got " << formatNumber(frequency)
           << " Hz";
  return success();
}

LogicalResult MemoryOp::verify() {
  return verifyIfGiven(*this, "bank_leakage_w", getBankLeakageW());
}

LogicalResult MemoryOp::verifySymbolUses(SymbolTableCollection &) {
  return verifyDomainUse(*this, getDomainAttr());
}

bool TransitionOp::isUniform() {
  return isa<FloatAttr>(getEnergyJ()) && isa<FloatAttr>(getTimeS());
}

static double getEntry(Attribute cost, unsigned from, unsigned to) {
  if (from == to)
    return 0;
  if (auto number = dyn_cast<FloatAttr>(cost))
    return number.getValueAsDouble();
  return cast<DenseElementsAttr>(cost).getValues<double>()[{from, to}];
}

double TransitionOp::getEnergyJBetween(unsigned from, unsigned to) {
  return getEntry(getEnergyJ(), from, to);
}

double TransitionOp::getTimeSBetween(unsigned from, unsigned to) {
  return getEntry(getTimeS(), from, to);
}

LogicalResult TransitionOp::verify() {
  for (auto [name, attr] :
       {std::pair("energy_j", getEnergyJ()), std::pair("time_s", getTimeS())}) {
    if (auto number = dyn_cast<FloatAttr>(attr)) {
      if (failed(verifyNotNegative(*this, name, number.getValueAsDouble())))
        return failure();
      continue;
    }
    auto matrix = cast<DenseElementsAttr>(attr);
    int64_t columns = matrix.getType().getDimSize(1);
    for (auto [index, value] : llvm::enumerate(matrix.getValues<double>())) {
      if (failed(verifyNotNegative(*this, name, value)))
        return failure();
      int64_t level = index / columns;
      if (level == int64_t(index) % columns && value != 0)
        return emitOpError() << "expects '" << name
                             << "' to be zero from a level to itself, but got "
                             << formatNumber(value) << " for level " << level;
    }
  }
  return success();
}

LogicalResult TransitionOp::verifySymbolUses(SymbolTableCollection &) {
  return getDomain() ? verifyDomainUse(*this, getDomainAttr()) : success();
}

LogicalResult SleepStateOp::verify() {
  if (failed(
          verifyNotNegative(*this, "power_w", getPowerW().convertToDouble())))
    return failure();
  const std::pair<StringRef, std::optional<APFloat>> costs[] = {
      {"entry_energy_j", getEntryEnergyJ()},
      {"entry_time_s", getEntryTimeS()},
      {"exit_energy_j", getExitEnergyJ()},
      {"exit_time_s", getExitTimeS()}};
  for (auto [name, cost] : costs) {
    if (cost.has_value() != costs[0].second.has_value())
      return emitOpError()
             << "expects all four of the entry and exit costs, or "
                "none";
    if (failed(verifyIfGiven(*this, name, cost)))
      return failure();
  }
  return success();
}
