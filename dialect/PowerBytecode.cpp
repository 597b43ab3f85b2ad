//===- PowerBytecode.cpp - The dialect in bytecode --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PowerBytecode.td says how attributes are written; operations write theirs by
// name. A file says of which version it is: one number for the encoding of
// attributes and for what operations and attributes mean, from 1. A newer
// version than is known here is refused. An older one is read for good;
// test/dialect/Inputs has a file of each. To make a new version:
//
//   - raise kVersion, and read the attributes that changed as of either one;
//     `reader.getDialectVersion<PowerDialect>()` tells which it is;
//   - add to kUpgrades what makes operations of the version before as they are
//     now;
//   - add to the test a file of the version before.
//
// An attribute that an operation may have or not takes no new version, and
// neither does a constant of the analytical model. Files from before there were
// versions are not read: nothing tells them apart.
//
//===----------------------------------------------------------------------===//

#include "dialect/PropertiesBytecode.h"
#include "pfmlir/CostModel/AnalyticalModel.h"
#include "pfmlir/Dialect/Power.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

static constexpr uint64_t kVersion = 2;

/// Makes operations of one version as they are in the next, in place: those of
/// version 1 first.
using Upgrade = LogicalResult (*)(Operation *);
static constexpr std::array<Upgrade, kVersion - 1> kUpgrades = {
    // Version 2 has more in #power.state, which reading knows.
    [](Operation *) { return success(); }};

static constexpr bool isComplete() {
  for (Upgrade upgrade : kUpgrades)
    if (!upgrade)
      return false;
  return true;
}
static_assert(isComplete(), "every older version needs its upgrade");

//===----------------------------------------------------------------------===//
// Attributes of operations
//===----------------------------------------------------------------------===//

FailureOr<DictionaryAttr>
pfmlir::power::readAttributesByName(DialectBytecodeReader &reader,
                                    StringRef operation,
                                    ArrayRef<StringRef> names) {
  if (failed(reader.getDialectVersion<PowerDialect>()))
    return reader.emitError()
           << "expects a version of the power dialect, but got none, from a "
              "pfmlir before it had versions";
  DictionaryAttr attributes;
  if (failed(reader.readAttribute(attributes)))
    return failure();
  for (NamedAttribute attribute : attributes)
    if (!llvm::is_contained(names, attribute.getName().getValue()))
      return reader.emitError()
             << "unknown attribute '" << attribute.getName().getValue()
             << "' of '" << operation << "'";
  return attributes;
}

//===----------------------------------------------------------------------===//
// Members of attributes
//===----------------------------------------------------------------------===//

namespace {
struct PowerVersion : DialectVersion {
  explicit PowerVersion(uint64_t number) : number(number) {}
  uint64_t number;
};
} // namespace

/// Whether a file is from before a version.
static bool isBefore(uint64_t version, DialectBytecodeReader &reader) {
  FailureOr<const DialectVersion *> found =
      reader.getDialectVersion<PowerDialect>();
  return succeeded(found) &&
         static_cast<const PowerVersion *>(*found)->number < version;
}

/// A member that attributes have since a version; null in files from before.
template <typename AttrTy>
static LogicalResult readAddedIn(uint64_t version,
                                 DialectBytecodeReader &reader, AttrTy &attr) {
  return isBefore(version, reader) ? success()
                                   : reader.readOptionalAttribute(attr);
}

template <typename AttrTy, typename... Members>
static AttrTy getChecked(DialectBytecodeReader &reader, MLIRContext *context,
                         Members... members) {
  return AttrTy::getChecked([&] { return reader.emitError(); }, context,
                            members...);
}

static LogicalResult readQuantity(DialectBytecodeReader &reader,
                                  FloatAttr &quantity) {
  FailureOr<APFloat> value =
      reader.readAPFloatWithKnownSemantics(APFloat::IEEEdouble());
  if (failed(value))
    return failure();
  quantity = FloatAttr::get(Float64Type::get(reader.getContext()), *value);
  return success();
}

static LogicalResult readOptionalInteger(DialectBytecodeReader &reader,
                                         std::optional<int64_t> &integer) {
  bool isThere;
  if (failed(reader.readBool(isThere)))
    return failure();
  return isThere ? reader.readSignedVarInt(integer.emplace()) : success();
}

/// Integers that attributes have since a version.
static LogicalResult readIntegerAddedIn(uint64_t version,
                                        DialectBytecodeReader &reader,
                                        std::optional<int64_t> &integer) {
  return isBefore(version, reader) ? success()
                                   : readOptionalInteger(reader, integer);
}

static LogicalResult readIntegerAddedIn(uint64_t version, int64_t before,
                                        DialectBytecodeReader &reader,
                                        int64_t &integer) {
  integer = before;
  return isBefore(version, reader) ? success()
                                   : reader.readSignedVarInt(integer);
}

static void writeOptionalInteger(DialectBytecodeWriter &writer,
                                 std::optional<int64_t> integer) {
  writer.writeOwnedBool(integer.has_value());
  if (integer)
    writer.writeSignedVarInt(*integer);
}

static LogicalResult readGatingMode(DialectBytecodeReader &reader,
                                    GatingMode &mode) {
  uint64_t number;
  if (failed(reader.readVarInt(number)))
    return failure();
  std::optional<GatingMode> known;
  if (number <= getMaxEnumValForGatingMode())
    known = symbolizeGatingMode(static_cast<uint32_t>(number));
  if (!known)
    return reader.emitError()
           << "expects a number of a gating mode, at most "
           << getMaxEnumValForGatingMode() << ", but got " << number;
  mode = *known;
  return success();
}

//===----------------------------------------------------------------------===//
// The constants of the analytical model
//===----------------------------------------------------------------------===//

using ConstantArray = std::array<FloatAttr, costmodel::NumConstants>;

static LogicalResult readConstants(DialectBytecodeReader &reader,
                                   ConstantArray &constants) {
  DictionaryAttr byName;
  if (failed(reader.readAttribute(byName)))
    return failure();
  bool isKnown = byName.size() == constants.size();
  for (auto [constant, name] :
       llvm::zip_equal(constants, AnalyticalAttr::getConstantNames())) {
    constant = byName.getAs<FloatAttr>(name);
    isKnown &= constant && constant.getType().isF64();
  }
  if (isKnown)
    return success();
  InFlightDiagnostic diagnostic = reader.emitError()
                                  << "expects numbers (f64) for the constants ";
  llvm::interleaveComma(AnalyticalAttr::getConstantNames(), diagnostic);
  return diagnostic << " of #power.analytical, but got " << byName;
}

static void writeConstants(DialectBytecodeWriter &writer,
                           AnalyticalAttr model) {
  NamedAttrList byName;
  for (auto [name, constant] : llvm::zip_equal(
           AnalyticalAttr::getConstantNames(), model.getConstants()))
    byName.set(name, constant);
  writer.writeAttribute(byName.getDictionary(model.getContext()));
}

/// The attribute whose parameters these are, but for the constants, which are
/// parameters one by one.
static AnalyticalAttr getAnalytical(
    DialectBytecodeReader &reader, MLIRContext *context, StringAttr arrayDomain,
    StringAttr weightDomain, StringAttr feederDomain, StringAttr inputMemory,
    StringAttr outputMemory, StringAttr weightMemory, ConstantArray constants,
    std::optional<int64_t> reductionChunk, StringAttr otherWork) {
  return std::apply(
      [&](auto... constant) {
        return getChecked<AnalyticalAttr>(
            reader, context, arrayDomain, weightDomain, feederDomain,
            inputMemory, outputMemory, weightMemory, constant...,
            reductionChunk, otherWork);
      },
      constants);
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/PowerBytecode.cpp.inc"

namespace {
struct PowerBytecodeInterface : BytecodeDialectInterface {
  explicit PowerBytecodeInterface(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  Attribute readAttribute(DialectBytecodeReader &reader) const override {
    return ::readAttribute(getContext(), reader);
  }
  LogicalResult writeAttribute(Attribute attr,
                               DialectBytecodeWriter &writer) const override {
    return ::writeAttribute(attr, writer);
  }
  // There are none.
  Type readType(DialectBytecodeReader &reader) const override {
    return ::readType(getContext(), reader);
  }
  LogicalResult writeType(Type type,
                          DialectBytecodeWriter &writer) const override {
    return ::writeType(type, writer);
  }

  void writeVersion(DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(kVersion);
  }

  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const override {
    uint64_t number;
    if (failed(reader.readVarInt(number)))
      return nullptr;
    if (number > kVersion) {
      reader.emitError() << "expects at most version " << kVersion
                         << " of the power dialect, but got version " << number
                         << ", of a newer pfmlir";
      return nullptr;
    }
    if (number == 0) {
      reader.emitError()
          << "expects a version of the power dialect from 1, but got 0";
      return nullptr;
    }
    return std::make_unique<PowerVersion>(number);
  }

  LogicalResult
  upgradeFromVersion(Operation *op,
                     const DialectVersion &version) const override {
    uint64_t number = static_cast<const PowerVersion &>(version).number;
    for (Upgrade upgrade : ArrayRef(kUpgrades).drop_front(number - 1))
      if (failed(upgrade(op)))
        return failure();
    return success();
  }
};
} // namespace

void PowerDialect::registerBytecode() {
  addInterfaces<PowerBytecodeInterface>();
}
