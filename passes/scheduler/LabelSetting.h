//===- LabelSetting.h - Exact solution of one tail --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Label setting solves what the relaxation leaves open: one tail of one rail
// set, as a shortest path problem with one resource. It enumerates partial
// schedules, discards those that another dominates, and those that no
// completion brings below a given energy.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_LABELSETTING_H
#define PFMLIR_PASSES_SCHEDULER_LABELSETTING_H

#include "passes/scheduler/Relaxation.h"

namespace pfmlir::scheduler {

/// Finds the cheapest path of one tail below a given energy. A partial path (a
/// label) is a suffix: it starts at some layer and ends with the tail. It grows
/// towards the first layer, because forward sweeps, which bound what is still
/// missing, are the ones that serve all tails.
class LabelSetting {
public:
  explicit LabelSetting(LayeredGraph &graph) : graph(graph) {}

  enum class Outcome {
    /// `path()` is the tail's cheapest.
    Found,
    /// No path costs `windowJ` or less.
    NoneWithinWindow,
    /// Gave up at a limit.
    Stopped,
  };

  /// `multiplier` is the tail's best dual multiplier; any is correct. Holds at
  /// most `maxLabels` labels at once.
  Outcome run(const RailSetTail &tail, double multiplier, double windowJ,
              size_t maxLabels, const Stopwatch &stopwatch);

  /// The nodes of the cheapest path met, in or above the window; none if empty.
  const std::vector<uint32_t> &path() const { return bestPath; }
  /// Labels kept and sweeps done since construction.
  uint64_t numLabels() const { return labelCount; }
  uint64_t numSweeps() const { return sweeps; }

private:
  static constexpr size_t kNumPotentials = 3;

  /// A suffix, before dominance: its first node, and the label it extends.
  struct Candidate {
    double timeS;
    double energyJ;
    uint32_t node;
    uint32_t parent;
  };
  /// A bound on the missing prefix: a multiplier and its shortest paths.
  struct Potential {
    Metric metric;
    Grids arrival;
    /// Discard a label above this. The tail's constant is moved in here.
    double windowJ;
  };
  /// One way to extend the labels of a cell by a node of the layer before.
  struct Arc {
    /// Added to a label, with the node itself.
    double energyJ;
    double timeS;
    /// Least cost of a prefix ending in the node, the transition included,
    /// under each potential, and the least time of one.
    double prefixCost[kNumPotentials];
    double fastestPrefixS;
    /// The shortest prefix under the first potential, transition included.
    double prefixEnergyJ;
    double prefixTimeS;
    uint32_t node;
    uint32_t survivor;
  };
  /// A node on some path within the window, and a shortest path up to and
  /// including it.
  struct Survivor {
    uint32_t node;
    /// The survivor before it on that path.
    uint32_t previous;
    double prefixEnergyJ;
    double prefixTimeS;
  };
  /// What is left of a label once its layer is done.
  struct Link {
    uint32_t node;
    uint32_t parent;
  };

  void prepare(double multiplier);
  void keepNodesWithin();
  void findPrefixes();
  void start();
  bool extendLayer(size_t layer, const Stopwatch &stopwatch);
  void collectArcs(size_t layer, uint32_t cell);
  void extendLabels(size_t begin, size_t end);
  void settle();
  void complete(double energyJ, double timeS, uint32_t survivor, uint32_t link);
  void traceBest();

  LayeredGraph &graph;
  RailSetTail tail = {};
  size_t maxLabels = 0;

  Potential potentials[kNumPotentials];
  Grids fastest, departure;
  /// By layer.
  std::vector<Survivor> survivors;
  std::vector<size_t> survivorsOf;

  /// The labels of the current layer, by cell, by time within a cell.
  std::vector<Candidate> frontier, candidates;
  std::vector<Arc> arcs;
  std::vector<double> intoEnergyJ, intoTimeS;
  std::vector<double> leastKey;
  std::vector<size_t> cellCounts;
  /// All labels kept, as a forest; the frontier's come last.
  std::vector<Link> links;

  /// The cheapest whole path so far: the prefix of a survivor, then a label.
  double windowJ = 0;
  double bestJ = 0;
  uint32_t bestSurvivor = 0;
  uint32_t bestLink = 0;
  std::vector<uint32_t> bestPath;
  uint64_t labelCount = 0;
  uint64_t sweeps = 0;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_LABELSETTING_H
