//===- Corridor.cpp - Where the paths of a window lead --------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Corridor.h"

#include <algorithm>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Ratio of the potentials' prices of time. Measured on networks; anything from
/// 1.02 to 1.2 does as well.
static constexpr double kPriceRatio = 1.1;

/// Shortest paths in both directions, through candidates only.
void Corridor::sweepCandidates(Metric metric, Grids (&rest)[2]) {
  graph.sweepWithin(candidates, /*isForward=*/true, metric, rest[kSuffix]);
  graph.sweepWithin(candidates, /*isForward=*/false, metric, rest[kPrefix]);
  sweeps += 2;
}

/// Sweeps the multipliers whose shortest paths bound what is missing. The best
/// one prunes most; a label much slower or faster than the optimum is better
/// caught by one that prices time higher or lower.
void Corridor::selectTails(TailGroup tails, double multiplier, double mostJ) {
  group = std::move(tails);
  double free = group.minMultiplier();
  double price = multiplier - free;
  const double multipliers[kNumPotentials] = {
      multiplier, free + price / kPriceRatio, free + price * kPriceRatio};
  for (size_t i = 0; i < kNumPotentials; ++i) {
    potentials[i].metric = {1, multipliers[i]};
    potentials[i].tail = group.weakest(multipliers[i]);
  }
  Potential &best = potentials[0];
  graph.sweepForward(best.metric, best.rest[kSuffix]);
  graph.sweepBackward(best.metric, group.endBegin(), group.endEnd(),
                      best.rest[kPrefix]);
  sweeps += 2;
  findCandidates(mostJ);
  for (size_t i = 1; i < kNumPotentials; ++i)
    sweepCandidates(potentials[i].metric, potentials[i].rest);
  sweepCandidates(kTimeOnly, fastest);
  leastWindowJ.clear();
  for (size_t layer = 0; layer < graph.numLayers(); ++layer)
    for (size_t i = candidates.begin[layer]; i < candidates.begin[layer + 1];
         ++i)
      leastWindowJ.push_back(leastWindowOf(layer, candidates.nodes[i]));
}

/// Finds the nodes of paths that may cost no more than `mostJ`. Of a layer
/// without any, that of the shortest paths stays.
void Corridor::findCandidates(double mostJ) {
  const Potential &best = potentials[0];
  double mostCost = mostJ - best.tail.bound(0, best.metric.timeWeight);
  candidates.nodes.clear();
  candidates.begin.assign(1, 0);
  for (size_t layer = 0; layer < graph.numLayers(); ++layer) {
    const double *arrival = best.rest[kSuffix].at(layer * graph.numCells());
    const double *departure = best.rest[kPrefix].at(layer * graph.numCells());
    bool isLast = layer + 1 == graph.numLayers();
    uint32_t begin = isLast ? group.endBegin() : graph.firstNode(layer);
    uint32_t end = isLast ? group.endEnd() : graph.firstNode(layer + 1);
    double least = kInfinity;
    uint32_t leastNode = begin;
    for (uint32_t node = begin; node < end; ++node) {
      if (isLast && !group.isEnd(node))
        continue;
      uint32_t cell = graph.cellOf(node);
      double through =
          arrival[cell] + graph.cost(node, best.metric) + departure[cell];
      if (through <= mostCost)
        candidates.nodes.push_back(node);
      if (through < least) {
        least = through;
        leastNode = node;
      }
    }
    if (candidates.nodes.size() == candidates.begin.back())
      candidates.nodes.push_back(leastNode);
    candidates.begin.push_back(candidates.nodes.size());
  }
}

/// The end of the first window that no bound keeps all paths through the node
/// out of.
double Corridor::leastWindowOf(size_t layer, uint32_t node) const {
  size_t cell = layer * graph.numCells() + graph.cellOf(node);
  if (!group.fits(fastest[kSuffix][cell] + graph.timeS(node) +
                  fastest[kPrefix][cell]))
    return kInfinity;
  double most = -kInfinity;
  for (const Potential &potential : potentials)
    most = std::max(
        most, potential.tail.bound(potential.rest[kSuffix][cell] +
                                       graph.cost(node, potential.metric) +
                                       potential.rest[kPrefix][cell],
                                   potential.metric.timeWeight));
  return most;
}

double Corridor::windowBeyond(size_t numSurvivors) const {
  if (leastWindowJ.size() <= numSurvivors)
    return kInfinity;
  std::vector<double> windows = leastWindowJ;
  auto next = windows.begin() + static_cast<ptrdiff_t>(numSurvivors);
  std::nth_element(windows.begin(), next, windows.end());
  return *next;
}

void Corridor::open(double newWindowJ) {
  windowJ = newWindowJ;
  for (Potential &potential : potentials)
    potential.windowJ =
        windowJ - potential.tail.bound(0, potential.metric.timeWeight);
  survivors.clear();
  survivingNodes.clear();
  survivorsOf.clear();
  for (size_t layer = 0; layer < graph.numLayers(); ++layer) {
    survivorsOf.push_back(survivors.size());
    bool isLast = layer + 1 == graph.numLayers();
    for (size_t i = candidates.begin[layer]; i < candidates.begin[layer + 1];
         ++i) {
      if (leastWindowJ[i] > windowJ)
        continue;
      uint32_t node = candidates.nodes[i];
      Part alone = {graph.energyJ(node), graph.timeS(node), kNone,
                    isLast ? node : kNone};
      survivors.push_back({node, {alone, alone}});
      survivingNodes.push_back(node);
    }
  }
  survivorsOf.push_back(survivors.size());
  findShortest(kPrefix);
  findShortest(kSuffix);
}

void Corridor::transitionsWith(size_t layer, uint32_t cell, bool isInto,
                               CellTransitions &result) const {
  graph.transitionsWith(isInto ? layer + 1 : layer, cell, isInto,
                        survivingNodes.data() + survivorsOf[layer],
                        survivorsOf[layer + 1] - survivorsOf[layer], result);
}

void Corridor::narrow(double newWindowJ) {
  if (newWindowJ >= windowJ)
    return;
  for (Potential &potential : potentials)
    potential.windowJ -= windowJ - newWindowJ;
  windowJ = newWindowJ;
}

/// Finds for each survivor the shortest partial path through survivors. There
/// is one but for rounding, at the window's edge.
void Corridor::findShortest(Side side) {
  const Potential &potential = potentials[0];
  for (size_t step = 1; step < graph.numLayers(); ++step) {
    size_t layer = side == kPrefix ? step : graph.numLayers() - 1 - step;
    size_t next = side == kPrefix ? layer - 1 : layer + 1;
    const double *rest =
        potential.rest[opposite(side)].at(next * graph.numCells());
    for (size_t i = survivorsOf[layer]; i < survivorsOf[layer + 1]; ++i) {
      uint32_t here = graph.cellOf(survivors[i].node);
      transitionsWith(next, here, /*isInto=*/side == kPrefix, transitions);
      Part &part = survivors[i].shortest[side];
      double least = kInfinity;
      for (size_t j = survivorsOf[next]; j < survivorsOf[next + 1]; ++j) {
        uint32_t node = survivors[j].node;
        uint32_t cell = graph.cellOf(node);
        double distance = rest[cell] + graph.cost(node, potential.metric) +
                          transitions.energyJ[cell] +
                          potential.metric.timeWeight * transitions.timeS[cell];
        if (distance < least) {
          least = distance;
          part.next = static_cast<uint32_t>(j);
        }
      }
      if (part.next == kNone) {
        part.timeS = kInfinity;
        continue;
      }
      const Survivor &neighbour = survivors[part.next];
      uint32_t cell = graph.cellOf(neighbour.node);
      part.energyJ +=
          neighbour.shortest[side].energyJ + transitions.energyJ[cell];
      part.timeS += neighbour.shortest[side].timeS + transitions.timeS[cell];
      part.end = neighbour.shortest[side].end;
    }
  }
}
