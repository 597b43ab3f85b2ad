//===- RailSets.h - Choices of supply rails ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A rail set is the set of levels that a design provides as physical supplies.
// Rail sets are numbered in lexicographic order and made from their number, so
// that hundreds of thousands of them cost no memory.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_RAILSETS_H
#define PFMLIR_PASSES_SCHEDULER_RAILSETS_H

#include "pfmlir/Scheduler/Problem.h"

namespace pfmlir::scheduler {

struct LayerLayouts;

/// The levels that at least one state needs as a rail, in increasing order.
std::vector<Level> usedLevels(const Problem &problem,
                              const LayerLayouts &layouts);

/// Whether all rails that a state needs are as wanted.
template <typename Predicate>
bool allRails(const Problem &problem, size_t state, const Predicate &isWanted) {
  const Setting *settings = problem.settingsOf(state);
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    Level rail = problem.axes[axis].railOf[settings[axis]];
    if (rail != kNoRail && !isWanted(rail))
      return false;
  }
  return true;
}

/// Writes the levels that a state needs as rails, in increasing order.
void findNeed(const Problem &problem, size_t state, std::vector<Level> &rails);

/// All subsets of `levels` of some sizes: the largest first, and those of one
/// size in lexicographic order.
class RailSets {
public:
  /// Sizes are capped at the number of levels.
  RailSets(std::vector<Level> levels, size_t leastSize, size_t mostSize);

  /// The rail sets that a search has to look at. Those of the largest size that
  /// `problem` allows suffice, as a schedule on fewer rails is one on a largest
  /// set, too; unless a rail costs something by being there.
  static RailSets candidates(const Problem &problem,
                             const LayerLayouts &layouts);

  const std::vector<Level> &allLevels() const { return levels; }
  size_t largestSize() const { return mostSize; }

  /// Number of rail sets; the largest 64-bit integer if there are more.
  uint64_t count() const;

  /// Writes rail set `index`, its levels increasing, to `rails`.
  void get(uint64_t index, std::vector<Level> &rails) const;

  /// How many levels rail set `index` has.
  size_t sizeOf(uint64_t index) const;

  /// The number of a rail set, its levels increasing.
  uint64_t indexOf(const std::vector<Level> &rails) const;

private:
  /// The size of rail set `index`, which becomes its index among those of it.
  size_t splitIndex(uint64_t &index) const;
  void getOfSize(uint64_t index, size_t size, std::vector<Level> &rails) const;
  /// Binomial coefficient, saturating.
  uint64_t choose(size_t n, size_t k) const {
    return k > n ? 0 : binomials[n * (mostSize + 1) + k];
  }

  std::vector<Level> levels;
  /// By level, its index in these.
  std::vector<size_t> positionOf;
  size_t leastSize, mostSize;
  /// Pascal's triangle, [n * (mostSize + 1) + k].
  std::vector<uint64_t> binomials;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_RAILSETS_H
