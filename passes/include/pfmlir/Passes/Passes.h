//===- Passes.h - Passes that schedule power --------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_PASSES_H
#define PFMLIR_PASSES_PASSES_H

#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Passes/Options.h"

#include "mlir/Pass/Pass.h"

namespace pfmlir::power {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "pfmlir/Passes/Passes.h.inc"

/// Registers `powerflow-schedule`, the pipeline of all passes.
void registerPowerFlowPipeline();

/// Registers `power-lower-to-llvm`, from a scheduled network on tensors to the
/// LLVM dialect: our passes, and MLIR's, which must be registered when it runs.
void registerLowerToLLVMPipeline();

/// What a schedule can be printed as; `docs/output.md` describes each.
enum class ScheduleFormat { JSON, CSV, Table };

/// Prints the schedule of a module. Fails with an error where there is none.
llvm::LogicalResult printSchedule(mlir::Operation *module,
                                  ScheduleFormat format, llvm::raw_ostream &os);

/// Registers the translations of a schedule to JSON, CSV and a table.
/// `registerDialects` says what they parse.
void registerTranslations(
    void (*registerDialects)(mlir::DialectRegistry &registry));

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_PASSES_H
