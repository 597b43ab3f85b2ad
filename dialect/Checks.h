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

/// The same of one that may be left out.
inline mlir::LogicalResult verifyIfGiven(mlir::Operation *op,
                                         llvm::StringRef name,
                                         std::optional<llvm::APFloat> value) {
  return value ? verifyNotNegative(op, name, value->convertToDouble())
               : mlir::success();
}

/// One that can't be zero either.
inline mlir::LogicalResult verifyPositive(mlir::Operation *op,
                                          llvm::StringRef name, double value) {
  if (std::isfinite(value) && value > 0)
    return mlir::success();
  return op->emitOpError() << "expects '" << name
                           << "' to be finite and positive, but got "
                           << formatNumber(value);
}
inline mlir::LogicalResult
verifyPositiveIfGiven(mlir::Operation *op, llvm::StringRef name,
                      std::optional<llvm::APFloat> value) {
  return value ? verifyPositive(op, name, value->convertToDouble())
               : mlir::success();
}

/// Whether the power manager's registers say all that a schedule on the target
/// can set, each once.
mlir::LogicalResult verifyRegisters(TargetOp target);

/// Reports a name that is none of a declaration of kind OpTy in the target.
template <typename OpTy>
mlir::LogicalResult verifyUseIn(mlir::Operation *target, mlir::Operation *op,
                                mlir::FlatSymbolRefAttr name) {
  if (!name || mlir::isa_and_nonnull<OpTy>(
                   mlir::SymbolTable::lookupSymbolIn(target, name)))
    return mlir::success();
  return op->emitOpError() << "expects " << name << " to be a "
                           << OpTy::getOperationName() << " of its target";
}

/// Levels closer than this, in volts, are the same level; far below what any
/// regulator resolves, far above what decimal notation loses.
inline constexpr double kSameLevelV = 1e-9;

/// How far from 1 weights may add up to: what decimal notation loses.
inline constexpr double kSameWeight = 1e-9;

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_CHECKS_H
