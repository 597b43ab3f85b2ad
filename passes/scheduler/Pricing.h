//===- Pricing.h - Layers by themselves, with a price on time -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What bounds and first guesses are made of before any rail set is looked at:
// without rails and transitions, each layer can be had by itself.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_PRICING_H
#define PFMLIR_PASSES_SCHEDULER_PRICING_H

#include "passes/scheduler/LayeredGraph.h"
#include "pfmlir/Scheduler/Referee.h"

namespace pfmlir::scheduler {

/// Writes what the states of a layer cost under a metric.
void priceLayer(const Problem &problem, size_t layer, Metric metric,
                double *costs);

/// The same of all layers, one after the other.
std::vector<double> priceStates(const Problem &problem, Metric metric);

/// The sum over layers of the least energy + multiplier * time on all levels.
double sumOfLayerMinima(const Problem &problem, double multiplier);

/// What states cost, one after the other.
class CostList {
public:
  /// Those of some states.
  struct Range {
    const double *energyJ, *timeS;
    size_t size;

    PathCost operator[](size_t i) const { return {energyJ[i], timeS[i]}; }
  };

  size_t size() const { return energyJ.size(); }
  Range range(size_t begin, size_t end) const {
    return {energyJ.data() + begin, timeS.data() + begin, end - begin};
  }
  void clear() {
    energyJ.clear();
    timeS.clear();
  }
  /// Adds those of `costs` at these indices.
  void add(Range costs, const uint32_t *indices, size_t count);

private:
  std::vector<double> energyJ, timeS;
};

/// The problem without rails and transitions: of every layer, what those states
/// cost that may be the best at some price of time. Few of all.
class FreeLayers {
public:
  explicit FreeLayers(const Problem &problem);

  /// The price at which the layers, each on its own and on any level, just keep
  /// the deadline; zero where they do so for free. The dual optimum of this
  /// problem, near that with rails and transitions.
  double multiplierAt(double deadlineS) const;

private:
  PathCost cheapest, fastest;
  /// Those of layer i are [begin[i], begin[i + 1]).
  CostList choices;
  std::vector<size_t> begin = {0};
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_PRICING_H
