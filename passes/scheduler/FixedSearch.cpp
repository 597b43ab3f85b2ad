//===- FixedSearch.cpp - One choice of levels for all layers --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Tail.h"
#include "pfmlir/Scheduler/Search.h"

using namespace pfmlir::scheduler;

SearchResult
pfmlir::scheduler::evaluateFixed(const Problem &problem,
                                 const std::vector<Level> &levels) {
  SearchResult result;
  std::vector<size_t> states;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    size_t end = problem.layerBegin[layer + 1];
    size_t best = end;
    for (size_t state = problem.layerBegin[layer]; state < end; ++state)
      if (std::equal(levels.begin(), levels.end(), problem.levelsOf(state)) &&
          (best == end || problem.energyJ[state] < problem.energyJ[best]))
        best = state;
    if (best == end) {
      result.fastestTimeS = std::numeric_limits<double>::infinity();
      return result;
    }
    states.push_back(best);
  }
  result.schedule = completeSchedule(problem, std::move(states));
  if (result.schedule.energyJ < std::numeric_limits<double>::infinity())
    result.status = Status::Feasible;
  else
    result.fastestTimeS = result.schedule.activeTimeS;
  return result;
}
