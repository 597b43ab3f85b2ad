//===- EnergyHull.cpp - All periods at once, layer by layer ---------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/EnergyHull.h"

#include <algorithm>

using namespace pfmlir::scheduler;

/// The most that the transitions of a path can take less energy than to wait as
/// long at this power.
static double mostSaved(const Problem &problem, double powerW) {
  double sumJ = 0;
  for (const Axis &axis : problem.axes) {
    double mostJ = 0;
    for (size_t entry = 0; entry < axis.transition.timeS.size(); ++entry)
      mostJ = std::max(mostJ, (powerW - problem.transitionPowerW) *
                                      axis.transition.timeS[entry] -
                                  axis.transition.energyJ[entry]);
    sumJ += mostJ;
  }
  return problem.lastWeight() * sumJ *
         static_cast<double>(problem.numLayers() - 1);
}

EnergyHull::EnergyHull(const LayeredGraph &graph)
    : numRails(graph.numRails()),
      leastIdleW(std::numeric_limits<double>::infinity()) {
  const Problem &problem = graph.problem();
  size_t last = graph.numLayers() - 1;
  for (uint32_t node = graph.firstNode(last); node < graph.firstNode(last + 1);
       ++node)
    leastIdleW = std::min(leastIdleW, problem.idlePowerW[graph.stateOf(node)]);

  savedIdlingJ = mostSaved(problem, leastIdleW);
  for (const SleepState &sleep : problem.sleepStates)
    savedSleepingJ.push_back(mostSaved(problem, sleep.powerW));

  corners.emplace_back();
  for (size_t layer = 0; layer < graph.numLayers(); ++layer)
    addLayer(graph, layer);
  std::sort(edges.begin(), edges.end(), [](const Edge &a, const Edge &b) {
    // Of one layer, those of a hull stay in order.
    if (a.slopeW() != b.slopeW())
      return a.slopeW() < b.slopeW();
    return a.layer != b.layer ? a.layer < b.layer : a.state < b.state;
  });
  corners.reserve(edges.size() + 1);
  for (const Edge &edge : edges)
    corners.push_back({corners.back().energyJ + edge.energyJ,
                       corners.back().timeS + edge.timeS});
}

/// Adds the fastest state of a layer to the first corner, and the edges of the
/// layer's lower convex hull of energy over time.
void EnergyHull::addLayer(const LayeredGraph &graph, size_t layer) {
  std::vector<uint32_t> nodes(graph.firstNode(layer + 1) -
                              graph.firstNode(layer));
  for (size_t i = 0; i < nodes.size(); ++i)
    nodes[i] = graph.firstNode(layer) + static_cast<uint32_t>(i);
  std::sort(nodes.begin(), nodes.end(), [&](uint32_t a, uint32_t b) {
    if (graph.timeS(a) != graph.timeS(b))
      return graph.timeS(a) < graph.timeS(b);
    if (graph.energyJ(a) != graph.energyJ(b))
      return graph.energyJ(a) < graph.energyJ(b);
    return a < b;
  });

  auto edgeBetween = [&](uint32_t from, uint32_t to) {
    return Edge{graph.energyJ(to) - graph.energyJ(from),
                graph.timeS(to) - graph.timeS(from),
                static_cast<uint32_t>(layer), graph.stateOf(to)};
  };
  std::vector<uint32_t> hull;
  for (uint32_t node : nodes) {
    // As fast, and no cheaper.
    if (!hull.empty() && graph.timeS(node) == graph.timeS(hull.back()))
      continue;
    while (hull.size() > 1 &&
           edgeBetween(hull.back(), node).slopeW() <=
               edgeBetween(hull[hull.size() - 2], hull.back()).slopeW())
      hull.pop_back();
    hull.push_back(node);
  }
  fastest.push_back(graph.stateOf(hull.front()));
  corners.front().energyJ += graph.energyJ(hull.front());
  corners.front().timeS += graph.timeS(hull.front());
  for (size_t i = 1; i < hull.size(); ++i)
    edges.push_back(edgeBetween(hull[i - 1], hull[i]));
}

/// The last corner that is in time, and worth it.
size_t EnergyHull::lastCorner(double timeS, double powerW) const {
  auto isWorthwhile = [&](const Edge &edge) {
    size_t corner = static_cast<size_t>(&edge - edges.data()) + 1;
    return edge.slopeW() < powerW && corners[corner].timeS <= timeS;
  };
  return static_cast<size_t>(
      std::partition_point(edges.begin(), edges.end(), isWorthwhile) -
      edges.begin());
}

std::optional<std::vector<size_t>>
EnergyHull::statesWithin(double timeS, double powerW) const {
  if (corners.front().timeS > timeS)
    return std::nullopt;
  std::vector<size_t> states = fastest;
  size_t corner = lastCorner(timeS, powerW);
  for (size_t i = 0; i < corner; ++i)
    states[edges[i].layer] = edges[i].state;
  double leftS = timeS - corners[corner].timeS;
  // A layer's edges go with those before them.
  std::vector<bool> isStuck(fastest.size());
  for (size_t i = corner; i < edges.size() && edges[i].slopeW() < powerW; ++i) {
    const Edge &edge = edges[i];
    if (edge.timeS > leftS)
      isStuck[edge.layer] = true;
    if (isStuck[edge.layer])
      continue;
    leftS -= edge.timeS;
    states[edge.layer] = edge.state;
  }
  return states;
}

/// The least of `energy + tail` over the hull, as far as it is in time. The
/// tail pays its power for what time is left, so that the least is where the
/// hull gets steeper than that, or at the end of the time.
double EnergyHull::boundWith(const Tail &tail, double savedJ) const {
  if (corners.front().timeS > tail.limitS)
    return std::numeric_limits<double>::infinity();
  size_t best = lastCorner(tail.limitS, tail.powerW);
  PathCost at = corners[best];
  double boundJ = at.energyJ + tail.cost(at.timeS);
  // Between it and the next one, up to the limit.
  if (best < edges.size() && edges[best].slopeW() < tail.powerW &&
      tail.limitS > at.timeS)
    boundJ += (edges[best].slopeW() - tail.powerW) * (tail.limitS - at.timeS);
  double scaleJ = std::abs(at.energyJ) + std::abs(tail.powerW * tail.roomS);
  return boundJ - savedJ - kSumRounding * scaleJ;
}

std::vector<Tail> EnergyHull::tails(const Problem &problem) const {
  std::vector<Tail> tails = {idleTail(problem, leastIdleW)};
  for (const SleepState &sleep : problem.sleepStates)
    tails.push_back(sleepTail(problem, sleep));
  return tails;
}

double EnergyHull::lowerBound(const Problem &problem) const {
  double least = boundWith(idleTail(problem, leastIdleW), savedIdlingJ);
  for (size_t i = 0; i < problem.sleepStates.size(); ++i)
    least =
        std::min(least, boundWith(sleepTail(problem, problem.sleepStates[i]),
                                  savedSleepingJ[i]));
  return least + pathFreeEnergyJ(problem, numRails);
}
