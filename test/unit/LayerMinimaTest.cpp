//===- LayerMinimaTest.cpp - Quick minima are the plain ones --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LayerMinima.h"
#include "RandomProblems.h"
#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/WideLanes.h"

#include "gtest/gtest.h"

using namespace pfmlir::scheduler;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Looks at each rail set by itself, and compares to the last bit.
void expectPlainSums(const Problem &problem, const RailSets &railSets,
                     Metric metric) {
  ASSERT_EQ(check(problem), std::nullopt);
  const LayerLayouts layouts(problem);
  const StatesByNeed states(problem, layouts, railSets);
  const std::vector<double> costs = priceStates(problem, metric);
  LayeredGraph graph(problem, layouts);
  std::vector<Level> rails;
  std::vector<double> plain;
  for (uint64_t i = 0; i < railSets.count(); ++i) {
    railSets.get(i, rails);
    plain.push_back(graph.selectRails(rails)
                        ? graph.sumOfLayerMinima(costs.data())
                        : kInfinity);
  }
  for (unsigned threads : {1, 3}) {
    const LayerMinima minima(problem, states, metric, threads);
    std::vector<double> sums(railSets.count());
    minima.sum(0, sums.size(), 1, sums.data());
    EXPECT_EQ(sums, plain);
    // From the second on, every third.
    if (plain.size() < 2)
      continue;
    std::vector<double> some((plain.size() + 1) / 3), every;
    minima.sum(1, some.size(), 3, some.data());
    for (size_t i = 0; i < some.size(); ++i)
      every.push_back(plain[1 + 3 * i]);
    EXPECT_EQ(some, every);
  }
}

void expectPlainSums(const Problem &problem, Metric metric) {
  const LayerLayouts layouts(problem);
  expectPlainSums(problem, RailSets::candidates(problem, layouts), metric);
}

/// Whether states are sorted by what they need.
bool isQuick(const Problem &problem) {
  const LayerLayouts layouts(problem);
  const RailSets railSets = RailSets::candidates(problem, layouts);
  return !StatesByNeed(problem, layouts, railSets).empty();
}

/// Layers with states at random, of axes of settings at random on these rails.
Problem problemOn(Generator &random, std::vector<std::vector<Level>> axes,
                  unsigned numLevels, unsigned maxRails, unsigned numStates) {
  Problem problem;
  problem.numLevels = numLevels;
  problem.maxRails = maxRails;
  for (std::vector<Level> &rails : axes) {
    std::vector<double> free(rails.size() * rails.size());
    problem.axes.push_back({std::move(rails), {free, free}});
  }
  for (unsigned layer = 0; layer < 4; ++layer) {
    problem.addLayer();
    for (unsigned i = 0; i < numStates; ++i) {
      std::vector<Setting> settings;
      for (const Axis &axis : problem.axes)
        settings.push_back(static_cast<Setting>(
            random.between(0, static_cast<unsigned>(axis.numSettings()) - 1)));
      double energyJ = random.fraction(), timeS = random.fraction();
      problem.addState(settings, energyJ, timeS, 0);
    }
  }
  problem.periodS = 1;
  return problem;
}

/// An axis that can be on any of the levels.
std::vector<Level> allOf(unsigned numLevels) {
  std::vector<Level> levels;
  for (unsigned level = 0; level < numLevels; ++level)
    levels.push_back(static_cast<Level>(level));
  return levels;
}

/// The price of time from all states of all layers, without leaving any out.
double plainMultiplier(const Problem &problem) {
  auto at = [&](Metric metric) {
    PathCost sum;
    for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
      double leastJ = kInfinity;
      PathCost best;
      for (size_t state = problem.layerBegin[layer];
           state < problem.layerBegin[layer + 1]; ++state) {
        PathCost cost = layerCost(problem, layer, state);
        double priced =
            metric.energyWeight * cost.energyJ + metric.timeWeight * cost.timeS;
        if (priced >= leastJ)
          continue;
        leastJ = priced;
        best = cost;
      }
      sum.energyJ += best.energyJ;
      sum.timeS += best.timeS;
    }
    return sum;
  };
  PathCost late = at({1, 0}), inTime = at(kTimeOnly);
  if (late.timeS <= problem.deadlineS() || inTime.timeS > problem.deadlineS())
    return 0;
  double multiplier = 0;
  for (int step = 0; step < 12; ++step) {
    double crossing =
        (inTime.energyJ - late.energyJ) / (late.timeS - inTime.timeS);
    bool isClose = std::abs(crossing - multiplier) <= 0.02 * crossing;
    multiplier = crossing;
    if (isClose)
      break;
    PathCost line = at({1, multiplier});
    (line.timeS <= problem.deadlineS() ? inTime : late) = line;
  }
  return std::max(multiplier, 0.0);
}

TEST(RailSets, KnowTheirNumbers) {
  const RailSets railSets({1, 2, 5, 6, 9, 11}, 0, 4);
  std::vector<Level> rails;
  for (uint64_t i = 0; i < railSets.count(); ++i) {
    railSets.get(i, rails);
    EXPECT_EQ(railSets.indexOf(rails), i);
    EXPECT_EQ(railSets.sizeOf(i), rails.size());
  }
}

TEST(LayerMinima, RandomProblems) {
  forEachSeed(500, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = random.richProblem();
    expectPlainSums(problem, {1, random.fraction()});
    expectPlainSums(problem, kTimeOnly);
  });
}

/// More levels, and from fewer to more rails than axes.
TEST(LayerMinima, AnyNumberOfRails) {
  for (unsigned numAxes = 1; numAxes <= 4; ++numAxes)
    for (unsigned maxRails = 1; maxRails <= 5; ++maxRails) {
      Generator random(10 * numAxes + maxRails);
      std::vector<std::vector<Level>> axes(numAxes, allOf(8));
      // Without rails, on one, on some that others have too.
      axes.push_back({kNoRail, 3, kNoRail, 5, 3});
      Problem problem = problemOn(random, axes, 8, maxRails, 200);
      EXPECT_TRUE(isQuick(problem));
      expectPlainSums(problem, {1, 0.7});
      problem.railPowerW = 0.01;
      expectPlainSums(problem, {1, 0.7});
    }
}

/// Where states need no rail, there is one rail set, without any.
TEST(LayerMinima, WithoutRails) {
  Generator random(1);
  Problem problem = problemOn(random, {{kNoRail, kNoRail}}, 1, 1, 5);
  expectPlainSums(problem, {1, 0.5});
}

/// Where there are more needs than states and rail sets, each rail set is
/// looked at by itself.
TEST(LayerMinima, FewStatesOfManyNeeds) {
  Generator random(1);
  std::vector<std::vector<Level>> axes(6, allOf(12));
  Problem problem = problemOn(random, axes, 12, 11, 30);
  EXPECT_FALSE(isQuick(problem));
  expectPlainSums(problem, {1, 0.5});
}

/// As in a search for several problems, some levels are of no use to this one.
TEST(LayerMinima, LevelsOfOthers) {
  Generator random(1);
  Problem problem = problemOn(random, {{2, 4, 5}, {4, 7}}, 9, 2, 6);
  expectPlainSums(problem, RailSets(allOf(9), 3, 3), {1, 0.5});
}

TEST(FreeLayers, NeedNoOtherStates) {
  forEachSeed(500, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = random.between(0, 1) == 0
                          ? random.richProblem()
                          : problemOn(random, {allOf(6), allOf(6)}, 6, 2, 600);
    const FreeLayers layers(problem);
    double mostS = 0;
    for (size_t state = 0; state < problem.timeS.size(); ++state)
      mostS = std::max(mostS, problem.timeS[state]);
    for (double share : {0.0, 0.1, 0.2, 0.4, 0.8}) {
      problem.periodS = share * mostS * double(problem.numLayers());
      EXPECT_EQ(layers.multiplierAt(problem.deadlineS()),
                plainMultiplier(problem));
    }
  });
}

/// Where layers cost what waiting does, rounding makes less than nothing of it.
TEST(FreeLayers, CostLessThanNothing) {
  forEachSeed(50, [](uint64_t seed) {
    Generator random(seed);
    Problem problem = problemOn(random, {allOf(4)}, 4, 2, 20);
    problem.layerWeight = {1, 0.7, 0.7, 0};
    problem.earlyTail = {0.3, 0, 0};
    for (size_t state = 0; state < problem.timeS.size(); ++state)
      problem.energyJ.own()[state] = 0.3 * problem.timeS[state];
    ASSERT_EQ(check(problem), std::nullopt);
    const FreeLayers layers(problem);
    for (double periodS : {0.5, 1.0, 2.0, 3.0}) {
      problem.periodS = periodS;
      EXPECT_EQ(layers.multiplierAt(problem.deadlineS()),
                plainMultiplier(problem));
    }
  });
}

/// Around the sizes of blocks and lanes, of few values, so that many are equal.
TEST(WideLanes, FindTheFirstLeast) {
  Generator random(1);
  for (size_t count : {1, 7, 16, 17, 511, 512, 513, 1500}) {
    std::vector<double> energyJ(count), timeS(count);
    for (size_t i = 0; i < count; ++i) {
      energyJ[i] = random.between(0, 40);
      timeS[i] = random.between(0, 40);
    }
    EXPECT_EQ(findFirstLeast(energyJ.data(), count),
              size_t(std::min_element(energyJ.begin(), energyJ.end()) -
                     energyJ.begin()));
    std::vector<double> priced(count);
    price(energyJ.data(), timeS.data(), 1, 0.5, count, priced.data());
    EXPECT_EQ(findFirstCheapest(energyJ.data(), timeS.data(), 0.5, count),
              size_t(std::min_element(priced.begin(), priced.end()) -
                     priced.begin()));

    std::vector<uint32_t> below(count), expected;
    for (uint32_t i = 0; i < count; ++i)
      if (energyJ[i] + 0.5 * timeS[i] <= 20 || energyJ[i] + 2 * timeS[i] <= 30)
        expected.push_back(i);
    below.resize(selectBelow(energyJ.data(), timeS.data(), count,
                             {{0.5, 20}, {2, 30}}, below.data()));
    EXPECT_EQ(below, expected);
  }
}

} // namespace
