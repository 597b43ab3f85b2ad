//===- Power.h - The power dialect ------------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWER_H
#define PFMLIR_DIALECT_POWER_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "pfmlir/Dialect/LayerCosts.h"

#include <array>
#include <optional>
#include <tuple>

#include "pfmlir/Dialect/PowerDialect.h.inc"
#include "pfmlir/Dialect/PowerEnums.h.inc"

namespace pfmlir::power {

class ClockOp;
class CornerOp;
class DomainOp;
class EngineOp;
class FieldOp;
class GatingAttr;
class IdleStateOp;
class LayerOp;
class MemoryOp;
class ModeOp;
class NetworkOp;
class RegisterMapOp;
class SleepStateOp;
class SupplyOp;
class TargetOp;
class TransitionOp;

/// The most candidate levels that a target may have: with all its domains, the
/// matrices of transition costs from level to level take a gigabyte then.
inline constexpr size_t kMostLevels = 1024;

/// One operating point of a target, as `StateSettings` has them.
struct PointChoice {
  llvm::SmallVector<uint16_t, 4> levels;
  llvm::SmallVector<uint16_t, 0> modes;
  llvm::SmallVector<double, 0> banks = {};
};

/// The data that is in memory while a layer runs, as the types of values; each
/// value is there once, however many views there are of it.
struct LiveData {
  /// Whether the network says; a layer without a body does not.
  bool isKnown = false;
  /// What the layer reads and what it makes.
  llvm::SmallVector<mlir::ShapedType, 2> inputs, outputs;
  /// What is there before it, is used after it, and is not its input.
  llvm::SmallVector<mlir::ShapedType, 2> across;
};

/// A tensor of a layer's work.
struct WorkloadTensor {
  llvm::SmallVector<int64_t, 4> shape;
  /// Of an element; nothing where the cost model's convention holds.
  std::optional<int64_t> bits = std::nullopt;

  /// In bytes, of elements of `defaultBits` where nothing else is said.
  double getBytes(int64_t defaultBits) const;
};

/// What a layer reads and writes. `weights` are data, too, where a product has
/// two data operands.
struct WorkloadTensors {
  WorkloadTensor input, weights, output;
  bool areWeightsData = false;
};

struct CostRequest;

/// Adds the dialect, with the interfaces of other dialects that it implements
/// apart from its operations.
void registerPowerDialect(mlir::DialectRegistry &registry);

/// Like `op->emitOpError()`, without a print of the operation: that of a
/// function or a layer is a network, and a target may hold measured tables.
mlir::InFlightDiagnostic emitBriefOpError(mlir::Operation *op);

/// Reports an operation whose parent is no function that runs its operations in
/// order.
llvm::LogicalResult verifyInFunction(mlir::Operation *op);

/// The trait of operations that are in a function's own body.
template <typename ConcreteOp>
struct InFunction : mlir::OpTrait::TraitBase<ConcreteOp, InFunction> {
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
    return verifyInFunction(op);
  }
};

/// The part of the machine's state that the power manager's operations change
/// and that layers run in: the level of each domain, the banks that are
/// powered, and the time in the period. No memory is in it, so that operations
/// on memory need not keep their place among those.
struct PowerManagerResource
    : mlir::SideEffects::Resource::Base<PowerManagerResource> {
  llvm::StringRef getName() final { return "PowerManager"; }
};

/// A number as a diagnostic should print it: "0.9", not "9.000000e-01".
std::string formatNumber(double value);

/// Parses a floating-point literal.
mlir::FailureOr<mlir::FloatAttr> parseQuantity(mlir::AsmParser &parser);

/// Parses and prints a list of them, in brackets.
mlir::FailureOr<mlir::DenseF64ArrayAttr>
parseQuantities(mlir::AsmParser &parser);
void printQuantities(mlir::AsmPrinter &printer,
                     llvm::ArrayRef<double> quantities);

/// A parameter of an attribute as ODS declares it: how it is spelled in the IR,
/// its getter, and what it is where it is left out; nothing if it can't be.
template <typename AttrTy, typename T>
struct Parameter {
  llvm::StringLiteral name;
  T (AttrTy::*get)() const;
  std::optional<T> defaultValue;
};
template <typename AttrTy, typename T>
Parameter<AttrTy, T> makeParameter(llvm::StringLiteral name,
                                   T (AttrTy::*get)() const) {
  return {name, get, std::nullopt};
}
template <typename AttrTy, typename T>
Parameter<AttrTy, T>
makeParameter(llvm::StringLiteral name, T (AttrTy::*get)() const,
              typename std::common_type<T>::type defaultValue) {
  return {name, get, std::optional<T>(defaultValue)};
}

/// A quantity that may be left out, and is zero then.
inline double numberOr0(std::optional<llvm::APFloat> number) {
  return number ? number->convertToDouble() : 0;
}

/// The numbers of an array of f64 attributes.
llvm::SmallVector<double> readNumbers(mlir::ArrayAttr numbers);

} // namespace pfmlir::power

#include "pfmlir/Dialect/PowerInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "pfmlir/Dialect/PowerAttrs.h.inc"

#define GET_OP_CLASSES
#include "pfmlir/Dialect/PowerOps.h.inc"

namespace pfmlir::power {

/// What a cost model is asked besides layers and target.
struct CostRequest {
  /// Which memory banks are gated.
  GatingAttr gating;
  /// One a layer, or empty where nothing is known.
  llvm::ArrayRef<LiveData> live = {};
  /// Whether energies are needed by domain.
  bool byDomain = false;
  /// The one point of each layer that matters, or empty where all do; what a
  /// model says of others is not looked at.
  llvm::ArrayRef<PointChoice> only = {};

  /// Whether it is also of interest where that point's time goes.
  bool isAnalysed() const { return !only.empty(); }
};

/// The states of a cost table at the levels of a target. Reports an error at
/// the layer if the table does not fit the target, or has none of its levels.
mlir::FailureOr<LayerCosts> readCostTable(LayerOp layer, TargetOp target,
                                          CostTableAttr table);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_POWER_H
