//===- Pricing.cpp - Layers by themselves, with a price on time -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Pricing.h"
#include "pfmlir/Scheduler/Referee.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> pfmlir::scheduler::priceStates(const Problem &problem,
                                                   double multiplier) {
  std::vector<double> costs(problem.energyJ.size());
  for (size_t layer = 0; layer < problem.numLayers(); ++layer)
    for (size_t state = problem.layerBegin[layer];
         state < problem.layerBegin[layer + 1]; ++state) {
      PathCost cost = layerCost(problem, layer, state);
      costs[state] = cost.energyJ + multiplier * cost.timeS;
    }
  return costs;
}

double
pfmlir::scheduler::sumOfLayerMinima(const Problem &problem,
                                    const std::vector<double> &stateCosts) {
  double sum = 0;
  auto begin = stateCosts.begin();
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    auto end = begin + static_cast<ptrdiff_t>(problem.numStates(layer));
    sum += *std::min_element(begin, end);
    begin = end;
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// A price without restrictions
//===----------------------------------------------------------------------===//

namespace {
/// States of layers that may be the best at some price on time.
class Choices {
public:
  size_t size() const { return energyJ.size(); }
  void resize(size_t size) {
    energyJ.resize(size);
    timeS.resize(size);
  }
  void set(size_t i, PathCost cost) {
    energyJ[i] = cost.energyJ;
    timeS[i] = cost.timeS;
  }
  void add(PathCost cost) {
    energyJ.push_back(cost.energyJ);
    timeS.push_back(cost.timeS);
  }
  PathCost operator[](size_t i) const { return {energyJ[i], timeS[i]}; }

  /// The first of [begin, end) that costs least.
  PathCost findBest(size_t begin, size_t end, double energyWeight,
                    double timeWeight) const;

private:
  std::vector<double> energyJ, timeS;
};
} // namespace

PathCost Choices::findBest(size_t begin, size_t end, double energyWeight,
                           double timeWeight) const {
  // In lanes, as a single least would wait for each comparison. A position is a
  // number like the others, so that lanes of both are as wide.
  constexpr size_t kLanes = 8;
  double least[kLanes], position[kLanes];
  std::fill_n(least, kLanes, kInfinity);
  std::fill_n(position, kLanes, static_cast<double>(begin));
  size_t i = begin;
  for (; i + kLanes <= end; i += kLanes)
    for (size_t lane = 0; lane < kLanes; ++lane) {
      double priced =
          energyWeight * energyJ[i + lane] + timeWeight * timeS[i + lane];
      bool isLess = priced < least[lane];
      least[lane] = isLess ? priced : least[lane];
      position[lane] = isLess ? static_cast<double>(i + lane) : position[lane];
    }
  double best = kInfinity, first = static_cast<double>(begin);
  for (size_t lane = 0; lane < kLanes; ++lane)
    if (least[lane] < best || (least[lane] == best && position[lane] < first)) {
      best = least[lane];
      first = position[lane];
    }
  for (; i < end; ++i) {
    double priced = energyWeight * energyJ[i] + timeWeight * timeS[i];
    if (priced < best) {
      best = priced;
      first = static_cast<double>(i);
    }
  }
  return (*this)[static_cast<size_t>(first)];
}

static void add(PathCost &sum, PathCost cost) {
  sum.energyJ += cost.energyJ;
  sum.timeS += cost.timeS;
}

/// Adds those of a layer that cost less at some price than its cheapest and its
/// fastest do: below the line between these two, or one of them.
static void addBelowLine(const Choices &layer, PathCost cheapest,
                         PathCost fastest, Choices &kept) {
  // Enough for rounding.
  constexpr double kSame = 1 + 1e-12;
  double slope = cheapest.timeS > fastest.timeS
                     ? (fastest.energyJ - cheapest.energyJ) /
                           (cheapest.timeS - fastest.timeS)
                     : 0;
  double heightJ = (cheapest.energyJ + slope * cheapest.timeS) * kSame;
  for (size_t i = 0; i < layer.size(); ++i) {
    PathCost cost = layer[i];
    if (cost.energyJ + slope * cost.timeS <= heightJ)
      kept.add(cost);
  }
}

double pfmlir::scheduler::unrestrictedMultiplier(const Problem &problem) {
  PathCost late, inTime;
  Choices layerChoices, choices;
  std::vector<size_t> begin = {0};
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    size_t numStates = problem.numStates(layer);
    layerChoices.resize(numStates);
    for (size_t i = 0; i < numStates; ++i)
      layerChoices.set(
          i, layerCost(problem, layer, problem.layerBegin[layer] + i));
    PathCost cheapest = layerChoices.findBest(0, numStates, 1, 0);
    PathCost fastest = layerChoices.findBest(0, numStates, 0, 1);
    add(late, cheapest);
    add(inTime, fastest);
    addBelowLine(layerChoices, cheapest, fastest, choices);
    begin.push_back(choices.size());
  }
  const double deadlineS = problem.deadlineS();
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
    for (size_t layer = 0; layer < problem.numLayers(); ++layer)
      add(line,
          choices.findBest(begin[layer], begin[layer + 1], 1, multiplier));
    (line.timeS <= deadlineS ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}
