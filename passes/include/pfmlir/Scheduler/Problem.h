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
// Input. A chain of layers runs once every `periodS` seconds. Each layer
// executes in one of its states; a state puts every power domain on one of the
// candidate supply levels, and has an energy, a time and a leakage power. At
// most `maxRails` different levels may be used by the whole network.
//
// Cost. The layers' energies, plus what the domains pay to change level
// between neighbouring layers, plus the tail: after the last layer the hardware
// either idles, at the leakage power of the last layer's state, or enters one
// of the sleep states until the period ends.
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

/// Relative slack granted to the deadline, and to the time a sleep state needs.
/// A sum of a few thousand doubles is off by less than 1e-12 of itself, so that
/// a deadline set to a schedule's own time accepts that schedule in whatever
/// order the times are added.
inline constexpr double kTimeTolerance = 1e-12;

/// Relative energy by which two schedules must differ to be told apart. The
/// lower bound of a closed search is proven to within this.
inline constexpr double kEnergyTolerance = 1e-12;

/// Costs, times, powers and the period are zero or between these, so that no
/// sum, product or quotient in a search overflows: the largest is a power times
/// the period over a difference of times, which is at least 1e-76.
inline constexpr double kLeastQuantity = 1e-60;
inline constexpr double kMostQuantity = 1e60;

/// Largest grid of layers and assignments of rails to domains that the searches
/// take: a few gigabytes. Five rails in five domains are 20,000 layers.
inline constexpr uint64_t kMostCells = uint64_t(1) << 26;

/// What one power domain pays to change its level. Row-major
/// [from * numLevels + to], in joules and seconds; the diagonal is zero.
struct TransitionCost {
  std::vector<double> energyJ;
  std::vector<double> timeS;
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
  unsigned numDomains = 0;
  unsigned maxRails = 0;
  double periodS = 0;
  /// One a domain.
  std::vector<TransitionCost> transitions;
  std::vector<SleepState> sleepStates;

  /// The states of layer i are [layerBegin[i], layerBegin[i + 1]) in the arrays
  /// below; `layerBegin` has one element more than there are layers.
  std::vector<size_t> layerBegin = {0};
  /// [state * numDomains + domain].
  std::vector<Level> stateLevels;
  StateNumbers energyJ;
  StateNumbers timeS;
  StateNumbers leakageW;

  size_t numLayers() const { return layerBegin.size() - 1; }
  size_t numStates(size_t layer) const {
    return layerBegin[layer + 1] - layerBegin[layer];
  }
  const Level *levelsOf(size_t state) const {
    return &stateLevels[state * numDomains];
  }

  /// Appends a layer without states; `addState` then adds to it.
  void addLayer() { layerBegin.push_back(layerBegin.back()); }
  /// Adds a state to the last layer. `levels` has one entry a domain.
  void addState(const std::vector<Level> &levels, double stateEnergyJ,
                double stateTimeS, double stateLeakageW);
  /// The same transition cost for every domain and every pair of levels.
  void setUniformTransitions(double transitionEnergyJ, double transitionTimeS);
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
/// period is above zero, staying on a level costs nothing, there are a layer, a
/// domain and a rail, every layer has a state, levels exist. Returns what is
/// wrong, or nothing.
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
