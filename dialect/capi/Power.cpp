//===- Power.cpp - C API of the power dialect -------------- -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir-c/Power.h"
#include "pfmlir/Dialect/Power.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"

#include <limits>
#include <tuple>

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

MlirDialectHandle pfmlirGetDialectHandle__power__() {
  static const MlirDialectRegistrationHooks hooks = {
      [](MlirDialectRegistry registry) {
        registerPowerDialect(*unwrap(registry));
      },
      [](MlirContext context) {
        DialectRegistry registry;
        registerPowerDialect(registry);
        unwrap(context)->appendDialectRegistry(registry);
        return wrap(unwrap(context)->getOrLoadDialect<PowerDialect>());
      },
      [] { return wrap(PowerDialect::getDialectNamespace()); }};
  return {&hooks};
}

//===----------------------------------------------------------------------===//
// Parameters as attributes
//===----------------------------------------------------------------------===//

namespace {
/// How a parameter of a C++ type crosses the C API.
template <typename T>
struct Crossing;

template <typename AttrTy, PfmlirPowerParameterType kType>
struct AttributeCrossing {
  static constexpr PfmlirPowerParameterType type = kType;
  static Attribute wrap(MLIRContext *, AttrTy attr) { return attr; }
  static AttrTy unwrap(Attribute attr) { return cast_or_null<AttrTy>(attr); }
};
template <>
struct Crossing<DenseI64ArrayAttr>
    : AttributeCrossing<DenseI64ArrayAttr, PfmlirPowerParameterIntegers> {};
template <>
struct Crossing<FloatAttr>
    : AttributeCrossing<FloatAttr, PfmlirPowerParameterQuantity> {};
template <>
struct Crossing<DenseF64ArrayAttr>
    : AttributeCrossing<DenseF64ArrayAttr, PfmlirPowerParameterQuantities> {};
template <>
struct Crossing<StringAttr>
    : AttributeCrossing<StringAttr, PfmlirPowerParameterString> {};
template <>
struct Crossing<DictionaryAttr>
    : AttributeCrossing<DictionaryAttr, PfmlirPowerParameterDictionary> {};

template <>
struct Crossing<int64_t> {
  static constexpr PfmlirPowerParameterType type = PfmlirPowerParameterInteger;
  static Attribute wrap(MLIRContext *context, int64_t value) {
    return IntegerAttr::get(IntegerType::get(context, 64), value);
  }
  static int64_t unwrap(Attribute attr) {
    return cast<IntegerAttr>(attr).getInt();
  }
};
template <>
struct Crossing<std::optional<int64_t>> {
  static constexpr PfmlirPowerParameterType type = PfmlirPowerParameterInteger;
  static Attribute wrap(MLIRContext *context, std::optional<int64_t> value) {
    return value ? Crossing<int64_t>::wrap(context, *value) : Attribute();
  }
  static std::optional<int64_t> unwrap(Attribute attr) {
    if (!attr)
      return std::nullopt;
    return Crossing<int64_t>::unwrap(attr);
  }
};
template <>
struct Crossing<GatingMode> {
  static constexpr PfmlirPowerParameterType type = PfmlirPowerParameterString;
  static Attribute wrap(MLIRContext *context, GatingMode mode) {
    return StringAttr::get(context, stringifyGatingMode(mode));
  }
  /// Nothing if there is no such mode.
  static std::optional<GatingMode> unwrap(Attribute attr) {
    return symbolizeGatingMode(cast<StringAttr>(attr).getValue());
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// From a kind to its C++ class
//===----------------------------------------------------------------------===//

/// Calls `function` with a null attribute of the kind's class.
template <typename Function>
static auto dispatch(PfmlirPowerAttrKind kind, Function function) {
  switch (kind) {
  case PfmlirPowerAttrConv2D:
    return function(Conv2DAttr());
  case PfmlirPowerAttrMatmul:
    return function(MatmulAttr());
  case PfmlirPowerAttrDelayPolynomial:
    return function(DelayPolynomialAttr());
  case PfmlirPowerAttrFrequencyTable:
    return function(FrequencyTableAttr());
  case PfmlirPowerAttrGating:
    return function(GatingAttr());
  case PfmlirPowerAttrCostTable:
    return function(CostTableAttr());
  case PfmlirPowerAttrMeasured:
    return function(MeasuredAttr());
  case PfmlirPowerAttrAnalytical:
    return function(AnalyticalAttr());
  case PfmlirPowerAttrState:
    return function(StateAttr());
  case PfmlirPowerAttrVector:
    return function(VectorAttr());
  case PfmlirPowerAttrRoofline:
    return function(RooflineAttr());
  case PfmlirPowerAttrExponentialLeakage:
    return function(ExponentialLeakageAttr());
  case PfmlirPowerAttrConverter:
    return function(ConverterAttr());
  case PfmlirPowerAttrEfficiencyTable:
    return function(EfficiencyTableAttr());
  case PfmlirPowerAttrNumKinds:
    break;
  }
  llvm_unreachable("not a kind of power attribute");
}

/// Calls `function` with the parameter of this index.
template <typename ResultTy, typename Function>
static ResultTy withParameter(PfmlirPowerAttrKind kind, intptr_t index,
                              Function function) {
  return dispatch(kind, [&](auto attr) {
    return std::apply(
        [&](auto... parameters) {
          std::optional<ResultTy> result;
          intptr_t next = 0;
          ((next++ == index ? void(result.emplace(function(parameters)))
                            : void()),
           ...);
          return *result;
        },
        decltype(attr)::getParameters());
  });
}

bool pfmlirPowerAttrIsA(PfmlirPowerAttrKind kind, MlirAttribute attr) {
  return dispatch(kind, [&](auto nullAttr) {
    return isa<decltype(nullAttr)>(unwrap(attr));
  });
}

MlirTypeID pfmlirPowerAttrGetTypeID(PfmlirPowerAttrKind kind) {
  return wrap(
      dispatch(kind, [](auto attr) { return decltype(attr)::getTypeID(); }));
}

intptr_t pfmlirPowerAttrGetNumParameters(PfmlirPowerAttrKind kind) {
  return dispatch(kind, [](auto attr) {
    return intptr_t(
        std::tuple_size_v<decltype(decltype(attr)::getParameters())>);
  });
}

MlirStringRef pfmlirPowerAttrGetParameterName(PfmlirPowerAttrKind kind,
                                              intptr_t index) {
  return wrap(withParameter<StringRef>(
      kind, index, [](auto parameter) { return parameter.name; }));
}

template <typename AttrTy, typename T>
static PfmlirPowerParameterType getType(Parameter<AttrTy, T>) {
  return Crossing<T>::type;
}

PfmlirPowerParameterType
pfmlirPowerAttrGetParameterType(PfmlirPowerAttrKind kind, intptr_t index) {
  return withParameter<PfmlirPowerParameterType>(
      kind, index, [](auto parameter) { return getType(parameter); });
}

bool pfmlirPowerAttrIsParameterOptional(PfmlirPowerAttrKind kind,
                                        intptr_t index) {
  return withParameter<bool>(kind, index, [](auto parameter) {
    return parameter.defaultValue.has_value();
  });
}

template <typename AttrTy, typename T>
static Attribute getParameter(Attribute attr, Parameter<AttrTy, T> parameter) {
  return Crossing<T>::wrap(attr.getContext(),
                           (cast<AttrTy>(attr).*parameter.get)());
}

MlirAttribute pfmlirPowerAttrGetParameter(PfmlirPowerAttrKind kind,
                                          MlirAttribute attr, intptr_t index) {
  return wrap(withParameter<Attribute>(kind, index, [&](auto parameter) {
    return getParameter(unwrap(attr), parameter);
  }));
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

namespace {
/// The values of parameters, in order, for `getChecked`.
struct ParameterReader {
  Location location;
  MlirAttribute const *next;
  bool isValid = true;

  template <typename AttrTy, typename T>
  T read(Parameter<AttrTy, T> parameter) {
    Attribute attr = unwrap(*next++);
    if (!attr && parameter.defaultValue)
      return *parameter.defaultValue;
    if constexpr (std::is_same_v<T, GatingMode>) {
      if (std::optional<GatingMode> mode = Crossing<T>::unwrap(attr))
        return *mode;
      emitError(location) << "expects '" << parameter.name
                          << "' to be none, sram or bank, but got " << attr;
      isValid = false;
      return GatingMode::None;
    } else {
      return Crossing<T>::unwrap(attr);
    }
  }
};
} // namespace

MlirAttribute pfmlirPowerAttrGetChecked(PfmlirPowerAttrKind kind,
                                        MlirLocation location,
                                        MlirAttribute const *parameters) {
  Location loc = unwrap(location);
  return wrap(dispatch(kind, [&](auto nullAttr) -> Attribute {
    using AttrTy = decltype(nullAttr);
    return std::apply(
        [&](auto... each) -> Attribute {
          ParameterReader reader{loc, parameters};
          // Braces, so that they are read in order.
          std::tuple values{reader.read(each)...};
          if (!reader.isValid)
            return {};
          return std::apply(
              [&](auto... value) -> Attribute {
                return AttrTy::getChecked([&] { return emitError(loc); },
                                          loc.getContext(), value...);
              },
              values);
        },
        AttrTy::getParameters());
  }));
}

//===----------------------------------------------------------------------===//
// Laws
//===----------------------------------------------------------------------===//

double pfmlirPowerLawGetFrequencyHz(MlirAttribute attr, double voltageV,
                                    double nominalV, double nominalHz) {
  auto law = dyn_cast<VoltageFrequencyLawAttrInterface>(unwrap(attr));
  if (!law)
    return std::numeric_limits<double>::quiet_NaN();
  auto [minimumV, maximumV] = law.getVoltageRange();
  if (!(voltageV >= minimumV && voltageV <= maximumV))
    return std::numeric_limits<double>::quiet_NaN();
  return law.getFrequencyHz(voltageV, nominalV, nominalHz);
}
