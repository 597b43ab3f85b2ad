//===- SchedulerCheckTest.cpp - Errors of check and verify ----------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Search.h"

#include "gtest/gtest.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace pfmlir::scheduler;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Two layers with two states each, on two levels in two domains.
Problem validProblem() {
  Problem problem;
  problem.numLevels = 3;
  problem.maxRails = 2;
  problem.periodS = 10;
  problem.setLevelAxes(2, 0.5, 0.25);
  problem.sleepStates.push_back({0.125, 1, 2});
  for (int layer = 0; layer < 2; ++layer) {
    problem.addLayer();
    problem.addState({0, 0}, 1, 4, 0.5);
    problem.addState({1, 2}, 2, 1, 1);
    problem.addState({1, 1}, 4, 1, 1);
  }
  return problem;
}

/// [0, 0] and then [1, 1], both domains changing: 5 J and 5 s, 1 J and 0.5 s
/// for the changes, and the sleep state for what is left, 2.5 s.
Schedule validSchedule() {
  Schedule schedule;
  schedule.states = {0, 5};
  schedule.tail = 0;
  schedule.activeTimeS = 5.5;
  schedule.energyJ = 6 + 1 + 0.125 * 2.5;
  return schedule;
}

void expectError(const std::string &message,
                 const std::function<void(Problem &)> &corrupt) {
  Problem problem = validProblem();
  corrupt(problem);
  EXPECT_EQ(check(problem).value_or("no error"), message);
}

void expectRejected(const std::string &message,
                    const std::function<void(Schedule &)> &corrupt) {
  Schedule schedule = validSchedule();
  corrupt(schedule);
  EXPECT_EQ(verify(validProblem(), schedule).value_or("no error"), message);
}

} // namespace

TEST(SchedulerCheck, AcceptsValidProblems) {
  EXPECT_EQ(check(validProblem()), std::nullopt);
  Problem problem = validProblem();
  problem.sleepStates.clear();
  problem.maxRails = 100;
  EXPECT_EQ(check(problem), std::nullopt);
}

TEST(SchedulerCheck, Dimensions) {
  expectError("number of levels: expected at least 1, but got 0",
              [](Problem &p) { p.numLevels = 0; });
  expectError("number of levels: expected at most 1024, but got 1025",
              [](Problem &p) { p.numLevels = 1025; });
  expectError("number of axes: expected at least 1, but got 0",
              [](Problem &p) { p.axes.clear(); });
  expectError("max_rails: expected at least 1, but got 0",
              [](Problem &p) { p.maxRails = 0; });
}

TEST(SchedulerCheck, Grid) {
  Problem problem;
  problem.numLevels = problem.maxRails = 5;
  problem.periodS = 10;
  problem.setLevelAxes(12);
  for (int layer = 0; layer < 2; ++layer) {
    problem.addLayer();
    problem.addState(std::vector<Setting>(problem.numAxes(), layer), 1, 1, 1);
  }
  EXPECT_EQ(
      check(problem).value_or("no error"),
      "layers times combinations of settings within the rails: expected at "
      "most 67108864, but got 488281250; allow fewer rails");
  problem.maxRails = 4;
  EXPECT_EQ(check(problem), std::nullopt);
}

TEST(SchedulerCheck, Period) {
  expectError("period_s: expected a finite number above 0, but got 0",
              [](Problem &p) { p.periodS = 0; });
  expectError("period_s: expected a finite number above 0, but got -1",
              [](Problem &p) { p.periodS = -1; });
  expectError("period_s: expected a finite number above 0, but got inf",
              [](Problem &p) { p.periodS = kInfinity; });
  Problem problem = validProblem();
  problem.periodS = kNaN;
  EXPECT_TRUE(check(problem));
}

TEST(SchedulerCheck, Transitions) {
  expectError("transitions of axis 1, energy_j: expected 9 elements, but got "
              "8",
              [](Problem &p) { p.axes[1].transition.energyJ.pop_back(); });
  expectError("transitions of axis 0, time_s: expected 9 elements, but got 10",
              [](Problem &p) { p.axes[0].transition.timeS.push_back(0); });
  expectError("transitions of axis 0, energy_j from setting 1 to 2: expected a "
              "finite number that is not negative, but got -0.5",
              [](Problem &p) { p.axes[0].transition.energyJ[5] = -0.5; });
  expectError("transitions of axis 1, time_s from setting 0 to 1: expected a "
              "finite number that is not negative, but got inf",
              [](Problem &p) { p.axes[1].transition.timeS[1] = kInfinity; });
  expectError("transitions of axis 1, time_s from setting 2 to 2: expected 0, "
              "but got 0.25",
              [](Problem &p) { p.axes[1].transition.timeS[8] = 0.25; });
}

TEST(SchedulerCheck, SleepStates) {
  const std::string wanted =
      ": expected a finite number that is not negative, but got -1";
  expectError("sleep state 0, power_w" + wanted,
              [](Problem &p) { p.sleepStates[0].powerW = -1; });
  expectError("sleep state 1, energy_j" + wanted,
              [](Problem &p) { p.sleepStates.push_back({0, -1, 0}); });
  expectError("sleep state 0, time_s" + wanted,
              [](Problem &p) { p.sleepStates[0].timeS = -1; });
}

TEST(SchedulerCheck, Layers) {
  expectError("layer_begin: expected at least 2 elements, but got 1",
              [](Problem &p) { p.layerBegin = {0}; });
  expectError("layer_begin: expected at least 2 elements, but got 0",
              [](Problem &p) { p.layerBegin.clear(); });
  expectError("layer_begin[0]: expected 0, but got 1",
              [](Problem &p) { p.layerBegin[0] = 1; });
  expectError("layer_begin[2]: expected at least 3, but got 2",
              [](Problem &p) { p.layerBegin[2] = 2; });
  expectError("layer 2: expected at least 1 state, but got 0",
              [](Problem &p) { p.addLayer(); });
  expectError("energy_j: expected 6 elements, but got 5",
              [](Problem &p) { p.energyJ.own().pop_back(); });
  expectError("time_s: expected 6 elements, but got 5",
              [](Problem &p) { p.timeS.own().pop_back(); });
  expectError("idle_power_w: expected 6 elements, but got 7",
              [](Problem &p) { p.idlePowerW.own().push_back(0); });
  expectError("state_settings: expected 12 elements, but got 11",
              [](Problem &p) { p.stateSettings.pop_back(); });
}

TEST(SchedulerCheck, States) {
  expectError("layer 1, state 2, setting of axis 0: expected less than 3, but "
              "got 3",
              [](Problem &p) { p.stateSettings[10] = 3; });
  const std::string wanted =
      ": expected a finite number that is not negative, but got ";
  expectError("layer 0, state 1, energy_j" + wanted + "-0.125",
              [](Problem &p) { p.energyJ.own()[1] = -0.125; });
  expectError("layer 1, state 0, time_s" + wanted + "inf",
              [](Problem &p) { p.timeS.own()[3] = kInfinity; });
  expectError("layer 1, state 2, idle_power_w" + wanted + "-inf",
              [](Problem &p) { p.idlePowerW.own()[5] = -kInfinity; });
}

TEST(SchedulerCheck, Range) {
  const std::string wanted =
      ": expected 0 or a number from 1e-60 to 1e60, but got ";
  expectError("layer 0, state 0, energy_j" + wanted + "1.5e+61",
              [](Problem &p) { p.energyJ.own()[0] = 1.5e61; });
  expectError("layer 0, state 1, time_s" + wanted + "1e-61",
              [](Problem &p) { p.timeS.own()[1] = 1e-61; });
  expectError("sleep state 0, power_w" + wanted + "1.25e+61",
              [](Problem &p) { p.sleepStates[0].powerW = 1.25e61; });
  expectError("period_s" + wanted + "1e-300",
              [](Problem &p) { p.periodS = 1e-300; });
  Problem problem = validProblem();
  problem.energyJ.own()[0] = 0;
  problem.energyJ.own()[1] = kMostQuantity;
  problem.timeS.own()[0] = kLeastQuantity;
  EXPECT_EQ(check(problem), std::nullopt);
}

TEST(SchedulerCheck, RejectsNaN) {
  for (auto corrupt : std::initializer_list<void (*)(Problem &)>{
           [](Problem &p) { p.energyJ.own()[0] = kNaN; },
           [](Problem &p) { p.timeS.own()[0] = kNaN; },
           [](Problem &p) { p.idlePowerW.own()[0] = kNaN; },
           [](Problem &p) { p.sleepStates[0].powerW = kNaN; },
           [](Problem &p) { p.sleepStates[0].energyJ = kNaN; },
           [](Problem &p) { p.sleepStates[0].timeS = kNaN; },
           [](Problem &p) { p.axes[0].transition.energyJ[1] = kNaN; },
           [](Problem &p) { p.axes[0].transition.timeS[1] = kNaN; }}) {
    Problem problem = validProblem();
    corrupt(problem);
    EXPECT_TRUE(check(problem));
  }
}

TEST(SchedulerVerify, AcceptsValidSchedules) {
  EXPECT_EQ(verify(validProblem(), validSchedule()), std::nullopt);
  Schedule idle = validSchedule();
  idle.tail = Schedule::kIdle;
  idle.energyJ = 6 + 1 * 4.5;
  EXPECT_EQ(verify(validProblem(), idle), std::nullopt);
}

TEST(SchedulerVerify, States) {
  expectRejected("schedule: expected 2 states, but got 1",
                 [](Schedule &s) { s.states.pop_back(); });
  expectRejected("state of layer 0: expected one in [0, 3), but got 3",
                 [](Schedule &s) { s.states[0] = 3; });
  expectRejected("state of layer 1: expected one in [3, 6), but got 2",
                 [](Schedule &s) { s.states[1] = 2; });
}

TEST(SchedulerVerify, Rails) {
  expectRejected("rails: expected at most 2, but got 3",
                 [](Schedule &s) { s.states[1] = 4; });
}

TEST(SchedulerVerify, Tail) {
  expectRejected("tail: expected -1 or less than 1, but got -2",
                 [](Schedule &s) { s.tail = -2; });
  expectRejected("tail: expected -1 or less than 1, but got 1",
                 [](Schedule &s) { s.tail = 1; });
}

TEST(SchedulerVerify, Sums) {
  expectRejected("active_time_s: expected 5.5, but got 5.25",
                 [](Schedule &s) { s.activeTimeS = 5.25; });
  expectRejected("energy_j: expected 7.3125, but got 7",
                 [](Schedule &s) { s.energyJ = 7; });
  expectRejected("energy_j: expected 10.5, but got 7.3125",
                 [](Schedule &s) { s.tail = Schedule::kIdle; });
}

TEST(SchedulerVerify, RoundingOfCostlyRest) {
  // 1e6 W make of a rounding error in time what is much of 1 µJ.
  Problem problem;
  problem.numLevels = problem.maxRails = 1;
  problem.setLevelAxes(1);
  problem.addLayer();
  problem.addState({0}, 1e-6, 0.1, 1e6);
  problem.periodS = 0.1 + 1e-13;
  Schedule schedule;
  schedule.states = {0};
  schedule.tail = Schedule::kIdle;
  schedule.activeTimeS = 0.1;
  const double restJ = 1e6 * (problem.periodS - 0.1);
  for (double error : {0.9, 1.1}) {
    schedule.energyJ = 1e-6 + restJ * error;
    EXPECT_EQ(verify(problem, schedule), std::nullopt);
  }
  schedule.energyJ = 1e-6 + restJ + 3e-7;
  EXPECT_TRUE(verify(problem, schedule));
}

TEST(SchedulerVerify, Deadline) {
  Problem problem = validProblem();
  problem.periodS = 5;
  EXPECT_EQ(verify(problem, validSchedule()).value_or("no error"),
            "active time: expected at most 5, but got 5.5");
  problem.periodS = 7;
  EXPECT_EQ(verify(problem, validSchedule()).value_or("no error"),
            "active time and that of sleep state 0: expected at most 7, but "
            "got 7.5");
  // Exactly in time, and within the tolerance of that.
  for (double periodS : {7.5, 7.5 * (1 - 5e-13)}) {
    problem.periodS = periodS;
    Schedule schedule = validSchedule();
    schedule.energyJ = 7;
    EXPECT_EQ(verify(problem, schedule), std::nullopt);
  }
}
