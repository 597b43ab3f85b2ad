//===- TailGroup.cpp - Tails that are solved together ---------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/TailGroup.h"

#include <numeric>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

TailGroup::TailGroup(const LayeredGraph &graph,
                     const std::vector<RailSetTail> &tails)
    : tails(tails), begin(graph.firstNode(graph.numLayers())), end(0),
      leastW(kInfinity), mostW(0), latestS(0) {
  for (const RailSetTail &tail : tails) {
    begin = std::min(begin, tail.endBegin);
    end = std::max(end, tail.endEnd);
    leastW = std::min(leastW, tail.powerW);
    mostW = std::max(mostW, tail.powerW);
    latestS = std::max(latestS, tail.limitS);
  }
  byEnd.resize(end - begin);
  for (std::vector<RailSetTail> &after : byEnd)
    after.reserve(
        std::min(tails.size(), graph.problem().sleepStates.size() + 1));
  for (const RailSetTail &tail : tails)
    for (uint32_t node = tail.endBegin; node < tail.endEnd; ++node)
      byEnd[node - begin].push_back(tail);

  // Tails that may follow any node do not tell nodes apart; of the others,
  // idling, each node has one at most. The less that costs, the better; worst
  // are the nodes without.
  uint32_t numEnds = end - begin;
  auto idlePowerW = [&](uint32_t index) {
    for (const RailSetTail &tail : byEnd[index])
      if (tail.endEnd - tail.endBegin < numEnds || numEnds == 1)
        return tail.powerW;
    return kInfinity;
  };
  std::vector<uint32_t> order(numEnds);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return idlePowerW(a) != idlePowerW(b) ? idlePowerW(a) < idlePowerW(b)
                                          : a < b;
  });
  ranks.resize(numEnds);
  for (uint32_t i = 1; i < numEnds; ++i)
    ranks[order[i]] =
        ranks[order[i - 1]] +
        (idlePowerW(order[i]) != idlePowerW(order[i - 1]) ? 1 : 0);
}

const RailSetTail &TailGroup::weakest(double multiplier) const {
  return *std::min_element(tails.begin(), tails.end(),
                           [&](const RailSetTail &a, const RailSetTail &b) {
                             return a.bound(0, multiplier) <
                                    b.bound(0, multiplier);
                           });
}

double TailGroup::cost(uint32_t node, double activeTimeS) const {
  double least = kInfinity;
  for (const RailSetTail &tail : tailsAfter(node))
    if (tail.fits(activeTimeS))
      least = std::min(least, tail.cost(activeTimeS));
  return least;
}
