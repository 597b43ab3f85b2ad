//===- NetworkProblem.h - Networks as scheduling problems -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a target and the costs of layers are to the scheduler, and what its
// answer means for them. The machine has an axis for each of these:
//
// - a domain that picks a rail by itself, or a regulated supply with all
//   domains on it, which needs no rail: their levels;
// - a domain with modes: none, or one of them;
// - a memory that costs something to wake: numbers of powered banks;
// - all engines together: the accelerator, or one of them.
//
// A layer's state waits for its dispatch before it runs, and the rest of the
// system is awake all the while. Where the target has idle states, the last
// layer has each of its states with each of these, too: there it goes on to
// that idle state, with what that takes, and waits at its power. What rails the
// idle state needs is one more axis, or several if these are several, without
// costs.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_NETWORKPROBLEM_H
#define PFMLIR_PASSES_NETWORKPROBLEM_H

#include "pfmlir/Passes/Costs.h"
#include "pfmlir/Scheduler/Referee.h"

namespace pfmlir::power {

/// What the settings of an axis are.
struct AxisMeaning {
  enum Kind { Levels, Modes, Banks, Engines, IdleStates };
  Kind kind;
  /// Of levels and modes: whose, as indices into the target's domains.
  llvm::SmallVector<unsigned, 1> domains = {};
  /// Of banks: an index into the memories that cost something to wake, and the
  /// number of each setting.
  unsigned memory = 0;
  llvm::SmallVector<double> banks = {};
};

/// A state of the problem as one of a layer's costs.
struct StateMeaning {
  uint32_t way;
  uint32_t state;
};

/// A state of the last layer that goes on to an idle state.
struct Wait {
  /// Of the problem: the same without.
  size_t afterState;
  /// An index into the target's idle states.
  unsigned idleState;
};

struct NetworkProblem {
  scheduler::Problem problem;
  llvm::SmallVector<AxisMeaning> axes;
  /// By state of the problem.
  std::vector<StateMeaning> meanings;
  /// Of the last states of the problem.
  std::vector<Wait> waits;

  /// How a schedule goes on to an idle state; null if it doesn't.
  const Wait *waitOf(const scheduler::Schedule &schedule) const;
};

/// What it takes to enter idle states.
class IdleEntries {
public:
  IdleEntries(TargetOp target, const NetworkProblem &network);
  /// From settings of the problem, one an axis. With what is awake meanwhile.
  scheduler::Transition from(const scheduler::Setting *settings,
                             unsigned idleState);

private:
  TargetOp target;
  llvm::SmallVector<AxisMeaning> axes;
  /// With a state for either end.
  scheduler::Problem ends;
};

/// The problem of layers with these costs and probabilities
/// (`Network::probabilities`), repeated every `periodS` seconds. Policies have
/// no idle states. Where periods may end early and the target has no sleep
/// state, it is one that does not pass `scheduler::check`. `storage` is a
/// problem of no use any more, for its memory.
NetworkProblem buildProblem(TargetOp target, llvm::ArrayRef<LayerWays> costs,
                            llvm::ArrayRef<double> probabilities,
                            double periodS, bool withIdleStates = true,
                            NetworkProblem storage = {});

/// Reports what of a network makes its problem none that can be scheduled, at
/// `op`.
llvm::LogicalResult checkProblem(mlir::Operation *op, const Network &network,
                                 const NetworkProblem &problem);

/// A schedule that sleeps has nothing of an idle state.
scheduler::Schedule withoutUselessIdling(const NetworkProblem &problem,
                                         scheduler::Schedule schedule);

/// The problem that a schedule leaves: each layer has the one state that was
/// chosen for it, without an idle state after it.
NetworkProblem buildScheduledProblem(const ScheduledNetwork &network);

/// The setting of every axis with all domains at nominal voltage, in no mode:
/// nothing if a nominal voltage is not among the target's levels, or is not
/// that of all domains on a supply.
std::optional<std::vector<scheduler::Setting>>
getNominalSettings(TargetOp target, const NetworkProblem &problem);

/// The energy of a period in the parts that a power.schedule has: as many of
/// `ScheduleOp::Part` as the target has use for.
llvm::SmallVector<double> splitEnergy(TargetOp target,
                                      const NetworkProblem &problem,
                                      const scheduler::Schedule &schedule);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_NETWORKPROBLEM_H
