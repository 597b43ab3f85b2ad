//===- Problem.h - One power-scheduling instance ----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A power-scheduling problem: what a search is given, and what it gives back.
// Plain C++ on numbers; nothing here knows of MLIR.
//
// Input. The machine is a list of axes: what its power manager sets for a
// layer, and what stays until it is set again. A power domain with a choice of
// rails is an axis; so is a supply with all domains on it, a memory whose banks
// cost something to wake, or the engine that runs a layer. An axis is in one of
// its settings. A setting may need a supply level as a rail; at most `maxRails`
// levels may be rails.
//
// A chain of layers runs once every `periodS` seconds. Each layer executes in
// one of its states; a state is a setting of every axis, an energy, a time and
// a power while nothing switches. Several states of a layer may have the same
// settings. A layer may run in a part of the periods only.
//
// Cost. The layers' energies, plus what the axes pay to change their settings
// between neighbouring layers, plus what rails draw by being there, plus the
// tail: after the last layer the hardware either idles, at the power of the
// last layer's state, or enters one of the sleep states until the period ends.
// All of this is defined once, in Referee.h.
//
// Solution. One state a layer and a tail (`Schedule`).
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_SCHEDULER_PROBLEM_H
#define PFMLIR_SCHEDULER_PROBLEM_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pfmlir::scheduler {

/// A supply level, as an index into the target's candidate levels.
using Level = uint16_t;

/// What an axis can be set to, as an index into its settings.
using Setting = uint16_t;

/// Of a setting that needs no rail: off, a number of banks, an engine.
inline constexpr Level kNoRail = 0xffff;

/// Most candidate levels, and most settings of an axis: the matrices from one
/// to another of all axes have a gigabyte then.
inline constexpr unsigned kMostLevels = 1024;

/// Relative slack granted to the deadline, and to the time a sleep state needs.
/// A sum of a few thousand doubles is off by less than 1e-12 of itself, so that
/// a deadline set to a schedule's own time accepts that schedule in whatever
/// order the times are added.
inline constexpr double kTimeTolerance = 1e-12;

/// A sum of some thousand doubles is rarely off by more than this, relative to
/// the sum of their magnitudes. Bounds allow for it.
inline constexpr double kSumRounding = 1e-14;

/// Relative energy by which two schedules must differ to be told apart. The
/// lower bound of a closed search is proven to within this.
inline constexpr double kEnergyTolerance = 1e-12;

/// Relative energy that rounding of the time left may make of an optimum; what
/// `verify` compares sums to. Where it may make more, because some state draws
/// that much more while it waits than the network does in the mean, nothing is
/// called optimal.
inline constexpr double kRoundingTolerance = 1e-9;

/// Costs, times, powers and the period are zero or between these, so that no
/// sum, product or quotient in a search overflows: the largest is a power times
/// the period over a difference of times, which is at least 1e-76.
inline constexpr double kLeastQuantity = 1e-60;
inline constexpr double kMostQuantity = 1e60;

/// Largest grid of layers and combinations of settings that the searches take:
/// a few gigabytes. Five rails in five domains are 20,000 layers.
inline constexpr uint64_t kMostCells = uint64_t(1) << 26;

/// What one axis pays to change its setting. Row-major
/// [from * number of settings + to], in joules and seconds; the diagonal is
/// zero.
struct TransitionCost {
  std::vector<double> energyJ;
  std::vector<double> timeS;
};

struct Axis {
  /// By setting, the level that it needs as a rail, or `kNoRail`.
  std::vector<Level> railOf;
  TransitionCost transition;

  size_t numSettings() const { return railOf.size(); }
};

/// How long a transition takes in which several axes change.
enum class Ramps {
  /// One after the other: the sum of their times.
  Added,
  /// All at once: the longest of their times.
  Overlapping,
};

/// A way to spend what is left of the period. Energy and time are those of
/// entering and leaving together; `powerW` is drawn in between.
struct SleepState {
  double powerW = 0;
  double energyJ = 0;
  double timeS = 0;
};

/// A number for every state: in an array of its own, or in one that somebody
/// else owns and keeps, so that large tables need not be copied.
class StateNumbers {
public:
  /// Replaces the numbers by `count` that must outlive this.
  void borrow(const double *numbers, size_t count) {
    owned.clear();
    borrowed = numbers;
    numBorrowed = count;
  }
  /// The array of its own, to change. Not after `borrow`.
  std::vector<double> &own() { return owned; }

  size_t size() const { return borrowed ? numBorrowed : owned.size(); }
  const double *data() const { return borrowed ? borrowed : owned.data(); }
  double operator[](size_t state) const { return data()[state]; }

private:
  std::vector<double> owned;
  const double *borrowed = nullptr;
  size_t numBorrowed = 0;
};

struct Problem {
  unsigned numLevels = 0;
  unsigned maxRails = 0;
  double periodS = 0;
  /// The part of the period, from 0 to less than 1, that must be left when all
  /// is done: layers, transitions, entering and leaving sleep.
  double margin = 0;
  /// What a level draws throughout the period if it is a rail in use, in watts.
  double railPowerW = 0;
  /// Drawn while settings change, on top of what the axes pay, in watts.
  double transitionPowerW = 0;
  Ramps ramps = Ramps::Added;
  std::vector<Axis> axes;
  std::vector<SleepState> sleepStates;

  /// By layer, the part of the periods in which it runs, from 0 to 1 and never
  /// more than that of the layer before; the first runs in all. Empty if all
  /// layers do. Energy is what a period takes in the mean; the deadline is kept
  /// by a period in which all layers run.
  std::vector<double> layerWeight;
  /// What a period does that ends before its last layer. There must be time for
  /// it after any such end. Looked at only if a weight is less than 1.
  SleepState earlyTail;

  /// The states of layer i are [layerBegin[i], layerBegin[i + 1]) in the arrays
  /// below; `layerBegin` has one element more than there are layers.
  std::vector<size_t> layerBegin = {0};
  /// [state * axes.size() + axis].
  std::vector<Setting> stateSettings;
  StateNumbers energyJ;
  StateNumbers timeS;
  /// While nothing switches, as in idling: leakage, and what else is awake.
  StateNumbers idlePowerW;

  size_t numAxes() const { return axes.size(); }
  size_t numLayers() const { return layerBegin.size() - 1; }
  size_t numStates(size_t layer) const {
    return layerBegin[layer + 1] - layerBegin[layer];
  }
  const Setting *settingsOf(size_t state) const {
    return &stateSettings[state * axes.size()];
  }
  /// Whether the states of two layers have the same settings in the same order.
  bool haveSameSettings(size_t layer, size_t other) const;
  double weightOf(size_t layer) const {
    return layerWeight.empty() ? 1 : layerWeight[layer];
  }
  /// The part of the periods that run to their end.
  double lastWeight() const {
    return layerWeight.empty() ? 1 : layerWeight.back();
  }
  /// When all must be done.
  double deadlineS() const { return periodS * (1 - margin); }

  /// The same machine and period, without layers.
  Problem withoutLayers() const;
  /// Appends a layer without states; `addState` then adds to it.
  void addLayer() { layerBegin.push_back(layerBegin.back()); }
  /// Adds a state to the last layer. `settings` has one entry an axis.
  void addState(const std::vector<Setting> &settings, double stateEnergyJ,
                double stateTimeS, double stateIdlePowerW);
  /// Makes `numAxes` axes whose settings are the levels, as of power domains
  /// that can be on any rail. Changing from a level to any other costs the
  /// same.
  void setLevelAxes(size_t numAxes, double transitionEnergyJ = 0,
                    double transitionTimeS = 0);
};

/// A solution: one state a layer, and how the period ends.
struct Schedule {
  static constexpr int kIdle = -1;

  /// Per layer, the index of the state in the problem's state arrays.
  std::vector<size_t> states;
  /// `kIdle`, or an index into `Problem::sleepStates`.
  int tail = kIdle;
  /// Total energy of one period, in joules.
  double energyJ = 0;
  /// Layers and transitions, in seconds.
  double activeTimeS = 0;
};

/// Checks the input: sizes agree, every number is finite and not negative, the
/// period is above zero, staying on a setting costs nothing, there are a layer,
/// an axis and a rail, every layer has a state, settings and levels exist,
/// weights do not increase. Returns what is wrong, or nothing.
std::optional<std::string> check(const Problem &problem);

/// Checks the period of a problem of which all else has passed `check`.
std::optional<std::string> checkPeriod(const Problem &problem);

/// Checks a solution against the problem's own definition, and its energy and
/// time against sums made anew. Shares no code with any search.
/// Returns what is wrong, or nothing.
std::optional<std::string> verify(const Problem &problem,
                                  const Schedule &schedule);

} // namespace pfmlir::scheduler

#endif // PFMLIR_SCHEDULER_PROBLEM_H
