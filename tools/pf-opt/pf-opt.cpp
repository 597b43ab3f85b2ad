//===- pf-opt.cpp - Runs passes on power IR ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As mlir-opt, but for one default: the IR is verified when it is read and
// after the last pass, and not after each, which takes up to a quarter more
// time. With `--verify-each` it is.
//
//===----------------------------------------------------------------------===//

#include "tools/ToolSetup.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

namespace {
/// What `--verify-each` does after every pass.
struct VerifyIRPass : PassWrapper<VerifyIRPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(VerifyIRPass)

  StringRef getArgument() const override { return "verify-ir"; }
  StringRef getDescription() const override {
    return "Verify the IR; by default, pf-opt does so after the last pass";
  }
  void runOnOperation() override {
    markAllAnalysesPreserved();
    if (failed(verify(getOperation())))
      signalPassFailure();
  }
};
} // namespace

/// Whether an option was on the command line.
static bool isGiven(StringRef option) {
  return llvm::cl::getRegisteredOptions()[option]->getNumOccurrences() > 0;
}

/// The options' configuration, with one verification after the last pass.
static MlirOptMainConfig verifyLast(const MlirOptMainConfig &fromOptions) {
  MlirOptMainConfig config = fromOptions;
  config.verifyPasses(false);
  config.setPassPipelineSetupFn([fromOptions](PassManager &manager) {
    if (failed(fromOptions.setupPassPipeline(manager)))
      return failure();
    if (!manager.empty())
      manager.addPass(std::make_unique<VerifyIRPass>());
    return success();
  });
  return config;
}

/// A plugin brings libMLIR, which has nothing to do with the MLIR in this tool.
static LogicalResult refusePlugins(ArrayRef<char *> arguments) {
  for (StringRef argument : arguments.drop_front()) {
    StringRef name = argument.ltrim('-').split('=').first;
    if (!argument.starts_with("-") ||
        (name != "load-dialect-plugin" && name != "load-pass-plugin"))
      continue;
    llvm::errs() << "error: '--" << name
                 << "' expects a tool that links libMLIR, but this one has an "
                    "MLIR of its own; load the plugin into mlir-opt, or build "
                    "with PFMLIR_LINK_MLIR_DYLIB\n";
    return failure();
  }
  return success();
}

static LogicalResult runPasses(StringRef inputFile, StringRef outputFile,
                               DialectRegistry &registry) {
  if (inputFile == "-" && llvm::sys::Process::StandardInIsUserInput())
    llvm::errs() << "(reading from the terminal; Ctrl-D ends the input)\n";
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input = openInputFile(inputFile, &error);
  if (!input) {
    llvm::errs() << error << "\n";
    return failure();
  }
  std::unique_ptr<llvm::ToolOutputFile> output =
      openOutputFile(outputFile, &error);
  if (!output) {
    llvm::errs() << error << "\n";
    return failure();
  }
  if (failed(MlirOptMain(output->os(), std::move(input), registry,
                         verifyLast(MlirOptMainConfig::createFromCLOptions()))))
    return failure();
  output->os().flush();
  if (std::error_code full = output->os().error()) {
    llvm::errs() << "cannot write output file '" << outputFile
                 << "': " << full.message() << "\n";
    output->os().clear_error();
    return failure();
  }
  output->keep();
  return success();
}

PFMLIR_TOOL_MAIN(opt) {
  if (!pfmlir::tools::kLinksLibMLIR &&
      failed(refusePlugins(ArrayRef(argv, argc))))
    return EXIT_FAILURE;
  DialectRegistry registry;
  pfmlir::tools::setVersionPrinter();
  pfmlir::tools::registerDialects(registry);
  pfmlir::tools::registerPasses();
  PassRegistration<VerifyIRPass>();
  auto [inputFile, outputFile] = registerAndParseCLIOptions(
      argc, argv, "Power-flow scheduling driver\n", registry);
  // What mlir-opt does.
  if (isGiven("verify-each") || isGiven("list-passes") ||
      isGiven("show-dialects"))
    return asMainReturnCode(
        MlirOptMain(argc, argv, inputFile, outputFile, registry));
  llvm::InitLLVM initialization(argc, argv);
  return asMainReturnCode(runPasses(inputFile, outputFile, registry));
}
