//===- DeviceTree.cpp - Operating points for an operating system ----------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A regulator for each rail in use and for each regulated supply, and for each
// domain a table of the operating points that it can have on these.
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

static uint64_t toMicrovolts(double voltageV) {
  return uint64_t(std::llround(voltageV * 1e6));
}

/// A rail has one voltage.
static void printRail(double voltageV, raw_ostream &os) {
  os << llvm::formatv("\trail_{0}: regulator-{0} {{\n"
                      "\t\tcompatible = \"regulator-fixed\";\n"
                      "\t\tregulator-name = \"rail-{0}\";\n"
                      "\t\tregulator-min-microvolt = <{0}>;\n"
                      "\t\tregulator-max-microvolt = <{0}>;\n"
                      "\t};\n\n",
                      toMicrovolts(voltageV));
}

/// A regulated supply has those that the target's levels are, and takes its
/// time.
static void printSupply(TargetOp target, SupplyOp supply, raw_ostream &os) {
  SmallVector<double> levelsV = target.getLevelsV();
  double rampUvPerUs = supply.getSlewVPerS()->convertToDouble();
  double settleUs = supply.getSettleTimeS()->convertToDouble() * 1e6;
  os << llvm::formatv(
      "\tsupply_{0}: regulator-{0} {{\n"
      "\t\tcompatible = \"{1},{2}\";\n"
      "\t\tregulator-name = \"{0}\";\n"
      "\t\tregulator-min-microvolt = <{3}>;\n"
      "\t\tregulator-max-microvolt = <{4}>;\n"
      "\t\tregulator-ramp-delay = <{5}>;\n"
      "\t\tregulator-settling-time-us = <{6}>;\n"
      "\t};\n\n",
      makeIdentifier(supply.getSymName()), makeIdentifier(target.getSymName()),
      makeIdentifier(supply.getSymName()), toMicrovolts(levelsV.front()),
      toMicrovolts(levelsV.back()), uint64_t(std::floor(rampUvPerUs)),
      uint64_t(std::ceil(settleUs - 1e-6)));
}

/// The indices of the levels that a domain can have: of the rails, or of its
/// supply.
static SmallVector<unsigned> getLevels(Timeline &timeline, DomainOp domain) {
  TargetOp target = timeline.network.target;
  SmallVector<double> voltagesV = target.getRegulator(domain)
                                      ? target.getLevelsV()
                                      : timeline.network.schedule.getRailsV();
  SmallVector<unsigned> levels;
  for (double voltage : voltagesV)
    if (std::optional<unsigned> level = target.getLevelIndex(voltage))
      if (target.canSupply(domain, *level))
        levels.push_back(*level);
  return levels;
}

/// By frequency, where the domain's law tells that; else by level.
static void printOperatingPoints(Timeline &timeline, DomainOp domain,
                                 raw_ostream &os) {
  TargetOp target = timeline.network.target;
  os << llvm::formatv("\topp_{0}: opp-table-{0} {{\n"
                      "\t\tcompatible = \"operating-points-v2\";\n",
                      makeIdentifier(domain.getSymName()));
  for (unsigned level : getLevels(timeline, domain)) {
    double voltageV = target.getLevelsV()[level];
    os << "\n\t\topp-" << toMicrovolts(voltageV) << " {\n";
    if (VoltageFrequencyLawAttrInterface law = domain.getLawAttr())
      os << "\t\t\topp-hz = /bits/ 64 <"
         << uint64_t(std::floor(law.getFrequencyHz(
                voltageV, domain.getNominalV().convertToDouble(),
                domain.getFrequencyHz()->convertToDouble())))
         << ">;\n";
    else
      os << "\t\t\topp-level = <" << level << ">;\n";
    os << "\t\t\topp-microvolt = <" << toMicrovolts(voltageV) << ">;\n\t\t};\n";
  }
  os << "\t};\n\n";
}

LogicalResult pfmlir::power::writeDeviceTree(Timeline &timeline,
                                             raw_ostream &os) {
  TargetOp target = timeline.network.target;
  os << "/* What " << makeIdentifier(target.getSymName())
     << " has for the schedule of "
     << makeIdentifier(timeline.network.function.getName())
     << ". Made by pf-translate --power-to-device-tree. */\n"
        "/dts-v1/;\n\n/ {\n";
  for (double rail : timeline.network.schedule.getRailsV())
    printRail(rail, os);
  for (SupplyOp supply : target.getSupplies())
    if (supply.getRegulated())
      printSupply(target, supply, os);
  for (DomainOp domain : target.getDomains())
    printOperatingPoints(timeline, domain, os);
  os << "};\n";
  return success();
}
