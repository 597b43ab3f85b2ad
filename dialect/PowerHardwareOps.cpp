//===- PowerHardwareOps.cpp - What a target can be --------------*- C++ -*-===//
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

/// The same, of a declaration in the target itself.
template <typename OpTy>
static LogicalResult verifyUse(Operation *op, FlatSymbolRefAttr name) {
  return verifyUseIn<OpTy>(op->getParentOp(), op, name);
}

//===----------------------------------------------------------------------===//
// Supplies and clocks
//===----------------------------------------------------------------------===//

double SupplyOp::getTimeSBetween(double fromV, double toV) {
  if (!getRegulated() || fromV == toV)
    return 0;
  return std::abs(toV - fromV) / getSlewVPerS()->convertToDouble() +
         getSettleTimeS()->convertToDouble();
}

double SupplyOp::getEnergyJBetween(double fromV, double toV) {
  if (!getRegulated() || !getOutputF() || toV <= fromV)
    return 0;
  double storedJ =
      getOutputF()->convertToDouble() * (toV * toV - fromV * fromV) / 2;
  // Delivered over the ramp; the losses are those at its mean power.
  double timeS = getTimeSBetween(fromV, toV);
  return getInputPowerW(toV, storedJ / timeS) * timeS;
}

double SupplyOp::getInputPowerW(double voltageV, double outputPowerW) {
  ConverterAttrInterface converter = getConverterAttr();
  return converter ? converter.getInputPowerW(voltageV, outputPowerW)
                   : outputPowerW;
}

LogicalResult SupplyOp::verify() {
  if (getSelected() == getRegulated())
    return emitOpError() << "expects to be either selected or regulated";
  if (getRegulated() && !(getSlewVPerS() && getSettleTimeS()))
    return emitOpError() << "expects 'slew_v_per_s' and 'settle_time_s', "
                            "because it is regulated";
  if (getSelected() && (getSlewVPerS() || getSettleTimeS() || getOutputF()))
    return emitOpError() << "expects no 'slew_v_per_s', 'settle_time_s' or "
                            "'output_f', because it is selected";
  return success(
      succeeded(verifyPositiveIfGiven(*this, "slew_v_per_s", getSlewVPerS())) &&
      succeeded(verifyIfGiven(*this, "settle_time_s", getSettleTimeS())) &&
      succeeded(verifyIfGiven(*this, "output_f", getOutputF())) &&
      succeeded(verifyPositiveIfGiven(*this, "maximum_power_w",
                                      getMaximumPowerW())) &&
      succeeded(verifyPositiveIfGiven(*this, "maximum_current_a",
                                      getMaximumCurrentA())));
}

std::optional<double> ClockOp::getFrequencyHz(double mostHz) {
  // So that a frequency that a law gives exactly is not lost to rounding.
  double most = mostHz * (1 + 1e-12);
  if (std::optional<SmallVector<double>> frequencies = getFrequenciesHz()) {
    auto above = llvm::upper_bound(*frequencies, most);
    if (above == frequencies->begin())
      return std::nullopt;
    return *std::prev(above);
  }
  if (!getReferenceHz())
    return mostHz;
  double reference = getReferenceHz()->convertToDouble();
  if (!(most > 0))
    return std::nullopt;
  return reference / std::max(1.0, std::ceil(reference / most));
}

LogicalResult ClockOp::verify() {
  if (getFrequenciesHz() && getReferenceHz())
    return emitOpError()
           << "expects 'frequencies_hz' or 'reference_hz', but got "
              "both";
  if (std::optional<SmallVector<double>> frequencies = getFrequenciesHz()) {
    if (frequencies->empty())
      return emitOpError() << "expects at least one frequency, but got none";
    for (auto [index, hz] : llvm::enumerate(*frequencies)) {
      if (failed(verifyPositive(*this, "frequencies_hz", hz)))
        return failure();
      if (index > 0 && hz <= (*frequencies)[index - 1])
        return emitOpError()
               << "expects increasing frequencies, but got " << formatNumber(hz)
               << " after " << formatNumber((*frequencies)[index - 1]);
    }
  }
  return verifyPositiveIfGiven(*this, "reference_hz", getReferenceHz());
}

//===----------------------------------------------------------------------===//
// Domains and memories
//===----------------------------------------------------------------------===//

LogicalResult DomainOp::verify() {
  double nominal = getNominalV().convertToDouble();
  if (failed(verifyPositive(*this, "nominal_v", nominal)) ||
      failed(verifyPositiveIfGiven(*this, "minimum_v", getMinimumV())) ||
      failed(verifyPositiveIfGiven(*this, "maximum_v", getMaximumV())) ||
      failed(verifyIfGiven(*this, "leakage_w", getLeakageW())))
    return failure();
  if (getMinimumV() && getMaximumV() &&
      getMinimumV()->convertToDouble() > getMaximumV()->convertToDouble())
    return emitOpError()
           << "expects 'minimum_v' not to exceed 'maximum_v', but "
              "got "
           << formatNumber(getMinimumV()->convertToDouble()) << " and "
           << formatNumber(getMaximumV()->convertToDouble());
  if (getLeakageLaw() && !getLeakageW())
    return emitOpError() << "expects a 'leakage_w' with its 'leakage_law'";
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

LogicalResult DomainOp::verifySymbolUses(SymbolTableCollection &) {
  if (failed(verifyUse<SupplyOp>(*this, getSupplyAttr())) ||
      failed(verifyUse<ClockOp>(*this, getClockAttr())))
    return failure();
  if (getClock() && !getLaw())
    return emitOpError()
           << "expects a 'frequency_hz' with its 'law' beside its "
              "clock";
  return success();
}

LogicalResult ModeOp::verify() {
  return success(
      succeeded(verifyPositive(*this, "frequency_factor",
                               getFrequencyFactor().convertToDouble())) &&
      succeeded(verifyNotNegative(*this, "dynamic_factor",
                                  getDynamicFactor().convertToDouble())) &&
      succeeded(verifyNotNegative(*this, "leakage_factor",
                                  getLeakageFactor().convertToDouble())) &&
      succeeded(verifyNotNegative(*this, "energy_j",
                                  getEnergyJ().convertToDouble())) &&
      succeeded(
          verifyNotNegative(*this, "time_s", getTimeS().convertToDouble())));
}

LogicalResult ModeOp::verifySymbolUses(SymbolTableCollection &) {
  return verifyUse<DomainOp>(*this, getDomainAttr());
}

LogicalResult ExcludeOp::verify() {
  if (getDomains().empty() || getDomains().size() != getVoltagesV().size())
    return emitOpError() << "expects one list of voltages for each domain, at "
                            "least one, but got "
                         << getVoltagesV().size() << " for "
                         << getDomains().size();
  llvm::SmallPtrSet<Attribute, 4> seen;
  for (Attribute domain : getDomains())
    if (!seen.insert(domain).second)
      return emitOpError() << "expects each domain once, but got " << domain
                           << " twice";
  for (Attribute voltages : getVoltagesV())
    if (cast<ArrayAttr>(voltages).empty())
      return emitOpError() << "expects at least one voltage of each domain";
  return success();
}

LogicalResult ExcludeOp::verifySymbolUses(SymbolTableCollection &) {
  auto target = cast<TargetOp>((*this)->getParentOp());
  for (auto [domain, voltages] :
       llvm::zip_equal(getDomains(), getVoltagesV())) {
    if (failed(verifyUse<DomainOp>(*this, cast<FlatSymbolRefAttr>(domain))))
      return failure();
    for (double voltage : readNumbers(cast<ArrayAttr>(voltages)))
      if (!target.getLevelIndex(voltage))
        return emitOpError() << "expects levels of its target, but got "
                             << formatNumber(voltage) << " V";
  }
  return success();
}

bool MemoryOp::hasWakeCosts() {
  return getWakeEnergyJ() && (getWakeEnergyJ()->convertToDouble() != 0 ||
                              getWakeTimeS()->convertToDouble() != 0);
}

LogicalResult MemoryOp::verify() {
  if (getIsVolatile() && getIsNonvolatile())
    return emitOpError()
           << "expects to be volatile or nonvolatile, but got both";
  if (getBankRetentionW() && !getIsVolatile())
    return emitOpError()
           << "expects to be volatile, because it has a 'bank_retention_w'";
  if (getReloadEnergyJ().has_value() != getReloadTimeS().has_value())
    return emitOpError()
           << "expects 'reload_energy_j' and 'reload_time_s' together";
  if (getReloadEnergyJ() && !getIsNonvolatile())
    return emitOpError()
           << "expects to be nonvolatile, because it has a 'reload_energy_j'";
  if (getWakeEnergyJ().has_value() != getWakeTimeS().has_value())
    return emitOpError()
           << "expects 'wake_energy_j' and 'wake_time_s' together";
  if (getWakeEnergyJ() && !keepsContent())
    return emitOpError() << "expects to say whether it is volatile or "
                            "nonvolatile, because waking its banks has a cost";
  if (getWakeEnergyJ() && getBankRetentionW())
    return emitOpError()
           << "expects 'bank_retention_w' or costs of waking, but got both";
  return success(
      succeeded(verifyIfGiven(*this, "bank_leakage_w", getBankLeakageW())) &&
      succeeded(verifyPositiveIfGiven(*this, "minimum_v", getMinimumV())) &&
      succeeded(
          verifyIfGiven(*this, "bank_retention_w", getBankRetentionW())) &&
      succeeded(verifyIfGiven(*this, "reload_energy_j", getReloadEnergyJ())) &&
      succeeded(verifyIfGiven(*this, "reload_time_s", getReloadTimeS())) &&
      succeeded(verifyIfGiven(*this, "wake_energy_j", getWakeEnergyJ())) &&
      succeeded(verifyIfGiven(*this, "wake_time_s", getWakeTimeS())));
}

LogicalResult MemoryOp::verifySymbolUses(SymbolTableCollection &) {
  return verifyUse<DomainOp>(*this, getDomainAttr());
}

LogicalResult EngineOp::verify() {
  return success(
      succeeded(verifyNotNegative(*this, "handover_energy_j",
                                  getHandoverEnergyJ().convertToDouble())) &&
      succeeded(verifyNotNegative(*this, "handover_time_s",
                                  getHandoverTimeS().convertToDouble())));
}

//===----------------------------------------------------------------------===//
// Transitions, idle and sleep states
//===----------------------------------------------------------------------===//

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
  return verifyUse<DomainOp>(*this, getDomainAttr());
}

LogicalResult IdleStateOp::verify() {
  return verifyNotNegative(*this, "power_w", getPowerW().convertToDouble());
}

LogicalResult CornerOp::verify() {
  if (failed(verifyPositive(*this, "speed", getSpeed().convertToDouble())) ||
      failed(
          verifyNotNegative(*this, "leakage", getLeakage().convertToDouble())))
    return failure();
  return verifyPositive(*this, "weight", getWeight().convertToDouble());
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
