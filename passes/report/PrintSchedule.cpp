//===- PrintSchedule.cpp - A schedule as JSON, CSV or a table ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/report/Report.h"
#include "pfmlir/Passes/Passes.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

LogicalResult pfmlir::power::printSchedule(Operation *op, ScheduleFormat format,
                                           raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expects a module";
  FailureOr<SmallVector<ScheduledNetwork>> networks =
      findScheduledNetworks(module);
  if (failed(networks))
    return failure();
  SystemOp system = findSystem(module);
  if (system && !system.getRailsVAttr())
    return emitBriefOpError(system)
           << "expects to be scheduled; power-select-states does that";
  std::vector<Report> reports;
  for (const ScheduledNetwork &network : *networks) {
    FailureOr<Report> report = readReport(network);
    if (failed(report))
      return failure();
    reports.push_back(std::move(*report));
  }
  switch (format) {
  case ScheduleFormat::JSON:
    writeJSON(system, reports, os);
    break;
  case ScheduleFormat::CSV:
    writeCSV(system, reports, os);
    break;
  case ScheduleFormat::Table:
    writeTable(system, reports, os);
    break;
  }
  return success();
}
