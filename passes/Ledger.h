//===- Ledger.h - What a period takes, step by step -------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What verifiers sum up: from the target and what the power manager does, one
// change and one layer after the other. Nothing of it is shared with the
// scheduler, nor with what makes a problem for it; the two are compared.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_LEDGER_H
#define PFMLIR_PASSES_LEDGER_H

#include "pfmlir/Passes/Costs.h"

namespace pfmlir::power {

/// Relative difference that two ways of summing the same may have.
inline constexpr double kTolerance = 1e-9;
/// And that a deadline is kept by.
inline constexpr double kDeadlineTolerance = 2e-12;

inline bool agree(double a, double b, double scale) {
  return std::abs(a - b) <= kTolerance * std::abs(scale);
}

/// Joules of each part of a period's energy.
struct EnergyParts {
  double dynamicJ = 0, leakageJ = 0, transitionJ = 0, tailJ = 0;
  double awakeJ = 0, railsJ = 0;

  double sumJ() const {
    return dynamicJ + leakageJ + transitionJ + tailJ + awakeJ + railsJ;
  }
};

class Ledger {
public:
  Ledger(TargetOp target, double periodS);

  /// The power manager changes something; until the first layer it is free, as
  /// waking up is part of the sleep before.
  void setVoltage(DomainOp domain, double voltageV);
  void setMode(DomainOp domain, ModeOp mode);
  void setBanks(MemoryOp memory, double powered);
  void setEngine(EngineOp engine);

  std::optional<double> voltageOf(DomainOp domain) const;
  std::optional<ModeOp> modeOf(DomainOp domain) const;
  std::optional<double> banksOf(MemoryOp memory) const;
  std::optional<EngineOp> currentEngine() const { return engine; }

  /// A layer runs in what has been set.
  void run(double energyJ, double timeS, double leakageW);
  /// Only this part of all periods goes on; the others end here, and sleep.
  /// Sleep takes up what layers leave of the period: changes of settings before
  /// the end are no part of that.
  void goOnWith(double partOfPeriods, SleepStateOp sleepOfOthers);
  /// So many rails are there for the whole period.
  void addRails(size_t numRails);
  /// The period ends by waiting at this power.
  void idle(double powerW);
  /// Or asleep, if there is time for it.
  bool canSleep(SleepStateOp sleep) const;
  void sleep(SleepStateOp sleep);
  /// What is set for the tail takes its time before that.
  void finishTransition();

  double activeTimeS() const { return activeS; }
  double remainingTimeS() const { return std::max(periodS - activeS, 0.0); }
  bool keepsDeadline() const;
  const EnergyParts &energy() const { return parts; }
  /// The energy that rounding of times could make a difference to.
  double scaleJ() const;

private:
  void charge(double energyJ, double timeS);
  double latestEndS() const;

  TargetOp target;
  double periodS, awakeW;
  EnergyParts parts;
  double activeS = 0;
  /// Of layers alone.
  double layersS = 0;
  /// Of all periods, that are still going on.
  double share = 1;
  /// Power in what is left of the period.
  double restPowerW = 0;
  /// Of the changes since the last layer.
  double transitionSumS = 0, transitionLongestS = 0;

  llvm::DenseMap<mlir::Operation *, double> voltagesV, banks;
  llvm::DenseMap<mlir::Operation *, ModeOp> modes;
  std::optional<EngineOp> engine;
  /// Of each regulated supply, what it was last.
  llvm::DenseMap<mlir::Operation *, double> regulatedV;
};

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_LEDGER_H
