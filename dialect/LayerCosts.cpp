//===- LayerCosts.cpp - What a layer costs in every state -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/LayerCosts.h"

#include <algorithm>

using namespace pfmlir::power;
using llvm::ArrayRef;

template <typename T>
static void append(std::vector<T> &to, ArrayRef<T> from) {
  to.insert(to.end(), from.begin(), from.end());
}

void StateSettings::add(ArrayRef<uint16_t> stateLevels,
                        ArrayRef<uint16_t> stateModes,
                        ArrayRef<double> stateBanks) {
  levels.add(stateLevels);
  modes.add(stateModes);
  banks.add(stateBanks);
  ++numStates;
}

LayerState LayerCosts::operator[](size_t state) const {
  LayerState result{settings->levelsOf(state),
                    settings->modesOf(state),
                    settings->banksOf(state),
                    energyJ[state],
                    timeS[state],
                    leakageW[state],
                    {}};
  if (isByDomain()) {
    size_t width = result.levels.size();
    result.byDomain = {
        ArrayRef<double>(dynamicByDomainJ).slice(state * width, width),
        ArrayRef<double>(leakageByDomainJ).slice(state * width, width)};
  }
  return result;
}

Pace LayerAnalysis::getBound() const {
  return Pace(std::max_element(paceS.begin(), paceS.end()) - paceS.begin());
}

void LayerCosts::addState(ArrayRef<uint16_t> levels, double stateEnergyJ,
                          double stateTimeS, double stateLeakageW,
                          ArrayRef<uint16_t> modes, ArrayRef<double> banks,
                          DomainEnergies byDomain) {
  if (!settings)
    settings = std::make_shared<StateSettings>();
  else if (settings.use_count() > 1)
    settings = std::make_shared<StateSettings>(*settings);
  settings->add(levels, modes, banks);
  energyJ.push_back(stateEnergyJ);
  timeS.push_back(stateTimeS);
  leakageW.push_back(stateLeakageW);
  append(dynamicByDomainJ, byDomain.dynamicJ);
  append(leakageByDomainJ, byDomain.leakageJ);
}

void LayerCosts::keepIf(llvm::function_ref<bool(const LayerState &)> isKept) {
  LayerCosts kept;
  kept.poweredBanks = poweredBanks;
  kept.analysis = analysis;
  for (size_t index = 0; index < size(); ++index) {
    LayerState state = (*this)[index];
    if (isKept(state))
      kept.addState(state.levels, state.energyJ, state.timeS, state.leakageW,
                    state.modes, state.banks, state.byDomain);
  }
  // What all states keep, layers go on sharing.
  if (kept.size() < size())
    *this = std::move(kept);
}
