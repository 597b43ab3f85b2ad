//===- Tail.h - What follows the last layer ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tails of a schedule, and the completion of a choice of states to a
// schedule with its cheapest tail. Every search ends here, so that all of them
// mean the same by a schedule's energy.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_TAIL_H
#define PFMLIR_PASSES_SCHEDULER_TAIL_H

#include "pfmlir/Scheduler/Problem.h"

#include <algorithm>
#include <limits>

namespace pfmlir::scheduler {

/// One way to end the period: `energyJ + powerW * (room left)`, where the
/// layers and transitions have `roomS` seconds.
struct Tail {
  double powerW;
  double energyJ;
  /// May be slightly negative for a sleep state as long as the period.
  double roomS;
  /// `roomS` with the tolerance of the deadline; the hard limit.
  double limitS;

  bool fits(double activeTimeS) const { return activeTimeS <= limitS; }
  double cost(double activeTimeS) const {
    return energyJ + powerW * std::max(0.0, roomS - activeTimeS);
  }
};

/// Staying on at `leakageW`.
inline Tail idleTail(const Problem &problem, double leakageW) {
  return {leakageW, 0, problem.periodS, problem.periodS * (1 + kTimeTolerance)};
}

inline Tail sleepTail(const Problem &problem, const SleepState &sleep) {
  return {sleep.powerW, sleep.energyJ, problem.periodS - sleep.timeS,
          problem.periodS * (1 + kTimeTolerance) - sleep.timeS};
}

/// The cheapest tail that fits, the first of equals, with idling first.
struct TailChoice {
  int tail;
  double energyJ;
};

/// Nothing fits if `activeTimeS` is past the deadline; the energy is then
/// infinite.
TailChoice cheapestTail(const Problem &problem, double leakageW,
                        double activeTimeS);

/// Energy and time of the transition between two states.
struct Transition {
  double energyJ = 0;
  double timeS = 0;
};
Transition transitionBetween(const Problem &problem, size_t from, size_t to);

/// A schedule of these states with its cheapest tail. If they miss the
/// deadline the energy is infinite and only the time means something.
Schedule completeSchedule(const Problem &problem, std::vector<size_t> states);

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_TAIL_H
