//===- LabelSetting.cpp - Exact solution of one tail ----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LabelSetting.h"

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr uint32_t kNone = ~0u;

/// Ratio of the potentials' prices of time. Measured on networks; anything from
/// 1.02 to 1.2 does as well.
static constexpr double kPriceRatio = 1.1;

/// Sweeps the multipliers whose shortest paths bound the missing prefixes. The
/// best one prunes most; a label much slower or faster than the optimum is
/// better caught by one that prices time higher or lower.
void LabelSetting::prepare(double multiplier) {
  double price = multiplier + tail.powerW;
  const double prices[kNumPotentials] = {price, price / kPriceRatio,
                                         price * kPriceRatio};
  for (size_t i = 0; i < kNumPotentials; ++i) {
    Potential &potential = potentials[i];
    double here = i == 0 ? multiplier : prices[i] - tail.powerW;
    potential.metric = {1, here};
    potential.windowJ = windowJ - tail.bound(0, here);
    graph.sweepForward(potential.metric, potential.arrival);
    ++sweeps;
  }
  graph.sweepForward(kTimeOnly, fastest);
  ++sweeps;
}

/// Drops the nodes through which every path costs more than the window.
void LabelSetting::keepNodesWithin() {
  const Potential &potential = potentials[0];
  graph.sweepBackward(potential.metric, tail.endBegin, tail.endEnd, departure);
  ++sweeps;
  survivors.clear();
  survivorsOf.clear();
  for (size_t layer = 0; layer < graph.numLayers(); ++layer) {
    survivorsOf.push_back(survivors.size());
    bool isLast = layer + 1 == graph.numLayers();
    uint32_t begin = isLast ? tail.endBegin : graph.firstNode(layer);
    uint32_t end = isLast ? tail.endEnd : graph.firstNode(layer + 1);
    size_t grid = layer * graph.numCells();
    for (uint32_t node = begin; node < end; ++node) {
      size_t cell = grid + graph.cellOf(node);
      if (potential.arrival[cell] + graph.cost(node, potential.metric) +
              departure[cell] <=
          potential.windowJ)
        survivors.push_back({node, kNone, 0, 0});
    }
  }
  survivorsOf.push_back(survivors.size());
}

/// Finds for each survivor a path to it through survivors, the shortest under
/// the first potential. There is one but for rounding, at the window's edge.
void LabelSetting::findPrefixes() {
  const Potential &potential = potentials[0];
  for (size_t layer = 0; layer < graph.numLayers(); ++layer)
    for (size_t i = survivorsOf[layer]; i < survivorsOf[layer + 1]; ++i) {
      Survivor &survivor = survivors[i];
      survivor.prefixEnergyJ = graph.energyJ(survivor.node);
      survivor.prefixTimeS = graph.timeS(survivor.node);
      if (layer == 0)
        continue;
      const double *arrival =
          &potential.arrival[(layer - 1) * graph.numCells()];
      graph.transitionsInto(graph.cellOf(survivor.node), intoEnergyJ,
                            intoTimeS);
      double least = kInfinity;
      for (size_t j = survivorsOf[layer - 1]; j < survivorsOf[layer]; ++j) {
        uint32_t node = survivors[j].node;
        uint32_t cell = graph.cellOf(node);
        double distance = arrival[cell] + graph.cost(node, potential.metric) +
                          intoEnergyJ[cell] +
                          potential.metric.timeWeight * intoTimeS[cell];
        if (distance < least) {
          least = distance;
          survivor.previous = static_cast<uint32_t>(j);
        }
      }
      if (survivor.previous == kNone) {
        survivor.prefixTimeS = kInfinity;
        continue;
      }
      const Survivor &previous = survivors[survivor.previous];
      uint32_t cell = graph.cellOf(previous.node);
      survivor.prefixEnergyJ += previous.prefixEnergyJ + intoEnergyJ[cell];
      survivor.prefixTimeS += previous.prefixTimeS + intoTimeS[cell];
    }
}

/// The labels of the last layer: its nodes.
void LabelSetting::start() {
  size_t last = graph.numLayers() - 1;
  links.clear();
  candidates.clear();
  frontier.clear();
  for (size_t i = survivorsOf[last]; i < survivorsOf[last + 1]; ++i) {
    const Survivor &survivor = survivors[i];
    candidates.push_back({graph.timeS(survivor.node),
                          graph.energyJ(survivor.node), survivor.node, kNone});
    complete(survivor.prefixEnergyJ, survivor.prefixTimeS,
             static_cast<uint32_t>(i), kNone);
  }
}

/// Considers a whole path: the prefix of a survivor, then that of a label.
void LabelSetting::complete(double energyJ, double timeS, uint32_t survivor,
                            uint32_t link) {
  if (!tail.fits(timeS))
    return;
  double totalJ = energyJ + tail.cost(timeS);
  if (totalJ >= bestJ)
    return;
  bestJ = totalJ;
  bestSurvivor = survivor;
  bestLink = link;
  // From here on, only what is cheaper is of interest.
  double cutoffJ = bestJ * (1 - kEnergyTolerance);
  if (cutoffJ >= windowJ)
    return;
  for (Potential &potential : potentials)
    potential.windowJ -= windowJ - cutoffJ;
  windowJ = cutoffJ;
}

/// Lists the ways to put a node of layer `layer` before `cell`, by increasing
/// bound, so that those within a label's reach come first.
void LabelSetting::collectArcs(size_t layer, uint32_t cell) {
  graph.transitionsInto(cell, intoEnergyJ, intoTimeS);
  size_t grid = layer * graph.numCells();
  arcs.clear();
  for (size_t i = survivorsOf[layer]; i < survivorsOf[layer + 1]; ++i) {
    const Survivor &survivor = survivors[i];
    Arc arc;
    arc.node = survivor.node;
    arc.survivor = static_cast<uint32_t>(i);
    uint32_t from = graph.cellOf(arc.node);
    arc.energyJ = intoEnergyJ[from] + graph.energyJ(arc.node);
    arc.timeS = intoTimeS[from] + graph.timeS(arc.node);
    for (size_t p = 0; p < kNumPotentials; ++p)
      arc.prefixCost[p] = potentials[p].arrival[grid + from] + arc.energyJ +
                          potentials[p].metric.timeWeight * arc.timeS;
    arc.fastestPrefixS = fastest[grid + from] + arc.timeS;
    arc.prefixEnergyJ = intoEnergyJ[from] + survivor.prefixEnergyJ;
    arc.prefixTimeS = intoTimeS[from] + survivor.prefixTimeS;
    arcs.push_back(arc);
  }
  std::sort(arcs.begin(), arcs.end(), [](const Arc &a, const Arc &b) {
    return a.prefixCost[0] != b.prefixCost[0]
               ? a.prefixCost[0] < b.prefixCost[0]
               : a.node < b.node;
  });
}

/// Extends the labels [begin, end) of the frontier, all of one cell, by `arcs`.
void LabelSetting::extendLabels(size_t begin, size_t end) {
  size_t firstLink = links.size() - frontier.size();
  for (size_t i = begin; i < end; ++i) {
    const Candidate &label = frontier[i];
    double reach[kNumPotentials];
    for (size_t p = 0; p < kNumPotentials; ++p)
      reach[p] = potentials[p].windowJ - label.energyJ -
                 potentials[p].metric.timeWeight * label.timeS;
    double timeLeftS = tail.limitS - label.timeS;
    for (const Arc &arc : arcs) {
      if (arc.prefixCost[0] > reach[0])
        break;
      if (arc.prefixCost[1] > reach[1] || arc.prefixCost[2] > reach[2] ||
          arc.fastestPrefixS > timeLeftS)
        continue;
      uint32_t link = static_cast<uint32_t>(firstLink + i);
      candidates.push_back({label.timeS + arc.timeS,
                            label.energyJ + arc.energyJ, arc.node, link});
      complete(label.energyJ + arc.prefixEnergyJ, label.timeS + arc.prefixTimeS,
               arc.survivor, link);
    }
  }
}

/// Fills `candidates` with the labels of `layer`.
bool LabelSetting::extendLayer(size_t layer, const Stopwatch &stopwatch) {
  candidates.clear();
  for (size_t begin = 0; begin < frontier.size();) {
    uint32_t cell = graph.cellOf(frontier[begin].node);
    size_t end = begin;
    while (end < frontier.size() && graph.cellOf(frontier[end].node) == cell)
      ++end;
    collectArcs(layer, cell);
    // In portions, to notice the limits between them.
    constexpr size_t kPortion = 64;
    for (size_t from = begin; from < end; from += kPortion) {
      extendLabels(from, std::min(from + kPortion, end));
      if (links.size() + candidates.size() > maxLabels || stopwatch.isOver())
        return false;
    }
    begin = end;
  }
  return true;
}

/// Turns the candidates of a layer into its frontier.
///
/// A label is not needed if another one of its layer is at least as good for
/// every prefix. Within a cell that means no more time and no more energy, less
/// what the tail draws in the time: no more of `key`. From another cell, the
/// transition may cost up to a detour more.
void LabelSetting::settle() {
  auto key = [&](const Candidate &label) {
    return label.energyJ - tail.powerW * label.timeS;
  };
  std::sort(candidates.begin(), candidates.end(),
            [&](const Candidate &a, const Candidate &b) {
              if (a.timeS != b.timeS)
                return a.timeS < b.timeS;
              double keyA = key(a), keyB = key(b);
              if (keyA != keyB)
                return keyA < keyB;
              return a.node != b.node ? a.node < b.node : a.parent < b.parent;
            });
  double detourS = graph.largestDetour(kTimeOnly);
  double detourKey = graph.largestDetour({1, -tail.powerW});
  leastKey.assign(graph.numCells(), kInfinity);
  cellCounts.assign(graph.numCells() + 1, 0);
  double leastAnywhere = kInfinity;
  size_t kept = 0, earlier = 0;
  for (const Candidate &label : candidates) {
    // Those fast enough to make up for any detour.
    for (; earlier < kept && candidates[earlier].timeS + detourS <= label.timeS;
         ++earlier)
      leastAnywhere =
          std::min(leastAnywhere, key(candidates[earlier]) + detourKey);
    uint32_t cell = graph.cellOf(label.node);
    double labelKey = key(label);
    if (labelKey >= leastKey[cell] || labelKey >= leastAnywhere)
      continue;
    leastKey[cell] = labelKey;
    ++cellCounts[cell + 1];
    candidates[kept++] = label;
  }
  candidates.resize(kept);

  // Group by cell, each still by time.
  for (size_t cell = 0; cell < graph.numCells(); ++cell)
    cellCounts[cell + 1] += cellCounts[cell];
  frontier.resize(kept);
  for (const Candidate &label : candidates)
    frontier[cellCounts[graph.cellOf(label.node)]++] = label;
  for (const Candidate &label : frontier)
    links.push_back({label.node, label.parent});
  labelCount += kept;
}

/// Writes out the cheapest whole path.
void LabelSetting::traceBest() {
  for (uint32_t i = bestSurvivor; i != kNone; i = survivors[i].previous)
    bestPath.push_back(survivors[i].node);
  std::reverse(bestPath.begin(), bestPath.end());
  for (uint32_t link = bestLink; link != kNone; link = links[link].parent)
    bestPath.push_back(links[link].node);
}

LabelSetting::Outcome LabelSetting::run(const RailSetTail &newTail,
                                        double multiplier, double newWindowJ,
                                        size_t newMaxLabels,
                                        const Stopwatch &stopwatch) {
  tail = newTail;
  windowJ = newWindowJ;
  // `Candidate::parent` has to hold each.
  maxLabels = std::min<size_t>(newMaxLabels, kNone - 1);
  bestJ = kInfinity;
  prepare(multiplier);
  keepNodesWithin();
  findPrefixes();
  start();
  bool isDone = true;
  for (size_t layer = graph.numLayers() - 1; isDone && layer > 0; --layer) {
    settle();
    isDone = extendLayer(layer - 1, stopwatch);
  }
  bestPath.clear();
  if (bestJ < kInfinity)
    traceBest();
  if (!isDone)
    return Outcome::Stopped;
  return bestJ * (1 - kEnergyTolerance) <= newWindowJ
             ? Outcome::Found
             : Outcome::NoneWithinWindow;
}
