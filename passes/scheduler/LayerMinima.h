//===- LayerMinima.h - Layers by themselves, on rail sets -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sum of the cheapest states of every layer, on each of thousands of rail
// sets. A state needs no more rails than there are axes, few, and many states
// need the same ones. So the states are sorted by what they need, once. All
// states of a layer are then looked at once, and not once a rail set: this
// gives the cheapest state that needs just these rails, and by way of one rail
// less at a time the cheapest that needs no others. On more rails than a state
// may need, it is the least of those on as many of them as it may.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_LAYERMINIMA_H
#define PFMLIR_PASSES_SCHEDULER_LAYERMINIMA_H

#include "passes/scheduler/LayeredGraph.h"
#include "passes/scheduler/RailSets.h"

namespace pfmlir::scheduler {

/// The states of every layout by their need: the rails that they can't do
/// without.
class StatesByNeed {
public:
  /// Of the states that are within some of `railSets`. `layouts` and `railSets`
  /// must outlive this.
  StatesByNeed(const Problem &problem, const LayerLayouts &layouts,
               const RailSets &railSets);

  const LayerLayouts &layouts;
  const RailSets &railSets;

  /// Whether nothing is known: where there would be many more needs than states
  /// and rail sets, it takes less to look at each of these by itself.
  bool empty() const { return numNeeds() == 0; }
  size_t numNeeds() const { return needCount; }

  /// Writes, by need, the least of `stateCosts`, of the states of a layer,
  /// among those that need nothing else.
  void findLeast(size_t layer, const double *stateCosts, double *least) const;

  /// As many needs cover a rail set: each state within it needs one of them, or
  /// less.
  size_t coverSize() const { return coverCount; }
  /// Writes these for `count` rail sets, from `first` on in steps of `stride`,
  /// one after the other; maybe some of them several times.
  void getCovers(uint64_t first, size_t count, uint64_t stride,
                 std::vector<uint32_t> &covers) const;

private:
  /// The states that need set i are [begin[i], begin[i + 1]) in `states`, as
  /// positions in a layer.
  struct Layout {
    std::vector<uint32_t> begin;
    std::vector<uint32_t> states;
  };
  /// Needs that differ in their highest rail alone, from that after the others
  /// to the highest of all.
  struct Run {
    size_t begin;
    size_t size;
    size_t numRails;
  };

  bool areWorthwhile(const Problem &problem) const;
  void sortStates(const Problem &problem, size_t layer, Layout &layout) const;
  void addRuns(size_t numRails);
  void addRun(std::vector<Level> others, Level next, size_t size);
  void findCoverRails();
  void spread(double *least) const;

  const RailSets needs;
  size_t needCount = 0;
  std::vector<Layout> byLayout;
  /// Those of few rails first.
  std::vector<Run> runs;
  /// For each of the runs in turn, its first need without the last of its
  /// rails, and without each of the others.
  std::vector<uint32_t> withoutOne;
  /// Which of the rails of a rail set belong to each need of its cover,
  /// [need * rails of a need + rail].
  std::vector<Level> coverRails;
  size_t coverCount = 0;
};

/// The least cost under a metric of the states of every layer, on any rail set.
class LayerMinima {
public:
  /// Sums of so many rail sets cost little more than of one.
  static constexpr uint64_t kRailSets = 1024;

  /// All of these must outlive this.
  LayerMinima(const Problem &problem, const StatesByNeed &states, Metric metric,
              unsigned numThreads);

  /// Writes the sums over layers of the least cost within `count` of the rail
  /// sets, from `first` on in steps of `stride`; infinite where a layer has no
  /// state. They are those of `LayeredGraph::sumOfLayerMinima`, to the last
  /// bit.
  void sum(uint64_t first, size_t count, uint64_t stride, double *sums) const;

private:
  void sumFromNeeds(uint64_t first, size_t count, uint64_t stride,
                    double *sums) const;
  void sumFromStates(uint64_t first, size_t count, uint64_t stride,
                     double *sums) const;
  void addLayers(const std::vector<uint32_t> &covers, size_t count,
                 double *sums) const;

  const Problem &problem;
  const StatesByNeed &states;
  const unsigned numThreads;
  /// [layer * number of needs + need].
  Grids least;
  /// By state, where nothing is known of their needs.
  std::vector<double> stateCosts;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_LAYERMINIMA_H
