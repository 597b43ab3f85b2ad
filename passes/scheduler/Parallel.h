//===- Parallel.h - A parallel loop -----------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_PARALLEL_H
#define PFMLIR_PASSES_SCHEDULER_PARALLEL_H

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace pfmlir::scheduler {

/// Calls body(worker, i) for every i < count, with worker < numWorkers and
/// never two calls of one worker at a time. A single worker is the caller.
/// Throws what a call throws, such as that there is no memory, once all have
/// ended.
template <typename Body>
void parallelFor(size_t count, size_t numWorkers, const Body &body) {
  std::atomic<size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failureMutex;
  auto work = [&](size_t worker) {
    try {
      for (size_t i; (i = next.fetch_add(1)) < count;)
        body(worker, i);
    } catch (...) {
      next = count;
      std::lock_guard<std::mutex> lock(failureMutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  others.reserve(numWorkers);
  try {
    for (size_t worker = 1; worker < std::min(count, numWorkers); ++worker)
      others.emplace_back(work, worker);
  } catch (const std::system_error &) {
    // The machine has no more threads; those that there are do all the work.
  }
  work(0);
  for (std::thread &other : others)
    other.join();
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_PARALLEL_H
