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

namespace {
/// What some states of a layer cost.
struct CostRange {
  const double *energyJ, *timeS;
  size_t size;

  PathCost operator[](size_t i) const { return {energyJ[i], timeS[i]}; }
};
} // namespace

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

std::vector<double> pfmlir::scheduler::priceStates(const Problem &problem,
                                                   double multiplier) {
  std::vector<double> priced(problem.energyJ.size()), storage;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    CostRange costs = costsOf(problem, layer, storage);
    price(costs.energyJ, costs.timeS, 1, multiplier, costs.size,
          &priced[problem.layerBegin[layer]]);
  }
  return priced;
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
/// What states that may be the best at some price on time cost, by layer.
class Choices {
public:
  size_t numLayers() const { return begin.size() - 1; }
  CostRange of(size_t layer) const {
    return {energyJ.data() + begin[layer], timeS.data() + begin[layer],
            begin[layer + 1] - begin[layer]};
  }
  void add(PathCost cost) {
    energyJ.push_back(cost.energyJ);
    timeS.push_back(cost.timeS);
  }
  void endLayer() { begin.push_back(energyJ.size()); }

private:
  std::vector<double> energyJ, timeS;
  std::vector<size_t> begin = {0};
};
} // namespace

/// The first of those that cost least. `priced` is for their costs.
static PathCost findBest(CostRange costs, double energyWeight,
                         double timeWeight, std::vector<double> &priced) {
  priced.resize(std::max(priced.size(), costs.size));
  price(costs.energyJ, costs.timeS, energyWeight, timeWeight, costs.size,
        priced.data());
  return costs[findFirstLeast(priced.data(), costs.size)];
}

static void add(PathCost &sum, PathCost cost) {
  sum.energyJ += cost.energyJ;
  sum.timeS += cost.timeS;
}

/// Adds those that cost less at some price than the cheapest and the fastest
/// do: below the line between these two, or one of them.
static void addBelowLine(CostRange costs, PathCost cheapest, PathCost fastest,
                         Choices &choices) {
  // Enough for rounding.
  constexpr double kSame = 1 + 1e-12;
  double slope = cheapest.timeS > fastest.timeS
                     ? (fastest.energyJ - cheapest.energyJ) /
                           (cheapest.timeS - fastest.timeS)
                     : 0;
  double heightJ = (cheapest.energyJ + slope * cheapest.timeS) * kSame;
  for (size_t i = 0; i < costs.size; ++i)
    if (costs.energyJ[i] + slope * costs.timeS[i] <= heightJ)
      choices.add(costs[i]);
  choices.endLayer();
}

double pfmlir::scheduler::unrestrictedMultiplier(const Problem &problem) {
  PathCost late, inTime;
  Choices choices;
  std::vector<double> storage, priced;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    CostRange costs = costsOf(problem, layer, storage);
    PathCost cheapest = findBest(costs, 1, 0, priced);
    PathCost fastest = findBest(costs, 0, 1, priced);
    add(late, cheapest);
    add(inTime, fastest);
    addBelowLine(costs, cheapest, fastest, choices);
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
    for (size_t layer = 0; layer < choices.numLayers(); ++layer)
      add(line, findBest(choices.of(layer), 1, multiplier, priced));
    (line.timeS <= deadlineS ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}
