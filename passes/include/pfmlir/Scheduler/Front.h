//===- Front.h - Least energy against the period ----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The least energy of a period, for every period of a range, within a
// tolerance. `docs/search.md` says how, and why it holds between the points as
// well.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_SCHEDULER_FRONT_H
#define PFMLIR_SCHEDULER_FRONT_H

#include "pfmlir/Scheduler/Search.h"

namespace pfmlir::scheduler {

/// One period, a schedule for it, and what no schedule of it has less than.
struct FrontPoint {
  double periodS = 0;
  Schedule schedule;
  double lowerBoundJ = 0;
  /// Whether the schedule is proven to be one of least energy.
  bool isOptimal = false;
};

struct FrontRequest {
  /// The range of periods; nothing is said of others. The shortest must be one
  /// that some schedule keeps.
  double shortestS = 0;
  double longestS = 0;
  /// How far the front may be from the points, relative to the energy.
  double tolerance = 0.01;
  /// Where to stop; at least 2, the ends.
  size_t mostPoints = 1000;
  /// Whether every point has to be a proven optimum.
  bool provesPoints = false;
};

struct Front {
  /// By period, increasing.
  std::vector<FrontPoint> points;
  /// How far the front can be from the points: each of them costs no more than
  /// this above its optimum, relative to it; and so does, at any period in
  /// between, the schedule of the point before it, or of the point after it
  /// where that is in time.
  double tolerance = 0;
  /// How many points took a search of their own.
  size_t numSearches = 0;
};

Front searchFront(const PreparedProblem &prepared, const FrontRequest &request,
                  const SearchLimits &limits);

/// From where more time would save no more energy, were waiting free: the
/// longest period that makes a difference; at least the shortest that there is.
double longestUsefulPeriod(const PreparedProblem &prepared,
                           const SearchLimits &limits);

} // namespace pfmlir::scheduler

#endif // PFMLIR_SCHEDULER_FRONT_H
