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

static std::optional<std::string> verifyRails(const Problem &problem,
                                              const Schedule &schedule) {
  std::set<Level> rails;
  for (size_t state : schedule.states)
    for (size_t domain = 0; domain < problem.numDomains; ++domain)
      rails.insert(problem.stateLevels[state * problem.numDomains + domain]);
  if (rails.size() <= problem.maxRails)
    return std::nullopt;
  return expected("rails", "at most " + std::to_string(problem.maxRails),
                  std::to_string(rails.size()));
}

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

  CompensatedSum energyJ, timeS;
  for (size_t layer = 0; layer < schedule.states.size(); ++layer) {
    size_t state = schedule.states[layer];
    energyJ.add(problem.energyJ[state]);
    timeS.add(problem.timeS[state]);
    if (layer == 0)
      continue;
    size_t before = schedule.states[layer - 1];
    for (size_t domain = 0; domain < problem.numDomains; ++domain) {
      size_t from = problem.stateLevels[before * problem.numDomains + domain];
      size_t to = problem.stateLevels[state * problem.numDomains + domain];
      const TransitionCost &cost = problem.transitions[domain];
      energyJ.add(cost.energyJ[from * problem.numLevels + to]);
      timeS.add(cost.timeS[from * problem.numLevels + to]);
    }
  }
  if (!agree(schedule.activeTimeS, timeS.value()))
    return expected("active_time_s", toString(timeS.value()),
                    toString(schedule.activeTimeS));

  // What has to fit in the period, and what power is drawn in the rest of it.
  double activeTimeS = timeS.value();
  double restPowerW = problem.leakageW[schedule.states.back()];
  if (schedule.tail != Schedule::kIdle) {
    const SleepState &sleep = problem.sleepStates[schedule.tail];
    timeS.add(sleep.timeS);
    energyJ.add(sleep.energyJ);
    restPowerW = sleep.powerW;
  }
  // The searches round otherwise, also where they draw the line.
  const double slackS = 2 * kTimeTolerance * problem.periodS;
  double latestS = problem.periodS + slackS;
  if (!(activeTimeS <= latestS))
    return expected("active time", "at most " + toString(problem.periodS),
                    toString(activeTimeS));
  if (!(timeS.value() <= latestS))
    return expected(
        "active time and that of sleep state " + std::to_string(schedule.tail),
        "at most " + toString(problem.periodS), toString(timeS.value()));

  double restS = problem.periodS - timeS.value();
  if (restS > 0)
    energyJ.add(restPowerW * restS);
  if (!agree(schedule.energyJ, energyJ.value(), restPowerW * slackS))
    return expected("energy_j", toString(energyJ.value()),
                    toString(schedule.energyJ));
  return std::nullopt;
}
