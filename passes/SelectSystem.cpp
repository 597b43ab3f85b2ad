//===- SelectSystem.cpp - Rails and schedules of several networks ---------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/NetworkSearch.h"
#include "passes/SelectStates.h"
#include "pfmlir/Passes/Infeasibility.h"
#include "pfmlir/Scheduler/Search.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

/// The period of a network: its own, or that of all.
static FailureOr<std::optional<double>>
findPeriod(NetworkOp network, std::optional<double> periodS) {
  if (!network.getPeriodS())
    return periodS;
  if (!periodS)
    return std::optional<double>(network.getPeriodS()->convertToDouble());
  return emitBriefOpError(network)
         << "expects none of the options 'fps' and 'period-s', because "
         << network.getFunctionAttr() << " has a period of its own";
}

static FailureOr<std::vector<PosedNetwork>>
poseSystem(SystemOp system, std::optional<double> periodS) {
  FailureOr<SmallVector<Network>> networks =
      findNetworks(system->getParentOfType<ModuleOp>());
  if (failed(networks))
    return failure();
  std::vector<PosedNetwork> posed;
  for (auto [op, network] : llvm::zip_equal(system.getNetworks(), *networks)) {
    FailureOr<std::optional<double>> givenS = findPeriod(op, periodS);
    if (failed(givenS))
      return failure();
    FailureOr<PosedNetwork> each = poseNetwork(std::move(network), *givenS);
    if (failed(each) || failed(checkProblem(each->network.function,
                                            each->network, each->built)))
      return failure();
    posed.push_back(std::move(*each));
  }
  return posed;
}

/// What a joule of each network's period counts in the power of all.
static std::vector<scheduler::SuiteMember>
makeSuite(SystemOp system, ArrayRef<PosedNetwork> posed) {
  std::vector<scheduler::SuiteMember> suite;
  for (auto [op, each] : llvm::zip_equal(system.getNetworks(), posed)) {
    const scheduler::Problem &problem = each.built.problem;
    suite.push_back({&problem, NetworkOp(op).getShareOr1() / problem.periodS});
  }
  return suite;
}

/// Says which network misses its deadline by how much or, where each can keep
/// its own, what all together could keep.
static LogicalResult reportNoRails(SystemOp system,
                                   ArrayRef<PosedNetwork> posed,
                                   const scheduler::SearchInfo &search,
                                   double leastSlowdown) {
  for (const PosedNetwork &each : posed) {
    const scheduler::Problem &problem = each.built.problem;
    double fastestS = scheduler::fastestActiveTime(problem);
    if (fastestS > problem.deadlineS() * (1 + scheduler::kTimeTolerance))
      return reportInfeasible(each.network, search, problem, fastestS);
  }
  TargetOp target = posed.front().network.target;
  InFlightDiagnostic diagnostic =
      emitBriefOpError(system)
      << "@" << system.getSymName() << " has no " << target.getMaxRails()
      << " levels of target @" << target.getSymName()
      << " on which all of its networks keep their periods, though each could "
         "by itself";
  double periodS = posed.front().built.problem.periodS;
  setInfeasibility(*diagnostic.getUnderlyingDiagnostic(),
                   {system.getSymNameAttr(), periodS, periodS * leastSlowdown});
  if (std::isfinite(leastSlowdown))
    diagnostic.attachNote()
        << "they can with all periods "
        << llvm::formatv("{0:e16}", leastSlowdown).str() << " times as long";
  return diagnostic;
}

static void writeResult(SystemOp system, TargetOp target,
                        const scheduler::JointResult &result) {
  Builder builder(system.getContext());
  SmallVector<double> railsV;
  for (scheduler::Level level : result.rails)
    railsV.push_back(target.getLevelsV()[level]);
  system.setRailsVAttr(builder.getF64ArrayAttr(railsV));
  system.setPowerWAttr(builder.getF64FloatAttr(result.weightedEnergyJ));
  system.setLowerBoundWAttr(builder.getF64FloatAttr(result.lowerBoundJ));
}

FailureOr<std::vector<scheduler::SearchResult>> pfmlir::power::selectSystem(
    SystemOp system, const scheduler::SearchInfo &search,
    std::optional<double> periodS, const scheduler::SearchLimits &limits) {
  if (!search.provesOptimum)
    return emitBriefOpError(system)
           << "expects a search that proves optima, because its networks share "
              "their rails, but got '"
           << search.name << "'";
  FailureOr<std::vector<PosedNetwork>> posed = poseSystem(system, periodS);
  if (failed(posed))
    return failure();
  TargetOp target = posed->front().network.target;
  scheduler::JointResult result = scheduler::searchJoint(
      makeSuite(system, *posed), posed->front().built.problem.maxRails, limits);
  if (limits.isCancelled && *limits.isCancelled)
    return emitBriefOpError(system) << "is not scheduled: interrupted";
  if (result.status == scheduler::Status::Infeasible)
    return reportNoRails(system, *posed, search, result.leastSlowdown);
  for (auto [each, found] : llvm::zip_equal(*posed, result.members))
    if (failed(verifyFound(each.network, each.built, search, found)))
      return failure();
  for (auto [each, found] : llvm::zip_equal(*posed, result.members))
    writeSchedule(each, found, search.name);
  writeResult(system, target, result);
  return std::move(result.members);
}
