//===- Power.h - C API of the power dialect ---------------- -*- C -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attributes are described by tables: a kind has a fixed list of parameters,
// those of PowerAttrs.td, each with a name, a type and perhaps a default.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_C_POWER_H
#define PFMLIR_C_POWER_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Power, power);

/// The attributes of the dialect.
typedef enum MlirPowerAttrKind {
  MlirPowerAttrConv2D,
  MlirPowerAttrMatmul,
  MlirPowerAttrDelayPolynomial,
  MlirPowerAttrFrequencyTable,
  MlirPowerAttrGating,
  MlirPowerAttrCostTable,
  MlirPowerAttrMeasured,
  MlirPowerAttrAnalytical,
  MlirPowerAttrState,
  MlirPowerAttrNumKinds
} MlirPowerAttrKind;

/// What attribute a parameter is given and returned as.
typedef enum MlirPowerParameterType {
  /// A 64-bit signless IntegerAttr.
  MlirPowerParameterInteger,
  /// A DenseI64ArrayAttr.
  MlirPowerParameterIntegers,
  /// A 64-bit FloatAttr, in SI units.
  MlirPowerParameterQuantity,
  /// A DenseF64ArrayAttr, in SI units.
  MlirPowerParameterQuantities,
  /// A StringAttr: a name, or one of a few keywords.
  MlirPowerParameterString,
  /// A DictionaryAttr.
  MlirPowerParameterDictionary
} MlirPowerParameterType;

/// Whether an attribute is of this kind.
MLIR_CAPI_EXPORTED bool mlirPowerAttrIsA(MlirPowerAttrKind kind,
                                         MlirAttribute attr);

MLIR_CAPI_EXPORTED MlirTypeID mlirPowerAttrGetTypeID(MlirPowerAttrKind kind);

MLIR_CAPI_EXPORTED intptr_t
mlirPowerAttrGetNumParameters(MlirPowerAttrKind kind);

/// The spelling of a parameter in the IR.
MLIR_CAPI_EXPORTED MlirStringRef
mlirPowerAttrGetParameterName(MlirPowerAttrKind kind, intptr_t index);

MLIR_CAPI_EXPORTED MlirPowerParameterType
mlirPowerAttrGetParameterType(MlirPowerAttrKind kind, intptr_t index);

/// Whether a parameter can be left out.
MLIR_CAPI_EXPORTED bool mlirPowerAttrIsParameterOptional(MlirPowerAttrKind kind,
                                                         intptr_t index);

/// A parameter of an attribute of this kind; null where an optional one is
/// absent.
MLIR_CAPI_EXPORTED MlirAttribute mlirPowerAttrGetParameter(
    MlirPowerAttrKind kind, MlirAttribute attr, intptr_t index);

/// The attribute with these parameters, all of them, in order, and of the types
/// that `mlirPowerAttrGetParameterType` says; null stands for an optional one
/// that is left out. Null, after an error at `location`, if the attribute's
/// verifier doesn't accept them.
MLIR_CAPI_EXPORTED MlirAttribute
mlirPowerAttrGetChecked(MlirPowerAttrKind kind, MlirLocation location,
                        MlirAttribute const *parameters);

#ifdef __cplusplus
}
#endif

#endif // PFMLIR_C_POWER_H
