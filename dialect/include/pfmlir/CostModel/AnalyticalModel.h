//===- AnalyticalModel.h - Cost of a layer from its shape -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference model of PowerFlow-DNN (arXiv 2603.23882): a weight-stationary
// array of 8 x 8 processing elements, fed by a feature-map feeder and a weight
// memory with a DMA, each in a power domain of its own. Plain C++ on numbers.
//
// A layer is costed in two steps. `countActivity` counts, from its shape, what
// happens in cycles, bits and operations, whatever the voltages. `computeCost`
// prices that at the three domains' voltages and frequencies; it is cheap, for
// it runs once for each of hundreds of states. docs/cost-model.md has the
// formulas.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_COSTMODEL_ANALYTICALMODEL_H
#define PFMLIR_COSTMODEL_ANALYTICALMODEL_H

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace pfmlir::costmodel {

/// Bits of what goes through the array; by default those of the published
/// model.
struct Formats {
  int64_t activationBits = 8, weightBits = 8, outputBits = 32;
};

/// A two-dimensional convolution, in elements. Paddings are the sums of both
/// sides.
struct Convolution {
  int64_t inputHeight, inputWidth, inputChannels, outputChannels;
  int64_t kernelHeight, kernelWidth;
  int64_t strideHeight = 1, strideWidth = 1;
  int64_t paddingHeight = 0, paddingWidth = 0;
  int64_t dilationHeight = 1, dilationWidth = 1;
  /// Runs as that many convolutions of a share of the channels, one after the
  /// other; a depthwise convolution has as many groups as channels.
  int64_t groups = 1;
  int64_t batch = 1;
  Formats formats = {};

  int64_t outputHeight() const {
    return (inputHeight + paddingHeight -
            (dilationHeight * (kernelHeight - 1) + 1)) /
               strideHeight +
           1;
  }
  int64_t outputWidth() const {
    return (inputWidth + paddingWidth -
            (dilationWidth * (kernelWidth - 1) + 1)) /
               strideWidth +
           1;
  }
};

/// `batch` products of m x k activations with k x n weights.
struct MatrixProduct {
  int64_t m, k, n;
  int64_t batch = 1;
  Formats formats = {};
  /// The right operand is data, too: it comes from the input memory, through
  /// its port, and not from the weight memory.
  bool areWeightsData = false;
};

/// What is done to feature maps besides: elementwise work, reductions, copies.
/// They pass the ports of the feature-map memories.
struct VectorWork {
  double readBits = 0, writtenBits = 0;
};

/// The power domains of the model.
enum Domain { Array, Weight, Feeder, NumDomains };
/// The memories of the model.
enum Memory { InputMemory, OutputMemory, WeightMemory, NumMemories };

// enum Constant { MacEnergyJ, ..., NumConstants };
#define GET_Constant_DECL
#include "pfmlir/CostModel/AnalyticalConstants.inc"

/// What one event costs at nominal voltage, in joules or watts of leakage.
/// AnalyticalConstants.td lists the events.
using Constants = std::array<double, NumConstants>;

/// Nothing to count is longer than this.
inline constexpr int64_t kNoReductionChunk = INT64_MAX;

/// What happens while a layer runs once; `repeats` times in all.
struct Activity {
  int64_t repeats = 1;

  // Time. For a convolution, per tile of 8 output channels; for a matrix
  // product, per group of up to 8 columns.
  struct Step {
    /// How many such steps there are, one after the other.
    int64_t count = 0;
    int64_t feederCycles = 0, arrayCycles = 0, weightCycles = 0;
  };
  std::vector<Step> steps;
  /// A convolution's steps take whole array cycles.
  bool roundsToArrayCycles = false;
  /// Before and after the steps.
  int64_t extraWeightCycles = 0, extraFeederCycles = 0, extraArrayCycles = 0;

  // Energy, of one repetition.
  double macs = 0;
  double weightBits = 0;
  /// Times that each weight is read from its buffer.
  double weightBufferReads = 1;
  double outputBits = 0, inputBits = 0, laneBits = 0;
  double staggerCycles = 0, feederControlCycles = 0, dmaTransactions = 0;

  // Size: what all repetitions leave in each memory, and what one works on.
  std::array<double, NumMemories> bytes = {};
  std::array<double, NumMemories> activeBytes = {};
  /// Weight banks on at a time, on average: a convolution prefetches the next
  /// tile's weights half of the time.
  double activeWeightBanks = 1;
  /// Weights come through the input memory's port.
  bool areWeightsData = false;

  /// Of the layer once, besides its repetitions.
  VectorWork vector;
};

Activity countActivity(const Convolution &layer,
                       int64_t reductionChunk = kNoReductionChunk);
Activity countActivity(const MatrixProduct &layer);

/// The banks of `bankBytes` that hold so many bytes of each memory.
std::array<int64_t, NumMemories>
countBanks(const std::array<double, NumMemories> &bytes,
           const std::array<int64_t, NumMemories> &bankBytes);

enum class Gating { None, Sram, Bank };

/// A memory as the layers see it.
struct MemoryBanks {
  /// Domain that supplies it.
  Domain domain;
  int64_t bankBytes;
  int64_t banks;
  /// Watts of one powered bank at the domain's nominal voltage.
  double bankLeakageW;
};

/// An accelerator, but for its voltages.
struct Accelerator {
  Constants constants;
  /// Watts of each domain at nominal voltage.
  std::array<double, NumDomains> leakageW;
  std::array<MemoryBanks, NumMemories> memories;
  Gating gating = Gating::None;
  /// Banks that are gated together.
  int64_t gatingGranularity = 1;
};

/// The banks of each memory that are on while a layer runs: of the feature-map
/// memories those that one repetition works on, and never more than there are.
std::array<double, NumMemories> countPoweredBanks(const Activity &activity,
                                                  const Accelerator &hardware);

/// What a layer makes of the memories' banks, where that follows from what they
/// must hold and not from the layer alone.
struct BankUse {
  /// Banks of each memory that are on.
  std::array<double, NumMemories> powered = {};
  /// Watts, at the domain's nominal voltage, of banks that only keep a value.
  std::array<double, NumMemories> retentionW = {};
  /// Banks that are switched on or off for the layer.
  double switchedBanks = 0;
  /// Of weights that are loaded again, whatever the voltage.
  double reloadEnergyJ = 0, reloadTimeS = 0;
};

/// A domain at some voltage.
struct DomainPoint {
  /// Voltage over nominal voltage.
  double relativeVoltage;
  double frequencyHz;
  /// Leakage power over that at nominal voltage.
  double leakageFactor;
  /// What dynamic energy is times, besides the voltage squared.
  double dynamicFactor = 1;
};
using OperatingPoint = std::array<DomainPoint, NumDomains>;

struct Cost {
  double timeS = 0;
  std::array<double, NumDomains> dynamicEnergyJ = {};
  std::array<double, NumDomains> leakageW = {};

  double totalLeakageW() const {
    return leakageW[Array] + leakageW[Weight] + leakageW[Feeder];
  }
  /// Dynamic and leakage, in joules.
  double energyJ() const {
    return dynamicEnergyJ[Array] + dynamicEnergyJ[Weight] +
           dynamicEnergyJ[Feeder] + totalLeakageW() * timeS;
  }
};

/// How much of a layer's time each part sets the pace of, in seconds. Feeding
/// is what brings feature maps in and takes them out.
struct TimeSplit {
  double computeS = 0, weightsS = 0, feedingS = 0, vectorS = 0;
};

/// The nearest whole number, to even if there are two; of one that is not
/// negative. `std::nearbyint`, without a call.
inline double roundToWhole(double number) {
  // From here on, all are whole.
  constexpr double kAllWhole = 4503599627370496; // 2^52
  return number < kAllWhole ? (number + kAllWhole) - kAllWhole : number;
}

/// All steps of a kind, of which the slowest part takes `stepS`.
inline double timeOfSteps(const Activity &activity, const Activity::Step &step,
                          double stepS, double arrayHz) {
  return activity.roundsToArrayCycles
             ? roundToWhole(stepS * arrayHz) * double(step.count) / arrayHz
             : stepS * double(step.count);
}

/// Costs one layer at many operating points.
class LayerCostModel {
public:
  LayerCostModel(const Activity &activity, const Accelerator &hardware);
  /// With banks as they are used instead of as the layer by itself needs them.
  LayerCostModel(const Activity &activity, const Accelerator &hardware,
                 const BankUse &banks);

  Cost computeCost(const OperatingPoint &point) const;
  /// What the time of `computeCost` goes to.
  TimeSplit splitTime(const OperatingPoint &point) const;
  /// Dynamic energy of vector work, which is in that of `computeCost`.
  double computeVectorEnergyJ(const OperatingPoint &point) const;

private:
  friend class LayerCostFactors;

  void addEvents(const Constants &constants);
  void addVectorWork(const Constants &constants);
  void addLeakage(const Accelerator &hardware,
                  const std::array<double, NumMemories> &powered);
  double computeTime(const OperatingPoint &point) const;

  Activity activity;
  /// All repetitions, at nominal voltage.
  std::array<double, NumDomains> nominalEnergyJ = {};
  /// Of vector work alone.
  std::array<double, NumDomains> nominalVectorJ = {};
  std::array<double, NumDomains> nominalLeakageW = {};
  double reloadEnergyJ = 0, reloadTimeS = 0;
};

/// Costs one layer at all combinations of points that its domains can be at.
/// Energy is a sum over domains, and time a maximum of what each takes, so that
/// most of the work is done once for each point of each domain. The same
/// numbers as `LayerCostModel`, to the last bit.
class LayerCostFactors {
public:
  /// By domain, the index of the point that it is at.
  using PointIndices = std::array<uint32_t, NumDomains>;

  LayerCostFactors(
      const LayerCostModel &model,
      const std::array<std::vector<DomainPoint>, NumDomains> &points);

  Cost computeCost(const PointIndices &at) const;
  /// Of `count` combinations: `at`, and those in which the domain `varied` is
  /// at the points after that one.
  void computeTotals(const PointIndices &at, Domain varied, size_t count,
                     double *__restrict energyJ, double *__restrict timeS,
                     double *__restrict leakageW) const;

private:
  /// By point, what a domain has by itself.
  struct Factors {
    std::vector<double> dynamicEnergyJ, leakageW, extraS, vectorS;
  };
  void addPoint(const LayerCostModel &model, Domain domain,
                const DomainPoint &point);
  void addSteps(Domain domain,
                const std::array<std::vector<DomainPoint>, NumDomains> &points);
  template <Domain Varied>
  void computeTimes(const PointIndices &at, size_t count,
                    double *__restrict timeS) const;
  template <Domain Varied>
  void computeTotals(const PointIndices &at, size_t count,
                     double *__restrict energyJ, double *__restrict timeS,
                     double *__restrict leakageW) const;
  Cost costOf(const PointIndices &at, double timeS) const;

  const Activity &activity;
  double reloadTimeS;
  std::array<Factors, NumDomains> factors;
  /// Seconds that all steps of a kind take where a domain sets their pace,
  /// which is by the array's clock,
  /// [(step * array points + array point) * points + point]; of the array
  /// itself, [step * points + point].
  std::array<std::vector<double>, NumDomains> stepsS;
};

} // namespace pfmlir::costmodel

#endif // PFMLIR_COSTMODEL_ANALYTICALMODEL_H
