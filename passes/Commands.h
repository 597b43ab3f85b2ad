//===- Commands.h - A schedule as accesses to registers ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a processor does to have a schedule run: it writes registers of the
// power manager, or calls functions in their place, and waits until they say
// that something is done. Whatever becomes such a program is made of this list.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_COMMANDS_H
#define PFMLIR_PASSES_COMMANDS_H

#include "passes/Timeline.h"

namespace pfmlir::power {

/// One access, or a layer to run between its start and its end.
struct Command {
  enum Kind { Write, Wait, Run };
  Kind kind;
  /// When the schedule has it, from the beginning of the period.
  double timeS;
  /// What of the IR it is for.
  mlir::Operation *op;
  /// Of the register or function; with several fields in a register, the first
  /// that is set. Null to run a layer.
  FieldOp field;
  /// What the whole register gets, or the function; what the field is waited to
  /// be; or the number of the layer.
  uint64_t value;
};

/// The bits of a register that a field has, and where they begin; of functions,
/// all of a code's.
uint64_t getMask(FieldOp field);
unsigned getShift(FieldOp field);
/// Where the register is.
uint64_t getAddress(FieldOp field);

/// The code that a step sets a field of the map to; without a field where the
/// map has no use for it.
struct FieldCode {
  FieldOp field;
  uint64_t code;
};

/// That of a step; nothing where there is no code for it, or it does not fit.
std::optional<FieldCode> findFieldCode(TargetOp target, const Step &step);
/// The same, but reports an error at the step's operation.
mlir::FailureOr<FieldCode> getFieldCode(const Timeline &timeline,
                                        const Step &step);

/// What the registers hold while a layer runs in a state, with so many banks of
/// each memory powered, or no banks where that is not known. Nothing if they
/// can't be told all of it.
std::optional<llvm::SmallVector<FieldCode>>
findStateCodes(TargetOp target, StateAttr state,
               llvm::ArrayRef<double> poweredBanks);
/// The code of how the period ends: of null, staying in the last state.
std::optional<FieldCode> findTailCode(TargetOp target, mlir::Operation *tail);

/// The target's registers. Reports an error where it says nothing of them.
mlir::FailureOr<RegisterMapOp> findRegisterMap(TargetOp target);

/// The whole period. Reports an error where something can't be commanded.
mlir::FailureOr<std::vector<Command>> computeCommands(const Timeline &timeline);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_COMMANDS_H
