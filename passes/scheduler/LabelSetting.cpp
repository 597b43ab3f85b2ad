//===- LabelSetting.cpp - Exact solution of one tail ----------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LabelSetting.h"

#include <numeric>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

void LabelSetting::selectTails(TailGroup tails, double multiplier,
                               double mostJ) {
  corridor.selectTails(std::move(tails), multiplier, mostJ);
  for (std::optional<Detour> &detour : detours)
    detour.reset();
  worseCells[kPrefix] = graph.findWorseCells(keyMetric(), /*isInto=*/false);
  worseCells[kSuffix] = graph.findWorseCells(keyMetric(), /*isInto=*/true);
}

/// Considers a whole path, of energy and time without the tail's.
void LabelSetting::complete(double energyJ, double timeS, uint32_t end,
                            Part prefix, Part suffix) {
  if (energyJ >= bestJ || !corridor.tails().fits(timeS))
    return;
  double totalJ = energyJ + corridor.tails().cost(end, timeS);
  if (totalJ >= bestJ)
    return;
  bestJ = totalJ;
  bestParts[kPrefix] = prefix;
  bestParts[kSuffix] = suffix;
  // From here on, only what is cheaper is of interest.
  corridor.narrow(bestJ * (1 - kEnergyTolerance));
}

/// The labels of a side's outermost layer: its nodes.
void LabelSetting::start(Frontier &frontier) {
  frontier.layer = frontier.side == kPrefix ? 0 : graph.numLayers() - 1;
  frontier.labels.clear();
  frontier.links.clear();
  candidates.clear();
  Side other = opposite(frontier.side);
  for (size_t i = corridor.firstSurvivor(frontier.layer);
       i < corridor.firstSurvivor(frontier.layer + 1); ++i) {
    const Corridor::Survivor &survivor = corridor.survivor(i);
    candidates.push_back({graph.timeS(survivor.node),
                          graph.energyJ(survivor.node), survivor.node, kNone,
                          frontier.side == kSuffix ? survivor.node : kNone});
    // The node is in both parts; let the other one be its start.
    Part parts[2];
    parts[frontier.side] = {true, kNone};
    parts[other] = {false, static_cast<uint32_t>(i)};
    uint32_t end = frontier.side == kSuffix ? survivor.node
                                            : survivor.shortest[kSuffix].end;
    complete(survivor.shortest[other].energyJ, survivor.shortest[other].timeS,
             end, parts[kPrefix], parts[kSuffix]);
  }
  settle(frontier);
}

/// Lists the ways to extend the labels in `cell` by a node of `layer`, by
/// increasing bound, so that those within a label's reach come first.
void LabelSetting::collectArcs(Side side, size_t layer, uint32_t cell) {
  corridor.transitionsWith(layer, cell, /*isInto=*/side == kSuffix,
                           transitions);
  size_t grid = layer * graph.numCells();
  arcs.clear();
  for (size_t i = corridor.firstSurvivor(layer);
       i < corridor.firstSurvivor(layer + 1); ++i) {
    const Corridor::Survivor &survivor = corridor.survivor(i);
    Arc arc;
    arc.node = survivor.node;
    arc.survivor = static_cast<uint32_t>(i);
    uint32_t open = graph.cellOf(arc.node);
    arc.energyJ = transitions.energyJ[open] + graph.energyJ(arc.node);
    arc.timeS = transitions.timeS[open] + graph.timeS(arc.node);
    for (size_t p = 0; p < kNumPotentials; ++p) {
      const Corridor::Potential &potential = corridor.potential(p);
      arc.rest[p] = potential.rest[side][grid + open] + arc.energyJ +
                    potential.metric.timeWeight * arc.timeS;
    }
    arc.fastestRestS = corridor.fastestRest(side)[grid + open] + arc.timeS;
    const Corridor::Part &shortest = survivor.shortest[opposite(side)];
    arc.shortestEnergyJ = transitions.energyJ[open] + shortest.energyJ;
    arc.shortestTimeS = transitions.timeS[open] + shortest.timeS;
    arc.shortestEnd = shortest.end;
    arcs.push_back(arc);
  }
  std::sort(arcs.begin(), arcs.end(), [](const Arc &a, const Arc &b) {
    return a.rest[0] != b.rest[0] ? a.rest[0] < b.rest[0] : a.node < b.node;
  });
}

/// Extends the labels [begin, end), all of one cell, by `arcs`.
void LabelSetting::extendLabels(const Frontier &frontier, size_t begin,
                                size_t end) {
  for (size_t i = begin; i < end; ++i) {
    const Label &label = frontier.labels[i];
    double reach[kNumPotentials];
    for (size_t p = 0; p < kNumPotentials; ++p)
      reach[p] = corridor.potential(p).windowJ - label.energyJ -
                 corridor.potential(p).metric.timeWeight * label.timeS;
    double timeLeftS = corridor.tails().limitS() - label.timeS;
    uint32_t link = frontier.linkOf(i);
    for (const Arc &arc : arcs) {
      if (arc.rest[0] > reach[0])
        break;
      if (arc.rest[1] > reach[1] || arc.rest[2] > reach[2] ||
          arc.fastestRestS > timeLeftS)
        continue;
      candidates.push_back({label.timeS + arc.timeS,
                            label.energyJ + arc.energyJ, arc.node, link,
                            label.end});
      Part parts[2];
      parts[frontier.side] = {true, link};
      parts[opposite(frontier.side)] = {false, arc.survivor};
      complete(label.energyJ + arc.shortestEnergyJ,
               label.timeS + arc.shortestTimeS,
               frontier.side == kSuffix ? label.end : arc.shortestEnd,
               parts[kPrefix], parts[kSuffix]);
    }
  }
}

/// The runs of a frontier's labels by cell.
std::vector<LabelSetting::CellLabels>
LabelSetting::cellsOf(const Frontier &frontier) const {
  const std::vector<Label> &labels = frontier.labels;
  std::vector<CellLabels> cells;
  cells.reserve(std::min(labels.size(), graph.numCells()));
  for (size_t i = 0; i < labels.size(); ++i) {
    uint32_t cell = graph.cellOf(labels[i].node);
    if (cells.empty() || cells.back().cell != cell)
      cells.push_back({cell, i, i, kInfinity});
    CellLabels &run = cells.back();
    run.end = i + 1;
    run.leastCost = std::min(run.leastCost, reducedCost(labels[i]));
  }
  return cells;
}

/// Most elements that a vector takes memory for while it grows to hold `size`.
template <typename T>
static size_t capacityFor(const std::vector<T> &vector, size_t size) {
  return size <= vector.capacity()
             ? vector.capacity()
             : vector.capacity() + std::max(2 * vector.capacity(), size);
}

/// Most memory that is taken until `numMore` further candidates are labels of
/// the frontier.
size_t LabelSetting::bytesAfter(const Frontier &frontier,
                                size_t numMore) const {
  const Frontier &other = frontier.side == kPrefix ? suffixes : prefixes;
  size_t numCandidates = candidates.size() + numMore;
  size_t numLabels = capacityFor(candidates, numCandidates) +
                     capacityFor(frontier.labels, numCandidates) +
                     other.labels.capacity();
  size_t numLinks =
      capacityFor(frontier.links, frontier.links.size() + numCandidates) +
      other.links.capacity();
  return numLabels * sizeof(Label) + numLinks * sizeof(Link);
}

/// Gives all memory back. The limit is for all threads together, and what a run
/// takes must not depend on the one before.
void LabelSetting::release() {
  candidates = std::vector<Label>();
  for (Frontier *frontier : {&prefixes, &suffixes}) {
    frontier->labels = std::vector<Label>();
    frontier->links = std::vector<Link>();
  }
}

/// Moves a frontier on by a layer.
bool LabelSetting::extend(Frontier &frontier, const Stopwatch &stopwatch) {
  size_t layer =
      frontier.side == kPrefix ? frontier.layer + 1 : frontier.layer - 1;
  candidates.clear();
  for (const CellLabels &run : cellsOf(frontier)) {
    collectArcs(frontier.side, layer, run.cell);
    // In portions, to notice the limits between them.
    constexpr size_t kPortion = 64;
    for (size_t from = run.begin; from < run.end; from += kPortion) {
      if (bytesAfter(frontier, kPortion * arcs.size()) > maxBytes ||
          stopwatch.isOver())
        return false;
      extendLabels(frontier, from, std::min(from + kPortion, run.end));
    }
  }
  frontier.layer = layer;
  settle(frontier);
  return true;
}

void LabelSetting::Staircase::add(uint32_t rank, double key) {
  auto isUndercut = [&](const Step &step) {
    return rank <= step.rank && key <= step.key;
  };
  if (!others.empty())
    others.erase(std::remove_if(others.begin(), others.end(), isUndercut),
                 others.end());
  // One that no label has stood at costs infinitely much.
  if (first.key == kInfinity || isUndercut(first))
    first = {rank, key};
  else
    others.push_back({rank, key});
}

namespace {
/// Equal spans of time, of which each has a few labels.
class TimeBuckets {
public:
  template <typename Label>
  TimeBuckets(const std::vector<Label> &labels, size_t perBucket)
      : count(labels.size() / perBucket) {
    if (count < 2)
      return;
    auto [fastest, slowest] = std::minmax_element(
        labels.begin(), labels.end(),
        [](const Label &a, const Label &b) { return a.timeS < b.timeS; });
    leastS = fastest->timeS;
    perS = static_cast<double>(count - 1) / (slowest->timeS - leastS);
  }

  /// Whether there are enough labels, and their times are far enough from each
  /// other to tell buckets apart.
  bool areOfUse() const { return count > 1 && perS < kInfinity; }
  size_t size() const { return count; }
  double begin() const { return leastS; }
  size_t of(double timeS) const {
    return static_cast<size_t>((timeS - leastS) * perS);
  }

private:
  size_t count;
  double leastS = 0, perS = kInfinity;
};
} // namespace

/// Sorts labels by an order that begins with time: first into buckets.
template <typename Label, typename Order>
static void sortByTime(std::vector<Label> &labels, std::vector<Label> &scratch,
                       std::vector<size_t> &ends, const Order &order) {
  const TimeBuckets buckets(labels, /*perBucket=*/8);
  if (!buckets.areOfUse())
    return std::sort(labels.begin(), labels.end(), order);
  // Where the next label of a bucket goes, and in the end, where it ends.
  ends.assign(buckets.size() + 1, 0);
  for (const Label &label : labels)
    ++ends[buckets.of(label.timeS) + 1];
  for (size_t bucket = 0; bucket < buckets.size(); ++bucket)
    ends[bucket + 1] += ends[bucket];
  scratch.resize(labels.size());
  for (const Label &label : labels)
    scratch[ends[buckets.of(label.timeS)]++] = label;
  size_t begin = 0;
  for (size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    std::sort(scratch.begin() + static_cast<ptrdiff_t>(begin),
              scratch.begin() + static_cast<ptrdiff_t>(ends[bucket]), order);
    begin = ends[bucket];
  }
  labels.swap(scratch);
}

/// Drops most of the candidates that one of a faster bucket makes up for: that
/// takes one look at each, where sorting them takes several.
void LabelSetting::dropFarWorse(double powerW, const Detour &detour) {
  const TimeBuckets buckets(candidates, /*perBucket=*/8);
  if (!buckets.areOfUse())
    return;
  // Of all that are as good as any by their end.
  leastKeyBefore.assign(buckets.size() + 1, kInfinity);
  for (const Label &label : candidates)
    if (rankOf(label) == 0) {
      double &least = leastKeyBefore[buckets.of(label.timeS) + 1];
      least = std::min(least, label.energyJ - powerW * label.timeS);
    }
  for (size_t bucket = 0; bucket < buckets.size(); ++bucket)
    leastKeyBefore[bucket + 1] =
        std::min(leastKeyBefore[bucket + 1], leastKeyBefore[bucket]);
  candidates.erase(
      std::remove_if(candidates.begin(), candidates.end(),
                     [&](const Label &label) {
                       double earlierS = label.timeS - detour.timeS;
                       return earlierS >= buckets.begin() &&
                              leastKeyBefore[buckets.of(earlierS)] +
                                      detour.key <=
                                  label.energyJ - powerW * label.timeS;
                     }),
      candidates.end());
}

/// Notes a label in the staircases of its cell and of all that are worse.
void LabelSetting::keepFrom(uint32_t cell, uint32_t rank, double key,
                            Side side) {
  cheapest[cell].add(rank, key);
  const CellRelation &worse = worseCells[side];
  if (worse.empty())
    return;
  for (size_t i = worse.begin[cell]; i < worse.begin[cell + 1]; ++i)
    if (Staircase &other = cheapest[worse.cells[i]];
        !other.dominates(rank, key))
      other.add(rank, key);
}

/// What going on from any other cell may take more.
const LabelSetting::Detour &
LabelSetting::largestDetour(const Frontier &frontier) {
  size_t layer = frontier.side == kPrefix
                     ? std::min(frontier.layer + 1, graph.numLayers() - 1)
                     : frontier.layer;
  double weight = graph.problem().weightOf(layer);
  std::optional<Detour> &detour = detours[frontier.side];
  if (!detour || detour->layerWeight != weight) {
    auto most = [&](Metric metric) {
      return frontier.side == kPrefix ? graph.largestDetourFrom(layer, metric)
                                      : graph.largestDetourInto(layer, metric);
    };
    detour = {weight, most(kTimeOnly), most(keyMetric())};
  }
  return *detour;
}

/// Makes the candidates the frontier's labels.
///
/// A label is not needed if another one of its layer is at least as good for
/// every completion and tail. Within a cell that means an end of no higher
/// rank, no more time, and no more energy even if all the time that it is
/// faster by has to be waited: no more of `key`. The same goes for cells that
/// are worse to be in. From any other cell, the transition may cost up to a
/// detour more.
void LabelSetting::settle(Frontier &frontier) {
  double powerW = corridor.tails().mostPowerW();
  auto key = [&](const Label &label) {
    return label.energyJ - powerW * label.timeS;
  };
  const Detour &detour = largestDetour(frontier);
  dropFarWorse(powerW, detour);
  // The old labels are links by now, and their memory is free.
  sortByTime(candidates, frontier.labels, bucketEnds,
             [&](const Label &a, const Label &b) {
               if (a.timeS != b.timeS)
                 return a.timeS < b.timeS;
               double keyA = key(a), keyB = key(b);
               if (keyA != keyB)
                 return keyA < keyB;
               uint32_t rankA = rankOf(a), rankB = rankOf(b);
               if (rankA != rankB)
                 return rankA < rankB;
               return a.node != b.node ? a.node < b.node : a.parent < b.parent;
             });
  cheapest.resize(graph.numCells());
  for (Staircase &staircase : cheapest)
    staircase.clear();
  cellCounts.assign(graph.numCells() + 1, 0);
  anywhere.clear();
  size_t kept = 0, earlier = 0;
  for (const Label &label : candidates) {
    // Those fast enough to make up for any detour.
    for (; earlier < kept &&
           candidates[earlier].timeS + detour.timeS <= label.timeS;
         ++earlier) {
      uint32_t rank = rankOf(candidates[earlier]);
      double earlierKey = key(candidates[earlier]) + detour.key;
      if (!anywhere.dominates(rank, earlierKey))
        anywhere.add(rank, earlierKey);
    }
    uint32_t cell = graph.cellOf(label.node), rank = rankOf(label);
    double labelKey = key(label);
    if (cheapest[cell].dominates(rank, labelKey) ||
        anywhere.dominates(rank, labelKey))
      continue;
    keepFrom(cell, rank, labelKey, frontier.side);
    ++cellCounts[cell + 1];
    candidates[kept++] = label;
  }
  candidates.resize(kept);

  // Group by cell, each still by time.
  for (size_t cell = 0; cell < graph.numCells(); ++cell)
    cellCounts[cell + 1] += cellCounts[cell];
  frontier.labels.resize(kept);
  for (const Label &label : candidates)
    frontier.labels[cellCounts[graph.cellOf(label.node)]++] = label;
  for (const Label &label : frontier.labels)
    frontier.links.push_back({label.node, label.parent});
  labelCount += kept;
}

/// Splits a cell's suffixes by their last node, on which their tail depends;
/// within each by time.
std::vector<LabelSetting::CellLabels>
LabelSetting::splitByEnd(const CellLabels &whole) {
  const std::vector<Label> &labels = suffixes.labels;
  auto begin = suffixOrder.begin();
  std::sort(begin + static_cast<ptrdiff_t>(whole.begin),
            begin + static_cast<ptrdiff_t>(whole.end), [&](size_t a, size_t b) {
              return labels[a].end != labels[b].end
                         ? labels[a].end < labels[b].end
                         : a < b;
            });
  std::vector<CellLabels> runs;
  for (size_t i = whole.begin; i < whole.end; ++i) {
    const Label &label = labels[suffixOrder[i]];
    if (runs.empty() || labels[suffixOrder[runs.back().begin]].end != label.end)
      runs.push_back({whole.cell, i, i, kInfinity});
    CellLabels &run = runs.back();
    run.end = i + 1;
    run.leastCost = std::min(run.leastCost, reducedCost(label));
  }
  return runs;
}

/// Lists all suffixes with the tails that may follow them, those of tails that
/// draw the same power together.
std::vector<LabelSetting::Ending> LabelSetting::listEndings() {
  suffixOrder.resize(suffixes.labels.size());
  std::iota(suffixOrder.begin(), suffixOrder.end(), 0);
  std::vector<Ending> endings;
  for (const CellLabels &cellRun : cellsOf(suffixes))
    for (const CellLabels &run : splitByEnd(cellRun)) {
      uint32_t end = suffixes.labels[suffixOrder[run.begin]].end;
      for (const RailSetTail &tail : corridor.tails().tailsAfter(end))
        endings.push_back({run, tail});
    }
  std::stable_sort(endings.begin(), endings.end(),
                   [](const Ending &a, const Ending &b) {
                     return a.tail.powerW < b.tail.powerW;
                   });
  return endings;
}

/// Finds, for every prefix of a run, the best of those that take no longer.
void LabelSetting::findBestNoSlower(const CellLabels &run, double powerW) {
  auto key = [&](size_t i) {
    const Label &label = prefixes.labels[i];
    return label.energyJ - powerW * label.timeS;
  };
  bestNoSlower[run.begin] = run.begin;
  double least = key(run.begin);
  for (size_t i = run.begin + 1; i < run.end; ++i) {
    double here = key(i);
    bestNoSlower[i] = here < least ? i : bestNoSlower[i - 1];
    least = std::min(least, here);
  }
}

/// Whether some path of a prefix of the run, by `transitions`, and an ending
/// may be within the window.
bool LabelSetting::mayJoin(const CellLabels &prefixRun,
                           const Ending &ending) const {
  const Corridor::Potential &potential = corridor.potential(0);
  double changeJ =
      transitions.energyJ[ending.run.cell] +
      potential.metric.timeWeight * transitions.timeS[ending.run.cell];
  return prefixRun.leastCost + changeJ + ending.run.leastCost <=
         potential.windowJ;
}

/// Considers, for every suffix of an ending, the path with the best of the
/// prefixes of a run that leave it time.
void LabelSetting::joinRuns(const CellLabels &prefixRun, const Ending &ending) {
  double energyJ = transitions.energyJ[ending.run.cell];
  double timeS = transitions.timeS[ending.run.cell];
  const Corridor::Potential &potential = corridor.potential(0);
  double restJ =
      energyJ + potential.metric.timeWeight * timeS + prefixRun.leastCost;
  auto begin = prefixes.labels.begin();
  auto first = begin + static_cast<ptrdiff_t>(prefixRun.begin);
  // The prefixes that are in time; fewer with every suffix.
  auto last = begin + static_cast<ptrdiff_t>(prefixRun.end);
  for (size_t i = ending.run.begin; i < ending.run.end; ++i) {
    const Label &suffix = suffixes.labels[suffixOrder[i]];
    // Paths that are found make the window narrower.
    if (reducedCost(suffix) + restJ > potential.windowJ)
      continue;
    last = std::partition_point(first, last, [&](const Label &prefix) {
      return ending.tail.fits(prefix.timeS + timeS + suffix.timeS);
    });
    if (last == first)
      return;
    size_t best = bestNoSlower[static_cast<size_t>(last - begin) - 1];
    const Label &prefix = prefixes.labels[best];
    complete(prefix.energyJ + energyJ + suffix.energyJ,
             prefix.timeS + timeS + suffix.timeS, suffix.end,
             {true, prefixes.linkOf(best)},
             {true, suffixes.linkOf(suffixOrder[i])});
  }
}

/// Considers all paths of a prefix and a suffix of neighbouring layers. Returns
/// false if a limit was met.
bool LabelSetting::join(const Stopwatch &stopwatch) {
  bestNoSlower.resize(prefixes.labels.size());
  const std::vector<Ending> endings = listEndings();
  for (const CellLabels &prefixRun : cellsOf(prefixes)) {
    graph.transitionsFrom(suffixes.layer, prefixRun.cell, transitions);
    std::optional<double> powerW;
    for (const Ending &ending : endings) {
      if (!mayJoin(prefixRun, ending))
        continue;
      if (stopwatch.isOver())
        return false;
      if (powerW != ending.tail.powerW) {
        powerW = ending.tail.powerW;
        findBestNoSlower(prefixRun, *powerW);
      }
      joinRuns(prefixRun, ending);
    }
  }
  return true;
}

/// Appends the nodes of a part, from where it was joined to its other end.
void LabelSetting::trace(Side side, Part part,
                         std::vector<uint32_t> &nodes) const {
  if (part.isLabel) {
    const std::vector<Link> &links =
        side == kPrefix ? prefixes.links : suffixes.links;
    for (uint32_t i = part.index; i != kNone; i = links[i].parent)
      nodes.push_back(links[i].node);
    return;
  }
  for (uint32_t i = part.index; i != kNone;
       i = corridor.survivor(i).shortest[side].next)
    nodes.push_back(corridor.survivor(i).node);
}

LabelSetting::Outcome LabelSetting::run(double windowJ, size_t newMaxBytes,
                                        const Stopwatch &stopwatch) {
  // `Label::parent` has to hold each link's index.
  maxBytes = std::min(newMaxBytes, size_t(kNone) * sizeof(Link));
  bestJ = kInfinity;
  corridor.open(windowJ);
  start(prefixes);
  start(suffixes);
  bool isDone = true;
  // Labels get more with every layer, so that two short halves are far fewer
  // than one whole. The side with fewer labels goes on.
  while (isDone && prefixes.layer + 1 < suffixes.layer)
    isDone = extend(prefixes.labels.size() < suffixes.labels.size() ? prefixes
                                                                    : suffixes,
                    stopwatch);
  if (isDone && prefixes.layer < suffixes.layer)
    isDone = join(stopwatch);
  bestPath.clear();
  if (bestJ < kInfinity) {
    trace(kPrefix, bestParts[kPrefix], bestPath);
    std::reverse(bestPath.begin(), bestPath.end());
    trace(kSuffix, bestParts[kSuffix], bestPath);
  }
  release();
  if (!isDone)
    return Outcome::Stopped;
  return bestJ * (1 - kEnergyTolerance) <= windowJ ? Outcome::Found
                                                   : Outcome::NoneWithinWindow;
}
