//===- LambdaDPSearch.cpp - PowerFlow-DNN's heuristic ---------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each rail set of each size, shortest paths under energy + lambda * time.
// Lambda doubles from 1 J/s until the path keeps the deadline, and is then
// bisected. The best of the paths met on the way are improved by a few changes
// of one layer each.
//
// It is not exact: no lambda yields a path inside the convex hull of the
// energies and times, and the paths are chosen without regard to the tail.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Incumbent.h"
#include "passes/scheduler/LayeredGraph.h"
#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/SingleChange.h"
#include "pfmlir/Scheduler/Search.h"

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

namespace {
class LambdaDP {
public:
  explicit LambdaDP(const Problem &problem)
      : problem(problem), layouts(problem), graph(problem, layouts) {
    best.energyJ = kInfinity;
  }

  SearchResult run(bool refine, const Stopwatch &stopwatch);

private:
  void searchRailSet(bool refine);
  bool tryMetric(Metric metric);
  void bisect();
  void refinePaths();
  Schedule refined(Schedule schedule) const;
  std::vector<size_t> bestNeighbour(const Schedule &schedule) const;
  void offer(const Schedule &schedule) {
    if (schedule.energyJ < best.energyJ)
      best = schedule;
  }

  const Problem &problem;
  const LayerLayouts layouts;
  LayeredGraph graph;
  Grids arrival;
  std::vector<uint32_t> path;

  /// The paths of the current rail set that keep the deadline, as often as they
  /// were found.
  std::vector<Schedule> found;
  Schedule best;
  double fastestTimeS = kInfinity;
  SearchStatistics statistics;
};
} // namespace

/// Finds a shortest path, and returns whether it keeps the deadline.
bool LambdaDP::tryMetric(Metric metric) {
  graph.sweepForward(metric, arrival);
  ++statistics.relaxations;
  size_t last = problem.numLayers() - 1;
  uint32_t end = graph.bestEnd(metric, arrival, graph.firstNode(last),
                               graph.firstNode(last + 1));
  graph.tracePath(metric, arrival, end, path);
  Schedule schedule = completeSchedule(problem, graph.statesOf(path));
  fastestTimeS = std::min(fastestTimeS, schedule.activeTimeS);
  if (schedule.energyJ == kInfinity)
    return false;
  found.push_back(std::move(schedule));
  return true;
}

void LambdaDP::bisect() {
  constexpr unsigned kDoublings = 60, kBisections = 28;
  double low = 0, high = 1;
  for (unsigned i = 0; !tryMetric({1, high}); ++i) {
    if (i == kDoublings)
      return;
    low = high;
    high *= 2;
  }
  for (unsigned i = 0; i < kBisections; ++i) {
    double middle = low + (high - low) / 2;
    (tryMetric({1, middle}) ? high : low) = middle;
  }
}

/// The states of the cheapest schedule that differs in one layer; those of
/// `schedule` itself if none is cheaper.
std::vector<size_t> LambdaDP::bestNeighbour(const Schedule &schedule) const {
  std::vector<size_t> states = schedule.states;
  double leakageW = problem.idlePowerW[states.back()];
  double pathJ = schedule.energyJ -
                 cheapestTail(problem, leakageW, schedule.activeTimeS).energyJ;
  double least = schedule.energyJ;
  size_t bestLayer = 0, bestState = states[0];
  for (size_t layer = 0; layer < states.size(); ++layer)
    for (uint32_t node = graph.firstNode(layer);
         node < graph.firstNode(layer + 1); ++node) {
      size_t state = graph.stateOf(node);
      PathCost change = changeOf(problem, states, layer, state);
      size_t last = layer + 1 == states.size() ? state : states.back();
      TailChoice end = cheapestTail(problem, problem.idlePowerW[last],
                                    schedule.activeTimeS + change.timeS);
      double energyJ = pathJ + change.energyJ + end.energyJ;
      if (energyJ < least) {
        least = energyJ;
        bestLayer = layer;
        bestState = state;
      }
    }
  states[bestLayer] = bestState;
  return states;
}

/// Makes up to eight changes, each the one that saves most energy.
Schedule LambdaDP::refined(Schedule schedule) const {
  constexpr unsigned kChanges = 8;
  for (unsigned i = 0; i < kChanges; ++i) {
    Schedule next = completeSchedule(problem, bestNeighbour(schedule));
    if (!(next.energyJ < schedule.energyJ))
      break;
    schedule = std::move(next);
  }
  return schedule;
}

/// Refines the ten best paths. One that was found at several lambdas counts as
/// often, so that usually only a few different ones are left.
void LambdaDP::refinePaths() {
  constexpr size_t kPaths = 10;
  std::sort(found.begin(), found.end(),
            [](const Schedule &a, const Schedule &b) {
              return a.energyJ != b.energyJ ? a.energyJ < b.energyJ
                                            : a.states < b.states;
            });
  if (found.size() > kPaths)
    found.erase(found.begin() + kPaths, found.end());
  for (size_t i = 0; i < found.size(); ++i)
    if (i == 0 || found[i].states != found[i - 1].states)
      offer(refined(found[i]));
}

void LambdaDP::searchRailSet(bool refine) {
  found.clear();
  // There is nothing to price if the cheapest path is in time, and nothing to
  // find if the fastest is not.
  if (!tryMetric({1, 0}) && tryMetric(kTimeOnly))
    bisect();
  for (const Schedule &schedule : found)
    offer(schedule);
  if (refine)
    refinePaths();
}

SearchResult LambdaDP::run(bool refine, const Stopwatch &stopwatch) {
  const std::vector<Level> levels = usedLevels(problem, layouts);
  const size_t largest = std::min<size_t>(problem.maxRails, levels.size());
  std::vector<Level> rails;
  for (size_t size = std::min<size_t>(1, largest); size <= largest; ++size) {
    const RailSets railSets(levels, size, size);
    statistics.railSets += railSets.count();
    for (uint64_t i = 0; i < railSets.count() && !stopwatch.isCancelled();
         ++i) {
      railSets.get(i, rails);
      if (!graph.selectRails(rails))
        continue;
      graph.build();
      searchRailSet(refine);
    }
  }

  SearchResult result;
  result.statistics = statistics;
  if (best.energyJ == kInfinity) {
    result.fastestTimeS = fastestTimeS;
    return result;
  }
  result.status = Status::Feasible;
  result.schedule = std::move(best);
  return result;
}

SearchResult pfmlir::scheduler::searchLambdaDP(const Problem &problem,
                                               bool refine,
                                               const SearchLimits &limits) {
  return LambdaDP(problem).run(refine, Stopwatch(limits));
}
