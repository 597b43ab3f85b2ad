//===- StoreResults.cpp - Results as parameters ---------------- -*- C++
//-*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_STORERESULTS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// The first of the operations that end the period, right before the
/// terminator, or that.
static Operation *findTail(Block &body) {
  Operation *tail = body.getTerminator();
  while (Operation *before = tail->getPrevNode()) {
    if (!isManagerOperation(before))
      break;
    tail = before;
  }
  return tail;
}

/// Leaves only results that are no tensors.
static void storeResults(func::FuncOp function) {
  Block &body = function.getBody().front();
  auto terminator = cast<func::ReturnOp>(body.getTerminator());
  OpBuilder builder(findTail(body));
  SmallVector<Value> returned;
  for (Value result : terminator.getOperands()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type) {
      returned.push_back(result);
      continue;
    }
    Value parameter = body.addArgument(
        MemRefType::get(type.getShape(), type.getElementType()),
        result.getLoc());
    bufferization::MaterializeInDestinationOp::create(
        builder, terminator.getLoc(), /*result=*/Type(), result, parameter,
        /*restrict=*/true, /*writable=*/true);
  }
  terminator->setOperands(returned);
  function.setFunctionType(builder.getFunctionType(
      body.getArgumentTypes(), ValueRange(returned).getTypes()));
  // What was said of each argument stays; what was said of results was of
  // those.
  if (ArrayAttr attributes = function.getArgAttrsAttr()) {
    SmallVector<Attribute> all(attributes.begin(), attributes.end());
    all.resize(body.getNumArguments(), builder.getDictionaryAttr({}));
    function.setArgAttrsAttr(builder.getArrayAttr(all));
  }
  function.removeResAttrsAttr();
}

namespace {
struct StoreResultsPass
    : pfmlir::power::impl::StoreResultsBase<StoreResultsPass> {
  void runOnOperation() override {
    FailureOr<FunctionOpInterface> function = findFunction(getOperation());
    if (failed(function))
      return signalPassFailure();
    if (auto network = dyn_cast<func::FuncOp>(function->getOperation()))
      storeResults(network);
  }
};
} // namespace
