//===- pf-opt.cpp - Runs passes on power IR ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<pfmlir::power::PowerDialect>();
  mlir::registerAllPasses();
  pfmlir::power::registerPFMLIRPasses();
  pfmlir::power::registerPowerFlowPipeline();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Power-flow scheduling driver\n", registry));
}
