//===- Parts.h - What a cost model names of a target ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_MODELS_PARTS_H
#define PFMLIR_DIALECT_MODELS_PARTS_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// The declaration of a target that a cost model names; it must be there.
template <typename OpTy>
OpTy lookup(TargetOp target, mlir::StringAttr name) {
  return mlir::cast<OpTy>(mlir::SymbolTable::lookupSymbolIn(target, name));
}

/// Reports a name of a cost model that is not that of a domain with a law and a
/// leakage power.
mlir::LogicalResult verifyModelDomain(TargetOp target, mlir::StringAttr name);

/// Reports one that is not that of a memory, or of one that is not in one of
/// the model's domains.
mlir::LogicalResult
verifyModelMemory(TargetOp target, mlir::StringAttr name,
                  llvm::ArrayRef<mlir::StringAttr> modelDomains);

/// Checks that powering banks of a memory of weights costs nothing, unless all
/// stay powered: a layer works through its weights bank by bank.
llvm::LogicalResult verifyWeightMemory(MemoryOp memory);

/// Whether a layer's workload is a convolution or a matrix product.
bool isProduct(LayerOp layer);

/// Reports a layer with vector work that its cost model does not cost.
mlir::InFlightDiagnostic emitNoVectorWork(LayerOp layer);

/// The formats and the bytes of a layer's product, of so many bits an element
/// where its workload says nothing.
LayerAnalysis analyseWork(LayerOp layer, int64_t activationBits,
                          int64_t weightBits, int64_t outputBits);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_MODELS_PARTS_H
