//===- OutlineLayers.cpp - Layers as functions ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Functions.h"
#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_OUTLINELAYERS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// What is as well made in the layer: weights, and where results go.
static bool canBeMadeAgain(Value value) {
  Operation *op = value.getDefiningOp();
  return op && op->getNumOperands() == 0 &&
         (op->hasTrait<OpTrait::ConstantLike>() || isa<tensor::EmptyOp>(op));
}

/// Makes of a layer's body that of a function of the values that it takes from
/// around it, which are returned.
static SmallVector<Value> moveBody(RewriterBase &rewriter, LayerOp layer,
                                   func::FuncOp function) {
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(layer.getBody(), captured);
  Region &body = function.getBody();
  body.takeBody(layer.getBody());
  Block &block = body.front();
  SmallVector<Value> operands;
  rewriter.setInsertionPointToStart(&block);
  for (Value value : captured) {
    Value inside;
    if (canBeMadeAgain(value)) {
      inside = rewriter.clone(*value.getDefiningOp())->getResult(0);
    } else {
      inside = block.addArgument(value.getType(), value.getLoc());
      operands.push_back(value);
    }
    replaceAllUsesInRegionWith(value, inside, body);
  }
  Operation *yield = block.getTerminator();
  rewriter.setInsertionPoint(yield);
  rewriter.replaceOpWithNewOp<func::ReturnOp>(yield, yield->getOperands());
  return operands;
}

static void outline(RewriterBase &rewriter, SymbolTable &symbols, LayerOp layer,
                    StringRef name) {
  rewriter.setInsertionPointToEnd(layer->getParentOfType<ModuleOp>().getBody());
  auto function = func::FuncOp::create(
      rewriter, layer.getLoc(), name,
      rewriter.getFunctionType({}, layer->getResultTypes()));
  keepFunction(function);
  symbols.insert(function);
  SmallVector<Value> operands = moveBody(rewriter, layer, function);
  function.setFunctionType(rewriter.getFunctionType(
      ValueRange(operands).getTypes(), layer->getResultTypes()));
  rewriter.setInsertionPoint(layer);
  rewriter.replaceOpWithNewOp<func::CallOp>(layer, function, operands);
}

namespace {
struct OutlineLayersPass
    : pfmlir::power::impl::OutlineLayersBase<OutlineLayersPass> {
  using OutlineLayersBase::OutlineLayersBase;

  LogicalResult rename(SymbolTable &symbols, FunctionOpInterface function) {
    if (entry.empty() || function.getName() == entry)
      return success();
    if (Operation *other = symbols.lookup(entry))
      return emitBriefOpError(other) << "expects another name, because @"
                                     << entry << " is to be the network's";
    return symbols.rename(function, entry);
  }

  void runOnOperation() override {
    FailureOr<FunctionOpInterface> function = findFunction(getOperation());
    if (failed(function))
      return signalPassFailure();
    SymbolTable symbols(getOperation());
    if (failed(rename(symbols, *function)))
      return signalPassFailure();
    if (isa<func::FuncOp>(*function))
      (*function)->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                           UnitAttr::get(&getContext()));
    IRRewriter rewriter(&getContext());
    auto layers =
        llvm::to_vector(function->getFunctionBody().getOps<LayerOp>());
    for (auto [number, layer] : llvm::enumerate(layers)) {
      if (layer.hasBody())
        outline(rewriter, symbols, layer,
                (function->getName() + "_layer_" + Twine(number)).str());
      else
        rewriter.eraseOp(layer);
    }
  }
};
} // namespace
