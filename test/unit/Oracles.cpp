//===- Oracles.cpp - Answers that share no code with the library ----------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Oracles.h"

#include <algorithm>
#include <map>
#include <set>

using namespace pfmlir::scheduler;

namespace {
/// Of the transition between two states: all axes.
struct Change {
  double energyJ = 0;
  double timeS = 0;
};
} // namespace

static Change changeBetween(const Problem &problem, size_t from, size_t to) {
  Change change;
  double longestS = 0;
  for (size_t i = 0; i < problem.axes.size(); ++i) {
    const Axis &axis = problem.axes[i];
    size_t entry = problem.stateSettings[from * problem.axes.size() + i] *
                       axis.railOf.size() +
                   problem.stateSettings[to * problem.axes.size() + i];
    change.energyJ += axis.transition.energyJ[entry];
    change.timeS += axis.transition.timeS[entry];
    longestS = std::max(longestS, axis.transition.timeS[entry]);
  }
  if (problem.ramps == Ramps::Overlapping)
    change.timeS = longestS;
  change.energyJ += change.timeS * problem.transitionPowerW;
  return change;
}

Sums pfmlir::scheduler::sumsOf(const Problem &problem,
                               const std::vector<size_t> &states) {
  Sums sums;
  std::set<Level> rails;
  double weight = 1, layersS = 0;
  for (size_t i = 0; i < states.size(); ++i) {
    if (!problem.layerWeight.empty()) {
      // Of the periods that have come so far, some end here.
      double ended = weight - problem.layerWeight[i];
      weight = problem.layerWeight[i];
      const SleepState &tail = problem.earlyTail;
      sums.energyJ +=
          ended * (tail.energyJ +
                   tail.powerW * (problem.periodS - tail.timeS - layersS));
    }
    sums.energyJ += weight * problem.energyJ[states[i]];
    sums.timeS += problem.timeS[states[i]];
    layersS += problem.timeS[states[i]];
    for (size_t axis = 0; axis < problem.axes.size(); ++axis) {
      size_t setting =
          problem.stateSettings[states[i] * problem.axes.size() + axis];
      if (problem.axes[axis].railOf[setting] != kNoRail)
        rails.insert(problem.axes[axis].railOf[setting]);
    }
    if (i == 0)
      continue;
    Change change = changeBetween(problem, states[i - 1], states[i]);
    sums.energyJ += weight * change.energyJ;
    sums.timeS += change.timeS;
  }
  sums.rails = rails.size();
  sums.energyJ += double(rails.size()) * problem.railPowerW * problem.periodS;
  return sums;
}

double pfmlir::scheduler::restEnergy(const Problem &problem,
                                     const SleepState &rest, double timeS) {
  double endS = timeS + rest.timeS;
  if (endS > problem.periodS * (1 - problem.margin) * (1 + 1e-12))
    return kInfinity;
  double weight = problem.layerWeight.empty() ? 1 : problem.layerWeight.back();
  return weight *
         (rest.energyJ + rest.powerW * std::max(0.0, problem.periodS - endS));
}

double pfmlir::scheduler::leastRestEnergy(const Problem &problem,
                                          double idlePowerW, double timeS) {
  double least = restEnergy(problem, {idlePowerW, 0, 0}, timeS);
  for (const SleepState &sleep : problem.sleepStates)
    least = std::min(least, restEnergy(problem, sleep, timeS));
  return least;
}

void pfmlir::scheduler::forEachSchedule(
    const Problem &problem,
    const std::function<void(const std::vector<size_t> &)> &visit) {
  std::vector<size_t> states(problem.layerBegin.begin(),
                             problem.layerBegin.end() - 1);
  while (true) {
    visit(states);
    size_t layer = 0;
    while (layer < states.size() &&
           ++states[layer] == problem.layerBegin[layer + 1]) {
      states[layer] = problem.layerBegin[layer];
      ++layer;
    }
    if (layer == states.size())
      return;
  }
}

Answer pfmlir::scheduler::enumerate(const Problem &problem) {
  Answer answer;
  forEachSchedule(problem, [&](const std::vector<size_t> &states) {
    Sums sums = sumsOf(problem, states);
    if (sums.rails > problem.maxRails)
      return;
    answer.fastestTimeS = std::min(answer.fastestTimeS, sums.timeS);
    double idlePowerW = problem.idlePowerW[states.back()];
    answer.energyJ = std::min(
        answer.energyJ,
        sums.energyJ + leastRestEnergy(problem, idlePowerW, sums.timeS));
  });
  return answer;
}

double pfmlir::scheduler::tabulate(const Problem &problem) {
  double best = kInfinity;
  size_t numTimes = static_cast<size_t>(problem.periodS) + 1;
  for (unsigned rails = 1; rails < 1u << problem.numLevels; ++rails) {
    auto allowed = [&](size_t state) {
      for (unsigned d = 0; d < problem.numAxes(); ++d)
        if (!(rails >> problem.stateSettings[state * problem.numAxes() + d] &
              1))
          return false;
      return true;
    };
    unsigned count = 0;
    for (unsigned level = 0; level < problem.numLevels; ++level)
      count += rails >> level & 1;
    if (count > problem.maxRails)
      continue;
    std::map<size_t, std::vector<double>> before;
    for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
      std::map<size_t, std::vector<double>> here;
      for (size_t to = problem.layerBegin[layer];
           to < problem.layerBegin[layer + 1]; ++to) {
        if (!allowed(to))
          continue;
        std::vector<double> &row = here[to];
        row.assign(numTimes, kInfinity);
        if (layer == 0) {
          if (problem.timeS[to] < double(numTimes))
            row[size_t(problem.timeS[to])] = problem.energyJ[to];
          continue;
        }
        for (const auto &[from, energies] : before) {
          Sums pair = sumsOf(problem, {from, to});
          double energyJ = pair.energyJ - problem.energyJ[from];
          size_t delay = size_t(pair.timeS - problem.timeS[from]);
          for (size_t time = delay; time < numTimes; ++time)
            row[time] = std::min(row[time], energies[time - delay] + energyJ);
        }
      }
      before = std::move(here);
    }
    for (const auto &[state, energies] : before)
      for (size_t time = 0; time < numTimes; ++time)
        best = std::min(best,
                        energies[time] +
                            leastRestEnergy(problem, problem.idlePowerW[state],
                                            double(time)));
  }
  return best;
}
