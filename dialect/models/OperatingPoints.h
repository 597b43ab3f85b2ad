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

/// Operating points, in tables: what they are, and at which point each domain
/// is.
struct OperatingPoints {
  std::shared_ptr<StateSettings> settings = std::make_shared<StateSettings>();
  /// By domain, all different points that it is at.
  llvm::SmallVector<std::vector<DomainPoint>, 4> ofDomain;
  /// By state and domain, an index into these.
  std::vector<uint32_t> indices;
  /// The first states of runs, in which the last domain goes through points one
  /// after the other while all others stay where they are.
  std::vector<size_t> runBegins;

  size_t size() const { return settings->size(); }
  size_t runEnd(size_t run) const {
    return run + 1 < runBegins.size() ? runBegins[run + 1] : size();
  }
  const uint32_t *indicesOf(size_t state) const {
    return &indices[state * ofDomain.size()];
  }
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

/// Appends what each layer costs by `costLayer`, which is given its index: at
/// all operating points, by levels with the last domain's varying fastest, and
/// then by modes; or at the one that is asked for, if that is possible. Reports
/// an error at the target if there are no points, or so many that those of all
/// layers don't fit into memory.
mlir::LogicalResult costLayers(
    TargetOp target, size_t numLayers, const CostRequest &request,
    llvm::function_ref<LayerCosts(size_t, const OperatingPoints &)> costLayer,
    llvm::SmallVectorImpl<LayerCosts> &costs);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_MODELS_OPERATINGPOINTS_H
