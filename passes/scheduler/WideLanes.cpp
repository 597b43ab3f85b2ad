//===- WideLanes.cpp - Loops over many numbers ----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/WideLanes.h"

#include <algorithm>
#include <limits>

using namespace pfmlir::scheduler;

PFMLIR_WIDE_LANES static double leastOf(const double *values, size_t count) {
  // A single least would wait for each comparison.
  constexpr size_t kLanes = 8;
  double least[kLanes];
  std::fill_n(least, kLanes, std::numeric_limits<double>::infinity());
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (size_t lane = 0; lane < kLanes; ++lane)
      least[lane] =
          values[i + lane] < least[lane] ? values[i + lane] : least[lane];
  for (; i < count; ++i)
    least[0] = values[i] < least[0] ? values[i] : least[0];
  return *std::min_element(least, least + kLanes);
}

size_t pfmlir::scheduler::findFirstLeast(const double *values, size_t count) {
  return static_cast<size_t>(
      std::find(values, values + count, leastOf(values, count)) - values);
}

PFMLIR_WIDE_LANES void
pfmlir::scheduler::addPriced(const double *values, const double *energyJ,
                             const double *timeS, double energyWeight,
                             double timeWeight, size_t count, double *result) {
  for (size_t i = 0; i < count; ++i)
    result[i] = values[i] + (energyWeight * energyJ[i] + timeWeight * timeS[i]);
}

PFMLIR_WIDE_LANES void pfmlir::scheduler::price(const double *energyJ,
                                                const double *timeS,
                                                double energyWeight,
                                                double timeWeight, size_t count,
                                                double *result) {
  for (size_t i = 0; i < count; ++i)
    result[i] = energyWeight * energyJ[i] + timeWeight * timeS[i];
}

PFMLIR_WIDE_LANES static void
addPricedAnd(const double *values, const double *energyJ, const double *timeS,
             double energyWeight, double timeWeight, const double *further,
             size_t count, double *sums) {
  for (size_t i = 0; i < count; ++i)
    sums[i] = values[i] + (energyWeight * energyJ[i] + timeWeight * timeS[i]) +
              further[i];
}

size_t pfmlir::scheduler::findFirstLeastOfSums(
    const double *values, const double *energyJ, const double *timeS,
    double energyWeight, double timeWeight, const double *further, size_t count,
    double *sums) {
  addPricedAnd(values, energyJ, timeS, energyWeight, timeWeight, further, count,
               sums);
  return findFirstLeast(sums, count);
}
