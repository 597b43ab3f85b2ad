//===- Translations.cpp - Schedules for mlir-translate ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"
#include "pfmlir/Passes/Artifacts.h"
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

ArrayRef<Artifact> pfmlir::power::getArtifacts() {
  static constexpr Artifact kArtifacts[] = {
      {"c-header", "Print a schedule as a C99 header for firmware",
       writeCHeader},
      {"vcd", "Print a schedule as a Value Change Dump", writeVCD},
      {"perfetto", "Print a schedule as a JSON trace for Perfetto",
       writePerfetto},
      {"spice", "Print a schedule's supply currents as SPICE sources",
       writeSpice},
      {"verilog", "Print a schedule as a sequencer in SystemVerilog",
       writeVerilog},
      {"device-tree", "Print a schedule's operating points as a device tree",
       writeDeviceTree},
      {"upf", "Print a schedule's power intent in UPF 3.0", writeUPF}};
  return kArtifacts;
}

static LogicalResult write(const Artifact &artifact, Operation *op,
                           raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expects a module";
  FailureOr<Timeline> timeline = readTimeline(module);
  return failed(timeline) ? failure() : artifact.write(*timeline, os);
}

LogicalResult pfmlir::power::printArtifact(Operation *module, StringRef name,
                                           raw_ostream &os) {
  for (const Artifact &artifact : getArtifacts())
    if (artifact.name == name)
      return write(artifact, module, os);
  InFlightDiagnostic diagnostic = module->emitError() << "expects one of ";
  llvm::interleaveComma(getArtifacts(), diagnostic, [&](const Artifact &known) {
    diagnostic << known.name;
  });
  return diagnostic << ", but got '" << name << "'";
}

void pfmlir::power::registerTranslations(
    void (*registerDialects)(DialectRegistry &registry)) {
  registerTranslation("power-to-json", "Print a schedule as JSON",
                      ScheduleFormat::JSON, registerDialects);
  registerTranslation("power-to-csv", "Print a schedule's layers as CSV",
                      ScheduleFormat::CSV, registerDialects);
  registerTranslation("power-to-table", "Print a schedule for people to read",
                      ScheduleFormat::Table, registerDialects);
  for (const Artifact &artifact : getArtifacts())
    TranslateFromMLIRRegistration(("power-to-" + artifact.name).str(),
                                  artifact.description,
                                  [&artifact](Operation *op, raw_ostream &os) {
                                    return write(artifact, op, os);
                                  },
                                  registerDialects);
}
