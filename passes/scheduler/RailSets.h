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

/// The levels that at least one state uses, in increasing order.
std::vector<Level> usedLevels(const Problem &problem);

/// All subsets of `levels` of one size, in lexicographic order.
class RailSets {
public:
  /// `size` is capped at the number of levels.
  RailSets(std::vector<Level> levels, size_t size);

  /// The largest rail sets `problem` allows. They suffice for a search: a
  /// schedule on fewer rails is one on a largest set too.
  static RailSets largest(const Problem &problem);

  /// Number of rail sets; the largest 64-bit integer if there are more.
  uint64_t count() const { return choose(levels.size(), size); }

  /// Writes rail set `index`, its levels increasing, to `rails`.
  void get(uint64_t index, std::vector<Level> &rails) const;

private:
  /// Binomial coefficient, saturating.
  uint64_t choose(size_t n, size_t k) const {
    return k > n ? 0 : binomials[n * (size + 1) + k];
  }

  std::vector<Level> levels;
  size_t size;
  /// Pascal's triangle, [n * (size + 1) + k].
  std::vector<uint64_t> binomials;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_RAILSETS_H
