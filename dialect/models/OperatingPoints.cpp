//===- OperatingPoints.cpp - What a target can be set to --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/models/OperatingPoints.h"

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
    SupplyOp supply = target.getSupply(domain);
    if (!supply || !supply.getRegulated())
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

/// The point of these levels and modes, at which domains have these
/// frequencies.
static OperatingPoint makePoint(TargetOp target, ArrayRef<uint16_t> levels,
                                ArrayRef<uint16_t> modes,
                                ArrayRef<double> frequencies) {
  OperatingPoint point{
      llvm::to_vector<4>(levels), llvm::to_vector<0>(modes), {}};
  for (auto [index, domain] : llvm::enumerate(target.getDomains())) {
    uint16_t mode = modes.empty() ? 0 : modes[index];
    point.domains.push_back(
        {target.getLevelsV()[levels[index]] /
             domain.getNominalV().convertToDouble(),
         frequencies[index],
         target.getLeakageFactor(domain, levels[index], mode),
         mode == 0 ? 1
                   : target.getModes(domain)[mode - 1]
                         .getDynamicFactor()
                         .convertToDouble()});
  }
  return point;
}

SmallVector<OperatingPoint, 1>
pfmlir::power::findOperatingPoint(TargetOp target, const AllowedLevels &allowed,
                                  const PointChoice &choice) {
  if (!allowed.allow(choice.levels))
    return {};
  std::optional<SmallVector<double, 4>> frequencies =
      target.getFrequenciesHz(choice.levels, choice.modes);
  if (!frequencies)
    return {};
  return {makePoint(target, choice.levels, choice.modes, *frequencies)};
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

FailureOr<std::vector<OperatingPoint>>
pfmlir::power::enumerateOperatingPoints(TargetOp target, size_t numLayers) {
  SmallVector<DomainOp> domains = target.getDomains();
  SmallVector<unsigned> numLevels(domains.size(), target.getLevelsV().size());
  SmallVector<unsigned> numModes;
  for (DomainOp domain : domains)
    numModes.push_back(1 + target.getModes(domain).size());
  if (failed(checkNumStates(target, numLayers, numModes)))
    return failure();
  bool hasModes = llvm::any_of(numModes, [](unsigned n) { return n > 1; });

  AllowedLevels allowed(target);
  std::vector<OperatingPoint> points;
  SmallVector<uint16_t, 4> levels(domains.size());
  do {
    if (!allowed.allow(levels))
      continue;
    SmallVector<uint16_t, 0> modes(hasModes ? domains.size() : 0);
    do {
      // None where a clock makes nothing as slow.
      if (auto frequencies = target.getFrequenciesHz(levels, modes))
        points.push_back(makePoint(target, levels, modes, *frequencies));
    } while (hasModes && advance(modes, numModes));
  } while (advance(levels, numLevels));
  if (points.empty())
    return emitBriefOpError(target)
           << "expects a combination of levels that its supplies, clocks and "
              "exclusions allow, but there is none";
  return points;
}
