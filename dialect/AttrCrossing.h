//===- AttrCrossing.h - Parameters of attributes as attributes --*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How parameters of C++ types are told to who knows only attributes: the C API,
// and paths of parameters.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_ATTRCROSSING_H
#define PFMLIR_DIALECT_ATTRCROSSING_H

#include "pfmlir/Dialect/AttrParameters.h"

#include <tuple>

namespace pfmlir::power {

/// How a parameter of a C++ type is an attribute: what type that has, and the
/// way there and back.
template <typename T>
struct Crossing;

template <typename AttrTy, ParameterType kType>
struct AttributeCrossing {
  static constexpr ParameterType type = kType;
  static mlir::Attribute wrap(mlir::MLIRContext *, AttrTy attr) { return attr; }
  static AttrTy unwrap(mlir::Attribute attr) {
    return llvm::cast_or_null<AttrTy>(attr);
  }
  static bool accepts(mlir::Attribute attr) { return llvm::isa<AttrTy>(attr); }
};
template <>
struct Crossing<mlir::DenseI64ArrayAttr>
    : AttributeCrossing<mlir::DenseI64ArrayAttr, ParameterType::Integers> {};
template <>
struct Crossing<mlir::FloatAttr>
    : AttributeCrossing<mlir::FloatAttr, ParameterType::Quantity> {};
template <>
struct Crossing<mlir::DenseF64ArrayAttr>
    : AttributeCrossing<mlir::DenseF64ArrayAttr, ParameterType::Quantities> {};
template <>
struct Crossing<mlir::StringAttr>
    : AttributeCrossing<mlir::StringAttr, ParameterType::String> {};
template <>
struct Crossing<mlir::DictionaryAttr>
    : AttributeCrossing<mlir::DictionaryAttr, ParameterType::Dictionary> {};

template <>
struct Crossing<int64_t> {
  static constexpr ParameterType type = ParameterType::Integer;
  static mlir::Attribute wrap(mlir::MLIRContext *context, int64_t value) {
    return mlir::IntegerAttr::get(mlir::IntegerType::get(context, 64), value);
  }
  static int64_t unwrap(mlir::Attribute attr) {
    return llvm::cast<mlir::IntegerAttr>(attr).getInt();
  }
  static bool accepts(mlir::Attribute attr) {
    auto number = llvm::dyn_cast<mlir::IntegerAttr>(attr);
    return number && number.getType().isSignlessInteger(64);
  }
};
template <>
struct Crossing<std::optional<int64_t>> {
  static constexpr ParameterType type = ParameterType::Integer;
  static mlir::Attribute wrap(mlir::MLIRContext *context,
                              std::optional<int64_t> value) {
    return value ? Crossing<int64_t>::wrap(context, *value) : mlir::Attribute();
  }
  static std::optional<int64_t> unwrap(mlir::Attribute attr) {
    if (!attr)
      return std::nullopt;
    return Crossing<int64_t>::unwrap(attr);
  }
  static bool accepts(mlir::Attribute attr) {
    return Crossing<int64_t>::accepts(attr);
  }
};
template <>
struct Crossing<GatingMode> {
  static constexpr ParameterType type = ParameterType::String;
  static mlir::Attribute wrap(mlir::MLIRContext *context, GatingMode mode) {
    return mlir::StringAttr::get(context, stringifyGatingMode(mode));
  }
  /// Nothing if there is no such mode.
  static std::optional<GatingMode> unwrap(mlir::Attribute attr) {
    return symbolizeGatingMode(llvm::cast<mlir::StringAttr>(attr).getValue());
  }
  static bool accepts(mlir::Attribute attr) {
    return llvm::isa<mlir::StringAttr>(attr);
  }
};

template <typename AttrTy, typename T>
ParameterType getParameterType(Parameter<AttrTy, T>) {
  return Crossing<T>::type;
}

/// The value of a parameter; null where an optional one is absent.
template <typename AttrTy, typename T>
mlir::Attribute getParameterOf(mlir::Attribute attr,
                               Parameter<AttrTy, T> parameter) {
  return Crossing<T>::wrap(attr.getContext(),
                           (llvm::cast<AttrTy>(attr).*parameter.get)());
}

/// The values of parameters, in order, for `getChecked`.
struct ParameterReader {
  mlir::Location location;
  const mlir::Attribute *next;
  bool isValid = true;

  template <typename AttrTy, typename T>
  T read(Parameter<AttrTy, T> parameter) {
    mlir::Attribute attr = *next++;
    if (!attr && parameter.defaultValue)
      return *parameter.defaultValue;
    if constexpr (std::is_same_v<T, GatingMode>) {
      if (std::optional<GatingMode> mode = Crossing<T>::unwrap(attr))
        return *mode;
      mlir::emitError(location)
          << "expects '" << parameter.name
          << "' to be none, sram or bank, but got " << attr;
      isValid = false;
      return GatingMode::None;
    } else {
      return Crossing<T>::unwrap(attr);
    }
  }
};

/// The attribute with these parameters, all of them, in order. Null, after an
/// error at `location`, if they aren't accepted.
template <typename AttrTy>
mlir::Attribute getFromParameters(mlir::Location location,
                                  const mlir::Attribute *parameters) {
  return std::apply(
      [&](auto... each) -> mlir::Attribute {
        ParameterReader reader{location, parameters};
        // Braces, so that they are read in order.
        std::tuple values{reader.read(each)...};
        if (!reader.isValid)
          return {};
        return std::apply(
            [&](auto... value) -> mlir::Attribute {
              return AttrTy::getChecked(
                  [&] { return mlir::emitError(location); },
                  location.getContext(), value...);
            },
            values);
      },
      AttrTy::getParameters());
}

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_ATTRCROSSING_H
