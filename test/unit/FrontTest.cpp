//===- FrontTest.cpp - Fronts and hulls on random problems ----------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Front.h"
#include "Oracles.h"
#include "RandomProblems.h"
#include "passes/scheduler/EnergyHull.h"
#include "passes/scheduler/RailSets.h"
#include "pfmlir/Scheduler/Referee.h"

#include "gtest/gtest.h"

using namespace pfmlir::scheduler;

static constexpr double kRelative = 1e-9;

namespace {
/// All schedules that rails allow, to look up the optimum of any period.
class AllSchedules {
public:
  explicit AllSchedules(const Problem &problem) : problem(problem) {
    forEachSchedule(problem, [&](const std::vector<size_t> &states) {
      if (sumsOf(problem, states).rails <= problem.maxRails)
        schedules.push_back(states);
    });
  }
  double optimumAt(double periodS) {
    problem.periodS = periodS;
    double least = kInfinity;
    for (const std::vector<size_t> &states : schedules) {
      Sums sums = sumsOf(problem, states);
      least = std::min(
          least, sums.energyJ +
                     leastRestEnergy(problem, problem.idlePowerW[states.back()],
                                     sums.timeS));
    }
    return least;
  }

private:
  Problem problem;
  std::vector<std::vector<size_t>> schedules;
};
} // namespace

/// What a point of a front is said to be.
static void expectPoint(const Problem &problem, const FrontPoint &point,
                        double optimumJ) {
  Problem here = problem;
  here.periodS = point.periodS;
  std::optional<std::string> error = verify(here, point.schedule);
  EXPECT_FALSE(error) << *error;
  EXPECT_LE(point.lowerBoundJ, optimumJ * (1 + kRelative));
  EXPECT_GE(point.schedule.energyJ, optimumJ * (1 - kRelative));
  if (point.isOptimal) {
    EXPECT_LE(point.schedule.energyJ, optimumJ * (1 + kRelative));
  }
}

/// The energy of a point's states at a period, with the cheapest tail.
static double energyAt(const Problem &problem, const FrontPoint &point,
                       double periodS) {
  Problem here = problem;
  here.periodS = periodS;
  return completeSchedule(here, point.schedule.states).energyJ;
}

/// At random periods of the range, and right before and at its steps, the
/// points are as close to the optimum as they are said to be.
static void expectTolerance(const Problem &problem, const Front &front,
                            AllSchedules &all, Generator &random) {
  // Where energies are next to nothing, nothing is said.
  if (front.tolerance == kInfinity)
    return;
  double shortS = front.points.front().periodS;
  double longS = front.points.back().periodS;
  std::vector<double> periods;
  for (int i = 0; i < 20; ++i)
    periods.push_back(shortS + (longS - shortS) * random.fraction());
  for (const FrontPoint &point : front.points) {
    if (!point.isOptimal) {
      EXPECT_LE(point.schedule.energyJ,
                point.lowerBoundJ * (1 + front.tolerance) * (1 + kRelative));
    }
    double stepS = point.schedule.activeTimeS / (1 - problem.margin);
    periods.push_back(stepS * (1 - 1e-7));
    periods.push_back(stepS * (1 + 1e-7));
  }
  for (double periodS : periods) {
    if (periodS < shortS || periodS > longS)
      continue;
    size_t after = 0;
    while (front.points[after].periodS < periodS)
      ++after;
    double upperJ = energyAt(problem, front.points[after], periodS);
    if (after > 0)
      upperJ =
          std::min(upperJ, energyAt(problem, front.points[after - 1], periodS));
    EXPECT_LE(upperJ,
              all.optimumAt(periodS) * (1 + front.tolerance) * (1 + kRelative))
        << "at " << periodS;
  }
}

TEST(Front, HoldsAtPointsAndBetweenThem) {
  forEachSeed(400, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = seed % 2 ? random.smallProblem() : random.richProblem();
    double fastestS = enumerate(problem).fastestTimeS / (1 - problem.margin);
    if (fastestS == kInfinity || fastestS < 1e-6)
      return;
    AllSchedules all(problem);
    FrontRequest request;
    request.shortestS = fastestS;
    request.longestS = fastestS * (1 + 4 * random.fraction());
    constexpr double kTolerances[] = {0.05, 0.05, 0.3, 0.002, 3};
    request.tolerance = kTolerances[random.between(0, 4)];
    request.mostPoints = random.chance(20) ? 4 : 200;
    request.provesPoints = random.chance(30);
    Front front = searchFront(problem, request, {});
    ASSERT_FALSE(front.points.empty());
    EXPECT_LE(front.points.size(), request.mostPoints);
    if (front.points.size() < request.mostPoints &&
        front.tolerance > request.tolerance) {
      // Only where energies jump by more at one period.
      EXPECT_GT(front.points.size(), 2u);
    }
    for (const FrontPoint &point : front.points) {
      SCOPED_TRACE("period " + std::to_string(point.periodS));
      expectPoint(problem, point, all.optimumAt(point.periodS));
      // Some are blurred by rounding, and not called optimal, but close to it:
      // no state draws more than a watt.
      if (request.provesPoints) {
        EXPECT_GE(point.lowerBoundJ, point.schedule.energyJ * (1 - kRelative) -
                                         1e-13 * point.periodS);
      }
    }
    expectTolerance(problem, front, all, random);
  });
}

TEST(Front, HullsBoundEverySchedule) {
  forEachSeed(1000, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = seed % 2 ? random.smallProblem() : random.richProblem();
    double fastestS = enumerate(problem).fastestTimeS / (1 - problem.margin);
    if (fastestS == kInfinity || fastestS == 0)
      return;
    AllSchedules all(problem);
    for (double factor : {1.0, 1.05, 1.3, 2.0, 10.0}) {
      problem.periodS = fastestS * factor;
      double least = kInfinity;
      LayerLayouts layouts(problem);
      RailSets railSets = RailSets::candidates(problem, layouts);
      LayeredGraph graph(problem, layouts);
      std::vector<Level> rails;
      for (uint64_t i = 0; i < railSets.count(); ++i) {
        railSets.get(i, rails);
        if (!graph.selectRails(rails))
          continue;
        graph.build();
        EnergyHull hull(graph);
        least = std::min(least, hull.lowerBound(problem));
        // What it offers is within its time.
        std::optional<std::vector<size_t>> states =
            hull.statesWithin(problem.periodS, 0.5);
        if (!states)
          continue;
        double timeS = 0;
        for (size_t state : *states)
          timeS += problem.timeS[state];
        EXPECT_LE(timeS, problem.periodS * (1 + kRelative));
      }
      EXPECT_LE(least, all.optimumAt(problem.periodS) * (1 + kRelative));
    }
  });
}

TEST(Front, LongestUsefulPeriod) {
  forEachSeed(300, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = random.smallProblem();
    if (enumerate(problem).fastestTimeS == kInfinity)
      return;
    double longestS = longestUsefulPeriod(problem, {});
    if (longestS == 0)
      return;
    // Were waiting free, nothing would be saved by more time.
    for (double &powerW : problem.idlePowerW.own())
      powerW = 0;
    for (SleepState &sleep : problem.sleepStates)
      sleep.powerW = 0;
    AllSchedules all(problem);
    double thereJ = all.optimumAt(longestS * (1 + 1e-12));
    EXPECT_LE(thereJ, all.optimumAt(3 * longestS) * (1 + kRelative));
  });
}
