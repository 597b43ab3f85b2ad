//===- Verify.h - Parts of power-verify-schedule ----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_VERIFY_H
#define PFMLIR_PASSES_VERIFY_H

#include "pfmlir/Passes/Network.h"

#include <cmath>

namespace pfmlir::power {

/// Relative difference that summing in another order can make.
inline constexpr double kTolerance = 1e-9;
/// Relative slack of the deadline; twice what is granted to the searches, which
/// round otherwise.
inline constexpr double kDeadlineTolerance = 2e-12;

inline bool agree(double a, double b, double scale) {
  return std::abs(a - b) <= kTolerance * std::abs(scale);
}

/// An energy, and what power makes of the time that is within the deadline's
/// slack: to what two energies of one schedule are compared.
inline double getScaleJ(double energyJ, double restPowerW, double periodS) {
  return energyJ + restPowerW * periodS * (kDeadlineTolerance / kTolerance);
}

/// What it takes to be asleep for `remainingS` seconds, in joules.
double getSleepEnergyJ(TargetOp target, SleepStateOp sleep, double remainingS);

/// Whether entering and leaving fits between the end of what is active and that
/// of the period.
bool canSleep(TargetOp target, SleepStateOp sleep, double activeS,
              double periodS);

/// Recomputes `baselines_j` and `references` of a schedule. Reports an error at
/// it where one is not what it says.
llvm::LogicalResult verifyBaselines(const ScheduledNetwork &network);

/// Proves the lower bound of a schedule again, by the exact search on what its
/// layers cost. Reports an error at it where that can't be done.
llvm::LogicalResult proveBound(const ScheduledNetwork &network,
                               llvm::ArrayRef<LayerCosts> costs);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_VERIFY_H
