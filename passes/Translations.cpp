//===- Translations.cpp - Schedules for mlir-translate ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Tools/mlir-translate/Translation.h"

using namespace mlir;
using namespace pfmlir::power;

static void registerTranslation(StringRef name, StringRef description,
                                ScheduleFormat format,
                                void (*registerDialects)(DialectRegistry &)) {
  TranslateFromMLIRRegistration registration(
      name, description,
      [format](Operation *op, raw_ostream &os) {
        return printSchedule(op, format, os);
      },
      registerDialects);
}

void pfmlir::power::registerTranslations(
    void (*registerDialects)(DialectRegistry &registry)) {
  registerTranslation("power-to-json", "Print a schedule as JSON",
                      ScheduleFormat::JSON, registerDialects);
  registerTranslation("power-to-csv", "Print a schedule's layers as CSV",
                      ScheduleFormat::CSV, registerDialects);
  registerTranslation("power-to-table", "Print a schedule for people to read",
                      ScheduleFormat::Table, registerDialects);
}
