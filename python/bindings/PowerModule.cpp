//===- PowerModule.cpp - The power dialect and its passes -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The attributes of the dialect as Python classes, made from the tables of the
// C API; registration; and printing of schedules.
//
//===----------------------------------------------------------------------===//

#include "python/bindings/Arrays.h"
#include "python/bindings/Interruption.h"

#include "pfmlir-c/Passes.h"
#include "pfmlir-c/Power.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/Diagnostics.h"
#include "mlir/Bindings/Python/IRAttributes.h"
#include "mlir/Bindings/Python/IRCore.h"
#include "mlir/Bindings/Python/Nanobind.h"
#include "mlir/Bindings/Python/NanobindAdaptors.h"

#include <nanobind/ndarray.h>

#include <string>
#include <vector>

namespace nb = nanobind;
using namespace nb::literals;
using pfmlir::makeArray;

namespace mlir::python::MLIR_BINDINGS_PYTHON_DOMAIN::power {

//===----------------------------------------------------------------------===//
// Parameters from and to Python
//===----------------------------------------------------------------------===//

/// What every kind of attribute is called and stands for.
struct KindInfo {
  const char *className;
  const char *doc;
};
static constexpr KindInfo kKinds[PfmlirPowerAttrNumKinds] = {
    {"Conv2DAttr", "Shape of a two-dimensional convolution, in elements."},
    {"MatmulAttr", "Shape of `batch` products of m x k and k x n matrices."},
    {"DelayPolynomialAttr",
     "Frequency from a polynomial of the gate delay over the voltage."},
    {"FrequencyTableAttr",
     "Measured frequencies in hertz at voltages in volts, linear in between."},
    {"GatingAttr", "Which memory banks are gated: none, sram or bank."},
    {"CostTableAttr",
     "What a layer costs in each of its states: `voltages_v` has shape "
     "[states, "
     "domains], `energy_j`, `time_s` and `leakage_w` have shape [states]."},
    {"MeasuredAttr", "Cost model of measured tables, one a layer."},
    {"AnalyticalAttr",
     "Analytical cost model of a systolic-array accelerator."},
    {"StateAttr", "The operating point chosen for a layer."},
    {"VectorAttr", "Work on feature maps that is no product, in elements."},
    {"RooflineAttr",
     "Cost model of a processor that computes or waits for memory."},
    {"ExponentialLeakageAttr",
     "Leakage power that grows exponentially with the voltage."},
    {"ConverterAttr", "Losses of a converter: fixed, in proportion, ohmic."},
    {"EfficiencyTableAttr",
     "Measured efficiencies of a converter at voltages in volts."},
};

static std::string_view view(MlirStringRef text) {
  return {text.data, text.length};
}

static MlirStringRef toRef(const std::string &text) {
  return mlirStringRefCreate(text.data(), text.size());
}

static nb::str toStr(MlirStringRef text) {
  return nb::str(text.data, text.length);
}

static std::string_view nameOf(PfmlirPowerAttrKind kind, intptr_t index) {
  return view(pfmlirPowerAttrGetParameterName(kind, index));
}

/// How a parameter is written in a signature.
static const char *pythonType(PfmlirPowerParameterType type) {
  switch (type) {
  case PfmlirPowerParameterInteger:
    return "int";
  case PfmlirPowerParameterIntegers:
    return "collections.abc.Sequence[int]";
  case PfmlirPowerParameterQuantity:
    return "float";
  case PfmlirPowerParameterQuantities:
    return "numpy.typing.ArrayLike";
  case PfmlirPowerParameterString:
    return "str";
  case PfmlirPowerParameterDictionary:
    return "collections.abc.Mapping[str, " MAKE_MLIR_PYTHON_QUALNAME(
        "ir.Attribute") "]";
  }
  return "object";
}

static nb::object toPython(PyMlirContextRef context,
                           PfmlirPowerParameterType type, MlirAttribute attr) {
  if (mlirAttributeIsNull(attr))
    return nb::none();
  switch (type) {
  case PfmlirPowerParameterInteger:
    return nb::int_(mlirIntegerAttrGetValueInt(attr));
  case PfmlirPowerParameterQuantity:
    return nb::float_(mlirFloatAttrGetValueDouble(attr));
  case PfmlirPowerParameterIntegers: {
    nb::list list;
    for (intptr_t i = 0; i < mlirDenseArrayGetNumElements(attr); ++i)
      list.append(mlirDenseI64ArrayGetElement(attr, i));
    return list;
  }
  case PfmlirPowerParameterQuantities: {
    std::vector<double> numbers(mlirDenseArrayGetNumElements(attr));
    for (size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = mlirDenseF64ArrayGetElement(attr, i);
    return makeArray(std::move(numbers));
  }
  case PfmlirPowerParameterString: {
    auto text = view(mlirStringAttrGetValue(attr));
    return nb::str(text.data(), text.size());
  }
  case PfmlirPowerParameterDictionary:
    return nb::object(PyAttribute(context, attr).maybeDownCast());
  }
  return nb::none();
}

/// An integer, and nothing that would have to be rounded.
static int64_t toInteger(nb::handle value) {
  return nb::cast<int64_t>(
      nb::module_::import_("operator").attr("index")(value));
}

/// A number, and no text that reads as one.
static double toNumber(nb::handle value) {
  if (nb::isinstance<nb::str>(value))
    throw nb::type_error("it is text");
  return nb::cast<double>(nb::float_(value));
}

static std::vector<double> toNumbers(nb::handle value) {
  nb::module_ numpy = nb::module_::import_("numpy");
  nb::object array = numpy.attr("ravel")(numpy.attr("asarray")(value));
  std::vector<double> numbers;
  for (nb::handle number : nb::iter(array.attr("tolist")()))
    numbers.push_back(toNumber(number));
  return numbers;
}

static MlirAttribute checkContext(MlirContext context, MlirAttribute attr) {
  if (!mlirContextEqual(context, mlirAttributeGetContext(attr)))
    throw nb::value_error("it is of another context");
  return attr;
}

static MlirAttribute toDictionary(MlirContext context, nb::handle value) {
  if (nb::isinstance<PyAttribute>(value)) {
    MlirAttribute attr = nb::cast<PyAttribute &>(value);
    if (!mlirAttributeIsADictionary(attr))
      throw nb::type_error("it is no dictionary");
    return checkContext(context, attr);
  }
  std::vector<MlirNamedAttribute> entries;
  nb::object items = value.attr("items")();
  for (nb::handle item : nb::iter(items)) {
    MlirAttribute attr = nb::cast<PyAttribute &>(item[1]);
    std::string name = nb::cast<std::string>(item[0]);
    entries.push_back(mlirNamedAttributeGet(
        mlirIdentifierGet(context, toRef(name)), checkContext(context, attr)));
  }
  return mlirDictionaryAttrGet(context, entries.size(), entries.data());
}

static MlirAttribute toAttribute(MlirContext context,
                                 PfmlirPowerParameterType type,
                                 nb::handle value) {
  switch (type) {
  case PfmlirPowerParameterInteger:
    return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64),
                              toInteger(value));
  case PfmlirPowerParameterQuantity:
    return mlirFloatAttrDoubleGet(context, mlirF64TypeGet(context),
                                  toNumber(value));
  case PfmlirPowerParameterIntegers: {
    std::vector<int64_t> numbers;
    for (nb::handle number : nb::iter(value))
      numbers.push_back(toInteger(number));
    return mlirDenseI64ArrayGet(context, numbers.size(), numbers.data());
  }
  case PfmlirPowerParameterQuantities: {
    std::vector<double> numbers = toNumbers(value);
    return mlirDenseF64ArrayGet(context, numbers.size(), numbers.data());
  }
  case PfmlirPowerParameterString:
    return mlirStringAttrGet(context, toRef(nb::cast<std::string>(value)));
  case PfmlirPowerParameterDictionary:
    return toDictionary(context, value);
  }
  return {nullptr};
}

static nb::builtin_exception refuse(const std::string &where,
                                    const std::string &name,
                                    PfmlirPowerParameterType type,
                                    nb::handle value, const char *why) {
  std::string got = nb::cast<std::string>(nb::repr(value));
  return nb::type_error((where + "expects '" + name + "' to be " +
                         pythonType(type) + ", but got " + got + ": " + why)
                            .c_str());
}

/// The parameters in order, from keywords. Throws TypeError as Python does.
static std::vector<MlirAttribute> readKeywords(PfmlirPowerAttrKind kind,
                                               MlirContext context,
                                               nb::kwargs keywords) {
  const std::string where = std::string(kKinds[kind].className) + ".get(): ";
  std::vector<MlirAttribute> parameters;
  size_t numUsed = 0;
  for (intptr_t i = 0; i < pfmlirPowerAttrGetNumParameters(kind); ++i) {
    std::string name(nameOf(kind, i));
    PfmlirPowerParameterType type = pfmlirPowerAttrGetParameterType(kind, i);
    nb::object value = nb::borrow(keywords).attr("get")(name.c_str());
    numUsed += keywords.contains(name.c_str());
    if (value.is_none()) {
      if (!pfmlirPowerAttrIsParameterOptional(kind, i))
        throw nb::type_error((where + "missing '" + name + "'").c_str());
      parameters.push_back({nullptr});
      continue;
    }
    try {
      parameters.push_back(toAttribute(context, type, value));
    } catch (nb::python_error &error) {
      // Not what Ctrl-C or a lack of memory raises.
      if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_ValueError) &&
          !error.matches(PyExc_OverflowError) &&
          !error.matches(PyExc_AttributeError))
        throw;
      throw refuse(where, name, type, value, error.what());
    } catch (const std::exception &error) {
      throw refuse(where, name, type, value, error.what());
    }
  }
  if (numUsed != keywords.size())
    for (nb::handle key : keywords.keys()) {
      std::string name = nb::cast<std::string>(key);
      bool isKnown = false;
      for (intptr_t i = 0; i < pfmlirPowerAttrGetNumParameters(kind); ++i)
        isKnown |= nameOf(kind, i) == name;
      if (!isKnown)
        throw nb::type_error(
            (where + "unexpected keyword argument '" + name + "'").c_str());
    }
  return parameters;
}

/// Of a matrix of voltages, the rows are states. The attribute's verifier sees
/// only how many numbers there are.
static void checkRows(nb::handle voltagesV, MlirAttribute energyJ) {
  nb::object shape = nb::module_::import_("numpy").attr("shape")(voltagesV);
  const intptr_t numStates = mlirDenseArrayGetNumElements(energyJ);
  if (nb::len(shape) != 2 || nb::cast<intptr_t>(shape[0]) == numStates)
    return;
  const intptr_t numVoltages =
      nb::cast<intptr_t>(shape[0]) * nb::cast<intptr_t>(shape[1]);
  if (numStates == 0 || numVoltages % numStates != 0)
    return;
  std::string got = nb::cast<std::string>(nb::repr(shape));
  throw nb::type_error(("CostTableAttr.get(): expects 'voltages_v' to have a "
                        "row for each entry of 'energy_j', but got shape " +
                        got)
                           .c_str());
}

//===----------------------------------------------------------------------===//
// Classes of attributes
//===----------------------------------------------------------------------===//

/// A signature for type stubs, kept alive for nanobind.
static const char *keep(std::string text) {
  static std::vector<std::unique_ptr<std::string>> kept;
  kept.push_back(std::make_unique<std::string>(std::move(text)));
  return kept.back()->c_str();
}

static const char *signatureOfGet(PfmlirPowerAttrKind kind) {
  std::string text = "def get(*";
  for (intptr_t i = 0; i < pfmlirPowerAttrGetNumParameters(kind); ++i) {
    text += std::string(", ") + std::string(nameOf(kind, i)) + ": " +
            pythonType(pfmlirPowerAttrGetParameterType(kind, i));
    if (pfmlirPowerAttrIsParameterOptional(kind, i))
      text += " | None = None";
  }
  return keep(text +
              ", context: " MAKE_MLIR_PYTHON_QUALNAME(
                  "ir.Context") " | None = None) -> " +
              kKinds[kind].className);
}

template <int K>
struct PowerAttr : PyConcreteAttribute<PowerAttr<K>> {
  static constexpr auto kKind = static_cast<PfmlirPowerAttrKind>(K);
  static bool isA(MlirAttribute attr) {
    return pfmlirPowerAttrIsA(kKind, attr);
  }
  static MlirTypeID typeID() { return pfmlirPowerAttrGetTypeID(kKind); }

  using Base = PyConcreteAttribute<PowerAttr<K>>;
  using typename Base::ClassTy;
  static constexpr typename Base::IsAFunctionTy isaFunction = isA;
  static constexpr const char *pyClassName = kKinds[K].className;
  static constexpr typename Base::GetTypeIDFunctionTy getTypeIdFunction =
      typeID;
  using Base::Base;

  static PowerAttr get(nb::kwargs keywords) {
    nb::object given = keywords.attr("pop")("context", nb::none());
    if (!given.is_none() && !nb::isinstance<PyMlirContext>(given))
      throw nb::type_error((std::string(kKinds[K].className) +
                            ".get(): expects 'context' to be a Context")
                               .c_str());
    PyMlirContext &context = given.is_none()
                                 ? DefaultingPyMlirContext::resolve()
                                 : nb::cast<PyMlirContext &>(given);
    std::vector<MlirAttribute> parameters =
        readKeywords(kKind, context.get(), keywords);
    if (kKind == PfmlirPowerAttrCostTable)
      checkRows(keywords["voltages_v"], parameters[1]);
    PyMlirContext::ErrorCapture errors(context.getRef());
    MlirAttribute attr = pfmlirPowerAttrGetChecked(
        kKind, mlirLocationUnknownGet(context.get()), parameters.data());
    if (mlirAttributeIsNull(attr))
      throw MLIRError("Invalid attribute", errors.take());
    return PowerAttr(context.getRef(), attr);
  }

  static nb::object getProperty(PowerAttr &self, intptr_t index) {
    nb::object value = toPython(
        self.getContext(), pfmlirPowerAttrGetParameterType(kKind, index),
        pfmlirPowerAttrGetParameter(kKind, self, index));
    // One row a state.
    if (kKind == PfmlirPowerAttrCostTable && index == 0) {
      intptr_t numStates = mlirDenseArrayGetNumElements(
          pfmlirPowerAttrGetParameter(kKind, self, 1));
      return value.attr("reshape")(numStates, -1);
    }
    return value;
  }

  static void bindDerived(ClassTy &c) {
    c.doc() = kKinds[K].doc;
    c.def_static(
        "get", &get, nb::sig(signatureOfGet(kKind)),
        "Gets the attribute with these parameters. Raises MLIRError if "
        "the attribute's verifier doesn't accept them.");
    for (intptr_t i = 0; i < pfmlirPowerAttrGetNumParameters(kKind); ++i) {
      PfmlirPowerParameterType type = pfmlirPowerAttrGetParameterType(kKind, i);
      std::string result = type == PfmlirPowerParameterQuantities
                               ? "numpy.typing.NDArray[numpy.float64]"
                           : type == PfmlirPowerParameterIntegers ? "list[int]"
                           : type == PfmlirPowerParameterDictionary
                               ? MAKE_MLIR_PYTHON_QUALNAME("ir.DictAttr")
                               : pythonType(type);
      if (pfmlirPowerAttrIsParameterOptional(kKind, i))
        result += " | None";
      std::string name(nameOf(kKind, i));
      c.def_prop_ro(
          keep(name), [i](PowerAttr &self) { return getProperty(self, i); },
          nb::for_getter(
              nb::sig(keep("def " + name + "(self, /) -> " + result))));
    }
  }
};

template <int... K>
static void bindAttributes(nb::module_ &m, std::integer_sequence<int, K...>) {
  (PowerAttr<K>::bind(m), ...);
}

//===----------------------------------------------------------------------===//
// Module
//===----------------------------------------------------------------------===//

/// The operation of a module, or of what wraps one, kept alive.
static PyOperationRef operationOf(nb::handle module) {
  if (nb::isinstance<PyOperationBase>(module))
    return nb::cast<PyOperationBase &>(module).getOperation().getRef();
  if (nb::isinstance<PyModule>(module)) {
    nb::object operation = module.attr("operation");
    return nb::cast<PyOperationBase &>(operation).getOperation().getRef();
  }
  throw nb::type_error("expects a module");
}

/// What one of the C API's printers prints.
static std::string print(nb::object module, const std::string &format,
                         decltype(&pfmlirPrintSchedule) printer,
                         const std::string &failure) {
  PyOperationRef operation = operationOf(module);
  PyMlirContext::ErrorCapture errors(operation->getContext());
  PyPrintAccumulator text;
  MlirLogicalResult result = printer(operation->get(), toRef(format),
                                     text.getCallback(), text.getUserData());
  if (mlirLogicalResultIsFailure(result))
    throw MLIRError(failure, errors.take());
  return nb::cast<std::string>(text.join());
}

static std::string printSchedule(nb::object module, const std::string &format) {
  return print(module, format, pfmlirPrintSchedule, "No schedule");
}

static std::string printArtifact(nb::object module, const std::string &name) {
  return print(module, name, pfmlirPrintArtifact, "No artifact");
}

namespace {
/// What the errors of a run say of deadlines, as (function, period, shortest).
/// Made before passes run, on top of who keeps the errors' texts.
class InfeasibilityCapture {
public:
  explicit InfeasibilityCapture(MlirContext context)
      : context(context),
        id(mlirContextAttachDiagnosticHandler(context, handle,
                                              /*userData=*/this,
                                              /*deleteUserData=*/nullptr)) {}
  ~InfeasibilityCapture() { mlirContextDetachDiagnosticHandler(context, id); }

  nb::list get() const { return found; }

private:
  /// Fails, for the handlers below to see the diagnostic, too.
  static MlirLogicalResult handle(MlirDiagnostic diagnostic, void *self) {
    PfmlirInfeasibility each;
    if (pfmlirDiagnosticGetInfeasibility(diagnostic, &each))
      static_cast<InfeasibilityCapture *>(self)->found.append(nb::make_tuple(
          toStr(each.function), each.periodS, each.shortestPeriodS));
    return mlirLogicalResultFailure();
  }

  MlirContext context;
  MlirDiagnosticHandlerID id;
  nb::list found;
};
} // namespace

namespace {
/// Waits for work without the GIL, and looks for Ctrl-C.
class Watch {
public:
  /// Whether Ctrl-C is to return what was found, the first time.
  explicit Watch(bool finishes) : finishes(finishes) {}

  static PfmlirWish call(void (*sleep)(void *), void *sleepData, void *self) {
    return static_cast<Watch *>(self)->watch(sleep, sleepData);
  }
  bool hasRaised() const { return bool(raised); }
  /// Raises what a signal's handler raised, once the work is over.
  void raise() {
    if (raised)
      std::rethrow_exception(raised);
  }

private:
  PfmlirWish watch(void (*sleep)(void *), void *sleepData) {
    {
      nb::gil_scoped_release released;
      sleep(sleepData);
    }
    if (raised)
      return PfmlirWishCancel;
    switch (::pfmlir::findInterruption(finishes)) {
    case ::pfmlir::Interruption::None:
      return PfmlirWishGoOn;
    case ::pfmlir::Interruption::Heard:
      finishes = false;
      return PfmlirWishFinish;
    case ::pfmlir::Interruption::Raised:
      break;
    }
    raised = std::make_exception_ptr(nb::python_error());
    return PfmlirWishCancel;
  }

  bool finishes;
  std::exception_ptr raised;
};
} // namespace

/// As PassManager.run, but without the GIL, interruptible, and for what its
/// error has besides.
static void runPasses(MlirPassManager manager, nb::object module,
                      bool finishes) {
  PyOperationRef operation = operationOf(module);
  PyMlirContext::ErrorCapture errors(operation->getContext());
  InfeasibilityCapture infeasibilities(operation->getContext()->get());
  Watch watch(finishes);
  MlirLogicalResult result = pfmlirPassManagerRunInterruptibly(
      manager, operation->get(), Watch::call, &watch);
  if (watch.hasRaised())
    errors.take();
  watch.raise();
  if (mlirLogicalResultIsSuccess(result))
    return;
  nb::list diagnostics;
  for (PyDiagnostic::DiagnosticInfo &each : errors.take())
    diagnostics.append(std::move(each));
  nb::object kind =
      nb::module_::import_(MAKE_MLIR_PYTHON_QUALNAME("ir")).attr("MLIRError");
  nb::object error = kind("Failure while executing passes", diagnostics);
  error.attr("infeasibilities") = infeasibilities.get();
  PyErr_SetObject(kind.ptr(), error.ptr());
  throw nb::python_error();
}

/// A numpy array that keeps the problem that its numbers are in.
template <typename T>
static nb::object viewArray(const T *data, std::initializer_list<size_t> shape,
                            nb::handle owner) {
  return nb::cast(nb::ndarray<nb::numpy, const T>(data, shape.size(),
                                                  shape.begin(), owner));
}

/// What a setting of an axis is: a number, or the name of a mode, an engine or
/// an idle state.
static nb::object getSetting(PfmlirProblem problem, size_t axis,
                             size_t setting) {
  PfmlirAxisKind kind = pfmlirProblemGetAxisKind(problem, axis);
  if (kind == PfmlirAxisLevels || kind == PfmlirAxisBanks)
    return nb::float_(pfmlirProblemGetSettingValue(problem, axis, setting));
  return toStr(pfmlirProblemGetSettingName(problem, axis, setting));
}

static nb::dict getAxis(PfmlirProblem problem, size_t axis, nb::handle owner) {
  static constexpr const char *kKinds[] = {"levels", "modes", "banks",
                                           "engines", "idle states"};
  const size_t size = pfmlirProblemGetNumSettings(problem, axis);
  nb::list settings, rails;
  for (size_t setting = 0; setting < size; ++setting) {
    settings.append(getSetting(problem, axis, setting));
    intptr_t rail = pfmlirProblemGetSettingRail(problem, axis, setting);
    rails.append(rail < 0 ? nb::object(nb::none())
                          : nb::object(nb::int_(rail)));
  }
  nb::dict parts;
  parts["name"] = toStr(pfmlirProblemGetAxisName(problem, axis));
  parts["kind"] = kKinds[pfmlirProblemGetAxisKind(problem, axis)];
  parts["settings"] = settings;
  parts["rails"] = rails;
  parts["transition_energy_j"] = viewArray(
      pfmlirProblemGetTransitionEnergyJ(problem, axis), {size, size}, owner);
  parts["transition_time_s"] = viewArray(
      pfmlirProblemGetTransitionTimeS(problem, axis), {size, size}, owner);
  return parts;
}

static nb::typed<nb::dict, nb::str, nb::any> getProblem(nb::object module) {
  PyOperationRef operation = operationOf(module);
  PyMlirContext::ErrorCapture errors(operation->getContext());
  PfmlirProblem problem = pfmlirProblemCreate(operation->get());
  if (!problem.ptr)
    throw MLIRError("No layers to schedule", errors.take());
  nb::capsule owner(problem.ptr, [](void *pointer) noexcept {
    pfmlirProblemDestroy({pointer});
  });
  const size_t numLayers = pfmlirProblemGetNumLayers(problem);
  const size_t numLevels = pfmlirProblemGetNumLevels(problem);
  const size_t numAxes = pfmlirProblemGetNumAxes(problem);
  const size_t numStates = pfmlirProblemGetLayerBegin(problem, numLayers);

  nb::dict parts;
  nb::list layerBegin, sleepStates, layerNames, axes;
  for (size_t layer = 0; layer < numLayers; ++layer)
    layerNames.append(toStr(pfmlirProblemGetLayerName(problem, layer)));
  nb::list probabilities;
  for (size_t layer = 0; layer < numLayers; ++layer)
    probabilities.append(pfmlirProblemGetProbability(problem, layer));
  for (size_t axis = 0; axis < numAxes; ++axis)
    axes.append(getAxis(problem, axis, owner));
  std::vector<double> levelsV;
  for (size_t level = 0; level < numLevels; ++level)
    levelsV.push_back(pfmlirProblemGetLevelV(problem, level));
  parts["layer_names"] = layerNames;
  parts["axes"] = axes;
  nb::object levels = makeArray(std::move(levelsV));
  levels.attr("flags").attr("writeable") = false;
  parts["levels_v"] = levels;
  for (size_t layer = 0; layer <= numLayers; ++layer)
    layerBegin.append(pfmlirProblemGetLayerBegin(problem, layer));
  for (intptr_t i = 0; i < pfmlirProblemGetNumSleepStates(problem); ++i) {
    double sleep[3];
    pfmlirProblemGetSleepState(problem, i, sleep);
    sleepStates.append(nb::make_tuple(sleep[0], sleep[1], sleep[2]));
  }
  parts["layer_begin"] = layerBegin;
  parts["settings"] = viewArray(pfmlirProblemGetStateSettings(problem),
                                {numStates, numAxes}, owner);
  parts["energy_j"] =
      viewArray(pfmlirProblemGetEnergyJ(problem), {numStates}, owner);
  parts["time_s"] =
      viewArray(pfmlirProblemGetTimeS(problem), {numStates}, owner);
  parts["idle_power_w"] =
      viewArray(pfmlirProblemGetIdlePowerW(problem), {numStates}, owner);
  parts["sleep_states"] = sleepStates;
  parts["max_rails"] = pfmlirProblemGetMaxRails(problem);
  parts["probabilities"] = probabilities;
  parts["margin"] = pfmlirProblemGetMargin(problem);
  parts["rail_power_w"] = pfmlirProblemGetRailPowerW(problem);
  parts["transition_power_w"] = pfmlirProblemGetTransitionPowerW(problem);
  parts["overlapping_ramps"] = pfmlirProblemHasOverlappingRamps(problem);
  return parts;
}

//===----------------------------------------------------------------------===//
// Designs
//===----------------------------------------------------------------------===//

using Indices =
    nb::ndarray<const int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Numbers =
    nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

namespace {
/// A network on a target that is solved for many designs, with the module that
/// they are of.
class Designs {
public:
  explicit Designs(nb::object module) : operation(operationOf(module)) {
    PyMlirContext::ErrorCapture errors(operation->getContext());
    designs = pfmlirDesignsCreate(operation->get());
    if (!designs.ptr)
      throw MLIRError("No layers to schedule", errors.take());
  }
  Designs(const Designs &) = delete;
  ~Designs() { pfmlirDesignsDestroy(designs); }

  nb::typed<nb::list, nb::any> getParameters();
  nb::typed<nb::dict, nb::str, nb::any>
  solve(nb::typed<nb::list, nb::any> changes, Indices changeBegin,
        Indices changeOf, Numbers periodS, const std::string &search,
        double timeLimitS, double gap, size_t memoryLimitBytes,
        unsigned threads, bool finishes);

private:
  PyOperationRef operation;
  PfmlirDesigns designs;
};
} // namespace

/// An attribute as Python has it; None for null.
static nb::object toPython(PyMlirContextRef context, MlirAttribute attr) {
  return mlirAttributeIsNull(attr)
             ? nb::none()
             : nb::object(PyAttribute(context, attr).maybeDownCast());
}

nb::typed<nb::list, nb::any> Designs::getParameters() {
  nb::typed<nb::list, nb::any> parameters;
  for (intptr_t i = 0; i < pfmlirDesignsGetNumParameters(designs); ++i)
    parameters.append(
        nb::make_tuple(toStr(pfmlirDesignsGetParameterPath(designs, i)),
                       toPython(operation->getContext(),
                                pfmlirDesignsGetParameterValue(designs, i))));
  return parameters;
}

static intptr_t findSearch(const std::string &name) {
  for (intptr_t i = 0; i < pfmlirGetNumSearches(); ++i)
    if (view(pfmlirGetSearch(i).name) == name)
      return i;
  throw nb::value_error(("search: there is no '" + name + "'").c_str());
}

static std::vector<PfmlirParameterChange>
readChanges(MlirContext context, nb::list changes, intptr_t numParameters) {
  std::vector<PfmlirParameterChange> read;
  for (nb::handle change : changes) {
    auto parameter = nb::cast<intptr_t>(change[0]);
    if (parameter < 0 || parameter >= numParameters)
      throw nb::index_error("changes: there is no such parameter");
    MlirAttribute value{nullptr};
    if (!nb::object(change[1]).is_none())
      value = checkContext(context, nb::cast<PyAttribute &>(change[1]));
    read.push_back({parameter, value});
  }
  return read;
}

/// Checks that designs name changes that there are.
static void checkIndices(const Indices &changeBegin, const Indices &changeOf,
                         size_t numDesigns, size_t numChanges) {
  bool isValid = changeBegin.size() == numDesigns + 1 && changeBegin(0) == 0 &&
                 changeBegin(numDesigns) == int64_t(changeOf.size());
  for (size_t i = 0; isValid && i < numDesigns; ++i)
    isValid = changeBegin(i) <= changeBegin(i + 1);
  for (size_t i = 0; isValid && i < changeOf.size(); ++i)
    isValid = changeOf(i) >= 0 && size_t(changeOf(i)) < numChanges;
  if (!isValid)
    throw nb::value_error("change_begin, change_of: expected the changes of "
                          "each design, by their indices");
}

/// What was found of all designs: an array, or a list of texts, a number each;
/// the rails of all, one after the other.
static nb::dict describe(PfmlirDesignAnswers answers, size_t numDesigns) {
  std::vector<double> status, energyJ, lowerBoundJ, activeTimeS, shortestS,
      numRails, railsV;
  nb::list tails;
  nb::dict reasons;
  for (size_t i = 0; i < numDesigns; ++i) {
    PfmlirDesignAnswer answer = pfmlirDesignAnswersGet(answers, i);
    status.push_back(answer.status);
    energyJ.push_back(answer.energyJ);
    lowerBoundJ.push_back(answer.lowerBoundJ);
    activeTimeS.push_back(answer.activeTimeS);
    shortestS.push_back(answer.shortestPeriodS);
    numRails.push_back(answer.numRails);
    railsV.insert(railsV.end(), answer.railsV, answer.railsV + answer.numRails);
    tails.append(toStr(answer.tail));
    if (answer.reason.length)
      reasons[nb::int_(i)] = toStr(answer.reason);
  }
  nb::dict parts;
  parts["status"] = makeArray(std::move(status));
  parts["energy_j"] = makeArray(std::move(energyJ));
  parts["lower_bound_j"] = makeArray(std::move(lowerBoundJ));
  parts["active_time_s"] = makeArray(std::move(activeTimeS));
  parts["shortest_period_s"] = makeArray(std::move(shortestS));
  parts["num_rails"] = makeArray(std::move(numRails));
  parts["rails_v"] = makeArray(std::move(railsV));
  parts["tails"] = tails;
  parts["reasons"] = reasons;
  return parts;
}

nb::typed<nb::dict, nb::str, nb::any>
Designs::solve(nb::typed<nb::list, nb::any> changes, Indices changeBegin,
               Indices changeOf, Numbers periodS, const std::string &search,
               double timeLimitS, double gap, size_t memoryLimitBytes,
               unsigned threads, bool finishes) {
  std::vector<PfmlirParameterChange> read =
      readChanges(operation->getContext()->get(), changes,
                  pfmlirDesignsGetNumParameters(designs));
  checkIndices(changeBegin, changeOf, periodS.size(), read.size());
  PfmlirDesignRequest request;
  request.numChanges = read.size();
  request.changes = read.data();
  request.numDesigns = periodS.size();
  static_assert(sizeof(intptr_t) == sizeof(int64_t));
  request.changeBegin = reinterpret_cast<const intptr_t *>(changeBegin.data());
  request.changeOf = reinterpret_cast<const intptr_t *>(changeOf.data());
  request.periodS = periodS.data();
  request.search = findSearch(search);
  request.timeLimitS = timeLimitS;
  request.gap = gap;
  request.memoryLimitBytes = memoryLimitBytes;
  request.threads = threads;
  Watch watch(finishes);
  PfmlirDesignAnswers answers =
      pfmlirDesignsSolve(designs, &request, Watch::call, &watch);
  nb::capsule owner(answers.ptr, [](void *pointer) noexcept {
    pfmlirDesignAnswersDestroy({pointer});
  });
  watch.raise();
  return describe(answers, periodS.size());
}

static nb::typed<nb::dict, nb::str, nb::str> getBuiltinTargets() {
  nb::dict targets;
  for (intptr_t i = 0; i < pfmlirGetNumBuiltinTargets(); ++i) {
    auto name = view(pfmlirGetBuiltinTargetName(i));
    auto text = view(pfmlirGetBuiltinTargetText(i));
    targets[nb::str(name.data(), name.size())] =
        nb::str(text.data(), text.size());
  }
  return targets;
}

static void populate(nb::module_ &m) {
  m.doc() = "The power dialect, its attributes and passes.";
  bindAttributes(m, std::make_integer_sequence<int, PfmlirPowerAttrNumKinds>());
  m.def(
      "register_dialects",
      [](MlirDialectRegistry registry) { pfmlirRegisterAllDialects(registry); },
      "registry"_a, "Adds the power dialect and those that networks use.");
  m.def("print_schedule", &printSchedule, "module"_a, "format"_a,
        "Prints the schedule of a module as json, csv or table. Raises "
        "MLIRError where there is none.");
  m.def("print_artifact", &printArtifact, "module"_a, "name"_a,
        "Prints what a schedule is handed on as: c-header, verilog, spice, ... "
        "Raises MLIRError where it can't be made.");
  m.def("run_passes", &runPasses, "pass_manager"_a, "module"_a,
        "finishes_if_interrupted"_a = false,
        "Runs passes as PassManager.run does, without the GIL. Ctrl-C ends the "
        "search, as its time limit would if it finishes then. The MLIRError "
        "that it raises has "
        "`infeasibilities`: for each deadline that can't be kept the function, "
        "its period and the shortest that could be had, in seconds (infinite "
        "if none could).");
  m.def("problem", &getProblem, "module"_a,
        "The scheduling problem of a module of layers on a target, as arrays. "
        "Raises MLIRError where there is none.");
  m.def(
      "frequency_hz",
      [](PyAttribute &law, double voltageV, double nominalV, double nominalHz) {
        return pfmlirPowerLawGetFrequencyHz(law, voltageV, nominalV, nominalHz);
      },
      "law"_a, "voltage_v"_a, "nominal_v"_a, "nominal_hz"_a,
      "The highest clock frequency in hertz that a voltage-frequency law "
      "allows "
      "at a voltage, of a domain that runs at `nominal_hz` at `nominal_v`; NaN "
      "where the law does not hold, and of an attribute that is none.");
  nb::class_<Designs>(m, "Designs",
                      "A network on a target, to be solved for many designs: "
                      "other values of its parameters.")
      .def(nb::init<nb::object>(), "module"_a,
           "Of a module of layers on a target, which stays as it is. Raises "
           "MLIRError where there is none.")
      .def("parameters", &Designs::getParameters,
           "The path and the value of every parameter, None where an optional "
           "one is absent.")
      .def("solve", &Designs::solve, "changes"_a, "change_begin"_a,
           "change_of"_a, "period_s"_a, "search"_a, "time_limit_s"_a, "gap"_a,
           "memory_limit_bytes"_a, "threads"_a,
           "finishes_if_interrupted"_a = false,
           "Solves designs, without the GIL. See pfmlir.compile.designs.");
  m.def("builtin_targets", &getBuiltinTargets,
        "The MLIR text of every built-in target, by name.");
  pfmlirRegisterAllPasses();

  // Contexts that are entered and never left would be let go of by the thread,
  // which ends after the interpreter.
  nb::module_::import_("atexit").attr("register")(
      nb::cpp_function([] { PyThreadContextEntry::getStack().clear(); }));
}

} // namespace mlir::python::MLIR_BINDINGS_PYTHON_DOMAIN::power

NB_MODULE(_pfmlirPower, m) {
  mlir::python::MLIR_BINDINGS_PYTHON_DOMAIN::power::populate(m);
}
