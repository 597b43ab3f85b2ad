//===- Timeline.h - What happens in a period, and when ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A schedule as whoever hands it on needs it: what the power manager does, step
// by step, and what is drawn in each part of the period. All translations of a
// schedule to something that runs, or that is drawn over time, read this.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_TIMELINE_H
#define PFMLIR_PASSES_TIMELINE_H

#include "passes/Ledger.h"

namespace pfmlir::power {

/// One thing that the power manager does.
struct Step {
  enum Kind { Voltage, Mode, Banks, Engine, Start, Finish, Tail };
  Kind kind;
  /// From the beginning of the period.
  double timeS;
  /// What of the IR says so.
  mlir::Operation *op;
  /// The domain or the memory that is set; of the engine, the mode and the
  /// tail, what is reached, or null for none.
  mlir::Operation *declaration = nullptr;
  /// Volts, or powered banks.
  double value = 0;
  /// Of a mode.
  DomainOp domain = nullptr;
  /// The number of the layer that comes next, starts or ends.
  size_t layer = 0;
};

/// A part of the period with all that is drawn in it; the parts follow each
/// other without a gap, from 0 to the period.
struct Interval {
  enum Kind { Transition, Dispatch, Layer, Entry, Tail, Exit };
  Kind kind;
  double startS, endS;
  double energyJ;
  /// Of a layer, and of what comes right before it; else the number of layers.
  size_t layer;
};

struct Timeline {
  ScheduledNetwork network;
  double periodS;
  /// In the order in which they happen.
  std::vector<Step> steps;
  /// Some may be empty, and have energy all the same.
  std::vector<Interval> intervals;
};

/// Follows the power manager through the function. Reports an error where the
/// IR says what does not hold, as power-verify-schedule does.
mlir::FailureOr<Timeline> readTimeline(mlir::ModuleOp module);

/// What whole numbers of time count.
struct TimeUnit {
  double seconds;
  /// As waveforms spell it.
  llvm::StringLiteral name;
  uint64_t round(double timeS) const;
};
/// Femtoseconds, or the finest coarser one that 62 bits hold the period in.
TimeUnit getTimeUnit(double periodS);

/// An interval in whole units of time.
struct Span {
  Interval::Kind kind;
  uint64_t start, end;
  double energyJ;
  size_t layer;
};
/// None is empty, and they add up to the same energy: an interval that rounds
/// to nothing leaves its energy to the next, or at the end to the last.
std::vector<Span> roundIntervals(const Timeline &timeline, TimeUnit unit);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_TIMELINE_H
