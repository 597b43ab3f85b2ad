//===- pf-translate.cpp - Prints schedules ----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  pfmlir::power::registerTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Power schedule translator"));
}
