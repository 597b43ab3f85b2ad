//===- Pricing.cpp - Layers by themselves, with a price on time -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/WideLanes.h"
#include "pfmlir/Scheduler/Referee.h"

#include <algorithm>
#include <cmath>

using namespace pfmlir::scheduler;

using CostRange = CostList::Range;

/// What the states of a layer cost, in the problem or, where they differ from
/// what it says, in `storage`.
static CostRange costsOf(const Problem &problem, size_t layer,
                         std::vector<double> &storage) {
  const size_t begin = problem.layerBegin[layer];
  const double *timeS = problem.timeS.data() + begin;
  const size_t numStates = problem.numStates(layer);
  if (problem.layerWeight.empty())
    return {problem.energyJ.data() + begin, timeS, numStates};
  storage.resize(numStates);
  for (size_t i = 0; i < numStates; ++i)
    storage[i] = layerCost(problem, layer, begin + i).energyJ;
  return {storage.data(), timeS, numStates};
}

void pfmlir::scheduler::priceLayer(const Problem &problem, size_t layer,
                                   Metric metric, double *costs) {
  std::vector<double> storage;
  CostRange range = costsOf(problem, layer, storage);
  price(range.energyJ, range.timeS, metric.energyWeight, metric.timeWeight,
        range.size, costs);
}

std::vector<double> pfmlir::scheduler::priceStates(const Problem &problem,
                                                   Metric metric) {
  std::vector<double> costs(problem.energyJ.size());
  for (size_t layer = 0; layer < problem.numLayers(); ++layer)
    priceLayer(problem, layer, metric, &costs[problem.layerBegin[layer]]);
  return costs;
}

double pfmlir::scheduler::sumOfLayerMinima(const Problem &problem,
                                           double multiplier) {
  double sum = 0;
  std::vector<double> costs;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    costs.resize(problem.numStates(layer));
    priceLayer(problem, layer, {1, multiplier}, costs.data());
    sum += *std::min_element(costs.begin(), costs.end());
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// A price without restrictions
//===----------------------------------------------------------------------===//

void CostList::add(Range costs, const uint32_t *indices, size_t count) {
  const size_t before = size();
  energyJ.resize(before + count);
  timeS.resize(before + count);
  for (size_t i = 0; i < count; ++i) {
    energyJ[before + i] = costs.energyJ[indices[i]];
    timeS[before + i] = costs.timeS[indices[i]];
  }
}

/// The first of those that cost least.
static PathCost findBest(CostRange costs, double multiplier) {
  return costs[findFirstCheapest(costs.energyJ, costs.timeS, multiplier,
                                 costs.size)];
}

static void add(PathCost &sum, PathCost cost) {
  sum.energyJ += cost.energyJ;
  sum.timeS += cost.timeS;
}

/// The price at which two cost the same, of which the first is no faster and no
/// dearer; zero where they take the same time.
static double priceBetween(PathCost cheaper, PathCost faster) {
  return cheaper.timeS > faster.timeS ? (faster.energyJ - cheaper.energyJ) /
                                            (cheaper.timeS - faster.timeS)
                                      : 0;
}

/// Adds those of `costs` that are below one of the lines between neighbouring
/// `corners`, or on it: only they may be the best at some price.
static void addBelow(CostRange costs, const std::vector<PathCost> &corners,
                     CostList &below, std::vector<uint32_t> &found) {
  // Enough for rounding.
  constexpr double kSame = 1e-12;
  std::vector<CostLine> lines;
  for (size_t i = 0; i + 1 < corners.size(); ++i) {
    double multiplier = priceBetween(corners[i], corners[i + 1]);
    double costJ =
        std::max(corners[i].energyJ + multiplier * corners[i].timeS,
                 corners[i + 1].energyJ + multiplier * corners[i + 1].timeS);
    lines.push_back({multiplier, costJ + kSame * std::abs(costJ)});
  }
  found.resize(std::max(found.size(), costs.size));
  size_t numFound =
      selectBelow(costs.energyJ, costs.timeS, costs.size, lines, found.data());
  below.add(costs, found.data(), numFound);
}

/// Between neighbouring corners, adds the best at the price at which these cost
/// the same, where that is another.
static void addCorners(CostRange costs, std::vector<PathCost> &corners) {
  std::vector<PathCost> more = {corners.front()};
  for (size_t i = 0; i + 1 < corners.size(); ++i) {
    PathCost best = findBest(costs, priceBetween(corners[i], corners[i + 1]));
    if (best.timeS < corners[i].timeS && best.timeS > corners[i + 1].timeS)
      more.push_back(best);
    more.push_back(corners[i + 1]);
  }
  corners = std::move(more);
}

FreeLayers::FreeLayers(const Problem &problem) {
  CostList fewer;
  std::vector<PathCost> corners;
  std::vector<double> storage;
  std::vector<uint32_t> found;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    CostRange costs = costsOf(problem, layer, storage);
    corners = {costs[findFirstLeast(costs.energyJ, costs.size)],
               costs[findFirstLeast(costs.timeS, costs.size)]};
    add(cheapest, corners.front());
    add(fastest, corners.back());
    // Two lines tell most of those that are never the best; four, nearly all.
    addCorners(costs, corners);
    fewer.clear();
    addBelow(costs, corners, fewer, found);
    costs = fewer.range(0, fewer.size());
    addCorners(costs, corners);
    addBelow(costs, corners, choices, found);
    begin.push_back(choices.size());
  }
}

double FreeLayers::multiplierAt(double deadlineS) const {
  PathCost late = cheapest, inTime = fastest;
  if (late.timeS <= deadlineS || inTime.timeS > deadlineS)
    return 0;
  // A rough answer will do.
  constexpr unsigned kSteps = 12;
  constexpr double kPrecision = 0.02;
  double multiplier = 0;
  for (unsigned step = 0; step < kSteps; ++step) {
    double crossing =
        (inTime.energyJ - late.energyJ) / (late.timeS - inTime.timeS);
    bool isClose = std::abs(crossing - multiplier) <= kPrecision * crossing;
    multiplier = crossing;
    if (isClose)
      break;
    PathCost line;
    for (size_t layer = 0; layer + 1 < begin.size(); ++layer)
      add(line,
          findBest(choices.range(begin[layer], begin[layer + 1]), multiplier));
    (line.timeS <= deadlineS ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}
