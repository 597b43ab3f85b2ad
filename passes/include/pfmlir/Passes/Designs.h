//===- Designs.h - A network on many variants of its target -----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Many schedules of one network at once: each design changes some parameters of
// the target or of layers, and has a period of its own. Costs are computed anew
// from what was changed, but nothing is parsed, and no pass runs. What a design
// costs is, to the last bit, what a module with these parameters does.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_DESIGNS_H
#define PFMLIR_PASSES_DESIGNS_H

#include "pfmlir/Passes/Parameters.h"
#include "pfmlir/Scheduler/Searches.h"

#include <atomic>

namespace pfmlir::power {

/// A value for a parameter, by its index among `DesignSolver::getParameters`.
struct ParameterChange {
  unsigned parameter;
  /// Null leaves out what is optional.
  mlir::Attribute value;
};

/// One design: what it changes, in this order, and how often it runs.
struct Design {
  /// Indices into a table of changes.
  llvm::ArrayRef<unsigned> changes;
  double periodS = 0;
};

enum class DesignStatus {
  /// Scheduled with a proven optimum, or with a bound only.
  Optimal,
  Feasible,
  /// No schedule keeps the deadline.
  Infeasible,
  /// The changes make no target, or nothing that can be costed.
  Invalid,
  /// The work was interrupted before.
  Skipped,
};

struct DesignAnswer {
  DesignStatus status = DesignStatus::Skipped;
  double energyJ = 0, lowerBoundJ = 0, activeTimeS = 0;
  /// The shortest period that could be had, in seconds, where this one can't.
  double shortestPeriodS = 0;
  /// The levels in use, in volts.
  llvm::SmallVector<double, 4> railsV;
  /// The idle or sleep state that ends the period; empty where none does.
  std::string tail;
  /// Why it is not feasible or not valid: the first error.
  std::string reason;
};

class DesignSolver {
public:
  /// For a module whose function consists of layers on a target, which must
  /// outlive this, and stay as it is. Reports an error where there is none.
  static mlir::FailureOr<DesignSolver> create(mlir::ModuleOp module);

  llvm::ArrayRef<NetworkParameter> getParameters() const { return parameters; }
  mlir::MLIRContext *getContext() const {
    return Network(network).target->getContext();
  }

  /// Solves designs in `limits.threads` threads. Each search has one of them,
  /// so that their number does not change the answers. A time limit is one of
  /// each design by itself. `limits.isOver` skips what has not been begun.
  void solve(llvm::ArrayRef<ParameterChange> changes,
             llvm::ArrayRef<Design> designs,
             const scheduler::SearchInfo &search,
             const scheduler::SearchLimits &limits,
             llvm::MutableArrayRef<DesignAnswer> answers) const;

private:
  explicit DesignSolver(Network network) : network(std::move(network)) {}

  Network network;
  llvm::SmallVector<NetworkParameter> parameters;
};

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_DESIGNS_H
