//===- Referee.cpp - What a schedule costs --------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Referee.h"

using namespace pfmlir::scheduler;

//===----------------------------------------------------------------------===//
// Layers and transitions
//===----------------------------------------------------------------------===//

/// Where a transition stands in an axis's matrices.
static size_t entryOf(const Problem &problem, size_t axis, size_t from,
                      size_t to) {
  return size_t(problem.settingsOf(from)[axis]) *
             problem.axes[axis].numSettings() +
         problem.settingsOf(to)[axis];
}

/// Adds the energy of a transition, times `weight`, axis by axis to a sum.
static void addTransitionEnergy(const Problem &problem, size_t from, size_t to,
                                double timeS, double weight, double &sumJ) {
  for (size_t axis = 0; axis < problem.numAxes(); ++axis)
    sumJ +=
        weight *
        problem.axes[axis].transition.energyJ[entryOf(problem, axis, from, to)];
  sumJ += weight * (problem.transitionPowerW * timeS);
}

Transition pfmlir::scheduler::transitionBetween(const Problem &problem,
                                                size_t from, size_t to) {
  Transition total;
  bool isAdded = problem.ramps == Ramps::Added;
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    double timeS =
        problem.axes[axis].transition.timeS[entryOf(problem, axis, from, to)];
    total.timeS = isAdded ? total.timeS + timeS : std::max(total.timeS, timeS);
  }
  addTransitionEnergy(problem, from, to, total.timeS, /*weight=*/1,
                      total.energyJ);
  return total;
}

PathCost pfmlir::scheduler::transitionCost(const Problem &problem, size_t layer,
                                           size_t from, size_t to) {
  Transition change = transitionBetween(problem, from, to);
  return {problem.weightOf(layer) * change.energyJ, change.timeS};
}

PathCost pfmlir::scheduler::pathCost(const Problem &problem,
                                     const std::vector<size_t> &states) {
  PathCost path;
  for (size_t layer = 0; layer < states.size(); ++layer) {
    if (layer > 0) {
      PathCost change =
          transitionCost(problem, layer, states[layer - 1], states[layer]);
      path.energyJ += change.energyJ;
      path.timeS += change.timeS;
    }
    PathCost cost = layerCost(problem, layer, states[layer]);
    path.energyJ += cost.energyJ;
    path.timeS += cost.timeS;
  }
  return path;
}

PathCost pfmlir::scheduler::costAround(const Problem &problem,
                                       const std::vector<size_t> &states,
                                       size_t layer) {
  PathCost around = layerCost(problem, layer, states[layer]);
  auto add = [&](size_t entered) {
    PathCost change =
        transitionCost(problem, entered, states[entered - 1], states[entered]);
    around.energyJ += change.energyJ;
    around.timeS += change.timeS;
  };
  if (layer > 0)
    add(layer);
  if (layer + 1 < states.size())
    add(layer + 1);
  return around;
}

//===----------------------------------------------------------------------===//
// What does not depend on the path
//===----------------------------------------------------------------------===//

double pfmlir::scheduler::fixedEnergyJ(const Problem &problem) {
  double early = 1 - problem.lastWeight();
  if (early == 0)
    return 0;
  const SleepState &tail = problem.earlyTail;
  return early * (tail.energyJ + tail.powerW * (problem.periodS - tail.timeS));
}

std::vector<Level>
pfmlir::scheduler::railsOf(const Problem &problem,
                           const std::vector<size_t> &states) {
  std::vector<bool> isUsed(problem.numLevels);
  for (size_t state : states)
    for (size_t i = 0; i < problem.numAxes(); ++i) {
      Level rail = problem.axes[i].railOf[problem.settingsOf(state)[i]];
      if (rail != kNoRail)
        isUsed[rail] = true;
    }
  std::vector<Level> rails;
  for (size_t level = 0; level < isUsed.size(); ++level)
    if (isUsed[level])
      rails.push_back(static_cast<Level>(level));
  return rails;
}

//===----------------------------------------------------------------------===//
// Tails
//===----------------------------------------------------------------------===//

Tail pfmlir::scheduler::idleTail(const Problem &problem, double idlePowerW) {
  return sleepTail(problem, {idlePowerW, 0, 0});
}

Tail pfmlir::scheduler::sleepTail(const Problem &problem,
                                  const SleepState &sleep) {
  double weight = problem.lastWeight();
  return {weight * sleep.powerW, weight * sleep.energyJ,
          problem.periodS - sleep.timeS,
          problem.deadlineS() * (1 + kTimeTolerance) - sleep.timeS};
}

TailChoice pfmlir::scheduler::cheapestTail(const Problem &problem,
                                           double idlePowerW,
                                           double activeTimeS) {
  TailChoice best = {Schedule::kIdle, std::numeric_limits<double>::infinity()};
  auto offer = [&](int tail, const Tail &candidate) {
    if (!candidate.fits(activeTimeS))
      return;
    double energyJ = candidate.cost(activeTimeS);
    if (energyJ < best.energyJ)
      best = {tail, energyJ};
  };
  offer(Schedule::kIdle, idleTail(problem, idlePowerW));
  for (size_t k = 0; k < problem.sleepStates.size(); ++k)
    offer(static_cast<int>(k), sleepTail(problem, problem.sleepStates[k]));
  return best;
}

std::optional<size_t>
pfmlir::scheduler::earlySleepState(const Problem &problem) {
  const std::vector<SleepState> &states = problem.sleepStates;
  auto cost = [](const SleepState &state) {
    return std::pair(state.powerW, state.energyJ);
  };
  std::optional<size_t> best;
  for (size_t k = 0; k < states.size(); ++k)
    if (!best || cost(states[k]) < cost(states[*best]))
      best = k;
  return best;
}

//===----------------------------------------------------------------------===//
// Whole schedules
//===----------------------------------------------------------------------===//

Schedule pfmlir::scheduler::completeSchedule(const Problem &problem,
                                             std::vector<size_t> states) {
  PathCost path = pathCost(problem, states);
  TailChoice end =
      cheapestTail(problem, problem.idlePowerW[states.back()], path.timeS);
  Schedule schedule;
  schedule.tail = end.tail;
  // Counting the rails takes longer than all else.
  size_t numRails =
      problem.railPowerW == 0 ? 0 : railsOf(problem, states).size();
  schedule.energyJ =
      path.energyJ + end.energyJ + pathFreeEnergyJ(problem, numRails);
  schedule.activeTimeS = path.timeS;
  schedule.states = std::move(states);
  return schedule;
}

EnergyParts pfmlir::scheduler::splitEnergy(const Problem &problem,
                                           const Schedule &schedule) {
  EnergyParts parts;
  double restJ = schedule.energyJ;
  for (size_t layer = 0; layer < schedule.states.size(); ++layer) {
    size_t state = schedule.states[layer];
    double weight = problem.weightOf(layer);
    double energyJ = weight * problem.energyJ[state];
    double idleJ = weight * (problem.idlePowerW[state] * problem.timeS[state]);
    parts.idleJ += idleJ;
    parts.dynamicJ += energyJ - idleJ;
    restJ -= energyJ;
    if (layer == 0)
      continue;
    size_t before = schedule.states[layer - 1];
    addTransitionEnergy(problem, before, state,
                        transitionBetween(problem, before, state).timeS, weight,
                        parts.transitionJ);
  }
  if (problem.railPowerW != 0)
    parts.railsJ =
        railEnergyJ(problem, railsOf(problem, schedule.states).size());
  restJ -= parts.transitionJ;
  restJ -= parts.railsJ;
  // The rest, but for what subtraction leaves of nothing.
  parts.tailJ = restJ > 1e-12 * schedule.energyJ ? restJ : 0;
  return parts;
}

std::vector<LayerTiming>
pfmlir::scheduler::timingOf(const Problem &problem,
                            const std::vector<size_t> &states) {
  std::vector<LayerTiming> timing;
  double nowS = 0;
  for (size_t layer = 0; layer < states.size(); ++layer) {
    Transition change =
        layer == 0
            ? Transition()
            : transitionBetween(problem, states[layer - 1], states[layer]);
    double startS = nowS + change.timeS;
    timing.push_back({startS, change});
    nowS = startS + problem.timeS[states[layer]];
  }
  return timing;
}
