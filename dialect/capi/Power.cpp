//===- Power.cpp - C API of the power dialect -------------- -*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir-c/Power.h"
#include "dialect/AttrCrossing.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"

#include <limits>

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

static_assert(int(ParameterType::Dictionary) ==
                  int(PfmlirPowerParameterDictionary),
              "types of parameters are in one order");

PfmlirPowerParameterType
pfmlirPowerAttrGetParameterType(PfmlirPowerAttrKind kind, intptr_t index) {
  return withParameter<PfmlirPowerParameterType>(
      kind, index, [](auto parameter) {
        return PfmlirPowerParameterType(getParameterType(parameter));
      });
}

bool pfmlirPowerAttrIsParameterOptional(PfmlirPowerAttrKind kind,
                                        intptr_t index) {
  return withParameter<bool>(kind, index, [](auto parameter) {
    return parameter.defaultValue.has_value();
  });
}

MlirAttribute pfmlirPowerAttrGetParameter(PfmlirPowerAttrKind kind,
                                          MlirAttribute attr, intptr_t index) {
  return wrap(withParameter<Attribute>(kind, index, [&](auto parameter) {
    return getParameterOf(unwrap(attr), parameter);
  }));
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

MlirAttribute pfmlirPowerAttrGetChecked(PfmlirPowerAttrKind kind,
                                        MlirLocation location,
                                        MlirAttribute const *parameters) {
  SmallVector<Attribute> values;
  for (intptr_t i = 0; i < pfmlirPowerAttrGetNumParameters(kind); ++i)
    values.push_back(unwrap(parameters[i]));
  return wrap(dispatch(kind, [&](auto nullAttr) {
    return getFromParameters<decltype(nullAttr)>(unwrap(location),
                                                 values.data());
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
