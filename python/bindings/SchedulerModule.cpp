//===- SchedulerModule.cpp - The searches on numpy arrays -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What pfmlir.solve stands on. The arrays of costs are read where they are, and
// while a search runs other Python threads do, too.
//
//===----------------------------------------------------------------------===//

#include "python/bindings/Arrays.h"
#include "python/bindings/Interruption.h"

#include "pfmlir/Scheduler/Front.h"
#include "pfmlir/Scheduler/Referee.h"
#include "pfmlir/Scheduler/Searches.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <future>

namespace nb = nanobind;
using namespace nb::literals;
using namespace pfmlir;
using namespace pfmlir::scheduler;

/// Costs, [layer * state].
using Numbers =
    nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
/// A matrix of transition costs, [from, to]; or sleep states, [state, (power,
/// energy, time)].
using Table =
    nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
/// Indices of settings, [layer * state, axis].
using Settings =
    nb::ndarray<const uint16_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
/// By setting of an axis, the level that it needs as a rail, or NO_RAIL.
using Rails =
    nb::ndarray<const uint16_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
/// Where each layer's states begin, and where the last one's end.
using Indices =
    nb::ndarray<const int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

namespace {
/// A problem, with the arrays that it reads its costs from, and with what
/// searches work out of them once.
struct HeldProblem {
  HeldProblem(Problem made, Numbers energyJ, Numbers timeS, Numbers idlePowerW)
      : problem(std::move(made)), prepared(problem), energyJ(energyJ),
        timeS(timeS), idlePowerW(idlePowerW) {}

  const Problem problem;
  const PreparedProblem prepared;
  Numbers energyJ, timeS, idlePowerW;
};
} // namespace

/// What a search answers, by name.
using Answer = nb::typed<nb::dict, nb::str, nb::any>;

static Axis makeAxis(const Rails &rails, const Table &energyJ,
                     const Table &timeS) {
  for (const Table &matrix : {energyJ, timeS})
    if (matrix.shape(0) != rails.size() || matrix.shape(1) != rails.size())
      throw nb::value_error("transitions: expected [setting, setting]");
  Axis axis;
  axis.railOf.assign(rails.data(), rails.data() + rails.size());
  axis.transition = {{energyJ.data(), energyJ.data() + energyJ.size()},
                     {timeS.data(), timeS.data() + timeS.size()}};
  return axis;
}

static void initProblem(HeldProblem *self, Indices layerBegin,
                        Settings settings, Numbers energyJ, Numbers timeS,
                        Numbers idlePowerW, unsigned numLevels,
                        unsigned maxRails, double periodS,
                        const std::vector<Rails> &rails,
                        const std::vector<Table> &transitionEnergyJ,
                        const std::vector<Table> &transitionTimeS,
                        Table sleepStates, double margin, double railPowerW,
                        double transitionPowerW, bool overlappingRamps,
                        std::vector<double> probabilities) {
  const size_t numAxes = settings.shape(1);
  if (rails.size() != numAxes || transitionEnergyJ.size() != numAxes ||
      transitionTimeS.size() != numAxes)
    throw nb::value_error("expected rails and transitions of every axis");
  if (sleepStates.shape(1) != 3)
    throw nb::value_error("sleep_states: expected [state, 3]");
  Problem problem;
  problem.numLevels = numLevels;
  problem.maxRails = std::min(maxRails, numLevels);
  problem.periodS = periodS;
  problem.margin = margin;
  problem.railPowerW = railPowerW;
  problem.transitionPowerW = transitionPowerW;
  problem.ramps = overlappingRamps ? Ramps::Overlapping : Ramps::Added;
  for (size_t axis = 0; axis < numAxes; ++axis)
    problem.axes.push_back(
        makeAxis(rails[axis], transitionEnergyJ[axis], transitionTimeS[axis]));
  for (size_t i = 0; i < sleepStates.shape(0); ++i)
    problem.sleepStates.push_back(
        {sleepStates(i, 0), sleepStates(i, 1), sleepStates(i, 2)});
  problem.layerWeight = std::move(probabilities);
  if (problem.lastWeight() < 1) {
    std::optional<size_t> early = earlySleepState(problem);
    if (!early)
      throw nb::value_error("sleep_states: expected one for periods that end "
                            "early, as probabilities say that some do");
    problem.earlyTail = problem.sleepStates[*early];
  }
  problem.layerBegin.assign(layerBegin.data(),
                            layerBegin.data() + layerBegin.size());
  problem.stateSettings.assign(settings.data(),
                               settings.data() + settings.size());
  problem.energyJ.borrow(energyJ.data(), energyJ.size());
  problem.timeS.borrow(timeS.data(), timeS.size());
  problem.idlePowerW.borrow(idlePowerW.data(), idlePowerW.size());
  if (std::optional<std::string> wrong = check(problem))
    throw nb::value_error(wrong->c_str());
  new (self) HeldProblem(std::move(problem), energyJ, timeS, idlePowerW);
}

/// A search that needs nothing but a problem.
static const SearchInfo &getSearch(const std::string &name) {
  const SearchInfo *search = findSearch(name);
  if (!search)
    throw nb::value_error(
        ("search: expected " + listSearches() + ", but got '" + name + "'")
            .c_str());
  if (search->needsNominal)
    throw nb::value_error(("search: '" + name +
                           "' needs nominal voltages, which arrays don't have")
                              .c_str());
  return *search;
}

/// Calls `search` with limits in another thread, and looks for signals
/// meanwhile: Ctrl-C ends it. If `finishes` it does so as the time limit would,
/// and what was found is returned; a second time, that is not waited for.
template <typename Search>
static auto runInterruptibly(SearchLimits limits, bool finishes,
                             Search search) {
  std::atomic<bool> isCancelled = false, isOver = false;
  limits.isCancelled = &isCancelled;
  nb::gil_scoped_release released;
  auto result = std::async(std::launch::async, [&] { return search(limits); });
  constexpr std::chrono::milliseconds kBetweenLooks(20);
  while (result.wait_for(kBetweenLooks) != std::future_status::ready) {
    nb::gil_scoped_acquire acquired;
    Interruption interruption = findInterruption(finishes && !isOver);
    isOver = isOver || interruption != Interruption::None;
    if (interruption != Interruption::Raised)
      continue;
    isCancelled = true;
    {
      nb::gil_scoped_release waiting;
      result.wait();
    }
    throw nb::python_error();
  }
  return result.get();
}

static void verifyResult(const Problem &problem, const SearchResult &result) {
  if (result.status == Status::Infeasible)
    return;
  if (std::optional<std::string> wrong = verify(problem, result.schedule))
    throw std::runtime_error("the search's schedule does not verify: " +
                             *wrong);
}

static nb::dict describe(const SearchResult &result) {
  nb::dict answer;
  answer["is_feasible"] = result.status != Status::Infeasible;
  answer["is_optimal"] = result.status == Status::Optimal;
  answer["fastest_time_s"] = result.fastestTimeS;
  answer["energy_j"] = result.schedule.energyJ;
  answer["lower_bound_j"] = result.lowerBoundJ;
  answer["active_time_s"] = result.schedule.activeTimeS;
  answer["tail"] = result.schedule.tail;
  nb::list states;
  for (size_t state : result.schedule.states)
    states.append(state);
  answer["states"] = states;
  nb::dict statistics;
  statistics["rail_sets"] = result.statistics.railSets;
  statistics["rail_sets_opened"] = result.statistics.railSetsOpened;
  statistics["relaxations"] = result.statistics.relaxations;
  statistics["labels"] = result.statistics.labels;
  answer["statistics"] = statistics;
  nb::dict profile;
  profile["fastest_path"] = result.profile.fastestPathS;
  profile["crude_bounds"] = result.profile.crudeBoundsS;
  profile["relaxation"] = result.profile.relaxationS;
  profile["label_setting"] = result.profile.labelSettingS;
  answer["profile_s"] = profile;
  return answer;
}

static nb::dict describe(const Multipliers &multipliers) {
  nb::list railSets;
  for (const RailSetMultipliers &railSet : multipliers.railSets) {
    nb::list rails, ofSleepStates;
    for (Level rail : railSet.rails)
      rails.append(rail);
    for (double multiplier : railSet.ofSleepStates)
      ofSleepStates.append(multiplier);
    nb::list ofIdling;
    for (auto [state, multiplier] : railSet.ofIdling)
      ofIdling.append(nb::make_tuple(state, multiplier));
    nb::dict entry;
    entry["rails"] = rails;
    entry["sleep"] = ofSleepStates;
    entry["idle"] = ofIdling;
    railSets.append(entry);
  }
  nb::dict answer;
  answer["elsewhere"] = multipliers.elsewhere;
  answer["rail_sets"] = railSets;
  return answer;
}

static SearchLimits makeLimits(double timeS, double gap, size_t labelBytes,
                               unsigned threads) {
  SearchLimits limits;
  limits.timeS = timeS;
  limits.gap = gap;
  limits.labelBytes = labelBytes;
  limits.threads = threads;
  return limits;
}

static Answer solve(const HeldProblem &held, const std::string &name,
                    double timeLimitS, double gap, size_t memoryLimitBytes,
                    unsigned threads, bool finishes) {
  const SearchLimits limits =
      makeLimits(timeLimitS, gap, memoryLimitBytes, threads);
  const SearchInfo &search = getSearch(name);
  SearchResult result = runInterruptibly(
      limits, finishes, [&](const SearchLimits &interruptible) {
        return runSearch(search, held.prepared, interruptible);
      });
  verifyResult(held.problem, result);
  nb::dict answer = describe(result);
  answer["multipliers"] = describe(result.multipliers);
  return answer;
}

/// What is known of points, each an array [point]; states [point, layer].
static nb::dict describe(const std::vector<FrontPoint> &points) {
  std::vector<double> periodS, energyJ, lowerBoundJ, activeTimeS;
  std::vector<int64_t> tails, states;
  std::vector<uint8_t> areOptimal;
  for (const FrontPoint &point : points) {
    periodS.push_back(point.periodS);
    energyJ.push_back(point.schedule.energyJ);
    lowerBoundJ.push_back(point.lowerBoundJ);
    activeTimeS.push_back(point.schedule.activeTimeS);
    tails.push_back(point.schedule.tail);
    areOptimal.push_back(point.isOptimal);
    states.insert(states.end(), point.schedule.states.begin(),
                  point.schedule.states.end());
  }
  nb::dict answer;
  answer["period_s"] = makeArray(std::move(periodS));
  answer["energy_j"] = makeArray(std::move(energyJ));
  answer["lower_bound_j"] = makeArray(std::move(lowerBoundJ));
  answer["active_time_s"] = makeArray(std::move(activeTimeS));
  answer["tail"] = makeArray(std::move(tails));
  answer["states"] =
      makeArray(std::move(states), points.front().schedule.states.size());
  answer["is_optimal"] = makeArray(std::move(areOptimal));
  return answer;
}

static Answer findFront(const HeldProblem &held, double shortestS,
                        double longestS, double tolerance, size_t mostPoints,
                        bool provesPoints, unsigned threads) {
  FrontRequest request;
  request.shortestS = shortestS;
  request.longestS = longestS;
  request.tolerance = tolerance;
  request.mostPoints = mostPoints;
  request.provesPoints = provesPoints;
  SearchLimits limits;
  limits.threads = threads;
  Front front = runInterruptibly(
      limits, /*finishes=*/false, [&](const SearchLimits &interruptible) {
        return searchFront(held.prepared, request, interruptible);
      });
  Problem atPeriod = held.problem;
  for (const FrontPoint &point : front.points) {
    atPeriod.periodS = point.periodS;
    if (std::optional<std::string> wrong = verify(atPeriod, point.schedule))
      throw std::runtime_error("a schedule of the front does not verify: " +
                               *wrong);
  }
  nb::dict answer;
  answer["points"] = describe(front.points);
  answer["tolerance"] = front.tolerance;
  answer["searches"] = front.numSearches;
  return answer;
}

static Answer solveJointly(const std::vector<HeldProblem *> &held,
                           const std::vector<double> &weights,
                           unsigned maxRails, double timeLimitS, double gap,
                           size_t memoryLimitBytes, unsigned threads,
                           bool finishes) {
  std::vector<SuiteMember> members;
  for (size_t i = 0; i < held.size(); ++i)
    members.push_back({&held[i]->problem, weights[i]});
  const SearchLimits limits =
      makeLimits(timeLimitS, gap, memoryLimitBytes, threads);
  JointResult result = runInterruptibly(
      limits, finishes, [&](const SearchLimits &interruptible) {
        return searchJoint(members, maxRails, interruptible);
      });
  nb::dict answer;
  nb::list solutions, rails;
  for (size_t i = 0; i < result.members.size(); ++i) {
    verifyResult(held[i]->problem, result.members[i]);
    solutions.append(describe(result.members[i]));
  }
  for (Level rail : result.rails)
    rails.append(rail);
  answer["is_feasible"] = result.status != Status::Infeasible;
  answer["least_slowdown"] = result.leastSlowdown;
  answer["is_optimal"] = result.status == Status::Optimal;
  answer["solutions"] = solutions;
  answer["rails"] = rails;
  answer["energy_j"] = result.weightedEnergyJ;
  answer["lower_bound_j"] = result.lowerBoundJ;
  nb::dict statistics;
  statistics["rail_sets"] = result.railSets;
  statistics["rail_sets_relaxed"] = result.railSetsRelaxed;
  statistics["rail_sets_solved"] = result.railSetsSolved;
  answer["statistics"] = statistics;
  return answer;
}

NB_MODULE(_pfmlirScheduler, m) {
  const SearchLimits defaults;
  m.doc() = "Searches for power schedules on bare numbers.";
  m.attr("MOST_LEVELS") = kMostLevels;
  m.attr("NO_RAIL") = kNoRail;
  m.attr("DEFAULT_LABEL_BYTES") = kDefaultLabelBytes;
  nb::class_<HeldProblem>(m, "Problem",
                          "A scheduling problem on arrays that it keeps.")
      .def("__init__", &initProblem, "layer_begin"_a, "settings"_a,
           "energy_j"_a, "time_s"_a, "idle_power_w"_a, "num_levels"_a,
           "max_rails"_a, "period_s"_a, "rails"_a, "transition_energy_j"_a,
           "transition_time_s"_a, "sleep_states"_a, "margin"_a,
           "rail_power_w"_a, "transition_power_w"_a, "overlapping_ramps"_a,
           "probabilities"_a = std::vector<double>(),
           "Raises ValueError where it is none.");
  nb::class_<SearchInfo>(m, "Search", "What can be searched with.")
      .def_ro("name", &SearchInfo::name)
      .def_ro("description", &SearchInfo::description, "One line, for help.")
      .def_ro("proves_optimum", &SearchInfo::provesOptimum,
              "Whether it ends with a proven optimum, unless a limit stops it.")
      .def_ro("is_complete", &SearchInfo::isComplete,
              "Whether it finds a schedule wherever there is one.")
      .def_ro("needs_nominal", &SearchInfo::needsNominal,
              "Whether it needs every domain's nominal voltage among the "
              "target's levels; `solve` has none of these.")
      .def("__repr__", [](const SearchInfo &search) {
        return "<Search '" + std::string(search.name) + "'>";
      });
  m.def("searches", &getSearches, "All searches, in the order of help texts.");
  m.def("solve", &solve, "problem"_a, "search"_a,
        "time_limit_s"_a = defaults.timeS, "gap"_a = defaults.gap,
        "memory_limit_bytes"_a = defaults.labelBytes,
        "threads"_a = defaults.threads, "finishes_if_interrupted"_a = false,
        "Searches for the schedule of least energy. See pfmlir.solve.");
  m.def(
      "fastest_time_s",
      [](const HeldProblem &held) {
        nb::gil_scoped_release released;
        return fastestActiveTime(held.prepared);
      },
      "problem"_a, "The least active time of any schedule, in seconds.");
  m.def("search_front", &findFront, "problem"_a, "shortest_s"_a, "longest_s"_a,
        "tolerance"_a, "most_points"_a, "proves_points"_a,
        "threads"_a = defaults.threads,
        "The least energy of every period of a range. See "
        "pfmlir.pareto_front.");
  m.def(
      "longest_useful_period_s",
      [](const HeldProblem &held) {
        nb::gil_scoped_release released;
        return longestUsefulPeriod(held.prepared, {});
      },
      "problem"_a, "The longest period that makes a difference, in seconds.");
  m.def("solve_jointly", &solveJointly, "problems"_a, "weights"_a,
        "max_rails"_a, "time_limit_s"_a = defaults.timeS,
        "gap"_a = defaults.gap, "memory_limit_bytes"_a = defaults.labelBytes,
        "threads"_a = defaults.threads, "finishes_if_interrupted"_a = false,
        "Searches for the rails of least weighted energy. See "
        "pfmlir.choose_rails.");
}
