//===- OperationAccount.h - Counts what operations do -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_OPERATIONACCOUNT_H
#define PFMLIR_PASSES_OPERATIONACCOUNT_H

#include "pfmlir/Dialect/Account.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace pfmlir::power {

/// All loops parallel: each element of the result from elements of the
/// operands.
bool isElementwise(mlir::linalg::LinalgOp op);

/// Whether an operation only moves or repeats its operand, element by element.
bool isCopy(mlir::linalg::LinalgOp op);

/// What an operation is called in an account, and where it is listed as one
/// that no model costs.
std::string describeOperation(mlir::Operation *op);

/// Adds an operation. `multiplyAccumulates` are those that it is costed with,
/// if it is.
void addOperation(mlir::Operation *op, Fate fate, Account &account,
                  std::optional<int64_t> multiplyAccumulates = std::nullopt);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_OPERATIONACCOUNT_H
