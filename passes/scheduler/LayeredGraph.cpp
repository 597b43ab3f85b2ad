//===- LayeredGraph.cpp - Shortest paths within a rail set ----------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LayeredGraph.h"

#include <algorithm>
#include <limits>
#include <map>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr uint32_t kNotARail = ~0u;

LayerLayouts::LayerLayouts(const Problem &problem) {
  std::map<std::vector<Level>, uint32_t> known;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    const Level *begin = problem.levelsOf(problem.layerBegin[layer]);
    std::vector<Level> levels(begin, begin + problem.numStates(layer) *
                                                 problem.numDomains);
    auto [entry, isNew] = known.try_emplace(
        std::move(levels), static_cast<uint32_t>(layouts.size()));
    if (isNew) {
      layouts.push_back({layer, {}, {}});
      indexStates(problem, layouts.back());
    }
    layoutOf.push_back(entry->second);
  }
}

/// Fills the tables of a layout, if they stay in proportion to its states.
void LayerLayouts::indexStates(const Problem &problem, Layout &layout) const {
  constexpr size_t kEntriesPerState = 16;
  size_t numStates = problem.numStates(layout.layer);
  size_t size = 1;
  for (unsigned domain = 0; domain < problem.numDomains; ++domain) {
    size *= problem.numLevels;
    if (size > kEntriesPerState * numStates)
      return;
  }
  layout.firstWith.assign(size, kNone);
  layout.nextWithSame.assign(numStates, kNone);
  // From the last to the first, so that chains are in the problem's order.
  for (size_t i = numStates; i-- > 0;) {
    const Level *levels =
        problem.levelsOf(problem.layerBegin[layout.layer] + i);
    size_t key = 0;
    for (unsigned domain = 0; domain < problem.numDomains; ++domain)
      key = key * problem.numLevels + levels[domain];
    layout.nextWithSame[i] = layout.firstWith[key];
    layout.firstWith[key] = static_cast<uint32_t>(i);
  }
}

LayeredGraph::LayeredGraph(const Problem &problem, const LayerLayouts &layouts)
    : source(problem), layouts(layouts), railOf(problem.numLevels, kNotARail),
      matches(layouts.layouts.size()), layerNodes(problem.numLayers() + 1) {}

/// Finds the states of a layout that stay within the rails, by going through
/// the states.
void LayeredGraph::matchByState(const LayerLayouts::Layout &layout,
                                std::vector<Match> &found) const {
  const Level *levels = source.levelsOf(source.layerBegin[layout.layer]);
  for (size_t position = 0; position < source.numStates(layout.layer);
       ++position) {
    size_t cell = 0;
    bool isWithinRails = true;
    for (unsigned domain = 0; domain < source.numDomains; ++domain) {
      uint32_t rail = railOf[*levels++];
      isWithinRails &= rail != kNotARail;
      cell = cell * railCount + rail;
    }
    if (isWithinRails)
      found.push_back(
          {static_cast<uint32_t>(cell), static_cast<uint32_t>(position)});
  }
  // States are usually listed in the order of their cells already.
  auto byCell = [](const Match &a, const Match &b) {
    return a.cell != b.cell ? a.cell < b.cell : a.position < b.position;
  };
  if (!std::is_sorted(found.begin(), found.end(), byCell))
    std::sort(found.begin(), found.end(), byCell);
}

/// Finds them by going through the cells.
void LayeredGraph::matchByCell(const LayerLayouts::Layout &layout,
                               std::vector<Match> &found) const {
  for (size_t cell = 0; cell < cellCount; ++cell)
    for (uint32_t position = layout.firstWith[keyOfCell[cell]];
         position != LayerLayouts::kNone;
         position = layout.nextWithSame[position])
      found.push_back({static_cast<uint32_t>(cell), position});
}

bool LayeredGraph::selectRails(const std::vector<Level> &newRails) {
  for (Level level : rails)
    railOf[level] = kNotARail;
  rails = newRails;
  railCount = rails.size();
  for (size_t rail = 0; rail < railCount; ++rail)
    railOf[rails[rail]] = static_cast<uint32_t>(rail);
  keyOfCell.assign(1, 0);
  for (unsigned domain = 0; domain < source.numDomains; ++domain) {
    keyOfPrefix.swap(keyOfCell);
    keyOfCell.clear();
    for (uint64_t key : keyOfPrefix)
      for (Level level : rails)
        keyOfCell.push_back(key * source.numLevels + level);
  }
  cellCount = keyOfCell.size();

  for (size_t i = 0; i < matches.size(); ++i) {
    const LayerLayouts::Layout &layout = layouts.layouts[i];
    matches[i].clear();
    bool isIndexed = !layout.firstWith.empty();
    if (isIndexed && cellCount < source.numStates(layout.layer))
      matchByCell(layout, matches[i]);
    else
      matchByState(layout, matches[i]);
    if (matches[i].empty())
      return false;
  }
  return true;
}

double LayeredGraph::sumOfLayerMinima(const double *stateCosts) const {
  double sum = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer) {
    const double *costs = &stateCosts[source.layerBegin[layer]];
    double least = kInfinity;
    for (const Match &match : matches[layouts.layoutOf[layer]])
      least = std::min(least, costs[match.position]);
    sum += least;
  }
  return sum;
}

void LayeredGraph::build() {
  buildNodes();
  buildTransitions();
}

void LayeredGraph::buildNodes() {
  size_t numNodes = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer) {
    layerNodes[layer] = static_cast<uint32_t>(numNodes);
    numNodes += matches[layouts.layoutOf[layer]].size();
  }
  layerNodes[numLayers()] = static_cast<uint32_t>(numNodes);
  nodeCell.resize(numNodes);
  nodeEnergyJ.resize(numNodes);
  nodeTimeS.resize(numNodes);
  nodeState.resize(numNodes);
  size_t node = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer)
    for (const Match &match : matches[layouts.layoutOf[layer]]) {
      size_t state = source.layerBegin[layer] + match.position;
      nodeCell[node] = match.cell;
      nodeEnergyJ[node] = source.energyJ[state];
      nodeTimeS[node] = source.timeS[state];
      nodeState[node] = state;
      ++node;
    }
}

void LayeredGraph::buildTransitions() {
  size_t entries = railCount * railCount;
  railEnergyJ.resize(source.numDomains * entries);
  railTimeS.resize(source.numDomains * entries);
  for (unsigned domain = 0; domain < source.numDomains; ++domain)
    for (size_t from = 0; from < railCount; ++from)
      for (size_t to = 0; to < railCount; ++to) {
        const TransitionCost &cost = source.transitions[domain];
        size_t level = size_t(rails[from]) * source.numLevels + rails[to];
        size_t entry = domain * entries + from * railCount + to;
        railEnergyJ[entry] = cost.energyJ[level];
        railTimeS[entry] = cost.timeS[level];
      }
}

std::vector<size_t>
LayeredGraph::statesOf(const std::vector<uint32_t> &nodes) const {
  std::vector<size_t> states;
  states.reserve(nodes.size());
  for (uint32_t node : nodes)
    states.push_back(nodeState[node]);
  return states;
}

/// Fills the grid digit by digit: after d domains, it holds the sums over those
/// for every choice of the first d digits.
void LayeredGraph::sumTransitions(uint32_t cell, size_t cellStride,
                                  size_t otherStride,
                                  const std::vector<double> &tables,
                                  std::vector<double> &sums) const {
  sums.assign(cellCount, 0);
  size_t filled = 1, weight = cellCount;
  for (unsigned domain = 0; domain < source.numDomains; ++domain) {
    weight /= railCount;
    size_t rail = cell / weight % railCount;
    const double *entries =
        &tables[domain * railCount * railCount + rail * cellStride];
    // From the last digit to the first, so that no sum is overwritten before
    // it is used.
    for (size_t prefix = filled; prefix-- > 0;)
      for (size_t other = railCount; other-- > 0;)
        sums[prefix * railCount + other] =
            sums[prefix] + entries[other * otherStride];
    filled *= railCount;
  }
}

void LayeredGraph::transitionsInto(uint32_t cell, std::vector<double> &energyJ,
                                   std::vector<double> &timeS) const {
  sumTransitions(cell, 1, railCount, railEnergyJ, energyJ);
  sumTransitions(cell, 1, railCount, railTimeS, timeS);
}

void LayeredGraph::transitionsFrom(uint32_t cell, std::vector<double> &energyJ,
                                   std::vector<double> &timeS) const {
  sumTransitions(cell, railCount, 1, railEnergyJ, energyJ);
  sumTransitions(cell, railCount, 1, railTimeS, timeS);
}

double LayeredGraph::largestDetour(Metric metric, size_t fixedStride,
                                   size_t otherStride) const {
  double total = 0;
  for (unsigned domain = 0; domain < source.numDomains; ++domain) {
    double largest = 0;
    for (size_t fixed = 0; fixed < railCount; ++fixed) {
      double low = kInfinity, high = -kInfinity;
      for (size_t other = 0; other < railCount; ++other) {
        size_t entry = domain * railCount * railCount + fixed * fixedStride +
                       other * otherStride;
        double cost = metric.energyWeight * railEnergyJ[entry] +
                      metric.timeWeight * railTimeS[entry];
        low = std::min(low, cost);
        high = std::max(high, cost);
      }
      largest = std::max(largest, high - low);
    }
    total += largest;
  }
  return total;
}

void LayeredGraph::setTransitionMatrices(Metric metric, bool isTransposed) {
  matrices.resize(railEnergyJ.size());
  size_t entry = 0;
  for (unsigned domain = 0; domain < source.numDomains; ++domain) {
    double *matrix = &matrices[domain * railCount * railCount];
    for (size_t from = 0; from < railCount; ++from)
      for (size_t to = 0; to < railCount; ++to, ++entry)
        matrix[isTransposed ? to * railCount + from : from * railCount + to] =
            metric.energyWeight * railEnergyJ[entry] +
            metric.timeWeight * railTimeS[entry];
  }
}

/// Min-plus product along the leading axis of `values`, a grid of
/// numRails * rest cells. The axis comes last in `result`, so that as many
/// calls as there are domains bring every axis back to its place.
template <size_t NumRails>
static void sweepAxis(const double *matrix, const double *values, size_t rest,
                      double *result) {
  for (size_t x = 0; x < rest; ++x) {
    double column[NumRails];
    for (size_t from = 0; from < NumRails; ++from)
      column[from] = values[from * rest + x];
    for (size_t to = 0; to < NumRails; ++to) {
      double least = column[0] + matrix[to];
      for (size_t from = 1; from < NumRails; ++from)
        least = std::min(least, column[from] + matrix[from * NumRails + to]);
      result[x * NumRails + to] = least;
    }
  }
}

static void sweepAxis(size_t numRails, const double *matrix,
                      const double *values, size_t rest, double *result) {
  switch (numRails) {
  case 1:
    return sweepAxis<1>(matrix, values, rest, result);
  case 2:
    return sweepAxis<2>(matrix, values, rest, result);
  case 3:
    return sweepAxis<3>(matrix, values, rest, result);
  case 4:
    return sweepAxis<4>(matrix, values, rest, result);
  case 5:
    return sweepAxis<5>(matrix, values, rest, result);
  }
  for (size_t x = 0; x < rest; ++x)
    for (size_t to = 0; to < numRails; ++to) {
      double least = kInfinity;
      for (size_t from = 0; from < numRails; ++from)
        least = std::min(least, values[from * rest + x] +
                                    matrix[from * numRails + to]);
      result[x * numRails + to] = least;
    }
}

void LayeredGraph::applyTransitions(const double *values, double *result) {
  gridB.resize(cellCount);
  const double *from = values;
  size_t rest = cellCount / railCount;
  for (unsigned domain = 0; domain < source.numDomains; ++domain) {
    // Alternate the two targets such that the last product is `result`.
    bool isResultNext = (source.numDomains - domain) % 2 == 1;
    double *to = isResultNext ? result : gridB.data();
    sweepAxis(railCount, &matrices[domain * railCount * railCount], from, rest,
              to);
    from = to;
  }
}

void LayeredGraph::sweepForward(Metric metric, Grids &arrival) {
  setTransitionMatrices(metric, /*isTransposed=*/false);
  arrival.resize(numLayers() * cellCount);
  gridA.resize(cellCount);
  std::fill_n(arrival.begin(), cellCount, 0.0);
  for (size_t layer = 0; layer + 1 < numLayers(); ++layer) {
    const double *here = &arrival[layer * cellCount];
    std::fill(gridA.begin(), gridA.end(), kInfinity);
    for (uint32_t node = firstNode(layer); node < firstNode(layer + 1);
         ++node) {
      double &best = gridA[nodeCell[node]];
      best = std::min(best, here[nodeCell[node]] + cost(node, metric));
    }
    applyTransitions(gridA.data(), &arrival[(layer + 1) * cellCount]);
  }
}

void LayeredGraph::sweepBackward(Metric metric, uint32_t endBegin,
                                 uint32_t endEnd, Grids &departure) {
  setTransitionMatrices(metric, /*isTransposed=*/true);
  departure.resize(numLayers() * cellCount);
  gridA.resize(cellCount);
  std::fill_n(departure.end() - static_cast<ptrdiff_t>(cellCount), cellCount,
              0.0);
  for (size_t layer = numLayers() - 1; layer > 0; --layer) {
    const double *here = &departure[layer * cellCount];
    bool isLast = layer + 1 == numLayers();
    uint32_t begin = isLast ? endBegin : firstNode(layer);
    uint32_t end = isLast ? endEnd : firstNode(layer + 1);
    std::fill(gridA.begin(), gridA.end(), kInfinity);
    for (uint32_t node = begin; node < end; ++node) {
      double &best = gridA[nodeCell[node]];
      best = std::min(best, here[nodeCell[node]] + cost(node, metric));
    }
    applyTransitions(gridA.data(), &departure[(layer - 1) * cellCount]);
  }
}

uint32_t LayeredGraph::bestEnd(Metric metric, const Grids &arrival,
                               uint32_t endBegin, uint32_t endEnd) const {
  uint32_t best = endBegin;
  double least = kInfinity;
  for (uint32_t node = endBegin; node < endEnd; ++node) {
    double distance = distanceTo(node, metric, arrival);
    if (distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}

void LayeredGraph::tracePath(Metric metric, const Grids &arrival, uint32_t end,
                             std::vector<uint32_t> &nodes) {
  setTransitionMatrices(metric, /*isTransposed=*/false);
  nodes.resize(numLayers());
  uint32_t next = end;
  for (size_t layer = numLayers(); layer-- > 0;) {
    nodes[layer] = next;
    if (layer == 0)
      break;
    const double *before = &arrival[(layer - 1) * cellCount];
    sumTransitions(nodeCell[next], 1, railCount, matrices, transitionSums);
    double least = kInfinity;
    for (uint32_t node = firstNode(layer - 1); node < firstNode(layer);
         ++node) {
      uint32_t cell = nodeCell[node];
      double distance =
          before[cell] + cost(node, metric) + transitionSums[cell];
      if (distance < least) {
        least = distance;
        next = node;
      }
    }
  }
}
