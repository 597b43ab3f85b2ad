//===- Pipeline.cpp - All passes in order -----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Pass/PassManager.h"

using namespace pfmlir::power;

namespace {
// Which passes there are, in which order, and their options: from Passes.td.
#include "pfmlir/Passes/Pipelines.cpp.inc"
} // namespace

void pfmlir::power::registerPowerFlowPipeline() { registerPowerFlow(); }
