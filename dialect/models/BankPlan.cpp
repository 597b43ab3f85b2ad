//===- BankPlan.cpp - Which banks a network keeps powered -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/models/BankPlan.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir::power;

double pfmlir::power::bytesOf(ArrayRef<ShapedType> values,
                              int64_t defaultBits) {
  double bits = 0;
  for (ShapedType value : values) {
    Type element = value.getElementType();
    int64_t elementBits = defaultBits;
    if (element.isInteger())
      elementBits = element.getIntOrFloatBitWidth();
    bits += double(value.getNumElements()) * double(elementBits);
  }
  return bits / 8;
}

static InFlightDiagnostic emitDoesNotFit(LayerOp layer, MemoryOp memory,
                                         double neededBanks) {
  InFlightDiagnostic diagnostic = emitBriefOpError(layer)
                                  << "needs " << formatNumber(neededBanks)
                                  << " banks of " << memory.getBankBytes()
                                  << " bytes of memory @" << memory.getSymName()
                                  << ", but there are " << *memory.getBanks();
  diagnostic.attachNote(memory.getLoc()) << "memory declared here";
  return diagnostic;
}

/// Banks are switched `granularity` at a time.
static double roundUp(double banks, int64_t granularity) {
  return granularity > 1
             ? std::ceil(banks / double(granularity)) * double(granularity)
             : banks;
}

FailureOr<SmallVector<MemoryUse>>
pfmlir::power::planFeatures(MemoryOp memory, ArrayRef<LayerOp> layers,
                            ArrayRef<MemoryNeed> needs, bool isGated,
                            int64_t granularity) {
  double bankBytes = double(memory.getBankBytes());
  double most = 0;
  for (const MemoryNeed &need : needs)
    most =
        std::max(most, std::ceil((need.ownBytes + need.keptBytes) / bankBytes));
  double total = double(memory.getBanks().value_or(int64_t(most)));

  SmallVector<MemoryUse> uses;
  for (auto [layer, need] : llvm::zip_equal(layers, needs)) {
    double own = std::ceil(need.ownBytes / bankBytes);
    double all = std::ceil((need.ownBytes + need.keptBytes) / bankBytes);
    if (all > total)
      return emitDoesNotFit(layer, memory, all);
    // Without power, a nonvolatile memory keeps what is not in use.
    bool isKeptOff = memory.getIsNonvolatile();
    bool isRetained = !isKeptOff && memory.getBankRetentionW();
    double on = isKeptOff || isRetained ? own : all;
    MemoryUse use;
    use.banksOn = isGated ? std::min(roundUp(on, granularity), total) : total;
    if (isRetained)
      use.banksRetained = std::max(all - use.banksOn, 0.0);
    uses.push_back(use);
  }
  return uses;
}

FailureOr<SmallVector<MemoryUse>> pfmlir::power::planWeights(
    MemoryOp memory, ArrayRef<LayerOp> layers, ArrayRef<double> weightBytes,
    ArrayRef<double> activeBanks, bool isGated, int64_t granularity) {
  double bankBytes = double(memory.getBankBytes());
  double sumBytes = 0;
  for (double bytes : weightBytes)
    sumBytes += bytes;
  double needed = std::ceil(sumBytes / bankBytes);
  double total = double(memory.getBanks().value_or(int64_t(needed)));

  SmallVector<MemoryUse> uses;
  double freeBytes = total * bankBytes;
  for (auto [layer, bytes, active] :
       llvm::zip_equal(layers, weightBytes, activeBanks)) {
    MemoryUse use;
    use.reloadedBytes = std::max(bytes - freeBytes, 0.0);
    freeBytes = std::max(freeBytes - bytes, 0.0);
    if (use.reloadedBytes > 0 && !memory.getReloadEnergyJ())
      return emitDoesNotFit(layer, memory, needed);
    // What is gated is lost where the memory is volatile.
    double on = memory.getIsVolatile() ? std::min(needed, total)
                                       : roundUp(active, granularity);
    use.banksOn = isGated ? std::min(on, total) : total;
    uses.push_back(use);
  }
  return uses;
}
