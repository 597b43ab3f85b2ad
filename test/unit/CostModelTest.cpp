//===- CostModelTest.cpp - Tests of the analytical model --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small layers with numbers worked out by hand, and what must hold for all.
// The published tables are compared in test/reference/tables.test.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/CostModel/AnalyticalModel.h"

#include <gtest/gtest.h>

#include <random>

using namespace pfmlir::costmodel;

namespace {

/// One joule for every event of one kind, to count it by.
Constants countOnly(Constant event) {
  Constants constants = {};
  constants[event] = 1;
  return constants;
}

Accelerator makeAccelerator(Constants constants = {}) {
  Accelerator hardware;
  hardware.constants = constants;
  hardware.leakageW = {1, 2, 4};
  hardware.memories[InputMemory] = {Feeder, 32, 10, 0.5};
  hardware.memories[OutputMemory] = {Feeder, 64, 10, 0.25};
  hardware.memories[WeightMemory] = {Weight, 8, 100, 0.125};
  return hardware;
}

OperatingPoint nominal(double hertz = 1) {
  OperatingPoint point;
  point.fill({1.0, hertz, 1.0, 1.0});
  return point;
}

double countEvents(const Activity &activity, Constant event) {
  Cost cost = LayerCostModel(activity, makeAccelerator(countOnly(event)))
                  .computeCost(nominal());
  return cost.dynamicEnergyJ[Array] + cost.dynamicEnergyJ[Weight] +
         cost.dynamicEnergyJ[Feeder];
}

/// 10 x 10 x 2 input, 3 x 3 kernel, 9 output channels: 8 x 8 outputs, one tile
/// a row, two tiles of output channels, a reduction of 18.
Convolution smallConvolution() {
  Convolution layer{10, 10, 2, 9, 3, 3};
  return layer;
}

TEST(CostModel, CountsConvolutionEvents) {
  Activity activity = countActivity(smallConvolution());
  EXPECT_EQ(countEvents(activity, MacEnergyJ), 8 * 8 * 9 * 18);
  // Two tiles of 18 x 8 weights of 8 bits, in words of 64.
  EXPECT_EQ(countEvents(activity, WeightMemoryReadEnergyJ), 36);
  EXPECT_EQ(countEvents(activity, WeightBufferWriteEnergyJ), 36);
  EXPECT_EQ(countEvents(activity, DmaControlEnergyJ), 36);
  // Once for each of the 8 output rows.
  EXPECT_EQ(countEvents(activity, WeightBufferReadEnergyJ), 288);
  // 576 outputs of 32 bits.
  EXPECT_EQ(countEvents(activity, OutputWriteEnergyJ), 288);
  // A tile row spans 3 + 7 activations: 2 words at offsets 0 to 6, 3 at 7, so
  // 2.125 on average, for 8 rows, 2 channels and 3 kernel rows.
  EXPECT_EQ(countEvents(activity, InputReadEnergyJ), 102);
  // 18 values of 8 bits, for 2 channel tiles and 8 rows.
  EXPECT_EQ(countEvents(activity, LaneReadEnergyJ), 2304);
  EXPECT_EQ(countEvents(activity, FeederControlEnergyJ), 288);
  // 18 + 7 + 7 + 8 + 2 (18 / 18) + 1 cycles a tile, 8 tiles, 2 channel tiles.
  EXPECT_EQ(countEvents(activity, StaggerEnergyJ), 43 * 16);
}

TEST(CostModel, TimesConvolutionByItsSlowestPart) {
  LayerCostModel model(countActivity(smallConvolution()), makeAccelerator());
  // Array: 43 x 8 cycles a channel tile; feeder: 102 + 8; weights: 18.
  EXPECT_DOUBLE_EQ(model.computeCost(nominal()).timeS, 2 * 344 + 18);
  OperatingPoint slowFeeder = nominal();
  slowFeeder[Feeder].frequencyHz = 0.1;
  EXPECT_DOUBLE_EQ(model.computeCost(slowFeeder).timeS, 2 * 1100 + 18);
  OperatingPoint slowWeights = nominal();
  slowWeights[Weight].frequencyHz = 0.01;
  EXPECT_DOUBLE_EQ(model.computeCost(slowWeights).timeS, 2 * 1800 + 1800);
}

TEST(CostModel, CutsLongReductions) {
  // Chunks of 10 and 8: 10 + 22 + 2 + 1 and 8 + 22 + 2 + 1 cycles.
  Activity activity = countActivity(smallConvolution(), /*reductionChunk=*/10);
  EXPECT_EQ(countEvents(activity, StaggerEnergyJ), (35 + 33) * 16);
  // One update of 8 x 32 bits for each of 8 tiles and 2 channel tiles.
  EXPECT_EQ(countEvents(activity, OutputWriteEnergyJ), 288 + 64);
  EXPECT_EQ(countEvents(activity, InputReadEnergyJ), 102 + 64);
}

TEST(CostModel, CutsInAnyNumberOfChunks) {
  // In chunks of 1, each of 1 + 22 + 2 + 1 cycles.
  Convolution layer;
  layer.inputHeight = layer.inputWidth = 1;
  layer.inputChannels = int64_t(1) << 31;
  layer.outputChannels = 1;
  layer.kernelHeight = layer.kernelWidth = 1;
  Activity activity = countActivity(layer, /*reductionChunk=*/1);
  EXPECT_EQ(countEvents(activity, StaggerEnergyJ), 26.0 * (int64_t(1) << 31));
}

TEST(CostModel, CountsMatrixProductEvents) {
  // Two groups of columns, of 8 and of 2.
  Activity activity = countActivity(MatrixProduct{3, 16, 10});
  EXPECT_EQ(countEvents(activity, MacEnergyJ), 480);
  EXPECT_EQ(countEvents(activity, WeightMemoryReadEnergyJ), 20);
  EXPECT_EQ(countEvents(activity, WeightBufferReadEnergyJ), 20);
  EXPECT_EQ(countEvents(activity, OutputWriteEnergyJ), 6 + 15);
  EXPECT_EQ(countEvents(activity, InputReadEnergyJ), 6);
  EXPECT_EQ(countEvents(activity, FeederControlEnergyJ), 96);
  // (16 + 7 + 16) x 3 and (16 + 1 + 16) x 3 cycles.
  EXPECT_EQ(countEvents(activity, StaggerEnergyJ), 117 + 99);
  LayerCostModel model(activity, makeAccelerator());
  EXPECT_DOUBLE_EQ(model.computeCost(nominal()).timeS, 117 + 99 + 6 + 15);
}

TEST(CostModel, RepeatsGroupsAndBatches) {
  Convolution single = smallConvolution();
  single.inputChannels = single.outputChannels = 1;
  Convolution depthwise = single;
  depthwise.inputChannels = depthwise.outputChannels = depthwise.groups = 6;
  Convolution batched = single;
  batched.batch = 6;
  Accelerator hardware =
      makeAccelerator({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
  Cost once =
      LayerCostModel(countActivity(single), hardware).computeCost(nominal());
  for (const Convolution &layer : {depthwise, batched}) {
    Cost cost =
        LayerCostModel(countActivity(layer), hardware).computeCost(nominal());
    EXPECT_DOUBLE_EQ(cost.timeS, 6 * once.timeS);
    EXPECT_DOUBLE_EQ(cost.energyJ(), 6 * once.energyJ());
    EXPECT_DOUBLE_EQ(cost.totalLeakageW(), once.totalLeakageW());
  }
}

TEST(CostModel, RectangularKernelsAndDilation) {
  Convolution layer{10, 20, 1, 1, 1, 3};
  layer.dilationWidth = 2;
  EXPECT_EQ(layer.outputHeight(), 10);
  EXPECT_EQ(layer.outputWidth(), 16);
  layer.strideHeight = 3;
  layer.paddingHeight = 1;
  EXPECT_EQ(layer.outputHeight(), 4);
  // 4 rows of 2 tiles; a tile row spans 5 + 7 activations, 2.375 words.
  EXPECT_EQ(countEvents(countActivity(layer), InputReadEnergyJ), 2.375 * 8);
}

TEST(CostModel, GatesBanks) {
  Accelerator hardware = makeAccelerator();
  // 200 bytes in, 2304 bytes out, more than there is room for.
  Activity activity = countActivity(smallConvolution());
  using Powered = std::array<double, NumMemories>;
  EXPECT_EQ(countPoweredBanks(activity, hardware), (Powered{10, 10, 100}));
  hardware.gating = Gating::Sram;
  EXPECT_EQ(countPoweredBanks(activity, hardware), (Powered{7, 10, 100}));
  hardware.gating = Gating::Bank;
  EXPECT_EQ(countPoweredBanks(activity, hardware), (Powered{7, 10, 1.5}));
  hardware.gatingGranularity = 4;
  EXPECT_EQ(countPoweredBanks(activity, hardware), (Powered{8, 10, 4}));
  hardware.gatingGranularity = 16;
  EXPECT_EQ(countPoweredBanks(activity, hardware), (Powered{10, 10, 16}));
  hardware.gatingGranularity = 1;
  Activity product = countActivity(MatrixProduct{1, 8, 8});
  EXPECT_EQ(countPoweredBanks(product, hardware)[WeightMemory], 1);
}

TEST(CostModel, LeaksByDomain) {
  Accelerator hardware = makeAccelerator();
  hardware.constants[GateControllerLeakageW] = 8;
  Activity activity = countActivity(smallConvolution());
  Cost ungated = LayerCostModel(activity, hardware).computeCost(nominal());
  EXPECT_DOUBLE_EQ(ungated.leakageW[Array], 1);
  EXPECT_DOUBLE_EQ(ungated.leakageW[Weight], 2 + 100 * 0.125);
  EXPECT_DOUBLE_EQ(ungated.leakageW[Feeder], 4 + 10 * 0.5 + 10 * 0.25);
  hardware.gating = Gating::Bank;
  Cost gated = LayerCostModel(activity, hardware).computeCost(nominal());
  EXPECT_DOUBLE_EQ(gated.leakageW[Array], 1 + 8);
  EXPECT_DOUBLE_EQ(gated.leakageW[Weight], 2 + 1.5 * 0.125);
  EXPECT_DOUBLE_EQ(gated.leakageW[Feeder], 4 + 7 * 0.5 + 10 * 0.25);
}

TEST(CostModel, SwitchesEveryWeightBankOnAndOff) {
  Accelerator hardware = makeAccelerator(countOnly(GateControlEnergyJ));
  hardware.gating = Gating::Bank;
  hardware.leakageW = {};
  for (MemoryBanks &memory : hardware.memories)
    memory.bankLeakageW = 0;
  Cost cost = LayerCostModel(countActivity(smallConvolution()), hardware)
                  .computeCost(nominal());
  EXPECT_DOUBLE_EQ(cost.energyJ(), 200);
}

TEST(CostModel, ScalesWithVoltage) {
  Accelerator hardware =
      makeAccelerator({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
  LayerCostModel model(countActivity(smallConvolution()), hardware);
  Cost base = model.computeCost(nominal());
  for (int domain = 0; domain < NumDomains; ++domain) {
    OperatingPoint point = nominal();
    point[domain].relativeVoltage = 0.5;
    point[domain].leakageFactor = 0.5;
    Cost cost = model.computeCost(point);
    EXPECT_DOUBLE_EQ(cost.dynamicEnergyJ[domain],
                     base.dynamicEnergyJ[domain] / 4);
    EXPECT_DOUBLE_EQ(cost.leakageW[domain], base.leakageW[domain] / 2);
    EXPECT_DOUBLE_EQ(cost.timeS, base.timeS);
  }
}

/// Whether runs of points cost what each by itself does, whatever varies.
static void expectSameTotals(
    const LayerCostFactors &factors,
    const std::array<std::vector<DomainPoint>, NumDomains> &points) {
  for (Domain varied : {Array, Weight, Feeder}) {
    LayerCostFactors::PointIndices at;
    for (int domain = 0; domain < NumDomains; ++domain)
      at[domain] = domain == varied ? 0 : uint32_t(points[domain].size() - 1);
    const size_t count = points[varied].size();
    std::vector<double> energyJ(count), timeS(count), leakageW(count);
    factors.computeTotals(at, varied, count, energyJ.data(), timeS.data(),
                          leakageW.data());
    for (size_t i = 0; i < count; ++i, ++at[varied]) {
      Cost cost = factors.computeCost(at);
      EXPECT_EQ(energyJ[i], cost.energyJ());
      EXPECT_EQ(timeS[i], cost.timeS);
      EXPECT_EQ(leakageW[i], cost.totalLeakageW());
    }
  }
}

TEST(CostModel, CostsFactorByFactorTheSame) {
  std::mt19937 random(7);
  auto below = [&](int most) { return int64_t(1 + random() % most); };
  auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int round = 0; round < 200; ++round) {
    Constants constants;
    for (double &constant : constants)
      constant = between(0, 1e-9);
    Accelerator hardware = makeAccelerator(constants);
    hardware.gating = Gating(random() % 3);
    Convolution convolution{16 + below(50), 16 + below(50), below(40),
                            below(40),      below(5),       below(5)};
    Activity activity =
        round % 2 ? countActivity(convolution)
                  : countActivity(MatrixProduct{below(40), below(300),
                                                below(300), below(3)});
    BankUse banks;
    banks.reloadEnergyJ = between(0, 1e-6);
    banks.reloadTimeS = between(0, 1e-3);
    LayerCostModel model = round % 3
                               ? LayerCostModel(activity, hardware)
                               : LayerCostModel(activity, hardware, banks);
    std::array<std::vector<DomainPoint>, NumDomains> points;
    for (std::vector<DomainPoint> &ofDomain : points)
      for (int64_t i = below(4); i-- > 0;)
        ofDomain.push_back({between(0.5, 1.2), between(1e6, 1e9),
                            between(0.5, 2), between(0.5, 2)});
    LayerCostFactors factors(model, points);
    expectSameTotals(factors, points);
    for (uint32_t a = 0; a < points[Array].size(); ++a)
      for (uint32_t w = 0; w < points[Weight].size(); ++w)
        for (uint32_t f = 0; f < points[Feeder].size(); ++f) {
          Cost expected = model.computeCost(
              {points[Array][a], points[Weight][w], points[Feeder][f]});
          Cost cost = factors.computeCost({a, w, f});
          // To the last bit.
          EXPECT_EQ(cost.timeS, expected.timeS);
          EXPECT_EQ(cost.dynamicEnergyJ, expected.dynamicEnergyJ);
          EXPECT_EQ(cost.leakageW, expected.leakageW);
        }
  }
}

TEST(CostModel, SizesMemoriesByTheWholeTensor) {
  using Banks = std::array<int64_t, NumMemories>;
  const Banks bankBytes = {32, 64, 8};
  Convolution layer = smallConvolution();
  EXPECT_EQ(countBanks(countActivity(layer).bytes, bankBytes),
            (Banks{7, 36, 21}));
  // Images of a batch share the weights.
  layer.batch = 2;
  EXPECT_EQ(countBanks(countActivity(layer).bytes, bankBytes),
            (Banks{13, 72, 21}));
  // All channels of a depthwise convolution, though one works at a time.
  Convolution depthwise{10, 10, 16, 16, 3, 3};
  depthwise.groups = 16;
  EXPECT_EQ(countBanks(countActivity(depthwise).bytes, bankBytes),
            (Banks{50, 64, 18}));
  Accelerator hardware = makeAccelerator();
  hardware.gating = Gating::Sram;
  EXPECT_EQ(countPoweredBanks(countActivity(depthwise), hardware)[InputMemory],
            4);
  EXPECT_EQ(
      countBanks(countActivity(MatrixProduct{8, 8, 8, 2}).bytes, bankBytes),
      (Banks{4, 8, 16}));
}

} // namespace
