//===- InlineLayers.cpp - The way out of the dialect ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/IR/PatternMatch.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_INLINELAYERS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// Puts what a layer holds in its place. One without a body has no results
/// either, and leaves nothing.
static void inlineLayer(RewriterBase &rewriter, LayerOp layer) {
  if (!layer.hasBody())
    return rewriter.eraseOp(layer);
  Block &body = layer.getBody().front();
  Operation *yield = body.getTerminator();
  rewriter.replaceAllUsesWith(layer->getResults(), yield->getOperands());
  rewriter.eraseOp(yield);
  rewriter.inlineBlockBefore(&body, layer);
  rewriter.eraseOp(layer);
}

/// Removes what `op` says of power, or `op` itself if it says nothing else.
static void strip(RewriterBase &rewriter, Operation *op) {
  if (isa<FunctionOpInterface>(op)) {
    op->removeAttr(PowerDialect::getTargetAttrName());
    op->removeAttr(PowerDialect::getPeriodAttrName());
    op->removeAttr(PowerDialect::getAccountAttrName());
  } else if (isManagerOperation(op) || isa<ScheduleOp, TargetOp>(op)) {
    rewriter.eraseOp(op);
  }
}

namespace {
struct InlineLayersPass
    : pfmlir::power::impl::InlineLayersBase<InlineLayersPass> {
  using InlineLayersBase::InlineLayersBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](LayerOp layer) {
      inlineLayer(rewriter, layer);
      ++numLayers;
    });
    if (stripPower)
      getOperation().walk([&](Operation *op) { strip(rewriter, op); });
  }
};
} // namespace
