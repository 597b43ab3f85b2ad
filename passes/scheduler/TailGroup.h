//===- TailGroup.h - Tails that are solved together -------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the deadline presses, all tails of a rail set have about the same bound
// at the same multiplier: what is left of the period is short, and how it is
// spent matters little. They are then one problem for label setting.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_TAILGROUP_H
#define PFMLIR_PASSES_SCHEDULER_TAILGROUP_H

#include "passes/scheduler/Relaxation.h"

namespace pfmlir::scheduler {

class TailGroup {
public:
  TailGroup() = default;
  /// `tails` are some of those of the rail set that `graph` has been built for,
  /// at least one.
  TailGroup(const LayeredGraph &graph, const std::vector<RailSetTail> &tails);

  /// The nodes that some tail may follow are among these.
  uint32_t endBegin() const { return begin; }
  uint32_t endEnd() const { return end; }
  bool isEnd(uint32_t node) const { return !tailsAfter(node).empty(); }
  const std::vector<RailSetTail> &tailsAfter(uint32_t node) const {
    return byEnd[node - begin];
  }

  /// One end is as good as another if its rank is no higher: with any tail that
  /// may follow the other the period costs no less.
  uint32_t rankOf(uint32_t node) const { return ranks[node - begin]; }

  /// The most that a second of waiting costs.
  double mostPowerW() const { return mostW; }
  /// Smallest multiplier that means a price of time that is not negative for
  /// all tails.
  double minMultiplier() const { return -leastW; }

  /// Whether a path of this time is in time for some tail.
  bool fits(double activeTimeS) const { return activeTimeS <= latestS; }
  double limitS() const { return latestS; }

  /// The tail whose `RailSetTail::bound` is the least: the same one for paths
  /// of any length.
  const RailSetTail &weakest(double multiplier) const;

  /// Of the cheapest tail after `node`; infinite if none fits.
  double cost(uint32_t node, double activeTimeS) const;

private:
  std::vector<RailSetTail> tails;
  uint32_t begin = 0, end = 0;
  /// By node from `begin` on.
  std::vector<std::vector<RailSetTail>> byEnd;
  std::vector<uint32_t> ranks;
  double leastW = 0, mostW = 0, latestS = 0;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_TAILGROUP_H
