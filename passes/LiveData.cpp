//===- LiveData.cpp - What is in memory while layers run --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/LiveData.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// The data of a function, and the layers between which each is needed.
class DataLifetimes {
public:
  DataLifetimes(Block &block, ArrayRef<LayerOp> layers)
      : block(block), layers(layers) {
    for (auto [index, layer] : llvm::enumerate(layers))
      indexOf[layer] = index;
    findData();
    findUses();
  }

  LiveData at(int layer) const;

private:
  /// Before the first layer.
  static constexpr int kStart = -1;

  struct Lifetime {
    int definedIn = kStart;
    /// Layers that read it, in order.
    SmallVector<int> reads;
    int lastNeeded = kStart;
  };

  void findData();
  void findUses();
  void addData(Value value, int definedIn);
  Value rootOf(Value value) const;
  int layerOf(Operation *op) const;

  Block &block;
  ArrayRef<LayerOp> layers;
  DenseMap<Operation *, int> indexOf;
  /// Of a value that is only a view of another, that one.
  DenseMap<Value, Value> viewOf;
  llvm::MapVector<Value, Lifetime> lifetimes;
};
} // namespace

/// The layer that an operation is in, or that runs when it does: the last one
/// before it.
int DataLifetimes::layerOf(Operation *op) const {
  Operation *ancestor = block.findAncestorOpInBlock(*op);
  while (ancestor && !indexOf.contains(ancestor))
    ancestor = ancestor->getPrevNode();
  return ancestor ? indexOf.lookup(ancestor) : kStart;
}

/// What a value is a view of, within a layer and beyond.
Value DataLifetimes::rootOf(Value value) const {
  while (true) {
    if (Value viewed = viewOf.lookup(value)) {
      value = viewed;
      continue;
    }
    Operation *op = value.getDefiningOp();
    if (!isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
                         tensor::CastOp>(op))
      return value;
    value = op->getOperand(0);
  }
}

void DataLifetimes::addData(Value value, int definedIn) {
  auto type = dyn_cast<ShapedType>(value.getType());
  if (type && type.hasStaticShape())
    lifetimes[value].definedIn = definedIn;
}

/// Arguments of the function are data, and so is what depends on them. Buffers
/// among them are places for data.
void DataLifetimes::findData() {
  for (BlockArgument argument : block.getArguments())
    if (isa<TensorType>(argument.getType()))
      addData(argument, kStart);
  DenseSet<Operation *> dependent;
  auto isData = [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getOwner() == &block;
    return dependent.contains(
        block.findAncestorOpInBlock(*value.getDefiningOp()));
  };
  for (Operation &op : block.without_terminator()) {
    bool isDependent = false;
    op.walk([&](Operation *nested) {
      isDependent |= llvm::any_of(nested->getOperands(), isData);
    });
    if (!isDependent)
      continue;
    dependent.insert(&op);
    auto layer = dyn_cast<LayerOp>(op);
    for (OpResult result : op.getResults()) {
      // Two results that are one value are there once.
      if (layer && layer.hasBody()) {
        Value yielded = layer.getBody().front().getTerminator()->getOperand(
            result.getResultNumber());
        Value root = rootOf(yielded);
        Value &first = viewOf[root];
        if (first || lifetimes.contains(root)) {
          viewOf[result] = first ? first : root;
          continue;
        }
        first = result;
      }
      if (rootOf(result) == result)
        addData(result, layerOf(&op));
    }
  }
}

/// Whether an operation hands data to the caller, in one way or another.
static bool isReturn(Operation *op) {
  return op->hasTrait<OpTrait::IsTerminator>() ||
         isa<bufferization::MaterializeInDestinationOp>(op);
}

void DataLifetimes::findUses() {
  block.walk([&](Operation *op) {
    for (Value operand : op->getOperands()) {
      auto *entry = lifetimes.find(rootOf(operand));
      if (entry == lifetimes.end())
        continue;
      bool isReturned = op->getBlock() == &block && isReturn(op);
      int layer = isReturned ? int(layers.size()) : layerOf(op);
      Lifetime &lifetime = entry->second;
      lifetime.lastNeeded = std::max(lifetime.lastNeeded, layer);
      if (!isReturned && layer != lifetime.definedIn)
        lifetime.reads.push_back(layer);
    }
  });
}

LiveData DataLifetimes::at(int layer) const {
  LiveData live;
  live.isKnown = true;
  for (const auto &[value, lifetime] : lifetimes) {
    auto type = cast<ShapedType>(value.getType());
    if (lifetime.definedIn == layer)
      live.outputs.push_back(type);
    else if (llvm::is_contained(lifetime.reads, layer))
      live.inputs.push_back(type);
    else if (lifetime.definedIn < layer && lifetime.lastNeeded > layer)
      live.across.push_back(type);
  }
  return live;
}

SmallVector<LiveData> pfmlir::power::findLiveData(ArrayRef<LayerOp> layers) {
  SmallVector<LiveData> live(layers.size());
  if (layers.empty() ||
      llvm::none_of(layers, [](LayerOp layer) { return layer.hasBody(); }))
    return live;
  DataLifetimes lifetimes(*layers.front()->getBlock(), layers);
  for (auto [index, layer] : llvm::enumerate(layers))
    if (LayerOp(layer).hasBody())
      live[index] = lifetimes.at(int(index));
  return live;
}

LayerOp pfmlir::power::findLayerOnBuffers(ArrayRef<LayerOp> layers) {
  for (LayerOp layer : layers)
    if (llvm::any_of(layer->getResultTypes(), llvm::IsaPred<BaseMemRefType>))
      return layer;
  return {};
}

LayerOp pfmlir::power::findLayerOfUnknownData(TargetOp target,
                                              ArrayRef<LayerOp> layers) {
  auto isVolatile = [](MemoryOp memory) { return memory.getIsVolatile(); };
  return llvm::any_of(target.getOps<MemoryOp>(), isVolatile)
             ? findLayerOnBuffers(layers)
             : LayerOp();
}
