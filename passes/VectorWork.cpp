//===- VectorWork.cpp - Work that is no product -----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/VectorWork.h"
#include "passes/LayerShapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace pfmlir::power;

void pfmlir::power::increase(int64_t &count, int64_t by) {
  count =
      llvm::checkedAdd(count, by).value_or(std::numeric_limits<int64_t>::max());
}

/// Elementary operations of a body, once: what computes numbers. Conversions go
/// along with reading and writing; indices are no data.
static int64_t countOperations(Block &body) {
  int64_t count = 0;
  body.walk([&](Operation *op) {
    bool computes =
        op->getNumResults() == 1 && op->getNumOperands() > 0 &&
        getElementTypeOrSelf(op->getResult(0).getType()).isIntOrFloat() &&
        !isa<tensor::ExtractOp>(op) && !isConversion(op);
    count += computes;
  });
  return count;
}

/// Reads in a body of tensors from around it: one for each time that it runs.
static SmallVector<Value> findGathered(Block &body) {
  SmallVector<Value> gathered;
  body.walk([&](tensor::ExtractOp extract) {
    gathered.push_back(extract.getTensor());
  });
  return gathered;
}

/// The type of a tensor; of one that was cast to forget its shape, the type
/// that it had. Null for anything else.
static RankedTensorType findTensorType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  while (type && !type.hasStaticShape()) {
    auto cast = value.getDefiningOp<tensor::CastOp>();
    if (!cast)
      break;
    value = cast.getSource();
    type = dyn_cast<RankedTensorType>(value.getType());
  }
  return type;
}

static bool isStaticTensor(Value value) {
  RankedTensorType type = findTensorType(value);
  return !type || type.hasStaticShape();
}

static int64_t countElements(Value value) {
  RankedTensorType type = findTensorType(value);
  return type ? type.getNumElements() : 0;
}

bool pfmlir::power::hasStaticShapes(Operation *op) {
  return llvm::all_of(op->getOperands(), isStaticTensor) &&
         llvm::all_of(op->getResults(), isStaticTensor);
}

void pfmlir::power::visitWork(
    Operation *op, function_ref<void(Type, const ElementCounts &)> visit) {
  auto elementOf = [](Value value) {
    return getElementTypeOrSelf(value.getType());
  };
  int64_t written = 0;
  for (Value result : op->getResults()) {
    // What is put into another tensor, not that one.
    int64_t elements = countElements(result);
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
      elements = countElements(insert.getSource());
    visit(elementOf(result), {0, 0, elements});
    written += elements;
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp) {
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType())) {
        // Of a slice, what is taken; of what is inserted, what is put.
        bool isPart = isa<tensor::ExtractSliceOp, tensor::InsertSliceOp>(op);
        int64_t elements = countElements(operand);
        visit(elementOf(operand),
              {0, isPart ? std::min(elements, written) : elements, 0});
        if (isPart)
          break;
      }
    return;
  }
  for (Value input : linalgOp.getDpsInputs())
    visit(elementOf(input), {0, countElements(input), 0});
  int64_t iterations = 1;
  for (int64_t range : linalgOp.getStaticLoopRanges())
    iterations = multiplyCounts(iterations, range);
  Block &body = *linalgOp.getBlock();
  for (Value gathered : findGathered(body))
    visit(elementOf(gathered), {0, iterations, 0});
  visit(elementOf(op->getResult(0)),
        {multiplyCounts(iterations, countOperations(body)), 0, 0});
}

LogicalResult VectorWork::add(Operation *op) {
  if (!hasStaticShapes(op)) {
    InFlightDiagnostic diagnostic =
        emitBriefOpError(op)
        << "expects static shapes, which its cost depends on, but got ";
    llvm::interleaveComma(op->getOperandTypes(), diagnostic);
    return diagnostic;
  }
  visitWork(op, [&](Type element, const ElementCounts &counts) {
    ElementCounts &sum = byBits[findElementBits(element).value_or(0)];
    increase(sum.operations, counts.operations);
    increase(sum.reads, counts.reads);
    increase(sum.writes, counts.writes);
  });
  return success();
}

ArrayAttr VectorWork::get(MLIRContext *context) const {
  SmallVector<Attribute> list;
  for (const auto &[bits, counts] : byBits)
    if (counts.operations > 0 || counts.reads > 0 || counts.writes > 0)
      list.push_back(VectorAttr::get(
          context, counts.operations, counts.reads, counts.writes,
          bits == 0 ? std::nullopt : std::optional<int64_t>(bits)));
  return list.empty() ? ArrayAttr() : ArrayAttr::get(context, list);
}
