//===- ExternalizeWeights.cpp - Weights as a file of bytes ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ToolOutputFile.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_EXTERNALIZEWEIGHTS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

/// As much as what uses weights may want.
static constexpr uint64_t kAlignment = 64;

/// The bytes of a global, one after the other; nothing where its elements are
/// no whole bytes, or its value is of another kind. A splat has them once.
static std::optional<ArrayRef<char>> getBytes(memref::GlobalOp global) {
  if (!global.getInitialValue() ||
      global.getType().getElementTypeBitWidth() % 8 != 0)
    return std::nullopt;
  Attribute value = *global.getInitialValue();
  if (auto elements = dyn_cast<DenseElementsAttr>(value))
    return elements.getRawData();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      return blob->getData();
  return std::nullopt;
}

/// What names begin with, so that others in a program have other names.
static std::string getPrefix(ModuleOp module) {
  SmallVector<StringRef> entries;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      entries.push_back(function.getName());
  return entries.size() == 1 ? (entries.front() + "_").str() : "";
}

namespace {
struct ExternalizeWeightsPass
    : pfmlir::power::impl::ExternalizeWeightsBase<ExternalizeWeightsPass> {
  using ExternalizeWeightsBase::ExternalizeWeightsBase;

  std::unique_ptr<llvm::ToolOutputFile> open(const std::string &path) {
    std::string message;
    auto file = openOutputFile(path, &message);
    if (!file)
      emitError(getOperation().getLoc()) << message;
    return file;
  }

  void runOnOperation() override {
    if (path.empty())
      return;
    auto bytes = open(path), assembly = open(path + ".s");
    if (!bytes || !assembly)
      return signalPassFailure();
    SymbolTable symbols(getOperation());
    std::string prefix = getPrefix(getOperation());
    uint64_t offset = 0;
    assembly->os() << "\t.section .rodata\n";
    for (auto global : getOperation().getOps<memref::GlobalOp>()) {
      std::optional<ArrayRef<char>> data = getBytes(global);
      MemRefType type = global.getType();
      uint64_t size =
          type.getNumElements() * (type.getElementTypeBitWidth() / 8);
      if (!data || data->empty() || size < uint64_t(int64_t(leastBytes)))
        continue;
      uint64_t begin = llvm::alignTo(offset, kAlignment);
      bytes->os().write_zeros(begin - offset);
      for (uint64_t done = 0; done < size; done += data->size())
        bytes->os().write(data->data(), data->size());
      offset = begin + size;
      if (failed(symbols.rename(global, prefix + global.getSymName().str())))
        return signalPassFailure();
      StringRef name = global.getSymName();
      assembly->os() << "\t.balign " << kAlignment << "\n\t.globl " << name
                     << "\n"
                     << name << ":\n\t.incbin \""
                     << llvm::sys::path::filename(path) << "\", " << begin
                     << ", " << size << "\n";
      global.removeInitialValueAttr();
      // The linker is to see it.
      SymbolTable::setSymbolVisibility(global, SymbolTable::Visibility::Public);
      ++numGlobals;
    }
    // Or linkers take it for code that wants its stack to be executable.
    assembly->os() << "\t.section .note.GNU-stack,\"\",%progbits\n";
    bytes->keep();
    assembly->keep();
  }
};
} // namespace
