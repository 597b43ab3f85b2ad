//===- PowerTargetAttrs.cpp - Laws and converters of a target ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/AttrChecks.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

double pfmlir::power::interpolate(ArrayRef<double> voltages,
                                  ArrayRef<double> values, double voltageV) {
  size_t above = llvm::lower_bound(voltages, voltageV) - voltages.begin();
  if (above == 0)
    return values.front();
  if (above == voltages.size())
    return values.back();
  double share = (voltageV - voltages[above - 1]) /
                 (voltages[above] - voltages[above - 1]);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}

//===----------------------------------------------------------------------===//
// Voltage-frequency laws
//===----------------------------------------------------------------------===//

static double polynomial(ArrayRef<double> coefficients, double x) {
  double value = 0;
  for (double coefficient : llvm::reverse(coefficients))
    value = value * x + coefficient;
  return value;
}

double DelayPolynomialAttr::getDelay(double voltageV) const {
  return polynomial(getCoefficients(), voltageV);
}

std::pair<double, double> DelayPolynomialAttr::getVoltageRange() const {
  return {getMinimumV().getValueAsDouble(), getMaximumV().getValueAsDouble()};
}

double DelayPolynomialAttr::getFrequencyHz(double voltageV, double nominalV,
                                           double nominalHz) const {
  return nominalHz * getDelay(nominalV) / getDelay(voltageV);
}

LogicalResult DelayPolynomialAttr::verify(EmitError emitError,
                                          DenseF64ArrayAttr coefficients,
                                          FloatAttr minimumV,
                                          FloatAttr maximumV) {
  double low = minimumV.getValueAsDouble(), high = maximumV.getValueAsDouble();
  if (failed(verifyPositive(emitError, "minimum_v", low)) ||
      failed(verifyPositive(emitError, "maximum_v", high)))
    return failure();
  if (low > high)
    return emitError() << "expects minimum_v not to exceed maximum_v, but got "
                       << formatNumber(low) << " and " << formatNumber(high);
  for (double coefficient : coefficients.asArrayRef())
    if (!std::isfinite(coefficient))
      return emitError() << "expects finite coefficients, but got "
                         << formatNumber(coefficient);
  // A fit is only as good as its samples; these find one that turns around.
  constexpr int kSamples = 64;
  double previous = 0;
  for (int i = 0; i <= kSamples; ++i) {
    double voltage = low + (high - low) * i / kSamples;
    double delay = polynomial(coefficients, voltage);
    if (!(delay > 0))
      return emitError() << "expects a positive delay, but it is "
                         << formatNumber(delay) << " at "
                         << formatNumber(voltage) << " V";
    if (i > 0 && delay > previous)
      return emitError() << "expects a delay that does not increase with the "
                            "voltage, but it does at "
                         << formatNumber(voltage) << " V";
    previous = delay;
  }
  return success();
}

std::pair<double, double> FrequencyTableAttr::getVoltageRange() const {
  ArrayRef<double> voltages = getVoltageV();
  return {voltages.front(), voltages.back()};
}

double FrequencyTableAttr::getFrequencyHz(double voltageV, double,
                                          double) const {
  return interpolate(getVoltageV(), getFrequencyHz(), voltageV);
}

LogicalResult FrequencyTableAttr::verify(EmitError emitError,
                                         DenseF64ArrayAttr voltages,
                                         DenseF64ArrayAttr frequencies) {
  if (failed(verifyTableVoltages(emitError, voltages, "frequencies",
                                 frequencies.size())) ||
      failed(verifyPositive(emitError, "frequency_hz", frequencies)))
    return failure();
  for (int64_t i = 1; i < frequencies.size(); ++i)
    if (frequencies[i] < frequencies[i - 1])
      return emitError() << "expects frequencies that do not decrease, but got "
                         << formatNumber(frequencies[i]) << " after "
                         << formatNumber(frequencies[i - 1]);
  return success();
}

//===----------------------------------------------------------------------===//
// Leakage laws
//===----------------------------------------------------------------------===//

double
ExponentialLeakageAttr::getFactor(double voltageV, double nominalV,
                                  std::optional<double> temperatureC) const {
  double factor = voltageV / nominalV *
                  std::exp((voltageV - nominalV) /
                           getVoltagePerEfoldV().getValueAsDouble());
  if (!getReferenceC() || !temperatureC)
    return factor;
  double aboveC = *temperatureC - getReferenceC().getValueAsDouble();
  return factor * std::exp2(aboveC / getDoublingC().getValueAsDouble());
}

LogicalResult ExponentialLeakageAttr::verify(EmitError emitError,
                                             FloatAttr voltagePerEfold,
                                             FloatAttr reference,
                                             FloatAttr doubling) {
  if (failed(verifyPositive(emitError, "voltage_per_efold_v",
                            voltagePerEfold.getValueAsDouble())))
    return failure();
  if (bool(reference) != bool(doubling))
    return emitError() << "expects 'reference_c' and 'doubling_c' together";
  if (!reference)
    return success();
  if (!std::isfinite(reference.getValueAsDouble()))
    return emitError() << "expects 'reference_c' to be finite, but got "
                       << formatNumber(reference.getValueAsDouble());
  return verifyPositive(emitError, "doubling_c", doubling.getValueAsDouble());
}

//===----------------------------------------------------------------------===//
// Converters
//===----------------------------------------------------------------------===//

double ConverterAttr::getInputPowerW(double voltageV,
                                     double outputPowerW) const {
  double currentA = outputPowerW / voltageV;
  return outputPowerW * (1 + getProportionalLoss().getValueAsDouble()) +
         getFixedLossW().getValueAsDouble() +
         getResistanceOhm().getValueAsDouble() * currentA * currentA;
}

LogicalResult ConverterAttr::verify(EmitError emitError, FloatAttr fixedLoss,
                                    FloatAttr proportionalLoss,
                                    FloatAttr resistance) {
  for (auto [name, value] : {std::pair("fixed_loss_w", fixedLoss),
                             std::pair("proportional_loss", proportionalLoss),
                             std::pair("resistance_ohm", resistance)})
    if (failed(verifyNotNegative(emitError, name, value.getValueAsDouble())))
      return failure();
  return success();
}

double EfficiencyTableAttr::getInputPowerW(double voltageV,
                                           double outputPowerW) const {
  return outputPowerW / interpolate(getVoltageV(), getEfficiency(), voltageV);
}

LogicalResult EfficiencyTableAttr::verify(EmitError emitError,
                                          DenseF64ArrayAttr voltages,
                                          DenseF64ArrayAttr efficiencies) {
  if (failed(verifyTableVoltages(emitError, voltages, "efficiencies",
                                 efficiencies.size())))
    return failure();
  for (double efficiency : efficiencies.asArrayRef())
    if (!(efficiency > 0 && efficiency <= 1))
      return emitError()
             << "expects efficiencies above 0 and at most 1, but got "
             << formatNumber(efficiency);
  return success();
}
