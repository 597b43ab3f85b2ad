//===- Relaxation.cpp - Lagrangian bounds of a rail set -------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/Relaxation.h"
#include "passes/scheduler/Splice.h"

#include <cmath>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Whether a sum is no less than another, but for rounding.
static bool isAtLeast(double sum, double other) {
  return sum >= other - kSumRounding * std::abs(other);
}

/// All tails of rails whose last layer has the nodes [begin, end), of which
/// each draws idlePowerW(node) if it is followed by idling.
template <typename IdlePower>
static std::vector<RailSetTail>
makeTails(const Problem &problem, size_t numRails, uint32_t begin, uint32_t end,
          const IdlePower &idlePowerW) {
  double constantJ = pathFreeEnergyJ(problem, numRails);
  std::vector<RailSetTail> tails;
  tails.reserve(problem.sleepStates.size() + end - begin);
  auto add = [&](Tail tail, uint32_t endBegin, uint32_t endEnd) {
    tail.energyJ += constantJ;
    tails.push_back({tail, endBegin, endEnd});
  };
  for (const SleepState &sleep : problem.sleepStates)
    add(sleepTail(problem, sleep), begin, end);
  for (uint32_t node = begin; node < end; ++node)
    add(idleTail(problem, idlePowerW(node)), node, node + 1);
  return tails;
}

std::vector<RailSetTail> pfmlir::scheduler::tailsOf(const LayeredGraph &graph) {
  const Problem &problem = graph.problem();
  return makeTails(
      problem, graph.numRails(), graph.firstNode(graph.numLayers() - 1),
      graph.firstNode(graph.numLayers()),
      [&](uint32_t node) { return problem.idlePowerW[graph.stateOf(node)]; });
}

/// The least of some values, by node from `first` on, of the nodes that a tail
/// may follow.
static double leastBefore(const RailSetTail &tail,
                          const std::vector<double> &values, uint32_t first) {
  return *std::min_element(values.begin() + (tail.endBegin - first),
                           values.begin() + (tail.endEnd - first));
}

double pfmlir::scheduler::knownBound(const Problem &problem, size_t numRails,
                                     const RailSetSamples &known) {
  const std::vector<RailSetTail> tails = makeTails(
      problem, numRails, 0, static_cast<uint32_t>(known.idlePowerW.size()),
      [&](uint32_t node) { return known.idlePowerW[node]; });
  double least = kInfinity;
  // What was best for one tail is good for the next.
  size_t best = 0;
  for (const RailSetTail &tail : tails) {
    if (!tail.fits(leastBefore(tail, known.fastestS, 0)))
      continue;
    double most = -kInfinity;
    const size_t first = best;
    for (size_t i = 0; i < known.dual.size() && most < least; ++i) {
      size_t index = (first + i) % known.dual.size();
      const DualSample &sample = known.dual[index];
      if (sample.multiplier < tail.minMultiplier())
        continue;
      double bound =
          tail.bound(leastBefore(tail, sample.distances, 0), sample.multiplier);
      if (bound > most) {
        most = bound;
        best = index;
      }
    }
    least = std::min(least, most);
  }
  return least;
}

/// The lengths of the shortest paths to the nodes of the last layer.
std::vector<double> Relaxation::distancesTo(Metric metric,
                                            const Grids &values) const {
  std::vector<double> distances;
  const uint32_t begin = graph.firstNode(graph.numLayers() - 1);
  const uint32_t end = graph.firstNode(graph.numLayers());
  distances.reserve(end - begin);
  for (uint32_t node = begin; node < end; ++node)
    distances.push_back(graph.distanceTo(node, metric, values));
  return distances;
}

/// The least of these lengths to a node that `tail` may follow.
double Relaxation::leastOf(const std::vector<double> &distances,
                           const RailSetTail &tail) const {
  return leastBefore(tail, distances, graph.firstNode(graph.numLayers() - 1));
}

void Relaxation::reset(RailSetSamples *known) {
  samples = known;
  isFastestSwept = !samples || samples->fastestS.empty();
  std::vector<double> fastestS;
  if (isFastestSwept) {
    graph.sweepForward(kTimeOnly, fastest);
    ++sweeps;
    fastestS = distancesTo(kTimeOnly, fastest);
    if (samples)
      samples->fastestS = fastestS;
  } else {
    fastestS = samples->fastestS;
  }
  tailList = tailsOf(graph);
  if (samples && samples->idlePowerW.empty())
    for (size_t i = graph.problem().sleepStates.size(); i < tailList.size();
         ++i)
      samples->idlePowerW.push_back(tailList[i].powerW);
  boundList.clear();
  for (const RailSetTail &tail : tailList) {
    bool canFit = tail.fits(leastOf(fastestS, tail));
    boundList.push_back({canFit ? -kInfinity : kInfinity, 0, !canFit});
  }
  if (samples)
    for (const DualSample &sample : samples->dual)
      raiseBounds(sample.multiplier, sample.distances);
}

/// Makes use of shortest paths to bound all tails.
void Relaxation::raiseBounds(double multiplier,
                             const std::vector<double> &distances) {
  for (size_t tail = 0; tail < tailList.size(); ++tail) {
    const RailSetTail &candidate = tailList[tail];
    TailBound &known = boundList[tail];
    if (multiplier < candidate.minMultiplier() || known.isFinal)
      continue;
    double bound = candidate.bound(leastOf(distances, candidate), multiplier);
    if (bound > known.boundJ) {
      known.boundJ = bound;
      known.multiplier = multiplier;
    }
  }
}

/// What an earlier search knew at this multiplier, if anything.
const DualSample *Relaxation::findSample(double multiplier) const {
  if (samples)
    for (const DualSample &sample : samples->dual)
      if (sample.multiplier == multiplier)
        return &sample;
  return nullptr;
}

/// Follows a shortest path to its start, adding up its energy and time.
Relaxation::Line Relaxation::traceLine(Metric metric, const RailSetTail &tail,
                                       const Grids &values,
                                       Incumbent &incumbent) {
  uint32_t end = graph.bestEnd(metric, values, tail.endBegin, tail.endEnd);
  graph.tracePath(metric, values, end, path);
  const Problem &problem = graph.problem();
  std::vector<size_t> states = graph.statesOf(path);
  PathCost cost = pathCost(problem, states);
  TailChoice rest =
      cheapestTail(problem, problem.idlePowerW[states.back()], cost.timeS);
  if (cost.energyJ + rest.energyJ + pathFreeEnergyJ(problem, graph.numRails()) <
      incumbent.energyJ())
    incumbent.offer(completeSchedule(problem, states));
  return {cost.energyJ, cost.timeS, std::move(states)};
}

/// Considers the paths that begin as one path does and end as the other does.
/// Where the two cost the same at a multiplier, so do these but for the
/// transition, and among many layers there is one to change over at that just
/// keeps the deadline.
void Relaxation::offerSplice(const Line &first, const Line &second,
                             const RailSetTail &tail,
                             Incumbent &incumbent) const {
  auto costOf = [&](double energyJ, double timeS) {
    return tail.fits(timeS) ? energyJ + tail.cost(timeS) : kInfinity;
  };
  if (std::optional<std::vector<size_t>> states =
          splice(graph.problem(), first.states, second.states,
                 {second.energyJ, second.timeS}, incumbent.cutoffJ(), costOf))
    incumbent.offer(completeSchedule(graph.problem(), std::move(*states)));
}

/// A shortest path of `tail` at `multiplier`. Improves all tails' bounds.
Relaxation::Line Relaxation::evaluate(size_t tail, double multiplier,
                                      Incumbent &incumbent) {
  Metric metric = {1, multiplier};
  graph.sweepForward(metric, arrival);
  ++sweeps;
  std::vector<double> distances = distancesTo(metric, arrival);
  raiseBounds(multiplier, distances);
  Line line = traceLine(metric, tailList[tail], arrival, incumbent);
  if (samples && samples->dual.size() < RailSetSamples::kMostSamples)
    samples->dual.push_back(
        {multiplier, std::move(distances), path, line.energyJ, line.timeS});
  return line;
}

Relaxation::Line Relaxation::fastestPath(size_t tail, Incumbent &incumbent) {
  if (!isFastestSwept) {
    graph.sweepForward(kTimeOnly, fastest);
    ++sweeps;
    isFastestSwept = true;
  }
  return traceLine(kTimeOnly, tailList[tail], fastest, incumbent);
}

/// Finds the two lines of earlier searches whose crossing is the maximum as far
/// as they know, and returns where to go on from `multiplier`.
double Relaxation::recall(const RailSetTail &tail, double multiplier,
                          std::optional<Line> &late,
                          std::optional<Line> &inTime,
                          Incumbent &incumbent) const {
  if (!samples)
    return multiplier;
  const DualSample *bestLate = nullptr, *bestInTime = nullptr;
  auto heightOf = [&](const DualSample &sample) {
    return sample.energyJ + multiplier * sample.timeS;
  };
  // Each step lowers the crossing; a few get to the bottom.
  constexpr unsigned kSteps = 16;
  for (unsigned step = 0; step < kSteps; ++step) {
    for (const DualSample &sample : samples->dual) {
      uint32_t end = sample.nodes.back();
      if (end < tail.endBegin || end >= tail.endEnd)
        continue;
      const DualSample *&best = tail.fits(sample.timeS) ? bestInTime : bestLate;
      if (!best || heightOf(sample) < heightOf(*best))
        best = &sample;
    }
    if (!bestLate || !bestInTime)
      break;
    double crossing = std::max((bestInTime->energyJ - bestLate->energyJ) /
                                   (bestLate->timeS - bestInTime->timeS),
                               tail.minMultiplier());
    if (crossing == multiplier)
      break;
    multiplier = crossing;
  }
  auto lineOf = [&](const DualSample &sample) {
    return Line{sample.energyJ, sample.timeS, graph.statesOf(sample.nodes)};
  };
  if (bestLate)
    late = lineOf(*bestLate);
  if (bestInTime) {
    inTime = lineOf(*bestInTime);
    incumbent.offer(completeSchedule(graph.problem(), inTime->states));
  }
  return multiplier;
}

/// Maximises the dual function of one tail. As a function of the multiplier it
/// is concave and piecewise linear, and each path that a sweep finds is one of
/// its lines: E + multiplier * (A - limit), up to a constant. Where the line on
/// the rising side (a path that is late) meets the line on the falling side (a
/// path in time) is the most the dual can reach, and the next multiplier to
/// try. Each step finds a new line or proves that the crossing is the maximum.
void Relaxation::sharpenTail(size_t tail, double firstMultiplier,
                             Incumbent &incumbent, const Stopwatch &stopwatch) {
  // Far more steps than lines matter in practice; bounds stay valid after any
  // number.
  constexpr unsigned kMaxSteps = 100;
  const RailSetTail &target = tailList[tail];
  TailBound &known = boundList[tail];
  std::optional<Line> late, inTime;
  double lowest = target.minMultiplier();
  double multiplier = recall(target, std::max(firstMultiplier, lowest), late,
                             inTime, incumbent);
  for (unsigned step = 0; step < kMaxSteps; ++step) {
    if (stopwatch.isOver())
      return;
    // An earlier search has been here, and found nothing below the crossing.
    if (const DualSample *sample = findSample(multiplier);
        sample && late && inTime &&
        isAtLeast(leastOf(sample->distances, target), late->at(multiplier)))
      break;
    Line line = evaluate(tail, multiplier, incumbent);
    if (known.boundJ >= incumbent.cutoffJ())
      return;
    bool isInTime = target.fits(line.timeS);
    // In time although time is free: nothing in this tail is cheaper.
    if (isInTime && multiplier == lowest)
      break;
    // No path lies below the crossing: it is the maximum.
    if (late && inTime && isAtLeast(line.at(multiplier), late->at(multiplier)))
      break;
    (isInTime ? inTime : late) = std::move(line);
    if (!late) {
      multiplier = lowest;
      continue;
    }
    if (!inTime)
      inTime = fastestPath(tail, incumbent);
    // Rounding may decide on which side of the limit the fastest path is.
    if (!(late->timeS > inTime->timeS))
      break;
    double crossing =
        (inTime->energyJ - late->energyJ) / (late->timeS - inTime->timeS);
    multiplier = std::max(crossing, lowest);
  }
  known.isFinal = true;
  if (late && inTime) {
    offerSplice(*late, *inTime, target, incumbent);
    offerSplice(*inTime, *late, target, incumbent);
  }
}

/// The tail of least bound below `cutoffJ` among those that `isWanted`; the
/// number of tails if there is none.
template <typename Predicate>
size_t Relaxation::weakestTail(double cutoffJ,
                               const Predicate &isWanted) const {
  size_t weakest = tailList.size();
  for (size_t tail = 0; tail < tailList.size(); ++tail)
    if (boundList[tail].boundJ < cutoffJ && isWanted(tail)) {
      weakest = tail;
      cutoffJ = boundList[tail].boundJ;
    }
  return weakest;
}

void Relaxation::sharpen(double firstMultiplier, Incumbent &incumbent,
                         const Stopwatch &stopwatch) {
  auto isAny = [](size_t) { return true; };
  while (!stopwatch.isOver()) {
    size_t weakest = weakestTail(incumbent.cutoffJ(), isAny);
    if (weakest == tailList.size())
      return;
    if (boundList[weakest].isFinal)
      weakest = weakestTail(incumbent.cutoffJ(), [&](size_t tail) {
        return !boundList[tail].isFinal && !areAlike(weakest, tail);
      });
    if (weakest == tailList.size())
      return;
    // Where a sweep for another tail bounds this one, too, go on from there.
    double multiplier = boundList[weakest].boundJ > -kInfinity
                            ? boundList[weakest].multiplier
                            : firstMultiplier;
    sharpenTail(weakest, multiplier, incumbent, stopwatch);
  }
}
