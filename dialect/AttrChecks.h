//===- AttrChecks.h - Checks that several attributes share ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_ATTRCHECKS_H
#define PFMLIR_DIALECT_ATTRCHECKS_H

#include "pfmlir/Dialect/Power.h"

#include <cmath>

namespace pfmlir::power {

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

inline mlir::LogicalResult verifyNotNegative(EmitError emitError,
                                             llvm::StringRef name,
                                             llvm::ArrayRef<double> values) {
  for (double value : values)
    if (!std::isfinite(value) || value < 0)
      return emitError() << "expects " << name
                         << " to be finite and not negative, but got "
                         << formatNumber(value);
  return mlir::success();
}

inline mlir::LogicalResult verifyPositive(EmitError emitError,
                                          llvm::StringRef name,
                                          llvm::ArrayRef<double> values) {
  for (double value : values)
    if (!std::isfinite(value) || value <= 0)
      return emitError() << "expects " << name
                         << " to be finite and positive, but got "
                         << formatNumber(value);
  return mlir::success();
}

/// Voltages of a table: positive and increasing, as many as there are values.
inline mlir::LogicalResult verifyTableVoltages(EmitError emitError,
                                               llvm::ArrayRef<double> voltages,
                                               llvm::StringRef what,
                                               size_t numValues) {
  if (voltages.empty() || voltages.size() != numValues)
    return emitError() << "expects as many voltages as " << what
                       << ", at least one, but got " << voltages.size()
                       << " and " << numValues;
  if (failed(verifyPositive(emitError, "voltage_v", voltages)))
    return mlir::failure();
  for (size_t i = 1; i < voltages.size(); ++i)
    if (voltages[i] <= voltages[i - 1])
      return emitError() << "expects increasing voltages, but got "
                         << formatNumber(voltages[i]) << " after "
                         << formatNumber(voltages[i - 1]);
  return mlir::success();
}

/// The value of a table at a voltage: linear in between, and beyond as at the
/// nearest.
double interpolate(llvm::ArrayRef<double> voltages,
                   llvm::ArrayRef<double> values, double voltageV);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_ATTRCHECKS_H
