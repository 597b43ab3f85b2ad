//===- RooflinePlugin.cpp - What mlir-opt loads -----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roofline.h"

#include "pfmlir/Passes/Passes.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace pfmlir;

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "roofline", "0.1",
          [](mlir::DialectRegistry *registry) {
            power::registerPowerDialect(*registry);
            registry->insert<roofline::RooflineDialect>();
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "roofline", "0.1", [] {
            power::registerPFMLIRPasses();
            power::registerPowerFlowPipeline();
            roofline::registerCompareRailsPass();
          }};
}
