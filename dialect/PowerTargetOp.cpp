//===- PowerTargetOp.cpp - What a target is as a whole ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Checks.h"
#include "pfmlir/Scheduler/Problem.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

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

SmallVector<MemoryOp> TargetOp::getWakeMemories() {
  return llvm::filter_to_vector(
      getMemories(), [](MemoryOp memory) { return memory.hasWakeCosts(); });
}

SmallVector<SleepStateOp> TargetOp::getSleepStates() {
  return collect<SleepStateOp>(*this);
}

SmallVector<CornerOp> TargetOp::getCorners() {
  return collect<CornerOp>(*this);
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

SmallVector<IdleStateOp> TargetOp::getIdleStates() {
  return collect<IdleStateOp>(*this);
}

SmallVector<SupplyOp> TargetOp::getSupplies() {
  return collect<SupplyOp>(*this);
}

SmallVector<EngineOp> TargetOp::getEngines() {
  return collect<EngineOp>(*this);
}

RegisterMapOp TargetOp::getRegisterMap() {
  auto maps = getBody().getOps<RegisterMapOp>();
  return maps.empty() ? RegisterMapOp() : *maps.begin();
}

SmallVector<ModeOp> TargetOp::getModes(DomainOp domain) {
  return llvm::filter_to_vector(collect<ModeOp>(*this), [&](ModeOp mode) {
    return mode.getDomain() == domain.getSymName();
  });
}

/// What a domain's reference names; null where there is none.
template <typename OpTy>
static OpTy lookupIfGiven(TargetOp target, FlatSymbolRefAttr name) {
  return name ? dyn_cast_or_null<OpTy>(
                    SymbolTable::lookupSymbolIn(target, name.getAttr()))
              : OpTy();
}

SupplyOp TargetOp::getSupply(DomainOp domain) {
  return lookupIfGiven<SupplyOp>(*this, domain.getSupplyAttr());
}

SupplyOp TargetOp::getRegulator(DomainOp domain) {
  SupplyOp supply = getSupply(domain);
  return supply && supply.getRegulated() ? supply : SupplyOp();
}

ClockOp TargetOp::getClock(DomainOp domain) {
  return lookupIfGiven<ClockOp>(*this, domain.getClockAttr());
}

bool TargetOp::canSupply(DomainOp domain, unsigned level) {
  double voltage = getLevelsV()[level];
  auto isAbove = [&](std::optional<APFloat> limit) {
    return !limit || voltage > limit->convertToDouble() - kSameLevelV;
  };
  auto isBelow = [&](std::optional<APFloat> limit) {
    return !limit || voltage < limit->convertToDouble() + kSameLevelV;
  };
  if (!isAbove(domain.getMinimumV()) || !isBelow(domain.getMaximumV()))
    return false;
  if (VoltageFrequencyLawAttrInterface law = domain.getLawAttr()) {
    auto [low, high] = law.getVoltageRange();
    if (voltage < low - kSameLevelV || voltage > high + kSameLevelV)
      return false;
  }
  return llvm::all_of(getMemories(), [&](MemoryOp memory) {
    return memory.getDomain() != domain.getSymName() ||
           isAbove(memory.getMinimumV());
  });
}

/// The modes' factors; 1 without a mode.
static double getFactor(TargetOp target, DomainOp domain, unsigned mode,
                        APFloat (ModeOp::*factor)()) {
  if (mode == 0)
    return 1;
  return (target.getModes(domain)[mode - 1].*factor)().convertToDouble();
}

double TargetOp::getLeakageFactor(DomainOp domain, unsigned level,
                                  unsigned mode) {
  double voltage = getLevelsV()[level];
  double nominal = domain.getNominalV().convertToDouble();
  std::optional<double> temperature;
  if (getTemperatureC())
    temperature = getTemperatureC()->convertToDouble();
  LeakageLawAttrInterface law = domain.getLeakageLawAttr();
  double factor =
      law ? law.getFactor(voltage, nominal, temperature) : voltage / nominal;
  return factor * getFactor(*this, domain, mode, &ModeOp::getLeakageFactor);
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

/// Every level must be of use, and every domain must have one.
static LogicalResult verifyLevelsInRange(TargetOp target) {
  SmallVector<DomainOp> domains = target.getDomains();
  SmallVector<double> levels = target.getLevelsV();
  for (auto [index, voltage] : llvm::enumerate(levels))
    if (llvm::none_of(domains, [&, level = index](DomainOp domain) {
          return target.canSupply(domain, level);
        }))
      return emitBriefOpError(target)
             << "expects levels at which some domain can be, by its limits, "
                "its "
                "voltage-frequency law and its memories, but got "
             << formatNumber(voltage) << " V";
  for (DomainOp domain : domains) {
    bool isAnyPossible = false;
    for (size_t level = 0; level < levels.size(); ++level)
      isAnyPossible |= target.canSupply(domain, level);
    if (isAnyPossible)
      continue;
    InFlightDiagnostic diagnostic =
        emitBriefOpError(target)
        << "expects a level at which domain @" << domain.getSymName()
        << " can be, by its limits, its voltage-frequency law and its "
           "memories, but none is";
    diagnostic.attachNote(domain.getLoc()) << "domain declared here";
    return diagnostic;
  }
  return success();
}

/// What the target says of its surroundings.
static LogicalResult verifySurroundings(TargetOp target) {
  const std::pair<StringRef, std::optional<APFloat>> quantities[] = {
      {"awake_power_w", target.getAwakePowerW()},
      {"rail_power_w", target.getRailPowerW()},
      {"dispatch_time_s", target.getDispatchTimeS()}};
  for (auto [name, value] : quantities)
    if (value && !(std::isfinite(value->convertToDouble()) &&
                   value->convertToDouble() >= 0))
      return emitBriefOpError(target)
             << "expects '" << name
             << "' to be finite and not negative, but got "
             << formatNumber(value->convertToDouble());
  if (std::optional<APFloat> most = target.getMaximumPowerW())
    if (!(most->convertToDouble() > 0))
      return emitBriefOpError(target)
             << "expects 'maximum_power_w' to be positive, but got "
             << formatNumber(most->convertToDouble());
  if (std::optional<APFloat> margin = target.getMargin())
    if (!(margin->convertToDouble() >= 0 && margin->convertToDouble() < 1))
      return emitBriefOpError(target)
             << "expects 'margin' to be at least 0 and less than 1, but got "
             << formatNumber(margin->convertToDouble());
  if (std::optional<APFloat> temperature = target.getTemperatureC())
    if (!(temperature->convertToDouble() > -273.15 &&
          std::isfinite(temperature->convertToDouble())))
      return emitBriefOpError(target)
             << "expects 'temperature_c' to be above -273.15, but got "
             << formatNumber(temperature->convertToDouble());
  return success();
}

/// A regulated supply makes one voltage for all of its domains: they have no
/// transition costs of their own, and must have a level in common.
static LogicalResult verifyRegulated(TargetOp target) {
  for (SupplyOp supply : target.getSupplies()) {
    if (!supply.getRegulated())
      continue;
    SmallVector<DomainOp> on =
        llvm::filter_to_vector(target.getDomains(), [&](DomainOp domain) {
          return domain.getSupply() == supply.getSymName();
        });
    for (auto transition : target.getBody().getOps<TransitionOp>())
      for (DomainOp domain : on)
        if (transition.getDomain() == domain.getSymName())
          return emitBriefOpError(transition)
                 << "expects a domain that picks a rail by itself, but got @"
                 << domain.getSymName() << ", which is on regulated supply @"
                 << supply.getSymName();
    bool isAnyCommon = on.empty();
    for (size_t level = 0; level < target.getLevelsV().size(); ++level)
      isAnyCommon |= llvm::all_of(
          on, [&](DomainOp domain) { return target.canSupply(domain, level); });
    if (!isAnyCommon)
      return emitBriefOpError(supply)
             << "expects a level at which all of its domains can be, but none "
                "is";
  }
  return success();
}

/// The voltages of an idle state are ones that its domains can have, together.
static LogicalResult verifyIdleStates(TargetOp target) {
  SmallVector<DomainOp> domains = target.getDomains();
  for (IdleStateOp idle : target.getIdleStates()) {
    if (idle.getVoltagesV().size() != domains.size())
      return emitBriefOpError(idle)
             << "expects one voltage for each of the " << domains.size()
             << " domains, but got " << idle.getVoltagesV().size();
    llvm::SmallDenseMap<Operation *, double> regulated;
    for (auto [domain, voltage] :
         llvm::zip_equal(domains, idle.getVoltagesV())) {
      std::optional<unsigned> level = target.getLevelIndex(voltage);
      if (!level || !target.canSupply(domain, *level))
        return emitBriefOpError(idle)
               << "expects a level at which domain @" << domain.getSymName()
               << " can be, but got " << formatNumber(voltage) << " V";
      SupplyOp supply = target.getRegulator(domain);
      if (!supply)
        continue;
      auto [other, isNew] = regulated.try_emplace(supply, voltage);
      if (!isNew && other->second != voltage)
        return emitBriefOpError(idle)
               << "expects one voltage for all domains on regulated supply @"
               << supply.getSymName() << ", but got "
               << formatNumber(other->second) << " V and "
               << formatNumber(voltage) << " V";
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
      if (target.getRegulator(domain))
        return emitBriefOpError(sleep)
               << "expects entry and exit costs, because domain @"
               << domain.getSymName()
               << " is on a regulated supply, which does not say what "
                  "switching "
                  "it off costs";
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

/// Corners are parts of a whole.
static LogicalResult verifyCorners(TargetOp target) {
  SmallVector<CornerOp> corners = target.getCorners();
  double sum = 0;
  for (CornerOp corner : corners)
    sum += corner.getWeight().convertToDouble();
  if (corners.empty() || std::abs(sum - 1) <= kSameWeight)
    return success();
  return emitBriefOpError(corners.front())
         << "expects the weights of all corners of its target to add up to 1, "
            "but got "
         << formatNumber(sum);
}

LogicalResult TargetOp::verifyRegions() {
  if (failed(verifyLevels(*this)))
    return failure();
  for (Operation &op : getBody().front())
    if (!isa<SupplyOp, ClockOp, DomainOp, ModeOp, MemoryOp, EngineOp,
             TransitionOp, ExcludeOp, IdleStateOp, SleepStateOp, CornerOp,
             RegisterMapOp>(op))
      return op.emitError()
             << "expects only supplies, clocks, domains, modes, memories, "
                "engines, transitions, exclusions, idle states, sleep states, "
                "corners and a register map in a power.target";
  size_t numDomains = getDomains().size();
  if (numDomains == 0)
    return emitBriefOpError(*this)
           << "expects at least one power.domain, but got none";
  if (numDomains > kMostDomains)
    return emitBriefOpError(*this) << "expects at most " << kMostDomains
                                   << " power.domain, but got " << numDomains;
  if (failed(verifySurroundings(*this)) || failed(verifyLevelsInRange(*this)) ||
      failed(verifyTransitions(*this)) || failed(verifyRegulated(*this)) ||
      failed(verifyIdleStates(*this)) || failed(verifySleepStates(*this)) ||
      failed(verifyCorners(*this)) || failed(verifyRegisters(*this)))
    return failure();
  TargetOp target = *this;
  for (EngineOp engine : getEngines())
    if (failed(engine.getCostModelAttr().verifyTarget(target)))
      return failure();
  return getCostModelAttr() ? getCostModelAttr().verifyTarget(target)
                            : success();
}
