//===- WideLanes.h - Loops over many numbers --------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_WIDELANES_H
#define PFMLIR_PASSES_SCHEDULER_WIDELANES_H

#include <cstddef>
#include <cstdint>
#include <vector>

/// Compiles a function for processors with vectors of four doubles, too; which
/// of both runs is found out when the program starts. The numbers are the same
/// ones: there is no fused arithmetic, and no other order.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__clang__)
#define PFMLIR_WIDE_LANES __attribute__((target_clones("avx2", "default")))
#else
#define PFMLIR_WIDE_LANES
#endif

namespace pfmlir::scheduler {

/// The index of the first of the least of some finite numbers.
size_t findFirstLeast(const double *values, size_t count);

/// The same of energy + multiplier * time.
size_t findFirstCheapest(const double *energyJ, const double *timeS,
                         double multiplier, size_t count);

/// Writes energyWeight * energy + timeWeight * time.
void price(const double *energyJ, const double *timeS, double energyWeight,
           double timeWeight, size_t count, double *result);

/// Writes the same, added to `values`.
void addPriced(const double *values, const double *energyJ, const double *timeS,
               double energyWeight, double timeWeight, size_t count,
               double *result);

/// The index of the first of the least sums of that and `further`. The sums are
/// left in `sums`.
size_t findFirstLeastOfSums(const double *values, const double *energyJ,
                            const double *timeS, double energyWeight,
                            double timeWeight, const double *further,
                            size_t count, double *sums);

/// What costs `costJ` at the price `multiplier` of time, in joules a second.
struct CostLine {
  double multiplier;
  double costJ;
};

/// Writes the indices of those that cost no more than one of the lines, at its
/// price. Returns how many that are; there is space for all.
size_t selectBelow(const double *energyJ, const double *timeS, size_t count,
                   const std::vector<CostLine> &lines, uint32_t *below);

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_WIDELANES_H
