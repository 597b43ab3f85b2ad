//===- Problem.cpp - One power-scheduling instance ------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Problem.h"
#include "passes/scheduler/WideLanes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace pfmlir::scheduler;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

void Problem::addState(const std::vector<Setting> &settings,
                       double stateEnergyJ, double stateTimeS,
                       double stateIdlePowerW) {
  stateSettings.insert(stateSettings.end(), settings.begin(), settings.end());
  energyJ.own().push_back(stateEnergyJ);
  timeS.own().push_back(stateTimeS);
  idlePowerW.own().push_back(stateIdlePowerW);
  ++layerBegin.back();
}

void Problem::setLevelAxes(size_t numAxes, double transitionEnergyJ,
                           double transitionTimeS) {
  Axis axis;
  axis.transition.energyJ.assign(size_t(numLevels) * numLevels,
                                 transitionEnergyJ);
  axis.transition.timeS.assign(size_t(numLevels) * numLevels, transitionTimeS);
  for (size_t level = 0; level < numLevels; ++level) {
    axis.railOf.push_back(static_cast<Level>(level));
    axis.transition.energyJ[level * numLevels + level] = 0;
    axis.transition.timeS[level * numLevels + level] = 0;
  }
  axes.assign(numAxes, axis);
}

bool Problem::haveSameSettings(size_t layer, size_t other) const {
  const size_t count = numStates(layer);
  const Setting *settings = settingsOf(layerBegin[layer]);
  return count == numStates(other) &&
         std::equal(settings, settings + count * numAxes(),
                    settingsOf(layerBegin[other]));
}

Problem Problem::withoutLayers() const {
  Problem machine = *this;
  machine.layerBegin = {0};
  machine.stateSettings.clear();
  machine.energyJ = machine.timeS = machine.idlePowerW = StateNumbers();
  return machine;
}

//===----------------------------------------------------------------------===//
// Checking
//===----------------------------------------------------------------------===//

using Error = std::optional<std::string>;

static std::string toString(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", value);
  return text;
}

static std::string expected(const std::string &what, const std::string &wanted,
                            const std::string &got) {
  return what + ": expected " + wanted + ", but got " + got;
}

static Error checkSize(const std::string &what, size_t size, size_t wanted) {
  if (size == wanted)
    return std::nullopt;
  return expected(what, std::to_string(wanted) + " elements",
                  std::to_string(size));
}

static bool isCost(double value) {
  // Written so that NaN fails.
  return value == 0 || (value >= kLeastQuantity && value <= kMostQuantity);
}

static Error checkCost(const std::string &what, double value) {
  if (isCost(value))
    return std::nullopt;
  if (value >= 0 && std::isfinite(value))
    return expected(what, "0 or a number from 1e-60 to 1e60", toString(value));
  return expected(what, "a finite number that is not negative",
                  toString(value));
}

static Error checkDimensions(const Problem &problem) {
  if (problem.numLevels < 1)
    return expected("number of levels", "at least 1", "0");
  if (problem.numLevels > kMostLevels)
    return expected("number of levels",
                    "at most " + std::to_string(kMostLevels),
                    std::to_string(problem.numLevels));
  if (problem.axes.empty())
    return expected("number of axes", "at least 1", "0");
  if (problem.maxRails < 1)
    return expected("max_rails", "at least 1", "0");
  return std::nullopt;
}

/// Numbers that hold for the whole period.
static Error checkPowers(const Problem &problem) {
  if (!(problem.margin >= 0 && problem.margin < 1))
    return expected("margin", "at least 0 and less than 1",
                    toString(problem.margin));
  if (Error error = checkCost("rail_power_w", problem.railPowerW))
    return error;
  return checkCost("transition_power_w", problem.transitionPowerW);
}

static Error checkSettings(const Problem &problem) {
  for (size_t i = 0; i < problem.numAxes(); ++i) {
    const std::vector<Level> &railOf = problem.axes[i].railOf;
    const std::string here = "axis " + std::to_string(i);
    if (railOf.empty())
      return expected(here, "at least 1 setting", "0");
    if (railOf.size() > kMostLevels)
      return expected(here,
                      "at most " + std::to_string(kMostLevels) + " settings",
                      std::to_string(railOf.size()));
    for (size_t setting = 0; setting < railOf.size(); ++setting)
      if (railOf[setting] != kNoRail && railOf[setting] >= problem.numLevels)
        return expected(here + ", rail of setting " + std::to_string(setting),
                        "a level below " + std::to_string(problem.numLevels) +
                            " or none",
                        std::to_string(railOf[setting]));
  }
  return std::nullopt;
}

Error pfmlir::scheduler::checkPeriod(const Problem &problem) {
  if (!(problem.periodS > 0 && std::isfinite(problem.periodS)))
    return expected("period_s", "a finite number above 0",
                    toString(problem.periodS));
  return checkCost("period_s", problem.periodS);
}

/// One matrix of an axis: as large as it should be, costs, and zeros where
/// nothing changes.
static Error checkMatrix(const std::string &what, size_t numSettings,
                         const std::vector<double> &values) {
  if (Error error = checkSize(what, values.size(), numSettings * numSettings))
    return error;
  for (size_t from = 0; from < numSettings; ++from)
    for (size_t to = 0; to < numSettings; ++to) {
      double value = values[from * numSettings + to];
      // Names are made only where they are needed: this is in the way of every
      // search.
      if (isCost(value) && (from != to || value == 0))
        continue;
      std::string entry = what + " from setting " + std::to_string(from) +
                          " to " + std::to_string(to);
      if (Error error = checkCost(entry, value))
        return error;
      return expected(entry, "0", toString(value));
    }
  return std::nullopt;
}

static Error checkTransitions(const Problem &problem) {
  for (size_t i = 0; i < problem.numAxes(); ++i) {
    const Axis &axis = problem.axes[i];
    const std::string here = "transitions of axis " + std::to_string(i);
    if (Error error = checkMatrix(here + ", energy_j", axis.numSettings(),
                                  axis.transition.energyJ))
      return error;
    if (Error error = checkMatrix(here + ", time_s", axis.numSettings(),
                                  axis.transition.timeS))
      return error;
  }
  return std::nullopt;
}

static Error checkSleepState(const std::string &here, const SleepState &sleep) {
  if (Error error = checkCost(here + "power_w", sleep.powerW))
    return error;
  if (Error error = checkCost(here + "energy_j", sleep.energyJ))
    return error;
  return checkCost(here + "time_s", sleep.timeS);
}

static Error checkSleepStates(const Problem &problem) {
  for (size_t k = 0; k < problem.sleepStates.size(); ++k)
    if (Error error = checkSleepState("sleep state " + std::to_string(k) + ", ",
                                      problem.sleepStates[k]))
      return error;
  return std::nullopt;
}

static Error checkLayers(const Problem &problem) {
  const std::vector<size_t> &begin = problem.layerBegin;
  if (begin.size() < 2)
    return expected("layer_begin", "at least 2 elements",
                    std::to_string(begin.size()));
  if (begin.front() != 0)
    return expected("layer_begin[0]", "0", std::to_string(begin.front()));
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    if (begin[layer + 1] < begin[layer])
      return expected("layer_begin[" + std::to_string(layer + 1) + "]",
                      "at least " + std::to_string(begin[layer]),
                      std::to_string(begin[layer + 1]));
    if (begin[layer + 1] == begin[layer])
      return expected("layer " + std::to_string(layer), "at least 1 state",
                      "0");
  }
  const size_t numStates = begin.back();
  if (Error error = checkSize("energy_j", problem.energyJ.size(), numStates))
    return error;
  if (Error error = checkSize("time_s", problem.timeS.size(), numStates))
    return error;
  if (Error error =
          checkSize("idle_power_w", problem.idlePowerW.size(), numStates))
    return error;
  return checkSize("state_settings", problem.stateSettings.size(),
                   numStates * problem.numAxes());
}

/// Whether all of these are costs; without a branch, as it goes over all
/// tables.
PFMLIR_WIDE_LANES static bool areCosts(const double *values, size_t count) {
  bool areAll = true;
  for (size_t i = 0; i < count; ++i)
    areAll &= (values[i] == 0) |
              ((values[i] >= kLeastQuantity) & (values[i] <= kMostQuantity));
  return areAll;
}

/// Whether the settings of a layer's states exist.
static bool areSettings(const Problem &problem, size_t layer) {
  size_t numStates = problem.numStates(layer);
  const Setting *settings = problem.settingsOf(problem.layerBegin[layer]);
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    const size_t numSettings = problem.axes[axis].numSettings();
    bool areAll = true;
    for (size_t state = 0; state < numStates; ++state)
      areAll &= settings[state * problem.numAxes() + axis] < numSettings;
    if (!areAll)
      return false;
  }
  return true;
}

/// Whether all states of a layer are as they should be. Most layers have the
/// settings of the one before.
static bool areStates(const Problem &problem, size_t layer) {
  size_t begin = problem.layerBegin[layer], count = problem.numStates(layer);
  return areCosts(problem.energyJ.data() + begin, count) &&
         areCosts(problem.timeS.data() + begin, count) &&
         areCosts(problem.idlePowerW.data() + begin, count) &&
         ((layer > 0 && problem.haveSameSettings(layer, layer - 1)) ||
          areSettings(problem, layer));
}

/// What is wrong with a state; nothing if it is as it should be.
static Error describeState(const Problem &problem, size_t layer, size_t state) {
  const std::string here = "layer " + std::to_string(layer) + ", state " +
                           std::to_string(state - problem.layerBegin[layer]) +
                           ", ";
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    Setting setting = problem.settingsOf(state)[axis];
    size_t numSettings = problem.axes[axis].numSettings();
    if (setting >= numSettings)
      return expected(here + "setting of axis " + std::to_string(axis),
                      "less than " + std::to_string(numSettings),
                      std::to_string(setting));
  }
  if (Error error = checkCost(here + "energy_j", problem.energyJ[state]))
    return error;
  if (Error error = checkCost(here + "time_s", problem.timeS[state]))
    return error;
  return checkCost(here + "idle_power_w", problem.idlePowerW[state]);
}

static Error checkStates(const Problem &problem) {
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    if (areStates(problem, layer))
      continue;
    for (size_t state = problem.layerBegin[layer];
         state < problem.layerBegin[layer + 1]; ++state)
      if (Error error = describeState(problem, layer, state))
        return error;
  }
  return std::nullopt;
}

static Error checkWeights(const Problem &problem) {
  const std::vector<double> &weights = problem.layerWeight;
  if (weights.empty())
    return std::nullopt;
  if (Error error =
          checkSize("layer_weight", weights.size(), problem.numLayers()))
    return error;
  if (weights.front() != 1)
    return expected("layer_weight[0]", "1", toString(weights.front()));
  for (size_t layer = 1; layer < weights.size(); ++layer)
    if (!(weights[layer] >= 0 && weights[layer] <= weights[layer - 1]))
      return expected("layer_weight[" + std::to_string(layer) + "]",
                      "from 0 to " + toString(weights[layer - 1]),
                      toString(weights[layer]));
  return checkSleepState("early tail, ", problem.earlyTail);
}

/// Where a period may end early there must be time for its tail, in any state
/// of the layers that it leaves out, and waiting must not cost more than
/// running.
static Error checkEarlyTail(const Problem &problem) {
  if (problem.layerWeight.empty() || problem.layerWeight.back() == 1)
    return std::nullopt;
  const SleepState &tail = problem.earlyTail;
  double skippedS = 0;
  for (size_t layer = problem.numLayers(); layer-- > 0;) {
    if (problem.layerWeight[layer] == 1)
      break;
    double leastS = std::numeric_limits<double>::infinity();
    for (size_t state = problem.layerBegin[layer];
         state < problem.layerBegin[layer + 1]; ++state) {
      leastS = std::min(leastS, problem.timeS[state]);
      if (problem.energyJ[state] < tail.powerW * problem.timeS[state])
        return expected("early tail, power_w",
                        "no more than a layer's mean power",
                        toString(tail.powerW));
    }
    skippedS += leastS;
    bool mayEndBefore = layer > 0 && problem.layerWeight[layer - 1] !=
                                         problem.layerWeight[layer];
    if (mayEndBefore && tail.timeS > skippedS)
      return expected("early tail, time_s",
                      "at most " + toString(skippedS) +
                          ", what the layers from " + std::to_string(layer) +
                          " on take at least",
                      toString(tail.timeS));
  }
  return std::nullopt;
}

/// The searches hold numbers for every layer and every combination of settings.
static Error checkGrid(const Problem &problem) {
  const double rails = std::min(problem.maxRails, problem.numLevels);
  double cells = static_cast<double>(problem.numLayers());
  double settings = 1;
  for (const Axis &axis : problem.axes) {
    // Of the settings that need a rail, those of `rails` levels at most.
    std::vector<size_t> perLevel(problem.numLevels);
    size_t withoutRail = 0;
    for (Level rail : axis.railOf)
      rail == kNoRail ? ++withoutRail : ++perLevel[rail];
    std::sort(perLevel.rbegin(), perLevel.rend());
    size_t available = withoutRail;
    for (size_t i = 0; i < static_cast<size_t>(rails); ++i)
      available += perLevel[i];
    settings *= static_cast<double>(available);
  }
  cells *= settings;
  // Where ramps overlap, every two cells have a transition of their own.
  if (problem.ramps == Ramps::Overlapping)
    cells += settings * settings;
  if (cells <= double(kMostCells))
    return std::nullopt;
  return expected("layers times combinations of settings within the rails",
                  "at most " + std::to_string(kMostCells), toString(cells)) +
         "; allow fewer rails";
}

Error pfmlir::scheduler::check(const Problem &problem) {
  for (Error (*part)(const Problem &) :
       {checkDimensions, checkPowers, checkSettings, checkTransitions,
        checkSleepStates, checkLayers, checkStates, checkWeights, checkPeriod,
        checkEarlyTail, checkGrid})
    if (Error error = part(problem))
      return error;
  return std::nullopt;
}
