//===- Search.h - Searches for a power schedule -----------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every search is a free function from a Problem to a SearchResult, in a file
// of its own. The problem must have passed `check`.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_SCHEDULER_SEARCH_H
#define PFMLIR_SCHEDULER_SEARCH_H

#include "pfmlir/Scheduler/Problem.h"

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

namespace pfmlir::scheduler {

enum class Status {
  /// The schedule is proven to be one of least energy.
  Optimal,
  /// The schedule keeps all constraints; `lowerBoundJ` says how far from the
  /// optimum it can be: a limit was met, or the numbers are such that rounding
  /// blurs the energies by more than `kRoundingTolerance`.
  Feasible,
  /// No schedule keeps the deadline; `fastestTimeS` says what could.
  Infeasible,
};

/// More threads than a search has work for at once.
inline constexpr unsigned kMostThreads = 256;

/// What labels may take where nothing else is said.
inline constexpr size_t kDefaultLabelBytes = 4'000'000'000;

/// Limits of a search. A search that meets one answers with the best schedule
/// it has and the bound proven so far.
struct SearchLimits {
  /// Whether there is a schedule at all is found out even so.
  double timeS = std::numeric_limits<double>::infinity();
  /// How far above the optimum the answer may be, relative to its energy: the
  /// exact search ends once that is proven.
  double gap = 0;
  /// For the labels, of all threads together. On top come the tables of the
  /// problem, of up to 12 numbers for each layer and assignment of rails to
  /// domains in each thread.
  size_t labelBytes = kDefaultLabelBytes;
  /// Does not change the answer, unless the time limit ends the search. More
  /// than `kMostThreads` are as good as that many.
  unsigned threads = 1;
  /// Once this is true the search ends as soon as it can, and its result means
  /// nothing. For whoever waits for it in another thread.
  const std::atomic<bool> *isCancelled = nullptr;
};

/// What a search did; the same at any thread count.
struct SearchStatistics {
  /// All there are of the sizes that the search looks at.
  uint64_t railSets = 0;
  /// Rail sets that their bound did not discard before labels were set.
  uint64_t railSetsOpened = 0;
  /// Sweeps of shortest paths, in either direction.
  uint64_t relaxations = 0;
  /// Labels kept after dominance.
  uint64_t labels = 0;
};

/// Multipliers at which the relaxation of a rail set bounds its tails: joules
/// for a second of active time. What `docs/search.md` calls mu.
struct RailSetMultipliers {
  std::vector<Level> rails;
  /// One a sleep state.
  std::vector<double> ofSleepStates;
  /// For idling in a state of the last layer: the state, and the multiplier.
  std::vector<std::pair<size_t, double>> ofIdling;
};

/// Where the time of an exact search went, in seconds; added up over threads.
struct SearchProfile {
  /// The fastest path, to have a schedule to start with.
  double fastestPathS = 0;
  /// Bounds of rail sets without transitions.
  double crudeBoundsS = 0;
  double relaxationS = 0;
  double labelSettingS = 0;
};

/// With what the exact search bounds all rail sets. Who computes the bounds at
/// these multipliers has its proof, but for the tails on which it had to set
/// labels.
struct Multipliers {
  /// Where nothing else is said.
  double elsewhere = 0;
  std::vector<RailSetMultipliers> railSets;
};

struct SearchResult {
  Status status = Status::Infeasible;
  Schedule schedule;
  /// No schedule has less energy than this, in joules. Zero from searches that
  /// prove nothing.
  double lowerBoundJ = 0;
  /// Least active time of any schedule with at most `maxRails` rails, in
  /// seconds. Set when infeasible.
  double fastestTimeS = 0;
  SearchStatistics statistics;
  /// From the exact search.
  Multipliers multipliers;
  SearchProfile profile;
};

class ProblemFacts;

/// A problem, with what follows from its states alone: worked out when a search
/// first needs it, and kept for the next, from any thread. Made implicitly, for
/// one search.
class PreparedProblem {
public:
  /// `problem` must outlive this; only its period may change meanwhile.
  PreparedProblem(const Problem &problem);
  ~PreparedProblem();

  const Problem &problem;
  const ProblemFacts &facts() const;

private:
  mutable std::once_flag areKnown;
  mutable std::unique_ptr<const ProblemFacts> known;
};

/// The proven optimum: Lagrangian bounds over rail sets, then label setting.
SearchResult searchExact(const PreparedProblem &prepared,
                         const SearchLimits &limits);

struct Experience;

/// What no schedule on a rail set, by its index among the candidates, costs
/// less than.
struct RailSetBound {
  uint64_t railSet;
  double boundJ;
};

/// The exact search of one problem at many periods. What holds at any period is
/// kept, so that each costs less than by itself. The order of the periods
/// matters to the work, and to which of equal optima is found.
class PeriodSearch {
public:
  /// `prepared` must outlive this; its period is not looked at.
  explicit PeriodSearch(const PreparedProblem &prepared);
  explicit PeriodSearch(PreparedProblem &&) = delete;
  ~PeriodSearch();

  /// `bounds`, if given, are of all rail sets that have states of all layers,
  /// and spare the search the making of its own.
  SearchResult solve(double periodS, const SearchLimits &limits,
                     const std::vector<RailSetBound> *bounds = nullptr);
  /// A choice of states that may be good at the next periods.
  void offer(const std::vector<size_t> &states);
  /// What no schedule of the period costs less than on the rail set of this
  /// index among the candidates, by what is kept of it: minus infinity where
  /// nothing is.
  double lowerBound(uint64_t railSet, double periodS);

private:
  /// At the period that was looked at last.
  Problem problem;
  std::unique_ptr<Experience> experience;
};

/// The heuristic of PowerFlow-DNN (arXiv 2603.23882): for each rail set a
/// shortest path under energy + lambda * time, lambda by bisection, the best
/// paths refined by single-layer changes when `refine` is set. Finds a schedule
/// wherever there is one. Of the limits, it looks at whether it is cancelled.
SearchResult searchLambdaDP(const Problem &problem, bool refine = true,
                            const SearchLimits &limits = SearchLimits());

/// The greedy baseline: all axes on the lowest of `rails`, then, until the
/// deadline is kept, the single-layer change that saves most time per joule.
/// `rails` holds one to `maxRails` levels. `Infeasible` means that this method
/// failed, and `fastestTimeS` is then the time it came down to, or infinite
/// where some layer has no state on these rails.
SearchResult searchGreedy(const Problem &problem,
                          const std::vector<Level> &rails);

/// Of a setting that does not matter.
inline constexpr Setting kAnySetting = 0xffff;

/// Every layer in the state of least energy that has axis i on `settings[i]`.
/// `Infeasible` where that is too slow; `fastestTimeS` is then the time this
/// takes, and infinite where some layer has no such state, or the settings need
/// more than `maxRails` rails.
SearchResult evaluateFixed(const Problem &problem,
                           const std::vector<Setting> &settings);

/// One of several networks that run on the same rails.
struct SuiteMember {
  const Problem *problem = nullptr;
  /// What a joule of its period counts in the sum; not negative.
  double weight = 1;
};

struct JointResult {
  /// `Infeasible` if no rail set lets every member keep its deadline.
  Status status = Status::Infeasible;
  /// The least factor by which all periods could be made longer together such
  /// that one would. Set when infeasible; infinite if none ever does.
  double leastSlowdown = 0;
  /// The rail set, increasing.
  std::vector<Level> rails;
  /// The optimum of each member on these rails.
  std::vector<SearchResult> members;
  /// Sum of the members' energies, each times its weight, and what no rail set
  /// has less than.
  double weightedEnergyJ = 0;
  double lowerBoundJ = 0;
  /// Rail sets that there are, those whose relaxation was computed, and those
  /// on which the members were solved.
  uint64_t railSets = 0, railSetsRelaxed = 0, railSetsSolved = 0;
};

/// The rails that serve a suite of networks best, proven: one set of at most
/// `maxRails` levels for all members, of least weighted energy. Levels mean the
/// same to all; a problem's own `maxRails` is not looked at.
JointResult searchJoint(const std::vector<SuiteMember> &members,
                        unsigned maxRails, const SearchLimits &limits);

/// Lower bound on the energy of any schedule, by Lagrangian relaxation over all
/// rail sets; infinite if no schedule keeps the deadline.
double lagrangianLowerBound(const PreparedProblem &prepared,
                            const SearchLimits &limits = SearchLimits());

/// The least active time of any schedule, in seconds.
double fastestActiveTime(const PreparedProblem &prepared);

} // namespace pfmlir::scheduler

#endif // PFMLIR_SCHEDULER_SEARCH_H
