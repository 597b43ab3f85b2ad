//===- RandomProblems.cpp - Problems that follow from a seed --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomProblems.h"

#include "gtest/gtest.h"

#include <cstdlib>

using namespace pfmlir::scheduler;

void Generator::addTransitions(Problem &problem, double energyScale,
                               double timeScale) {
  unsigned kind = between(0, 3);
  if (kind == 0)
    return;
  if (kind == 1) {
    // In this order, whatever the compiler.
    double energyJ = cost(energyScale), timeS = cost(timeScale);
    problem.setLevelAxes(problem.numAxes(), energyJ, timeS);
    return;
  }
  // Any matrix, without symmetry or triangle inequality.
  if (kind == 2)
    timeScale *= 30;
  for (Axis &axis : problem.axes)
    for (size_t from = 0; from < axis.numSettings(); ++from)
      for (size_t to = 0; to < axis.numSettings(); ++to) {
        size_t entry = from * axis.numSettings() + to;
        axis.transition.energyJ[entry] = from == to ? 0 : cost(energyScale);
        axis.transition.timeS[entry] = from == to ? 0 : cost(timeScale);
      }
}

void Generator::addSleepStates(Problem &problem) {
  for (unsigned k = between(0, 3); k > 0; --k)
    problem.sleepStates.push_back({cost(0.5), cost(2), cost(2)});
}

void Generator::addRandomState(Problem &problem) {
  std::vector<Setting> settings;
  for (const Axis &axis : problem.axes)
    settings.push_back(static_cast<Setting>(
        between(0, static_cast<unsigned>(axis.numSettings()) - 1)));
  double energyJ = cost(4), timeS = cost(4), idlePowerW = cost(1);
  problem.addState(settings, energyJ, timeS, idlePowerW);
}

void Generator::addLayers(Problem &problem) {
  bool isRepeated = chance(15);
  for (unsigned layer = between(1, 5); layer > 0; --layer) {
    problem.addLayer();
    if (isRepeated && problem.numLayers() > 1) {
      for (size_t i = 0; i < problem.numStates(0); ++i) {
        const Level *levels = problem.settingsOf(i);
        problem.addState({levels, levels + problem.numAxes()},
                         problem.energyJ[i], problem.timeS[i],
                         problem.idlePowerW[i]);
      }
      continue;
    }
    for (unsigned states = between(1, 6); states > 0; --states)
      addRandomState(problem);
  }
}

Problem Generator::smallProblem() {
  return smallProblem(static_cast<Style>(chance(15) ? 2 : between(0, 1)));
}

Problem Generator::smallProblem(Style newStyle) {
  style = newStyle;
  Problem problem;
  problem.numLevels = between(1, 4);
  problem.setLevelAxes(between(1, 3));
  problem.maxRails = between(1, problem.numLevels + 1);
  addTransitions(problem, 0.5, 0.5);
  addSleepStates(problem);
  addLayers(problem);
  problem.periodS = 1;
  return problem;
}

Problem Generator::wholeTimesProblem() {
  style = Style::Continuous;
  Problem problem;
  problem.numLevels = between(2, 4);
  unsigned numAxes = between(1, 2);
  problem.maxRails = between(1, problem.numLevels);
  double transitionJ = chance(30) ? 0 : 0.2 * fraction();
  problem.setLevelAxes(numAxes, transitionJ, between(0, 2));
  for (unsigned k = between(0, 2); k > 0; --k)
    problem.sleepStates.push_back(
        {0.2 * fraction(), fraction(), double(between(0, 9))});
  unsigned numLayers = between(10, 30);
  for (unsigned layer = 0; layer < numLayers; ++layer) {
    problem.addLayer();
    for (unsigned states = between(4, 12); states > 0; --states) {
      addRandomState(problem);
      problem.timeS.own().back() = between(0, 12);
      // Roughly, what is faster needs more energy.
      problem.energyJ.own().back() =
          (1 + 0.3 * fraction()) * 8 / (2 + problem.timeS.own().back());
    }
  }
  problem.periodS = numLayers * between(2, 8);
  return problem;
}

/// An axis of any settings: on rails, on the same rail, or on none.
void Generator::addAxis(Problem &problem) {
  Axis axis;
  bool needsRails = chance(70);
  for (unsigned setting = between(1, 4); setting > 0; --setting)
    axis.railOf.push_back(
        needsRails && chance(80)
            ? static_cast<Level>(between(0, problem.numLevels - 1))
            : kNoRail);
  double scale = chance(30) ? 0 : 0.5;
  for (size_t from = 0; from < axis.numSettings(); ++from)
    for (size_t to = 0; to < axis.numSettings(); ++to) {
      axis.transition.energyJ.push_back(from == to ? 0 : cost(scale));
      axis.transition.timeS.push_back(from == to ? 0 : cost(scale));
    }
  problem.axes.push_back(axis);
}

/// Some layers run only in a part of the periods.
void Generator::addEarlyEnds(Problem &problem) {
  double weight = 1;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    if (layer > 0 && chance(40))
      weight *= between(0, 4) / 4.0;
    problem.layerWeight.push_back(weight);
  }
  // Within what `check` asks for.
  double leastW = 1, leastS = 1;
  for (size_t state = 0; state < problem.energyJ.size(); ++state) {
    double timeS = problem.timeS[state];
    leastS = std::min(leastS, timeS);
    if (timeS > 0)
      leastW = std::min(leastW, problem.energyJ[state] / timeS);
  }
  problem.earlyTail = {leastW * fraction() * 0.999, cost(1),
                       leastS * fraction()};
}

Problem Generator::richProblem() {
  style = static_cast<Style>(chance(15) ? 2 : between(0, 1));
  Problem problem;
  problem.numLevels = between(1, 4);
  problem.maxRails = between(1, problem.numLevels + 1);
  for (unsigned axis = between(1, 3); axis > 0; --axis)
    addAxis(problem);
  addSleepStates(problem);
  addLayers(problem);
  if (chance(50))
    problem.ramps = Ramps::Overlapping;
  if (chance(50))
    problem.railPowerW = cost(0.2);
  if (chance(30))
    problem.transitionPowerW = cost(0.5);
  if (chance(30))
    problem.margin = 0.5 * fraction();
  if (chance(40))
    addEarlyEnds(problem);
  problem.periodS = 1;
  return problem;
}

/// Seeds that once showed a mistake, in whatever version or experiment.
static constexpr uint64_t kKeptSeeds[] = {2217, 20038};

void pfmlir::scheduler::forEachSeed(uint64_t count,
                                    const std::function<void(uint64_t)> &body) {
  if (const char *only = std::getenv("PFMLIR_SEED")) {
    SCOPED_TRACE(std::string("PFMLIR_SEED=") + only);
    return body(std::strtoull(only, nullptr, 10));
  }
  if (const char *number = std::getenv("PFMLIR_SEEDS"))
    count = std::strtoull(number, nullptr, 10);
  std::vector<uint64_t> seeds(std::begin(kKeptSeeds), std::end(kKeptSeeds));
  for (uint64_t seed = 1; seed <= count; ++seed)
    seeds.push_back(seed);
  for (uint64_t seed : seeds) {
    SCOPED_TRACE("PFMLIR_SEED=" + std::to_string(seed));
    body(seed);
    if (testing::Test::HasFailure())
      return;
  }
}
