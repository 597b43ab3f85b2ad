//===- pf-translate.cpp - Prints schedules ----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ToolSetup.h"

#include "pfmlir/Passes/Passes.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

/// As mlir-translate's, of the LLVM dialect alone.
static void registerLLVMIRTranslation() {
  mlir::TranslateFromMLIRRegistration registration(
      "mlir-to-llvmir", "Translate the LLVM dialect to LLVM IR",
      [](mlir::Operation *op, llvm::raw_ostream &os) {
        llvm::LLVMContext context;
        std::unique_ptr<llvm::Module> module =
            mlir::translateModuleToLLVMIR(op, context);
        if (!module)
          return mlir::failure();
        module->print(os, nullptr);
        return mlir::success();
      },
      [](mlir::DialectRegistry &registry) {
        pfmlir::tools::registerDialects(registry);
        mlir::registerBuiltinDialectTranslation(registry);
        mlir::registerLLVMDialectTranslation(registry);
      });
}

PFMLIR_TOOL_MAIN(translate) {
  pfmlir::tools::setVersionPrinter();
  pfmlir::power::registerTranslations(pfmlir::tools::registerDialects);
  registerLLVMIRTranslation();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Power schedule translator"));
}
