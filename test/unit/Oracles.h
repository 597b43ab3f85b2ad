//===- Oracles.h - Answers that share no code with the library --*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Enumeration of all schedules for small problems, and a table over whole
// numbers of time units for longer ones. They read the definition in Problem.h,
// and share nothing with the library.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_TEST_UNIT_ORACLES_H
#define PFMLIR_TEST_UNIT_ORACLES_H

#include "pfmlir/Scheduler/Problem.h"

#include <functional>
#include <limits>

namespace pfmlir::scheduler {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What the definition says of one choice of states, but for its tail.
struct Sums {
  double energyJ = 0;
  double timeS = 0;
  size_t rails = 0;
};
Sums sumsOf(const Problem &problem, const std::vector<size_t> &states);

/// Energy of the period after the last layer by one means; infinite where it
/// does not fit.
double restEnergy(const Problem &problem, const SleepState &rest, double timeS);
/// By the cheapest.
double leastRestEnergy(const Problem &problem, double idlePowerW, double timeS);

void forEachSchedule(
    const Problem &problem,
    const std::function<void(const std::vector<size_t> &)> &visit);

struct Answer {
  double energyJ = kInfinity;
  double fastestTimeS = kInfinity;
};
Answer enumerate(const Problem &problem);

/// For whole times: least energy by last state and time, for each set of rails.
double tabulate(const Problem &problem);

} // namespace pfmlir::scheduler

#endif // PFMLIR_TEST_UNIT_ORACLES_H
