//===- ToolSetup.h - What all tools begin with ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tool knows what pfmlir registers; one that links libMLIR, all of MLIR, too.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_TOOLS_TOOLSETUP_H
#define PFMLIR_TOOLS_TOOLSETUP_H

#include "pfmlir/Version.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#ifdef PFMLIR_LINK_MLIR_DYLIB
#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#else
#include "pfmlir/Passes/Registration.h"
#endif

/// Begins the main function of pf-`name`: in a wheel, a function of the library
/// that has MLIR in it, which the command calls.
#ifdef PFMLIR_TOOLS_IN_LIBRARY
#define PFMLIR_TOOL_MAIN(name)                                                 \
  extern "C" int pfmlir_##name##_main(int argc, char **argv)
#else
#define PFMLIR_TOOL_MAIN(name) int main(int argc, char **argv)
#endif

namespace pfmlir::tools {

/// What `--version` prints.
inline void setVersionPrinter() {
  llvm::cl::SetVersionPrinter([](llvm::raw_ostream &os) {
    os << "pfmlir " PFMLIR_VERSION_STRING ", LLVM " LLVM_VERSION_STRING "\n";
  });
}

#ifdef PFMLIR_LINK_MLIR_DYLIB
inline constexpr bool kLinksLibMLIR = true;

inline void registerDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  power::registerPowerDialect(registry);
}

inline void registerPasses() {
  mlir::registerAllPasses();
  power::registerPFMLIRPasses();
  power::registerPowerFlowPipeline();
}
#else
inline constexpr bool kLinksLibMLIR = false;

using pfmlir::registerDialects;
using pfmlir::registerPasses;
#endif

} // namespace pfmlir::tools

#endif // PFMLIR_TOOLS_TOOLSETUP_H
