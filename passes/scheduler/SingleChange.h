//===- SingleChange.h - Changing the state of one layer ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_SINGLECHANGE_H
#define PFMLIR_PASSES_SCHEDULER_SINGLECHANGE_H

#include "pfmlir/Scheduler/Referee.h"

namespace pfmlir::scheduler {

/// What putting `layer` in `state` adds to the energy and time of the layers
/// and transitions of `states`.
inline PathCost changeOf(const Problem &problem,
                         const std::vector<size_t> &states, size_t layer,
                         size_t state) {
  PathCost change;
  auto add = [&](double sign, const PathCost &term) {
    change.energyJ += sign * term.energyJ;
    change.timeS += sign * term.timeS;
  };
  size_t old = states[layer];
  add(+1, layerCost(problem, layer, state));
  add(-1, layerCost(problem, layer, old));
  if (layer > 0) {
    add(+1, transitionCost(problem, layer, states[layer - 1], state));
    add(-1, transitionCost(problem, layer, states[layer - 1], old));
  }
  if (layer + 1 < states.size()) {
    add(+1, transitionCost(problem, layer + 1, state, states[layer + 1]));
    add(-1, transitionCost(problem, layer + 1, old, states[layer + 1]));
  }
  return change;
}

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_SINGLECHANGE_H
