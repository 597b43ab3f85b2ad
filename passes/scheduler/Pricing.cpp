//===- Pricing.cpp - Layers by themselves, with a price on time -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/Tail.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> pfmlir::scheduler::priceStates(const Problem &problem,
                                                   double multiplier) {
  std::vector<double> costs(problem.energyJ.size());
  for (size_t state = 0; state < costs.size(); ++state)
    costs[state] = problem.energyJ[state] + multiplier * problem.timeS[state];
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
  struct Line {
    double energyJ = 0, timeS = 0;
  };
  auto evaluate = [&](double energyWeight, double timeWeight) {
    Line line;
    for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
      size_t best = problem.layerBegin[layer];
      double least = kInfinity;
      for (size_t state = best; state < problem.layerBegin[layer + 1];
           ++state) {
        double cost = energyWeight * problem.energyJ[state] +
                      timeWeight * problem.timeS[state];
        if (cost < least) {
          least = cost;
          best = state;
        }
      }
      line.energyJ += problem.energyJ[best];
      line.timeS += problem.timeS[best];
    }
    return line;
  };
  Line late = evaluate(1, 0), inTime = evaluate(0, 1);
  if (late.timeS <= problem.periodS || inTime.timeS > problem.periodS)
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
    Line line = evaluate(1, multiplier);
    (line.timeS <= problem.periodS ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}
