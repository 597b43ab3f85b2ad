//===- AnalyticalModel.cpp - Cost of a layer from its shape -----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/CostModel/AnalyticalModel.h"

#include <algorithm>
#include <cmath>

using namespace pfmlir::costmodel;

// The array.
static constexpr int64_t kLanes = 8;
static constexpr int64_t kColumns = 8;
/// What every memory moves in a cycle of its own clock.
static constexpr int64_t kPortBits = 64;
/// What sums have while they are added up, whatever they leave the array with.
static constexpr int64_t kSumBits = 32;
/// Longest run of accumulations between two refills of the array.
static constexpr int64_t kMaxFill = 72;
/// Cycles for a wave of operands to enter and leave the array.
static constexpr int64_t kSkewCycles = (kLanes - 1) + kColumns;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The largest divisor of `length` that fits between two refills.
static int64_t findFill(int64_t length) {
  for (int64_t fill = std::min(length, kMaxFill); fill > 1; --fill)
    if (length % fill == 0)
      return fill;
  return 1;
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// Words that the feeder fetches for one kernel row of one tile: the lanes'
/// span of the input, averaged over its alignment in a word.
static double meanWords(const Convolution &layer) {
  int64_t span = layer.dilationWidth * (layer.kernelWidth - 1) + 1 +
                 (kLanes - 1) * layer.strideWidth;
  int64_t wordActivations =
      std::max<int64_t>(kPortBits / layer.formats.activationBits, 1);
  int64_t words = 0;
  for (int64_t offset = 0; offset < wordActivations; ++offset)
    words += ceilDiv(span + offset, wordActivations);
  return double(words) / wordActivations;
}

namespace {
/// One pass over the reduction, in chunks that the weight buffer holds.
struct Reduction {
  int64_t chunks = 0;
  int64_t firstChunk = 0;
  int64_t tileCycles = 0;
  int64_t weightBits = 0;
  int64_t weightCycles = 0;
};
} // namespace

static Reduction cutReduction(int64_t length, int64_t maxChunk,
                              int64_t bitsOfWeight) {
  Reduction reduction;
  reduction.firstChunk = std::min(length, maxChunk);
  auto add = [&](int64_t chunk, int64_t count) {
    if (chunk == 0 || count == 0)
      return;
    reduction.chunks += count;
    reduction.tileCycles += count * (chunk + (kLanes - 1) + kSkewCycles +
                                     2 * (chunk / findFill(chunk)) + 1);
    int64_t bits = chunk * kColumns * bitsOfWeight;
    reduction.weightBits += count * bits;
    reduction.weightCycles += count * ceilDiv(bits, kPortBits);
  };
  add(maxChunk, length / maxChunk);
  add(length % maxChunk, 1);
  return reduction;
}

Activity pfmlir::costmodel::countActivity(const Convolution &layer,
                                          int64_t reductionChunk) {
  int64_t inputChannels = layer.inputChannels / layer.groups;
  int64_t outputChannels = layer.outputChannels / layer.groups;
  int64_t height = layer.outputHeight(), width = layer.outputWidth();
  int64_t reductionLength =
      inputChannels * layer.kernelHeight * layer.kernelWidth;
  int64_t channelTiles = ceilDiv(outputChannels, kColumns);
  int64_t tiles = ceilDiv(width, kLanes) * height;
  auto [activationBits, weightBits, outputBits] = layer.formats;
  Reduction reduction =
      cutReduction(reductionLength, reductionChunk, weightBits);

  int64_t fetches = std::nearbyint(
      meanWords(layer) * double(tiles * inputChannels * layer.kernelHeight));
  int64_t partialSumBits = (reduction.chunks - 1) * tiles * kColumns *
                           std::max(outputBits, kSumBits);

  Activity activity;
  activity.repeats = layer.groups * layer.batch;
  activity.roundsToArrayCycles = true;
  // Partial sums are written and read back through the feeder's port.
  activity.steps = {{channelTiles,
                     fetches + tiles + ceilDiv(2 * partialSumBits, kPortBits),
                     reduction.tileCycles * tiles, reduction.weightCycles}};
  // The first weights arrive before anything starts.
  activity.extraWeightCycles =
      ceilDiv(reduction.firstChunk * kColumns * weightBits, kPortBits);

  double outputs = double(height) * width * outputChannels;
  activity.macs = outputs * reductionLength;
  activity.weightBits = double(channelTiles) * reduction.weightBits;
  activity.weightBufferReads = height;
  activity.outputBits =
      double(partialSumBits) * channelTiles + outputs * outputBits;
  activity.inputBits =
      double(fetches) * kPortBits + double(partialSumBits) * channelTiles;
  activity.laneBits =
      double(reductionLength) * activationBits * channelTiles * height;
  activity.staggerCycles = double(reduction.tileCycles) * tiles * channelTiles;
  activity.feederControlCycles =
      double(height) * channelTiles * reductionLength;
  activity.dmaTransactions = double(channelTiles) * reduction.weightCycles;

  activity.activeBytes = {double(layer.inputHeight) * layer.inputWidth *
                              inputChannels * activationBits / 8,
                          outputs * outputBits / 8,
                          double(reductionLength) * outputChannels *
                              weightBits / 8};
  // All images of a batch are there at once, and share the weights.
  activity.bytes = activity.activeBytes;
  activity.bytes[InputMemory] *= activity.repeats;
  activity.bytes[OutputMemory] *= activity.repeats;
  activity.bytes[WeightMemory] *= layer.groups;
  activity.activeWeightBanks = 1.5;
  return activity;
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

Activity pfmlir::costmodel::countActivity(const MatrixProduct &layer) {
  auto [activationBits, weightBits, outputBits] = layer.formats;
  Activity activity;
  activity.areWeightsData = layer.areWeightsData;
  activity.repeats = layer.batch;
  double coreCycles = 0;
  int64_t bitsOfWeight = weightBits;
  auto addGroups = [&](int64_t count, int64_t columns) {
    if (count == 0)
      return;
    int64_t cycles = (layer.k + (columns - 1) + kSkewCycles + 1) * layer.m;
    int64_t bits = layer.k * columns * bitsOfWeight;
    activity.steps.push_back({count, 0, cycles, ceilDiv(bits, kPortBits)});
    coreCycles += double(count) * cycles;
    activity.weightBits += double(count) * bits;
  };
  addGroups(layer.n / kColumns, kColumns);
  addGroups(layer.n % kColumns ? 1 : 0, layer.n % kColumns);

  double inputBits = double(layer.m) * layer.k * activationBits;
  double resultBits = double(layer.m) * layer.n * outputBits;
  activity.extraFeederCycles =
      ceilDiv(layer.m * layer.k * activationBits, kPortBits);
  activity.extraArrayCycles =
      ceilDiv(layer.m * layer.n * outputBits, kPortBits);
  activity.macs = double(layer.m) * layer.k * layer.n;
  // The input is staged in the output scratchpad before the array reads it.
  activity.outputBits = inputBits + resultBits;
  activity.inputBits = inputBits;
  activity.staggerCycles = coreCycles;
  activity.feederControlCycles =
      double(layer.m) * ceilDiv(layer.n, kColumns) * layer.k;
  activity.dmaTransactions = std::ceil(activity.weightBits / kPortBits);

  activity.activeBytes = {inputBits / 8, resultBits / 8,
                          double(layer.k) * layer.n * weightBits / 8};
  if (layer.areWeightsData) {
    activity.activeBytes[InputMemory] += activity.activeBytes[WeightMemory];
    activity.activeBytes[WeightMemory] = 0;
    activity.activeWeightBanks = 0;
  }
  for (int memory = 0; memory < NumMemories; ++memory)
    activity.bytes[memory] = activity.activeBytes[memory] * activity.repeats;
  return activity;
}

//===----------------------------------------------------------------------===//
// Banks
//===----------------------------------------------------------------------===//

std::array<int64_t, NumMemories> pfmlir::costmodel::countBanks(
    const std::array<double, NumMemories> &bytes,
    const std::array<int64_t, NumMemories> &bankBytes) {
  std::array<int64_t, NumMemories> banks;
  for (int memory = 0; memory < NumMemories; ++memory)
    banks[memory] = std::ceil(bytes[memory] / bankBytes[memory]);
  return banks;
}

std::array<double, NumMemories>
pfmlir::costmodel::countPoweredBanks(const Activity &activity,
                                     const Accelerator &hardware) {
  std::array<int64_t, NumMemories> bankBytes;
  for (int memory = 0; memory < NumMemories; ++memory)
    bankBytes[memory] = hardware.memories[memory].bankBytes;
  std::array<int64_t, NumMemories> needed =
      countBanks(activity.activeBytes, bankBytes);
  std::array<double, NumMemories> wanted = {double(needed[InputMemory]),
                                            double(needed[OutputMemory]),
                                            activity.activeWeightBanks};

  std::array<double, NumMemories> powered;
  for (int memory = 0; memory < NumMemories; ++memory) {
    double total = hardware.memories[memory].banks;
    bool gated = hardware.gating == Gating::Bank ||
                 (hardware.gating == Gating::Sram && memory != WeightMemory);
    double granularity = hardware.gatingGranularity;
    // Banks one by one need no rounding; 1.5 of them is a mean over time.
    double rounded = granularity > 1
                         ? std::ceil(wanted[memory] / granularity) * granularity
                         : wanted[memory];
    powered[memory] = gated ? std::min(rounded, total) : total;
  }
  return powered;
}

//===----------------------------------------------------------------------===//
// Cost
//===----------------------------------------------------------------------===//

/// Sets the dynamic energy of one repetition.
void LayerCostModel::addEvents(const Constants &c) {
  double weightWords = activity.weightBits / kPortBits;
  nominalEnergyJ[Array] =
      activity.macs * c[MacEnergyJ] +
      weightWords * c[WeightBufferReadEnergyJ] * activity.weightBufferReads +
      activity.outputBits / kPortBits * c[OutputWriteEnergyJ] +
      activity.staggerCycles * c[StaggerEnergyJ];
  double memoryReadJ = c[WeightMemoryReadEnergyJ];
  if (activity.areWeightsData)
    memoryReadJ = 0;
  nominalEnergyJ[Weight] =
      weightWords * (memoryReadJ + c[WeightBufferWriteEnergyJ]) +
      activity.dmaTransactions * c[DmaControlEnergyJ];
  nominalEnergyJ[Feeder] =
      activity.inputBits / kPortBits * c[InputReadEnergyJ] +
      activity.laneBits * (c[LaneWriteEnergyJ] + c[LaneReadEnergyJ]) +
      activity.feederControlCycles * c[FeederControlEnergyJ];
  if (activity.areWeightsData)
    nominalEnergyJ[Feeder] += weightWords * c[InputReadEnergyJ];
}

/// Feature maps are read and written through their memories' ports.
void LayerCostModel::addVectorWork(const Constants &c) {
  nominalVectorJ[Feeder] =
      activity.vector.readBits / kPortBits * c[InputReadEnergyJ];
  nominalVectorJ[Array] =
      activity.vector.writtenBits / kPortBits * c[OutputWriteEnergyJ];
  for (int domain = 0; domain < NumDomains; ++domain)
    nominalEnergyJ[domain] += nominalVectorJ[domain];
}

void LayerCostModel::addLeakage(
    const Accelerator &hardware,
    const std::array<double, NumMemories> &powered) {
  nominalLeakageW = hardware.leakageW;
  if (hardware.gating == Gating::Bank)
    nominalLeakageW[Array] += hardware.constants[GateControllerLeakageW];
  for (int memory = 0; memory < NumMemories; ++memory)
    nominalLeakageW[hardware.memories[memory].domain] +=
        powered[memory] * hardware.memories[memory].bankLeakageW;
}

LayerCostModel::LayerCostModel(const Activity &activity,
                               const Accelerator &hardware)
    : activity(activity) {
  addEvents(hardware.constants);
  // Every bank of the weight memory is switched on and off again.
  if (hardware.gating == Gating::Bank)
    nominalEnergyJ[Array] += double(hardware.memories[WeightMemory].banks) * 2 *
                             hardware.constants[GateControlEnergyJ];
  for (double &energyJ : nominalEnergyJ)
    energyJ *= activity.repeats;
  addVectorWork(hardware.constants);
  addLeakage(hardware, countPoweredBanks(activity, hardware));
}

LayerCostModel::LayerCostModel(const Activity &activity,
                               const Accelerator &hardware,
                               const BankUse &banks)
    : activity(activity), reloadEnergyJ(banks.reloadEnergyJ),
      reloadTimeS(banks.reloadTimeS) {
  addEvents(hardware.constants);
  for (double &energyJ : nominalEnergyJ)
    energyJ *= activity.repeats;
  nominalEnergyJ[Array] +=
      banks.switchedBanks * hardware.constants[GateControlEnergyJ];
  addVectorWork(hardware.constants);
  addLeakage(hardware, banks.powered);
  for (int memory = 0; memory < NumMemories; ++memory)
    nominalLeakageW[hardware.memories[memory].domain] +=
        banks.retentionW[memory];
}

static double readCyclesOf(const VectorWork &vector) {
  return std::ceil(vector.readBits / kPortBits);
}

static double writeCyclesOf(const VectorWork &vector) {
  return std::ceil(vector.writtenBits / kPortBits);
}

double LayerCostModel::computeTime(const OperatingPoint &point) const {
  double arrayHz = point[Array].frequencyHz;
  double weightHz = point[Weight].frequencyHz;
  double feederHz = point[Feeder].frequencyHz;
  double timeS = 0;
  for (const Activity::Step &step : activity.steps) {
    // All three work at once; the slowest sets the pace.
    double stepS =
        std::max({step.feederCycles / feederHz, step.arrayCycles / arrayHz,
                  step.weightCycles / weightHz});
    timeS += timeOfSteps(activity, step, stepS, arrayHz);
  }
  timeS += activity.extraWeightCycles / weightHz +
           activity.extraFeederCycles / feederHz +
           activity.extraArrayCycles / arrayHz;
  // One after the other: read, and written.
  return timeS * activity.repeats + (readCyclesOf(activity.vector) / feederHz +
                                     writeCyclesOf(activity.vector) / arrayHz);
}

TimeSplit LayerCostModel::splitTime(const OperatingPoint &point) const {
  double arrayHz = point[Array].frequencyHz;
  double weightHz = point[Weight].frequencyHz;
  double feederHz = point[Feeder].frequencyHz;
  TimeSplit split;
  // Written last, results go out through the array's clock.
  split.feedingS = activity.extraFeederCycles / feederHz +
                   activity.extraArrayCycles / arrayHz;
  split.weightsS = activity.extraWeightCycles / weightHz;
  for (const Activity::Step &step : activity.steps) {
    double computeS = step.arrayCycles / arrayHz;
    double weightsS = step.weightCycles / weightHz;
    double feedingS = step.feederCycles / feederHz;
    double stepS = std::max({computeS, weightsS, feedingS});
    double &slowest = computeS == stepS   ? split.computeS
                      : weightsS == stepS ? split.weightsS
                                          : split.feedingS;
    slowest += timeOfSteps(activity, step, stepS, arrayHz);
  }
  for (double *timeS : {&split.computeS, &split.weightsS, &split.feedingS})
    *timeS *= activity.repeats;
  split.weightsS += reloadTimeS;
  split.vectorS = readCyclesOf(activity.vector) / feederHz +
                  writeCyclesOf(activity.vector) / arrayHz;
  return split;
}

double LayerCostModel::computeVectorEnergyJ(const OperatingPoint &point) const {
  double energyJ = 0;
  for (int domain = 0; domain < NumDomains; ++domain)
    energyJ += nominalVectorJ[domain] * point[domain].relativeVoltage *
               point[domain].relativeVoltage * point[domain].dynamicFactor;
  return energyJ;
}

Cost LayerCostModel::computeCost(const OperatingPoint &point) const {
  Cost cost;
  cost.timeS = computeTime(point) + reloadTimeS;
  for (int domain = 0; domain < NumDomains; ++domain) {
    double relative = point[domain].relativeVoltage;
    cost.dynamicEnergyJ[domain] = nominalEnergyJ[domain] * relative * relative *
                                  point[domain].dynamicFactor;
    cost.leakageW[domain] =
        nominalLeakageW[domain] * point[domain].leakageFactor;
  }
  cost.dynamicEnergyJ[Weight] += reloadEnergyJ;
  return cost;
}

//===----------------------------------------------------------------------===//
// Cost, factor by factor
//===----------------------------------------------------------------------===//

/// Cycles that a domain works, and before and after the steps.
static std::array<int64_t, NumDomains> cyclesOf(const Activity::Step &step) {
  std::array<int64_t, NumDomains> cycles;
  cycles[Array] = step.arrayCycles;
  cycles[Weight] = step.weightCycles;
  cycles[Feeder] = step.feederCycles;
  return cycles;
}

static std::array<int64_t, NumDomains> extraCyclesOf(const Activity &activity) {
  std::array<int64_t, NumDomains> cycles;
  cycles[Array] = activity.extraArrayCycles;
  cycles[Weight] = activity.extraWeightCycles;
  cycles[Feeder] = activity.extraFeederCycles;
  return cycles;
}

LayerCostFactors::LayerCostFactors(
    const LayerCostModel &model,
    const std::array<std::vector<DomainPoint>, NumDomains> &points)
    : activity(model.activity), reloadTimeS(model.reloadTimeS) {
  for (int domain = 0; domain < NumDomains; ++domain) {
    Factors &of = factors[domain];
    for (std::vector<double> *numbers :
         {&of.dynamicEnergyJ, &of.leakageW, &of.extraS, &of.vectorS})
      numbers->reserve(points[domain].size());
    for (const DomainPoint &point : points[domain])
      addPoint(model, Domain(domain), point);
  }
  for (int domain = 0; domain < NumDomains; ++domain)
    addSteps(Domain(domain), points);
}

void LayerCostFactors::addPoint(const LayerCostModel &model, Domain domain,
                                const DomainPoint &point) {
  double relative = point.relativeVoltage;
  double dynamicEnergyJ =
      model.nominalEnergyJ[domain] * relative * relative * point.dynamicFactor;
  double vectorS = 0;
  if (domain == Weight)
    dynamicEnergyJ += model.reloadEnergyJ;
  if (domain == Feeder)
    vectorS = readCyclesOf(activity.vector) / point.frequencyHz;
  if (domain == Array)
    vectorS = writeCyclesOf(activity.vector) / point.frequencyHz;
  Factors &of = factors[domain];
  of.dynamicEnergyJ.push_back(dynamicEnergyJ);
  of.leakageW.push_back(model.nominalLeakageW[domain] * point.leakageFactor);
  of.extraS.push_back(extraCyclesOf(activity)[domain] / point.frequencyHz);
  of.vectorS.push_back(vectorS);
}

void LayerCostFactors::addSteps(
    Domain domain,
    const std::array<std::vector<DomainPoint>, NumDomains> &points) {
  const std::vector<DomainPoint> &ofDomain = points[domain];
  std::vector<double> oneS(ofDomain.size());
  std::vector<double> &allS = stepsS[domain];
  allS.resize(activity.steps.size() * points[Array].size() *
              (domain == Array ? 1 : ofDomain.size()));
  double *next = allS.data();
  for (const Activity::Step &step : activity.steps) {
    for (size_t point = 0; point < oneS.size(); ++point)
      oneS[point] = cyclesOf(step)[domain] / ofDomain[point].frequencyHz;
    for (size_t array = 0; array < points[Array].size(); ++array) {
      // Of the array itself, both points are the same.
      const double *from = domain == Array ? &oneS[array] : oneS.data();
      const size_t count = domain == Array ? 1 : oneS.size();
      const double arrayHz = points[Array][array].frequencyHz;
      for (size_t i = 0; i < count; ++i)
        next[i] = timeOfSteps(activity, step, from[i], arrayHz);
      next += count;
    }
  }
}

template <Domain Varied>
void LayerCostFactors::computeTimes(const PointIndices &at, size_t count,
                                    double *__restrict timeS) const {
  auto sizeOf = [&](Domain domain) { return factors[domain].extraS.size(); };
  // Where the compiler knows which one varies, loops take several points at
  // once.
  auto indexOf = [&](Domain domain, size_t i) {
    return at[domain] + (domain == Varied ? i : 0);
  };
  std::fill_n(timeS, count, 0.0);
  // The slowest sets the pace. Steps that take longer never take less time in
  // all, rounded or not, so that it is the slowest of all steps, too.
  for (size_t step = 0; step < activity.steps.size(); ++step) {
    const size_t begin = step * sizeOf(Array);
    const double *arrayS = &stepsS[Array][begin];
    const double *weightS = &stepsS[Weight][begin * sizeOf(Weight)];
    const double *feederS = &stepsS[Feeder][begin * sizeOf(Feeder)];
    for (size_t i = 0; i < count; ++i) {
      size_t array = indexOf(Array, i);
      double ofWeightS = weightS[array * sizeOf(Weight) + indexOf(Weight, i)];
      double ofFeederS = feederS[array * sizeOf(Feeder) + indexOf(Feeder, i)];
      timeS[i] += std::max(std::max(ofFeederS, arrayS[array]), ofWeightS);
    }
  }
  const Factors &array = factors[Array], &weight = factors[Weight],
                &feeder = factors[Feeder];
  const double repeats = activity.repeats;
  for (size_t i = 0; i < count; ++i) {
    size_t a = indexOf(Array, i), w = indexOf(Weight, i),
           f = indexOf(Feeder, i);
    double onceS =
        timeS[i] + (weight.extraS[w] + feeder.extraS[f] + array.extraS[a]);
    timeS[i] =
        onceS * repeats + (feeder.vectorS[f] + array.vectorS[a]) + reloadTimeS;
  }
}

inline Cost LayerCostFactors::costOf(const PointIndices &at,
                                     double timeS) const {
  Cost cost;
  cost.timeS = timeS;
  for (int domain = 0; domain < NumDomains; ++domain) {
    cost.dynamicEnergyJ[domain] = factors[domain].dynamicEnergyJ[at[domain]];
    cost.leakageW[domain] = factors[domain].leakageW[at[domain]];
  }
  return cost;
}

Cost LayerCostFactors::computeCost(const PointIndices &at) const {
  double timeS;
  computeTimes<Array>(at, 1, &timeS);
  return costOf(at, timeS);
}

template <Domain Varied>
void LayerCostFactors::computeTotals(const PointIndices &at, size_t count,
                                     double *__restrict energyJ,
                                     double *__restrict timeS,
                                     double *__restrict leakageW) const {
  computeTimes<Varied>(at, count, timeS);
  for (size_t i = 0; i < count; ++i) {
    PointIndices here = at;
    here[Varied] += static_cast<uint32_t>(i);
    Cost cost = costOf(here, timeS[i]);
    energyJ[i] = cost.energyJ();
    leakageW[i] = cost.totalLeakageW();
  }
}

void LayerCostFactors::computeTotals(const PointIndices &at, Domain varied,
                                     size_t count, double *__restrict energyJ,
                                     double *__restrict timeS,
                                     double *__restrict leakageW) const {
  switch (varied) {
  case Array:
    return computeTotals<Array>(at, count, energyJ, timeS, leakageW);
  case Weight:
    return computeTotals<Weight>(at, count, energyJ, timeS, leakageW);
  default:
    return computeTotals<Feeder>(at, count, energyJ, timeS, leakageW);
  }
}
