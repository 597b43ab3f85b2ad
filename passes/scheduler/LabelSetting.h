//===- LabelSetting.h - Exact solution of one tail --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Label setting solves what the relaxation leaves open: some tails of one rail
// set, as a shortest path problem with one resource. It enumerates partial
// schedules from both ends, discards those that another dominates, and those
// that no completion brings below a given energy. Where the two meet, it joins
// them.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_LABELSETTING_H
#define PFMLIR_PASSES_SCHEDULER_LABELSETTING_H

#include "passes/scheduler/Corridor.h"

#include <limits>

namespace pfmlir::scheduler {

/// Finds the cheapest path of a group of tails below a given energy.
class LabelSetting {
public:
  explicit LabelSetting(LayeredGraph &graph) : graph(graph), corridor(graph) {}

  enum class Outcome {
    /// `path()` is the cheapest.
    Found,
    /// No path costs `windowJ` or less.
    NoneWithinWindow,
    /// Gave up at a limit.
    Stopped,
  };

  /// Sets out to solve some tails of the rail set that the graph has been built
  /// for. `multiplier` and `mostJ` are as for `Corridor::selectTails`.
  void selectTails(TailGroup tails, double multiplier, double mostJ);

  /// The end of the first window in which more than `numNodes` nodes survive
  /// besides those of one path; infinity if there are no more candidates.
  double windowBeyond(size_t numNodes) const {
    return corridor.windowBeyond(graph.numLayers() + numNodes);
  }

  /// Looks for the cheapest path among those that cost no more than `windowJ`.
  /// Labels take at most `maxBytes` of memory.
  Outcome run(double windowJ, size_t maxBytes, const Stopwatch &stopwatch);

  /// The nodes of the cheapest path met, in or above the window; none if empty.
  const std::vector<uint32_t> &path() const { return bestPath; }
  /// Labels kept and sweeps done since construction.
  uint64_t numLabels() const { return labelCount; }
  uint64_t numSweeps() const { return corridor.numSweeps(); }

private:
  static constexpr size_t kNumPotentials = Corridor::kNumPotentials;
  static constexpr uint32_t kNone = Corridor::kNone;

  /// A partial path: its open end, and the label it extends.
  struct Label {
    double timeS;
    double energyJ;
    uint32_t node;
    uint32_t parent;
    /// The last node, of a suffix.
    uint32_t end;
  };
  /// What is left of a label once its layer is done.
  struct Link {
    uint32_t node;
    uint32_t parent;
  };
  /// The labels of one side that still grow.
  struct Frontier {
    Side side;
    size_t layer;
    /// By cell, by time within a cell.
    std::vector<Label> labels;
    /// All labels kept, as a forest; those of `labels` come last.
    std::vector<Link> links;

    uint32_t linkOf(size_t label) const {
      return static_cast<uint32_t>(links.size() - labels.size() + label);
    }
  };
  /// One way to extend the labels of a cell by a node of the next layer.
  struct Arc {
    /// Added to a label, with the node itself.
    double energyJ;
    double timeS;
    /// Least cost of all that a label lacks if it is extended by this, under
    /// each potential, and the least time of that.
    double rest[kNumPotentials];
    double fastestRestS;
    /// The shortest of that under the first potential.
    double shortestEnergyJ;
    double shortestTimeS;
    uint32_t shortestEnd;
    uint32_t node;
    uint32_t survivor;
  };
  /// Where a path comes from, on one side of where it was joined: the shortest
  /// of a survivor, or a label.
  struct Part {
    bool isLabel;
    uint32_t index;
  };
  /// A run of labels with their open ends in one cell.
  struct CellLabels {
    uint32_t cell;
    size_t begin;
    size_t end;
    /// Under the first potential.
    double leastCost;
  };
  /// Suffixes that end in the same node, and a tail that may follow it.
  struct Ending {
    CellLabels run;
    RailSetTail tail;
  };
  /// Keeps what no other of no higher rank undercuts.
  class Staircase {
  public:
    bool dominates(uint32_t rank, double key) const {
      if (first.isAsGood(rank, key))
        return true;
      for (const Step &step : others)
        if (step.isAsGood(rank, key))
          return true;
      return false;
    }
    void add(uint32_t rank, double key);
    void clear() {
      first = Step();
      others.clear();
    }

  private:
    struct Step {
      uint32_t rank = 0;
      double key = std::numeric_limits<double>::infinity();

      bool isAsGood(uint32_t otherRank, double otherKey) const {
        return rank <= otherRank && key <= otherKey;
      }
    };
    /// Most have one step: without ends that differ, labels have one rank.
    Step first;
    std::vector<Step> others;
  };

  /// The most that a completion costs more from another cell.
  struct Detour {
    double layerWeight;
    double timeS, key;
  };

  void start(Frontier &frontier);
  bool extend(Frontier &frontier, const Stopwatch &stopwatch);
  void collectArcs(Side side, size_t layer, uint32_t cell);
  void extendLabels(const Frontier &frontier, size_t begin, size_t end);
  void dropFarWorse(double powerW, const Detour &detour);
  void settle(Frontier &frontier);
  /// Energy, less what waiting as long would cost at most.
  Metric keyMetric() const { return {1, -corridor.tails().mostPowerW()}; }
  const Detour &largestDetour(const Frontier &frontier);
  void keepFrom(uint32_t cell, uint32_t rank, double key, Side side);
  uint32_t rankOf(const Label &label) const {
    return label.end == kNone ? 0 : corridor.tails().rankOf(label.end);
  }
  double reducedCost(const Label &label) const {
    return label.energyJ +
           corridor.potential(0).metric.timeWeight * label.timeS;
  }
  bool join(const Stopwatch &stopwatch);
  std::vector<CellLabels> splitByEnd(const CellLabels &run);
  std::vector<Ending> listEndings();
  void findBestNoSlower(const CellLabels &run, double powerW);
  bool mayJoin(const CellLabels &prefixRun, const Ending &ending) const;
  void joinRuns(const CellLabels &prefixRun, const Ending &ending);
  std::vector<CellLabels> cellsOf(const Frontier &frontier) const;
  size_t bytesAfter(const Frontier &frontier, size_t numMore) const;
  void release();
  void complete(double energyJ, double timeS, uint32_t end, Part prefix,
                Part suffix);
  void trace(Side side, Part part, std::vector<uint32_t> &nodes) const;

  LayeredGraph &graph;
  Corridor corridor;
  size_t maxBytes = 0;

  Frontier prefixes = {kPrefix, 0, {}, {}}, suffixes = {kSuffix, 0, {}, {}};
  /// The labels of a layer before dominance.
  std::vector<Label> candidates;
  std::vector<Arc> arcs;
  CellTransitions transitions;
  std::vector<Staircase> cheapest;
  /// [side] The cells that are worse than one to have an open end in.
  CellRelation worseCells[2];
  Staircase anywhere;
  /// [side] Of the latest layer, which is that of all of the same weight.
  std::optional<Detour> detours[2];
  std::vector<size_t> bucketEnds;
  std::vector<double> leastKeyBefore;
  std::vector<size_t> cellCounts;
  /// To join: suffixes by cell, end and time; and for each prefix of a run the
  /// one of least key among those that are no slower.
  std::vector<size_t> suffixOrder, bestNoSlower;

  /// The cheapest whole path so far.
  double bestJ = 0;
  Part bestParts[2];
  std::vector<uint32_t> bestPath;
  uint64_t labelCount = 0;
};

} // namespace pfmlir::scheduler

#endif // PFMLIR_PASSES_SCHEDULER_LABELSETTING_H
