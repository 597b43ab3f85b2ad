//===- FastestPath.cpp - The schedule of least time -----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/FastestPath.h"
#include "pfmlir/Scheduler/Search.h"

using namespace pfmlir::scheduler;

namespace {
/// Looks for the path of least time.
class FastestSearch {
public:
  FastestSearch(const Problem &problem, const ProblemFacts &facts,
                LayeredGraph &graph)
      : problem(problem), facts(facts), graph(graph) {}

  /// Settles for one that takes at most `enoughS`. Only cancelling the search
  /// ends this early.
  FastestPath run(double enoughS, const Stopwatch &stopwatch);

private:
  void tryRailSet(uint64_t railSet);

  const Problem &problem;
  const ProblemFacts &facts;
  LayeredGraph &graph;
  FastestPath best;
  Grids arrival;
  std::vector<Level> rails;
  std::vector<uint32_t> path;
};
} // namespace

void FastestSearch::tryRailSet(uint64_t railSet) {
  facts.railSets.get(railSet, rails);
  if (!graph.selectRails(rails))
    return;
  graph.build();
  graph.sweepForward(kTimeOnly, arrival);
  uint32_t last = graph.bestEnd(kTimeOnly, arrival,
                                graph.firstNode(problem.numLayers() - 1),
                                graph.firstNode(problem.numLayers()));
  double timeS = graph.distanceTo(last, kTimeOnly, arrival);
  if (timeS >= best.timeS)
    return;
  best.timeS = timeS;
  graph.tracePath(kTimeOnly, arrival, last, path);
  best.states = graph.statesOf(path);
}

FastestPath FastestSearch::run(double enoughS, const Stopwatch &stopwatch) {
  // In reverse, as higher levels tend to be faster: the first one is often
  // enough. If not, a few more may be.
  uint64_t end = facts.railSets.count() - 1;
  tryRailSet(end);
  if (end == 0 || best.timeS <= enoughS)
    return best;
  const LayerMinima minima(problem, facts.states, kTimeOnly, /*numThreads=*/1);
  std::vector<double> leastS;
  for (uint64_t size = 16; end > 0;
       size = std::min(2 * size, LayerMinima::kRailSets)) {
    leastS.resize(std::min(size, end));
    end -= leastS.size();
    minima.sum(end, leastS.size(), 1, leastS.data());
    for (size_t i = leastS.size(); i-- > 0;) {
      if (best.timeS <= enoughS || stopwatch.isCancelled())
        return best;
      if (leastS[i] < best.timeS)
        tryRailSet(end + i);
    }
  }
  return best;
}

FastestPath pfmlir::scheduler::findFastest(const Problem &problem,
                                           const ProblemFacts &facts,
                                           LayeredGraph &graph, double enoughS,
                                           const Stopwatch &stopwatch) {
  return FastestSearch(problem, facts, graph).run(enoughS, stopwatch);
}

double pfmlir::scheduler::fastestActiveTime(const PreparedProblem &prepared) {
  LayeredGraph graph(prepared.problem, prepared.facts().layouts);
  return findFastest(prepared.problem, prepared.facts(), graph, /*enoughS=*/0,
                     Stopwatch(SearchLimits()))
      .timeS;
}
