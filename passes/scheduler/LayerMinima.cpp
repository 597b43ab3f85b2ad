//===- LayerMinima.cpp - Layers by themselves, on rail sets ---------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LayerMinima.h"
#include "passes/scheduler/Parallel.h"
#include "passes/scheduler/Pricing.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// What states need
//===----------------------------------------------------------------------===//

/// The most rails that a state may need.
static size_t mostNeeded(const Problem &problem, size_t mostRails) {
  auto needsRail = [](const Axis &axis) {
    return std::any_of(axis.railOf.begin(), axis.railOf.end(),
                       [](Level rail) { return rail != kNoRail; });
  };
  auto numAxes =
      std::count_if(problem.axes.begin(), problem.axes.end(), needsRail);
  return std::min(static_cast<size_t>(numAxes), mostRails);
}

StatesByNeed::StatesByNeed(const Problem &problem, const LayerLayouts &layouts,
                           const RailSets &railSets)
    : layouts(layouts), railSets(railSets),
      needs(railSets.allLevels(), 0,
            mostNeeded(problem, railSets.largestSize())) {
  if (!areWorthwhile(problem))
    return;
  needCount = needs.count();
  for (size_t numRails = 1; numRails <= needs.largestSize(); ++numRails)
    addRuns(numRails);
  findCoverRails();
  byLayout.resize(layouts.layouts.size());
  for (size_t i = 0; i < byLayout.size(); ++i)
    sortStates(problem, layouts.layouts[i].layer, byLayout[i]);
}

/// Whether to go through all needs takes less than to go through the states of
/// all rail sets, and no more memory than the states do.
bool StatesByNeed::areWorthwhile(const Problem &problem) const {
  // What is not worth counting.
  constexpr uint64_t kRailSetNeeds = 4, kFewNumbers = 1 << 18;
  const uint64_t numStates = problem.energyJ.size();
  const uint64_t numLayers = problem.numLayers();
  return (needs.count() <= numStates / numLayers ||
          needs.count() / kRailSetNeeds <= railSets.count()) &&
         needs.count() <= (numStates + kFewNumbers) / numLayers;
}

/// Sorts the states of a layer, but for those that need more than there may be.
void StatesByNeed::sortStates(const Problem &problem, size_t layer,
                              Layout &layout) const {
  const size_t numStates = problem.numStates(layer);
  std::vector<size_t> needOf(numStates, needCount);
  std::vector<Level> rails;
  layout.begin.assign(needCount + 2, 0);
  for (size_t i = 0; i < numStates; ++i) {
    findNeed(problem, problem.layerBegin[layer] + i, rails);
    if (rails.size() <= needs.largestSize())
      needOf[i] = needs.indexOf(rails);
    ++layout.begin[needOf[i] + 1];
  }
  std::partial_sum(layout.begin.begin(), layout.begin.end(),
                   layout.begin.begin());
  std::vector<uint32_t> next = layout.begin;
  layout.states.resize(numStates);
  for (size_t i = 0; i < numStates; ++i)
    layout.states[next[needOf[i]]++] = static_cast<uint32_t>(i);
}

//===----------------------------------------------------------------------===//
// From what is needed to what is there
//===----------------------------------------------------------------------===//

/// Adds the needs of so many rails, by what they have in common.
void StatesByNeed::addRuns(size_t numRails) {
  const std::vector<Level> &levels = needs.allLevels();
  const RailSets others(levels, numRails - 1, numRails - 1);
  std::vector<Level> rails;
  for (uint64_t i = 0; i < others.count(); ++i) {
    others.get(i, rails);
    auto next = rails.empty() ? levels.begin()
                              : std::upper_bound(levels.begin(), levels.end(),
                                                 rails.back());
    if (next != levels.end())
      addRun(rails, *next, static_cast<size_t>(levels.end() - next));
  }
}

void StatesByNeed::addRun(std::vector<Level> others, Level next, size_t size) {
  auto add = [&](const std::vector<Level> &rails) {
    withoutOne.push_back(static_cast<uint32_t>(needs.indexOf(rails)));
  };
  add(others);
  others.push_back(next);
  runs.push_back({needs.indexOf(others), size, others.size()});
  for (size_t left = 0; left + 1 < others.size(); ++left) {
    std::vector<Level> rails = others;
    rails.erase(rails.begin() + static_cast<ptrdiff_t>(left));
    add(rails);
  }
}

/// Lowers the number of every need to that of any which is part of it.
void StatesByNeed::spread(double *least) const {
  const uint32_t *other = withoutOne.data();
  for (const Run &run : runs) {
    double *values = least + run.begin;
    const double withoutLast = least[*other++];
    for (size_t i = 0; i < run.size; ++i)
      values[i] = std::min(values[i], withoutLast);
    for (size_t rail = 1; rail < run.numRails; ++rail) {
      const double *without = least + *other++;
      for (size_t i = 0; i < run.size; ++i)
        values[i] = std::min(values[i], without[i]);
    }
  }
}

void StatesByNeed::findLeast(size_t layer, const double *stateCosts,
                             double *least) const {
  const Layout &layout = byLayout[layouts.layoutOf[layer]];
  for (size_t need = 0; need < needCount; ++need) {
    double lowest = kInfinity;
    for (uint32_t i = layout.begin[need]; i < layout.begin[need + 1]; ++i)
      lowest = std::min(lowest, stateCosts[layout.states[i]]);
    least[need] = lowest;
  }
  spread(least);
}

/// Makes needs as large as they can be of the rails of a rail set.
void StatesByNeed::findCoverRails() {
  std::vector<Level> all(railSets.largestSize()), rails;
  std::iota(all.begin(), all.end(), 0);
  const RailSets parts(all, needs.largestSize(), needs.largestSize());
  coverCount = parts.count();
  for (size_t i = 0; i < coverCount; ++i) {
    parts.get(i, rails);
    coverRails.insert(coverRails.end(), rails.begin(), rails.end());
  }
}

void StatesByNeed::getCovers(uint64_t first, size_t count, uint64_t stride,
                             std::vector<uint32_t> &covers) const {
  const size_t mostNeeded = needs.largestSize();
  covers.clear();
  // Rail sets that are no larger are needs, of the same number.
  if (mostNeeded == railSets.largestSize()) {
    for (size_t i = 0; i < count; ++i)
      covers.push_back(static_cast<uint32_t>(first + i * stride));
    return;
  }
  std::vector<Level> rails, need;
  for (size_t i = 0; i < count; ++i) {
    railSets.get(first + i * stride, rails);
    const Level *which = coverRails.data();
    for (size_t part = 0; part < coverCount; ++part) {
      need.clear();
      for (size_t rail = 0; rail < mostNeeded; ++rail, ++which)
        if (*which < rails.size())
          need.push_back(rails[*which]);
      covers.push_back(static_cast<uint32_t>(needs.indexOf(need)));
    }
  }
}

//===----------------------------------------------------------------------===//
// Minima
//===----------------------------------------------------------------------===//

LayerMinima::LayerMinima(const Problem &problem, const StatesByNeed &states,
                         Metric metric, unsigned numThreads)
    : problem(problem), states(states), numThreads(numThreads) {
  if (states.empty()) {
    stateCosts = priceStates(problem, metric);
    return;
  }
  least.reset(problem.numLayers() * states.numNeeds());
  std::vector<std::vector<double>> costs(numThreads);
  parallelFor(problem.numLayers(), numThreads, [&](size_t worker, size_t i) {
    costs[worker].resize(problem.numStates(i));
    priceLayer(problem, i, metric, costs[worker].data());
    states.findLeast(i, costs[worker].data(), least.at(i * states.numNeeds()));
  });
}

void LayerMinima::sum(uint64_t first, size_t count, uint64_t stride,
                      double *sums) const {
  if (states.empty())
    sumFromStates(first, count, stride, sums);
  else
    sumFromNeeds(first, count, stride, sums);
}

void LayerMinima::sumFromStates(uint64_t first, size_t count, uint64_t stride,
                                double *sums) const {
  std::vector<std::unique_ptr<LayeredGraph>> graphs(numThreads);
  parallelFor(count, numThreads, [&](size_t worker, size_t i) {
    std::unique_ptr<LayeredGraph> &graph = graphs[worker];
    if (!graph)
      graph = std::make_unique<LayeredGraph>(problem, states.layouts);
    std::vector<Level> rails;
    states.railSets.get(first + i * stride, rails);
    sums[i] = graph->selectRails(rails)
                  ? graph->sumOfLayerMinima(stateCosts.data())
                  : kInfinity;
  });
}

void LayerMinima::sumFromNeeds(uint64_t first, size_t count, uint64_t stride,
                               double *sums) const {
  // As many as stay at hand.
  constexpr size_t kNeeds = 1024;
  const size_t size = states.coverSize();
  const size_t block = std::max<size_t>(kNeeds / size, 1);
  parallelFor((count + block - 1) / block, numThreads, [&](size_t, size_t b) {
    const size_t begin = b * block, end = std::min(begin + block, count);
    std::vector<uint32_t> covers;
    states.getCovers(first + begin * stride, end - begin, stride, covers);
    addLayers(covers, end - begin, sums + begin);
  });
}

/// Writes the sums of so many rail sets, from the needs that cover each.
void LayerMinima::addLayers(const std::vector<uint32_t> &covers, size_t count,
                            double *sums) const {
  const size_t size = states.coverSize();
  std::fill_n(sums, count, 0);
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    const double *ofLayer = least.at(layer * states.numNeeds());
    const uint32_t *cover = covers.data();
    for (size_t i = 0; i < count; ++i, cover += size) {
      double lowest = ofLayer[cover[0]];
      for (size_t j = 1; j < size; ++j)
        lowest = std::min(lowest, ofLayer[cover[j]]);
      sums[i] += lowest;
    }
  }
}
