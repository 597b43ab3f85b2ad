//===- PFMLIRPlugin.cpp - pfmlir in any mlir-opt ----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tools that link the shared libMLIR, as Debian's mlir-opt does; with them
// this shares it.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Version.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "pfmlir", PFMLIR_VERSION_STRING,
          [](mlir::DialectRegistry *registry) {
            pfmlir::power::registerPowerDialect(*registry);
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "pfmlir", PFMLIR_VERSION_STRING, [] {
            pfmlir::power::registerPFMLIRPasses();
            pfmlir::power::registerPowerFlowPipeline();
            pfmlir::power::registerLowerToLLVMPipeline();
          }};
}
