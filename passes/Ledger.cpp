//===- Ledger.cpp - What a period takes, step by step -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Ledger.h"

using namespace mlir;
using namespace pfmlir::power;

Ledger::Ledger(TargetOp target, double periodS)
    : target(target), periodS(periodS),
      awakeW(numberOr0(target.getAwakePowerW())) {}

//===----------------------------------------------------------------------===//
// What changes
//===----------------------------------------------------------------------===//

void Ledger::charge(double energyJ, double timeS) {
  parts.transitionJ += share * energyJ;
  transitionSumS += timeS;
  transitionLongestS = std::max(transitionLongestS, timeS);
}

template <typename Map, typename Key>
static auto lookUp(const Map &map, Key key)
    -> std::optional<typename Map::mapped_type> {
  auto found = map.find(key);
  if (found == map.end())
    return std::nullopt;
  return found->second;
}

std::optional<double> Ledger::voltageOf(DomainOp domain) const {
  return lookUp(voltagesV, domain.getOperation());
}

std::optional<ModeOp> Ledger::modeOf(DomainOp domain) const {
  return lookUp(modes, domain.getOperation());
}

std::optional<double> Ledger::banksOf(MemoryOp memory) const {
  return lookUp(banks, memory.getOperation());
}

void Ledger::setVoltage(DomainOp domain, double voltageV) {
  std::optional<double> before = voltageOf(domain);
  voltagesV[domain] = voltageV;
  if (SupplyOp supply = target.getRegulator(domain)) {
    // Once for all domains on it.
    std::optional<double> supplied = lookUp(regulatedV, supply.getOperation());
    if (supplied && *supplied != voltageV)
      charge(supply.getEnergyJBetween(*supplied, voltageV),
             supply.getTimeSBetween(*supplied, voltageV));
    regulatedV[supply] = voltageV;
    return;
  }
  TransitionOp transition = target.getTransition(domain);
  if (!transition || !before || *before == voltageV)
    return;
  unsigned from = *target.getLevelIndex(*before);
  unsigned to = *target.getLevelIndex(voltageV);
  charge(transition.getEnergyJBetween(from, to),
         transition.getTimeSBetween(from, to));
}

void Ledger::setMode(DomainOp domain, ModeOp mode) {
  std::optional<ModeOp> before = modeOf(domain);
  modes[domain] = mode;
  if (!before || *before == mode)
    return;
  double energyJ = 0, timeS = 0;
  for (ModeOp end : {*before, mode})
    if (end) {
      energyJ += end.getEnergyJ().convertToDouble();
      timeS += end.getTimeS().convertToDouble();
    }
  charge(energyJ, timeS);
}

void Ledger::setBanks(MemoryOp memory, double powered) {
  std::optional<double> before = banksOf(memory);
  banks[memory] = powered;
  if (!before || powered <= *before || !memory.getWakeEnergyJ())
    return;
  charge((powered - *before) * memory.getWakeEnergyJ()->convertToDouble(),
         memory.getWakeTimeS()->convertToDouble());
}

void Ledger::setEngine(EngineOp next) {
  std::optional<EngineOp> before = engine;
  engine = next;
  if (!before || *before == next)
    return;
  double energyJ = 0, timeS = 0;
  for (EngineOp end : {*before, next})
    if (end) {
      energyJ += end.getHandoverEnergyJ().convertToDouble();
      timeS += end.getHandoverTimeS().convertToDouble();
    }
  charge(energyJ, timeS);
}

void Ledger::finishTransition() {
  double timeS =
      target.getOverlappingRamps() ? transitionLongestS : transitionSumS;
  transitionSumS = transitionLongestS = 0;
  activeS += timeS;
  parts.awakeJ += share * (awakeW * timeS);
}

//===----------------------------------------------------------------------===//
// What runs
//===----------------------------------------------------------------------===//

void Ledger::run(double energyJ, double timeS, double leakageW) {
  finishTransition();
  double dispatchS = numberOr0(target.getDispatchTimeS());
  parts.dynamicJ += share * (energyJ - leakageW * timeS);
  parts.leakageJ += share * (leakageW * (dispatchS + timeS));
  parts.awakeJ += share * (awakeW * (dispatchS + timeS));
  activeS += dispatchS + timeS;
  layersS += dispatchS + timeS;
}

void Ledger::goOnWith(double partOfPeriods, SleepStateOp sleepOfOthers) {
  double ended = share - partOfPeriods;
  share = partOfPeriods;
  auto [overheadJ, overheadS] = target.getSleepOverhead(sleepOfOthers);
  double asleepS = periodS - overheadS - layersS;
  parts.tailJ +=
      ended *
      (overheadJ + sleepOfOthers.getPowerW().convertToDouble() * asleepS);
  parts.awakeJ += ended * (awakeW * overheadS);
}

void Ledger::addRails(size_t numRails) {
  parts.railsJ +=
      numberOr0(target.getRailPowerW()) * periodS * double(numRails);
}

//===----------------------------------------------------------------------===//
// How it ends
//===----------------------------------------------------------------------===//

double Ledger::latestEndS() const {
  double margin = numberOr0(TargetOp(target).getMargin());
  return periodS * (1 - margin) * (1 + kDeadlineTolerance);
}

bool Ledger::keepsDeadline() const { return activeS <= latestEndS(); }

void Ledger::idle(double powerW) {
  restPowerW = powerW + awakeW;
  parts.tailJ += share * (powerW * remainingTimeS());
  parts.awakeJ += share * (awakeW * remainingTimeS());
}

bool Ledger::canSleep(SleepStateOp sleep) const {
  return activeS + TargetOp(target).getSleepOverhead(sleep).second <=
         latestEndS();
}

void Ledger::sleep(SleepStateOp sleep) {
  auto [overheadJ, overheadS] = target.getSleepOverhead(sleep);
  restPowerW = sleep.getPowerW().convertToDouble();
  parts.tailJ +=
      share *
      (overheadJ + restPowerW * std::max(remainingTimeS() - overheadS, 0.0));
  parts.awakeJ += share * (awakeW * overheadS);
}

double Ledger::scaleJ() const {
  return parts.sumJ() +
         restPowerW * periodS * (kDeadlineTolerance / kTolerance);
}
