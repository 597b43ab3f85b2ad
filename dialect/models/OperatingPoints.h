//===- OperatingPoints.h - What a target can be set to ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operating points of a target: a level for each domain, and a mode where
// it has modes, as far as limits, laws, clocks, supplies and exclusions allow
// them. What each cost model goes through.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_MODELS_OPERATINGPOINTS_H
#define PFMLIR_DIALECT_MODELS_OPERATINGPOINTS_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// A domain at an operating point.
struct DomainPoint {
  /// Voltage over nominal voltage.
  double relativeVoltage;
  /// Zero for a domain without a law.
  double frequencyHz;
  /// Leakage power over that at nominal voltage.
  double leakageFactor;
  /// What a mode makes of the dynamic energy.
  double dynamicFactor;
};

struct OperatingPoint {
  /// Per domain, an index into the target's levels.
  llvm::SmallVector<uint16_t, 4> levels;
  /// Per domain, 0 for no mode or an index into its modes, plus one. Empty
  /// where no domain has modes.
  llvm::SmallVector<uint16_t, 0> modes;
  llvm::SmallVector<DomainPoint, 4> domains;
};

/// Which levels the domains of a target can have together.
class AllowedLevels {
public:
  explicit AllowedLevels(TargetOp target);
  bool allow(llvm::ArrayRef<uint16_t> levels) const;

private:
  /// [domain][level].
  llvm::SmallVector<llvm::SmallVector<bool>> canSupply;
  /// Domains that must have one level: each with the first on its supply.
  llvm::SmallVector<std::pair<unsigned, unsigned>> together;
  /// What is excluded: of some domains, by level.
  struct Exclusion {
    llvm::SmallVector<unsigned> domains;
    llvm::SmallVector<llvm::SmallVector<bool>> isAtLevel;
  };
  llvm::SmallVector<Exclusion> exclusions;
};

/// All operating points, by levels with the last domain's varying fastest, and
/// then by modes. Reports an error at the target if there are none, or so many
/// that `numLayers` layers of them don't fit into memory.
mlir::FailureOr<std::vector<OperatingPoint>>
enumerateOperatingPoints(TargetOp target, size_t numLayers);

/// The point of these levels and modes; none where that is not possible.
llvm::SmallVector<OperatingPoint, 1>
findOperatingPoint(TargetOp target, const AllowedLevels &allowed,
                   const PointChoice &choice);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_MODELS_OPERATINGPOINTS_H
