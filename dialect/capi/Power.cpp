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

#include <tuple>

using namespace mlir;
using namespace pfmlir::power;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Power, power, PowerDialect)

//===----------------------------------------------------------------------===//
// Parameters as attributes
//===----------------------------------------------------------------------===//

namespace {
/// How a parameter of a C++ type crosses the C API.
template <typename T>
struct Crossing;

template <typename AttrTy, MlirPowerParameterType kType>
struct AttributeCrossing {
  static constexpr MlirPowerParameterType type = kType;
  static Attribute wrap(MLIRContext *, AttrTy attr) { return attr; }
  static AttrTy unwrap(Attribute attr) { return cast_or_null<AttrTy>(attr); }
};
template <>
struct Crossing<DenseI64ArrayAttr>
    : AttributeCrossing<DenseI64ArrayAttr, MlirPowerParameterIntegers> {};
template <>
struct Crossing<FloatAttr>
    : AttributeCrossing<FloatAttr, MlirPowerParameterQuantity> {};
template <>
struct Crossing<DenseF64ArrayAttr>
    : AttributeCrossing<DenseF64ArrayAttr, MlirPowerParameterQuantities> {};
template <>
struct Crossing<StringAttr>
    : AttributeCrossing<StringAttr, MlirPowerParameterString> {};
template <>
struct Crossing<DictionaryAttr>
    : AttributeCrossing<DictionaryAttr, MlirPowerParameterDictionary> {};

template <>
struct Crossing<int64_t> {
  static constexpr MlirPowerParameterType type = MlirPowerParameterInteger;
  static Attribute wrap(MLIRContext *context, int64_t value) {
    return IntegerAttr::get(IntegerType::get(context, 64), value);
  }
  static int64_t unwrap(Attribute attr) {
    return cast<IntegerAttr>(attr).getInt();
  }
};
template <>
struct Crossing<std::optional<int64_t>> {
  static constexpr MlirPowerParameterType type = MlirPowerParameterInteger;
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
  static constexpr MlirPowerParameterType type = MlirPowerParameterString;
  static Attribute wrap(MLIRContext *context, GatingMode mode) {
    return StringAttr::get(context, stringifyGatingMode(mode));
  }
  /// Nothing if there is no such mode.
  static std::optional<GatingMode> unwrap(Attribute attr) {
    return symbolizeGatingMode(cast<StringAttr>(attr).getValue());
  }
};

/// A parameter of an attribute, with the default of one that can be left out.
template <typename AttrTy, typename T>
struct Parameter {
  const char *name;
  T (AttrTy::*get)() const;
  bool isOptional = false;
  int64_t defaultInteger = 0;
};

template <typename AttrTy, typename T>
constexpr Parameter<AttrTy, T> required(const char *name,
                                        T (AttrTy::*get)() const) {
  return {name, get};
}
template <typename AttrTy, typename T>
constexpr Parameter<AttrTy, T> optional(const char *name,
                                        T (AttrTy::*get)() const,
                                        int64_t defaultInteger = 0) {
  return {name, get, true, defaultInteger};
}
} // namespace

//===----------------------------------------------------------------------===//
// The parameters of every attribute, in the order of PowerAttrs.td
//===----------------------------------------------------------------------===//

static auto parametersOf(Conv2DAttr) {
  return std::make_tuple(
      required("input", &Conv2DAttr::getInput),
      required("output_channels", &Conv2DAttr::getOutputChannels),
      required("kernel", &Conv2DAttr::getKernel),
      optional("strides", &Conv2DAttr::getStrides),
      optional("padding", &Conv2DAttr::getPadding),
      optional("dilations", &Conv2DAttr::getDilations),
      optional("groups", &Conv2DAttr::getGroups, 1),
      optional("batch", &Conv2DAttr::getBatch, 1));
}

static auto parametersOf(MatmulAttr) {
  return std::make_tuple(required("m", &MatmulAttr::getM),
                         required("k", &MatmulAttr::getK),
                         required("n", &MatmulAttr::getN),
                         optional("batch", &MatmulAttr::getBatch, 1));
}

static auto parametersOf(DelayPolynomialAttr) {
  return std::make_tuple(
      required("coefficients", &DelayPolynomialAttr::getCoefficients),
      required("minimum_v", &DelayPolynomialAttr::getMinimumV),
      required("maximum_v", &DelayPolynomialAttr::getMaximumV));
}

static auto parametersOf(FrequencyTableAttr) {
  return std::make_tuple(
      required("voltage_v", &FrequencyTableAttr::getVoltageV),
      required("frequency_hz", &FrequencyTableAttr::getFrequencyHz));
}

static auto parametersOf(GatingAttr) {
  return std::make_tuple(
      required("mode", &GatingAttr::getMode),
      optional("granularity", &GatingAttr::getGranularity, 1));
}

static auto parametersOf(CostTableAttr) {
  return std::make_tuple(required("voltages_v", &CostTableAttr::getVoltagesV),
                         required("energy_j", &CostTableAttr::getEnergyJ),
                         required("time_s", &CostTableAttr::getTimeS),
                         required("leakage_w", &CostTableAttr::getLeakageW));
}

static auto parametersOf(MeasuredAttr) {
  return std::make_tuple(required("tables", &MeasuredAttr::getTables));
}

static auto parametersOf(AnalyticalAttr) {
  using Model = AnalyticalAttr;
  return std::make_tuple(
      required("array_domain", &Model::getArrayDomain),
      required("weight_domain", &Model::getWeightDomain),
      required("feeder_domain", &Model::getFeederDomain),
      required("input_memory", &Model::getInputMemory),
      required("output_memory", &Model::getOutputMemory),
      required("weight_memory", &Model::getWeightMemory),
      required("mac_energy_j", &Model::getMacEnergyJ),
      required("weight_buffer_write_energy_j",
               &Model::getWeightBufferWriteEnergyJ),
      required("weight_buffer_read_energy_j",
               &Model::getWeightBufferReadEnergyJ),
      required("output_write_energy_j", &Model::getOutputWriteEnergyJ),
      required("input_read_energy_j", &Model::getInputReadEnergyJ),
      required("weight_memory_read_energy_j",
               &Model::getWeightMemoryReadEnergyJ),
      required("lane_write_energy_j", &Model::getLaneWriteEnergyJ),
      required("lane_read_energy_j", &Model::getLaneReadEnergyJ),
      required("stagger_energy_j", &Model::getStaggerEnergyJ),
      required("feeder_control_energy_j", &Model::getFeederControlEnergyJ),
      required("gate_control_energy_j", &Model::getGateControlEnergyJ),
      required("dma_control_energy_j", &Model::getDmaControlEnergyJ),
      required("gate_controller_leakage_w", &Model::getGateControllerLeakageW),
      optional("reduction_chunk", &Model::getReductionChunk));
}

static auto parametersOf(StateAttr) {
  return std::make_tuple(required("voltages_v", &StateAttr::getVoltagesV),
                         required("energy_j", &StateAttr::getEnergyJ),
                         required("time_s", &StateAttr::getTimeS),
                         required("leakage_w", &StateAttr::getLeakageW));
}

//===----------------------------------------------------------------------===//
// From a kind to its C++ class
//===----------------------------------------------------------------------===//

/// Calls `function` with a null attribute of the kind's class.
template <typename Function>
static auto dispatch(MlirPowerAttrKind kind, Function function) {
  switch (kind) {
  case MlirPowerAttrConv2D:
    return function(Conv2DAttr());
  case MlirPowerAttrMatmul:
    return function(MatmulAttr());
  case MlirPowerAttrDelayPolynomial:
    return function(DelayPolynomialAttr());
  case MlirPowerAttrFrequencyTable:
    return function(FrequencyTableAttr());
  case MlirPowerAttrGating:
    return function(GatingAttr());
  case MlirPowerAttrCostTable:
    return function(CostTableAttr());
  case MlirPowerAttrMeasured:
    return function(MeasuredAttr());
  case MlirPowerAttrAnalytical:
    return function(AnalyticalAttr());
  case MlirPowerAttrState:
    return function(StateAttr());
  case MlirPowerAttrNumKinds:
    break;
  }
  llvm_unreachable("not a kind of power attribute");
}

/// Calls `function` with the parameter of this index.
template <typename ResultTy, typename Function>
static ResultTy withParameter(MlirPowerAttrKind kind, intptr_t index,
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
        parametersOf(attr));
  });
}

bool mlirPowerAttrIsA(MlirPowerAttrKind kind, MlirAttribute attr) {
  return dispatch(kind, [&](auto nullAttr) {
    return isa<decltype(nullAttr)>(unwrap(attr));
  });
}

MlirTypeID mlirPowerAttrGetTypeID(MlirPowerAttrKind kind) {
  return wrap(
      dispatch(kind, [](auto attr) { return decltype(attr)::getTypeID(); }));
}

intptr_t mlirPowerAttrGetNumParameters(MlirPowerAttrKind kind) {
  return dispatch(kind, [](auto attr) {
    return intptr_t(std::tuple_size_v<decltype(parametersOf(attr))>);
  });
}

MlirStringRef mlirPowerAttrGetParameterName(MlirPowerAttrKind kind,
                                            intptr_t index) {
  return wrap(withParameter<StringRef>(
      kind, index, [](auto parameter) { return StringRef(parameter.name); }));
}

template <typename AttrTy, typename T>
static MlirPowerParameterType getType(Parameter<AttrTy, T>) {
  return Crossing<T>::type;
}

MlirPowerParameterType mlirPowerAttrGetParameterType(MlirPowerAttrKind kind,
                                                     intptr_t index) {
  return withParameter<MlirPowerParameterType>(
      kind, index, [](auto parameter) { return getType(parameter); });
}

bool mlirPowerAttrIsParameterOptional(MlirPowerAttrKind kind, intptr_t index) {
  return withParameter<bool>(
      kind, index, [](auto parameter) { return parameter.isOptional; });
}

template <typename AttrTy, typename T>
static Attribute getParameter(Attribute attr, Parameter<AttrTy, T> parameter) {
  return Crossing<T>::wrap(attr.getContext(),
                           (cast<AttrTy>(attr).*parameter.get)());
}

MlirAttribute mlirPowerAttrGetParameter(MlirPowerAttrKind kind,
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
    if constexpr (std::is_same_v<T, int64_t>) {
      return attr ? Crossing<T>::unwrap(attr) : parameter.defaultInteger;
    } else if constexpr (std::is_same_v<T, GatingMode>) {
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

MlirAttribute mlirPowerAttrGetChecked(MlirPowerAttrKind kind,
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
        parametersOf(nullAttr));
  }));
}
