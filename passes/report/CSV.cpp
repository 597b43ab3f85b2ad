//===- CSV.cpp - A schedule as comma-separated values -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/report/Report.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

/// Quoted where it must be.
static std::string quoteCSV(StringRef field) {
  if (field.find_first_of(",\"\n") == StringRef::npos)
    return field.str();
  std::string quoted = "\"";
  for (char c : field) {
    if (c == '"')
      quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

namespace {
/// The columns that not every table has.
struct Columns {
  Columns(SystemOp system, ArrayRef<Report> reports)
      : network(system),
        probability(llvm::any_of(
            reports, [](const Report &report) { return !report.isCertain; })),
        choices(llvm::any_of(reports, hasChoices)) {}

  bool network, probability, choices;
};
} // namespace

static void writeHeader(const Columns &columns, ArrayRef<StringRef> domains,
                        raw_ostream &os) {
  os << (columns.network ? "network," : "")
     << "layer,start_s,time_s,transition_time_s";
  for (StringRef domain : domains)
    os << "," << quoteCSV((domain + "_v").str());
  os << ",energy_j,dynamic_energy_j,leakage_energy_j,leakage_w,"
        "transition_energy_j"
     << (columns.probability ? ",probability" : "")
     << (columns.choices ? ",choices" : "") << "\n";
}

static void writeLayers(const Columns &columns, const Report &report,
                        raw_ostream &os) {
  auto number = [&](double value) { os << llvm::format(",%.17g", value); };
  for (const LayerReport &layer : report.layers) {
    if (columns.network)
      os << quoteCSV(ScheduleOp(report.schedule).getFunction()) << ",";
    os << quoteCSV(layer.name);
    number(layer.startS);
    number(layer.timeS);
    number(layer.transitionTimeS);
    for (double voltage : layer.voltages)
      number(voltage);
    number(layer.energyJ);
    number(layer.dynamicEnergyJ);
    number(layer.leakageEnergyJ);
    number(layer.leakageW);
    number(layer.transitionEnergyJ);
    if (columns.probability)
      number(layer.probability);
    if (columns.choices)
      os << "," << quoteCSV(describeChoices(layer.state));
    os << "\n";
  }
}

void pfmlir::power::writeCSV(SystemOp system, ArrayRef<Report> reports,
                             raw_ostream &os) {
  // One table for all, as they are on one target.
  Columns columns(system, reports);
  writeHeader(columns, reports.front().domains, os);
  for (const Report &report : reports)
    writeLayers(columns, report, os);
}
