//===- Registration.h - What tools and Python know --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One list for pf-opt, pf-translate, pf-lsp-server and Python: the power
// dialect and its passes, and of MLIR what networks are written in, from
// PyTorch down to the LLVM dialect. Whoever links libMLIR has all of MLIR, and
// needs none of this.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_REGISTRATION_H
#define PFMLIR_PASSES_REGISTRATION_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace pfmlir {

/// Adds the dialects, with their extensions.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers the passes and pipelines, with MLIR's global registry of passes.
void registerPasses();

} // namespace pfmlir

#endif // PFMLIR_PASSES_REGISTRATION_H
