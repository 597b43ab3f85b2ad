//===- RailSets.cpp - Choices of supply rails -----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/RailSets.h"

#include <algorithm>
#include <limits>

using namespace pfmlir::scheduler;

std::vector<Level> pfmlir::scheduler::usedLevels(const Problem &problem) {
  std::vector<bool> isUsed(problem.numLevels);
  for (Level level : problem.stateLevels)
    isUsed[level] = true;
  std::vector<Level> used;
  for (unsigned level = 0; level < problem.numLevels; ++level)
    if (isUsed[level])
      used.push_back(static_cast<Level>(level));
  return used;
}

RailSets::RailSets(std::vector<Level> candidates, size_t requestedSize)
    : levels(std::move(candidates)),
      size(std::min(requestedSize, levels.size())),
      binomials((levels.size() + 1) * (size + 1)) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  for (size_t n = 0; n <= levels.size(); ++n) {
    uint64_t *row = &binomials[n * (size + 1)];
    row[0] = 1;
    for (size_t k = 1; k <= std::min(n, size); ++k) {
      uint64_t without = choose(n - 1, k), with = choose(n - 1, k - 1);
      row[k] = without > kMost - with ? kMost : without + with;
    }
  }
}

RailSets RailSets::largest(const Problem &problem) {
  return RailSets(usedLevels(problem), problem.maxRails);
}

void RailSets::get(uint64_t index, std::vector<Level> &rails) const {
  rails.clear();
  for (size_t next = 0; rails.size() < size; ++next) {
    // The sets that contain `next` come before those that skip it.
    size_t left = levels.size() - next - 1;
    uint64_t containing = choose(left, size - rails.size() - 1);
    if (index < containing)
      rails.push_back(levels[next]);
    else
      index -= containing;
  }
}
