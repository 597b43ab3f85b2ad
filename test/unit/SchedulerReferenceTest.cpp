//===- SchedulerReferenceTest.cpp - Published numbers of the searches -----===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Four networks in 27 states a layer: proven optima, and what the original
// heuristic and the baselines reach on the same tables.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Scheduler/Search.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace pfmlir::scheduler;

namespace {

using Row = std::vector<std::string>;

/// The rows of a file without its header.
std::vector<Row> readCsv(const std::string &name) {
  std::ifstream file(std::string(PFMLIR_TEST_DATA) + "/" + name);
  std::vector<Row> rows;
  std::string line, field;
  std::getline(file, line);
  while (std::getline(file, line)) {
    Row row;
    std::istringstream fields(line);
    while (std::getline(fields, field, ','))
      row.push_back(field);
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << name;
  return rows;
}

double toDouble(const std::string &text) {
  return std::strtod(text.c_str(), nullptr);
}

struct ReferenceSetting {
  double periodS;
  double transitionJ;
  double transitionS;
  double sleepPowerW = 0;
  unsigned maxRails = 3;
};

/// A network on the levels 0.9, 1.1 and 1.3 V.
Problem loadNetwork(const std::string &network,
                    const ReferenceSetting &setting) {
  const std::map<double, Level> levels = {{0.9, 0}, {1.1, 1}, {1.3, 2}};
  Problem problem;
  problem.numLevels = 3;
  problem.maxRails = setting.maxRails;
  problem.periodS = setting.periodS;
  problem.setLevelAxes(3, setting.transitionJ, setting.transitionS);
  // All domains change twice.
  problem.sleepStates.push_back(
      {setting.sleepPowerW, 6 * setting.transitionJ, 6 * setting.transitionS});
  std::string layer;
  for (const Row &row : readCsv("tables/" + network + ".csv")) {
    if (row[0] != layer)
      problem.addLayer();
    layer = row[0];
    problem.addState({levels.at(toDouble(row[1])), levels.at(toDouble(row[2])),
                      levels.at(toDouble(row[3]))},
                     toDouble(row[4]), toDouble(row[5]), toDouble(row[6]));
  }
  EXPECT_EQ(check(problem), std::nullopt);
  return problem;
}

/// The references are printed with so many digits that half a unit in the last
/// is at most `relative` of them.
void expectEnergy(const Problem &problem, const SearchResult &result,
                  double energyJ, double relative) {
  ASSERT_NE(result.status, Status::Infeasible);
  std::optional<std::string> error = verify(problem, result.schedule);
  EXPECT_FALSE(error) << *error;
  EXPECT_NEAR(result.schedule.energyJ / energyJ, 1, relative);
}

} // namespace

TEST(SchedulerReference, ProvenOptima) {
  size_t numCases = 0;
  for (const Row &row : readCsv("results.csv")) {
    if (row[1] != "V3")
      continue;
    SCOPED_TRACE(row[0]);
    ++numCases;
    ReferenceSetting setting = {1 / toDouble(row[3]), toDouble(row[4]),
                                toDouble(row[5]), toDouble(row[6]),
                                static_cast<unsigned>(toDouble(row[2]))};
    Problem problem = loadNetwork(row[0], setting);
    double optimumJ = toDouble(row[7]);
    SearchResult result = searchExact(problem, {});
    EXPECT_EQ(result.status, Status::Optimal);
    expectEnergy(problem, result, optimumJ, 1e-9);
    EXPECT_EQ(result.schedule.tail == Schedule::kIdle, row[9] == "idle");
    // Where the transitions cost nothing, schedules tie in energy that differ
    // in transitions, and so a little in time.
    EXPECT_NEAR(result.schedule.activeTimeS / toDouble(row[8]), 1, 1e-4);
    double bound = lagrangianLowerBound(problem);
    EXPECT_LE(bound, optimumJ * (1 + 1e-9));
    EXPECT_GE(bound, optimumJ * 0.99);
  }
  EXPECT_EQ(numCases, 4u);
}

TEST(SchedulerReference, LambdaDP) {
  // Energies with refinement, and without.
  const struct {
    const char *network;
    double fps;
    double refinedJ;
    double plainJ;
  } cases[] = {
      {"squeezenet", 50, 1.626031855e-4, 1.684618635e-4},
      {"resnet18", 10, 1.137679544e-3, 1.184368827e-3},
      {"mobilenetv3_small", 15, 1.043340432e-4, 1.043340432e-4},
      {"mobilevit_xxs", 10, 5.450826080e-4, 5.471874958e-4},
  };
  for (const auto &example : cases) {
    SCOPED_TRACE(example.network);
    Problem problem = loadNetwork(example.network, {1 / example.fps, 0, 5e-9});
    expectEnergy(problem, searchLambdaDP(problem), example.refinedJ, 5e-10);
    expectEnergy(problem, searchLambdaDP(problem, /*refine=*/false),
                 example.plainJ, 5e-10);
  }
}

TEST(SchedulerReference, Baselines) {
  const struct {
    const char *network;
    double fps;
    double nominalJ;
    double greedyJ;
  } cases[] = {
      {"squeezenet", 78, 2.295239068e-4, 2.153116505e-4},
      {"resnet18", 14, 1.526555646e-3, 1.375299125e-3},
      {"mobilenetv3_small", 113, 1.549296061e-4, 1.355509575e-4},
      {"mobilevit_xxs", 15, 7.528929924e-4, 6.561223280e-4},
  };
  for (const auto &example : cases) {
    SCOPED_TRACE(example.network);
    Problem problem =
        loadNetwork(example.network, {1 / example.fps, 1e-10, 15e-9});
    expectEnergy(problem, evaluateFixed(problem, {1, 1, 1}), example.nominalJ,
                 5e-10);
    expectEnergy(problem, searchGreedy(problem, {0, 1, 2}), example.greedyJ,
                 5e-10);
  }
}

TEST(SchedulerReference, FixedThatIsTooSlow) {
  Problem problem = loadNetwork("squeezenet", {1e-3, 1e-10, 15e-9});
  SearchResult slow = evaluateFixed(problem, {1, 1, 1});
  EXPECT_EQ(slow.status, Status::Infeasible);
  EXPECT_GT(slow.fastestTimeS, problem.periodS);
  // No layer has such a state.
  SearchResult missing = evaluateFixed(problem, {1, 1, 7});
  EXPECT_EQ(missing.status, Status::Infeasible);
  EXPECT_EQ(missing.fastestTimeS, std::numeric_limits<double>::infinity());
}

TEST(SchedulerReference, SameAtAnyNumberOfThreads) {
  Problem problem = loadNetwork("mobilevit_xxs", {1.0 / 17, 1e-10, 15e-9});
  problem.maxRails = 2;
  SearchResult one = searchExact(problem, {});
  for (unsigned threads : {2, 5}) {
    SearchLimits limits;
    limits.threads = threads;
    SearchResult several = searchExact(problem, limits);
    EXPECT_EQ(several.schedule.states, one.schedule.states);
    EXPECT_EQ(several.schedule.energyJ, one.schedule.energyJ);
    EXPECT_EQ(several.statistics.relaxations, one.statistics.relaxations);
    EXPECT_EQ(several.statistics.labels, one.statistics.labels);
  }
}
