//===- Interruption.h - Passes that somebody waits for ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Work that runs in a thread of its own while its caller looks for a reason to
// stop it, such as Ctrl-C. MLIR hands nothing to a pass but its options, so
// what the searches in passes look at is the thread's.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_INTERRUPTION_H
#define PFMLIR_PASSES_INTERRUPTION_H

#include "pfmlir/Scheduler/Search.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace pfmlir::power {

/// What a caller who waits wants of the work.
enum class Wish {
  GoOn,
  /// To have what has been found by now.
  Finish,
  /// To have it over, without a result.
  Cancel,
};

/// Sleeps for 20 ms, or until the work is over.
using Sleep = llvm::function_ref<void()>;

/// Calls `work` in another thread, and `watch` in this one until the work is
/// over: it is to call what it is given, and to say what is wished then. Once
/// it wishes an end, searches end as they do at their time limit. What other
/// threads diagnose in `context` is reported in this one when the work is over.
void runInterruptibly(mlir::MLIRContext *context,
                      llvm::function_ref<void()> work,
                      llvm::function_ref<Wish(Sleep)> watch);

/// Limits that end a search when the caller of `runInterruptibly` wishes so. In
/// a thread that nobody waits for in this way, the limits as they are.
scheduler::SearchLimits interruptible(scheduler::SearchLimits limits);

/// Whether the caller of `runInterruptibly` wishes that there be no more work.
bool isInterrupted();

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_INTERRUPTION_H
