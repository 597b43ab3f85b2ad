//===- PowerAttrs.cpp - Attributes of the power dialect ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/Power.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

FailureOr<FloatAttr> pfmlir::power::parseQuantity(AsmParser &parser) {
  double value;
  if (parser.parseFloat(value))
    return failure();
  return parser.getBuilder().getF64FloatAttr(value);
}

FailureOr<DenseF64ArrayAttr> pfmlir::power::parseQuantities(AsmParser &parser) {
  SmallVector<double> quantities;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
        return parser.parseFloat(quantities.emplace_back());
      }))
    return failure();
  return parser.getBuilder().getDenseF64ArrayAttr(quantities);
}

void pfmlir::power::printQuantities(AsmPrinter &printer,
                                    ArrayRef<double> quantities) {
  printer << "[";
  llvm::interleaveComma(quantities, printer, [&](double quantity) {
    printer.printFloat(APFloat(quantity));
  });
  printer << "]";
}

SmallVector<double> pfmlir::power::readNumbers(ArrayAttr numbers) {
  return llvm::map_to_vector(
      numbers.getAsRange<FloatAttr>(),
      [](FloatAttr number) { return number.getValueAsDouble(); });
}

using EmitError = function_ref<InFlightDiagnostic()>;

/// Called by the verifier of AnalyticalAttr, which is generated.
static LogicalResult verifyAnalytical(EmitError emitError,
                                      ArrayRef<FloatAttr> constants,
                                      std::optional<int64_t> reductionChunk);

#include "pfmlir/Dialect/PowerEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "pfmlir/Dialect/PowerAttrs.cpp.inc"

void PowerDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "pfmlir/Dialect/PowerAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Checks that several attributes share
//===----------------------------------------------------------------------===//

static LogicalResult verifyCount(EmitError emitError, StringRef name,
                                 size_t count, StringRef expected, bool ok) {
  if (ok)
    return success();
  return emitError() << "expects " << name << " to be " << expected
                     << ", but got " << count << " values";
}

static LogicalResult verifyAtLeast(EmitError emitError, StringRef name,
                                   ArrayRef<int64_t> values, int64_t minimum) {
  for (int64_t value : values)
    if (value < minimum)
      return emitError() << "expects " << name << " to be at least " << minimum
                         << ", but got " << value;
  return success();
}

/// Bounds under which counting what a layer does can't overflow.
static constexpr int64_t kMostElements = int64_t(1) << 31;
static constexpr int64_t kMostMultiplyAccumulates = int64_t(1) << 53;

static LogicalResult verifyAtMost(EmitError emitError, StringRef name,
                                  ArrayRef<int64_t> values, int64_t maximum) {
  for (int64_t value : values)
    if (value > maximum)
      return emitError() << "expects " << name << " to be at most " << maximum
                         << ", but got " << value;
  return success();
}

/// The size of something that is there.
static LogicalResult verifyExtents(EmitError emitError, StringRef name,
                                   ArrayRef<int64_t> values) {
  return success(
      succeeded(verifyAtLeast(emitError, name, values, 1)) &&
      succeeded(verifyAtMost(emitError, name, values, kMostElements)));
}

static LogicalResult verifyWork(EmitError emitError,
                                ArrayRef<int64_t> factors) {
  double work = 1;
  for (int64_t factor : factors)
    work *= double(factor);
  if (work <= double(kMostMultiplyAccumulates))
    return success();
  return emitError() << "expects at most " << kMostMultiplyAccumulates
                     << " multiply-accumulates, but got about "
                     << formatNumber(work);
}

static LogicalResult verifyNotNegative(EmitError emitError, StringRef name,
                                       ArrayRef<double> values) {
  for (double value : values)
    if (!std::isfinite(value) || value < 0)
      return emitError() << "expects " << name
                         << " to be finite and not negative, but got "
                         << formatNumber(value);
  return success();
}

static LogicalResult verifyPositive(EmitError emitError, StringRef name,
                                    ArrayRef<double> values) {
  for (double value : values)
    if (!std::isfinite(value) || value <= 0)
      return emitError() << "expects " << name
                         << " to be finite and positive, but got "
                         << formatNumber(value);
  return success();
}

//===----------------------------------------------------------------------===//
// Conv2DAttr
//===----------------------------------------------------------------------===//

static std::array<int64_t, 2> pairOrOne(DenseI64ArrayAttr attr) {
  return attr ? std::array<int64_t, 2>{attr[0], attr[1]}
              : std::array<int64_t, 2>{1, 1};
}

std::array<int64_t, 2> Conv2DAttr::getStridesOrOne() const {
  return pairOrOne(getStrides());
}

std::array<int64_t, 2> Conv2DAttr::getDilationsOrOne() const {
  return pairOrOne(getDilations());
}

std::array<int64_t, 2> Conv2DAttr::getTotalPadding() const {
  DenseI64ArrayAttr padding = getPadding();
  if (!padding)
    return {0, 0};
  return {padding[0] + padding[1], padding[2] + padding[3]};
}

std::array<int64_t, 2> Conv2DAttr::getOutputSize() const {
  std::array<int64_t, 2> output;
  for (unsigned i : {0u, 1u}) {
    int64_t span = (getKernel()[i] - 1) * getDilationsOrOne()[i] + 1;
    int64_t padded = getInput()[1 + i] + getTotalPadding()[i];
    output[i] = padded < span ? 0 : (padded - span) / getStridesOrOne()[i] + 1;
  }
  return output;
}

int64_t Conv2DAttr::getMultiplyAccumulates() const {
  auto [height, width] = getOutputSize();
  return getBatch() * height * width * getOutputChannels() *
         (getInputChannels() / getGroups()) * getKernel()[0] * getKernel()[1];
}

LogicalResult
Conv2DAttr::verify(EmitError emitError, DenseI64ArrayAttr input,
                   int64_t outputChannels, DenseI64ArrayAttr kernel,
                   DenseI64ArrayAttr strides, DenseI64ArrayAttr padding,
                   DenseI64ArrayAttr dilations, int64_t groups, int64_t batch) {
  if (failed(verifyCount(emitError, "input", input.size(),
                         "[channels, height, width]", input.size() == 3)) ||
      failed(verifyCount(emitError, "kernel", kernel.size(), "[height, width]",
                         kernel.size() == 2)) ||
      failed(verifyExtents(emitError, "input", input)) ||
      failed(verifyExtents(emitError, "kernel", kernel)) ||
      failed(verifyExtents(emitError, "output_channels", outputChannels)) ||
      failed(verifyExtents(emitError, "groups", groups)) ||
      failed(verifyExtents(emitError, "batch", batch)))
    return failure();
  for (auto [name, pair] :
       {std::pair("strides", strides), std::pair("dilations", dilations)})
    if (pair &&
        (failed(verifyCount(emitError, name, pair.size(),
                            "[vertical, horizontal]", pair.size() == 2)) ||
         failed(verifyExtents(emitError, name, pair))))
      return failure();
  if (padding &&
      (failed(verifyCount(emitError, "padding", padding.size(),
                          "[top, bottom, left, right]", padding.size() == 4)) ||
       failed(verifyAtLeast(emitError, "padding", padding, 0)) ||
       failed(verifyAtMost(emitError, "padding", padding, kMostElements))))
    return failure();
  if (input[0] % groups != 0 || outputChannels % groups != 0)
    return emitError() << "expects groups to divide the channels, but got "
                       << groups << " groups of " << input[0] << " input and "
                       << outputChannels << " output channels";
  for (unsigned i : {0u, 1u}) {
    int64_t span = (kernel[i] - 1) * pairOrOne(dilations)[i] + 1;
    int64_t padded =
        input[1 + i] + (padding ? padding[2 * i] + padding[2 * i + 1] : 0);
    if (span > padded)
      return emitError() << "expects the kernel to fit into the padded input, "
                            "but got "
                         << (i ? "width " : "height ") << padded
                         << " for a kernel that spans " << span;
  }
  // The output is no larger than the padded input.
  int64_t height = input[1] + (padding ? padding[0] + padding[1] : 0);
  int64_t width = input[2] + (padding ? padding[2] + padding[3] : 0);
  return verifyWork(emitError, {batch, height, width, input[0] / groups,
                                outputChannels, kernel[0], kernel[1]});
}

//===----------------------------------------------------------------------===//
// MatmulAttr
//===----------------------------------------------------------------------===//

int64_t MatmulAttr::getMultiplyAccumulates() const {
  return getBatch() * getM() * getK() * getN();
}

LogicalResult MatmulAttr::verify(EmitError emitError, int64_t m, int64_t k,
                                 int64_t n, int64_t batch) {
  for (auto [name, value] : {std::pair("m", m), std::pair("k", k),
                             std::pair("n", n), std::pair("batch", batch)})
    if (failed(verifyExtents(emitError, name, value)))
      return failure();
  return verifyWork(emitError, {batch, m, k, n});
}

//===----------------------------------------------------------------------===//
// Voltage-frequency laws
//===----------------------------------------------------------------------===//

static double polynomial(ArrayRef<double> coefficients, double x) {
  double value = 0;
  for (double coefficient : llvm::reverse(coefficients))
    value = value * x + coefficient;
  return value;
}

double DelayPolynomialAttr::getDelay(double voltageV) const {
  return polynomial(getCoefficients(), voltageV);
}

std::pair<double, double> DelayPolynomialAttr::getVoltageRange() const {
  return {getMinimumV().getValueAsDouble(), getMaximumV().getValueAsDouble()};
}

double DelayPolynomialAttr::getFrequencyHz(double voltageV, double nominalV,
                                           double nominalHz) const {
  return nominalHz * getDelay(nominalV) / getDelay(voltageV);
}

LogicalResult DelayPolynomialAttr::verify(EmitError emitError,
                                          DenseF64ArrayAttr coefficients,
                                          FloatAttr minimumV,
                                          FloatAttr maximumV) {
  double low = minimumV.getValueAsDouble(), high = maximumV.getValueAsDouble();
  if (failed(verifyPositive(emitError, "minimum_v", low)) ||
      failed(verifyPositive(emitError, "maximum_v", high)))
    return failure();
  if (low > high)
    return emitError() << "expects minimum_v not to exceed maximum_v, but got "
                       << formatNumber(low) << " and " << formatNumber(high);
  for (double coefficient : coefficients.asArrayRef())
    if (!std::isfinite(coefficient))
      return emitError() << "expects finite coefficients, but got "
                         << formatNumber(coefficient);
  // A fit is only as good as its samples; these find one that turns around.
  constexpr int kSamples = 64;
  double previous = 0;
  for (int i = 0; i <= kSamples; ++i) {
    double voltage = low + (high - low) * i / kSamples;
    double delay = polynomial(coefficients, voltage);
    if (!(delay > 0))
      return emitError() << "expects a positive delay, but it is "
                         << formatNumber(delay) << " at "
                         << formatNumber(voltage) << " V";
    if (i > 0 && delay > previous)
      return emitError() << "expects a delay that does not increase with the "
                            "voltage, but it does at "
                         << formatNumber(voltage) << " V";
    previous = delay;
  }
  return success();
}

std::pair<double, double> FrequencyTableAttr::getVoltageRange() const {
  ArrayRef<double> voltages = getVoltageV();
  return {voltages.front(), voltages.back()};
}

double FrequencyTableAttr::getFrequencyHz(double voltageV, double,
                                          double) const {
  ArrayRef<double> voltages = getVoltageV(), frequencies = getFrequencyHz();
  size_t above = llvm::lower_bound(voltages, voltageV) - voltages.begin();
  if (above == 0)
    return frequencies.front();
  if (above == voltages.size())
    return frequencies.back();
  double share = (voltageV - voltages[above - 1]) /
                 (voltages[above] - voltages[above - 1]);
  return frequencies[above - 1] +
         share * (frequencies[above] - frequencies[above - 1]);
}

LogicalResult FrequencyTableAttr::verify(EmitError emitError,
                                         DenseF64ArrayAttr voltages,
                                         DenseF64ArrayAttr frequencies) {
  if (voltages.empty() || voltages.size() != frequencies.size())
    return emitError() << "expects as many voltages as frequencies, at least "
                          "one, but got "
                       << voltages.size() << " and " << frequencies.size();
  if (failed(verifyPositive(emitError, "voltage_v", voltages)) ||
      failed(verifyPositive(emitError, "frequency_hz", frequencies)))
    return failure();
  for (int64_t i = 1; i < voltages.size(); ++i) {
    if (voltages[i] <= voltages[i - 1])
      return emitError() << "expects increasing voltages, but got "
                         << formatNumber(voltages[i]) << " after "
                         << formatNumber(voltages[i - 1]);
    if (frequencies[i] < frequencies[i - 1])
      return emitError() << "expects frequencies that do not decrease, but got "
                         << formatNumber(frequencies[i]) << " after "
                         << formatNumber(frequencies[i - 1]);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// GatingAttr
//===----------------------------------------------------------------------===//

LogicalResult GatingAttr::verify(EmitError emitError, GatingMode,
                                 int64_t granularity) {
  return verifyAtLeast(emitError, "granularity", granularity, 1);
}

//===----------------------------------------------------------------------===//
// CostTableAttr
//===----------------------------------------------------------------------===//

/// `number` followed by the symbol of its unit.
static ParseResult parseWithUnit(AsmParser &parser, StringRef unit,
                                 SmallVectorImpl<double> &values) {
  return failure(parser.parseFloat(values.emplace_back()) ||
                 parser.parseKeyword(unit));
}

Attribute CostTableAttr::parse(AsmParser &parser, Type) {
  SmallVector<double> voltages, energies, times, leakages;
  SMLoc loc = parser.getCurrentLocation();
  size_t numDomains = 0;
  auto parseRow = [&]() -> ParseResult {
    SMLoc rowLoc = parser.getCurrentLocation();
    size_t before = voltages.size();
    if (parser.parseCommaSeparatedList(
            AsmParser::Delimiter::Square,
            [&] { return parser.parseFloat(voltages.emplace_back()); }) ||
        parser.parseArrow() || parseWithUnit(parser, "J", energies) ||
        parser.parseComma() || parseWithUnit(parser, "s", times) ||
        parser.parseComma() || parseWithUnit(parser, "W", leakages))
      return failure();
    size_t inRow = voltages.size() - before;
    if (energies.size() == 1)
      numDomains = inRow;
    if (inRow != numDomains || inRow == 0)
      return parser.emitError(rowLoc)
             << "expects one voltage a domain in every row, but got " << inRow
             << (energies.size() == 1
                     ? std::string()
                     : " after rows of " + std::to_string(numDomains));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseRow))
    return {};
  Builder &builder = parser.getBuilder();
  return parser.getChecked<CostTableAttr>(
      loc, parser.getContext(), builder.getDenseF64ArrayAttr(voltages),
      builder.getDenseF64ArrayAttr(energies),
      builder.getDenseF64ArrayAttr(times),
      builder.getDenseF64ArrayAttr(leakages));
}

void CostTableAttr::print(AsmPrinter &printer) const {
  auto number = [&](double value) { printer.printFloat(APFloat(value)); };
  printer << "<";
  llvm::interleaveComma(llvm::seq(getNumStates()), printer, [&](size_t state) {
    printQuantities(printer, getStateVoltagesV(state));
    printer << " -> ";
    number(getEnergyJ()[state]);
    printer << " J, ";
    number(getTimeS()[state]);
    printer << " s, ";
    number(getLeakageW()[state]);
    printer << " W";
  });
  printer << ">";
}

LogicalResult CostTableAttr::verify(EmitError emitError,
                                    DenseF64ArrayAttr voltages,
                                    DenseF64ArrayAttr energies,
                                    DenseF64ArrayAttr times,
                                    DenseF64ArrayAttr leakages) {
  size_t numStates = energies.size();
  if (numStates == 0)
    return emitError() << "expects at least one state, but got none";
  if (size_t(times.size()) != numStates ||
      size_t(leakages.size()) != numStates || voltages.empty() ||
      voltages.size() % numStates != 0)
    return emitError() << "expects an energy, a time, a leakage power and the "
                          "domains' voltages for every state, but got "
                       << energies.size() << ", " << times.size() << ", "
                       << leakages.size() << " and " << voltages.size()
                       << " values";
  if (failed(verifyPositive(emitError, "voltages", voltages)) ||
      failed(verifyNotNegative(emitError, "energies", energies)) ||
      failed(verifyNotNegative(emitError, "times", times)) ||
      failed(verifyNotNegative(emitError, "leakage powers", leakages)))
    return failure();
  size_t numDomains = voltages.size() / numStates;
  SmallVector<ArrayRef<double>> rows;
  for (size_t state = 0; state < numStates; ++state)
    rows.push_back(voltages.asArrayRef().slice(state * numDomains, numDomains));
  llvm::sort(rows, [](ArrayRef<double> a, ArrayRef<double> b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
  auto twin = std::adjacent_find(rows.begin(), rows.end());
  if (twin == rows.end())
    return success();
  InFlightDiagnostic diagnostic =
      emitError() << "expects one row a state, but got two at [";
  llvm::interleaveComma(*twin, diagnostic, [&](double voltage) {
    diagnostic << formatNumber(voltage);
  });
  return diagnostic << "] V";
}

//===----------------------------------------------------------------------===//
// Cost models
//===----------------------------------------------------------------------===//

LogicalResult MeasuredAttr::verify(EmitError emitError, DictionaryAttr tables) {
  for (NamedAttribute entry : tables)
    if (!isa<CostTableAttr>(entry.getValue()))
      return emitError() << "expects a #power.cost_table for layer '"
                         << entry.getName().getValue() << "', but got "
                         << entry.getValue();
  return success();
}

/// Reports a table whose rows don't have one voltage a domain of the target, or
/// a voltage that the target can't supply.
static LogicalResult verifyTable(TargetOp target, StringRef layer,
                                 CostTableAttr table) {
  if (table.getNumDomains() != target.getDomains().size())
    return emitBriefOpError(target)
           << "expects one voltage a domain (" << target.getDomains().size()
           << ") in the cost table of layer '" << layer << "', but got "
           << table.getNumDomains();
  for (double voltage : table.getVoltagesV().asArrayRef())
    if (!target.getLevelIndex(voltage))
      return emitBriefOpError(target)
             << "expects the voltages in the cost table of layer '" << layer
             << "' to be among its levels, but got " << formatNumber(voltage)
             << " V";
  return success();
}

LogicalResult MeasuredAttr::verifyTarget(TargetOp &target) const {
  for (NamedAttribute entry : getTables())
    if (failed(verifyTable(target, entry.getName(),
                           cast<CostTableAttr>(entry.getValue()))))
      return failure();
  return success();
}

static LogicalResult verifyAnalytical(EmitError emitError,
                                      ArrayRef<FloatAttr> constants,
                                      std::optional<int64_t> reductionChunk) {
  for (auto [name, value] :
       llvm::zip_equal(AnalyticalAttr::getConstantNames(), constants))
    if (failed(verifyNotNegative(emitError, name, value.getValueAsDouble())))
      return failure();
  if (reductionChunk)
    return verifyAtLeast(emitError, "reduction_chunk", *reductionChunk, 1);
  return success();
}

static LogicalResult verifyDifferent(TargetOp target, StringRef what,
                                     ArrayRef<StringAttr> names) {
  llvm::SmallPtrSet<Attribute, 4> seen;
  for (StringAttr name : names)
    if (!seen.insert(name).second)
      return emitBriefOpError(target)
             << "expects its cost model to name different " << what
             << ", but got '" << name.getValue() << "' twice";
  return success();
}

LogicalResult AnalyticalAttr::verifyTarget(TargetOp &target) const {
  const StringAttr domains[] = {getArrayDomain(), getWeightDomain(),
                                getFeederDomain()};
  const StringAttr memories[] = {getInputMemory(), getOutputMemory(),
                                 getWeightMemory()};
  if (failed(verifyDifferent(target, "power domains", domains)) ||
      failed(verifyDifferent(target, "memories", memories)))
    return failure();
  for (StringAttr name : domains) {
    auto domain =
        dyn_cast_or_null<DomainOp>(SymbolTable::lookupSymbolIn(target, name));
    if (!domain)
      return emitBriefOpError(target)
             << "expects a power.domain @" << name.getValue()
             << ", which its cost model speaks of";
    if (!domain.getLaw() || !domain.getLeakageW())
      return emitBriefOpError(domain)
             << "expects a 'frequency_hz' with its 'law', and a 'leakage_w', "
                "which the analytical cost model needs";
  }
  for (StringAttr name : memories)
    if (!isa_and_nonnull<MemoryOp>(SymbolTable::lookupSymbolIn(target, name)))
      return emitBriefOpError(target)
             << "expects a power.memory @" << name.getValue()
             << ", which its cost model speaks of";
  if (target.getDomains().size() != 3)
    return emitBriefOpError(target) << "expects the three power domains of the "
                                       "analytical cost model, but got "
                                    << target.getDomains().size();
  return success();
}

//===----------------------------------------------------------------------===//
// StateAttr
//===----------------------------------------------------------------------===//

LogicalResult StateAttr::verify(EmitError emitError, DenseF64ArrayAttr voltages,
                                FloatAttr energyJ, FloatAttr timeS,
                                FloatAttr leakageW) {
  if (voltages.empty())
    return emitError() << "expects one voltage a domain, but got none";
  return success(succeeded(verifyPositive(emitError, "voltages", voltages)) &&
                 succeeded(verifyNotNegative(emitError, "energy_j",
                                             energyJ.getValueAsDouble())) &&
                 succeeded(verifyNotNegative(emitError, "time_s",
                                             timeS.getValueAsDouble())) &&
                 succeeded(verifyNotNegative(emitError, "leakage_w",
                                             leakageW.getValueAsDouble())));
}
