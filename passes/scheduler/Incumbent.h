//===- Incumbent.h - Best schedule so far, and time left --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_INCUMBENT_H
#define PFMLIR_PASSES_SCHEDULER_INCUMBENT_H

#include "pfmlir/Scheduler/Search.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace pfmlir::scheduler {

/// The instant at which a search has to end.
class Stopwatch {
public:
  explicit Stopwatch(const SearchLimits &limits)
      : limitS(limits.timeS), cancelled(limits.isCancelled),
        start(std::chrono::steady_clock::now()) {}

  /// Infinite without a limit.
  double remainingS() const {
    std::chrono::duration<double> spent =
        std::chrono::steady_clock::now() - start;
    return std::max(limitS - spent.count(), 0.0);
  }

  bool isCancelled() const { return cancelled && *cancelled; }

  bool isOver() const {
    if (isCancelled())
      return true;
    // Without a limit there is no need to look at the clock.
    return limitS != std::numeric_limits<double>::infinity() &&
           remainingS() == 0;
  }

private:
  double limitS;
  const std::atomic<bool> *cancelled;
  std::chrono::steady_clock::time_point start;
};

/// The cheapest of the schedules met; the first of equals.
class Incumbent {
public:
  Incumbent() { best.energyJ = std::numeric_limits<double>::infinity(); }

  double energyJ() const { return best.energyJ; }
  const Schedule &schedule() const { return best; }
  /// A subproblem whose bound is not below this cannot improve the incumbent.
  double cutoffJ() const { return best.energyJ * (1 - kEnergyTolerance); }

  void offer(Schedule schedule) {
    if (schedule.energyJ < best.energyJ)
      best = std::move(schedule);
  }

private:
  Schedule best;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_INCUMBENT_H
