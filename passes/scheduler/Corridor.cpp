//===- Corridor.cpp - Where the paths of a window lead --------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Corridor.h"

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Ratio of the potentials' prices of time. Measured on networks; anything from
/// 1.02 to 1.2 does as well.
static constexpr double kPriceRatio = 1.1;

/// Shortest paths in both directions.
void Corridor::sweep(Metric metric, Grids (&rest)[2]) {
  graph.sweepForward(metric, rest[kSuffix]);
  graph.sweepBackward(metric, group.endBegin(), group.endEnd(), rest[kPrefix]);
  sweeps += 2;
}

/// Sweeps the multipliers whose shortest paths bound what is missing. The best
/// one prunes most; a label much slower or faster than the optimum is better
/// caught by one that prices time higher or lower.
void Corridor::selectTails(TailGroup tails, double multiplier) {
  group = std::move(tails);
  double free = group.minMultiplier();
  double price = multiplier - free;
  const double multipliers[kNumPotentials] = {
      multiplier, free + price / kPriceRatio, free + price * kPriceRatio};
  for (size_t i = 0; i < kNumPotentials; ++i) {
    Potential &potential = potentials[i];
    potential.metric = {1, multipliers[i]};
    sweep(potential.metric, potential.rest);
  }
  sweep(kTimeOnly, fastest);
}

void Corridor::open(double newWindowJ) {
  windowJ = newWindowJ;
  for (Potential &potential : potentials)
    potential.windowJ = windowJ - group.bound(0, potential.metric.timeWeight);
  findSurvivors();
  findShortest(kPrefix);
  findShortest(kSuffix);
}

void Corridor::narrow(double newWindowJ) {
  if (newWindowJ >= windowJ)
    return;
  for (Potential &potential : potentials)
    potential.windowJ -= windowJ - newWindowJ;
  windowJ = newWindowJ;
}

/// Whether no bound keeps all paths through the node out of the window.
bool Corridor::isWithin(size_t layer, uint32_t node) const {
  size_t cell = layer * graph.numCells() + graph.cellOf(node);
  for (const Potential &potential : potentials)
    if (potential.rest[kSuffix][cell] + graph.cost(node, potential.metric) +
            potential.rest[kPrefix][cell] >
        potential.windowJ)
      return false;
  return group.fits(fastest[kSuffix][cell] + graph.timeS(node) +
                    fastest[kPrefix][cell]);
}

void Corridor::findSurvivors() {
  survivors.clear();
  survivorsOf.clear();
  for (size_t layer = 0; layer < graph.numLayers(); ++layer) {
    survivorsOf.push_back(survivors.size());
    bool isLast = layer + 1 == graph.numLayers();
    uint32_t begin = isLast ? group.endBegin() : graph.firstNode(layer);
    uint32_t end = isLast ? group.endEnd() : graph.firstNode(layer + 1);
    for (uint32_t node = begin; node < end; ++node)
      if ((!isLast || group.isEnd(node)) && isWithin(layer, node)) {
        Part alone = {graph.energyJ(node), graph.timeS(node), kNone,
                      isLast ? node : kNone};
        survivors.push_back({node, {alone, alone}});
      }
  }
  survivorsOf.push_back(survivors.size());
}

/// Finds for each survivor the shortest partial path through survivors. There
/// is one but for rounding, at the window's edge.
void Corridor::findShortest(Side side) {
  const Potential &potential = potentials[0];
  for (size_t step = 1; step < graph.numLayers(); ++step) {
    size_t layer = side == kPrefix ? step : graph.numLayers() - 1 - step;
    size_t next = side == kPrefix ? layer - 1 : layer + 1;
    const double *rest =
        &potential.rest[opposite(side)][next * graph.numCells()];
    for (size_t i = survivorsOf[layer]; i < survivorsOf[layer + 1]; ++i) {
      uint32_t here = graph.cellOf(survivors[i].node);
      if (side == kPrefix)
        graph.transitionsInto(layer, here, transitions);
      else
        graph.transitionsFrom(next, here, transitions);
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
