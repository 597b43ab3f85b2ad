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

LogicalResult pfmlir::power::printSchedule(Operation *module,
                                           ScheduleFormat format,
                                           raw_ostream &os) {
  FailureOr<Report> report = readReport(module);
  if (failed(report))
    return failure();
  switch (format) {
  case ScheduleFormat::JSON:
    writeJSON(*report, os);
    break;
  case ScheduleFormat::CSV:
    writeCSV(*report, os);
    break;
  case ScheduleFormat::Table:
    writeTable(*report, os);
    break;
  }
  return success();
}
