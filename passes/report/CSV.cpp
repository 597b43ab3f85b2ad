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

void pfmlir::power::writeCSV(const Report &report, raw_ostream &os) {
  os << "layer,start_s,time_s,transition_time_s";
  for (StringRef domain : report.domains)
    os << "," << quoteCSV((domain + "_v").str());
  os << ",energy_j,dynamic_energy_j,leakage_energy_j,leakage_w,"
        "transition_energy_j"
     << (hasChoices(report) ? ",choices" : "") << "\n";
  auto number = [&](double value) { os << llvm::format(",%.17g", value); };
  for (const LayerReport &layer : report.layers) {
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
    if (hasChoices(report))
      os << "," << quoteCSV(describeChoices(layer.state));
    os << "\n";
  }
}
