//===- PropertiesBytecode.h - Attributes of operations ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ODS writes an operation's attributes to bytecode one after the other, so that
// one more makes all files unreadable. Power operations write them by name, and
// an older file doesn't have what came later.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_PROPERTIESBYTECODE_H
#define PFMLIR_DIALECT_PROPERTIESBYTECODE_H

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/IR/OperationSupport.h"

namespace pfmlir::power {

/// The attributes of an operation that has no others than these. Reports an
/// error if it has, or if the file doesn't say which version it is of.
mlir::FailureOr<mlir::DictionaryAttr>
readAttributesByName(mlir::DialectBytecodeReader &reader,
                     llvm::StringRef operation,
                     llvm::ArrayRef<llvm::StringRef> names);

template <typename OpTy>
llvm::LogicalResult readPropertiesByName(mlir::DialectBytecodeReader &reader,
                                         mlir::OperationState &state) {
  mlir::FailureOr<mlir::DictionaryAttr> attributes = readAttributesByName(
      reader, OpTy::getOperationName(), OpTy::getAttributeNames());
  if (failed(attributes))
    return llvm::failure();
  return OpTy::setPropertiesFromAttr(
      state.getOrAddProperties<typename OpTy::Properties>(), *attributes,
      [&] { return reader.emitError(); });
}

inline void writePropertiesByName(mlir::DialectBytecodeWriter &writer,
                                  mlir::Operation *op) {
  // Where all are optional there may be none.
  mlir::Attribute attributes = op->getPropertiesAsAttribute();
  writer.writeAttribute(
      attributes ? attributes : mlir::DictionaryAttr::get(op->getContext()));
}

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_PROPERTIESBYTECODE_H
