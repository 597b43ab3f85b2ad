//===- LayerCosts.h - What a layer costs in every state ---------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cost models give: for each layer a number of states, with three numbers
// each. There may be hundreds of thousands, so they are in arrays, and layers
// of the same states share what these are.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_LAYERCOSTS_H
#define PFMLIR_DIALECT_LAYERCOSTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace pfmlir::power {

/// What states are: where the power manager has everything.
class StateSettings {
public:
  /// `modes` and `banks` are given for all states or for none.
  void add(llvm::ArrayRef<uint16_t> levels, llvm::ArrayRef<uint16_t> modes = {},
           llvm::ArrayRef<double> banks = {});

  size_t size() const { return numStates; }
  /// Per domain, an index into the target's levels.
  llvm::ArrayRef<uint16_t> levelsOf(size_t state) const {
    return levels.row(state);
  }
  /// Per domain, 0 for no mode or an index into its modes, plus one; empty
  /// where no domain has modes.
  llvm::ArrayRef<uint16_t> modesOf(size_t state) const {
    return modes.row(state);
  }
  /// Per memory that costs something to wake (`TargetOp::getWakeMemories`), how
  /// many of its banks are powered; empty where nobody has chosen.
  llvm::ArrayRef<double> banksOf(size_t state) const {
    return banks.row(state);
  }
  /// The levels of all states, one after the other.
  llvm::ArrayRef<uint16_t> allLevels() const { return levels.values; }
  bool hasModes() const { return modes.width > 0; }

private:
  /// A row for each state.
  template <typename T>
  struct Rows {
    std::vector<T> values;
    size_t width = 0;

    void add(llvm::ArrayRef<T> row) {
      width = row.size();
      for (T value : row)
        values.push_back(value);
    }
    llvm::ArrayRef<T> row(size_t state) const {
      return {values.data() + state * width, width};
    }
  };

  size_t numStates = 0;
  Rows<uint16_t> levels, modes;
  Rows<double> banks;
};

/// What each power domain takes of a layer's energy, in joules and in the order
/// in which the target declares them.
struct DomainEnergies {
  llvm::ArrayRef<double> dynamicJ, leakageJ;
};

/// One state of a layer, and what it costs.
struct LayerState {
  llvm::ArrayRef<uint16_t> levels, modes;
  llvm::ArrayRef<double> banks;
  /// Leakage included, in joules.
  double energyJ;
  double timeS;
  double leakageW;
  /// The same energy, where it is known by domain.
  DomainEnergies byDomain;
};

/// What a layer can wait for. Feeding is what brings feature maps in and takes
/// them out, other work all that is no product.
enum class Pace { Compute, Weights, Feeding, OtherWork };
inline constexpr size_t kNumPaces = 4;
inline constexpr llvm::StringLiteral kPaceNames[kNumPaces] = {
    "compute", "weights", "feeding", "other_work"};

/// What a cost model takes a layer for, and where its time goes.
struct LayerAnalysis {
  /// Of an element.
  int64_t activationBits = 0, weightBits = 0, outputBits = 0;
  /// Of each tensor of the product once, and of all that other work reads and
  /// writes.
  double inputBytes = 0, weightBytes = 0, outputBytes = 0, otherBytes = 0;
  /// How much of the layer's time each sets the pace of, in seconds.
  std::array<double, kNumPaces> paceS = {};
  /// Dynamic energy of other work.
  double otherEnergyJ = 0;
  /// Per memory of the target, what it has to hold while the layer runs, in
  /// bytes.
  llvm::SmallVector<double, 4> heldBytes;

  double getBytes() const {
    return inputBytes + weightBytes + outputBytes + otherBytes;
  }
  /// What the layer waits for most of its time.
  Pace getBound() const;
};

/// What a layer costs.
struct LayerCosts {
  std::shared_ptr<StateSettings> settings;
  /// By state: energy (leakage included), time and leakage power.
  std::vector<double> energyJ, timeS, leakageW;
  /// By state and domain, where that was asked for and is known.
  std::vector<double> dynamicByDomainJ, leakageByDomainJ;
  /// Per memory of the target, how many banks are on while the layer runs;
  /// empty where the model does not know.
  llvm::SmallVector<double, 4> poweredBanks;
  /// Of the only state, where one was asked for and the model knows; else null.
  std::shared_ptr<const LayerAnalysis> analysis;

  size_t size() const { return energyJ.size(); }
  bool empty() const { return energyJ.empty(); }
  bool isByDomain() const { return !dynamicByDomainJ.empty(); }
  /// One state, to look at while the costs are there.
  LayerState operator[](size_t state) const;

  /// Adds a state, of settings that are this layer's alone.
  void addState(llvm::ArrayRef<uint16_t> levels, double stateEnergyJ,
                double stateTimeS, double stateLeakageW,
                llvm::ArrayRef<uint16_t> modes = {},
                llvm::ArrayRef<double> banks = {},
                DomainEnergies byDomain = {});
  /// Leaves out all other states.
  void keepIf(llvm::function_ref<bool(const LayerState &)> isKept);
};

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_LAYERCOSTS_H
