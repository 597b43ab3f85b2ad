//===- FastestPath.h - The schedule of least time ---------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_FASTESTPATH_H
#define PFMLIR_PASSES_SCHEDULER_FASTESTPATH_H

#include "passes/scheduler/Experience.h"
#include "passes/scheduler/Incumbent.h"

namespace pfmlir::scheduler {

struct FastestPath {
  /// Infinite if there is none.
  double timeS = std::numeric_limits<double>::infinity();
  std::vector<size_t> states;
};

/// Looks for the path of least time, and settles for one that takes at most
/// `enoughS`. Only cancelling the search ends this early. `graph` is of the
/// same problem.
FastestPath findFastest(const Problem &problem, const ProblemFacts &facts,
                        LayeredGraph &graph, double enoughS,
                        const Stopwatch &stopwatch);

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_FASTESTPATH_H
