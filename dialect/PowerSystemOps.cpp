//===- PowerSystemOps.cpp - What a system of networks can be ----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Checks.h"

using namespace mlir;
using namespace pfmlir::power;

SmallVector<NetworkOp> SystemOp::getNetworks() {
  return llvm::to_vector(getBody().getOps<NetworkOp>());
}

LogicalResult NetworkOp::verify() {
  if (failed(verifyPositiveIfGiven(*this, "period_s", getPeriodS())))
    return failure();
  double share = getShareOr1();
  if (share > 0 && share <= 1)
    return success();
  return emitBriefOpError(*this)
         << "expects 'share' to be more than 0 and at most 1, but got "
         << formatNumber(share);
}

/// What is known of a system once it is scheduled.
static LogicalResult verifyResult(SystemOp system) {
  bool isScheduled = bool(system.getRailsVAttr());
  if (system.getPowerW().has_value() != isScheduled ||
      system.getLowerBoundW().has_value() != isScheduled)
    return emitBriefOpError(system)
           << "expects all of 'rails_v', 'power_w' and 'lower_bound_w', or "
              "none";
  if (failed(verifyIfGiven(system, "power_w", system.getPowerW())))
    return failure();
  return verifyIfGiven(system, "lower_bound_w", system.getLowerBoundW());
}

LogicalResult SystemOp::verifyRegions() {
  for (Operation &op : getBody().front())
    if (!isa<NetworkOp>(op))
      return op.emitError() << "expects only networks in a power.system";
  SmallVector<NetworkOp> networks = getNetworks();
  if (networks.empty())
    return emitBriefOpError(*this)
           << "expects at least one power.network, but got none";
  llvm::SmallDenseMap<StringRef, NetworkOp> seen;
  for (NetworkOp network : networks) {
    auto [first, isNew] = seen.try_emplace(network.getFunction(), network);
    if (isNew)
      continue;
    InFlightDiagnostic diagnostic = emitBriefOpError(network)
                                    << "expects another function, but got "
                                    << network.getFunctionAttr() << " again";
    diagnostic.attachNote(first->second.getLoc()) << "the first is here";
    return diagnostic;
  }
  for (auto other : (*this)->getParentOfType<ModuleOp>().getOps<SystemOp>())
    if (other != *this) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(*this)
          << "expects to be the only power.system of its module";
      diagnostic.attachNote(other.getLoc()) << "another is here";
      return diagnostic;
    }
  return verifyResult(*this);
}

LogicalResult SystemOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  TargetOp target;
  if (FlatSymbolRefAttr name = getTargetAttr()) {
    target = symbolTable.lookupNearestSymbolFrom<TargetOp>(*this, name);
    if (!target)
      return emitBriefOpError(*this)
             << "expects " << name << " to be a power.target";
  }
  for (NetworkOp network : getNetworks())
    if (!symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
            *this, network.getFunctionAttr()))
      return emitBriefOpError(network)
             << "expects " << network.getFunctionAttr() << " to be a function";
  if (!getRailsVAttr())
    return success();
  if (!target)
    return emitBriefOpError(*this) << "expects a target where it has 'rails_v'";
  SmallVector<double> railsV = *getRailsV();
  for (double rail : railsV)
    if (!target.getLevelIndex(rail))
      return emitBriefOpError(*this)
             << "expects rails at levels of target " << getTargetAttr()
             << ", but got " << formatNumber(rail) << " V";
  return success();
}
