//===- GreedySearch.cpp - The greedy baseline -----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Starts from the lowest rail everywhere, and as long as the deadline is missed
// puts one layer in another state: of all such changes the one that saves most
// time per joule it adds, transitions included.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/SingleChange.h"
#include "pfmlir/Scheduler/Search.h"

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

namespace {
class Greedy {
public:
  Greedy(const Problem &problem, const std::vector<Level> &rails)
      : problem(problem), isRail(problem.numLevels),
        lowest(*std::min_element(rails.begin(), rails.end())) {
    for (Level level : rails)
      isRail[level] = true;
  }

  SearchResult run();

private:
  /// A layer's best change.
  struct Change {
    size_t state = 0;
    /// Time saved per joule added; infinite if none is added, and zero if there
    /// is nothing to change.
    double worth = 0;
    double savedS = 0;

    bool isBetterThan(const Change &other) const {
      return worth != other.worth ? worth > other.worth : savedS > other.savedS;
    }
  };

  bool isAllowed(size_t state) const;
  bool start();
  Change bestChange(size_t layer) const;
  SearchResult finish() const;

  const Problem &problem;
  std::vector<bool> isRail;
  const Level lowest;
  std::vector<size_t> states;
};
} // namespace

bool Greedy::isAllowed(size_t state) const {
  return allRails(problem, state, [&](Level level) { return isRail[level]; });
}

/// Every layer on the lowest rail, or where it has no such state, in that of
/// least energy. Returns false if some layer has no state on the rails.
bool Greedy::start() {
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    size_t end = problem.layerBegin[layer + 1];
    size_t best = end;
    bool isBestLowest = false;
    for (size_t state = problem.layerBegin[layer]; state < end; ++state) {
      if (!isAllowed(state))
        continue;
      bool isLowest = allRails(problem, state,
                               [&](Level level) { return level == lowest; });
      if (best == end || isLowest > isBestLowest ||
          (isLowest == isBestLowest &&
           problem.energyJ[state] < problem.energyJ[best])) {
        best = state;
        isBestLowest = isLowest;
      }
    }
    if (best == end)
      return false;
    states.push_back(best);
  }
  return true;
}

Greedy::Change Greedy::bestChange(size_t layer) const {
  Change best;
  for (size_t state = problem.layerBegin[layer];
       state < problem.layerBegin[layer + 1]; ++state) {
    if (state == states[layer] || !isAllowed(state))
      continue;
    PathCost added = changeOf(problem, states, layer, state);
    if (added.timeS >= 0)
      continue;
    Change change;
    change.state = state;
    change.savedS = -added.timeS;
    change.worth =
        added.energyJ > 0 ? change.savedS / added.energyJ : kInfinity;
    if (change.isBetterThan(best))
      best = change;
  }
  return best;
}

SearchResult Greedy::finish() const {
  SearchResult result;
  result.schedule = completeSchedule(problem, states);
  if (result.schedule.energyJ < kInfinity)
    result.status = Status::Feasible;
  else
    result.fastestTimeS = result.schedule.activeTimeS;
  return result;
}

SearchResult Greedy::run() {
  SearchResult result;
  if (!start()) {
    result.fastestTimeS = kInfinity;
    return result;
  }
  std::vector<Change> changes;
  for (size_t layer = 0; layer < states.size(); ++layer)
    changes.push_back(bestChange(layer));
  result = finish();
  while (result.status != Status::Feasible) {
    size_t layer = 0;
    for (size_t other = 1; other < changes.size(); ++other)
      if (changes[other].isBetterThan(changes[layer]))
        layer = other;
    if (changes[layer].savedS <= 0)
      break;
    double timeBeforeS = result.schedule.activeTimeS;
    states[layer] = changes[layer].state;
    result = finish();
    // Ends the loop should a saving be nothing but a rounding error.
    if (result.schedule.activeTimeS >= timeBeforeS)
      break;
    // A transition belongs to two layers: the neighbours' changes differ now.
    size_t end = std::min(layer + 2, states.size());
    for (size_t near = layer > 0 ? layer - 1 : 0; near < end; ++near)
      changes[near] = bestChange(near);
  }
  return result;
}

SearchResult pfmlir::scheduler::searchGreedy(const Problem &problem,
                                             const std::vector<Level> &rails) {
  return Greedy(problem, rails).run();
}
