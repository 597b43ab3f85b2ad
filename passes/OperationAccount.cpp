//===- OperationAccount.cpp - Counts what operations do ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/OperationAccount.h"
#include "passes/LayerShapes.h"
#include "passes/VectorWork.h"

#include "mlir/Interfaces/CallInterfaces.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// What an operation is called
//===----------------------------------------------------------------------===//

bool pfmlir::power::isElementwise(linalg::LinalgOp op) {
  return op.getNumLoops() == op.getNumParallelLoops() &&
         op.getNumDpsInits() == 1 &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isPermutation();
}

bool pfmlir::power::isCopy(linalg::LinalgOp op) {
  return isElementwise(op) && repeatsOperand(op);
}

/// The function that a call names, without what tells apart those of its name
/// that have other types: `torch.aten.sort` of `@torch.aten.sort$1`.
static StringRef findCallee(CallOpInterface call) {
  auto symbol = dyn_cast<SymbolRefAttr>(call.getCallableForCallee());
  return symbol ? symbol.getLeafReference().getValue().split('$').first : "";
}

std::string pfmlir::power::describeOperation(Operation *op) {
  if (auto call = dyn_cast<CallOpInterface>(op))
    return (op->getName().getStringRef() + " @" + findCallee(call)).str();
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic)
    return op->getName().getStringRef().str();
  if (isCopy(generic))
    return "linalg.generic copy";
  std::string work =
      generic.getNumReductionLoops() ? "reduction" : "elementwise";
  Operation *last = generic.getBlock()->getTerminator()->getPrevNode();
  if (last)
    work += " " + last->getName().getStringRef().str();
  return "linalg.generic " + work;
}

//===----------------------------------------------------------------------===//
// What it does
//===----------------------------------------------------------------------===//

static int64_t bitsOf(Type element) {
  if (auto complex = dyn_cast<ComplexType>(element))
    return 2 * bitsOf(complex.getElementType());
  if (element.isIndex())
    return IndexType::kInternalStorageBitWidth;
  return element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : 0;
}

static int64_t countIterations(linalg::LinalgOp op) {
  int64_t iterations = 1;
  for (int64_t range : op.getStaticLoopRanges())
    iterations = multiplyCounts(iterations, range);
  return iterations;
}

void pfmlir::power::addOperation(Operation *op, Fate fate, Account &account,
                                 std::optional<int64_t> multiplyAccumulates) {
  AccountEntry &entry = account[size_t(fate)][describeOperation(op)];
  increase(entry.count, 1);
  if (!hasStaticShapes(op)) {
    increase(entry.unknown, 1);
    return;
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  bool isProduct = linalgOp && isMultiplyAccumulate(linalgOp);
  if (isProduct)
    increase(entry.multiplyAccumulates,
             multiplyAccumulates.value_or(countIterations(linalgOp)));
  // What only changes how a tensor is read touches none of it.
  if (fate == Fate::View)
    return;
  int64_t bits = 0;
  visitWork(op, [&](Type element, const ElementCounts &counts) {
    if (!isProduct)
      increase(entry.operations, counts.operations);
    increase(bits, multiplyCounts(counts.reads, bitsOf(element)));
    increase(bits, multiplyCounts(counts.writes, bitsOf(element)));
  });
  increase(entry.bytes, llvm::divideCeil(bits, 8));
}
