//===- Checks.h - Checks that several verifiers share -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_CHECKS_H
#define PFMLIR_DIALECT_CHECKS_H

#include "pfmlir/Dialect/Power.h"

#include <cmath>

namespace pfmlir::power {

/// A physical quantity of an operation that can't be negative.
inline mlir::LogicalResult
verifyNotNegative(mlir::Operation *op, llvm::StringRef name, double value) {
  if (std::isfinite(value) && value >= 0)
    return mlir::success();
  return op->emitOpError() << "expects '" << name
                           << "' to be finite and not negative, but got "
                           << formatNumber(value);
}

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_CHECKS_H
