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

/// What an operation does once it runs: elementary operations that it computes,
/// and elements of tensors that it reads and writes.
struct ElementCounts {
  int64_t operations = 0, reads = 0, writes = 0;
};

/// Whether all tensors that an operation reads and writes are of known shapes.
bool hasStaticShapes(mlir::Operation *op);

/// Calls back with what an operation of static shapes does, by the types of the
/// elements that it does it to; a type may come several times.
void visitWork(
    mlir::Operation *op,
    llvm::function_ref<void(mlir::Type, const ElementCounts &)> visit);

/// Adds, and saturates: nothing that large is valid.
void increase(int64_t &count, int64_t by);

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
  /// By bits; 0 for as many as an activation has.
  std::map<int64_t, ElementCounts> byBits;
};

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_VECTORWORK_H
