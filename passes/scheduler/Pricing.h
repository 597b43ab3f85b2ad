//===- Pricing.h - Layers by themselves, with a price on time -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What bounds and first guesses are made of before any rail set is looked at:
// without rails and transitions, each layer can be had by itself.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_PRICING_H
#define PFMLIR_PASSES_SCHEDULER_PRICING_H

#include "passes/scheduler/LayeredGraph.h"
#include "pfmlir/Scheduler/Problem.h"

namespace pfmlir::scheduler {

/// Writes what the states of a layer cost under a metric.
void priceLayer(const Problem &problem, size_t layer, Metric metric,
                double *costs);

/// The same of all layers, one after the other.
std::vector<double> priceStates(const Problem &problem, Metric metric);

/// The sum over layers of the least energy + multiplier * time on all levels.
double sumOfLayerMinima(const Problem &problem, double multiplier);

/// The price of time at which the layers, each on its own and on any level,
/// just keep the deadline; zero where they do so for free. The dual optimum of
/// the problem without rails and transitions, near that with them.
double unrestrictedMultiplier(const Problem &problem);

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_PRICING_H
