//===- LayeredGraph.cpp - The layered graph of a rail set -----------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which states and transitions the graph of a rail set has. The paths in it are
// found in ShortestPaths.cpp.
//
//===----------------------------------------------------------------------===//

#include "passes/scheduler/LayeredGraph.h"
#include "pfmlir/Scheduler/Referee.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <unordered_map>

using namespace pfmlir::scheduler;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr uint32_t kNotThere = ~0u;

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Tells most layers of different settings apart, at no cost.
static uint64_t sampleSettings(const Problem &problem, size_t layer) {
  constexpr size_t kSamples = 16;
  size_t size = problem.numStates(layer) * problem.numAxes();
  const Setting *settings = problem.settingsOf(problem.layerBegin[layer]);
  uint64_t key = size;
  for (size_t i = 0; i < kSamples; ++i)
    key = key * 1000003 + settings[i * (size - 1) / (kSamples - 1)];
  return key;
}

LayerLayouts::LayerLayouts(const Problem &problem) {
  std::unordered_multimap<uint64_t, uint32_t> known;
  for (size_t layer = 0; layer < problem.numLayers(); ++layer) {
    uint64_t key = sampleSettings(problem, layer);
    auto [begin, end] = known.equal_range(key);
    auto same = std::find_if(begin, end, [&](const auto &entry) {
      return problem.haveSameSettings(layer, layouts[entry.second].layer);
    });
    if (same == end) {
      same = known.emplace(key, static_cast<uint32_t>(layouts.size()));
      layouts.push_back({layer, {}, {}});
      indexStates(problem, layouts.back());
    }
    layoutOf.push_back(same->second);
  }
}

/// Fills the tables of a layout, if they stay in proportion to its states.
void LayerLayouts::indexStates(const Problem &problem, Layout &layout) const {
  constexpr size_t kEntriesPerState = 16;
  size_t numStates = problem.numStates(layout.layer);
  size_t size = 1;
  for (const Axis &axis : problem.axes) {
    size *= axis.numSettings();
    if (size > kEntriesPerState * numStates)
      return;
  }
  layout.firstWith.assign(size, kNone);
  layout.nextWithSame.assign(numStates, kNone);
  // From the last to the first, so that chains are in the problem's order.
  for (size_t i = numStates; i-- > 0;) {
    const Setting *settings =
        problem.settingsOf(problem.layerBegin[layout.layer] + i);
    size_t key = 0;
    for (size_t axis = 0; axis < problem.numAxes(); ++axis)
      key = key * problem.axes[axis].numSettings() + settings[axis];
    layout.nextWithSame[i] = layout.firstWith[key];
    layout.firstWith[key] = static_cast<uint32_t>(i);
  }
}

//===----------------------------------------------------------------------===//
// Rails, cells and states
//===----------------------------------------------------------------------===//

LayeredGraph::LayeredGraph(const Problem &problem, const LayerLayouts &layouts)
    : source(problem), layouts(layouts), isRail(problem.numLevels),
      axes(problem.numAxes()), matches(layouts.layouts.size()),
      layerNodes(problem.numLayers() + 1) {}

/// Finds the states of a layout that stay within the rails, by going through
/// the states.
void LayeredGraph::matchByState(const LayerLayouts::Layout &layout,
                                std::vector<Match> &found) const {
  const Setting *settings = source.settingsOf(source.layerBegin[layout.layer]);
  for (size_t position = 0; position < source.numStates(layout.layer);
       ++position) {
    size_t cell = 0;
    bool isWithinRails = true;
    for (const AxisView &axis : axes) {
      uint32_t digit = axis.positionOf[*settings++];
      isWithinRails &= digit != kNotThere;
      cell = cell * axis.size() + digit;
    }
    if (isWithinRails)
      found.push_back(
          {static_cast<uint32_t>(cell), static_cast<uint32_t>(position)});
  }
  // States are usually listed in the order of their cells already.
  auto byCell = [](const Match &a, const Match &b) {
    return a.cell != b.cell ? a.cell < b.cell : a.position < b.position;
  };
  if (!std::is_sorted(found.begin(), found.end(), byCell))
    std::sort(found.begin(), found.end(), byCell);
}

/// Finds them by going through the cells.
void LayeredGraph::matchByCell(const LayerLayouts::Layout &layout,
                               std::vector<Match> &found) const {
  for (size_t cell = 0; cell < cellCount; ++cell)
    for (uint32_t position = layout.firstWith[keyOfCell[cell]];
         position != LayerLayouts::kNone;
         position = layout.nextWithSame[position])
      found.push_back({static_cast<uint32_t>(cell), position});
}

/// Finds the settings of every axis that the rails allow.
void LayeredGraph::selectSettings() {
  for (size_t i = 0; i < axes.size(); ++i) {
    const std::vector<Level> &railOf = source.axes[i].railOf;
    AxisView &axis = axes[i];
    axis.settings.clear();
    axis.positionOf.assign(railOf.size(), kNotThere);
    for (size_t setting = 0; setting < railOf.size(); ++setting) {
      if (railOf[setting] != kNoRail && !isRail[railOf[setting]])
        continue;
      axis.positionOf[setting] = static_cast<uint32_t>(axis.size());
      axis.settings.push_back(static_cast<Setting>(setting));
    }
  }
}

void LayeredGraph::enumerateCells() {
  keyOfCell.assign(1, 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    keyOfPrefix.swap(keyOfCell);
    keyOfCell.clear();
    for (uint64_t key : keyOfPrefix)
      for (Setting setting : axes[i].settings)
        keyOfCell.push_back(key * source.axes[i].numSettings() + setting);
  }
  cellCount = keyOfCell.size();
}

bool LayeredGraph::selectRails(const std::vector<Level> &newRails) {
  if (haveAllLayersStates && newRails == rails)
    return *haveAllLayersStates;
  isBuilt = false;
  for (Level level : rails)
    isRail[level] = false;
  rails = newRails;
  for (Level level : rails)
    isRail[level] = true;
  selectSettings();
  enumerateCells();

  for (size_t i = 0; i < matches.size(); ++i) {
    const LayerLayouts::Layout &layout = layouts.layouts[i];
    matches[i].clear();
    bool isIndexed = !layout.firstWith.empty();
    if (isIndexed && cellCount < source.numStates(layout.layer))
      matchByCell(layout, matches[i]);
    else
      matchByState(layout, matches[i]);
    haveAllLayersStates = !matches[i].empty();
    if (!*haveAllLayersStates)
      return false;
  }
  return true;
}

/// Whether each state of a layout is in a cell of its own.
bool LayeredGraph::areInOwnCells(const std::vector<Match> &found) const {
  return std::adjacent_find(found.begin(), found.end(),
                            [](const Match &a, const Match &b) {
                              return a.cell == b.cell;
                            }) == found.end();
}

double LayeredGraph::sumOfLayerMinima(const double *stateCosts) const {
  double sum = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer) {
    const double *costs = &stateCosts[source.layerBegin[layer]];
    double least = kInfinity;
    for (const Match &match : matches[layouts.layoutOf[layer]])
      least = std::min(least, costs[match.position]);
    sum += least;
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

void LayeredGraph::build() {
  if (isBuilt)
    return;
  isBuilt = true;
  buildNodes();
  findDigits();
  buildTransitions();
  findPresentCells();
  matricesOf.weight = -1;
}

void LayeredGraph::buildNodes() {
  size_t numNodes = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer) {
    layerNodes[layer] = static_cast<uint32_t>(numNodes);
    numNodes += matches[layouts.layoutOf[layer]].size();
  }
  layerNodes[numLayers()] = static_cast<uint32_t>(numNodes);
  hasOneNodePerCell = std::all_of(
      matches.begin(), matches.end(),
      [&](const std::vector<Match> &found) { return areInOwnCells(found); });
  nodeCell.resize(numNodes);
  nodeEnergyJ.resize(numNodes);
  nodeTimeS.resize(numNodes);
  nodeState.resize(numNodes);
  size_t node = 0;
  for (size_t layer = 0; layer < numLayers(); ++layer)
    for (const Match &match : matches[layouts.layoutOf[layer]]) {
      size_t state = source.layerBegin[layer] + match.position;
      PathCost cost = layerCost(source, layer, state);
      nodeCell[node] = match.cell;
      nodeEnergyJ[node] = cost.energyJ;
      nodeTimeS[node] = cost.timeS;
      nodeState[node] = state;
      ++node;
    }
}

void LayeredGraph::findDigits() {
  std::vector<size_t> bases;
  for (const AxisView &axis : axes)
    bases.push_back(axis.size());
  if (bases == digitBases)
    return;
  digitBases = std::move(bases);
  digits.clear();
  for (size_t cell = 0; cell < cellCount; ++cell) {
    size_t weight = cellCount;
    for (size_t base : digitBases) {
      weight /= base;
      digits.push_back(static_cast<uint32_t>(cell / weight % base));
    }
  }
}

LayeredGraph::PresentCells
LayeredGraph::presentCellsOf(const std::vector<Match> &found) const {
  PresentCells cells;
  cells.cellOf.assign(found.size(), 0);
  std::vector<uint32_t> indexOf;
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    auto digitOf = [&](const Match &match) {
      return digits[match.cell * axes.size() + axis];
    };
    indexOf.assign(axes[axis].size(), kNotThere);
    for (const Match &match : found)
      indexOf[digitOf(match)] = 0;
    std::vector<uint32_t> &settings = cells.settings.emplace_back();
    for (uint32_t digit = 0; digit < indexOf.size(); ++digit)
      if (indexOf[digit] != kNotThere) {
        indexOf[digit] = static_cast<uint32_t>(settings.size());
        settings.push_back(digit);
      }
    cells.numCells *= settings.size();
    for (size_t i = 0; i < found.size(); ++i)
      cells.cellOf[i] =
          cells.cellOf[i] * static_cast<uint32_t>(settings.size()) +
          indexOf[digitOf(found[i])];
  }
  return cells;
}

/// Looks for what is present where that may be few: numbers of banks, engines
/// and the like, which layers need or do without.
void LayeredGraph::findPresentCells() {
  present.clear();
  if (isOverlapping)
    return;
  bool isAnyLayoutSmall = std::any_of(matches.begin(), matches.end(),
                                      [&](const std::vector<Match> &found) {
                                        return found.size() < cellCount;
                                      });
  if (!isAnyLayoutSmall)
    return;
  size_t numCells = 0;
  for (const std::vector<Match> &found : matches) {
    present.push_back(presentCellsOf(found));
    numCells += present.back().numCells;
  }
  // What looking for them in every step costs.
  constexpr double kFew = 0.75;
  if (static_cast<double>(numCells) >
      kFew * static_cast<double>(cellCount * matches.size()))
    present.clear();
}

void LayeredGraph::buildTransitions() {
  transitions.energyJ.clear();
  transitions.timeS.clear();
  isOverlapping = source.ramps == Ramps::Overlapping && axes.size() > 1;
  for (size_t i = 0; i < axes.size(); ++i) {
    const TransitionCost &cost = source.axes[i].transition;
    AxisView &axis = axes[i];
    axis.matrixBegin = transitions.energyJ.size();
    for (Setting from : axis.settings)
      for (Setting to : axis.settings) {
        size_t entry = size_t(from) * source.axes[i].numSettings() + to;
        double timeS = cost.timeS[entry];
        double powerW = isOverlapping ? 0 : source.transitionPowerW;
        transitions.energyJ.push_back(cost.energyJ[entry] + powerW * timeS);
        transitions.timeS.push_back(timeS);
      }
  }
  if (isOverlapping)
    rankRamps();
}

/// Finds the different times of all ramps. Those that are the same but for
/// rounding count as the shortest of them.
void LayeredGraph::rankRamps() {
  constexpr double kSame = 1 + 1e-14;
  rampsS = transitions.timeS;
  std::sort(rampsS.begin(), rampsS.end());
  rampsS.erase(std::unique(rampsS.begin(), rampsS.end(),
                           [&](double shortest, double timeS) {
                             return timeS <= kSame * shortest;
                           }),
               rampsS.end());
  rankOfRamp.clear();
  for (double timeS : transitions.timeS) {
    auto longer = std::upper_bound(rampsS.begin(), rampsS.end(), timeS);
    rankOfRamp.push_back(static_cast<uint32_t>(longer - rampsS.begin() - 1));
  }
}

std::vector<size_t>
LayeredGraph::statesOf(const std::vector<uint32_t> &nodes) const {
  std::vector<size_t> states;
  states.reserve(nodes.size());
  for (uint32_t node : nodes)
    states.push_back(nodeState[node]);
  return states;
}

//===----------------------------------------------------------------------===//
// Transitions with one cell
//===----------------------------------------------------------------------===//

static double longest(double a, double b) { return std::max(a, b); }

void LayeredGraph::transitionsWith(size_t layer, uint32_t cell, bool isInto,
                                   CellTransitions &result) {
  combineAxes(cell, isInto, transitions.energyJ, std::plus<>(), result.energyJ);
  if (isOverlapping) {
    combineAxes(cell, isInto, transitions.timeS, longest, result.timeS);
    for (size_t other = 0; other < cellCount; ++other)
      result.energyJ[other] += source.transitionPowerW * result.timeS[other];
  } else {
    combineAxes(cell, isInto, transitions.timeS, std::plus<>(), result.timeS);
  }
  double weight = source.weightOf(layer);
  if (weight != 1)
    for (double &energyJ : result.energyJ)
      energyJ *= weight;
}

/// The transition between two cells, as far as it does not depend on layers.
Transition LayeredGraph::transitionWith(uint32_t cell, bool isInto,
                                        uint32_t other) const {
  const uint32_t *from = &digits[(isInto ? other : cell) * axes.size()];
  const uint32_t *to = &digits[(isInto ? cell : other) * axes.size()];
  Transition sum;
  for (size_t i = 0; i < axes.size(); ++i) {
    size_t entry = axes[i].matrixBegin + from[i] * digitBases[i] + to[i];
    sum.energyJ += transitions.energyJ[entry];
    sum.timeS = isOverlapping ? std::max(sum.timeS, transitions.timeS[entry])
                              : sum.timeS + transitions.timeS[entry];
  }
  if (isOverlapping)
    sum.energyJ += source.transitionPowerW * sum.timeS;
  return sum;
}

void LayeredGraph::transitionsWith(size_t layer, uint32_t cell, bool isInto,
                                   const uint32_t *nodes, size_t numNodes,
                                   CellTransitions &result) {
  // What a pair takes in units of what a cell of a whole grid does.
  constexpr size_t kPairCost = 4;
  if (kPairCost * numNodes > cellCount)
    return transitionsWith(layer, cell, isInto, result);
  result.energyJ.resize(cellCount);
  result.timeS.resize(cellCount);
  double weight = source.weightOf(layer);
  for (size_t i = 0; i < numNodes; ++i) {
    uint32_t other = nodeCell[nodes[i]];
    Transition sum = transitionWith(cell, isInto, other);
    result.energyJ[other] = weight == 1 ? sum.energyJ : sum.energyJ * weight;
    result.timeS[other] = sum.timeS;
  }
}

/// The most by which the entries of a matrix differ that have the same column,
/// or the same row.
static double largestSpread(const double *energyJ, const double *timeS,
                            size_t size, bool isColumn, Metric metric) {
  double largest = 0;
  for (size_t fixed = 0; fixed < size; ++fixed) {
    double low = kInfinity, high = -kInfinity;
    for (size_t other = 0; other < size; ++other) {
      size_t entry = isColumn ? other * size + fixed : fixed * size + other;
      double cost = metric.energyWeight * energyJ[entry] +
                    metric.timeWeight * timeS[entry];
      low = std::min(low, cost);
      high = std::max(high, cost);
    }
    largest = std::max(largest, high - low);
  }
  return largest;
}

/// By setting of an axis, the settings that are never better to be in, itself
/// included.
std::vector<std::vector<uint32_t>>
LayeredGraph::findWorseSettings(const AxisView &axis, Metric metric,
                                bool isInto) const {
  size_t size = axis.size();
  auto isNoMore = [&](size_t better, size_t worse, Metric priced) {
    for (size_t other = 0; other < size; ++other) {
      auto costOf = [&](size_t setting) {
        size_t entry = axis.matrixBegin + (isInto ? other * size + setting
                                                  : setting * size + other);
        return priced.energyWeight * transitions.energyJ[entry] +
               priced.timeWeight * transitions.timeS[entry];
      };
      if (costOf(better) > costOf(worse))
        return false;
    }
    return true;
  };
  std::vector<std::vector<uint32_t>> worse(size);
  for (size_t better = 0; better < size; ++better)
    for (size_t setting = 0; setting < size; ++setting)
      if (isNoMore(better, setting, kTimeOnly) &&
          isNoMore(better, setting, metric))
        worse[better].push_back(static_cast<uint32_t>(setting));
  return worse;
}

CellRelation LayeredGraph::findWorseCells(Metric metric, bool isInto) const {
  CellRelation relation;
  if (isOverlapping || !source.layerWeight.empty())
    return relation;
  std::vector<std::vector<std::vector<uint32_t>>> worse;
  bool isAnyWorse = false;
  for (const AxisView &axis : axes) {
    worse.push_back(findWorseSettings(axis, metric, isInto));
    for (const std::vector<uint32_t> &settings : worse.back())
      isAnyWorse |= settings.size() > 1;
  }
  if (!isAnyWorse)
    return relation;
  std::vector<uint32_t> found, longer;
  for (uint32_t cell = 0; cell < cellCount; ++cell) {
    relation.begin.push_back(relation.cells.size());
    // Digit by digit: those that begin with a worse digit each.
    found.assign(1, 0);
    for (size_t i = 0; i < axes.size(); ++i) {
      longer.clear();
      for (uint32_t prefix : found)
        for (uint32_t digit : worse[i][digits[cell * axes.size() + i]])
          longer.push_back(prefix * static_cast<uint32_t>(axes[i].size()) +
                           digit);
      found.swap(longer);
    }
    for (uint32_t other : found)
      if (other != cell)
        relation.cells.push_back(other);
  }
  relation.begin.push_back(relation.cells.size());
  return relation;
}

double LayeredGraph::largestDetour(size_t layer, Metric metric,
                                   bool isInto) const {
  metric.energyWeight *= source.weightOf(layer);
  double longestS = 0, rampWeight = 0;
  if (isOverlapping) {
    // A sum, of the axes' energies and the longest ramp.
    rampWeight =
        metric.timeWeight + metric.energyWeight * source.transitionPowerW;
    longestS = rampsS.back();
    metric.timeWeight = 0;
  }
  double total = std::abs(rampWeight) * longestS;
  // Two that go into different cells come from the same one.
  bool isColumn = !isInto;
  for (const AxisView &axis : axes)
    total += largestSpread(&transitions.energyJ[axis.matrixBegin],
                           &transitions.timeS[axis.matrixBegin], axis.size(),
                           isColumn, metric);
  return total;
}
