//===- Corridor.h - Where the paths of a window lead ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is known of the paths that cost no more than a window, tail included,
// from shortest paths alone: the nodes they can go through, and for a part of a
// path, what the rest costs at least.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_CORRIDOR_H
#define PFMLIR_PASSES_SCHEDULER_CORRIDOR_H

#include "passes/scheduler/TailGroup.h"

namespace pfmlir::scheduler {

/// The two kinds of partial paths: a prefix starts in the first layer, a suffix
/// ends with the tail.
enum Side { kPrefix, kSuffix };

inline Side opposite(Side side) { return side == kPrefix ? kSuffix : kPrefix; }

class Corridor {
public:
  static constexpr size_t kNumPotentials = 3;
  static constexpr uint32_t kNone = ~0u;

  /// Bounds the missing part of a partial path: a multiplier and its shortest
  /// paths.
  struct Potential {
    Metric metric;
    /// Bounds all tails at this multiplier.
    RailSetTail tail;
    /// Paths that cost more than this under `metric` are outside: the window
    /// without the tail's constant.
    double windowJ;
    /// [side] By cell, the least cost of what a partial path of this side lacks
    /// if its open end is there, transitions included.
    Grids rest[2];
  };

  /// A shortest partial path under the first potential, its open end included.
  struct Part {
    double energyJ;
    double timeS;
    /// The survivor next to its open end, or `kNone`.
    uint32_t next;
    /// The last node, of a suffix.
    uint32_t end;
  };

  /// A node on some path within the window.
  struct Survivor {
    uint32_t node;
    /// [side] The shortest prefix and suffix with their open end in the node.
    Part shortest[2];
  };

  explicit Corridor(LayeredGraph &graph) : graph(graph) {}

  /// Starts over. `multiplier` is the best dual multiplier of these tails; any
  /// of no less than `minMultiplier()` is correct. No window will be wider than
  /// `mostJ`.
  void selectTails(TailGroup tails, double multiplier, double mostJ);

  /// The end of the first window with more than `numSurvivors`; infinity if
  /// there are no more candidates.
  double windowBeyond(size_t numSurvivors) const;

  /// Finds the survivors of a window.
  void open(double windowJ);

  /// Makes the window narrower, where that is of use to bounds.
  void narrow(double newWindowJ);

  const TailGroup &tails() const { return group; }
  const Potential &potential(size_t i) const { return potentials[i]; }
  /// As `Potential::rest`, but the least time.
  const Grids &fastestRest(Side side) const { return fastest[side]; }

  /// The survivors of a layer are [firstSurvivor(layer),
  /// firstSurvivor(layer + 1)).
  size_t firstSurvivor(size_t layer) const { return survivorsOf[layer]; }
  const Survivor &survivor(size_t i) const { return survivors[i]; }
  /// Writes, at the survivors of a layer, what transitions between it and
  /// `cell` of a neighbouring one take; into the cell, or out of it.
  void transitionsWith(size_t layer, uint32_t cell, bool isInto,
                       CellTransitions &result) const;

  /// Shortest paths computed since construction.
  uint64_t numSweeps() const { return sweeps; }

private:
  void findCandidates(double mostJ);
  void sweepCandidates(Metric metric, Grids (&rest)[2]);
  double leastWindowOf(size_t layer, uint32_t node) const;
  void findShortest(Side side);

  LayeredGraph &graph;
  TailGroup group;
  double windowJ = 0;
  Potential potentials[kNumPotentials];
  Grids fastest[2];
  /// What may survive in the widest window; and from which window on it does.
  NodeSubset candidates;
  std::vector<double> leastWindowJ;
  std::vector<Survivor> survivors;
  std::vector<uint32_t> survivingNodes;
  std::vector<size_t> survivorsOf;
  CellTransitions transitions;
  uint64_t sweeps = 0;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_CORRIDOR_H
