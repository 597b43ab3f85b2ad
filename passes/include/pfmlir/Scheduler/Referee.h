//===- Referee.h - What a schedule costs ------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The energy and the time of a schedule. Searches, baselines, splits and
// reports all call this, so that they mean the same; `verify`, the pass over
// the IR and the checker of certificates recompute it without, on purpose.
//
// A choice of states s_1 .. s_N takes the active time
//
//   A = sum over layers of  time(s_l) + transition time(s_(l-1), s_l),
//
// which must be at most the deadline. In the mean a period takes
//
//   sum over layers of  w_l (energy(s_l) + transition energy(s_(l-1), s_l))
//     + w_N tail(A) + sum over l < N of  (w_l - w_(l+1)) early tail(A_l)
//     + rails in use x rail power x period,
//
// where w_l is the weight of layer l, A_l the time of the layers up to it, and
//
//   tail(A) = energy + power (period - time - A).
//
// Idling is a tail without energy and time, of the power of the last state; a
// sleep state is one with its own. As the early tail is linear in A_l, it can
// be told apart into what each layer takes of it (`layerCost`) and a constant
// (`fixedEnergyJ`), and the whole is a sum along a path again. Transitions take
// nothing of it: periods that end early are charged for them as for waiting, so
// that no arc of a path has a negative cost.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_SCHEDULER_REFEREE_H
#define PFMLIR_SCHEDULER_REFEREE_H

#include "pfmlir/Scheduler/Problem.h"

#include <algorithm>
#include <limits>

namespace pfmlir::scheduler {

//===----------------------------------------------------------------------===//
// Layers and transitions
//===----------------------------------------------------------------------===//

/// Energy and time of the transition between two states, where it happens.
struct Transition {
  double energyJ = 0;
  double timeS = 0;
};
Transition transitionBetween(const Problem &problem, size_t from, size_t to);

/// A part of a path: what it adds to the mean energy of a period, and its time
/// if all of its layers run.
struct PathCost {
  double energyJ = 0;
  double timeS = 0;
};

/// What a state of a layer adds. Where periods end early, what it takes of
/// their tails is subtracted: `fixedEnergyJ` has them whole.
inline PathCost layerCost(const Problem &problem, size_t layer, size_t state) {
  double energyJ = problem.energyJ[state], timeS = problem.timeS[state];
  if (problem.layerWeight.empty())
    return {energyJ, timeS};
  double weight = problem.layerWeight[layer];
  // Periods that end early after this layer have a shorter tail for it.
  double early = weight - problem.lastWeight();
  return {weight * energyJ - early * problem.earlyTail.powerW * timeS, timeS};
}
/// What the transition into `layer` adds.
PathCost transitionCost(const Problem &problem, size_t layer, size_t from,
                        size_t to);
/// Of one state a layer, transitions included.
PathCost pathCost(const Problem &problem, const std::vector<size_t> &states);
/// Of one layer of a path, and the transitions into it and out of it.
PathCost costAround(const Problem &problem, const std::vector<size_t> &states,
                    size_t layer);

//===----------------------------------------------------------------------===//
// What does not depend on the path
//===----------------------------------------------------------------------===//

/// The tails of periods that end early, as if their layers took no time.
double fixedEnergyJ(const Problem &problem);

/// What so many rails in use draw in a period.
inline double railEnergyJ(const Problem &problem, size_t numRails) {
  return static_cast<double>(numRails) * (problem.railPowerW * problem.periodS);
}

/// What a period takes on so many rails besides its path and its tail.
inline double pathFreeEnergyJ(const Problem &problem, size_t numRails) {
  return fixedEnergyJ(problem) + railEnergyJ(problem, numRails);
}

/// The levels that the settings of these states need as rails, increasing.
std::vector<Level> railsOf(const Problem &problem,
                           const std::vector<size_t> &states);

//===----------------------------------------------------------------------===//
// Tails
//===----------------------------------------------------------------------===//

/// One way to end the period: `energyJ + powerW * (room left)`, where the
/// layers and transitions have `roomS` seconds. In the mean: periods that end
/// early have another.
struct Tail {
  double powerW;
  double energyJ;
  /// May be slightly negative for a sleep state as long as the period.
  double roomS;
  /// The hard limit of the active time, with the tolerance of the deadline.
  double limitS;

  bool fits(double activeTimeS) const { return activeTimeS <= limitS; }
  double cost(double activeTimeS) const {
    return energyJ + powerW * std::max(0.0, roomS - activeTimeS);
  }
};

/// Staying on in a state of this idle power.
Tail idleTail(const Problem &problem, double idlePowerW);
Tail sleepTail(const Problem &problem, const SleepState &sleep);

/// The cheapest tail that fits, the first of equals, with idling first.
struct TailChoice {
  int tail;
  double energyJ;
};

/// Nothing fits if `activeTimeS` is past the deadline; the energy is then
/// infinite.
TailChoice cheapestTail(const Problem &problem, double idlePowerW,
                        double activeTimeS);

/// The sleep state in which periods wait that end early: the one that draws
/// least, of equals that of least energy, and then the first. Nothing if there
/// is none.
std::optional<size_t> earlySleepState(const Problem &problem);

//===----------------------------------------------------------------------===//
// Whole schedules
//===----------------------------------------------------------------------===//

/// A schedule of these states with its cheapest tail. If they miss the
/// deadline the energy is infinite and only the time means something.
Schedule completeSchedule(const Problem &problem, std::vector<size_t> states);

/// The mean energy of a period in parts, which add up to it.
struct EnergyParts {
  /// Of the layers: at the idle power of their states, and the rest.
  double idleJ = 0;
  double dynamicJ = 0;
  double transitionJ = 0;
  /// Of all tails.
  double tailJ = 0;
  double railsJ = 0;
};
EnergyParts splitEnergy(const Problem &problem, const Schedule &schedule);

/// When a layer starts, in seconds from the beginning of the period, and what
/// getting into its state took right before.
struct LayerTiming {
  double startS;
  Transition transition;
};
std::vector<LayerTiming> timingOf(const Problem &problem,
                                  const std::vector<size_t> &states);

} // namespace pfmlir::scheduler

#endif // PFMLIR_SCHEDULER_REFEREE_H
