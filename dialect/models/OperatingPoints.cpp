//===- OperatingPoints.cpp - What a target can be set to --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/models/OperatingPoints.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Which levels go together
//===----------------------------------------------------------------------===//

AllowedLevels::AllowedLevels(TargetOp target) {
  SmallVector<DomainOp> domains = target.getDomains();
  size_t numLevels = target.getLevelsV().size();
  llvm::SmallDenseMap<StringAttr, unsigned> indexOf;
  llvm::SmallDenseMap<Operation *, unsigned> firstOn;
  for (auto [index, domain] : llvm::enumerate(domains)) {
    indexOf[domain.getSymNameAttr()] = index;
    auto &possible = canSupply.emplace_back();
    for (size_t level = 0; level < numLevels; ++level)
      possible.push_back(target.canSupply(domain, level));
    SupplyOp supply = target.getRegulator(domain);
    if (!supply)
      continue;
    auto [first, isFirst] = firstOn.try_emplace(supply, index);
    if (!isFirst)
      together.push_back({first->second, index});
  }
  for (auto exclude : target.getBody().getOps<ExcludeOp>()) {
    Exclusion &exclusion = exclusions.emplace_back();
    for (auto [domain, voltages] :
         llvm::zip_equal(exclude.getDomains(), exclude.getVoltagesV())) {
      exclusion.domains.push_back(
          indexOf[cast<FlatSymbolRefAttr>(domain).getAttr()]);
      auto &isAtLevel = exclusion.isAtLevel.emplace_back(numLevels, false);
      for (double voltage : readNumbers(cast<ArrayAttr>(voltages)))
        isAtLevel[*target.getLevelIndex(voltage)] = true;
    }
  }
}

bool AllowedLevels::allow(ArrayRef<uint16_t> levels) const {
  for (auto [possible, level] : llvm::zip_equal(canSupply, levels))
    if (!possible[level])
      return false;
  for (auto [first, other] : together)
    if (levels[first] != levels[other])
      return false;
  return llvm::none_of(exclusions, [&](const Exclusion &exclusion) {
    return llvm::all_of(llvm::zip_equal(exclusion.domains, exclusion.isAtLevel),
                        [&](const auto &part) {
                          auto [domain, isAtLevel] = part;
                          return isAtLevel[levels[domain]];
                        });
  });
}

//===----------------------------------------------------------------------===//
// Points
//===----------------------------------------------------------------------===//

namespace {
/// How fast the domains of a target run.
class Frequencies {
public:
  explicit Frequencies(TargetOp target);

  /// Those of all domains at these levels and in these modes: each the highest
  /// that its law allows, or that its clock makes for all domains on it. Zero
  /// for a domain without a law. Fails if a clock makes none that is low
  /// enough.
  LogicalResult find(ArrayRef<uint16_t> levels, ArrayRef<uint16_t> modes,
                     SmallVectorImpl<double> &hz) const;
  /// Of a domain, with none.
  size_t numModes(size_t domain) const { return factors[domain].size(); }

private:
  /// [domain][level], by law alone.
  SmallVector<SmallVector<double>> byLaw;
  /// [domain][mode], what a mode makes of it.
  SmallVector<SmallVector<double, 1>> factors;
  struct Clock {
    ClockOp op;
    SmallVector<unsigned> domains;
  };
  llvm::MapVector<Operation *, Clock> clocks;
};
} // namespace

Frequencies::Frequencies(TargetOp target) {
  SmallVector<double> levels = target.getLevelsV();
  for (auto [index, domain] : llvm::enumerate(target.getDomains())) {
    auto &ofDomain = byLaw.emplace_back(levels.size(), 0.0);
    if (VoltageFrequencyLawAttrInterface law = domain.getLawAttr())
      for (auto [hz, voltage] : llvm::zip_equal(ofDomain, levels))
        hz = law.getFrequencyHz(voltage, domain.getNominalV().convertToDouble(),
                                domain.getFrequencyHz()->convertToDouble());
    auto &ofModes = factors.emplace_back();
    ofModes.push_back(1);
    for (ModeOp mode : target.getModes(domain))
      ofModes.push_back(mode.getFrequencyFactor().convertToDouble());
    if (ClockOp clock = target.getClock(domain)) {
      clocks[clock].op = clock;
      clocks[clock].domains.push_back(index);
    }
  }
}

LogicalResult Frequencies::find(ArrayRef<uint16_t> levels,
                                ArrayRef<uint16_t> modes,
                                SmallVectorImpl<double> &hz) const {
  hz.clear();
  for (size_t domain = 0; domain < byLaw.size(); ++domain)
    hz.push_back(byLaw[domain][levels[domain]] *
                 factors[domain][modes.empty() ? 0 : modes[domain]]);
  for (const auto &entry : clocks) {
    const Clock &clock = entry.second;
    double slowest = hz[clock.domains.front()];
    for (unsigned domain : clock.domains)
      slowest = std::min(slowest, hz[domain]);
    std::optional<double> made = ClockOp(clock.op).getFrequencyHz(slowest);
    if (!made)
      return failure();
    for (unsigned domain : clock.domains)
      hz[domain] = *made;
  }
  return success();
}

namespace {
/// Collects points of a target.
class PointCollector {
public:
  PointCollector(TargetOp target, const Frequencies &frequencies)
      : target(target), domains(target.getDomains()),
        levelsV(target.getLevelsV()), frequencies(frequencies),
        known(domains.size()) {
    points.ofDomain.resize(domains.size());
    for (auto [index, of] : llvm::enumerate(known))
      of.resize(levelsV.size() * frequencies.numModes(index));
  }

  /// Adds one, unless a clock makes nothing as slow.
  void add(ArrayRef<uint16_t> levels, ArrayRef<uint16_t> modes);
  OperatingPoints take() { return std::move(points); }

private:
  uint32_t indexOf(size_t domain, uint16_t level, uint16_t mode,
                   double pointHz);
  bool continuesRun() const;

  TargetOp target;
  SmallVector<DomainOp> domains;
  SmallVector<double> levelsV;
  const Frequencies &frequencies;
  OperatingPoints points;
  /// The points that a domain has been at: few at one level and in one mode, by
  /// the frequencies that its clock makes.
  struct KnownPoint {
    double hz;
    uint32_t index;
  };
  /// [domain][level * number of modes + mode].
  std::vector<std::vector<SmallVector<KnownPoint, 1>>> known;
  SmallVector<double, 4> hz;
};
} // namespace

uint32_t PointCollector::indexOf(size_t index, uint16_t level, uint16_t mode,
                                 double pointHz) {
  size_t numModes = frequencies.numModes(index);
  auto &here = known[index][level * numModes + mode];
  for (const KnownPoint &point : here)
    if (point.hz == pointHz)
      return point.index;
  std::vector<DomainPoint> &of = points.ofDomain[index];
  here.push_back({pointHz, uint32_t(of.size())});
  DomainOp domain = domains[index];
  double dynamicFactor = mode == 0 ? 1
                                   : target.getModes(domain)[mode - 1]
                                         .getDynamicFactor()
                                         .convertToDouble();
  of.push_back({levelsV[level] / domain.getNominalV().convertToDouble(),
                pointHz, target.getLeakageFactor(domain, level, mode),
                dynamicFactor});
  return of.size() - 1;
}

void PointCollector::add(ArrayRef<uint16_t> levels, ArrayRef<uint16_t> modes) {
  if (failed(frequencies.find(levels, modes, hz)))
    return;
  points.settings->add(levels, modes);
  for (size_t domain = 0; domain < domains.size(); ++domain)
    points.indices.push_back(indexOf(
        domain, levels[domain], modes.empty() ? 0 : modes[domain], hz[domain]));
  if (!continuesRun())
    points.runBegins.push_back(points.size() - 1);
}

/// Whether the latest state is in a run with the one before.
bool PointCollector::continuesRun() const {
  if (points.size() < 2)
    return false;
  const uint32_t *here = points.indicesOf(points.size() - 1);
  const uint32_t *before = points.indicesOf(points.size() - 2);
  size_t last = domains.size() - 1;
  return std::equal(here, here + last, before) &&
         here[last] == before[last] + 1;
}

/// Counts like an odometer whose digits have these numbers of values: the last
/// one turns fastest. Returns false once all are back at zero.
static bool advance(MutableArrayRef<uint16_t> digits,
                    ArrayRef<unsigned> sizes) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (++digits[i] < sizes[i])
      return true;
    digits[i] = 0;
  }
  return false;
}

/// Whether there is memory for all states of so many layers.
static LogicalResult checkNumStates(TargetOp target, size_t numLayers,
                                    ArrayRef<unsigned> numModes) {
  // A few gigabytes.
  constexpr uint64_t kMostStates = uint64_t(1) << 26;
  size_t numLevels = target.getLevelsV().size();
  uint64_t numStates = std::max<size_t>(numLayers, 1);
  for (unsigned modes : numModes)
    numStates =
        llvm::SaturatingMultiply<uint64_t>(numStates, numLevels * modes);
  if (numStates <= kMostStates)
    return success();
  return emitBriefOpError(target)
         << "expects at most " << kMostStates << " states of all layers, but "
         << numLevels << " levels in each domain make " << numStates << " of "
         << numLayers << " layers";
}

/// All points that `allowed` allows.
static FailureOr<OperatingPoints>
enumeratePoints(TargetOp target, size_t numLayers, const AllowedLevels &allowed,
                const Frequencies &frequencies) {
  SmallVector<DomainOp> domains = target.getDomains();
  SmallVector<unsigned> numLevels(domains.size(), target.getLevelsV().size());
  SmallVector<unsigned> numModes;
  for (DomainOp domain : domains)
    numModes.push_back(1 + target.getModes(domain).size());
  if (failed(checkNumStates(target, numLayers, numModes)))
    return failure();
  bool hasModes = llvm::any_of(numModes, [](unsigned n) { return n > 1; });

  PointCollector collector(target, frequencies);
  SmallVector<uint16_t, 4> levels(domains.size());
  do {
    if (!allowed.allow(levels))
      continue;
    SmallVector<uint16_t, 4> modes(hasModes ? domains.size() : 0);
    do
      collector.add(levels, modes);
    while (hasModes && advance(modes, numModes));
  } while (advance(levels, numLevels));
  OperatingPoints points = collector.take();
  if (points.size() == 0)
    return emitBriefOpError(target)
           << "expects a combination of levels that its supplies, clocks and "
              "exclusions allow, but there is none";
  return points;
}

LogicalResult pfmlir::power::costLayers(
    TargetOp target, size_t numLayers, const CostRequest &request,
    llvm::function_ref<LayerCosts(size_t, const OperatingPoints &)> costLayer,
    SmallVectorImpl<LayerCosts> &costs) {
  AllowedLevels allowed(target);
  Frequencies frequencies(target);
  if (request.only.empty()) {
    FailureOr<OperatingPoints> points =
        enumeratePoints(target, numLayers, allowed, frequencies);
    if (failed(points))
      return failure();
    for (size_t layer = 0; layer < numLayers; ++layer)
      costs.push_back(costLayer(layer, *points));
    return success();
  }
  for (auto [layer, choice] : llvm::enumerate(request.only)) {
    PointCollector point(target, frequencies);
    if (allowed.allow(choice.levels))
      point.add(choice.levels, choice.modes);
    costs.push_back(costLayer(layer, point.take()));
  }
  return success();
}
