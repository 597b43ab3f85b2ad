//===- JointSearch.cpp - Rails for several networks -----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rails are silicon and are shared; everything else each network decides for
// itself. So the weighted energy of a rail set is a sum over networks, and so
// are its bounds. Rail sets are taken best first by their bound, which gets
// sharper each time that one comes up: without transitions, then relaxed, then
// solved. One that comes up solved is the optimum, as no other has a bound
// below its energy.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Incumbent.h"
#include "passes/scheduler/LayerMinima.h"
#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/Relaxation.h"
#include "pfmlir/Scheduler/Search.h"

#include <algorithm>
#include <memory>
#include <queue>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// A problem on given rails
//===----------------------------------------------------------------------===//

namespace {
/// A problem without the states that need other rails.
struct RestrictedProblem {
  Problem problem;
  /// Of each of its states, the index in the whole problem.
  std::vector<size_t> original;
  /// Some layer has no state left.
  bool isEmpty = false;
};
} // namespace

static RestrictedProblem restrictTo(const Problem &whole,
                                    const std::vector<Level> &rails) {
  RestrictedProblem restricted;
  Problem &problem = restricted.problem;
  problem = whole.withoutLayers();
  problem.maxRails = std::max(1u, static_cast<unsigned>(rails.size()));
  std::vector<bool> isRail(whole.numLevels);
  for (Level rail : rails)
    isRail[rail] = true;
  for (size_t layer = 0; layer < whole.numLayers(); ++layer) {
    problem.addLayer();
    for (size_t state = whole.layerBegin[layer];
         state < whole.layerBegin[layer + 1]; ++state) {
      if (!allRails(whole, state, [&](Level level) { return isRail[level]; }))
        continue;
      const Setting *settings = whole.settingsOf(state);
      problem.addState({settings, settings + whole.numAxes()},
                       whole.energyJ[state], whole.timeS[state],
                       whole.idlePowerW[state]);
      restricted.original.push_back(state);
    }
    restricted.isEmpty |= problem.numStates(layer) == 0;
  }
  return restricted;
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

namespace {
/// A member of the suite, with what bounds without transitions need.
class Member {
public:
  Member(const SuiteMember &member, const LayerLayouts &layouts,
         const RailSets &railSets)
      : problem(*member.problem), weight(member.weight),
        states(problem, layouts, railSets),
        multiplier(FreeLayers(problem).multiplierAt(problem.deadlineS())),
        minima(problem, states, {1, multiplier}, /*numThreads=*/1) {}

  /// Adds to `boundsJ`, of rail sets from `first` on, weighted bounds from the
  /// cheapest state of every layer.
  void addCrudeBounds(uint64_t first, std::vector<double> &boundsJ) const {
    std::vector<double> sums(boundsJ.size());
    minima.sum(first, sums.size(), 1, sums.data());
    // Idling without power has the least bound of all tails.
    const RailSetTail idle = {idleTail(problem, 0), 0, 0};
    for (size_t i = 0; i < sums.size(); ++i)
      boundsJ[i] += sums[i] == kInfinity
                        ? kInfinity
                        : weigh(idle.bound(sums[i], multiplier) +
                                pathFreeEnergyJ(problem, /*numRails=*/0));
  }

  /// A weighted bound from the relaxation.
  double relaxedBound(const std::vector<Level> &rails,
                      const SearchLimits &limits) const {
    RestrictedProblem restricted = restrictTo(problem, rails);
    if (restricted.isEmpty)
      return kInfinity;
    return weigh(lagrangianLowerBound(restricted.problem, limits));
  }

  SearchResult solve(const std::vector<Level> &rails,
                     const SearchLimits &limits) const {
    RestrictedProblem restricted = restrictTo(problem, rails);
    if (restricted.isEmpty)
      return SearchResult();
    SearchResult result = searchExact(restricted.problem, limits);
    for (size_t &state : result.schedule.states)
      state = restricted.original[state];
    return result;
  }

  /// The time of the fastest schedule, in periods.
  double fastestPeriods(const std::vector<Level> &rails) const {
    RestrictedProblem restricted = restrictTo(problem, rails);
    if (restricted.isEmpty)
      return kInfinity;
    return fastestActiveTime(restricted.problem) / problem.deadlineS();
  }

  /// Infinite stays infinite, whatever the weight.
  double weigh(double energyJ) const {
    return energyJ == kInfinity ? kInfinity : weight * energyJ;
  }

private:
  const Problem &problem;
  const double weight;
  const StatesByNeed states;
  const double multiplier;
  const LayerMinima minima;
};

enum class Stage { Crude, Relaxed, Solved };

struct Candidate {
  double boundJ;
  uint64_t railSet;
  Stage stage;

  /// For a queue with the least bound in front, and of equal ones the solved.
  bool operator<(const Candidate &other) const {
    if (boundJ != other.boundJ)
      return boundJ > other.boundJ;
    if (stage != other.stage)
      return stage < other.stage;
    return railSet > other.railSet;
  }
};

class JointSearch {
public:
  JointSearch(const std::vector<SuiteMember> &suite, unsigned maxRails,
              const SearchLimits &limits);

  JointResult run();

private:
  void push(uint64_t railSet, Stage stage, double boundJ) {
    if (boundJ < kInfinity)
      queue.push({boundJ, railSet, stage});
  }
  template <typename Bound>
  double sum(const Bound &bound);
  void pushAll();
  void advance(const Candidate &candidate);
  SearchLimits limitsLeft() const {
    SearchLimits left = limits;
    left.timeS = stopwatch.remainingS();
    return left;
  }
  void solve(uint64_t railSet);
  double leastSlowdown();

  const SearchLimits limits;
  const Stopwatch stopwatch;
  std::vector<std::unique_ptr<Member>> members;
  /// By member.
  const std::vector<LayerLayouts> layouts;
  const RailSets railSets;
  std::vector<Level> rails;
  std::priority_queue<Candidate> queue;
  /// The best rail set that was solved.
  JointResult best;
};
} // namespace

static std::vector<LayerLayouts>
layoutsOf(const std::vector<SuiteMember> &suite) {
  std::vector<LayerLayouts> layouts;
  for (const SuiteMember &member : suite)
    layouts.emplace_back(*member.problem);
  return layouts;
}

/// The levels that some member uses.
static std::vector<Level> usedLevels(const std::vector<SuiteMember> &suite,
                                     const std::vector<LayerLayouts> &layouts) {
  std::vector<Level> used;
  for (size_t i = 0; i < suite.size(); ++i) {
    std::vector<Level> levels = usedLevels(*suite[i].problem, layouts[i]);
    used.insert(used.end(), levels.begin(), levels.end());
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  return used;
}

JointSearch::JointSearch(const std::vector<SuiteMember> &suite,
                         unsigned maxRails, const SearchLimits &limits)
    : limits(limits), stopwatch(limits), layouts(layoutsOf(suite)),
      railSets(usedLevels(suite, layouts), maxRails, maxRails) {
  for (size_t i = 0; i < suite.size(); ++i)
    members.push_back(std::make_unique<Member>(suite[i], layouts[i], railSets));
  best.weightedEnergyJ = kInfinity;
}

/// The sum of a bound of all members; ends where one is infinite.
template <typename Bound>
double JointSearch::sum(const Bound &bound) {
  double sumJ = 0;
  for (const std::unique_ptr<Member> &member : members) {
    sumJ += bound(*member);
    if (sumJ == kInfinity)
      break;
  }
  return sumJ;
}

void JointSearch::solve(uint64_t railSet) {
  ++best.railSetsSolved;
  std::vector<SearchResult> results;
  double boundJ = 0;
  double energyJ = sum([&](const Member &member) {
    results.push_back(member.solve(rails, limitsLeft()));
    const SearchResult &result = results.back();
    bool isFeasible = result.status != Status::Infeasible;
    boundJ += member.weigh(isFeasible ? result.lowerBoundJ : kInfinity);
    return member.weigh(isFeasible ? result.schedule.energyJ : kInfinity);
  });
  // A limit may have left the members' bounds below their energies.
  push(railSet, Stage::Solved, boundJ);
  if (energyJ >= best.weightedEnergyJ)
    return;
  best.weightedEnergyJ = energyJ;
  best.rails = rails;
  best.members = std::move(results);
}

/// On each rail set the slowest member decides.
double JointSearch::leastSlowdown() {
  double least = kInfinity;
  for (uint64_t i = 0; i < railSets.count() && !stopwatch.isCancelled(); ++i) {
    railSets.get(i, rails);
    double slowdown = 0;
    for (const std::unique_ptr<Member> &member : members)
      if (slowdown < least)
        slowdown = std::max(slowdown, member->fastestPeriods(rails));
    least = std::min(least, slowdown);
  }
  return least;
}

/// Fills the queue.
void JointSearch::pushAll() {
  constexpr uint64_t kBlock = LayerMinima::kRailSets;
  std::vector<double> boundsJ;
  for (uint64_t first = 0; first < railSets.count(); first += kBlock) {
    if (stopwatch.isCancelled())
      return;
    boundsJ.assign(std::min(kBlock, railSets.count() - first), 0);
    for (const std::unique_ptr<Member> &member : members)
      member->addCrudeBounds(first, boundsJ);
    for (size_t i = 0; i < boundsJ.size(); ++i)
      push(first + i, Stage::Crude, boundsJ[i]);
  }
}

/// Sharpens the bound of a rail set.
void JointSearch::advance(const Candidate &candidate) {
  railSets.get(candidate.railSet, rails);
  if (candidate.stage == Stage::Relaxed)
    return solve(candidate.railSet);
  ++best.railSetsRelaxed;
  double boundJ = sum([&](const Member &member) {
    return member.relaxedBound(rails, limitsLeft());
  });
  push(candidate.railSet, Stage::Relaxed, std::max(boundJ, candidate.boundJ));
}

JointResult JointSearch::run() {
  best.railSets = railSets.count();
  pushAll();
  // Some rail set has to be solved, even where the time is over.
  while (!queue.empty() && queue.top().stage != Stage::Solved) {
    if (stopwatch.isCancelled() ||
        (stopwatch.isOver() && best.weightedEnergyJ < kInfinity))
      break;
    Candidate candidate = queue.top();
    queue.pop();
    // Nothing left is better.
    if (candidate.boundJ >= best.weightedEnergyJ * (1 - kEnergyTolerance)) {
      queue = {};
      break;
    }
    advance(candidate);
  }

  if (best.weightedEnergyJ == kInfinity) {
    JointResult infeasible;
    infeasible.leastSlowdown = leastSlowdown();
    return infeasible;
  }
  double boundJ = queue.empty() ? best.weightedEnergyJ : queue.top().boundJ;
  best.lowerBoundJ = std::min(boundJ, best.weightedEnergyJ);
  bool isClosed =
      best.lowerBoundJ >= best.weightedEnergyJ * (1 - kEnergyTolerance);
  if (isClosed)
    best.lowerBoundJ = best.weightedEnergyJ;
  best.status = isClosed ? Status::Optimal : Status::Feasible;
  return best;
}

JointResult
pfmlir::scheduler::searchJoint(const std::vector<SuiteMember> &members,
                               unsigned maxRails, const SearchLimits &limits) {
  return JointSearch(members, maxRails, limits).run();
}
