//===- LayeredGraph.h - Shortest paths within a rail set --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layered graph of one rail set. Its nodes are the states whose levels are
// all rails; arcs join the nodes of neighbouring layers and cost what the
// transition costs.
//
// A cell is an assignment of rails to domains, numbered with domain 0 as the
// most significant digit in base `numRails`. All that an arc's cost depends on
// is the cells of its ends, and it is a sum over domains. The step of a
// shortest path from one layer to the next is therefore one min-plus product by
// a small matrix per domain along that domain's axis of the grid of cells: for
// R rails and D domains, D * R^(D+1) operations in place of R^(2D). Corners of
// that walk need not be states of any layer.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H
#define PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H

#include "pfmlir/Scheduler/Problem.h"

namespace pfmlir::scheduler {

/// Groups the layers whose states have the same levels in the same order, so
/// that a rail set is matched once a group rather than once a layer.
struct LayerLayouts {
  explicit LayerLayouts(const Problem &problem);

  static constexpr uint32_t kNone = ~0u;

  struct Layout {
    /// The first layer that has it.
    size_t layer;
    /// By the levels of all domains, as digits in base `numLevels`: the first
    /// state in the layer with them, or `kNone`. Empty if that takes too much
    /// memory.
    std::vector<uint32_t> firstWith;
    /// By state in the layer: the next one with the same levels, or `kNone`.
    std::vector<uint32_t> nextWithSame;
  };
  std::vector<Layout> layouts;
  /// Per layer, its layout.
  std::vector<uint32_t> layoutOf;

private:
  void indexStates(const Problem &problem, Layout &layout) const;
};

/// What a path minimises: energyWeight * energy + timeWeight * time.
struct Metric {
  double energyWeight;
  double timeWeight;
};
inline constexpr Metric kTimeOnly = {0, 1};

/// Shortest-path values, one grid of cells a layer: [layer * numCells + cell].
using Grids = std::vector<double>;

class LayeredGraph {
public:
  LayeredGraph(const Problem &problem, const LayerLayouts &layouts);

  /// Finds the states whose levels are all among `rails`, a set of distinct
  /// levels. Returns false if some layer has none.
  bool selectRails(const std::vector<Level> &rails);

  /// The sum over layers of the least entry of `stateCosts` among the selected
  /// states: a lower bound on every path, as transitions cost something too.
  double sumOfLayerMinima(const double *stateCosts) const;

  /// Makes this the graph of the selected rails. All that follows is about it.
  void build();

  const Problem &problem() const { return source; }
  size_t numLayers() const { return source.numLayers(); }
  size_t numRails() const { return railCount; }
  size_t numCells() const { return cellCount; }

  /// The nodes of a layer are [firstNode(layer), firstNode(layer + 1)), by
  /// increasing cell, and among those of a cell in the problem's order.
  uint32_t firstNode(size_t layer) const { return layerNodes[layer]; }
  uint32_t cellOf(uint32_t node) const { return nodeCell[node]; }
  double energyJ(uint32_t node) const { return nodeEnergyJ[node]; }
  double timeS(uint32_t node) const { return nodeTimeS[node]; }
  size_t stateOf(uint32_t node) const { return nodeState[node]; }
  std::vector<size_t> statesOf(const std::vector<uint32_t> &nodes) const;
  double cost(uint32_t node, Metric metric) const {
    return metric.energyWeight * nodeEnergyJ[node] +
           metric.timeWeight * nodeTimeS[node];
  }

  /// Writes what the transition between every cell and `cell` takes, into it or
  /// out of it.
  void transitionsInto(uint32_t cell, std::vector<double> &energyJ,
                       std::vector<double> &timeS) const;
  void transitionsFrom(uint32_t cell, std::vector<double> &energyJ,
                       std::vector<double> &timeS) const;

  /// The most by which the transitions from one cell into two different ones,
  /// or from two different ones into one, can differ under `metric`.
  double largestDetourInto(Metric metric) const {
    return largestDetour(metric, railCount, 1);
  }
  double largestDetourFrom(Metric metric) const {
    return largestDetour(metric, 1, railCount);
  }

  /// arrival[layer][cell]: the least cost of reaching the cell, with all
  /// earlier layers and the transition into it but without the layer itself.
  void sweepForward(Metric metric, Grids &arrival);

  /// departure[layer][cell]: the least cost of all that follows the layer, from
  /// the cell. Paths end in a node of [endBegin, endEnd).
  void sweepBackward(Metric metric, uint32_t endBegin, uint32_t endEnd,
                     Grids &departure);

  /// The last node of a shortest path which ends in [endBegin, endEnd).
  uint32_t bestEnd(Metric metric, const Grids &arrival, uint32_t endBegin,
                   uint32_t endEnd) const;
  /// Length of the shortest path that ends in `node`, of the last layer.
  double distanceTo(uint32_t node, Metric metric, const Grids &arrival) const {
    return arrival[(numLayers() - 1) * cellCount + nodeCell[node]] +
           cost(node, metric);
  }

  /// The nodes of a shortest path that ends in `end`, one a layer.
  void tracePath(Metric metric, const Grids &arrival, uint32_t end,
                 std::vector<uint32_t> &nodes);

private:
  /// A state within the rails: its cell, and its position in its layer.
  struct Match {
    uint32_t cell;
    uint32_t position;
  };

  void matchByState(const LayerLayouts::Layout &layout,
                    std::vector<Match> &found) const;
  void matchByCell(const LayerLayouts::Layout &layout,
                   std::vector<Match> &found) const;
  void buildNodes();
  void buildTransitions();
  void setTransitionMatrices(Metric metric, bool isTransposed);
  /// result := the min-plus product of every domain's matrix with `values`.
  void applyTransitions(const double *values, double *result);
  /// Writes, for every cell, the sum over domains of the entries of the
  /// domain's table for its rail there and that of `cell`. The strides are
  /// those of the two in the table.
  void sumTransitions(uint32_t cell, size_t cellStride, size_t otherStride,
                      const std::vector<double> &tables,
                      std::vector<double> &sums) const;
  /// Sums over domains what the entries of a table differ by along one axis at
  /// most, for any index of the other.
  double largestDetour(Metric metric, size_t fixedStride,
                       size_t otherStride) const;

  const Problem &source;
  const LayerLayouts &layouts;

  std::vector<Level> rails;
  size_t railCount = 0;
  size_t cellCount = 0;
  /// Level -> its index in `rails`, or `kNotARail`.
  std::vector<uint32_t> railOf;

  /// Per layout.
  std::vector<std::vector<Match>> matches;
  /// The cells' levels, as digits in base `numLevels`.
  std::vector<uint64_t> keyOfCell, keyOfPrefix;

  std::vector<uint32_t> layerNodes;
  std::vector<uint32_t> nodeCell;
  std::vector<double> nodeEnergyJ;
  std::vector<double> nodeTimeS;
  std::vector<size_t> nodeState;

  /// Transition costs between rails, [domain][from * railCount + to].
  std::vector<double> railEnergyJ;
  std::vector<double> railTimeS;
  /// The same under the metric of the current sweep.
  std::vector<double> matrices;
  /// Scratch: grids between two domains, and the transitions into a cell.
  std::vector<double> gridA, gridB, transitionSums;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H
