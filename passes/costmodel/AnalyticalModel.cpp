//===- AnalyticalModel.cpp - Cost of a layer from its shape ---------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/costmodel/AnalyticalModel.h"

#include <algorithm>
#include <cmath>

using namespace pfmlir::costmodel;

/// Exact for whole numbers below 2^53: unless b divides a, a / b is further
/// from a whole number than it is rounded.
static double ceilDiv(double a, double b) { return std::ceil(a / b); }

Constants pfmlir::costmodel::referenceConstants() {
  Constants c;
  c.macEnergyJ = 1.833619e-13;
  c.weightBufferWriteEnergyJ = 191e-12;
  c.weightBufferReadEnergyJ = 16e-12;
  c.outputWriteEnergyJ = 31e-12;
  c.inputReadEnergyJ = 35e-12;
  c.weightMemoryReadEnergyJ = 64e-12;
  c.laneWriteEnergyJ = 1.798701e-13;
  c.laneReadEnergyJ = 1.798701e-13;
  c.staggerEnergyJ = 9.734584e-12;
  c.feederControlEnergyJ = 9.822556e-12;
  c.gateControlEnergyJ = 2.579131e-12;
  c.dmaControlEnergyJ = 1.316180e-12;
  c.leakageW[ArrayDomain] = 2.32e-6;
  c.leakageW[WeightDomain] = 6.452e-6;
  c.leakageW[FeederDomain] = 5.71e-6;
  c.gateControllerLeakageW = 1.62e-6;
  c.inputBankLeakageW = 20e-6;
  c.outputBankLeakageW = 10e-6;
  c.weightBankLeakageW = 20e-6;
  return c;
}

//===----------------------------------------------------------------------===//
// Activity
//===----------------------------------------------------------------------===//

/// Cycles of the array for one tile and `length` elements of the reduction.
static double arrayCyclesPerTile(double length) {
  double fill = kMaxFill;
  while (std::fmod(length, fill) != 0)
    --fill;
  return length + (kLanes - 1) + (kColumns - 1) + kColumns +
         2 * (length / fill) + 1;
}

/// Words that the feeder reads for one input row of a tile: as many as the
/// row's elements spread over, which depends on where in a word they begin.
/// Mean over all beginnings.
static double feederWordsPerRow(const Convolution &layer,
                                int64_t elementsPerWord) {
  double elements = static_cast<double>(layer.spanWidth()) +
                    double(kLanes - 1) * layer.strideWidth;
  double words = 0;
  for (int64_t begin = 0; begin < elementsPerWord; ++begin)
    words += ceilDiv(elements + begin, elementsPerWord);
  return words / elementsPerWord;
}

Activity pfmlir::costmodel::countActivity(const Convolution &layer,
                                          const Constants &constants) {
  // One repetition: one group of one image.
  double inputChannels = layer.inputChannels / layer.groups;
  double outputChannels = layer.outputChannels / layer.groups;
  double outputHeight = layer.outputHeight();
  double outputPixels = outputHeight * layer.outputWidth();
  double reduction = inputChannels * layer.kernelHeight * layer.kernelWidth;
  double channelTiles = ceilDiv(outputChannels, kColumns);
  double pixelTiles = ceilDiv(layer.outputWidth(), kLanes) * outputHeight;

  // Half to even: the default rounding mode.
  double fetches = std::nearbyint(
      feederWordsPerRow(layer, constants.portBits / constants.activationBits) *
      (pixelTiles * inputChannels * layer.kernelHeight));

  // The reduction in chunks: equal ones, and a shorter last one.
  double chunk = reduction;
  if (constants.reductionChunk > 0)
    chunk = std::min<double>(reduction, constants.reductionChunk);
  double fullChunks = std::floor(reduction / chunk);
  double lastChunk = reduction - fullChunks * chunk;
  double tileCycles = fullChunks * arrayCyclesPerTile(chunk);
  double columnBits = kColumns * constants.weightBits;
  double chunkTransactions = ceilDiv(chunk * columnBits, constants.portBits);
  double tileTransactions = fullChunks * chunkTransactions;
  double chunks = fullChunks;
  if (lastChunk > 0) {
    tileCycles += arrayCyclesPerTile(lastChunk);
    tileTransactions += ceilDiv(lastChunk * columnBits, constants.portBits);
    ++chunks;
  }
  // Between chunks, partial sums are read back and written again.
  double partialSumBits =
      (chunks - 1) * pixelTiles * kColumns * constants.outputBits;

  Activity activity;
  activity.repetitions = double(layer.groups) * layer.batch;

  Activity::Tiles &tiles = activity.tiles[0];
  tiles.count = channelTiles;
  tiles.cycles[ArrayDomain] = tileCycles * pixelTiles;
  tiles.cycles[WeightDomain] = tileTransactions;
  tiles.cycles[FeederDomain] =
      fetches + pixelTiles + ceilDiv(2 * partialSumBits, constants.portBits);
  activity.wholeArrayCycles = true;
  activity.serialCycles[WeightDomain] = chunkTransactions;

  activity.macs = outputPixels * outputChannels * reduction;
  activity.weightBits = channelTiles * reduction * columnBits;
  activity.weightReuse = outputHeight;
  activity.outputBits = partialSumBits * channelTiles +
                        outputPixels * outputChannels * constants.outputBits;
  activity.inputBits =
      fetches * constants.portBits + partialSumBits * channelTiles;
  activity.laneBits =
      reduction * constants.activationBits * channelTiles * outputHeight;
  activity.staggerCycles = tileCycles * pixelTiles * channelTiles;
  activity.feederControlCycles = outputHeight * channelTiles * reduction;
  activity.dmaTransactions = channelTiles * tileTransactions;

  activity.activeInputBytes =
      ceilDiv(double(layer.inputHeight) * layer.inputWidth * inputChannels *
                  constants.activationBits,
              8);
  activity.activeOutputBytes =
      ceilDiv(outputPixels * outputChannels * constants.outputBits, 8);
  activity.inputBytes =
      ceilDiv(double(layer.inputHeight) * layer.inputWidth *
                  layer.inputChannels * layer.batch * constants.activationBits,
              8);
  activity.outputBytes = ceilDiv(outputPixels * layer.outputChannels *
                                     layer.batch * constants.outputBits,
                                 8);
  activity.weightBytes =
      ceilDiv(reduction * layer.outputChannels * constants.weightBits, 8);
  activity.activeWeightBanks = 1.5;
  return activity;
}

Activity pfmlir::costmodel::countActivity(const MatrixProduct &layer,
                                          const Constants &constants) {
  double m = layer.m, k = layer.k, n = layer.n;
  double inputBits = m * k * constants.activationBits;
  double outputBits = m * n * constants.outputBits;

  Activity activity;
  activity.repetitions = layer.batch;

  // A tile is a group of up to kColumns columns of the weights.
  auto setTiles = [&](Activity::Tiles &tiles, double count, double columns) {
    tiles.count = count;
    tiles.cycles[ArrayDomain] =
        (k + (columns - 1) + (kLanes - 1) + kColumns + 1) * m;
    tiles.cycles[WeightDomain] =
        ceilDiv(k * columns * constants.weightBits, constants.portBits);
    activity.staggerCycles += count * tiles.cycles[ArrayDomain];
  };
  int64_t lastColumns = layer.n % kColumns;
  if (layer.n >= kColumns)
    setTiles(activity.tiles[0], layer.n / kColumns, kColumns);
  if (lastColumns > 0)
    setTiles(activity.tiles[1], 1, lastColumns);
  activity.serialCycles[FeederDomain] = ceilDiv(inputBits, constants.portBits);
  activity.serialCycles[ArrayDomain] = ceilDiv(outputBits, constants.portBits);

  activity.macs = m * k * n;
  activity.weightBits = k * n * constants.weightBits;
  // The model counts the input as written once, beside the output.
  activity.outputBits = inputBits + outputBits;
  activity.inputBits = inputBits;
  activity.feederControlCycles = m * ceilDiv(n, kColumns) * k;
  activity.dmaTransactions = ceilDiv(activity.weightBits, constants.portBits);

  activity.activeInputBytes = ceilDiv(inputBits, 8);
  activity.activeOutputBytes = ceilDiv(outputBits, 8);
  activity.inputBytes = ceilDiv(inputBits * layer.batch, 8);
  activity.outputBytes = ceilDiv(outputBits * layer.batch, 8);
  activity.weightBytes = ceilDiv(activity.weightBits * layer.batch, 8);
  return activity;
}

Banks pfmlir::costmodel::banksNeeded(const Activity &activity,
                                     const BankSizes &sizes) {
  return {ceilDiv(activity.inputBytes, sizes.inputBytes),
          ceilDiv(activity.outputBytes, sizes.outputBytes),
          ceilDiv(activity.weightBytes, sizes.weightBytes)};
}

Banks pfmlir::costmodel::largerBanks(const Banks &a, const Banks &b) {
  return {std::max(a.input, b.input), std::max(a.output, b.output),
          std::max(a.weight, b.weight)};
}

Banks pfmlir::costmodel::poweredBanks(const Activity &activity,
                                      const Memories &memories) {
  Banks powered = memories.totals;
  if (memories.gating == Gating::None)
    return powered;
  double granularity = memories.granularity;
  auto gate = [&](double needed, double total) {
    if (granularity > 1)
      needed = ceilDiv(needed, granularity) * granularity;
    return std::min(needed, total);
  };
  const BankSizes &sizes = memories.bankSizes;
  powered.input = gate(ceilDiv(activity.activeInputBytes, sizes.inputBytes),
                       memories.totals.input);
  powered.output = gate(ceilDiv(activity.activeOutputBytes, sizes.outputBytes),
                        memories.totals.output);
  if (memories.gating == Gating::Bank)
    powered.weight = gate(activity.activeWeightBanks, memories.totals.weight);
  return powered;
}

//===----------------------------------------------------------------------===//
// Cost
//===----------------------------------------------------------------------===//

double pfmlir::costmodel::delayPolynomialFrequencyHz(
    const std::vector<double> &coefficients, double minimumV, double maximumV,
    double referenceVoltageV, double referenceFrequencyHz, double voltageV) {
  auto delay = [&](double v) {
    v = std::min(std::max(v, minimumV), maximumV);
    double sum = 0, power = 1;
    for (double coefficient : coefficients) {
      sum += coefficient * power;
      power *= v;
    }
    return sum;
  };
  return referenceFrequencyHz * delay(referenceVoltageV) / delay(voltageV);
}

LayerModel::LayerModel(const Activity &activity, const Constants &c,
                       const Memories &memories)
    : repetitions(activity.repetitions), tiles(activity.tiles),
      wholeArrayCycles(activity.wholeArrayCycles),
      serialCycles(activity.serialCycles), leakageW(c.leakageW),
      powered(pfmlir::costmodel::poweredBanks(activity, memories)) {
  double weightAccesses = activity.weightBits / c.portBits;
  double outputAccesses = activity.outputBits / c.portBits;
  double inputAccesses = activity.inputBits / c.portBits;

  dynamicEnergyJ[ArrayDomain] =
      activity.macs * c.macEnergyJ +
      weightAccesses * activity.weightReuse * c.weightBufferReadEnergyJ +
      outputAccesses * c.outputWriteEnergyJ +
      activity.staggerCycles * c.staggerEnergyJ;
  dynamicEnergyJ[WeightDomain] = weightAccesses * (c.weightMemoryReadEnergyJ +
                                                   c.weightBufferWriteEnergyJ) +
                                 activity.dmaTransactions * c.dmaControlEnergyJ;
  dynamicEnergyJ[FeederDomain] =
      inputAccesses * c.inputReadEnergyJ +
      activity.laneBits * (c.laneWriteEnergyJ + c.laneReadEnergyJ) +
      activity.feederControlCycles * c.feederControlEnergyJ;

  leakageW[FeederDomain] += powered.input * c.inputBankLeakageW +
                            powered.output * c.outputBankLeakageW;
  leakageW[WeightDomain] += powered.weight * c.weightBankLeakageW;

  if (memories.gating == Gating::Bank) {
    dynamicEnergyJ[ArrayDomain] +=
        2 * memories.totals.weight * c.gateControlEnergyJ;
    leakageW[ArrayDomain] += c.gateControllerLeakageW;
  }
  for (double &energyJ : dynamicEnergyJ)
    energyJ *= repetitions;
}

double LayerModel::timeS(const OperatingPoint &point) const {
  double arrayHz = point[ArrayDomain].frequencyHz;
  double weightHz = point[WeightDomain].frequencyHz;
  double feederHz = point[FeederDomain].frequencyHz;

  double timeS = 0;
  for (const Activity::Tiles &tile : tiles) {
    if (tile.count == 0)
      continue;
    double tileS = std::max({tile.cycles[ArrayDomain] / arrayHz,
                             tile.cycles[WeightDomain] / weightHz,
                             tile.cycles[FeederDomain] / feederHz});
    timeS += wholeArrayCycles
                 ? std::nearbyint(tileS * arrayHz) * tile.count / arrayHz
                 : tile.count * tileS;
  }
  timeS += serialCycles[FeederDomain] / feederHz;
  timeS += serialCycles[ArrayDomain] / arrayHz;
  timeS += serialCycles[WeightDomain] / weightHz;
  return timeS * repetitions;
}

LayerCost LayerModel::cost(const OperatingPoint &point) const {
  LayerCost cost;
  cost.timeS = timeS(point);
  for (unsigned domain = 0; domain < kNumDomains; ++domain) {
    double scale = point[domain].leakageScale();
    cost.dynamicEnergyJ[domain] = dynamicEnergyJ[domain] * (scale * scale);
    cost.leakageW[domain] = leakageW[domain] * scale;
  }
  cost.poweredBanks = powered;
  return cost;
}
