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

double pfmlir::scheduler::unrestrictedMultiplier(const Problem &problem) {
  auto evaluate = [&](double energyWeight, double timeWeight) {
    PathCost line;
    for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
      // An index, and not the cost: the loop is then a third of the work.
      size_t best = problem.layerBegin[layer];
      double least = kInfinity;
      for (size_t state = problem.layerBegin[layer];
           state < problem.layerBegin[layer + 1]; ++state) {
        PathCost cost = layerCost(problem, layer, state);
        double priced = energyWeight * cost.energyJ + timeWeight * cost.timeS;
        if (priced < least) {
          least = priced;
          best = state;
        }
      }
      PathCost cost = layerCost(problem, layer, best);
      line.energyJ += cost.energyJ;
      line.timeS += cost.timeS;
    }
    return line;
  };
  const double deadlineS = problem.deadlineS();
  PathCost late = evaluate(1, 0), inTime = evaluate(0, 1);
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
    PathCost line = evaluate(1, multiplier);
    (line.timeS <= deadlineS ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}
