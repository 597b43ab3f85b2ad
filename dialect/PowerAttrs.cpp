//===- PowerAttrs.cpp - Attributes of the power dialect ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/AttrChecks.h"

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

/// Called by the verifier of AnalyticalAttr, which is generated.
static LogicalResult verifyAnalytical(EmitError emitError,
                                      ArrayRef<FloatAttr> constants,
                                      std::optional<int64_t> reductionChunk,
                                      StringAttr otherWork);

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

/// Bits of an element of each kind, where they are given.
static LogicalResult verifyBits(EmitError emitError,
                                std::optional<int64_t> activation,
                                std::optional<int64_t> weight,
                                std::optional<int64_t> output) {
  for (auto [name, bits] :
       {std::pair("activation_bits", activation),
        std::pair("weight_bits", weight), std::pair("output_bits", output)})
    if (bits && (*bits < 1 || *bits > 64))
      return emitError() << "expects " << name
                         << " to be from 1 to 64, but got " << *bits;
  return success();
}

double WorkloadTensor::getBytes(int64_t defaultBits) const {
  double elements = shape.empty() ? 0 : 1;
  for (int64_t extent : shape)
    elements *= double(extent);
  return elements * double(bits.value_or(defaultBits)) / 8;
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

StringRef Conv2DAttr::getOperation() const {
  return getGroups() > 1 && getGroups() == getInputChannels()
             ? "depthwise_conv2d"
             : "conv2d";
}

WorkloadTensors Conv2DAttr::getTensors() const {
  auto [height, width] = getOutputSize();
  return {{{getBatch(), getInputChannels(), getInputHeight(), getInputWidth()},
           getActivationBits()},
          {{getOutputChannels(), getInputChannels() / getGroups(),
            getKernel()[0], getKernel()[1]},
           getWeightBits()},
          {{getBatch(), getOutputChannels(), height, width}, getOutputBits()}};
}

LogicalResult Conv2DAttr::verify(
    EmitError emitError, DenseI64ArrayAttr input, int64_t outputChannels,
    DenseI64ArrayAttr kernel, DenseI64ArrayAttr strides,
    DenseI64ArrayAttr padding, DenseI64ArrayAttr dilations, int64_t groups,
    int64_t batch, std::optional<int64_t> activationBits,
    std::optional<int64_t> weightBits, std::optional<int64_t> outputBits) {
  if (failed(verifyBits(emitError, activationBits, weightBits, outputBits)))
    return failure();
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

StringRef MatmulAttr::getOperation() const {
  return getBatch() > 1 ? "batch_matmul" : "matmul";
}

WorkloadTensors MatmulAttr::getTensors() const {
  return {{{getBatch(), getM(), getK()}, getActivationBits()},
          {{getBatch(), getK(), getN()}, getWeightBits()},
          {{getBatch(), getM(), getN()}, getOutputBits()},
          getDataOperands() == 2};
}

LogicalResult MatmulAttr::verify(EmitError emitError, int64_t m, int64_t k,
                                 int64_t n, int64_t batch, int64_t dataOperands,
                                 std::optional<int64_t> activationBits,
                                 std::optional<int64_t> weightBits,
                                 std::optional<int64_t> outputBits) {
  if (failed(verifyBits(emitError, activationBits, weightBits, outputBits)))
    return failure();
  if (dataOperands != 1 && dataOperands != 2)
    return emitError() << "expects data_operands to be 1 or 2, but got "
                       << dataOperands;
  for (auto [name, value] : {std::pair("m", m), std::pair("k", k),
                             std::pair("n", n), std::pair("batch", batch)})
    if (failed(verifyExtents(emitError, name, value)))
      return failure();
  return verifyWork(emitError, {batch, m, k, n});
}

//===----------------------------------------------------------------------===//
// VectorAttr
//===----------------------------------------------------------------------===//

int64_t VectorAttr::getMultiplyAccumulates() const { return 0; }

LogicalResult VectorAttr::verify(EmitError emitError, int64_t operations,
                                 int64_t reads, int64_t writes,
                                 std::optional<int64_t> bits) {
  for (auto [name, count] :
       {std::pair("operations", operations), std::pair("reads", reads),
        std::pair("writes", writes)})
    if (count < 0)
      return emitError() << "expects " << name
                         << " not to be negative, but got " << count;
  if (bits && (*bits < 1 || *bits > 64))
    return emitError() << "expects bits to be from 1 to 64, but got " << *bits;
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

static LogicalResult verifyAnalytical(EmitError emitError,
                                      ArrayRef<FloatAttr> constants,
                                      std::optional<int64_t> reductionChunk,
                                      StringAttr otherWork) {
  if (otherWork && otherWork.getValue() != "traffic")
    return emitError() << "expects other_work to be \"traffic\", but got "
                       << otherWork;
  for (auto [name, value] :
       llvm::zip_equal(AnalyticalAttr::getConstantNames(), constants))
    if (failed(verifyNotNegative(emitError, name, value.getValueAsDouble())))
      return failure();
  if (reductionChunk)
    return verifyAtLeast(emitError, "reduction_chunk", *reductionChunk, 1);
  return success();
}

//===----------------------------------------------------------------------===//
// StateAttr
//===----------------------------------------------------------------------===//

LogicalResult StateAttr::verify(EmitError emitError, DenseF64ArrayAttr voltages,
                                FloatAttr energyJ, FloatAttr timeS,
                                FloatAttr leakageW, DictionaryAttr modes,
                                DictionaryAttr banks, StringAttr) {
  if (voltages.empty())
    return emitError() << "expects one voltage a domain, but got none";
  if (modes)
    for (NamedAttribute mode : modes)
      if (!isa<FlatSymbolRefAttr>(mode.getValue()))
        return emitError() << "expects the symbol of a mode for domain '"
                           << mode.getName().getValue() << "', but got "
                           << mode.getValue();
  if (banks)
    for (NamedAttribute number : banks)
      if (auto count = dyn_cast<IntegerAttr>(number.getValue());
          !count || count.getInt() < 0)
        return emitError() << "expects a number of banks for memory '"
                           << number.getName().getValue() << "', but got "
                           << number.getValue();
  return success(succeeded(verifyPositive(emitError, "voltages", voltages)) &&
                 succeeded(verifyNotNegative(emitError, "energy_j",
                                             energyJ.getValueAsDouble())) &&
                 succeeded(verifyNotNegative(emitError, "time_s",
                                             timeS.getValueAsDouble())) &&
                 succeeded(verifyNotNegative(emitError, "leakage_w",
                                             leakageW.getValueAsDouble())));
}
