//===- Front.cpp - Least energy against the period ------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Hulls of all rail sets (EnergyHull.h) give, for any period, a bound and a
// good schedule at next to no cost; the multipliers of searches at other
// periods give better bounds, and the schedules of the points on both sides
// better schedules. Points are put where the front is known least. Where a
// schedule that is at hand is close enough to the bound that is the point; else
// an exact search goes on from there.
//
// Between two periods the faster one's schedule is in time, and costs more by
// what its tail adds until then. Whatever the optimum of a period in between,
// waiting on until the slower period adds no more than the most costly tail
// would, and what rails draw meanwhile: so what the slower one costs at least,
// less that, is a lower bound in between, and so is any bound at a later
// period.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Front.h"
#include "passes/scheduler/EnergyHull.h"
#include "passes/scheduler/Experience.h"
#include "passes/scheduler/Incumbent.h"
#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/Splice.h"

#include <cmath>
#include <queue>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Periods are told apart down to this, relative to themselves.
static constexpr double kResolution = 1e-9;

//===----------------------------------------------------------------------===//
// Hulls of all rail sets
//===----------------------------------------------------------------------===//

namespace {
/// The hull of a rail set.
struct RailSetHull {
  uint64_t railSet;
  EnergyHull hull;
};
/// A hull, and its bound at some period.
struct BoundedHull {
  double boundJ;
  const RailSetHull *of;
  /// With what searches at other periods found, if anybody has asked.
  std::optional<double> knownJ = std::nullopt;

  bool operator<(const BoundedHull &other) const {
    return boundJ != other.boundJ ? boundJ < other.boundJ
                                  : of->railSet < other.of->railSet;
  }
};
} // namespace

/// Of all rail sets, unless these are too many.
static std::vector<RailSetHull> makeHulls(const PreparedProblem &prepared) {
  // So many take a second or two; beyond that the searches do without.
  constexpr uint64_t kMostRailSets = 4096;
  std::vector<RailSetHull> hulls;
  const RailSets &railSets = prepared.facts().railSets;
  if (railSets.count() > kMostRailSets)
    return hulls;
  LayeredGraph graph(prepared.problem, prepared.facts().layouts);
  std::vector<Level> rails;
  for (uint64_t i = 0; i < railSets.count(); ++i) {
    railSets.get(i, rails);
    if (!graph.selectRails(rails))
      continue;
    graph.build();
    hulls.push_back({i, EnergyHull(graph)});
  }
  return hulls;
}

/// A schedule from a hull that ends with this tail. Transitions take time that
/// the hull knows nothing of; the second try leaves them as much as they took.
static std::optional<Schedule> scheduleFrom(const EnergyHull &hull,
                                            const Problem &atPeriod,
                                            const Tail &tail) {
  double timeS = tail.limitS;
  constexpr unsigned kTries = 3;
  for (unsigned i = 0; i < kTries && timeS > 0; ++i) {
    std::optional<std::vector<size_t>> states =
        hull.statesWithin(timeS, tail.powerW);
    if (!states)
      return std::nullopt;
    Schedule schedule = completeSchedule(atPeriod, std::move(*states));
    if (tail.fits(schedule.activeTimeS))
      return schedule;
    timeS -= schedule.activeTimeS - tail.limitS;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Intervals
//===----------------------------------------------------------------------===//

namespace {
/// The periods between two points, and how far the front can be from them
/// there.
struct Interval {
  size_t fast, slow;
  double gap;
  /// The period to look at next.
  double middleS;

  bool operator<(const Interval &other) const {
    return gap != other.gap ? gap < other.gap : fast > other.fast;
  }
};

class FrontSearch {
public:
  FrontSearch(const PreparedProblem &prepared, const FrontRequest &request,
              const SearchLimits &limits)
      : problem(prepared.problem), request(request), limits(limits),
        stopwatch(limits), hulls(makeHulls(prepared)), search(prepared) {}

  Front run();

private:
  size_t addPoint(double periodS, const Interval *in = nullptr);
  void moveTo(double periodS);
  double boundOf(BoundedHull &hull);
  double lowerBound();
  std::optional<Schedule> goodSchedule();
  void spliceNeighbours(const Interval &in, std::optional<Schedule> &best);
  SearchResult searchFrom(double enoughJ, const SearchLimits &pointLimits);
  FrontPoint solve(std::optional<Schedule> schedule);
  double leastPeriod(const Schedule &schedule) const;
  double powerAfter(const Schedule &schedule) const;
  double waitingW() const;
  Interval between(size_t fast, size_t slow);
  SearchLimits limitsLeft() const;

  /// At the period that was looked at last, and the hulls by their bound there.
  Problem problem;
  std::vector<BoundedHull> byBound;
  const FrontRequest request;
  const SearchLimits limits;
  const Stopwatch stopwatch;
  const std::vector<RailSetHull> hulls;
  PeriodSearch search;
  Front front;
};
} // namespace

/// How far an energy can be above what it is bounded by, relative to that.
static double gapOf(double upperJ, double lowerJ) {
  if (upperJ <= lowerJ)
    return 0.0;
  return lowerJ > 0 ? upperJ / lowerJ - 1 : kInfinity;
}

/// The most that a second more of the period can cost.
double FrontSearch::waitingW() const {
  double mostW = problem.earlyTail.powerW;
  for (size_t state = problem.layerBegin[problem.numLayers() - 1];
       state < problem.layerBegin[problem.numLayers()]; ++state)
    mostW = std::max(mostW, problem.idlePowerW[state]);
  for (const SleepState &sleep : problem.sleepStates)
    mostW = std::max(mostW, sleep.powerW);
  return mostW + problem.maxRails * problem.railPowerW;
}

/// The shortest period in which a schedule, with its tail, is in time.
double FrontSearch::leastPeriod(const Schedule &schedule) const {
  double timeS = schedule.activeTimeS;
  if (schedule.tail != Schedule::kIdle)
    timeS += problem.sleepStates[size_t(schedule.tail)].timeS;
  return timeS / (1 - problem.margin);
}

/// What a second more of the period costs with this schedule and its tail.
double FrontSearch::powerAfter(const Schedule &schedule) const {
  double tailW = schedule.tail == Schedule::kIdle
                     ? problem.idlePowerW[schedule.states.back()]
                     : problem.sleepStates[size_t(schedule.tail)].powerW;
  double lastWeight = problem.lastWeight();
  return lastWeight * tailW + (1 - lastWeight) * problem.earlyTail.powerW +
         static_cast<double>(railsOf(problem, schedule.states).size()) *
             problem.railPowerW;
}

SearchLimits FrontSearch::limitsLeft() const {
  SearchLimits left = limits;
  left.timeS = stopwatch.remainingS();
  return left;
}

/// Goes to a period.
void FrontSearch::moveTo(double periodS) {
  problem.periodS = periodS;
  byBound.clear();
  for (const RailSetHull &each : hulls)
    byBound.push_back({each.hull.lowerBound(problem), &each});
  std::sort(byBound.begin(), byBound.end());
}

/// Of the schedules on a rail set, by its hull and all that searches at other
/// periods found of it.
double FrontSearch::boundOf(BoundedHull &hull) {
  if (!hull.knownJ)
    hull.knownJ = std::max(
        hull.boundJ, search.lowerBound(hull.of->railSet, problem.periodS));
  return *hull.knownJ;
}

/// Of all schedules; minus infinity if nothing is known.
double FrontSearch::lowerBound() {
  if (hulls.empty())
    return -kInfinity;
  double least = kInfinity;
  for (BoundedHull &hull : byBound) {
    if (hull.boundJ >= least)
      break;
    least = std::min(least, boundOf(hull));
  }
  return least;
}

/// The best schedule of the hulls; nothing if none is found.
std::optional<Schedule> FrontSearch::goodSchedule() {
  std::optional<Schedule> best;
  auto bestJ = [&] { return best ? best->energyJ : kInfinity; };
  for (BoundedHull &hull : byBound) {
    if (hull.boundJ >= bestJ())
      break;
    if (boundOf(hull) >= bestJ())
      continue;
    for (const Tail &tail : hull.of->hull.tails(problem)) {
      std::optional<Schedule> schedule =
          scheduleFrom(hull.of->hull, problem, tail);
      if (schedule && schedule->energyJ < bestJ())
        best = std::move(schedule);
    }
  }
  return best;
}

/// Between two periods, the beginning of the one's schedule goes well with the
/// end of the other's.
void FrontSearch::spliceNeighbours(const Interval &in,
                                   std::optional<Schedule> &best) {
  auto offer = [&](std::optional<std::vector<size_t>> states) {
    if (!states || railsOf(problem, *states).size() > problem.maxRails)
      return;
    Schedule schedule = completeSchedule(problem, std::move(*states));
    if (!best || schedule.energyJ < best->energyJ)
      best = std::move(schedule);
  };
  const std::vector<size_t> &fast = front.points[in.fast].schedule.states;
  const std::vector<size_t> &slow = front.points[in.slow].schedule.states;
  auto offerSplice = [&](const std::vector<size_t> &first,
                         const std::vector<size_t> &second) {
    double idlePowerW = problem.idlePowerW[second.back()];
    offer(splice(problem, first, second, pathCost(problem, second), kInfinity,
                 [&](double energyJ, double timeS) {
                   return energyJ +
                          cheapestTail(problem, idlePowerW, timeS).energyJ;
                 }));
  };
  offer(fast);
  offerSplice(fast, slow);
  offerSplice(slow, fast);
}

/// A search from all that is known. Of hulls that cost more than `enoughJ`
/// nothing more is of interest.
SearchResult FrontSearch::searchFrom(double enoughJ,
                                     const SearchLimits &pointLimits) {
  if (hulls.empty())
    return search.solve(problem.periodS, pointLimits);
  std::vector<RailSetBound> bounds;
  for (BoundedHull &hull : byBound)
    bounds.push_back({hull.of->railSet,
                      hull.boundJ < enoughJ ? boundOf(hull) : hull.boundJ});
  return search.solve(problem.periodS, pointLimits, &bounds);
}

/// `schedule` if that is close enough to the bound, else what a search finds.
FrontPoint FrontSearch::solve(std::optional<Schedule> schedule) {
  // Points take a part of the tolerance, and leave the rest to what is between:
  // a larger one where they come for nothing.
  constexpr double kShareAtHand = 0.9, kShareOfSearch = 0.5;
  double boundJ = std::max(lowerBound(), 0.0);
  double enoughJ = boundJ * (1 + kShareAtHand * request.tolerance);
  if (!request.provesPoints && schedule && schedule->energyJ <= enoughJ) {
    bool isOptimal = boundJ >= schedule->energyJ * (1 - kEnergyTolerance);
    return {problem.periodS, std::move(*schedule), boundJ, isOptimal};
  }
  ++front.numSearches;
  if (schedule)
    search.offer(schedule->states);
  SearchLimits pointLimits = limitsLeft();
  if (!request.provesPoints) {
    // Of searches it is relative to the energy, of fronts to the bound.
    double gap = kShareOfSearch * request.tolerance;
    pointLimits.gap = gap / (1 + gap);
  }
  SearchResult result =
      searchFrom(schedule ? schedule->energyJ : kInfinity, pointLimits);
  return {problem.periodS, std::move(result.schedule),
          std::max(result.lowerBoundJ, boundJ),
          result.status == Status::Optimal};
}

/// Appends the point of a period, which lies in an interval, and returns where
/// it is.
size_t FrontSearch::addPoint(double periodS, const Interval *in) {
  moveTo(periodS);
  std::optional<Schedule> schedule = goodSchedule();
  if (in)
    spliceNeighbours(*in, schedule);
  front.points.push_back(solve(std::move(schedule)));
  // Rounding may put it above.
  FrontPoint &point = front.points.back();
  point.lowerBoundJ = std::min(point.lowerBoundJ, point.schedule.energyJ);
  return front.points.size() - 1;
}

Interval FrontSearch::between(size_t fast, size_t slow) {
  const FrontPoint &before = front.points[fast], &after = front.points[slow];
  // From here on the slower schedule is in time, too.
  double stepS =
      std::clamp(leastPeriod(after.schedule), before.periodS, after.periodS);
  bool isOneStep = stepS <= before.periodS * (1 + kResolution);
  // What is said of the optimum from `fromS` on, by the slower point's bound.
  double waitW = waitingW();
  auto lowerFrom = [&](double fromS) {
    return after.lowerBoundJ - waitW * (after.periodS - fromS);
  };
  Interval interval = {fast, slow, 0, 0};
  interval.gap = gapOf(after.schedule.energyJ, lowerFrom(stepS));
  // With its own tail: another may get cheaper, but only from some period on.
  double waitedJ = before.schedule.energyJ +
                   powerAfter(before.schedule) * (stepS - before.periodS);
  if (!isOneStep) {
    double gap = gapOf(waitedJ, lowerFrom(before.periodS));
    if (gap > request.tolerance) {
      // By what is known where the step is.
      moveTo(stepS);
      gap = std::min(
          gap, gapOf(waitedJ, lowerBound() - waitW * (stepS - before.periodS)));
    }
    interval.gap = std::max(interval.gap, gap);
  }
  // Half way, or the foot of a step beyond it.
  double halfS = std::sqrt(before.periodS * after.periodS);
  interval.middleS = isOneStep || stepS > halfS
                         ? halfS
                         : std::max(before.periodS, stepS * (1 - kResolution));
  return interval;
}

Front FrontSearch::run() {
  std::priority_queue<Interval> intervals;
  size_t first = addPoint(request.shortestS);
  if (request.longestS > request.shortestS * (1 + kResolution)) {
    size_t last = addPoint(request.longestS);
    intervals.push(between(first, last));
  }
  double unresolved = 0;
  while (!intervals.empty() && intervals.top().gap > request.tolerance &&
         front.points.size() < request.mostPoints && !stopwatch.isOver()) {
    Interval widest = intervals.top();
    intervals.pop();
    double fastS = front.points[widest.fast].periodS;
    double slowS = front.points[widest.slow].periodS;
    if (!(fastS < widest.middleS && widest.middleS < slowS)) {
      // As fine as it gets.
      unresolved = std::max(unresolved, widest.gap);
      continue;
    }
    size_t middle = addPoint(widest.middleS, &widest);
    intervals.push(between(widest.fast, middle));
    intervals.push(between(middle, widest.slow));
  }
  front.tolerance = unresolved;
  if (!intervals.empty())
    front.tolerance = std::max(unresolved, intervals.top().gap);
  for (const FrontPoint &point : front.points)
    if (!point.isOptimal)
      front.tolerance = std::max(
          front.tolerance, gapOf(point.schedule.energyJ, point.lowerBoundJ));
  std::sort(front.points.begin(), front.points.end(),
            [](const FrontPoint &a, const FrontPoint &b) {
              return a.periodS < b.periodS;
            });
  return std::move(front);
}

Front pfmlir::scheduler::searchFront(const PreparedProblem &prepared,
                                     const FrontRequest &request,
                                     const SearchLimits &limits) {
  return FrontSearch(prepared, request, limits).run();
}

double pfmlir::scheduler::longestUsefulPeriod(const PreparedProblem &prepared,
                                              const SearchLimits &limits) {
  const Problem &problem = prepared.problem;
  // Neither waiting nor time cost anything.
  Problem free = problem;
  free.sleepStates.clear();
  free.earlyTail = SleepState();
  free.railPowerW = 0;
  std::vector<double> none(problem.idlePowerW.size(), 0);
  free.idlePowerW.borrow(none.data(), none.size());
  double longestS = 0;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer)
    longestS +=
        *std::max_element(problem.timeS.data() + problem.layerBegin[layer],
                          problem.timeS.data() + problem.layerBegin[layer + 1]);
  for (const Axis &axis : problem.axes)
    longestS += static_cast<double>(problem.numLayers()) *
                *std::max_element(axis.transition.timeS.begin(),
                                  axis.transition.timeS.end());
  free.periodS = std::max(longestS / (1 - problem.margin), kLeastQuantity);
  SearchResult result = searchExact(free, limits);
  double asleepS = 0;
  for (const SleepState &sleep : problem.sleepStates)
    asleepS = std::max(asleepS, sleep.timeS);
  return std::max(fastestActiveTime(prepared),
                  result.schedule.activeTimeS + asleepS) /
         (1 - problem.margin);
}
