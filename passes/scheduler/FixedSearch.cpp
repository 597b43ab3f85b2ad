//===- FixedSearch.cpp - One choice of levels for all layers --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Referee.h"
#include "pfmlir/Scheduler/Search.h"

using namespace pfmlir::scheduler;

/// Whether every axis is as wanted.
static bool hasSettings(const Problem &problem, size_t state,
                        const std::vector<Setting> &wanted) {
  for (size_t axis = 0; axis < problem.numAxes(); ++axis)
    if (wanted[axis] != kAnySetting &&
        wanted[axis] != problem.settingsOf(state)[axis])
      return false;
  return true;
}

SearchResult
pfmlir::scheduler::evaluateFixed(const Problem &problem,
                                 const std::vector<Setting> &settings) {
  SearchResult result;
  std::vector<size_t> states;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    size_t end = problem.layerBegin[layer + 1];
    size_t best = end;
    for (size_t state = problem.layerBegin[layer]; state < end; ++state)
      if (hasSettings(problem, state, settings) &&
          (best == end || problem.energyJ[state] < problem.energyJ[best]))
        best = state;
    if (best == end) {
      result.fastestTimeS = std::numeric_limits<double>::infinity();
      return result;
    }
    states.push_back(best);
  }
  if (railsOf(problem, states).size() > problem.maxRails) {
    result.fastestTimeS = std::numeric_limits<double>::infinity();
    return result;
  }
  result.schedule = completeSchedule(problem, std::move(states));
  if (result.schedule.energyJ < std::numeric_limits<double>::infinity())
    result.status = Status::Feasible;
  else
    result.fastestTimeS = result.schedule.activeTimeS;
  return result;
}
