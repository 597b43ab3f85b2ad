//===- WideLanes.cpp - Loops over many numbers ----------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/WideLanes.h"

#include <algorithm>
#include <cstring>
#include <limits>

using namespace pfmlir::scheduler;

/// The least of some numbers. A single one would wait for each comparison.
template <typename Value>
__attribute__((always_inline)) static inline double
leastInLanes(size_t count, const Value &value) {
  constexpr size_t kLanes = 16;
  double least[kLanes];
  for (double &ofLane : least)
    ofLane = std::numeric_limits<double>::infinity();
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (size_t lane = 0; lane < kLanes; ++lane) {
      double other = value(i + lane);
      least[lane] = other < least[lane] ? other : least[lane];
    }
  for (; i < count; ++i)
    least[0] = value(i) < least[0] ? value(i) : least[0];
  for (size_t lane = 1; lane < kLanes; ++lane)
    least[0] = least[lane] < least[0] ? least[lane] : least[0];
  return least[0];
}

PFMLIR_WIDE_LANES static double leastOf(const double *values, size_t count) {
  return leastInLanes(count, [=](size_t i) { return values[i]; });
}

PFMLIR_WIDE_LANES static double leastPriced(const double *energyJ,
                                            const double *timeS,
                                            double multiplier, size_t count) {
  return leastInLanes(
      count, [=](size_t i) { return energyJ[i] + multiplier * timeS[i]; });
}

/// The index of the first of the least of some numbers, block by block, so that
/// few are looked at twice.
template <typename LeastOf, typename Value>
static size_t findFirst(size_t count, const LeastOf &leastOfBlock,
                        const Value &value) {
  constexpr size_t kBlock = 512;
  double least = std::numeric_limits<double>::infinity();
  size_t first = 0;
  for (size_t begin = 0; begin < count; begin += kBlock) {
    double other = leastOfBlock(begin, std::min(kBlock, count - begin));
    if (other < least) {
      least = other;
      first = begin;
    }
  }
  while (value(first) != least)
    ++first;
  return first;
}

size_t pfmlir::scheduler::findFirstLeast(const double *values, size_t count) {
  return findFirst(
      count,
      [=](size_t begin, size_t size) { return leastOf(values + begin, size); },
      [=](size_t i) { return values[i]; });
}

size_t pfmlir::scheduler::findFirstCheapest(const double *energyJ,
                                            const double *timeS,
                                            double multiplier, size_t count) {
  return findFirst(
      count,
      [=](size_t begin, size_t size) {
        return leastPriced(energyJ + begin, timeS + begin, multiplier, size);
      },
      [=](size_t i) { return energyJ[i] + multiplier * timeS[i]; });
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

/// Marks those that cost no more than the line.
PFMLIR_WIDE_LANES static void markBelow(const double *energyJ,
                                        const double *timeS, size_t count,
                                        double multiplier, double costJ,
                                        uint8_t *isBelow) {
  for (size_t i = 0; i < count; ++i)
    isBelow[i] |= energyJ[i] + multiplier * timeS[i] <= costJ;
}

size_t pfmlir::scheduler::selectBelow(const double *energyJ,
                                      const double *timeS, size_t count,
                                      const std::vector<CostLine> &lines,
                                      uint32_t *below) {
  // As many as stay at hand, in groups that often have none.
  constexpr size_t kBlock = 256, kGroup = sizeof(uint64_t);
  uint8_t isBelow[kBlock];
  size_t numBelow = 0;
  for (size_t begin = 0; begin < count; begin += kBlock) {
    const size_t size = std::min(kBlock, count - begin);
    std::fill_n(isBelow, kBlock, 0);
    for (CostLine line : lines)
      markBelow(energyJ + begin, timeS + begin, size, line.multiplier,
                line.costJ, isBelow);
    for (size_t first = 0; first < size; first += kGroup) {
      uint64_t isAnyBelow;
      std::memcpy(&isAnyBelow, isBelow + first, kGroup);
      if (!isAnyBelow)
        continue;
      // Without a branch, as there is no telling which ones are.
      for (size_t i = first; i < std::min(first + kGroup, size); ++i) {
        below[numBelow] = static_cast<uint32_t>(begin + i);
        numBelow += isBelow[i];
      }
    }
  }
  return numBelow;
}
