//===- LayeredGraph.h - Shortest paths within a rail set --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layered graph of one rail set. Its nodes are the states whose settings
// need no other rails; arcs join the nodes of neighbouring layers and cost what
// the transition costs.
//
// A cell is a combination of settings that the rails offer, numbered with axis
// 0 as the most significant digit, in a base of its own: the number of its
// settings on these rails. All that an arc's cost depends on is the cells of
// its ends, and it is a sum over axes. The step of a shortest path from one
// layer to the next is therefore one min-plus product by a small matrix per
// axis along that axis of the grid of cells: for D axes of R settings, D *
// R^(D+1) operations in place of R^(2D). Corners of that walk need not be
// states of any layer. Where ramps overlap, time is no such sum, but the
// longest of the axes' ramps: among transitions in which no ramp takes more
// than a given time, that time is an upper bound, and reached at the right one.
// So the step is the least of as many such products as there are different
// ramps.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H
#define PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H

#include "pfmlir/Scheduler/Referee.h"

#include <memory>
#include <optional>

namespace pfmlir::scheduler {

/// Groups the layers whose states have the same settings in the same order, so
/// that a rail set is matched once a group rather than once a layer.
struct LayerLayouts {
  explicit LayerLayouts(const Problem &problem);

  static constexpr uint32_t kNone = ~0u;

  struct Layout {
    /// The first layer that has it.
    size_t layer;
    /// By the settings of all axes, as digits in the base of each axis: the
    /// first state in the layer with them, or `kNone`. Empty if that takes too
    /// much memory.
    std::vector<uint32_t> firstWith;
    /// By state in the layer: the next one with the same settings, or `kNone`.
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
/// Large, and often looked at in few places, so that they are not zeros first.
class Grids {
public:
  /// Keeps nothing of what was there.
  void reset(size_t size) {
    if (size > capacity) {
      values.reset(new double[size]);
      capacity = size;
    }
  }
  double *at(size_t i) { return values.get() + i; }
  const double *at(size_t i) const { return values.get() + i; }
  double operator[](size_t i) const { return values[i]; }

private:
  std::unique_ptr<double[]> values;
  size_t capacity = 0;
};

/// Transitions between every cell and one, by cell.
struct CellTransitions {
  std::vector<double> energyJ;
  std::vector<double> timeS;
};

/// For every cell, some others: those of cell c are
/// [begin[c], begin[c + 1]) in `cells`. Empty if there are none at all.
struct CellRelation {
  std::vector<size_t> begin;
  std::vector<uint32_t> cells;

  bool empty() const { return cells.empty(); }
};

/// Some nodes of every layer, by increasing node.
struct NodeSubset {
  std::vector<uint32_t> nodes;
  /// Those of a layer are [begin[layer], begin[layer + 1]) in `nodes`.
  std::vector<size_t> begin;
};

class LayeredGraph {
public:
  LayeredGraph(const Problem &problem, const LayerLayouts &layouts);

  /// Finds the states whose settings need no rails but `rails`, a set of
  /// distinct levels. Returns false if some layer has none.
  bool selectRails(const std::vector<Level> &rails);

  /// The sum over layers of the least entry of `stateCosts` among the selected
  /// states: a lower bound on every path, as transitions cost something too.
  double sumOfLayerMinima(const double *stateCosts) const;

  /// Makes this the graph of the selected rails. All that follows is about it.
  void build();

  const Problem &problem() const { return source; }
  size_t numLayers() const { return source.numLayers(); }
  size_t numRails() const { return rails.size(); }
  size_t numCells() const { return cellCount; }

  /// The nodes of a layer are [firstNode(layer), firstNode(layer + 1)), by
  /// increasing cell, and among those of a cell in the problem's order.
  uint32_t firstNode(size_t layer) const { return layerNodes[layer]; }
  uint32_t cellOf(uint32_t node) const { return nodeCell[node]; }
  /// What the node adds to the mean energy of a period, as `layerCost`.
  double energyJ(uint32_t node) const { return nodeEnergyJ[node]; }
  double timeS(uint32_t node) const { return nodeTimeS[node]; }
  size_t stateOf(uint32_t node) const { return nodeState[node]; }
  std::vector<size_t> statesOf(const std::vector<uint32_t> &nodes) const;
  double cost(uint32_t node, Metric metric) const {
    return metric.energyWeight * nodeEnergyJ[node] +
           metric.timeWeight * nodeTimeS[node];
  }

  /// Writes what the transition into `layer` takes between every cell and
  /// `cell`, into it or out of it.
  void transitionsInto(size_t layer, uint32_t cell, CellTransitions &result) {
    transitionsWith(layer, cell, /*isInto=*/true, result);
  }
  void transitionsFrom(size_t layer, uint32_t cell, CellTransitions &result) {
    transitionsWith(layer, cell, /*isInto=*/false, result);
  }
  /// As these, but only for the cells of some nodes. The other entries of
  /// `result` mean nothing.
  void transitionsWith(size_t layer, uint32_t cell, bool isInto,
                       const uint32_t *nodes, size_t numNodes,
                       CellTransitions &result);

  /// The most by which the transitions to `layer` from one cell into two
  /// different ones, or from two different ones into one, can differ under
  /// `metric`.
  double largestDetourInto(size_t layer, Metric metric) const {
    return largestDetour(layer, metric, /*isInto=*/true);
  }
  double largestDetourFrom(size_t layer, Metric metric) const {
    return largestDetour(layer, metric, /*isInto=*/false);
  }

  /// By cell, the others that are never better to be in: all transitions out of
  /// them, or into them, take as much time at least, and cost as much under
  /// `metric`. Of layers of weight 1, where axes change one after the other;
  /// else nothing is said.
  CellRelation findWorseCells(Metric metric, bool isInto) const;

  /// arrival[layer][cell]: the least cost of reaching the cell, with all
  /// earlier layers and the transition into it but without the layer itself.
  /// Values of cells without a node may mean nothing.
  void sweepForward(Metric metric, Grids &arrival);

  /// departure[layer][cell]: the least cost of all that follows the layer, from
  /// the cell. Paths end in a node of [endBegin, endEnd).
  void sweepBackward(Metric metric, uint32_t endBegin, uint32_t endEnd,
                     Grids &departure);

  /// The same with paths through no other nodes than `subset`, which needs some
  /// of every layer. Values of other cells mean nothing.
  void sweepWithin(const NodeSubset &subset, bool isForward, Metric metric,
                   Grids &values);

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

  /// What an axis offers on the selected rails.
  struct AxisView {
    /// Its settings there, increasing.
    std::vector<Setting> settings;
    /// By setting, its index in these, or `kNotThere`.
    std::vector<uint32_t> positionOf;
    /// Where its matrix begins in `transitions`, [from * size + to].
    size_t matrixBegin = 0;
    size_t size() const { return settings.size(); }
  };

  /// The settings of each axis that states of a layout are in, and the cells in
  /// the base of these alone.
  struct PresentCells {
    std::vector<std::vector<uint32_t>> settings;
    /// By match of the layout.
    std::vector<uint32_t> cellOf;
    size_t numCells = 1;
  };

  void matchByState(const LayerLayouts::Layout &layout,
                    std::vector<Match> &found) const;
  void matchByCell(const LayerLayouts::Layout &layout,
                   std::vector<Match> &found) const;
  bool areInOwnCells(const std::vector<Match> &found) const;
  void selectSettings();
  void enumerateCells();
  void findDigits();
  void buildNodes();
  void findPresentCells();
  PresentCells presentCellsOf(const std::vector<Match> &found) const;
  void buildTransitions();
  void rankRamps();
  /// Makes `matrices` those of the metric for the transition into `layer`.
  void setMatrices(size_t layer, Metric metric, bool isTransposed);
  void setProducts(Metric metric, bool isTransposed);
  /// result := the min-plus product of the matrices with `values`.
  void applyTransitions(const double *values, double *result);
  void applyAxes(const double *matrix, const double *values, double *result);
  void applyProducts(const double *values, double *result);
  void transitionsWith(size_t layer, uint32_t cell, bool isInto,
                       CellTransitions &result);
  Transition transitionWith(uint32_t cell, bool isInto, uint32_t other) const;
  void clearGrid(size_t layer);
  void addNode(size_t layer, uint32_t node, Metric metric,
               const double *values);
  bool areWholeGrid(uint32_t begin, uint32_t end) const {
    return hasOneNodePerCell && end - begin == cellCount;
  }
  void addNodes(size_t layer, uint32_t begin, uint32_t end, Metric metric,
                const double *values);
  void stepTo(size_t layer, size_t next, double *result);
  bool isStepByPairsCheaper(size_t numPairs) const;
  void stepByPairs(const uint32_t *from, size_t numFrom, const uint32_t *to,
                   size_t numTo, size_t entered, bool isForward, Metric metric,
                   const double *values, double *result);
  /// Writes, for every cell, the sum over axes of the entries of the axis's
  /// table for its setting there and that of `cell`; or what else `combine`
  /// makes of them.
  template <typename Combine>
  void combineAxes(uint32_t cell, bool isInto,
                   const std::vector<double> &tables, const Combine &combine,
                   std::vector<double> &sums) const;
  /// Calls visit(entry, target, axis) for every entry of the axes' matrices;
  /// `target` is where it belongs if these are to be transposed.
  template <typename Visit>
  void forEachEntry(bool isTransposed, const Visit &visit) const;
  void setCostsInto(size_t layer, uint32_t cell, Metric metric);
  uint32_t nodeBefore(size_t layer, Metric metric, const double *before);
  double largestDetour(size_t layer, Metric metric, bool isInto) const;
  std::vector<std::vector<uint32_t>>
  findWorseSettings(const AxisView &axis, Metric metric, bool isInto) const;

  const Problem &source;
  const LayerLayouts &layouts;

  std::vector<Level> rails;
  std::vector<bool> isRail;
  /// Whether all layers have states within the rails; nothing before any were
  /// selected. And whether the graph is theirs.
  std::optional<bool> haveAllLayersStates;
  bool isBuilt = false;
  std::vector<AxisView> axes;
  size_t cellCount = 0;

  /// Per layout.
  std::vector<std::vector<Match>> matches;
  /// The cells' settings, as digits in the base of each axis.
  std::vector<uint64_t> keyOfCell, keyOfPrefix;
  /// Per layout; empty where so many are present that steps are between whole
  /// grids.
  std::vector<PresentCells> present;
  /// Digits of cells in the bases of the axes, [cell * number of axes + axis],
  /// and these bases.
  std::vector<uint32_t> digits;
  std::vector<size_t> digitBases;

  /// Whether no two states of a layer are in one cell.
  bool hasOneNodePerCell = false;
  std::vector<uint32_t> layerNodes;
  std::vector<uint32_t> nodeCell;
  std::vector<double> nodeEnergyJ;
  std::vector<double> nodeTimeS;
  std::vector<size_t> nodeState;

  /// Transition costs of each axis, where they happen. What is drawn meanwhile
  /// on top is part of the energies, unless ramps overlap.
  CellTransitions transitions;
  bool isOverlapping = false;
  /// The different times of the ramps, increasing; and by entry of
  /// `transitions`, which of them it takes.
  std::vector<double> rampsS;
  std::vector<uint32_t> rankOfRamp;
  /// The same under a metric, for a weight of the layer that is entered. Where
  /// ramps overlap, as many of them as there are `products`.
  std::vector<double> matrices;
  /// What is added to the product by each of these.
  std::vector<double> products;
  struct {
    Metric metric = {0, 0};
    double weight = -1;
    bool isTransposed = false;
  } matricesOf;
  /// Scratch: grids on the way through a step, and the transitions into a cell.
  std::vector<double> gridA, gridB, gridC, block, costsInto;
  CellTransitions enteringCell;
  std::vector<double> priced;
};

/// Makes sums over some axes, of which there are `count`, such over one more,
/// whose `size` settings have `entries`. A `Size` that the compiler knows
/// unrolls the loop.
template <size_t Size, typename Combine>
inline void combineAxis(const double *entries, size_t stride, size_t size,
                        size_t count, const Combine &combine, double *sums) {
  // From the last to the first, so that no sum is overwritten before it is
  // used.
  for (size_t i = count; i-- > 0;) {
    const double sum = sums[i];
    for (size_t other = Size == 0 ? size : Size; other-- > 0;)
      sums[i * (Size == 0 ? size : Size) + other] =
          combine(sum, entries[other * stride]);
  }
}

/// Fills the grid digit by digit: after some axes, it holds the sums over those
/// for every choice of their digits.
template <typename Combine>
void LayeredGraph::combineAxes(uint32_t cell, bool isInto,
                               const std::vector<double> &tables,
                               const Combine &combine,
                               std::vector<double> &sums) const {
  sums.resize(cellCount);
  sums[0] = 0;
  size_t filled = 1;
  for (size_t i = 0; i < axes.size(); ++i) {
    const size_t size = axes[i].size(), digit = digits[cell * axes.size() + i];
    const double *entries =
        &tables[axes[i].matrixBegin + digit * (isInto ? 1 : size)];
    const size_t stride = isInto ? size : 1;
    auto *combineOne = size == 2   ? combineAxis<2, Combine>
                       : size == 3 ? combineAxis<3, Combine>
                       : size == 4 ? combineAxis<4, Combine>
                                   : combineAxis<0, Combine>;
    combineOne(entries, stride, size, filled, combine, sums.data());
    filled *= size;
  }
}

template <typename Visit>
void LayeredGraph::forEachEntry(bool isTransposed, const Visit &visit) const {
  for (const AxisView &axis : axes) {
    size_t size = axis.size(), entry = axis.matrixBegin;
    for (size_t from = 0; from < size; ++from)
      for (size_t to = 0; to < size; ++to, ++entry)
        visit(entry, isTransposed ? axis.matrixBegin + to * size + from : entry,
              axis);
  }
}

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_LAYEREDGRAPH_H
