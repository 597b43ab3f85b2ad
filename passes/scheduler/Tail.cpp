//===- Tail.cpp - What follows the last layer -----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Tail.h"

#include <limits>

using namespace pfmlir::scheduler;

TailChoice pfmlir::scheduler::cheapestTail(const Problem &problem,
                                           double leakageW,
                                           double activeTimeS) {
  TailChoice best = {Schedule::kIdle, std::numeric_limits<double>::infinity()};
  auto offer = [&](int tail, const Tail &candidate) {
    if (!candidate.fits(activeTimeS))
      return;
    double energyJ = candidate.cost(activeTimeS);
    if (energyJ < best.energyJ)
      best = {tail, energyJ};
  };
  offer(Schedule::kIdle, idleTail(problem, leakageW));
  for (size_t k = 0; k < problem.sleepStates.size(); ++k)
    offer(static_cast<int>(k), sleepTail(problem, problem.sleepStates[k]));
  return best;
}

Transition pfmlir::scheduler::transitionBetween(const Problem &problem,
                                                size_t from, size_t to) {
  Transition total;
  const Level *fromLevels = problem.levelsOf(from);
  const Level *toLevels = problem.levelsOf(to);
  for (unsigned domain = 0; domain < problem.numDomains; ++domain) {
    const TransitionCost &cost = problem.transitions[domain];
    size_t entry =
        size_t(fromLevels[domain]) * problem.numLevels + toLevels[domain];
    total.energyJ += cost.energyJ[entry];
    total.timeS += cost.timeS[entry];
  }
  return total;
}

Schedule pfmlir::scheduler::completeSchedule(const Problem &problem,
                                             std::vector<size_t> states) {
  double energyJ = 0, timeS = 0;
  for (size_t layer = 0; layer < states.size(); ++layer) {
    if (layer > 0) {
      Transition change =
          transitionBetween(problem, states[layer - 1], states[layer]);
      energyJ += change.energyJ;
      timeS += change.timeS;
    }
    energyJ += problem.energyJ[states[layer]];
    timeS += problem.timeS[states[layer]];
  }
  TailChoice end =
      cheapestTail(problem, problem.leakageW[states.back()], timeS);
  Schedule schedule;
  schedule.states = std::move(states);
  schedule.tail = end.tail;
  schedule.energyJ = energyJ + end.energyJ;
  schedule.activeTimeS = timeS;
  return schedule;
}
