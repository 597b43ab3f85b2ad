//===- Front.cpp - Least energy against the period ------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Hulls of all rail sets (EnergyHull.h) give, for any period, a bound and a
// good schedule at next to no cost. Points are put where the front is known
// least. Where a hull's schedule is close enough to its bound that is the
// point; else an exact search finds the optimum, and its bound.
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
#include "passes/scheduler/Incumbent.h"
#include "passes/scheduler/RailSets.h"

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
class Hulls {
public:
  explicit Hulls(const Problem &problem);

  /// Of all schedules of the period; nothing is known where that is minus
  /// infinity.
  double lowerBound(const Problem &atPeriod) const;
  /// A good schedule of the period; nothing if none is found.
  std::optional<Schedule> goodSchedule(const Problem &atPeriod) const;

private:
  std::vector<EnergyHull> hulls;
};
} // namespace

Hulls::Hulls(const Problem &problem) {
  // So many take a second or two; beyond that the searches do without.
  constexpr uint64_t kMostRailSets = 4096;
  const LayerLayouts layouts(problem);
  const RailSets railSets = RailSets::candidates(problem, layouts);
  if (railSets.count() > kMostRailSets)
    return;
  LayeredGraph graph(problem, layouts);
  std::vector<Level> rails;
  for (uint64_t i = 0; i < railSets.count(); ++i) {
    railSets.get(i, rails);
    if (!graph.selectRails(rails))
      continue;
    graph.build();
    hulls.emplace_back(graph);
  }
}

double Hulls::lowerBound(const Problem &atPeriod) const {
  if (hulls.empty())
    return -kInfinity;
  double least = kInfinity;
  for (const EnergyHull &hull : hulls)
    least = std::min(least, hull.lowerBound(atPeriod));
  return least;
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

std::optional<Schedule> Hulls::goodSchedule(const Problem &atPeriod) const {
  std::vector<std::pair<double, const EnergyHull *>> byBound;
  for (const EnergyHull &hull : hulls)
    byBound.push_back({hull.lowerBound(atPeriod), &hull});
  std::sort(byBound.begin(), byBound.end());
  std::optional<Schedule> best;
  auto bestJ = [&] { return best ? best->energyJ : kInfinity; };
  for (auto [boundJ, hull] : byBound) {
    if (boundJ >= bestJ())
      break;
    for (const Tail &tail : hull->tails(atPeriod)) {
      std::optional<Schedule> schedule = scheduleFrom(*hull, atPeriod, tail);
      if (schedule && schedule->energyJ < bestJ())
        best = std::move(schedule);
    }
  }
  return best;
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
  FrontSearch(const Problem &problem, const FrontRequest &request,
              const SearchLimits &limits)
      : problem(problem), request(request), limits(limits), stopwatch(limits),
        hulls(problem), search(problem) {}

  Front run();

private:
  size_t addPoint(double periodS);
  FrontPoint solveAt(double periodS);
  void setPeriod(double periodS) { problem.periodS = periodS; }
  double leastPeriod(const Schedule &schedule) const;
  double powerAfter(const Schedule &schedule) const;
  double waitingW() const;
  Interval between(size_t fast, size_t slow);
  SearchLimits limitsLeft() const;

  /// At the period that was looked at last.
  Problem problem;
  const FrontRequest request;
  const SearchLimits limits;
  const Stopwatch stopwatch;
  const Hulls hulls;
  PeriodSearch search;
  Front front;
};
} // namespace

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

/// A schedule of a hull if that is close enough to the bound, else an optimum.
FrontPoint FrontSearch::solveAt(double periodS) {
  // Points take a part of the tolerance, and leave the rest to what is between.
  constexpr double kPointShare = 0.5;
  setPeriod(periodS);
  std::optional<Schedule> schedule = hulls.goodSchedule(problem);
  double boundJ = std::max(hulls.lowerBound(problem), 0.0);
  double enoughJ = boundJ * (1 + kPointShare * request.tolerance);
  if (!request.provesPoints && schedule && schedule->energyJ <= enoughJ) {
    bool isOptimal = boundJ >= schedule->energyJ * (1 - kEnergyTolerance);
    return {periodS, std::move(*schedule), boundJ, isOptimal};
  }
  ++front.numSearches;
  if (schedule)
    search.offer(schedule->states);
  SearchLimits pointLimits = limitsLeft();
  if (!request.provesPoints)
    pointLimits.gap = kPointShare * request.tolerance;
  SearchResult result = search.solve(periodS, pointLimits);
  return {periodS, std::move(result.schedule), result.lowerBoundJ,
          result.status == Status::Optimal};
}

/// Appends the point of a period, and returns where it is.
size_t FrontSearch::addPoint(double periodS) {
  front.points.push_back(solveAt(periodS));
  return front.points.size() - 1;
}

Interval FrontSearch::between(size_t fast, size_t slow) {
  const FrontPoint &before = front.points[fast], &after = front.points[slow];
  // From here on the slower schedule is in time, too.
  double stepS =
      std::clamp(leastPeriod(after.schedule), before.periodS, after.periodS);
  bool isOneStep = stepS <= before.periodS * (1 + kResolution);
  // What is said of the optimum from `fromS` on, by a bound at `atS`.
  double waitW = waitingW();
  auto lowerFrom = [&](double fromS, double atS) {
    setPeriod(atS);
    double atLaterJ = after.lowerBoundJ - waitW * (after.periodS - atS);
    return std::max(hulls.lowerBound(problem), atLaterJ) -
           waitW * (atS - fromS);
  };
  auto gapOf = [](double upperJ, double lowerJ) {
    if (upperJ <= lowerJ)
      return 0.0;
    return lowerJ > 0 ? upperJ / lowerJ - 1 : kInfinity;
  };
  Interval interval = {fast, slow, 0, 0};
  interval.gap =
      gapOf(after.schedule.energyJ,
            lowerFrom(std::max(stepS, before.periodS), after.periodS));
  // With its own tail: another may get cheaper, but only from some period on.
  double waitedJ = before.schedule.energyJ +
                   powerAfter(before.schedule) * (stepS - before.periodS);
  if (!isOneStep)
    interval.gap = std::max(interval.gap,
                            gapOf(waitedJ, lowerFrom(before.periodS, stepS)));
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
    size_t middle = addPoint(widest.middleS);
    intervals.push(between(widest.fast, middle));
    intervals.push(between(middle, widest.slow));
  }
  front.tolerance = unresolved;
  if (!intervals.empty())
    front.tolerance = std::max(unresolved, intervals.top().gap);
  std::sort(front.points.begin(), front.points.end(),
            [](const FrontPoint &a, const FrontPoint &b) {
              return a.periodS < b.periodS;
            });
  return std::move(front);
}

Front pfmlir::scheduler::searchFront(const Problem &problem,
                                     const FrontRequest &request,
                                     const SearchLimits &limits) {
  return FrontSearch(problem, request, limits).run();
}

double pfmlir::scheduler::longestUsefulPeriod(const Problem &problem,
                                              const SearchLimits &limits) {
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
  return std::max(fastestActiveTime(problem),
                  result.schedule.activeTimeS + asleepS) /
         (1 - problem.margin);
}
