//===- Verify.cpp - Independent check of a schedule -----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the definition in Problem.h off the problem's own arrays. What the
// searches share is deliberately not used here, so that a mistake in it shows.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Problem.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

using namespace pfmlir::scheduler;

namespace {
/// A sum with Neumaier's compensation: the rounding errors of the additions
/// are added up on the side.
class CompensatedSum {
public:
  void add(double term) {
    double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term
                                            : (term - next) + sum;
    sum = next;
  }
  double value() const { return sum + lost; }

private:
  double sum = 0;
  double lost = 0;
};
} // namespace

static std::string toString(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", value);
  return text;
}

static std::string expected(const std::string &what, const std::string &wanted,
                            const std::string &got) {
  return what + ": expected " + wanted + ", but got " + got;
}

/// Whether a stated sum is the sum made here. NaN never is.
static bool agree(double stated, double sum, double slack = 0) {
  constexpr double kRelative = 1e-9;
  return std::abs(stated - sum) <= kRelative * std::abs(sum) + slack;
}

static std::optional<std::string> verifyStates(const Problem &problem,
                                               const Schedule &schedule) {
  if (schedule.states.size() != problem.numLayers())
    return expected("schedule", std::to_string(problem.numLayers()) + " states",
                    std::to_string(schedule.states.size()));
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    size_t state = schedule.states[layer];
    size_t begin = problem.layerBegin[layer];
    size_t end = problem.layerBegin[layer + 1];
    if (state < begin || state >= end)
      return expected("state of layer " + std::to_string(layer),
                      "one in [" + std::to_string(begin) + ", " +
                          std::to_string(end) + ")",
                      std::to_string(state));
  }
  return std::nullopt;
}

static std::set<Level> collectRails(const Problem &problem,
                                    const Schedule &schedule) {
  std::set<Level> rails;
  for (size_t state : schedule.states)
    for (size_t i = 0; i < problem.axes.size(); ++i) {
      size_t setting = problem.stateSettings[state * problem.axes.size() + i];
      if (problem.axes[i].railOf[setting] != kNoRail)
        rails.insert(problem.axes[i].railOf[setting]);
    }
  return rails;
}

static std::optional<std::string> verifyRails(const Problem &problem,
                                              const Schedule &schedule) {
  size_t numRails = collectRails(problem, schedule).size();
  if (numRails <= problem.maxRails)
    return std::nullopt;
  return expected("rails", "at most " + std::to_string(problem.maxRails),
                  std::to_string(numRails));
}

namespace {
/// A walk through one period, layer by layer.
class Walk {
public:
  Walk(const Problem &problem, const Schedule &schedule)
      : problem(problem), schedule(schedule) {
    for (size_t layer = 0; layer < schedule.states.size(); ++layer)
      runLayer(layer);
  }

  double activeTimeS() const { return timeS.value(); }
  double energyJ() const { return sumJ.value(); }
  /// Ends the period, in the part of them that have run all layers.
  void end(double powerW, double overheadJ, double overheadS) {
    timeS.add(overheadS);
    double leftS = problem.periodS - timeS.value();
    sumJ.add(lastWeight() * overheadJ);
    if (leftS > 0)
      sumJ.add(lastWeight() * powerW * leftS);
    sumJ.add(static_cast<double>(collectRails(problem, schedule).size()) *
             problem.railPowerW * problem.periodS);
  }
  /// With what `end` adds.
  double totalTimeS() const { return timeS.value(); }

private:
  double weight(size_t layer) const {
    return problem.layerWeight.empty() ? 1 : problem.layerWeight[layer];
  }
  double lastWeight() const { return weight(schedule.states.size() - 1); }

  void runLayer(size_t layer) {
    if (layer > 0) {
      changeSettings(layer);
      endEarly(weight(layer - 1) - weight(layer));
    }
    size_t state = schedule.states[layer];
    sumJ.add(weight(layer) * problem.energyJ[state]);
    timeS.add(problem.timeS[state]);
    layersS.add(problem.timeS[state]);
  }

  /// Into `layer`, of all axes.
  void changeSettings(size_t layer) {
    size_t numAxes = problem.axes.size();
    const Setting *from =
        &problem.stateSettings[schedule.states[layer - 1] * numAxes];
    const Setting *to =
        &problem.stateSettings[schedule.states[layer] * numAxes];
    double sumS = 0, longestS = 0;
    for (size_t i = 0; i < numAxes; ++i) {
      const Axis &axis = problem.axes[i];
      size_t entry = from[i] * axis.railOf.size() + to[i];
      sumJ.add(weight(layer) * axis.transition.energyJ[entry]);
      double axisS = axis.transition.timeS[entry];
      sumS += axisS;
      longestS = std::max(longestS, axisS);
    }
    double changeS = problem.ramps == Ramps::Overlapping ? longestS : sumS;
    sumJ.add(weight(layer) * changeS * problem.transitionPowerW);
    timeS.add(changeS);
  }

  /// In a share of the periods the layer before was the last.
  void endEarly(double share) {
    if (share == 0)
      return;
    const SleepState &tail = problem.earlyTail;
    double leftS = problem.periodS - tail.timeS - layersS.value();
    sumJ.add(share * (tail.energyJ + tail.powerW * leftS));
  }

  const Problem &problem;
  const Schedule &schedule;
  CompensatedSum sumJ, timeS;
  /// Of layers alone: transitions are waited for in periods that end early.
  CompensatedSum layersS;
};
} // namespace

std::optional<std::string> pfmlir::scheduler::verify(const Problem &problem,
                                                     const Schedule &schedule) {
  if (auto error = verifyStates(problem, schedule))
    return error;
  if (auto error = verifyRails(problem, schedule))
    return error;
  int numSleepStates = static_cast<int>(problem.sleepStates.size());
  if (schedule.tail != Schedule::kIdle &&
      (schedule.tail < 0 || schedule.tail >= numSleepStates))
    return expected("tail", "-1 or less than " + std::to_string(numSleepStates),
                    std::to_string(schedule.tail));

  Walk walk(problem, schedule);
  double activeTimeS = walk.activeTimeS();
  if (!agree(schedule.activeTimeS, activeTimeS))
    return expected("active_time_s", toString(activeTimeS),
                    toString(schedule.activeTimeS));

  // What has to fit in the period, and what power is drawn in the rest of it.
  SleepState rest = {problem.idlePowerW[schedule.states.back()], 0, 0};
  if (schedule.tail != Schedule::kIdle)
    rest = problem.sleepStates[schedule.tail];
  walk.end(rest.powerW, rest.energyJ, rest.timeS);
  // The searches round otherwise, also where they draw the line.
  const double slackS = 2 * kTimeTolerance * problem.periodS;
  const double deadlineS = (1 - problem.margin) * problem.periodS;
  double latestS = deadlineS + slackS;
  if (!(activeTimeS <= latestS))
    return expected("active time", "at most " + toString(deadlineS),
                    toString(activeTimeS));
  if (!(walk.totalTimeS() <= latestS))
    return expected(
        "active time and that of sleep state " + std::to_string(schedule.tail),
        "at most " + toString(deadlineS), toString(walk.totalTimeS()));
  if (!agree(schedule.energyJ, walk.energyJ(), rest.powerW * slackS))
    return expected("energy_j", toString(walk.energyJ()),
                    toString(schedule.energyJ));
  return std::nullopt;
}
