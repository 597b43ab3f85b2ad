//===- Network.h - A function as a chain of layers on a target --*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What several passes need: which function is scheduled, on which target, and
// the scheduling problem that the two make.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_NETWORK_H
#define PFMLIR_PASSES_NETWORK_H

#include "dialect/Power.h"
#include "passes/scheduler/Problem.h"

namespace pfmlir::power {

/// Like `op->emitOpError()`, without a print of the operation: that of a
/// function or a layer is a network.
mlir::InFlightDiagnostic emitBriefOpError(mlir::Operation *op);

/// A function with the target that it runs on.
struct Network {
  mlir::func::FuncOp function;
  TargetOp target;
  llvm::SmallVector<LayerOp> layers;
};

/// The function of the module that is to be scheduled: the one called `name`,
/// the only one with a target, or else the only one with layers or linalg
/// operations. Reports an error where there is none or a choice.
mlir::FailureOr<mlir::func::FuncOp> findFunction(mlir::ModuleOp module,
                                                 llvm::StringRef name = "");

/// The target that the function names or, if it names none, the only one of the
/// module. Null without an error if there is none.
mlir::FailureOr<TargetOp> findTarget(mlir::func::FuncOp function);

/// Function, target and layers of a module that is ready to be scheduled.
mlir::FailureOr<Network> findNetwork(mlir::ModuleOp module);

/// The `power.schedule` of a function; null without one.
ScheduleOp findSchedule(mlir::func::FuncOp function);

/// What every layer costs in every state: from its own cost table where it has
/// one, else from the target's cost model.
mlir::LogicalResult computeCosts(TargetOp target,
                                 llvm::ArrayRef<LayerOp> layers,
                                 GatingAttr gating,
                                 llvm::SmallVectorImpl<LayerCosts> &costs);

/// The scheduling problem of layers with these costs, repeated every `periodS`
/// seconds.
scheduler::Problem
buildProblem(TargetOp target, llvm::ArrayRef<LayerCosts> costs, double periodS);

/// The level of every domain at its nominal voltage; nothing if a nominal
/// voltage is not among the target's levels.
std::optional<std::vector<scheduler::Level>> getNominalLevels(TargetOp target);

/// Replaces the candidate levels (volts, increasing) and what goes by level
/// with them. Fails with an error if a matrix of transition costs lacks a
/// level.
mlir::LogicalResult setLevels(TargetOp target, llvm::ArrayRef<double> levelsV);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_NETWORK_H
