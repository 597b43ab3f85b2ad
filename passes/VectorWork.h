//===- VectorWork.h - Work that is no product -------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What elementwise operations, reductions, pooling, gathers and copies read,
// write and compute, counted from the IR.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_VECTORWORK_H
#define PFMLIR_PASSES_VECTORWORK_H

#include "pfmlir/Dialect/Power.h"

#include <map>

namespace pfmlir::power {

/// Counts vector work by the bits of an element.
class VectorWork {
public:
  /// Adds what an operation reads of tensors, writes to tensors and computes
  /// once it runs. Of a shape that is not known, nothing can be said: reports
  /// an error at the operation.
  llvm::LogicalResult add(mlir::Operation *op);

  /// A list of #power.vector, by bits; null if there is none.
  mlir::ArrayAttr get(mlir::MLIRContext *context) const;

private:
  struct Counts {
    int64_t operations = 0, reads = 0, writes = 0;
  };
  Counts &of(mlir::Value tensor);

  /// By bits; 0 for as many as an activation has.
  std::map<int64_t, Counts> byBits;
};

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_VECTORWORK_H
