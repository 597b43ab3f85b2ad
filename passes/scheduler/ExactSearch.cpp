//===- ExactSearch.cpp - The proven optimum -------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Best-first branch and bound. Choosing the rails and then the tail leaves a
// shortest path problem with one resource, time: a subproblem. The search keeps
// a queue of subproblems, each with a proven lower bound on its schedules, and
// repeatedly works on the one of least bound:
//
//  1. A rail set enters with a crude bound: each layer on its own, time priced
//     at one multiplier for all rail sets. With very many rail sets, a sample
//     of them is worked on first, for the sake of a good incumbent.
//  2. Its first turn sharpens that to the Lagrangian dual bounds of its tails
//     (Relaxation.h), which replace it in the queue. The paths met on the way
//     that keep the deadline are schedules, and lower the incumbent.
//  3. A tail's turn closes the duality gap by label setting (LabelSetting.h):
//     it looks for the tail's cheapest schedule within a window above the
//     bound. If there is one, that tail is solved. Otherwise the window's upper
//     end is a new bound, and the tail rejoins the queue with a window twice as
//     wide.
//
// The search ends when the least bound reaches the incumbent, or is as close to
// it as was asked for.
//
// Why this is exact. Rail sets and tails together cover all schedules: one on
// fewer rails is one on a largest rail set too. Every bound holds, as each
// comes from a relaxation or from an enumeration that only leaves out labels
// which are dominated or above the window. A subproblem leaves the queue only
// when solved, or split into its tails, or when its bound has reached the
// incumbent. So once the queue holds none below the incumbent, no schedule is
// cheaper.
//
// Threads. The subproblems of least bound are taken in batches, and worked on
// in parallel against the incumbent from before the batch; results are merged
// in the queue's order. Neither the batches nor the merging depend on how many
// threads there are, and so neither does anything in the result.
//
// This is one class, and longer than a file here should be: queue, turns and
// merging share what the search knows, and their order is what the proof above
// is about. What can be told by itself has files of its own, see the includes.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/FastestPath.h"
#include "passes/scheduler/LabelSetting.h"
#include "passes/scheduler/Parallel.h"
#include "passes/scheduler/Pricing.h"
#include "passes/scheduler/RailSets.h"
#include "passes/scheduler/Relaxation.h"
#include "pfmlir/Scheduler/Search.h"

#include <cmath>
#include <memory>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

namespace {

/// Nodes that survive in the first window of tails besides those of one path. A
/// few hundred labels, on networks; anything from 32 to 64 does as well.
constexpr size_t kFirstNodes = 48;

/// A rail set, or some of its tails.
struct Subproblem {
  double boundJ;
  uint64_t railSet;
  /// Indices into `tailsOf` the rail set; none for the rail set as a whole.
  std::vector<uint32_t> tails = {};
  /// Of tails: their best dual multiplier, and how many nodes survive in the
  /// next window besides those of one path.
  double multiplier = 0;
  size_t numNodes = kFirstNodes;

  bool isRailSet() const { return tails.empty(); }

  /// Whether this comes after `other` in the queue.
  bool operator<(const Subproblem &other) const {
    if (boundJ != other.boundJ)
      return boundJ > other.boundJ;
    return railSet != other.railSet ? railSet > other.railSet
                                    : tails > other.tails;
  }
};

/// What work on one subproblem gave.
struct Turn {
  /// Takes the subproblem's place in the queue.
  std::vector<Subproblem> children;
  Incumbent incumbent;
  SearchStatistics statistics;
  /// Of a rail set, once its relaxation was computed.
  std::optional<RailSetMultipliers> multipliers;
  /// What is known of a rail set from then on.
  std::optional<RailSetSamples> samples;
  double seconds = 0;
  /// The most that a tail draws that labels were set for.
  double mostPowerW = 0;
  bool isStopped = false;
};

/// Seconds since it was made.
class Timer {
public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         start)
        .count();
  }

private:
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
};

/// What a thread needs to work on subproblems.
struct Worker {
  Worker(const Problem &problem, const LayerLayouts &layouts)
      : graph(problem, layouts), relaxation(graph), labelSetting(graph) {}

  LayeredGraph graph;
  Relaxation relaxation;
  LabelSetting labelSetting;
  std::vector<Level> rails;
};

class ExactSearch {
public:
  /// `knownBounds` are of all rail sets, if given; others are made if not.
  ExactSearch(const Problem &problem, const SearchLimits &limits,
              Experience &experience,
              const std::vector<RailSetBound> *knownBounds = nullptr);

  SearchResult run();
  /// Sharpens bounds only, and returns the least.
  double lowerBound();

private:
  void recallSchedules();
  double guessMultiplier() const;
  bool findFirstSchedule(double &fastestTimeS);
  double crudeBound(double sumOfLayerMinima, size_t numRails) const;
  void enqueueRailSets(uint64_t first, size_t count, uint64_t stride,
                       const LayerMinima &minima);
  void enqueueAllRailSets();
  void processBatch(size_t size);
  Turn takeTurn(Worker &worker, const Subproblem &subproblem,
                size_t maxBytes) const;
  void sharpen(Worker &worker, const Subproblem &railSet, Turn &turn) const;
  void splitTails(const Relaxation &relaxation, const Subproblem &railSet,
                  Turn &turn) const;
  double nextWindowJ(const LabelSetting &labelSetting,
                     const Subproblem &tails) const;
  void setLabels(Worker &worker, const Subproblem &tails, size_t maxBytes,
                 Turn &turn) const;
  void merge(const Subproblem &subproblem, Turn &turn);
  double energyUnclearJ() const;

  /// The least bound of all that is left.
  double leastBoundJ() const {
    return queue.empty() ? skippedBoundJ
                         : std::min(skippedBoundJ, queue.front().boundJ);
  }
  bool isOpen() const { return leastBoundJ() < incumbent.cutoffJ(); }
  /// Where bounds need not be higher. Below the incumbent by the gap allowed,
  /// or so little less that rounding makes it no more.
  double targetJ() const {
    constexpr double kSlightlyLess = 1 - 1e-9;
    return std::min(incumbent.cutoffJ(),
                    incumbent.energyJ() * (1 - kSlightlyLess * limits.gap));
  }
  /// Layers swept and labels kept, which take about as long.
  uint64_t workDone() const {
    return statistics.relaxations * problem.numLayers() + statistics.labels;
  }
  bool isRailSetNext() const {
    return isOpen() && !queue.empty() && queue.front().isRailSet();
  }
  void push(const Subproblem &subproblem) {
    queue.push_back(subproblem);
    std::push_heap(queue.begin(), queue.end());
  }
  Subproblem pop() {
    std::pop_heap(queue.begin(), queue.end());
    Subproblem top = std::move(queue.back());
    queue.pop_back();
    return top;
  }

  const Problem &problem;
  const SearchLimits limits;
  const Stopwatch stopwatch;
  Experience &experience;
  const std::vector<RailSetBound> *knownBounds;
  const RailSets &railSets;
  std::vector<std::unique_ptr<Worker>> workers;

  Incumbent incumbent;
  /// A heap with the least bound in front.
  std::vector<Subproblem> queue;
  /// Bounds the rail sets that there was no time to put in the queue.
  double skippedBoundJ = kInfinity;
  /// The multiplier of the crude bounds.
  double firstMultiplier = 0;
  /// Where the next dual starts: the optimum of the latest one.
  double warmMultiplier = 0;
  SearchStatistics statistics;
  SearchProfile profile;
  std::vector<RailSetMultipliers> multipliers;
  std::vector<uint64_t> openedRailSets;
  /// Of the tails that labels were set for.
  double mostPowerW = 0;
  bool isStopped = false;
};

} // namespace

/// Limits with a number of threads that there is work for.
static SearchLimits withUsefulThreads(SearchLimits limits) {
  limits.threads = std::clamp(limits.threads, 1u, kMostThreads);
  return limits;
}

ExactSearch::ExactSearch(const Problem &problem, const SearchLimits &limits,
                         Experience &experience,
                         const std::vector<RailSetBound> *knownBounds)
    : problem(problem), limits(withUsefulThreads(limits)), stopwatch(limits),
      experience(experience), knownBounds(knownBounds),
      railSets(experience.facts.railSets) {
  for (unsigned i = 0; i < this->limits.threads; ++i)
    workers.push_back(
        std::make_unique<Worker>(problem, experience.facts.layouts));
}

/// Offers the best of the optima of other periods.
void ExactSearch::recallSchedules() {
  const KnownPath *best = nullptr;
  double bestJ = kInfinity;
  for (const KnownPath &path : experience.paths) {
    double idlePowerW = problem.idlePowerW[path.states.back()];
    double energyJ =
        path.cost.energyJ +
        cheapestTail(problem, idlePowerW, path.cost.timeS).energyJ +
        railEnergyJ(problem, path.numRails);
    if (energyJ < bestJ) {
      bestJ = energyJ;
      best = &path;
    }
  }
  if (best)
    incumbent.offer(completeSchedule(problem, best->states));
}

/// Makes some schedule the incumbent, so that every limit finds one. Returns
/// whether there is one.
bool ExactSearch::findFirstSchedule(double &fastestTimeS) {
  const Timer timer;
  recallSchedules();
  if (incumbent.energyJ() < kInfinity)
    return true;
  FastestPath fastest =
      findFastest(problem, experience.facts, workers.front()->graph,
                  problem.deadlineS(), stopwatch);
  profile.fastestPathS = timer.seconds();
  fastestTimeS = fastest.timeS;
  if (fastest.states.empty())
    return false;
  incumbent.offer(completeSchedule(problem, std::move(fastest.states)));
  return incumbent.energyJ() < kInfinity;
}

/// A lower bound for all tails, from the least cost of every layer at
/// `firstMultiplier`. That one is not negative, and so idling has the least of
/// the tails' bounds, whatever its power.
double ExactSearch::crudeBound(double sumOfLayerMinima, size_t numRails) const {
  const RailSetTail idle = {idleTail(problem, 0), 0, 0};
  return idle.bound(sumOfLayerMinima, firstMultiplier) +
         pathFreeEnergyJ(problem, numRails);
}

/// Puts `count` rail sets, from `first` on in steps of `stride`, in the queue,
/// but for those that their crude bound discards.
void ExactSearch::enqueueRailSets(uint64_t first, size_t count, uint64_t stride,
                                  const LayerMinima &minima) {
  const Timer timer;
  std::vector<double> sums(count);
  minima.sum(first, count, stride, sums.data());
  for (size_t i = 0; i < count; ++i) {
    if (sums[i] == kInfinity)
      continue;
    const uint64_t railSet = first + i * stride;
    double boundJ = crudeBound(sums[i], railSets.sizeOf(railSet));
    if (boundJ < incumbent.cutoffJ())
      push({boundJ, railSet});
  }
  profile.crudeBoundsS += timer.seconds();
}

/// A multiplier for crude bounds: any that isn't negative is correct.
double ExactSearch::guessMultiplier() const {
  // That of a period close by is better than one that ignores transitions.
  constexpr double kClose = 1.05;
  double bestRatio = kClose, best = -1;
  auto after = experience.multipliers.lower_bound(problem.periodS);
  if (after != experience.multipliers.end() &&
      after->first / problem.periodS < bestRatio) {
    bestRatio = after->first / problem.periodS;
    best = after->second;
  }
  if (after != experience.multipliers.begin()) {
    auto before = std::prev(after);
    if (problem.periodS / before->first < bestRatio)
      best = before->second;
  }
  return best >= 0 ? best
                   : experience.facts.freeLayers(problem).multiplierAt(
                         problem.deadlineS());
}

/// Fills the queue.
void ExactSearch::enqueueAllRailSets() {
  const Timer timer;
  statistics.railSets = railSets.count();
  firstMultiplier = warmMultiplier = guessMultiplier();
  if (knownBounds) {
    for (const RailSetBound &known : *knownBounds)
      if (known.boundJ < incumbent.cutoffJ())
        push({known.boundJ, known.railSet});
    return;
  }
  const LayerMinima minima(problem, experience.facts.states,
                           {1, firstMultiplier}, limits.threads);
  profile.crudeBoundsS += timer.seconds();

  // Among very many rail sets, a sample gives an incumbent that keeps most of
  // the others out of the queue.
  constexpr unsigned kSampleTurns = 4;
  if (railSets.count() > LayerMinima::kRailSets) {
    enqueueRailSets(0, LayerMinima::kRailSets,
                    railSets.count() / LayerMinima::kRailSets, minima);
    for (unsigned i = 0; i < kSampleTurns && isRailSetNext(); ++i)
      processBatch(1);
    queue.clear();
  }

  for (uint64_t first = 0; first < railSets.count();
       first += LayerMinima::kRailSets) {
    if (stopwatch.isOver()) {
      skippedBoundJ = crudeBound(sumOfLayerMinima(problem, firstMultiplier),
                                 /*numRails=*/0);
      return;
    }
    size_t count = std::min(LayerMinima::kRailSets, railSets.count() - first);
    enqueueRailSets(first, count, 1, minima);
  }
}

/// Replaces a rail set by its tails.
void ExactSearch::sharpen(Worker &worker, const Subproblem &railSet,
                          Turn &turn) const {
  Relaxation &relaxation = worker.relaxation;
  uint64_t sweepsBefore = relaxation.numSweeps();
  auto known = experience.railSets.find(railSet.railSet);
  turn.samples =
      known == experience.railSets.end() ? RailSetSamples() : known->second;
  relaxation.reset(&*turn.samples);
  relaxation.sharpen(warmMultiplier, turn.incumbent, stopwatch);
  turn.statistics.relaxations += relaxation.numSweeps() - sweepsBefore;
  turn.multipliers = {worker.rails, {}, {}};
  for (size_t tail = 0; tail < relaxation.tails().size(); ++tail) {
    const TailBound &bound = relaxation.bounds()[tail];
    if (tail < problem.sleepStates.size())
      turn.multipliers->ofSleepStates.push_back(bound.multiplier);
    else
      turn.multipliers->ofIdling.push_back(
          {worker.graph.stateOf(relaxation.tails()[tail].endBegin),
           bound.multiplier});
  }
  splitTails(relaxation, railSet, turn);
}

/// Makes subproblems of a rail set's tails: one of those that are like the
/// weakest, and one of each other.
void ExactSearch::splitTails(const Relaxation &relaxation,
                             const Subproblem &railSet, Turn &turn) const {
  const std::vector<TailBound> &bounds = relaxation.bounds();
  size_t weakest = static_cast<size_t>(
      std::min_element(bounds.begin(), bounds.end(),
                       [](const TailBound &a, const TailBound &b) {
                         return a.boundJ < b.boundJ;
                       }) -
      bounds.begin());
  auto add = [&](size_t tail) {
    turn.children.push_back({std::max(bounds[tail].boundJ, railSet.boundJ),
                             railSet.railSet,
                             {static_cast<uint32_t>(tail)},
                             bounds[tail].multiplier});
  };
  add(weakest);
  for (size_t tail = 0; tail < bounds.size(); ++tail) {
    if (tail == weakest || bounds[tail].boundJ >= turn.incumbent.cutoffJ())
      continue;
    if (relaxation.areAlike(tail, weakest))
      turn.children.front().tails.push_back(static_cast<uint32_t>(tail));
    else
      add(tail);
  }
}

/// The end of the next window of some tails. How many labels there will be
/// depends on how many nodes survive, so that windows are as wide as these are
/// few: narrow ones are cheap, and the paths met in them lower the incumbent.
double ExactSearch::nextWindowJ(const LabelSetting &labelSetting,
                                const Subproblem &tails) const {
  // What would be left by then is not worth a window of its own.
  constexpr double kRest = 1.25;
  auto most = static_cast<size_t>(kRest * static_cast<double>(tails.numNodes));
  if (labelSetting.windowBeyond(most) >= targetJ())
    return targetJ();
  return std::max(labelSetting.windowBeyond(tails.numNodes),
                  tails.boundJ + kEnergyTolerance * incumbent.cutoffJ());
}

/// Looks for the tails' optimum within a window above their bound. As long as
/// that takes little, within a wider one next.
void ExactSearch::setLabels(Worker &worker, const Subproblem &subproblem,
                            size_t maxBytes, Turn &turn) const {
  // Labels that take no longer than to come back to these tails; and so many
  // that a window which is wider than it has to be takes longer than one more,
  // with the sweeps of all nodes that this takes.
  constexpr uint64_t kFewLabels = 1000, kLabelsPerNode = 4;
  const uint64_t manyLabels =
      kLabelsPerNode * worker.graph.firstNode(problem.numLayers());
  LabelSetting &labelSetting = worker.labelSetting;
  uint64_t labelsBefore = labelSetting.numLabels();
  uint64_t sweepsBefore = labelSetting.numSweeps();
  Subproblem rest = subproblem;
  const std::vector<RailSetTail> allTails = tailsOf(worker.graph);
  std::vector<RailSetTail> tails;
  for (uint32_t tail : rest.tails)
    tails.push_back(allTails[tail]);
  TailGroup group(worker.graph, tails);
  turn.mostPowerW = group.mostPowerW();
  labelSetting.selectTails(std::move(group), rest.multiplier, targetJ());
  LabelSetting::Outcome outcome;
  do {
    double windowJ = nextWindowJ(labelSetting, rest);
    uint64_t labelsBeforeRun = labelSetting.numLabels();
    outcome = labelSetting.run(windowJ, maxBytes, stopwatch);
    if (!labelSetting.path().empty())
      turn.incumbent.offer(completeSchedule(
          problem, worker.graph.statesOf(labelSetting.path())));
    if (outcome == LabelSetting::Outcome::NoneWithinWindow) {
      rest.boundJ = windowJ;
      bool areMany = labelSetting.numLabels() - labelsBeforeRun >= manyLabels;
      rest.numNodes += rest.numNodes / (areMany ? 2 : 1);
    }
  } while (outcome == LabelSetting::Outcome::NoneWithinWindow &&
           rest.boundJ < turn.incumbent.cutoffJ() && rest.boundJ < targetJ() &&
           labelSetting.numLabels() - labelsBefore < kFewLabels);
  turn.statistics.labels += labelSetting.numLabels() - labelsBefore;
  turn.statistics.relaxations += labelSetting.numSweeps() - sweepsBefore;
  turn.isStopped = outcome == LabelSetting::Outcome::Stopped;
  if (outcome != LabelSetting::Outcome::Found)
    turn.children.push_back(rest);
}

Turn ExactSearch::takeTurn(Worker &worker, const Subproblem &subproblem,
                           size_t maxBytes) const {
  const Timer timer;
  Turn turn;
  turn.incumbent = incumbent;
  railSets.get(subproblem.railSet, worker.rails);
  worker.graph.selectRails(worker.rails);
  worker.graph.build();
  if (subproblem.isRailSet())
    sharpen(worker, subproblem, turn);
  else
    setLabels(worker, subproblem, maxBytes, turn);
  turn.seconds = timer.seconds();
  return turn;
}

void ExactSearch::merge(const Subproblem &subproblem, Turn &turn) {
  incumbent.offer(turn.incumbent.schedule());
  statistics.labels += turn.statistics.labels;
  statistics.relaxations += turn.statistics.relaxations;
  isStopped |= turn.isStopped;
  mostPowerW = std::max(mostPowerW, turn.mostPowerW);
  (subproblem.isRailSet() ? profile.relaxationS : profile.labelSettingS) +=
      turn.seconds;
  if (turn.samples && experience.use == Experience::Use::ManySearches)
    experience.railSets[subproblem.railSet] = std::move(*turn.samples);
  if (turn.multipliers)
    multipliers.push_back(std::move(*turn.multipliers));
  if (!subproblem.isRailSet())
    openedRailSets.push_back(subproblem.railSet);
  double least = kInfinity;
  for (const Subproblem &child : turn.children) {
    if (child.boundJ < incumbent.cutoffJ())
      push(child);
    if (child.boundJ < least) {
      least = child.boundJ;
      warmMultiplier = child.multiplier;
    }
  }
}

/// What rounding can make of the energy of a period: the time that is left is a
/// small difference of large sums, and costs the power of its tail. That is far
/// below what energies are told apart by, unless the optimum may wait in a
/// state that draws very much more than the network does on average. Bounds
/// allow for it; label setting compares what paths cost.
double ExactSearch::energyUnclearJ() const {
  const Schedule &best = incumbent.schedule();
  double ownW =
      best.tail == Schedule::kIdle
          ? idleTail(problem, problem.idlePowerW[best.states.back()]).powerW
          : sleepTail(problem, problem.sleepStates[size_t(best.tail)]).powerW;
  // Errors of as many additions, as likely up as down.
  double additions =
      static_cast<double>((problem.numLayers() - 1) * (1 + problem.numAxes()));
  double unclearS = std::sqrt(additions) *
                    std::numeric_limits<double>::epsilon() * problem.periodS;
  return std::max(ownW, mostPowerW) * unclearS;
}

/// Gives a turn to the `size` subproblems of least bound.
void ExactSearch::processBatch(size_t size) {
  std::vector<Subproblem> batch;
  while (batch.size() < size && !queue.empty() &&
         queue.front().boundJ < targetJ())
    batch.push_back(pop());
  std::vector<Turn> turns(batch.size());
  parallelFor(batch.size(), limits.threads, [&](size_t worker, size_t i) {
    turns[i] =
        takeTurn(*workers[worker], batch[i], limits.labelBytes / batch.size());
  });
  for (size_t i = 0; i < batch.size(); ++i)
    merge(batch[i], turns[i]);
}

SearchResult ExactSearch::run() {
  SearchResult result;
  if (!findFirstSchedule(result.fastestTimeS))
    return result;
  result.fastestTimeS = 0;
  enqueueAllRailSets();

  // Each subproblem lowers what the next one has to bother with; so there are
  // batches only once there is more work than it takes to start threads.
  constexpr size_t kLargestBatch = 8;
  constexpr uint64_t kLittleWork = 20000;
  for (size_t size = 1;
       leastBoundJ() < targetJ() && !isStopped && !stopwatch.isOver();) {
    processBatch(size);
    if (workDone() > kLittleWork)
      size = std::min(2 * size, kLargestBatch);
  }

  result.schedule = incumbent.schedule();
  result.lowerBoundJ = isOpen() ? leastBoundJ() : incumbent.energyJ();
  double unclearJ = energyUnclearJ();
  bool isClear = unclearJ <= kRoundingTolerance * incumbent.energyJ();
  if (!isClear)
    result.lowerBoundJ = std::max(result.lowerBoundJ - unclearJ, 0.0);
  result.status =
      isOpen() || (!isClear && result.lowerBoundJ < incumbent.energyJ())
          ? Status::Feasible
          : Status::Optimal;
  std::sort(openedRailSets.begin(), openedRailSets.end());
  openedRailSets.erase(
      std::unique(openedRailSets.begin(), openedRailSets.end()),
      openedRailSets.end());
  statistics.railSetsOpened = openedRailSets.size();
  result.statistics = statistics;
  result.profile = profile;
  if (experience.use == Experience::Use::ManySearches)
    experience.multipliers[problem.periodS] = std::max(warmMultiplier, 0.0);
  result.multipliers = {firstMultiplier, std::move(multipliers)};
  return result;
}

double ExactSearch::lowerBound() {
  double fastestTimeS;
  if (!findFirstSchedule(fastestTimeS))
    return kInfinity;
  enqueueAllRailSets();
  while (isRailSetNext() && !stopwatch.isOver())
    processBatch(1);
  return isOpen() ? leastBoundJ() : incumbent.cutoffJ();
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

PreparedProblem::PreparedProblem(const Problem &problem) : problem(problem) {}

PreparedProblem::~PreparedProblem() = default;

const ProblemFacts &PreparedProblem::facts() const {
  std::call_once(areKnown,
                 [&] { known = std::make_unique<ProblemFacts>(problem); });
  return *known;
}

PeriodSearch::PeriodSearch(const PreparedProblem &prepared)
    : problem(prepared.problem),
      experience(std::make_unique<Experience>(prepared.facts(),
                                              Experience::Use::ManySearches)) {}

PeriodSearch::~PeriodSearch() = default;

SearchResult PeriodSearch::solve(double periodS, const SearchLimits &limits,
                                 const std::vector<RailSetBound> *bounds) {
  problem.periodS = periodS;
  ExactSearch search(problem, limits, *experience, bounds);
  SearchResult result = search.run();
  if (result.status == Status::Infeasible)
    return result;
  offer(result.schedule.states);
  return result;
}

void PeriodSearch::offer(const std::vector<size_t> &states) {
  // Without a tail, it goes with any.
  experience->paths.push_back(
      {states, pathCost(problem, states), railsOf(problem, states).size()});
}

double PeriodSearch::lowerBound(uint64_t railSet, double periodS) {
  auto known = experience->railSets.find(railSet);
  if (known == experience->railSets.end())
    return -kInfinity;
  problem.periodS = periodS;
  std::vector<Level> rails;
  experience->facts.railSets.get(railSet, rails);
  return knownBound(problem, rails.size(), known->second);
}

SearchResult pfmlir::scheduler::searchExact(const PreparedProblem &prepared,
                                            const SearchLimits &limits) {
  Experience experience(prepared.facts(), Experience::Use::OneSearch);
  return ExactSearch(prepared.problem, limits, experience).run();
}

double pfmlir::scheduler::lagrangianLowerBound(const PreparedProblem &prepared,
                                               const SearchLimits &limits) {
  Experience experience(prepared.facts(), Experience::Use::OneSearch);
  return ExactSearch(prepared.problem, limits, experience).lowerBound();
}
