//===- ShortestPaths.cpp - Sweeps over a layered graph --------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What LayeredGraph finds once it is built: the least costs of reaching and of
// leaving every cell under a metric, layer by layer, and paths that have them.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LayeredGraph.h"
#include "passes/scheduler/WideLanes.h"

#include <algorithm>
#include <functional>
#include <limits>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// From one layer to the next
//===----------------------------------------------------------------------===//

void LayeredGraph::setMatrices(size_t layer, Metric metric, bool isTransposed) {
  double weight = source.weightOf(layer);
  if (matricesOf.weight == weight &&
      matricesOf.metric.energyWeight == metric.energyWeight &&
      matricesOf.metric.timeWeight == metric.timeWeight &&
      matricesOf.isTransposed == isTransposed)
    return;
  matricesOf = {metric, weight, isTransposed};
  if (isOverlapping)
    return setProducts({metric.energyWeight * weight, metric.timeWeight},
                       isTransposed);
  matrices.resize(transitions.energyJ.size());
  double energyWeight = metric.energyWeight * weight;
  forEachEntry(
      isTransposed, [&](size_t entry, size_t target, const AxisView &) {
        matrices[target] = energyWeight * transitions.energyJ[entry] +
                           metric.timeWeight * transitions.timeS[entry];
      });
}

/// The products of which a step is the least where ramps overlap.
void LayeredGraph::setProducts(Metric metric, bool isTransposed) {
  size_t size = transitions.energyJ.size();
  double rampWeight =
      metric.timeWeight + metric.energyWeight * source.transitionPowerW;
  // Where time costs nothing or less, the longest ramp is that of any axis
  // that makes the step cheapest.
  bool isPerRamp = rampWeight > 0;
  products.assign(isPerRamp ? rampsS.size() : axes.size(), 0);
  matrices.resize(products.size() * size);
  for (size_t product = 0; product < products.size(); ++product) {
    if (isPerRamp)
      products[product] = rampWeight * rampsS[product];
    double *matrix = &matrices[product * size];
    forEachEntry(
        isTransposed, [&](size_t entry, size_t target, const AxisView &axis) {
          double costJ = metric.energyWeight * transitions.energyJ[entry];
          if (isPerRamp && rankOfRamp[entry] > product)
            costJ = kInfinity;
          else if (!isPerRamp && &axis == &axes[product])
            costJ += rampWeight * transitions.timeS[entry];
          matrix[target] = costJ;
        });
  }
}

/// As `sweepAxis`, for `Block` neighbours in `rest`, in as many lanes. A `Size`
/// that the compiler knows, of both, unrolls the loops, and results go to their
/// places together.
template <size_t Size, size_t Block>
[[gnu::always_inline]] static inline void
sweepBlock(size_t numFrom, size_t numTo, const double *matrix,
           const double *values, size_t rest, double *__restrict result) {
  constexpr size_t kTogether = Size == 0 ? 1 : Size;
  const size_t n = Size == 0 ? numFrom : Size;
  const size_t m = Size == 0 ? numTo : Size;
  for (size_t first = 0; first < m; first += kTogether) {
    double least[kTogether][Block];
    for (size_t to = 0; to < kTogether; ++to) {
      const double *changes = matrix + first + to;
      for (size_t x = 0; x < Block; ++x)
        least[to][x] = values[x] + changes[0];
      for (size_t from = 1; from < n; ++from) {
        const double *row = values + from * rest;
        const double change = changes[from * m];
        if (Size == 0 && change == kInfinity)
          continue;
        // Not `std::min`, of which the compiler makes more than one
        // instruction.
        for (size_t x = 0; x < Block; ++x) {
          double value = row[x] + change;
          least[to][x] = value < least[to][x] ? value : least[to][x];
        }
      }
    }
    for (size_t x = 0; x < Block; ++x)
      for (size_t to = 0; to < kTogether; ++to)
        result[x * m + first + to] = least[to][x];
  }
}

/// Min-plus product along the leading axis of `values`, a grid of
/// numFrom * rest cells. The axis comes last in `result`, with numTo settings,
/// so that as many calls as there are axes bring every axis back to its place.
template <size_t Size>
[[gnu::always_inline]] static inline void
sweepAxisOf(size_t numFrom, size_t numTo, const double *matrix,
            const double *values, size_t rest, double *__restrict result) {
  constexpr size_t kBlock = 8;
  size_t x = 0;
  for (; x + kBlock <= rest; x += kBlock)
    sweepBlock<Size, kBlock>(numFrom, numTo, matrix, values + x, rest,
                             result + x * numTo);
  for (; x < rest; ++x)
    sweepBlock<Size, 1>(numFrom, numTo, matrix, values + x, rest,
                        result + x * numTo);
}

PFMLIR_WIDE_LANES static void sweepAxis(size_t numFrom, size_t numTo,
                                        const double *matrix,
                                        const double *values, size_t rest,
                                        double *__restrict result) {
  switch (numFrom == numTo ? numFrom : 0) {
  case 1:
    return sweepAxisOf<1>(numFrom, numTo, matrix, values, rest, result);
  case 2:
    return sweepAxisOf<2>(numFrom, numTo, matrix, values, rest, result);
  case 3:
    return sweepAxisOf<3>(numFrom, numTo, matrix, values, rest, result);
  case 4:
    return sweepAxisOf<4>(numFrom, numTo, matrix, values, rest, result);
  case 5:
    return sweepAxisOf<5>(numFrom, numTo, matrix, values, rest, result);
  case 6:
    return sweepAxisOf<6>(numFrom, numTo, matrix, values, rest, result);
  case 7:
    return sweepAxisOf<7>(numFrom, numTo, matrix, values, rest, result);
  case 8:
    return sweepAxisOf<8>(numFrom, numTo, matrix, values, rest, result);
  case 9:
    return sweepAxisOf<9>(numFrom, numTo, matrix, values, rest, result);
  default:
    return sweepAxisOf<0>(numFrom, numTo, matrix, values, rest, result);
  }
}

void LayeredGraph::applyAxes(const double *matrix, const double *values,
                             double *result) {
  gridB.resize(cellCount);
  const double *from = values;
  for (size_t i = 0; i < axes.size(); ++i) {
    const AxisView &axis = axes[i];
    // Alternate the two targets such that the last product is `result`.
    bool isResultNext = (axes.size() - i) % 2 == 1;
    double *to = isResultNext ? result : gridB.data();
    sweepAxis(axis.size(), axis.size(), matrix + axis.matrixBegin, from,
              cellCount / axis.size(), to);
    from = to;
  }
}

void LayeredGraph::applyProducts(const double *values, double *result) {
  gridC.resize(cellCount);
  std::fill_n(result, cellCount, kInfinity);
  double leastValue = *std::min_element(values, values + cellCount);
  for (size_t product = 0; product < products.size(); ++product) {
    // Longer ramps are too dear for every cell.
    if (products[product] > 0 &&
        leastValue + products[product] >=
            *std::max_element(result, result + cellCount))
      break;
    applyAxes(&matrices[product * transitions.energyJ.size()], values,
              gridC.data());
    for (size_t cell = 0; cell < cellCount; ++cell)
      result[cell] = std::min(result[cell], gridC[cell] + products[product]);
  }
}

void LayeredGraph::applyTransitions(const double *values, double *result) {
  if (isOverlapping)
    applyProducts(values, result);
  else
    applyAxes(matrices.data(), values, result);
}

//===----------------------------------------------------------------------===//
// All layers
//===----------------------------------------------------------------------===//

/// Starts `gridA`, of a layer's cells or of those that are present in it.
void LayeredGraph::clearGrid(size_t layer) {
  size_t size =
      present.empty() ? cellCount : present[layouts.layoutOf[layer]].numCells;
  gridA.assign(size, kInfinity);
}

/// Makes `gridA` the least with a node that its cell has there.
void LayeredGraph::addNode(size_t layer, uint32_t node, Metric metric,
                           const double *values) {
  uint32_t cell = nodeCell[node];
  uint32_t place =
      present.empty()
          ? cell
          : present[layouts.layoutOf[layer]].cellOf[node - firstNode(layer)];
  gridA[place] = std::min(gridA[place], values[cell] + cost(node, metric));
}

/// Makes `gridA` the least of `values` with a node of [begin, end), by cell.
void LayeredGraph::addNodes(size_t layer, uint32_t begin, uint32_t end,
                            Metric metric, const double *values) {
  if (present.empty() && areWholeGrid(begin, end)) {
    gridA.resize(cellCount);
    return addPriced(values, &nodeEnergyJ[begin], &nodeTimeS[begin],
                     metric.energyWeight, metric.timeWeight, cellCount,
                     gridA.data());
  }
  clearGrid(layer);
  for (uint32_t node = begin; node < end; ++node)
    addNode(layer, node, metric, values);
}

/// Goes on from `gridA`, of `layer`, to the cells of the nodes of `next`.
void LayeredGraph::stepTo(size_t layer, size_t next, double *result) {
  if (present.empty())
    return applyTransitions(gridA.data(), result);
  const PresentCells &from = present[layouts.layoutOf[layer]];
  const PresentCells &to = present[layouts.layoutOf[next]];
  size_t size = from.numCells;
  for (size_t i = 0; i < axes.size(); ++i) {
    const AxisView &axis = axes[i];
    const std::vector<uint32_t> &rows = from.settings[i];
    const std::vector<uint32_t> &columns = to.settings[i];
    block.clear();
    for (uint32_t row : rows)
      for (uint32_t column : columns)
        block.push_back(
            matrices[axis.matrixBegin + row * axis.size() + column]);
    size_t rest = size / rows.size();
    gridB.resize(rest * columns.size());
    sweepAxis(rows.size(), columns.size(), block.data(), gridA.data(), rest,
              gridB.data());
    gridA.swap(gridB);
    size = gridA.size();
  }
  for (uint32_t node = firstNode(next); node < firstNode(next + 1); ++node)
    result[nodeCell[node]] = gridA[to.cellOf[node - firstNode(next)]];
}

void LayeredGraph::sweepForward(Metric metric, Grids &arrival) {
  arrival.reset(numLayers() * cellCount);
  std::fill_n(arrival.at(0), cellCount, 0.0);
  for (size_t layer = 0; layer + 1 < numLayers(); ++layer) {
    setMatrices(layer + 1, metric, /*isTransposed=*/false);
    const double *here = arrival.at(layer * cellCount);
    addNodes(layer, firstNode(layer), firstNode(layer + 1), metric, here);
    stepTo(layer, layer + 1, arrival.at((layer + 1) * cellCount));
  }
}

void LayeredGraph::sweepBackward(Metric metric, uint32_t endBegin,
                                 uint32_t endEnd, Grids &departure) {
  departure.reset(numLayers() * cellCount);
  std::fill_n(departure.at((numLayers() - 1) * cellCount), cellCount, 0.0);
  for (size_t layer = numLayers() - 1; layer > 0; --layer) {
    setMatrices(layer, metric, /*isTransposed=*/true);
    const double *here = departure.at(layer * cellCount);
    bool isLast = layer + 1 == numLayers();
    uint32_t begin = isLast ? endBegin : firstNode(layer);
    uint32_t end = isLast ? endEnd : firstNode(layer + 1);
    addNodes(layer, begin, end, metric, here);
    stepTo(layer, layer - 1, departure.at((layer - 1) * cellCount));
  }
}

/// Whether a step between so many pairs of nodes takes less than one of the
/// whole grid.
bool LayeredGraph::isStepByPairsCheaper(size_t numPairs) const {
  // What a pair takes in units of what a matrix entry and a cell do.
  constexpr size_t kPairCost = 40;
  size_t perCell = 0;
  for (const AxisView &axis : axes)
    perCell += axis.size();
  size_t numProducts = isOverlapping ? rampsS.size() : 1;
  return kPairCost * numPairs < numProducts * perCell * cellCount;
}

/// Least costs of some nodes' cells, from those of a neighbouring layer.
void LayeredGraph::stepByPairs(const uint32_t *from, size_t numFrom,
                               const uint32_t *to, size_t numTo, size_t entered,
                               bool isForward, Metric metric,
                               const double *values, double *result) {
  priced.resize(numFrom);
  for (size_t i = 0; i < numFrom; ++i)
    priced[i] = values[nodeCell[from[i]]] + cost(from[i], metric);
  double energyWeight = metric.energyWeight * source.weightOf(entered);
  for (size_t j = 0; j < numTo; ++j) {
    uint32_t cell = nodeCell[to[j]];
    double least = kInfinity;
    for (size_t i = 0; i < numFrom; ++i) {
      Transition change = transitionWith(cell, isForward, nodeCell[from[i]]);
      least = std::min(least, priced[i] + energyWeight * change.energyJ +
                                  metric.timeWeight * change.timeS);
    }
    result[cell] = least;
  }
}

void LayeredGraph::sweepWithin(const NodeSubset &subset, bool isForward,
                               Metric metric, Grids &values) {
  values.reset(numLayers() * cellCount);
  size_t layer = isForward ? 0 : numLayers() - 1;
  std::fill_n(values.at(layer * cellCount), cellCount, 0.0);
  for (size_t step = 1; step < numLayers(); ++step) {
    size_t next = isForward ? layer + 1 : layer - 1;
    size_t entered = std::max(layer, next);
    const uint32_t *from = &subset.nodes[subset.begin[layer]];
    const uint32_t *to = &subset.nodes[subset.begin[next]];
    size_t numFrom = subset.begin[layer + 1] - subset.begin[layer];
    size_t numTo = subset.begin[next + 1] - subset.begin[next];
    const double *here = values.at(layer * cellCount);
    double *there = values.at(next * cellCount);
    if (isStepByPairsCheaper(numFrom * numTo)) {
      stepByPairs(from, numFrom, to, numTo, entered, isForward, metric, here,
                  there);
    } else {
      setMatrices(entered, metric, /*isTransposed=*/!isForward);
      clearGrid(layer);
      for (size_t i = 0; i < numFrom; ++i)
        addNode(layer, from[i], metric, here);
      stepTo(layer, next, there);
    }
    layer = next;
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

/// What the transitions from every cell into one cost.
void LayeredGraph::setCostsInto(size_t layer, uint32_t cell, Metric metric) {
  if (!isOverlapping) {
    setMatrices(layer, metric, /*isTransposed=*/false);
    combineAxes(cell, /*isInto=*/true, matrices, std::plus<>(), costsInto);
    return;
  }
  transitionsInto(layer, cell, enteringCell);
  costsInto.resize(cellCount);
  for (size_t from = 0; from < cellCount; ++from)
    costsInto[from] = metric.energyWeight * enteringCell.energyJ[from] +
                      metric.timeWeight * enteringCell.timeS[from];
}

/// The node of the layer before `layer` that a shortest path comes through, by
/// what it takes to get to its cell and, in `costsInto`, on from there.
uint32_t LayeredGraph::nodeBefore(size_t layer, Metric metric,
                                  const double *before) {
  uint32_t begin = firstNode(layer - 1), end = firstNode(layer);
  if (areWholeGrid(begin, end)) {
    gridA.resize(cellCount);
    size_t cell = findFirstLeastOfSums(
        before, &nodeEnergyJ[begin], &nodeTimeS[begin], metric.energyWeight,
        metric.timeWeight, costsInto.data(), cellCount, gridA.data());
    return begin + static_cast<uint32_t>(cell);
  }
  double least = kInfinity;
  uint32_t best = begin;
  for (uint32_t node = begin; node < end; ++node) {
    uint32_t cell = nodeCell[node];
    double distance = before[cell] + cost(node, metric) + costsInto[cell];
    if (distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}

void LayeredGraph::tracePath(Metric metric, const Grids &arrival, uint32_t end,
                             std::vector<uint32_t> &nodes) {
  nodes.resize(numLayers());
  nodes.back() = end;
  for (size_t layer = numLayers() - 1; layer > 0; --layer) {
    uint32_t next = nodes[layer];
    // Paths stay in one cell for layers on end.
    bool isInSameCell = layer + 1 < numLayers() &&
                        nodeCell[next] == nodeCell[nodes[layer + 1]] &&
                        source.weightOf(layer) == source.weightOf(layer + 1);
    if (!isInSameCell)
      setCostsInto(layer, nodeCell[next], metric);
    nodes[layer - 1] =
        nodeBefore(layer, metric, arrival.at((layer - 1) * cellCount));
  }
}
