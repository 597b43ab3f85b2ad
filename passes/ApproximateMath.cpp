//===- ApproximateMath.cpp - Functions as polynomials ---------- -*- C++
//-*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;

// What others are made of, and not what processors have instructions for.
static const StringRef kExpanded[] = {"sinh",  "cosh",  "asinh",
                                      "acosh", "atanh", "powf",
                                      "fpowi", "exp2",  "rsqrt"};
static const StringRef kApproximated[] = {
    "acos", "asin",  "atan", "atan2", "cbrt", "cos",   "erf", "erfc",
    "exp",  "expm1", "log",  "log1p", "log2", "log10", "sin", "tanh"};

namespace {
struct ApproximateMathPass
    : pfmlir::power::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    math::populateExpansionPatterns(patterns, kExpanded);
    auto isApproximated = [](StringRef name) {
      return llvm::is_contained(kApproximated,
                                name.substr(StringRef("math.").size()));
    };
    populateMathF32ExpansionPatterns(patterns, isApproximated);
    populateMathPolynomialApproximationPatterns(patterns, isApproximated);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
