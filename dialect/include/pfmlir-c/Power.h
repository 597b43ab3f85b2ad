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

/// The handle of the dialect, for `mlirDialectHandleInsertDialect` and its kin,
/// which bring what the dialect implements for other parts of MLIR, too. What
/// MLIR_DECLARE_CAPI_DIALECT_REGISTRATION declares, by the name of this
/// project.
MLIR_CAPI_EXPORTED MlirDialectHandle pfmlirGetDialectHandle__power__(void);

/// The attributes of the dialect.
typedef enum PfmlirPowerAttrKind {
  PfmlirPowerAttrConv2D,
  PfmlirPowerAttrMatmul,
  PfmlirPowerAttrDelayPolynomial,
  PfmlirPowerAttrFrequencyTable,
  PfmlirPowerAttrGating,
  PfmlirPowerAttrCostTable,
  PfmlirPowerAttrMeasured,
  PfmlirPowerAttrAnalytical,
  PfmlirPowerAttrState,
  PfmlirPowerAttrVector,
  PfmlirPowerAttrRoofline,
  PfmlirPowerAttrExponentialLeakage,
  PfmlirPowerAttrConverter,
  PfmlirPowerAttrEfficiencyTable,
  PfmlirPowerAttrNumKinds
} PfmlirPowerAttrKind;

/// What attribute a parameter is given and returned as.
typedef enum PfmlirPowerParameterType {
  /// A 64-bit signless IntegerAttr.
  PfmlirPowerParameterInteger,
  /// A DenseI64ArrayAttr.
  PfmlirPowerParameterIntegers,
  /// A 64-bit FloatAttr, in SI units.
  PfmlirPowerParameterQuantity,
  /// A DenseF64ArrayAttr, in SI units.
  PfmlirPowerParameterQuantities,
  /// A StringAttr: a name, or one of a few keywords.
  PfmlirPowerParameterString,
  /// A DictionaryAttr.
  PfmlirPowerParameterDictionary
} PfmlirPowerParameterType;

/// Whether an attribute is of this kind.
MLIR_CAPI_EXPORTED bool pfmlirPowerAttrIsA(PfmlirPowerAttrKind kind,
                                           MlirAttribute attr);

MLIR_CAPI_EXPORTED MlirTypeID
pfmlirPowerAttrGetTypeID(PfmlirPowerAttrKind kind);

MLIR_CAPI_EXPORTED intptr_t
pfmlirPowerAttrGetNumParameters(PfmlirPowerAttrKind kind);

/// The spelling of a parameter in the IR.
MLIR_CAPI_EXPORTED MlirStringRef
pfmlirPowerAttrGetParameterName(PfmlirPowerAttrKind kind, intptr_t index);

MLIR_CAPI_EXPORTED PfmlirPowerParameterType
pfmlirPowerAttrGetParameterType(PfmlirPowerAttrKind kind, intptr_t index);

/// Whether a parameter can be left out.
MLIR_CAPI_EXPORTED bool
pfmlirPowerAttrIsParameterOptional(PfmlirPowerAttrKind kind, intptr_t index);

/// A parameter of an attribute of this kind; null where an optional one is
/// absent.
MLIR_CAPI_EXPORTED MlirAttribute pfmlirPowerAttrGetParameter(
    PfmlirPowerAttrKind kind, MlirAttribute attr, intptr_t index);

/// The attribute with these parameters, all of them, in order, and of the types
/// that `pfmlirPowerAttrGetParameterType` says; null stands for an optional one
/// that is left out. Null, after an error at `location`, if the attribute's
/// verifier doesn't accept them.
MLIR_CAPI_EXPORTED MlirAttribute
pfmlirPowerAttrGetChecked(PfmlirPowerAttrKind kind, MlirLocation location,
                          MlirAttribute const *parameters);

/// The highest clock frequency in hertz that a voltage-frequency law allows at
/// a voltage, of a domain that runs at `nominalHz` at `nominalV`; NaN where the
/// law does not hold, and of an attribute that is none.
MLIR_CAPI_EXPORTED double pfmlirPowerLawGetFrequencyHz(MlirAttribute law,
                                                       double voltageV,
                                                       double nominalV,
                                                       double nominalHz);

#ifdef __cplusplus
}
#endif

#endif // PFMLIR_C_POWER_H
