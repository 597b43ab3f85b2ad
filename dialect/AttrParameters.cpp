//===- AttrParameters.cpp - Parameters of attributes by name --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/AttrParameters.h"
#include "dialect/AttrCrossing.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
template <typename... AttrTys>
struct AttrList {};
using AllAttrs = AttrList<
#define GET_ATTRDEF_LIST
#include "pfmlir/Dialect/PowerAttrs.cpp.inc"
    >;
} // namespace

/// Calls `function` with `attr` as what it is; does nothing for attributes of
/// others.
template <typename Function, typename... AttrTys>
static void dispatch(Attribute attr, Function function, AttrList<AttrTys...>) {
  auto call = [&](auto kind) {
    if (auto found = dyn_cast<decltype(kind)>(attr))
      function(found);
  };
  (call(AttrTys()), ...);
}

SmallVector<ParameterValue> pfmlir::power::getParameterValues(Attribute attr) {
  SmallVector<ParameterValue> values;
  auto collect = [&](auto known) {
    std::apply(
        [&](auto... parameters) {
          (values.push_back(
               {parameters.name, getParameterOf(known, parameters)}),
           ...);
        },
        decltype(known)::getParameters());
  };
  dispatch(attr, collect, AllAttrs());
  return values;
}

/// A value as a parameter of this C++ type takes it; null where it doesn't.
template <typename AttrTy, typename T>
static Attribute convert(Parameter<AttrTy, T>, Attribute value) {
  if constexpr (Crossing<T>::type == ParameterType::Quantity)
    if (auto whole = dyn_cast<IntegerAttr>(value))
      return FloatAttr::get(Float64Type::get(value.getContext()),
                            double(whole.getInt()));
  return Crossing<T>::accepts(value) ? value : Attribute();
}

static StringRef describe(ParameterType type) {
  static constexpr StringLiteral words[] = {"a whole number", "whole numbers",
                                            "a number",       "numbers",
                                            "a word",         "a dictionary"};
  return words[int(type)];
}

/// Puts a value among the parameters in order, if it is `name`'s.
template <typename ParameterTy>
static LogicalResult replace(ParameterTy parameter, Attribute &current,
                             StringRef name, Attribute value,
                             Location location) {
  if (parameter.name != name)
    return success();
  if (!value && !parameter.defaultValue)
    return emitError(location) << "expects '" << name << "', but got none";
  Attribute converted = value ? convert(parameter, value) : value;
  if (value && !converted)
    return emitError(location)
           << "expects '" << name << "' to be "
           << describe(getParameterType(parameter)) << ", but got " << value;
  current = converted;
  return success();
}

Attribute pfmlir::power::withParameter(Attribute attr, StringRef name,
                                       Attribute value, Location location) {
  SmallVector<Attribute> values;
  bool isKnown = false;
  for (const ParameterValue &each : getParameterValues(attr)) {
    values.push_back(each.value);
    isKnown |= each.name == name;
  }
  if (!isKnown) {
    emitError(location) << "expects a parameter of " << attr << ", but got '"
                        << name << "'";
    return {};
  }
  Attribute result;
  auto rebuild = [&](auto known) {
    using AttrTy = decltype(known);
    Attribute *next = values.begin();
    bool isAccepted = std::apply(
        [&](auto... parameters) {
          return (
              succeeded(replace(parameters, *next++, name, value, location)) &&
              ...);
        },
        AttrTy::getParameters());
    if (isAccepted)
      result = getFromParameters<AttrTy>(location, values.data());
  };
  dispatch(attr, rebuild, AllAttrs());
  return result;
}
