//===- MeasuredTables.cpp - Costs that somebody measured -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/models/OperatingPoints.h"

using namespace mlir;
using namespace pfmlir::power;

FailureOr<LayerCosts> pfmlir::power::readCostTable(LayerOp layer,
                                                   TargetOp target,
                                                   CostTableAttr table) {
  if (table.getNumDomains() != target.getDomains().size())
    return emitBriefOpError(layer)
           << "expects one voltage for each of the "
           << target.getDomains().size() << " domains of target @"
           << target.getSymName() << " in its cost table, but got "
           << table.getNumDomains();
  AllowedLevels allowed(target);
  LayerCosts costs;
  bool isAnyAtLevels = false;
  for (size_t row = 0; row < table.getNumStates(); ++row) {
    SmallVector<uint16_t, 4> levels;
    for (double voltage : table.getStateVoltagesV(row))
      if (std::optional<unsigned> level = target.getLevelIndex(voltage))
        levels.push_back(*level);
    // Measured at a level that is not to be used.
    if (levels.size() != table.getNumDomains())
      continue;
    isAnyAtLevels = true;
    if (allowed.allow(levels))
      costs.addState(levels, table.getEnergyJ()[row], table.getTimeS()[row],
                     table.getLeakageW()[row]);
  }
  if (costs.empty())
    return emitBriefOpError(layer)
           << "expects a row of its cost table at the levels of target @"
           << target.getSymName()
           << (isAnyAtLevels ? " that its supplies, limits and exclusions allow"
                             : "")
           << ", but there is none";
  return costs;
}

LogicalResult
MeasuredAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                           const CostRequest &,
                           SmallVectorImpl<LayerCosts> &costs) const {
  for (LayerOp layer : layers) {
    auto table = getTables().getAs<CostTableAttr>(layer.getName());
    if (!table) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(layer)
          << "expects a measured cost table for layer '" << layer.getName()
          << "', but target @" << target.getSymName() << " has none";
      diagnostic.attachNote(target.getLoc()) << "target declared here";
      return diagnostic;
    }
    FailureOr<LayerCosts> layerCosts = readCostTable(layer, target, table);
    if (failed(layerCosts))
      return failure();
    costs.push_back(std::move(*layerCosts));
  }
  return success();
}

/// Reports a table whose rows don't have one voltage a domain of the target, or
/// a voltage that the target can't supply.
static LogicalResult verifyTable(TargetOp target, StringRef layer,
                                 CostTableAttr table) {
  if (table.getNumDomains() != target.getDomains().size())
    return emitBriefOpError(target)
           << "expects one voltage a domain (" << target.getDomains().size()
           << ") in the cost table of layer '" << layer << "', but got "
           << table.getNumDomains();
  for (double voltage : table.getVoltagesV().asArrayRef())
    if (!target.getLevelIndex(voltage))
      return emitBriefOpError(target)
             << "expects the voltages in the cost table of layer '" << layer
             << "' to be among its levels, but got " << formatNumber(voltage)
             << " V";
  return success();
}

LogicalResult MeasuredAttr::verifyTarget(TargetOp &target) const {
  for (NamedAttribute entry : getTables())
    if (failed(verifyTable(target, entry.getName(),
                           cast<CostTableAttr>(entry.getValue()))))
      return failure();
  return success();
}
