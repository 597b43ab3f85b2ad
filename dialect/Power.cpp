//===- Power.cpp - The power dialect ----------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"
#include "pfmlir/Dialect/Account.h"
#include "pfmlir/Dialect/BufferizableOpInterfaceImpl.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/DialectImplementation.h"

#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

#include "pfmlir/Dialect/PowerDialect.cpp.inc"
#include "pfmlir/Dialect/PowerInterfaces.cpp.inc"

void pfmlir::power::registerPowerDialect(DialectRegistry &registry) {
  registry.insert<PowerDialect>();
  registerBufferizableOpInterfaceExternalModels(registry);
}

InFlightDiagnostic pfmlir::power::emitBriefOpError(Operation *op) {
  return emitError(op->getLoc()) << "'" << op->getName() << "' op ";
}

LogicalResult pfmlir::power::verifyInFunction(Operation *op) {
  Operation *parent = op->getParentOp();
  if (!isa_and_nonnull<FunctionOpInterface>(parent)) {
    InFlightDiagnostic diagnostic = emitBriefOpError(op)
                                    << "expects to be in a function, but ";
    if (parent)
      return diagnostic << "is in '" << parent->getName() << "'";
    return diagnostic << "has no parent";
  }
  if (mayBeGraphRegion(*op->getParentRegion()))
    return emitBriefOpError(op)
           << "expects to be in a function that runs its operations in order, "
              "but is in '"
           << parent->getName() << "'";
  return success();
}

std::string pfmlir::power::formatNumber(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  return text;
}

void PowerDialect::initialize() {
  registerAttributes();
  registerBytecode();
  addOperations<
#define GET_OP_LIST
#include "pfmlir/Dialect/PowerOps.cpp.inc"
      >();
  declarePromisedInterfaces<bufferization::BufferizableOpInterface, LayerOp,
                            YieldOp>();
}

/// Seconds from one inference to the next.
static LogicalResult verifyPeriod(Operation *op, Attribute value) {
  auto period = dyn_cast<FloatAttr>(value);
  if (period && period.getType().isF64() &&
      std::isfinite(period.getValueAsDouble()) && period.getValueAsDouble() > 0)
    return success();
  return op->emitError() << "'" << PowerDialect::getPeriodAttrName()
                         << "' expects a positive number of seconds (f64), but "
                            "got "
                         << value;
}

static LogicalResult verifyAccount(Operation *op, Attribute value) {
  Account account;
  std::string error;
  if (succeeded(readAccount(value, account, error)))
    return success();
  return emitError(op->getLoc())
         << "'" << PowerDialect::getAccountAttrName() << "' " << error;
}

/// A corner of the target that the function names.
static LogicalResult verifyCorner(Operation *op, Attribute value) {
  auto name =
      op->getAttrOfType<FlatSymbolRefAttr>(PowerDialect::getTargetAttrName());
  auto target = name ? SymbolTable::lookupNearestSymbolFrom<TargetOp>(op, name)
                     : TargetOp();
  auto corner = dyn_cast<FlatSymbolRefAttr>(value);
  if (target && corner &&
      isa_and_nonnull<CornerOp>(
          SymbolTable::lookupSymbolIn(target, corner.getAttr())))
    return success();
  return emitError(op->getLoc())
         << "'" << PowerDialect::getCornerAttrName()
         << "' expects the symbol of a power.corner of the function's target, "
            "but got "
         << value;
}

LogicalResult PowerDialect::verifyOperationAttribute(Operation *op,
                                                     NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (name != getPeriodAttrName() && name != getTargetAttrName() &&
      name != getAccountAttrName() && name != getCornerAttrName())
    return op->emitError() << "unknown attribute '" << name
                           << "' of the power dialect";
  if (!isa<FunctionOpInterface>(op))
    return op->emitError() << "'" << name << "' expects to be on a function";
  if (name == getPeriodAttrName())
    return verifyPeriod(op, attribute.getValue());
  if (name == getAccountAttrName())
    return verifyAccount(op, attribute.getValue());
  if (name == getCornerAttrName())
    return verifyCorner(op, attribute.getValue());
  auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue());
  if (symbol && SymbolTable::lookupNearestSymbolFrom<TargetOp>(op, symbol))
    return success();
  return emitError(op->getLoc())
         << "'" << name << "' expects the symbol of a power.target, but got "
         << attribute.getValue();
}

LogicalResult PowerDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                     unsigned index,
                                                     NamedAttribute attribute) {
  return emitError(op->getLoc())
         << "'" << attribute.getName().getValue()
         << "' expects to be on a function, but is on its argument " << index;
}

LogicalResult PowerDialect::verifyRegionResultAttribute(
    Operation *op, unsigned, unsigned index, NamedAttribute attribute) {
  return emitError(op->getLoc())
         << "'" << attribute.getName().getValue()
         << "' expects to be on a function, but is on its result " << index;
}
