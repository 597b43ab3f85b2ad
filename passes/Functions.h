//===- Functions.h - Functions that passes make -----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_FUNCTIONS_H
#define PFMLIR_PASSES_FUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace pfmlir::power {

/// Neither MLIR nor LLVM inlines the function, which no other object sees: what
/// it does stays between the calls before and after it.
inline void keepFunction(mlir::func::FuncOp function) {
  mlir::MLIRContext *context = function.getContext();
  function.setPrivate();
  function.setNoInline(true);
  function->setAttr("passthrough",
                    mlir::ArrayAttr::get(
                        context, mlir::StringAttr::get(context, "noinline")));
  function->setAttr(
      "llvm.linkage",
      mlir::LLVM::LinkageAttr::get(context, mlir::LLVM::Linkage::Internal));
}

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_FUNCTIONS_H
