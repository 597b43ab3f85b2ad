//===- Infeasibility.h - A deadline that can't be kept, as data -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That a function can't keep its deadline is an error for people, and goes with
// its diagnostic as numbers for programs: nobody need read the text for them.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_INFEASIBILITY_H
#define PFMLIR_PASSES_INFEASIBILITY_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

#include <optional>

namespace pfmlir::power {

struct Infeasibility {
  /// The function's symbol.
  mlir::StringAttr function;
  /// The period that was asked for, in seconds.
  double periodS;
  /// The shortest that could be had, in seconds; infinite if there is none.
  double shortestPeriodS;
};

/// Has a diagnostic say, as its metadata, that a deadline can't be kept.
void setInfeasibility(mlir::Diagnostic &diagnostic,
                      const Infeasibility &infeasibility);

/// What a diagnostic says of a deadline; nothing if it is about something else.
std::optional<Infeasibility> getInfeasibility(mlir::Diagnostic &diagnostic);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_INFEASIBILITY_H
