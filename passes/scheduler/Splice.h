//===- Splice.h - The beginning of one path and the end of another --------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_SPLICE_H
#define PFMLIR_PASSES_SCHEDULER_SPLICE_H

#include "pfmlir/Scheduler/Referee.h"

#include <algorithm>
#include <optional>

namespace pfmlir::scheduler {

/// The cheapest of the paths that begin as one path does, change over between
/// two layers, and end as the other does; nothing if none costs less than
/// `mostJ`. What a path costs is costOf(energy, time), of its layers and
/// transitions. `secondCost` is the `pathCost` of `second`.
template <typename CostOf>
std::optional<std::vector<size_t>>
splice(const Problem &problem, const std::vector<size_t> &first,
       const std::vector<size_t> &second, PathCost secondCost, double mostJ,
       const CostOf &costOf) {
  // The suffix of `second`, less one layer in each step; the prefix of `first`.
  double suffixJ = secondCost.energyJ, suffixS = secondCost.timeS;
  double prefixJ = 0, prefixS = 0;
  size_t best = 0;
  for (size_t layer = 0; layer + 1 < first.size(); ++layer) {
    size_t leaving = second[layer], entering = second[layer + 1];
    PathCost left = layerCost(problem, layer, leaving);
    PathCost dropped = transitionCost(problem, layer + 1, leaving, entering);
    suffixJ -= left.energyJ + dropped.energyJ;
    suffixS -= left.timeS + dropped.timeS;
    size_t last = first[layer];
    PathCost added = layerCost(problem, layer, last);
    prefixJ += added.energyJ;
    prefixS += added.timeS;
    PathCost change = transitionCost(problem, layer + 1, last, entering);
    double totalJ = costOf(prefixJ + change.energyJ + suffixJ,
                           prefixS + change.timeS + suffixS);
    if (totalJ < mostJ) {
      mostJ = totalJ;
      best = layer + 1;
    }
    PathCost kept = transitionCost(problem, layer + 1, last, first[layer + 1]);
    prefixJ += kept.energyJ;
    prefixS += kept.timeS;
  }
  if (best == 0)
    return std::nullopt;
  std::vector<size_t> states = second;
  std::copy_n(first.begin(), best, states.begin());
  return states;
}

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_SPLICE_H
