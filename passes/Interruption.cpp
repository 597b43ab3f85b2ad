//===- Interruption.cpp - Passes that somebody waits for ------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Interruption.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"

#include <chrono>
#include <future>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

namespace {
/// What is wished of the work of a thread.
struct Wishes {
  std::atomic<bool> isOver = false;
  std::atomic<bool> isCancelled = false;
};
} // namespace

static thread_local const Wishes *current = nullptr;

scheduler::SearchLimits
pfmlir::power::interruptible(scheduler::SearchLimits limits) {
  if (current) {
    limits.isCancelled = &current->isCancelled;
  }
  return limits;
}

bool pfmlir::power::isInterrupted() {
  return current && (current->isOver || current->isCancelled);
}

void pfmlir::power::runInterruptibly(MLIRContext *context,
                                     llvm::function_ref<void()> work,
                                     llvm::function_ref<Wish(Sleep)> watch) {
  Wishes wishes;
  // Handlers may be Python's, which are not for other threads.
  std::vector<Diagnostic> diagnostics;
  {
    auto caller = std::this_thread::get_id();
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      if (std::this_thread::get_id() == caller)
        return failure();
      diagnostics.push_back(std::move(diagnostic));
      return success();
    });
    auto done = std::async(std::launch::async, [&] {
      current = &wishes;
      llvm::scope_exit reset([] { current = nullptr; });
      work();
    });
    constexpr std::chrono::milliseconds kBetweenLooks(20);
    bool isDone = false;
    while (!isDone) {
      Wish wish = watch([&] {
        isDone = done.wait_for(kBetweenLooks) == std::future_status::ready;
      });
      wishes.isOver = wishes.isOver || wish != Wish::GoOn;
      wishes.isCancelled = wishes.isCancelled || wish == Wish::Cancel;
    }
  }
  for (Diagnostic &diagnostic : diagnostics)
    context->getDiagEngine().emit(std::move(diagnostic));
}
