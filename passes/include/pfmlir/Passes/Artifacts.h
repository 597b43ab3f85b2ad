//===- Artifacts.h - What schedules are handed on as ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_PUBLICARTIFACTS_H
#define PFMLIR_PASSES_PUBLICARTIFACTS_H

#include "mlir/IR/Operation.h"

namespace pfmlir::power {

/// Prints what the schedule of a module is handed on as: "c-header", "verilog",
/// ...; `docs/artifacts.md` describes each. Fails with an error where there is
/// none of that name, or it can't be made.
llvm::LogicalResult printArtifact(mlir::Operation *module, llvm::StringRef name,
                                  llvm::raw_ostream &os);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_PUBLICARTIFACTS_H
