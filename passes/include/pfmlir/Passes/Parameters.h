//===- Parameters.h - Parameters of a network on a target -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a module says of its target and its layers, by paths that are made of
// the IR's own names, so that a value can be asked for and replaced:
//
//   target.max_rails                        an attribute of the target
//   target.memory.ifmap.bank_bytes          of an operation in it, by its
//   symbol target.transition.energy_j              of one without a symbol,
//   target.transition.sys.energy_j          and of one that is `of @sys`
//   target.exclude.1.voltages_v             of several that are neither
//   target.domain.sys.law.coefficients.0    inside an attribute, and a list
//   target.cost_model.mac_energy_j
//   layer."features.0".workload.kernel.1    of a layer
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_PARAMETERS_H
#define PFMLIR_PASSES_PARAMETERS_H

#include "pfmlir/Passes/Network.h"

namespace pfmlir::power {

/// Where a value is: an attribute of an operation, or a part of it.
struct ParameterPath {
  std::string text;
  /// An index into `parameterOwners`.
  unsigned owner = 0;
  mlir::StringAttr attribute;
  /// Names of parameters, and indices into lists as "0", "1", ...
  llvm::SmallVector<std::string, 1> parts;
};

struct NetworkParameter {
  ParameterPath path;
  /// Null where an optional one is absent.
  mlir::Attribute value;
};

/// The operations that parameters are of: the target, what it declares, and the
/// layers.
llvm::SmallVector<mlir::Operation *>
parameterOwners(TargetOp target, llvm::ArrayRef<LayerOp> layers);

/// All parameters of a network on a target, in the order of the IR.
llvm::SmallVector<NetworkParameter>
listParameters(TargetOp target, llvm::ArrayRef<LayerOp> layers);

/// Replaces a value; a null one leaves out what is optional. A whole number is
/// taken for any number, a boolean for whether a unit attribute is there. Fails
/// with an error at the operation if it doesn't accept the value by itself;
/// what the target makes of it is for its verifier.
mlir::LogicalResult setParameter(mlir::Operation *owner,
                                 const ParameterPath &path,
                                 mlir::Attribute value);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_PARAMETERS_H
