//===- ExpandCopies.cpp - Copies as linear algebra ------------- -*- C++
//-*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;

/// Whether what is copied is one run of memory on either side.
static bool isContiguous(memref::CopyOp copy) {
  return cast<MemRefType>(copy.getSource().getType())
             .getLayout()
             .isIdentity() &&
         cast<MemRefType>(copy.getTarget().getType()).getLayout().isIdentity();
}

namespace {
struct ExpandCopiesPass
    : pfmlir::power::impl::ExpandCopiesBase<ExpandCopiesPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](memref::CopyOp copy) {
      if (!isa<MemRefType>(copy.getSource().getType()) ||
          !isa<MemRefType>(copy.getTarget().getType()) || isContiguous(copy))
        return;
      rewriter.setInsertionPoint(copy);
      rewriter.replaceOpWithNewOp<linalg::CopyOp>(copy, copy.getSource(),
                                                  copy.getTarget());
    });
  }
};
} // namespace
