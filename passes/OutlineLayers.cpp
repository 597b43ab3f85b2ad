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

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
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

/// Makes of a region with one block, which ends with an operation that gives
/// its operands on, the body of a function of the values that it takes from
/// around it, which are returned.
static SmallVector<Value> moveBody(RewriterBase &rewriter, Region &region,
                                   func::FuncOp function) {
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(region, captured);
  Region &body = function.getBody();
  body.takeBody(region);
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

/// Whether an operation between layers computes or moves data, and is not about
/// how data is looked at.
static bool isWork(Operation &op) {
  if (isa<bufferization::MaterializeInDestinationOp, tensor::ConcatOp>(op))
    return true;
  return !isa<func::CallOp, LayerOp>(op) &&
         (op.getNumRegions() > 0 || isa<DestinationStyleOpInterface>(op));
}

namespace {
/// Makes functions of a network's parts, and says when they run.
class Outlining {
public:
  Outlining(FunctionOpInterface network, SymbolTable &symbols, bool isProfiled,
            bool isObserved)
      : network(network), symbols(symbols), isProfiled(isProfiled),
        isObserved(isObserved), rewriter(network.getContext()) {}
  void run();

private:
  func::CallOp outline(Operation *op, Region &region, const Twine &name);
  void outlineLayer(LayerOp layer, size_t number);
  void outlineWork(Operation *op, size_t number);
  func::FuncOp declare(const Twine &name, Type argument);
  void profile(Operation *call, size_t number);
  void observe(func::CallOp call, size_t number);
  std::string name(const Twine &suffix) {
    return (network.getName() + suffix).str();
  }

  FunctionOpInterface network;
  SymbolTable &symbols;
  bool isProfiled, isObserved;
  IRRewriter rewriter;
  size_t numLayers = 0;
};
} // namespace

func::CallOp Outlining::outline(Operation *op, Region &region,
                                const Twine &name) {
  rewriter.setInsertionPointToEnd(
      &op->getParentOfType<ModuleOp>().getBodyRegion().front());
  auto function =
      func::FuncOp::create(rewriter, op->getLoc(), name.str(),
                           rewriter.getFunctionType({}, op->getResultTypes()));
  keepFunction(function);
  symbols.insert(function);
  SmallVector<Value> operands = moveBody(rewriter, region, function);
  function.setFunctionType(rewriter.getFunctionType(
      ValueRange(operands).getTypes(), op->getResultTypes()));
  rewriter.setInsertionPoint(op);
  return rewriter.replaceOpWithNewOp<func::CallOp>(op, function, operands);
}

/// What others are to define; or that of another network in the module.
func::FuncOp Outlining::declare(const Twine &name, Type argument) {
  if (auto known = symbols.lookup<func::FuncOp>(name.str()))
    return known;
  auto function =
      func::FuncOp::create(rewriter.getUnknownLoc(), name.str(),
                           rewriter.getFunctionType({argument}, {}));
  function.setPrivate();
  symbols.insert(function);
  return function;
}

void Outlining::profile(Operation *call, size_t number) {
  if (!isProfiled)
    return;
  OpBuilder::InsertionGuard guard(rewriter);
  Type type = rewriter.getI32Type();
  rewriter.setInsertionPoint(call);
  auto callWith = [&](StringRef name) {
    Value operand = arith::ConstantOp::create(
        rewriter, call->getLoc(), rewriter.getI32IntegerAttr(number));
    func::CallOp::create(rewriter, call->getLoc(), declare(name, type),
                         operand);
  };
  callWith("power_work_begin");
  rewriter.setInsertionPointAfter(call);
  callWith("power_work_end");
}

/// Results are read only, and have the form in which C has them.
void Outlining::observe(func::CallOp call, size_t number) {
  if (!isObserved)
    return;
  rewriter.setInsertionPointAfter(call);
  for (OpResult result : call.getResults()) {
    if (!isa<RankedTensorType>(result.getType()))
      continue;
    func::FuncOp function = declare(name("_observe_" + Twine(number) + "_" +
                                         Twine(result.getResultNumber())),
                                    result.getType());
    function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                      rewriter.getUnitAttr());
    function.setArgAttr(
        0, bufferization::BufferizationDialect::kBufferAccessAttrName,
        rewriter.getStringAttr("read"));
    func::CallOp::create(rewriter, call.getLoc(), function, result);
  }
}

void Outlining::outlineLayer(LayerOp layer, size_t number) {
  func::CallOp call =
      outline(layer, layer.getBody(), name("_layer_" + Twine(number)));
  observe(call, number);
  profile(call, number);
}

/// In a region of its own first.
void Outlining::outlineWork(Operation *op, size_t number) {
  rewriter.setInsertionPoint(op);
  auto holder = scf::ExecuteRegionOp::create(rewriter, op->getLoc(),
                                             op->getResultTypes());
  rewriter.replaceAllUsesWith(op->getResults(), holder.getResults());
  Block &block = holder.getRegion().emplaceBlock();
  rewriter.moveOpBefore(op, &block, block.end());
  rewriter.setInsertionPointToEnd(&block);
  scf::YieldOp::create(rewriter, op->getLoc(), op->getResults());
  profile(
      outline(holder, holder.getRegion(), name("_between_" + Twine(number))),
      numLayers);
}

void Outlining::run() {
  Block &body = network.getFunctionBody().front();
  auto layers = llvm::to_vector(body.getOps<LayerOp>());
  SmallVector<Operation *> work;
  if (isProfiled)
    for (Operation &op : body)
      if (isWork(op))
        work.push_back(&op);
  numLayers = layers.size();
  for (auto [number, layer] : llvm::enumerate(layers)) {
    if (layer.hasBody())
      outlineLayer(layer, number);
    else
      rewriter.eraseOp(layer);
  }
  for (auto [number, op] : llvm::enumerate(work))
    outlineWork(op, number);
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
    Outlining(*function, symbols, profile, observe).run();
  }
};
} // namespace
