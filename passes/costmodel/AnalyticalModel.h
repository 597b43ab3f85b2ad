//===- AnalyticalModel.h - Cost of a layer from its shape -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The analytical model of PowerFlow-DNN (arXiv 2603.23882): energy, time and
// leakage power of one layer on a weight-stationary 8 x 8 systolic array with
// banked feature-map SRAM and banked RRAM for the weights. Plain C++ on
// numbers; nothing here knows of MLIR.
//
// Two steps. `countActivity` turns a shape into an `Activity`, which counts
// cycles, bits and operations and depends on no voltage. `LayerModel` prices an
// activity on one accelerator; its `cost` is what runs once a state, and is a
// few dozen floating-point operations.
//
// Units are SI throughout: joules, seconds, watts, volts, hertz; sizes are in
// bytes or bits as their names say. Shapes are taken to be valid: every extent,
// stride, dilation, group count and batch positive, paddings not negative, the
// dilated kernel no larger than the padded input, `groups` a divisor of both
// channel counts. Products of extents are made in double, so that they are
// exact below 2^53 and never overflow.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_COSTMODEL_ANALYTICALMODEL_H
#define PFMLIR_PASSES_COSTMODEL_ANALYTICALMODEL_H

#include <array>
#include <cstdint>
#include <vector>

namespace pfmlir::costmodel {

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// A two-dimensional convolution; all numbers count elements.
///
/// `groups * batch` convolutions of (inputChannels / groups) to
/// (outputChannels / groups) channels run one after the other. A depthwise
/// convolution has as many groups as input channels.
struct Convolution {
  int64_t inputHeight = 1, inputWidth = 1;
  int64_t inputChannels = 1, outputChannels = 1;
  int64_t kernelHeight = 1, kernelWidth = 1;
  int64_t strideHeight = 1, strideWidth = 1;
  /// Low and high side together: the paper's symmetric padding p is 2 p here.
  int64_t paddingHeight = 0, paddingWidth = 0;
  int64_t dilationHeight = 1, dilationWidth = 1;
  int64_t groups = 1;
  int64_t batch = 1;

  /// Input rows, or columns, from the first tap of the kernel to its last.
  int64_t spanHeight() const { return (kernelHeight - 1) * dilationHeight + 1; }
  int64_t spanWidth() const { return (kernelWidth - 1) * dilationWidth + 1; }

  /// OH = floor((H + padding - span) / stride) + 1, and OW likewise.
  int64_t outputHeight() const {
    return (inputHeight + paddingHeight - spanHeight()) / strideHeight + 1;
  }
  int64_t outputWidth() const {
    return (inputWidth + paddingWidth - spanWidth()) / strideWidth + 1;
  }
};

/// `batch` products of m x k activations with k x n weights, one after the
/// other. Every product has weights of its own.
struct MatrixProduct {
  int64_t m = 1, k = 1, n = 1;
  int64_t batch = 1;
};

//===----------------------------------------------------------------------===//
// The accelerator
//===----------------------------------------------------------------------===//

/// The power domains, in the order of every per-domain array below.
enum Domain : unsigned {
  /// Systolic array and control; the paper's `sys`.
  ArrayDomain,
  /// Weight memory, its DMA, write port of the weight buffer; `rram`.
  WeightDomain,
  /// Feature-map memories and the activation feeder; `feeder`.
  FeederDomain,
};
inline constexpr unsigned kNumDomains = 3;
using PerDomain = std::array<double, kNumDomains>;

/// Rows (lanes) and columns of the array. Constants, because the published
/// formulas don't tell apart the eights of rows, of columns and of bits.
inline constexpr int64_t kLanes = 8;
inline constexpr int64_t kColumns = 8;
/// Longest run of weights that the array is filled with at once, in elements.
inline constexpr int64_t kMaxFill = 72;

/// What events cost, and how wide things are. Energies and leakages are those
/// at the domains' reference voltages. An access moves `portBits` bits.
struct Constants {
  /// Joules per multiply-accumulate.
  double macEnergyJ = 0;
  /// Joules per access.
  double weightBufferWriteEnergyJ = 0;
  double weightBufferReadEnergyJ = 0;
  double outputWriteEnergyJ = 0;
  double inputReadEnergyJ = 0;
  double weightMemoryReadEnergyJ = 0;
  /// Joules per bit.
  double laneWriteEnergyJ = 0;
  double laneReadEnergyJ = 0;
  /// Joules per busy cycle of the array, skewing its operands.
  double staggerEnergyJ = 0;
  /// Joules per cycle of the feeder's control.
  double feederControlEnergyJ = 0;
  /// Joules per weight bank switched on or off.
  double gateControlEnergyJ = 0;
  /// Joules per transaction of `portBits` weight bits.
  double dmaControlEnergyJ = 0;

  /// Watts of each domain without its banks.
  PerDomain leakageW = {};
  /// Watts of the gate controller, in the array's domain; `Gating::Bank` only.
  double gateControllerLeakageW = 0;
  /// Watts of one powered bank. A gated bank leaks nothing.
  double inputBankLeakageW = 0;
  double outputBankLeakageW = 0;
  double weightBankLeakageW = 0;

  /// Bits of one element; `portBits` is a multiple of `activationBits`.
  int64_t activationBits = 8;
  int64_t weightBits = 8;
  int64_t outputBits = 32;
  /// Bits per cycle of every memory's port, in its own clock.
  int64_t portBits = 64;

  /// Longest part of a convolution's reduction that runs at once, in elements;
  /// the model's k_chunk. Zero: no limit.
  int64_t reductionChunk = 0;
};

/// The paper's constants, at 1.1 V.
Constants referenceConstants();

/// Numbers of banks. Fractions are means over time.
struct Banks {
  double input = 0, output = 0, weight = 0;
};

/// Bytes of one bank; the defaults are the paper's.
struct BankSizes {
  int64_t inputBytes = 32 * 1024;
  int64_t outputBytes = 64 * 1024;
  int64_t weightBytes = 8 * 1024;
};

/// Which banks are switched off when a layer doesn't need them.
enum class Gating {
  /// None.
  None,
  /// Those of the two feature-map memories. Free of cost in the model.
  Sram,
  /// Those of the weight memory too. Adds the gate controller's leakage, and
  /// its energy for switching every weight bank of the memory on and off once,
  /// be it needed or not: 2 * total * gateControlEnergyJ a repetition.
  Bank,
};

struct Memories {
  BankSizes bankSizes;
  /// Banks built, which is what is on without gating.
  Banks totals;
  Gating gating = Gating::None;
  /// Banks that switch together.
  int64_t granularity = 1;
};

//===----------------------------------------------------------------------===//
// Activity
//===----------------------------------------------------------------------===//

/// What a layer does, whatever the voltages. Every number is a count; unless
/// said otherwise, one of a single repetition.
struct Activity {
  /// How often all of this happens, one after the other: groups times batch.
  double repetitions = 1;

  /// `count` output-channel tiles in sequence. The array, the feeder and the
  /// fetch of the next tile's weights work at the same time: a tile takes as
  /// long as the slowest of them. Cycles are in each domain's own clock.
  struct Tiles {
    double count = 0;
    PerDomain cycles = {};
  };
  /// Full tiles, and the last one if it differs.
  std::array<Tiles, 2> tiles;
  /// A tile's time is rounded to whole array cycles (convolutions only).
  bool wholeArrayCycles = false;
  /// What doesn't overlap with the tiles: for a convolution the first fetch of
  /// weights, for a matrix product reading its input and writing its output.
  PerDomain serialCycles = {};

  double macs = 0;
  /// Weight bits moved from the weight memory into the weight buffer.
  double weightBits = 0;
  /// Times that each of those is read from the buffer.
  double weightReuse = 1;
  /// Bits written to the output scratchpad, partial sums included.
  double outputBits = 0;
  /// Bits read from the input scratchpad, partial sums included.
  double inputBits = 0;
  /// Bits that pass through the lane buffers.
  double laneBits = 0;
  double staggerCycles = 0;
  double feederControlCycles = 0;
  double dmaTransactions = 0;

  /// What the layer's tensors take, all repetitions together.
  double inputBytes = 0, outputBytes = 0, weightBytes = 0;
  /// What one repetition takes of the feature-map memories.
  double activeInputBytes = 0, activeOutputBytes = 0;
  /// Weight banks on at a time under bank gating: 1.5 for a convolution, which
  /// fetches ahead, 1 for a matrix product.
  double activeWeightBanks = 1;
};

/// Model: "Convolution". With K = Cin kh kw of one group, the feeder's base is
/// tiles * Cin * kh, and its words per row of a tile the mean over a of
/// ceil((span + 7 sw + a) / 8), span = (kw - 1) dilation + 1.
Activity countActivity(const Convolution &layer, const Constants &constants);
/// Model: "Matrix product".
Activity countActivity(const MatrixProduct &layer, const Constants &constants);

/// Whole banks that hold the layer's tensors. The largest need of a network,
/// each memory by itself, sizes the memories that are left open.
Banks banksNeeded(const Activity &activity, const BankSizes &sizes);

/// The larger number of banks, each memory by itself.
Banks largerBanks(const Banks &a, const Banks &b);

/// Banks on while the layer runs. Of a gated feature-map memory what one
/// repetition needs, rounded up to the granularity, and of a gated weight
/// memory `activeWeightBanks`, rounded likewise unless the granularity is one;
/// never more than there are. Model: "Leakage and bank gating".
Banks poweredBanks(const Activity &activity, const Memories &memories);

//===----------------------------------------------------------------------===//
// Cost
//===----------------------------------------------------------------------===//

/// A domain's supply and clock.
struct DomainPoint {
  double voltageV = 0;
  /// Where the constants were measured.
  double referenceVoltageV = 0;
  /// At `voltageV`.
  double frequencyHz = 0;

  /// (v / vref)^2 and v / vref: factors of dynamic energy and leakage power.
  double dynamicScale() const { return leakageScale() * leakageScale(); }
  double leakageScale() const { return voltageV / referenceVoltageV; }
};
using OperatingPoint = std::array<DomainPoint, kNumDomains>;

/// Frequency in hertz where the gate delay, in any unit, is the polynomial
/// d(v) = sum of coefficients[i] * v^i: f(v) = f(vref) * d(vref) / d(v).
/// Voltages outside of [minimumV, maximumV] count as the nearer end. The
/// delay must be positive there.
double delayPolynomialFrequencyHz(const std::vector<double> &coefficients,
                                  double minimumV, double maximumV,
                                  double referenceVoltageV,
                                  double referenceFrequencyHz, double voltageV);

/// A layer's cost at one operating point, all repetitions together.
struct LayerCost {
  double timeS = 0;
  PerDomain dynamicEnergyJ = {};
  PerDomain leakageW = {};
  Banks poweredBanks;

  /// Joules, all domains.
  double dynamicEnergy() const {
    return dynamicEnergyJ[0] + dynamicEnergyJ[1] + dynamicEnergyJ[2];
  }
  /// Watts, all domains.
  double leakagePowerW() const {
    return leakageW[0] + leakageW[1] + leakageW[2];
  }
  /// Joules, dynamic and leakage.
  double energyJ() const { return dynamicEnergy() + leakagePowerW() * timeS; }
};

/// One layer on one accelerator, at any operating point.
class LayerModel {
public:
  LayerModel(const Activity &activity, const Constants &constants,
             const Memories &memories);

  LayerCost cost(const OperatingPoint &point) const;
  /// The time alone, in seconds.
  double timeS(const OperatingPoint &point) const;

private:
  double repetitions;
  std::array<Activity::Tiles, 2> tiles;
  bool wholeArrayCycles;
  PerDomain serialCycles;
  /// At reference voltage, all repetitions.
  PerDomain dynamicEnergyJ;
  PerDomain leakageW;
  Banks powered;
};

} // namespace pfmlir::costmodel

#endif // PFMLIR_PASSES_COSTMODEL_ANALYTICALMODEL_H
