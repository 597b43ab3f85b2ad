//===- VerifyBound.cpp - Prove a lower bound again ------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only part of the verification that is a search.
//
//===----------------------------------------------------------------------===//

#include "passes/Ledger.h"
#include "passes/Verify.h"
#include "pfmlir/Passes/Interruption.h"
#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Scheduler/Search.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

LogicalResult pfmlir::power::proveBound(const ScheduledNetwork &network) {
  ScheduleOp schedule = network.schedule;
  TargetOp target = network.target;
  double boundJ = schedule.getLowerBoundJ().convertToDouble();
  SmallVector<LayerWays> costs;
  if (failed(computeCosts(target, network.layers, target.getGatingOrNone(),
                          costs)))
    return failure();
  NetworkProblem built = buildProblem(target, costs, network.probabilities,
                                      schedule.getPeriodS().convertToDouble());
  const scheduler::Problem &problem = built.problem;
  if (failed(checkProblem(schedule, network, built)))
    return failure();
  scheduler::SearchResult proven =
      scheduler::searchExact(problem, interruptible(scheduler::SearchLimits()));
  if (isInterrupted())
    return emitBriefOpError(schedule)
           << "has a bound that is not proven: interrupted";
  if (boundJ > proven.lowerBoundJ * (1 + kTolerance))
    return emitBriefOpError(schedule)
           << "says no schedule costs less than " << formatNumber(boundJ)
           << " J, but what the exact search proves is "
           << formatNumber(proven.lowerBoundJ) << " J";
  return success();
}
