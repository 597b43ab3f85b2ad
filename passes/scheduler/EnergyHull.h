//===- EnergyHull.h - All periods at once, layer by layer -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without transitions, the layers of a rail set can be had each by itself. The
// least energy of all layers against their time is then, but for gaps, the
// lower convex hull of sums of states: the sum of the layers' own hulls, whose
// edges need only be sorted by slope. It bounds the energy of any schedule on
// these rails, at any period at once; and its corners are schedules, which
// differ from each other in one layer at a time.
//
// Transitions cost energy, but they also take time that need not be waited for.
// A bound that leaves them out is therefore lower by what they could save of
// the waiting, if they take less than that.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_ENERGYHULL_H
#define PFMLIR_PASSES_SCHEDULER_ENERGYHULL_H

#include "passes/scheduler/LayeredGraph.h"
#include "pfmlir/Scheduler/Referee.h"

#include <optional>

namespace pfmlir::scheduler {

class EnergyHull {
public:
  /// Of the rail set that `graph` has been built for.
  explicit EnergyHull(const LayeredGraph &graph);

  /// No schedule on these rails whose period is `problem.periodS` has less
  /// energy; infinite where none is in time.
  double lowerBound(const Problem &problem) const;

  /// The tails that it looks at: the cheapest way to idle, and the sleep
  /// states.
  std::vector<Tail> tails(const Problem &problem) const;

  /// A good choice of states whose layers take at most `timeS`, transitions
  /// left out, where a second of waiting costs `powerW`: the last corner in
  /// time, and what of the edges beyond still fits. Nothing if none is in time.
  std::optional<std::vector<size_t>> statesWithin(double timeS,
                                                  double powerW) const;

private:
  /// From one state of a layer to a slower one on its hull.
  struct Edge {
    double energyJ;
    double timeS;
    uint32_t layer;
    size_t state;
    double slopeW() const { return energyJ / timeS; }
  };

  void addLayer(const LayeredGraph &graph, size_t layer);
  size_t lastCorner(double timeS, double powerW) const;
  double boundWith(const Tail &tail, double savedJ) const;

  std::vector<size_t> fastest;
  /// By increasing slope.
  std::vector<Edge> edges;
  /// Energy and time of every corner, transitions left out.
  std::vector<PathCost> corners;
  size_t numRails;
  /// The least idle power of a last state.
  double leastIdleW;
  /// The most that all transitions together save of waiting in that state, or
  /// in each sleep state.
  double savedIdlingJ;
  std::vector<double> savedSleepingJ;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_ENERGYHULL_H
