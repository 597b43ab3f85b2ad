//===- Network.h - A function as a chain of layers on a target --*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What several passes need: which function is scheduled, and on which target.
// What that costs is in Costs.h, the scheduling problem that it makes in
// NetworkProblem.h.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_NETWORK_H
#define PFMLIR_PASSES_NETWORK_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// A function with the target that it runs on.
struct Network {
  mlir::FunctionOpInterface function;
  TargetOp target;
  llvm::SmallVector<LayerOp> layers;
  /// By layer, the part of the periods in which it runs; empty if all run in
  /// all of them.
  std::vector<double> probabilities;
};

/// The function of the module that is to be scheduled: the one called `name`,
/// the only one with a target, or else the only one with layers or linalg
/// operations. Reports an error where there is none or a choice.
mlir::FailureOr<mlir::FunctionOpInterface>
findFunction(mlir::ModuleOp module, llvm::StringRef name = "");

/// The target that the function names or, if it names none, the only one of the
/// module. Null without an error if there is none.
mlir::FailureOr<TargetOp> findTarget(mlir::FunctionOpInterface function);

/// The part of the periods in which each of a function's layers runs; empty if
/// all run in all of them. Reports an error at a layer that says what can't be.
mlir::FailureOr<std::vector<double>>
readProbabilities(llvm::ArrayRef<LayerOp> layers);

/// The system of a module; null if its networks have nothing to do with each
/// other.
SystemOp findSystem(mlir::ModuleOp module);

/// The functions of a module that are scheduled: those of its system or,
/// without one, that of `findFunction`.
mlir::FailureOr<llvm::SmallVector<mlir::FunctionOpInterface>>
findFunctions(mlir::ModuleOp module, llvm::StringRef name = "");

/// Whether an operation is one that the power manager carries out.
bool isManagerOperation(mlir::Operation *op);

/// Removes what the power manager did in a function by an earlier schedule.
void eraseManagerOperations(mlir::FunctionOpInterface function);

/// A network with its schedule. That is for the network's target, and every
/// layer has a state, with a level of the target for each of its domains.
struct ScheduledNetwork : Network {
  ScheduleOp schedule;
};

/// Function, target and layers of a module that is ready to be scheduled.
mlir::FailureOr<Network> findNetwork(mlir::ModuleOp module);

/// The same of all functions of `findFunctions`, which are on one target.
mlir::FailureOr<llvm::SmallVector<Network>> findNetworks(mlir::ModuleOp module);

/// The schedules of a function: one at most, once it is scheduled.
llvm::SmallVector<ScheduleOp> findSchedules(mlir::FunctionOpInterface function);

/// Function, target, layers and schedule of a module that has been scheduled.
mlir::FailureOr<ScheduledNetwork> findScheduledNetwork(mlir::ModuleOp module);
mlir::FailureOr<llvm::SmallVector<ScheduledNetwork>>
findScheduledNetworks(mlir::ModuleOp module);

/// Replaces the candidate levels (volts, increasing) and what goes by level
/// with them. Fails with an error if a matrix of transition costs lacks a
/// level.
mlir::LogicalResult setLevels(TargetOp target, llvm::ArrayRef<double> levelsV);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_NETWORK_H
