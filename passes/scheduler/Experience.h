//===- Experience.h - What one period tells of others -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What searches on the same problem, but for its period, learn from each other.
// Paths do not depend on the period, and neither do shortest paths at a
// multiplier: each bounds the tails of its rail set at any period.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_EXPERIENCE_H
#define PFMLIR_PASSES_SCHEDULER_EXPERIENCE_H

#include "passes/scheduler/LayerMinima.h"
#include "passes/scheduler/LayeredGraph.h"
#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/RailSets.h"
#include "pfmlir/Scheduler/Referee.h"

#include <map>
#include <mutex>
#include <unordered_map>

namespace pfmlir::scheduler {

/// What follows from the states of a problem.
class ProblemFacts {
public:
  explicit ProblemFacts(const Problem &problem)
      : layouts(problem), railSets(RailSets::candidates(problem, layouts)),
        states(problem, layouts, railSets) {}

  const LayerLayouts layouts;
  const RailSets railSets;
  const StatesByNeed states;

  /// Made when it is first asked for, as not every search is in need of it.
  const FreeLayers &freeLayers(const Problem &problem) const {
    std::call_once(isMade, [&] { made.emplace(problem); });
    return *made;
  }

private:
  mutable std::once_flag isMade;
  mutable std::optional<FreeLayers> made;
};

/// Shortest paths of a rail set at one multiplier.
struct DualSample {
  double multiplier;
  /// By node of the last layer, the length of the shortest path to it.
  std::vector<double> distances;
  /// One of these paths.
  std::vector<uint32_t> nodes;
  double energyJ;
  double timeS;
};

/// What is known of a rail set.
struct RailSetSamples {
  /// More are not kept: a path has as many nodes as there are layers.
  static constexpr size_t kMostSamples = 256;

  /// By node of the last layer, the time of the fastest path to it; empty if
  /// not known.
  std::vector<double> fastestS;
  /// By node of the last layer, what it draws while the period is waited for.
  std::vector<double> idlePowerW;
  std::vector<DualSample> dual;
};

/// A choice of states, and what it costs at any period but for its tail.
struct KnownPath {
  std::vector<size_t> states;
  PathCost cost;
  size_t numRails;
};

struct Experience {
  enum class Use { OneSearch, ManySearches };

  Experience(const ProblemFacts &facts, Use use) : use(use), facts(facts) {}

  /// A single search comes by each rail set once, and has no use for what was
  /// known of it.
  const Use use;
  const ProblemFacts &facts;
  /// By number of the rail set.
  std::unordered_map<uint64_t, RailSetSamples> railSets;
  /// Optima at other periods.
  std::vector<KnownPath> paths;
  /// By period, the multiplier of its best bound.
  std::map<double, double> multipliers;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_EXPERIENCE_H
