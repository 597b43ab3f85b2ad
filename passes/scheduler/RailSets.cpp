//===- RailSets.cpp - Choices of supply rails -----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/LayeredGraph.h"

#include <algorithm>
#include <limits>

using namespace pfmlir::scheduler;

std::vector<Level> pfmlir::scheduler::usedLevels(const Problem &problem,
                                                 const LayerLayouts &layouts) {
  // By axis and setting, so that states need only be looked up.
  std::vector<std::vector<bool>> isSet;
  for (const Axis &axis : problem.axes)
    isSet.emplace_back(axis.numSettings());
  for (const LayerLayouts::Layout &layout : layouts.layouts)
    for (size_t state = problem.layerBegin[layout.layer];
         state < problem.layerBegin[layout.layer + 1]; ++state)
      for (size_t axis = 0; axis < problem.numAxes(); ++axis)
        isSet[axis][problem.settingsOf(state)[axis]] = true;
  std::vector<bool> isUsed(problem.numLevels);
  for (size_t axis = 0; axis < problem.numAxes(); ++axis)
    for (size_t setting = 0; setting < isSet[axis].size(); ++setting) {
      Level rail = problem.axes[axis].railOf[setting];
      if (isSet[axis][setting] && rail != kNoRail)
        isUsed[rail] = true;
    }
  std::vector<Level> used;
  for (unsigned level = 0; level < problem.numLevels; ++level)
    if (isUsed[level])
      used.push_back(static_cast<Level>(level));
  return used;
}

void pfmlir::scheduler::findNeed(const Problem &problem, size_t state,
                                 std::vector<Level> &rails) {
  const Setting *settings = problem.settingsOf(state);
  rails.clear();
  for (size_t axis = 0; axis < problem.numAxes(); ++axis) {
    Level rail = problem.axes[axis].railOf[settings[axis]];
    if (rail == kNoRail)
      continue;
    auto at = std::lower_bound(rails.begin(), rails.end(), rail);
    if (at == rails.end() || *at != rail)
      rails.insert(at, rail);
  }
}

RailSets::RailSets(std::vector<Level> candidates, size_t requestedLeast,
                   size_t requestedMost)
    : levels(std::move(candidates)),
      positionOf(levels.empty() ? 0 : size_t(levels.back()) + 1),
      leastSize(std::min(requestedLeast, levels.size())),
      mostSize(std::min(requestedMost, levels.size())),
      binomials((levels.size() + 1) * (mostSize + 1)) {
  for (size_t i = 0; i < levels.size(); ++i)
    positionOf[levels[i]] = i;
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  for (size_t n = 0; n <= levels.size(); ++n) {
    uint64_t *row = &binomials[n * (mostSize + 1)];
    row[0] = 1;
    for (size_t k = 1; k <= std::min(n, mostSize); ++k) {
      uint64_t without = choose(n - 1, k), with = choose(n - 1, k - 1);
      row[k] = without > kMost - with ? kMost : without + with;
    }
  }
}

RailSets RailSets::candidates(const Problem &problem,
                              const LayerLayouts &layouts) {
  std::vector<Level> levels = usedLevels(problem, layouts);
  size_t least = problem.railPowerW == 0 ? problem.maxRails : 0;
  return RailSets(std::move(levels), least, problem.maxRails);
}

uint64_t RailSets::count() const {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  uint64_t sum = 0;
  for (size_t size = leastSize; size <= mostSize; ++size) {
    uint64_t ofSize = choose(levels.size(), size);
    sum = sum > kMost - ofSize ? kMost : sum + ofSize;
  }
  return sum;
}

size_t RailSets::splitIndex(uint64_t &index) const {
  size_t size = mostSize;
  while (size > leastSize && index >= choose(levels.size(), size))
    index -= choose(levels.size(), size--);
  return size;
}

size_t RailSets::sizeOf(uint64_t index) const { return splitIndex(index); }

void RailSets::get(uint64_t index, std::vector<Level> &rails) const {
  size_t size = splitIndex(index);
  getOfSize(index, size, rails);
}

void RailSets::getOfSize(uint64_t index, size_t size,
                         std::vector<Level> &rails) const {
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

uint64_t RailSets::indexOf(const std::vector<Level> &rails) const {
  uint64_t index = 0;
  for (size_t size = mostSize; size > rails.size(); --size)
    index += choose(levels.size(), size);
  // Those from the rail set on of its size: it, and for each of its rails those
  // that begin as it does, and go on with a higher one.
  uint64_t from = 1;
  for (size_t i = 0; i < rails.size(); ++i)
    from += choose(levels.size() - 1 - positionOf[rails[i]], rails.size() - i);
  return index + choose(levels.size(), rails.size()) - from;
}
