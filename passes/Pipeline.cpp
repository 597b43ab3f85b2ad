//===- Pipeline.cpp - All passes in order -----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
// Which passes there are, in which order, and their options: from Passes.td.
#include "pfmlir/Passes/Pipelines.cpp.inc"
} // namespace

void pfmlir::power::registerPowerFlowPipeline() { registerPowerFlow(); }

//===----------------------------------------------------------------------===//
// The way down
//===----------------------------------------------------------------------===//

namespace {
struct LowerToLLVMOptions : PassPipelineOptions<LowerToLLVMOptions> {
  Option<Count> indexBits{*this, "index-bits",
                          llvm::cl::desc("Bits of an index and of an address"),
                          llvm::cl::init(Count(64))};
  Option<std::string> entry{
      *this, "entry", llvm::cl::desc("New name of the network's function")};
  Option<std::string> weights{
      *this, "weights",
      llvm::cl::desc("File that weights are moved to, with an assembly file "
                     "beside it that includes them")};
  Option<bool> hooks{
      *this, "hooks",
      llvm::cl::desc(
          "Declare what accesses registers, for firmware to define")};
  Option<bool> profile{
      *this, "profile",
      llvm::cl::desc("Call power_work_begin and power_work_end around work")};
  Option<bool> observe{
      *this, "observe",
      llvm::cl::desc("Call a function of each result of each layer")};
};
} // namespace

/// What is ours, and then what is upstream's: from tensors to buffers that have
/// their places, from linear algebra to loops, and each dialect to LLVM's.
static constexpr const char *kLowerToLLVM = R"(
  power-store-results,
  power-lower-manager{{address-bits={0} hooks={1}},
  power-outline-layers{{{2} profile={4} observe={5}},
  func.func(linalg-generalize-named-ops),
  eliminate-empty-tensors,
  one-shot-bufferize{{bufferize-function-boundaries=true
                      function-boundary-type-conversion=identity-layout-map},
  drop-equivalent-buffer-results,
  buffer-results-to-out-params{{hoist-static-allocs=true
                                modify-public-functions=true},
  power-place-buffers,
  power-expand-copies,
  power-externalize-weights{{{3}},
  func.func(convert-linalg-to-loops),
  power-approximate-math,
  expand-strided-metadata,
  lower-affine,
  convert-scf-to-cf,
  convert-math-to-llvm,
  convert-math-to-libm,
  convert-arith-to-llvm{{index-bitwidth={0}},
  convert-cf-to-llvm{{index-bitwidth={0}},
  convert-index-to-llvm{{index-bitwidth={0}},
  convert-ub-to-llvm{{index-bitwidth={0}},
  finalize-memref-to-llvm{{index-bitwidth={0}},
  convert-func-to-llvm{{index-bitwidth={0}},
  reconcile-unrealized-casts)";

static void buildLowerToLLVM(OpPassManager &manager,
                             const LowerToLLVMOptions &options) {
  auto assign = [](StringRef name, const std::string &value) {
    return value.empty() ? "" : (name + "='" + value + "'").str();
  };
  auto flag = [](bool value) { return value ? "true" : "false"; };
  std::string text = llvm::formatv(
      kLowerToLLVM, int64_t(Count(options.indexBits)), flag(options.hooks),
      assign("entry", options.entry), assign("path", options.weights),
      flag(options.profile), flag(options.observe));
  // In the tools all of them are there.
  if (failed(parsePassPipeline(text, manager)))
    llvm::report_fatal_error(
        "power-lower-to-llvm needs MLIR's passes, which are not registered",
        /*gen_crash_diag=*/false);
}

void pfmlir::power::registerLowerToLLVMPipeline() {
  static PassPipelineRegistration<LowerToLLVMOptions> registration(
      "power-lower-to-llvm",
      "Lower a scheduled network, with what its power manager does, to the "
      "LLVM "
      "dialect",
      buildLowerToLLVM);
}
