//===- Translations.cpp - Schedules for mlir-translate ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"
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

/// What is made of a schedule's steps.
static void registerArtifact(StringRef name, StringRef description,
                             LogicalResult (*write)(Timeline &, raw_ostream &),
                             void (*registerDialects)(DialectRegistry &)) {
  TranslateFromMLIRRegistration registration(
      name, description,
      [write](Operation *op, raw_ostream &os) -> LogicalResult {
        auto module = dyn_cast<ModuleOp>(op);
        if (!module)
          return op->emitError() << "expects a module";
        FailureOr<Timeline> timeline = readTimeline(module);
        return failed(timeline) ? failure() : write(*timeline, os);
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
  registerArtifact("power-to-c-header",
                   "Print a schedule as a C99 header for firmware",
                   writeCHeader, registerDialects);
  registerArtifact("power-to-vcd", "Print a schedule as a Value Change Dump",
                   writeVCD, registerDialects);
  registerArtifact("power-to-perfetto",
                   "Print a schedule as a JSON trace for Perfetto",
                   writePerfetto, registerDialects);
  registerArtifact("power-to-verilog",
                   "Print a schedule as a sequencer in SystemVerilog",
                   writeVerilog, registerDialects);
  registerArtifact("power-to-device-tree",
                   "Print a schedule's operating points as a device tree",
                   writeDeviceTree, registerDialects);
  registerArtifact("power-to-upf", "Print a schedule's power intent in UPF 3.0",
                   writeUPF, registerDialects);
}
