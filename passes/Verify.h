//===- Verify.h - What verifying a schedule consists of ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_VERIFY_H
#define PFMLIR_PASSES_VERIFY_H

#include "pfmlir/Passes/Network.h"

namespace pfmlir::power {

/// Follows the power manager through the function, and reports what differs
/// from what the IR says.
llvm::LogicalResult replaySchedule(const ScheduledNetwork &network);

/// Recomputes what a schedule is compared with, and whether the target allows
/// it.
llvm::LogicalResult verifyBaselines(const ScheduledNetwork &network);

/// Compares what a system says of itself with its networks' schedules.
llvm::LogicalResult verifySystem(SystemOp system,
                                 llvm::ArrayRef<ScheduledNetwork> networks);

/// Searches again for the lower bound of a system.
llvm::LogicalResult proveSystemBound(SystemOp system,
                                     llvm::ArrayRef<ScheduledNetwork> networks);

/// Searches again for the lower bound of a schedule: no statement of the IR
/// proves it.
llvm::LogicalResult proveBound(const ScheduledNetwork &network);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_VERIFY_H
