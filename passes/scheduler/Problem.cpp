//===- Problem.cpp - One power-scheduling instance ------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Problem.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace pfmlir::scheduler;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

void Problem::addState(const std::vector<Level> &levels, double stateEnergyJ,
                       double stateTimeS, double stateLeakageW) {
  stateLevels.insert(stateLevels.end(), levels.begin(), levels.end());
  energyJ.own().push_back(stateEnergyJ);
  timeS.own().push_back(stateTimeS);
  leakageW.own().push_back(stateLeakageW);
  ++layerBegin.back();
}

void Problem::setUniformTransitions(double transitionEnergyJ,
                                    double transitionTimeS) {
  TransitionCost cost;
  cost.energyJ.assign(size_t(numLevels) * numLevels, transitionEnergyJ);
  cost.timeS.assign(size_t(numLevels) * numLevels, transitionTimeS);
  for (size_t level = 0; level < numLevels; ++level) {
    cost.energyJ[level * numLevels + level] = 0;
    cost.timeS[level * numLevels + level] = 0;
  }
  transitions.assign(numDomains, cost);
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
  // `Level` has to hold each of them.
  constexpr unsigned kMostLevels = 65536;
  if (problem.numLevels > kMostLevels)
    return expected("number of levels",
                    "at most " + std::to_string(kMostLevels),
                    std::to_string(problem.numLevels));
  if (problem.numDomains < 1)
    return expected("number of domains", "at least 1", "0");
  if (problem.maxRails < 1)
    return expected("max_rails", "at least 1", "0");
  return std::nullopt;
}

Error pfmlir::scheduler::checkPeriod(const Problem &problem) {
  if (!(problem.periodS > 0 && std::isfinite(problem.periodS)))
    return expected("period_s", "a finite number above 0",
                    toString(problem.periodS));
  return checkCost("period_s", problem.periodS);
}

static Error checkTransitions(const Problem &problem) {
  if (Error error = checkSize("transitions", problem.transitions.size(),
                              problem.numDomains))
    return error;
  const size_t numLevels = problem.numLevels;
  for (size_t domain = 0; domain < problem.numDomains; ++domain) {
    const TransitionCost &cost = problem.transitions[domain];
    const std::string here = "transitions of domain " + std::to_string(domain);
    const struct {
      const char *name;
      const std::vector<double> &values;
    } tables[] = {{"energy_j", cost.energyJ}, {"time_s", cost.timeS}};
    for (const auto &table : tables) {
      if (Error error = checkSize(here + ", " + table.name, table.values.size(),
                                  numLevels * numLevels))
        return error;
      for (size_t from = 0; from < numLevels; ++from)
        for (size_t to = 0; to < numLevels; ++to) {
          double value = table.values[from * numLevels + to];
          // Names are made only where they are needed: this is in the way of
          // every search.
          if (isCost(value) && (from != to || value == 0))
            continue;
          std::string what = here + ", " + table.name + " from level " +
                             std::to_string(from) + " to " + std::to_string(to);
          if (Error error = checkCost(what, value))
            return error;
          return expected(what, "0", toString(value));
        }
    }
  }
  return std::nullopt;
}

static Error checkSleepStates(const Problem &problem) {
  for (size_t k = 0; k < problem.sleepStates.size(); ++k) {
    const SleepState &sleep = problem.sleepStates[k];
    const std::string here = "sleep state " + std::to_string(k) + ", ";
    if (Error error = checkCost(here + "power_w", sleep.powerW))
      return error;
    if (Error error = checkCost(here + "energy_j", sleep.energyJ))
      return error;
    if (Error error = checkCost(here + "time_s", sleep.timeS))
      return error;
  }
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
  if (Error error = checkSize("leakage_w", problem.leakageW.size(), numStates))
    return error;
  return checkSize("state_levels", problem.stateLevels.size(),
                   numStates * problem.numDomains);
}

/// Whether the levels of a state exist and its costs are costs.
static bool isState(const Problem &problem, size_t state) {
  for (size_t domain = 0; domain < problem.numDomains; ++domain)
    if (problem.levelsOf(state)[domain] >= problem.numLevels)
      return false;
  return isCost(problem.energyJ[state]) && isCost(problem.timeS[state]) &&
         isCost(problem.leakageW[state]);
}

/// What is wrong with a state that is none.
static Error describeState(const Problem &problem, size_t layer, size_t state) {
  const std::string here = "layer " + std::to_string(layer) + ", state " +
                           std::to_string(state - problem.layerBegin[layer]) +
                           ", ";
  for (size_t domain = 0; domain < problem.numDomains; ++domain) {
    Level level = problem.levelsOf(state)[domain];
    if (level >= problem.numLevels)
      return expected(here + "level of domain " + std::to_string(domain),
                      "less than " + std::to_string(problem.numLevels),
                      std::to_string(level));
  }
  if (Error error = checkCost(here + "energy_j", problem.energyJ[state]))
    return error;
  if (Error error = checkCost(here + "time_s", problem.timeS[state]))
    return error;
  return checkCost(here + "leakage_w", problem.leakageW[state]);
}

static Error checkStates(const Problem &problem) {
  for (size_t layer = 0; layer < problem.numLayers(); ++layer)
    for (size_t state = problem.layerBegin[layer];
         state < problem.layerBegin[layer + 1]; ++state)
      if (!isState(problem, state))
        return describeState(problem, layer, state);
  return std::nullopt;
}

/// The searches hold numbers for every layer and every assignment of rails to
/// domains.
static Error checkGrid(const Problem &problem) {
  const double rails = std::min(problem.maxRails, problem.numLevels);
  const double cells =
      std::pow(rails, problem.numDomains) * double(problem.numLayers());
  if (cells <= double(kMostCells))
    return std::nullopt;
  return expected("layers times rails to the power of domains",
                  "at most " + std::to_string(kMostCells), toString(cells)) +
         "; allow fewer rails";
}

Error pfmlir::scheduler::check(const Problem &problem) {
  for (Error (*part)(const Problem &) :
       {checkDimensions, checkTransitions, checkSleepStates, checkLayers,
        checkStates, checkPeriod, checkGrid})
    if (Error error = part(problem))
      return error;
  return std::nullopt;
}
