//===- AttrParameters.h - Parameters of attributes by name ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The attributes of the dialect as who changes them by name sees them: names
// and values of parameters, and the same attribute with another value.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_ATTRPARAMETERS_H
#define PFMLIR_DIALECT_ATTRPARAMETERS_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// What attribute a parameter is told as, in the order of the C API's
/// `PfmlirPowerParameterType`, which describes them.
enum class ParameterType {
  Integer,
  Integers,
  Quantity,
  Quantities,
  String,
  Dictionary,
};

/// A parameter of an attribute: how the IR spells it, and its value, null where
/// an optional one is absent.
struct ParameterValue {
  llvm::StringRef name;
  mlir::Attribute value;
};

/// The parameters of an attribute of the dialect; none of any other.
llvm::SmallVector<ParameterValue> getParameterValues(mlir::Attribute attr);

/// The attribute with another value of a parameter; a null one leaves it out.
/// A whole number is taken for a quantity. Null, after an error at `location`,
/// if there is no such parameter, or the attribute doesn't accept the value.
mlir::Attribute withParameter(mlir::Attribute attr, llvm::StringRef name,
                              mlir::Attribute value, mlir::Location location);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_ATTRPARAMETERS_H
