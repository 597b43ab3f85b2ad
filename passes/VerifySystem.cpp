//===- VerifySystem.cpp - Recompute what is said of a system --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The schedules of its networks are verified by themselves.
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

/// On rails of the system, every so often as the system says.
static LogicalResult verifyMember(SystemOp system, NetworkOp network,
                                  ScheduleOp schedule) {
  SmallVector<double> railsV = *system.getRailsV();
  for (double railV : schedule.getRailsV())
    if (!llvm::is_contained(railsV, railV))
      return emitBriefOpError(schedule)
             << "expects rails of system @" << system.getSymName()
             << ", but got " << formatNumber(railV) << " V";
  if (!network.getPeriodS() || *network.getPeriodS() == schedule.getPeriodS())
    return success();
  return emitBriefOpError(schedule)
         << "expects a period of "
         << formatNumber(network.getPeriodS()->convertToDouble())
         << " s, as system @" << system.getSymName() << " says, but got "
         << formatNumber(schedule.getPeriodS().convertToDouble()) << " s";
}

LogicalResult pfmlir::power::verifySystem(SystemOp system,
                                          ArrayRef<ScheduledNetwork> networks) {
  if (!system.getRailsVAttr())
    return emitBriefOpError(system)
           << "expects to be scheduled; power-select-states does that";
  TargetOp target = networks.front().target;
  size_t numRails = system.getRailsV()->size();
  if (numRails > target.getMaxRails())
    return emitBriefOpError(system)
           << "expects at most " << target.getMaxRails() << " rails, but got "
           << numRails;
  double powerW = 0;
  for (auto [op, each] : llvm::zip_equal(system.getNetworks(), networks)) {
    NetworkOp network = op;
    ScheduleOp schedule = each.schedule;
    if (failed(verifyMember(system, network, schedule)))
      return failure();
    powerW += network.getShareOr1() * schedule.getEnergyJ().convertToDouble() /
              schedule.getPeriodS().convertToDouble();
  }
  double statedW = system.getPowerW()->convertToDouble();
  if (!agree(statedW, powerW, powerW))
    return emitBriefOpError(system)
           << "says the power is " << formatNumber(statedW) << " W, but it is "
           << formatNumber(powerW) << " W";
  double boundW = system.getLowerBoundW()->convertToDouble();
  if (boundW <= powerW * (1 + kTolerance))
    return success();
  return emitBriefOpError(system)
         << "says no rails take less than " << formatNumber(boundW)
         << " W, but these take " << formatNumber(powerW) << " W";
}

LogicalResult
pfmlir::power::proveSystemBound(SystemOp system,
                                ArrayRef<ScheduledNetwork> networks) {
  std::vector<NetworkProblem> problems;
  for (const ScheduledNetwork &network : networks) {
    SmallVector<LayerWays> costs;
    TargetOp target = network.target;
    if (failed(computeCosts(target, network.layers, target.getGatingOrNone(),
                            costs)))
      return failure();
    ScheduleOp schedule = network.schedule;
    problems.push_back(buildProblem(target, costs, network.probabilities,
                                    schedule.getPeriodS().convertToDouble()));
    if (failed(checkProblem(schedule, network, problems.back())))
      return failure();
  }
  std::vector<scheduler::SuiteMember> suite;
  for (auto [op, each] : llvm::zip_equal(system.getNetworks(), problems))
    suite.push_back(
        {&each.problem, NetworkOp(op).getShareOr1() / each.problem.periodS});
  scheduler::JointResult proven =
      scheduler::searchJoint(suite, problems.front().problem.maxRails,
                             interruptible(scheduler::SearchLimits()));
  if (isInterrupted())
    return emitBriefOpError(system)
           << "has a bound that is not proven: interrupted";
  double boundW = system.getLowerBoundW()->convertToDouble();
  if (boundW <= proven.lowerBoundJ * (1 + kTolerance))
    return success();
  return emitBriefOpError(system)
         << "says no rails take less than " << formatNumber(boundW)
         << " W, but what the search proves is "
         << formatNumber(proven.lowerBoundJ) << " W";
}
