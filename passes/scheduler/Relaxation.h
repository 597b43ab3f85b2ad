//===- Relaxation.h - Lagrangian bounds of a rail set -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Within a rail set, every tail is one shortest path problem with one resource:
// minimise
//
//   E + energyJ + powerW * (roomS - A)    such that    A <= limitS,
//
// with E and A the energy and time of a path through the layers. Moving the
// constraint to the objective at a price lambda >= 0 a second leaves a plain
// shortest path problem. With mu = lambda - powerW its arcs cost E + mu * A,
// which does not name the tail: one sweep at one mu bounds all tails.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_RELAXATION_H
#define PFMLIR_PASSES_SCHEDULER_RELAXATION_H

#include "passes/scheduler/Experience.h"
#include "passes/scheduler/Incumbent.h"
#include "passes/scheduler/LayeredGraph.h"
#include "pfmlir/Scheduler/Referee.h"

#include <cmath>
#include <optional>

namespace pfmlir::scheduler {

/// A tail together with the nodes it may follow. Idling draws the last state's
/// leakage, and so is one tail for each node of the last layer.
struct RailSetTail : Tail {
  uint32_t endBegin;
  uint32_t endEnd;

  /// Smallest multiplier that means a price of time that is not negative.
  double minMultiplier() const { return -powerW; }
  /// A lower bound on the tail's schedules, from the length of a shortest path
  /// under energy + multiplier * time. Rounding is on the safe side.
  double bound(double distance, double multiplier) const {
    // The limit exceeds the room by the tolerance only, but with equality there
    // the price of that tolerance decides whether the bound holds.
    double price = powerW + multiplier;
    double constant = energyJ - multiplier * roomS - price * (limitS - roomS);
    double error = kSumRounding * std::abs(multiplier * roomS);
    return distance + constant - error;
  }
};

/// All tails of the problem for the last layer's nodes of `graph`: sleep states
/// first, then idling by node. What a period costs on these rails whatever its
/// path is part of them.
std::vector<RailSetTail> tailsOf(const LayeredGraph &graph);

/// What no schedule of the problem's period costs less than on `numRails` rails
/// of which this much is known.
double knownBound(const Problem &problem, size_t numRails,
                  const RailSetSamples &known);

/// What the relaxation knows of a tail.
struct TailBound {
  /// Proven lower bound; infinite if no path of the tail is in time.
  double boundJ;
  /// The multiplier that gave it.
  double multiplier;
  /// Whether another multiplier might improve the bound.
  bool isFinal;
};

/// Lagrangian dual bounds of every tail of one rail set.
class Relaxation {
public:
  explicit Relaxation(LayeredGraph &graph) : graph(graph) {}

  /// Starts over, on the rail set that the graph has been built for. Makes use
  /// of `known`, if there is any, and adds to it.
  void reset(RailSetSamples *known = nullptr);

  /// Improves the bounds until the weakest is final, and every other either
  /// final, or no lower than the cutoff of `incumbent`, or of a tail that goes
  /// with the weakest. Offers the paths it meets to `incumbent`.
  void sharpen(double firstMultiplier, Incumbent &incumbent,
               const Stopwatch &stopwatch);

  /// Whether two tails can be solved together at a multiplier of one of them:
  /// for both, time has a price, which does not depend on how the rest of the
  /// period is spent.
  bool areAlike(size_t tail, size_t other) const {
    return boundList[tail].multiplier > 0 && boundList[other].multiplier > 0;
  }

  const std::vector<RailSetTail> &tails() const { return tailList; }
  const std::vector<TailBound> &bounds() const { return boundList; }
  /// Shortest paths computed since construction.
  uint64_t numSweeps() const { return sweeps; }

private:
  /// A path, as a line of the dual function.
  struct Line {
    double energyJ = 0;
    double timeS = 0;
    std::vector<size_t> states = {};
    double at(double multiplier) const { return energyJ + multiplier * timeS; }
  };

  std::vector<double> distancesTo(Metric metric, const Grids &values) const;
  double leastOf(const std::vector<double> &distances,
                 const RailSetTail &tail) const;
  void raiseBounds(double multiplier, const std::vector<double> &distances);
  const DualSample *findSample(double multiplier) const;
  double recall(const RailSetTail &tail, double multiplier,
                std::optional<Line> &late, std::optional<Line> &inTime,
                Incumbent &incumbent) const;
  template <typename Predicate>
  size_t weakestTail(double cutoffJ, const Predicate &isWanted) const;
  Line evaluate(size_t tail, double multiplier, Incumbent &incumbent);
  Line fastestPath(size_t tail, Incumbent &incumbent);
  void sharpenTail(size_t tail, double firstMultiplier, Incumbent &incumbent,
                   const Stopwatch &stopwatch);
  Line traceLine(Metric metric, const RailSetTail &tail, const Grids &arrival,
                 Incumbent &incumbent);
  void offerSplice(const Line &first, const Line &second,
                   const RailSetTail &tail, Incumbent &incumbent) const;

  LayeredGraph &graph;
  std::vector<RailSetTail> tailList;
  std::vector<TailBound> boundList;
  RailSetSamples *samples = nullptr;
  Grids arrival, fastest;
  bool isFastestSwept = false;
  std::vector<uint32_t> path;
  uint64_t sweeps = 0;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_RELAXATION_H
