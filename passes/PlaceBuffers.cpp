//===- PlaceBuffers.cpp - Places for buffers ------------------- -*- C++
//-*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A network knows all sizes and runs from one end to the other, so that nothing
// needs to be allocated when it runs: every buffer has its place in one block
// of memory, and buffers share places where one is done with before the other
// is written.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_PLACEBUFFERS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// As much as what uses a buffer may want.
static constexpr uint64_t kAlignment = 64;

namespace {
struct Buffer {
  memref::AllocOp alloc;
  uint64_t bytes;
  /// Numbers of operations of the function's block, from the first that uses it
  /// to the last.
  size_t first, last;
  uint64_t offset = 0;
};
} // namespace

static FailureOr<uint64_t> getBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  Type element = type.getElementType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      !element.isIntOrIndexOrFloat()) {
    return alloc.emitOpError() << "expects a buffer of known size, which has a "
                                  "place, but got "
                               << type;
  }
  uint64_t bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

/// What is made anew in each turn of a loop can't be in one place if it
/// outlives the turn.
static LogicalResult checkStays(memref::AllocOp alloc, Value view) {
  Region *region = alloc->getParentRegion();
  for (Operation *user : view.getUsers())
    if (!isa<func::FuncOp>(region->getParentOp()) &&
        user->hasTrait<OpTrait::IsTerminator>() &&
        user->getParentRegion() == region)
      return alloc.emitOpError() << "expects a buffer that doesn't leave its "
                                    "loop or branch, but it does";
  return success();
}

/// Finds the buffers of a function, and when each is in use.
static FailureOr<SmallVector<Buffer>> findBuffers(func::FuncOp function) {
  SmallVector<memref::AllocOp> allocs;
  function.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
  SmallVector<Buffer> buffers;
  if (allocs.empty())
    return buffers;
  Block &block = function.getBody().front();
  llvm::DenseMap<Operation *, size_t> numbers;
  for (Operation &op : block)
    numbers.try_emplace(&op, numbers.size());
  BufferViewFlowAnalysis views(function);
  for (memref::AllocOp alloc : allocs) {
    FailureOr<uint64_t> bytes = getBytes(alloc);
    if (failed(bytes))
      return failure();
    Buffer buffer{alloc, *bytes, numbers.size(), 0};
    for (Value view : views.resolve(alloc.getMemref())) {
      if (failed(checkStays(alloc, view)))
        return failure();
      for (Operation *user : view.getUsers()) {
        size_t number = numbers.at(block.findAncestorOpInBlock(*user));
        buffer.first = std::min(buffer.first, number);
        buffer.last = std::max(buffer.last, number);
      }
    }
    buffers.push_back(buffer);
  }
  return buffers;
}

/// Gives each buffer, the largest first, the first place that is free while it
/// is in use; returns how much all of them need.
static uint64_t place(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::sort(order, [](Buffer *a, Buffer *b) {
    return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
  });
  SmallVector<Buffer *> placed;
  uint64_t end = 0;
  for (Buffer *buffer : order) {
    // By place.
    for (Buffer *other : placed)
      if (other->first <= buffer->last && buffer->first <= other->last &&
          buffer->offset < other->offset + other->bytes &&
          other->offset < buffer->offset + buffer->bytes)
        buffer->offset =
            llvm::alignTo(other->offset + other->bytes, kAlignment);
    auto after = llvm::find_if(
        placed, [&](Buffer *other) { return other->offset > buffer->offset; });
    placed.insert(after, buffer);
    end = std::max(end, buffer->offset + buffer->bytes);
  }
  return llvm::alignTo(end, kAlignment);
}

namespace {
/// The buffers of a function, behind those of whoever calls it.
struct Frame {
  SmallVector<Buffer> buffers;
  uint64_t begin = 0, bytes = 0;
};

class Placement {
public:
  explicit Placement(ModuleOp module) : symbols(module) {}

  LogicalResult run(func::FuncOp function, uint64_t begin);
  void write(ModuleOp module, StringRef name);
  uint64_t getBytes() const { return bytes; }
  size_t getNumBuffers() const;

private:
  SymbolTable symbols;
  llvm::MapVector<Operation *, Frame> frames;
  SmallVector<Operation *> callers;
  uint64_t bytes = 0;
};
} // namespace

/// A function's place begins where that of its callers ends.
LogicalResult Placement::run(func::FuncOp function, uint64_t begin) {
  if (llvm::is_contained(callers, function.getOperation()))
    return function.emitOpError()
           << "expects functions that don't call themselves";
  auto [entry, isNew] = frames.try_emplace(function);
  if (isNew) {
    FailureOr<SmallVector<Buffer>> buffers = findBuffers(function);
    if (failed(buffers))
      return failure();
    entry->second.bytes = place(*buffers);
    entry->second.buffers = std::move(*buffers);
  } else if (begin <= entry->second.begin) {
    return success();
  }
  Frame &frame = entry->second;
  frame.begin = begin;
  uint64_t end = begin + frame.bytes;
  bytes = std::max(bytes, end);
  callers.push_back(function);
  WalkResult result = function.walk([&](func::CallOp call) {
    auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
    if (!callee || callee.isDeclaration())
      return WalkResult::advance();
    return WalkResult(run(callee, end));
  });
  callers.pop_back();
  return failure(result.wasInterrupted());
}

size_t Placement::getNumBuffers() const {
  size_t number = 0;
  for (const auto &[function, frame] : frames)
    number += frame.buffers.size();
  return number;
}

void Placement::write(ModuleOp module, StringRef name) {
  OpBuilder builder(module.getBodyRegion());
  auto type = MemRefType::get({int64_t(bytes)}, builder.getI8Type());
  auto global = memref::GlobalOp::create(
      builder, module.getLoc(), name, builder.getStringAttr("private"), type,
      builder.getUnitAttr(), /*constant=*/false,
      builder.getI64IntegerAttr(kAlignment));
  symbols.insert(global);
  for (auto &[function, frame] : frames) {
    for (Buffer &buffer : frame.buffers) {
      builder.setInsertionPoint(buffer.alloc);
      Location loc = buffer.alloc.getLoc();
      Value block =
          memref::GetGlobalOp::create(builder, loc, type, global.getSymName());
      Value offset = arith::ConstantIndexOp::create(
          builder, loc, frame.begin + buffer.offset);
      Value view =
          memref::ViewOp::create(builder, loc, buffer.alloc.getType(), block,
                                 offset, /*sizes=*/ValueRange());
      buffer.alloc.replaceAllUsesWith(view);
      buffer.alloc.erase();
    }
  }
}

namespace {
struct PlaceBuffersPass
    : pfmlir::power::impl::PlaceBuffersBase<PlaceBuffersPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Placement placement(module);
    std::string name;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (!function.isPublic() || function.isDeclaration())
        continue;
      if (name.empty())
        name = (function.getName() + "_buffers").str();
      if (failed(placement.run(function, 0)))
        return signalPassFailure();
    }
    if (placement.getBytes() == 0)
      return;
    placement.write(module, name);
    numBuffers += placement.getNumBuffers();
    numBytes += placement.getBytes();
  }
};
} // namespace
