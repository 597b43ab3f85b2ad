//===- BankChoices.cpp - Banks that may stay powered ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/BankChoices.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// One memory that costs something to wake.
class SwitchedMemory {
public:
  SwitchedMemory(TargetOp target, MemoryOp memory);

  LogicalResult readNeeds(ArrayRef<LayerOp> layers, ArrayRef<LayerWays> costs);
  /// Numbers of banks that may be powered in a layer that needs so many.
  SmallVector<double> optionsFor(size_t layer, double needed) const;
  double neededIn(const LayerWay &way) const {
    return way.costs.poweredBanks[index];
  }
  /// Adds the state with so many banks on.
  void addState(const LayerState &state, double needed, double powered,
                LayerCosts &costs) const;

private:
  TargetOp target;
  MemoryOp memory;
  /// Among the target's memories.
  size_t index;
  size_t domainIndex;
  DomainOp domain;
  /// All that some layer needs.
  std::set<double> needs;
  /// By layer, the most that an earlier and a later one need.
  SmallVector<double> mostBefore, mostAfter;
};
} // namespace

SwitchedMemory::SwitchedMemory(TargetOp target, MemoryOp memory)
    : target(target), memory(memory) {
  SmallVector<MemoryOp> memories = target.getMemories();
  index = llvm::find(memories, memory) - memories.begin();
  SmallVector<DomainOp> domains = target.getDomains();
  const auto *supplied = llvm::find_if(domains, [&](DomainOp candidate) {
    return candidate.getSymName() == memory.getDomain();
  });
  domain = *supplied;
  domainIndex = supplied - domains.begin();
}

LogicalResult SwitchedMemory::readNeeds(ArrayRef<LayerOp> layers,
                                        ArrayRef<LayerWays> costs) {
  SmallVector<double> most;
  for (auto [layer, ways] : llvm::zip_equal(layers, costs)) {
    double &ofLayer = most.emplace_back(0);
    for (const LayerWay &way : ways) {
      if (way.costs.poweredBanks.empty())
        return emitBriefOpError(LayerOp(layer))
               << "expects a cost model that says how many banks it needs, "
                  "because powering those of memory @"
               << memory.getSymName() << " has a cost";
      needs.insert(neededIn(way));
      ofLayer = std::max(ofLayer, neededIn(way));
    }
  }
  mostBefore.resize(most.size());
  mostAfter.resize(most.size());
  for (size_t layer = 1; layer < most.size(); ++layer)
    mostBefore[layer] = std::max(mostBefore[layer - 1], most[layer - 1]);
  for (size_t layer = most.size() - 1; layer-- > 0;)
    mostAfter[layer] = std::max(mostAfter[layer + 1], most[layer + 1]);
  return success();
}

SmallVector<double> SwitchedMemory::optionsFor(size_t layer,
                                               double needed) const {
  SmallVector<double> options = {needed};
  double most = std::min(mostBefore[layer], mostAfter[layer]);
  for (double count : needs)
    if (count > needed && count <= most)
      options.push_back(count);
  return options;
}

void SwitchedMemory::addState(const LayerState &state, double needed,
                              double powered, LayerCosts &costs) const {
  SmallVector<double> banks(state.banks);
  banks.push_back(powered);
  SmallVector<double> leakageJ(state.byDomain.leakageJ);
  double watts = 0;
  if (powered != needed) {
    uint16_t mode = state.modes.empty() ? 0 : state.modes[domainIndex];
    watts = (powered - needed) *
            MemoryOp(memory).getBankLeakageW().convertToDouble() *
            TargetOp(target).getLeakageFactor(domain, state.levels[domainIndex],
                                              mode);
  }
  if (!leakageJ.empty())
    leakageJ[domainIndex] += watts * state.timeS;
  costs.addState(state.levels, state.energyJ + watts * state.timeS, state.timeS,
                 state.leakageW + watts, state.modes, banks,
                 {state.byDomain.dynamicJ, leakageJ});
}

/// Replaces the states of a way by those with each number of banks.
static void expand(LayerWay &way, const SwitchedMemory &memory,
                   ArrayRef<double> options) {
  LayerCosts expanded;
  expanded.poweredBanks = way.costs.poweredBanks;
  expanded.analysis = way.costs.analysis;
  for (size_t state = 0; state < way.costs.size(); ++state)
    for (double powered : options)
      memory.addState(way.costs[state], memory.neededIn(way), powered,
                      expanded);
  way.costs = std::move(expanded);
}

LogicalResult pfmlir::power::addBankChoices(TargetOp target,
                                            ArrayRef<LayerOp> layers,
                                            MutableArrayRef<LayerWays> costs,
                                            ArrayRef<LayerChoice> choices) {
  for (auto [position, op] : llvm::enumerate(target.getWakeMemories())) {
    SwitchedMemory memory(target, op);
    if (failed(memory.readNeeds(layers, costs)))
      return failure();
    for (auto [layer, ways] : llvm::enumerate(costs))
      for (LayerWay &way : ways) {
        if (choices.empty()) {
          expand(way, memory, memory.optionsFor(layer, memory.neededIn(way)));
          continue;
        }
        ArrayRef<double> chosen = choices[layer].point.banks;
        if (position >= chosen.size() ||
            chosen[position] < memory.neededIn(way))
          way.costs.keepIf([](const LayerState &) { return false; });
        else
          expand(way, memory, chosen[position]);
      }
  }
  return success();
}
