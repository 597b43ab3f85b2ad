//===- PowerScheduleOps.cpp - What a schedule can be ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Checks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

/// The symbols of a list must differ, and come with one value each.
static LogicalResult verifyPairs(Operation *op, ArrayAttr symbols,
                                 ArrayRef<double> values, StringRef what) {
  if (symbols.empty() || symbols.size() != values.size())
    return op->emitOpError() << "expects one " << what
                             << " for each symbol, at least one, but got "
                             << values.size() << " for " << symbols.size();
  llvm::SmallPtrSet<Attribute, 4> seen;
  for (Attribute symbol : symbols)
    if (!seen.insert(symbol).second)
      return op->emitOpError()
             << "expects each symbol once, but got " << symbol << " twice";
  return success();
}

/// The declaration of kind OpTy in a target that `symbol` names.
template <typename OpTy>
static FailureOr<OpTy> lookupDeclaration(Operation *op, SymbolRefAttr symbol,
                                         SymbolTableCollection &symbolTable) {
  auto declaration = symbolTable.lookupNearestSymbolFrom<OpTy>(op, symbol);
  if (!declaration)
    return op->emitOpError()
           << "expects " << symbol << " to be a " << OpTy::getOperationName();
  return declaration;
}

/// Counts by description; none is null.
static LogicalResult verifyUncosted(Operation *op, DictionaryAttr uncosted) {
  if (!uncosted)
    return success();
  for (NamedAttribute entry : uncosted)
    if (!isa<IntegerAttr>(entry.getValue()))
      return op->emitOpError()
             << "expects a number of operations for uncosted '"
             << entry.getName().getValue() << "', but got " << entry.getValue();
  return success();
}

//===----------------------------------------------------------------------===//
// LayerOp
//===----------------------------------------------------------------------===//

/// Before the body has been verified, so that this is the error that is
/// reported; what else could end the body is for the traits to complain of.
static LogicalResult verifyYield(LayerOp layer) {
  if (!layer.hasBody() || layer.getBody().front().empty())
    return success();
  auto yield = dyn_cast<YieldOp>(layer.getBody().front().back());
  if (!yield || yield.getOperandTypes() == layer.getResultTypes())
    return success();
  InFlightDiagnostic diagnostic = emitBriefOpError(layer);
  diagnostic << "expects the types of its results to be those that it yields, ("
             << yield.getOperandTypes() << "), but got ("
             << layer.getResultTypes() << ")";
  diagnostic.attachNote(yield.getLoc()) << "yielded here";
  return diagnostic;
}

/// Tables by name, instead of one table.
static LogicalResult verifyImplementations(LayerOp layer) {
  DictionaryAttr implementations = layer.getImplementationsAttr();
  if (!implementations)
    return success();
  if (layer.getCosts())
    return emitBriefOpError(layer)
           << "expects 'costs' or 'implementations', but got both";
  if (implementations.empty())
    return emitBriefOpError(layer)
           << "expects at least one of its implementations, but got none";
  for (NamedAttribute entry : implementations)
    if (!isa<CostTableAttr>(entry.getValue()))
      return emitBriefOpError(layer)
             << "expects a #power.cost_table for implementation '"
             << entry.getName().getValue() << "', but got " << entry.getValue();
  return success();
}

LogicalResult LayerOp::verify() {
  if (getName().empty())
    return emitBriefOpError(*this) << "expects a name";
  if (!hasBody() && getNumResults() != 0)
    return emitBriefOpError(*this)
           << "expects no results without a body, but got " << getNumResults();
  if (failed(verifyYield(*this)) || failed(verifyImplementations(*this)))
    return failure();
  if (std::optional<APFloat> probability = getProbability()) {
    double value = probability->convertToDouble();
    if (!(value >= 0 && value <= 1))
      return emitBriefOpError(*this)
             << "expects 'probability' to be from 0 to 1, but got "
             << formatNumber(value);
  }
  return verifyUncosted(*this, getUncostedAttr());
}

void LayerOp::getSuccessorRegions(RegionBranchPoint point,
                                  SmallVectorImpl<RegionSuccessor> &regions) {
  if (point.isParent() && hasBody())
    regions.emplace_back(&getBody());
  else
    regions.emplace_back(getOperation(), getResults());
}

void LayerOp::getRegionInvocationBounds(
    ArrayRef<Attribute>, SmallVectorImpl<InvocationBounds> &bounds) {
  unsigned times = hasBody() ? 1 : 0;
  bounds.emplace_back(times, times);
}

//===----------------------------------------------------------------------===//
// What the power manager does
//===----------------------------------------------------------------------===//

LogicalResult SetStateOp::verify() {
  return verifyPairs(*this, getDomains(), getVoltagesV(), "voltage");
}

LogicalResult SetStateOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  for (auto [symbol, voltage] :
       llvm::zip_equal(getDomains().getValue(), getVoltagesV())) {
    FailureOr<DomainOp> domain = lookupDeclaration<DomainOp>(
        *this, cast<SymbolRefAttr>(symbol), symbolTable);
    if (failed(domain))
      return failure();
    auto target = cast<TargetOp>((*domain)->getParentOp());
    if (!target.getLevelIndex(voltage))
      return emitOpError() << "expects a level of target @"
                           << target.getSymName() << ", but got "
                           << formatNumber(voltage) << " V";
  }
  return success();
}

LogicalResult SetModeOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  FailureOr<DomainOp> domain =
      lookupDeclaration<DomainOp>(*this, getDomain(), symbolTable);
  if (failed(domain) || !getMode())
    return success(succeeded(domain));
  FailureOr<ModeOp> mode =
      lookupDeclaration<ModeOp>(*this, *getMode(), symbolTable);
  if (failed(mode))
    return failure();
  if (mode->getDomain() == domain->getSymName() &&
      (*mode)->getParentOp() == (*domain)->getParentOp())
    return success();
  return emitOpError() << "expects a mode of " << getDomain() << ", but got "
                       << *getMode();
}

LogicalResult HandOverOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return getEngine()
             ? lookupDeclaration<EngineOp>(*this, *getEngine(), symbolTable)
             : FailureOr<EngineOp>(EngineOp());
}

LogicalResult GateBanksOp::verify() {
  for (double count : getPowered())
    if (failed(verifyNotNegative(*this, "powered", count)))
      return failure();
  return verifyPairs(*this, getMemories(), getPowered(), "number of banks");
}

LogicalResult
GateBanksOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  for (auto [symbol, powered] :
       llvm::zip_equal(getMemories().getValue(), getPowered())) {
    FailureOr<MemoryOp> memory = lookupDeclaration<MemoryOp>(
        *this, cast<SymbolRefAttr>(symbol), symbolTable);
    if (failed(memory))
      return failure();
    if (memory->getBanks() && powered > *memory->getBanks())
      return emitOpError() << "expects at most the " << *memory->getBanks()
                           << " banks of " << symbol << ", but got "
                           << formatNumber(powered);
  }
  return success();
}

LogicalResult IdleOp::verify() {
  return verifyNotNegative(*this, "time_s", getTimeS().convertToDouble());
}

LogicalResult IdleOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return getState()
             ? lookupDeclaration<IdleStateOp>(*this, *getState(), symbolTable)
             : FailureOr<IdleStateOp>(IdleStateOp());
}

LogicalResult SleepOp::verify() {
  return verifyNotNegative(*this, "time_s", getTimeS().convertToDouble());
}

LogicalResult SleepOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return lookupDeclaration<SleepStateOp>(*this, getState(), symbolTable);
}

//===----------------------------------------------------------------------===//
// ScheduleOp
//===----------------------------------------------------------------------===//

double ScheduleOp::getGap() {
  double energy = getEnergyJ().convertToDouble();
  double bound = getLowerBoundJ().convertToDouble();
  return energy > bound ? (energy - bound) / energy : 0;
}

double ScheduleOp::getRemainingTimeS() {
  return std::max(
      getPeriodS().convertToDouble() - getActiveTimeS().convertToDouble(), 0.0);
}

double ScheduleOp::getPartJ(Part part) {
  SmallVector<double> parts = getEnergySplitJ();
  return part < parts.size() ? parts[part] : 0;
}

/// The state of kind OpTy that a period ends in, if it is one.
template <typename OpTy>
static OpTy findEnd(std::optional<SymbolRefAttr> end, TargetOp target) {
  if (!end)
    return {};
  return dyn_cast_or_null<OpTy>(
      SymbolTable::lookupSymbolIn(target, end->getLeafReference()));
}

SleepStateOp ScheduleOp::findTail(TargetOp target) {
  return findEnd<SleepStateOp>(getTail(), target);
}

IdleStateOp ScheduleOp::findIdleState(TargetOp target) {
  return findEnd<IdleStateOp>(getTail(), target);
}

SleepStateOp ScheduleOp::findEarlyTail(TargetOp target) {
  return findEnd<SleepStateOp>(getEarlyTail(), target);
}

/// The energy of a baseline or of a reference, in joules.
static LogicalResult verifyPolicyEnergy(ScheduleOp schedule, StringRef policy,
                                        Attribute value) {
  auto energyJ = dyn_cast_or_null<FloatAttr>(value);
  if (!energyJ)
    return schedule.emitOpError()
           << "expects an energy in joules for baseline '" << policy
           << "', but got " << value;
  return verifyNotNegative(schedule, policy, energyJ.getValueAsDouble());
}

/// One of `references`: an energy, and what of the target's it does not keep.
static LogicalResult verifyReference(ScheduleOp schedule,
                                     NamedAttribute reference) {
  StringRef policy = reference.getName();
  auto entries = dyn_cast<DictionaryAttr>(reference.getValue());
  auto differsIn =
      entries ? entries.getAs<ArrayAttr>(ScheduleOp::kDiffersIn) : ArrayAttr();
  auto isKnown = [](Attribute part) {
    auto name = dyn_cast<StringAttr>(part);
    return name && llvm::is_contained({ScheduleOp::kGating, ScheduleOp::kLevels,
                                       ScheduleOp::kRails},
                                      name.getValue());
  };
  if (!differsIn || differsIn.empty() || !llvm::all_of(differsIn, isKnown) ||
      entries.size() != 2 || !entries.contains(ScheduleOp::kEnergyJ))
    return schedule.emitOpError()
           << "expects reference '" << policy
           << "' to be {differs_in = [...], energy_j = ...}, to differ in "
              "gating, levels or rails, but got "
           << reference.getValue();
  return verifyPolicyEnergy(schedule, policy,
                            entries.get(ScheduleOp::kEnergyJ));
}

LogicalResult ScheduleOp::verify() {
  const std::pair<StringRef, APFloat> quantities[] = {
      {"period_s", getPeriodS()},
      {"energy_j", getEnergyJ()},
      {"lower_bound_j", getLowerBoundJ()},
      {"active_time_s", getActiveTimeS()}};
  for (const auto &[name, value] : quantities)
    if (failed(verifyNotNegative(*this, name, value.convertToDouble())))
      return failure();
  if (size_t size = getEnergySplitJ().size();
      size != kNumOwnParts && size != NumParts)
    return emitOpError()
           << "expects 'energy_split_j' to be [dynamic, leakage, "
              "transition, tail], or these and [awake, rails], but "
              "got "
           << size << " values";
  // The dynamic part of a cost table that contradicts itself is negative.
  for (double energyJ : getEnergySplitJ())
    if (!std::isfinite(energyJ))
      return emitOpError() << "expects 'energy_split_j' to be finite, but got "
                           << formatNumber(energyJ);
  if (DictionaryAttr baselines = getBaselinesJAttr())
    for (NamedAttribute baseline : baselines)
      if (failed(verifyPolicyEnergy(*this, baseline.getName(),
                                    baseline.getValue())))
        return failure();
  if (DictionaryAttr references = getReferencesAttr())
    for (NamedAttribute reference : references)
      if (failed(verifyReference(*this, reference)))
        return failure();
  return verifyUncosted(*this, getUncostedAttr());
}

SmallVector<ScheduleOp::Reference> ScheduleOp::readReferences() {
  SmallVector<Reference> references;
  if (!getReferencesAttr())
    return references;
  for (NamedAttribute entry : getReferencesAttr()) {
    auto parts = cast<DictionaryAttr>(entry.getValue());
    references.push_back({entry.getName(),
                          parts.getAs<FloatAttr>(kEnergyJ).getValueAsDouble(),
                          llvm::to_vector(parts.getAs<ArrayAttr>(kDiffersIn)
                                              .getAsValueRange<StringAttr>())});
  }
  return references;
}

LogicalResult ScheduleOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (!symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
          *this, getFunctionAttr()))
    return emitOpError() << "expects " << getFunctionAttr()
                         << " to be a function";
  auto target =
      symbolTable.lookupNearestSymbolFrom<TargetOp>(*this, getTargetAttr());
  if (!target)
    return emitOpError() << "expects " << getTargetAttr()
                         << " to be a power.target";
  for (double rail : getRailsV())
    if (!target.getLevelIndex(rail))
      return emitOpError() << "expects rails at levels of target "
                           << getTargetAttr() << ", but got "
                           << formatNumber(rail) << " V";
  if (SymbolRefAttr early = getEarlyTailAttr()) {
    auto sleep =
        symbolTable.lookupNearestSymbolFrom<SleepStateOp>(*this, early);
    if (!sleep || sleep->getParentOp() != target)
      return emitOpError() << "expects " << early
                           << " to be a power.sleep_state of target "
                           << getTargetAttr();
  }
  if (!getTail())
    return success();
  Operation *end = symbolTable.lookupNearestSymbolFrom(*this, getTailAttr());
  if (!isa_and_nonnull<SleepStateOp, IdleStateOp>(end) ||
      end->getParentOp() != target)
    return emitOpError()
           << "expects " << getTailAttr()
           << " to be a power.idle_state or a power.sleep_state of "
              "target "
           << getTargetAttr();
  return success();
}
