//===- Spice.cpp - Supply currents for SPICE --------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the supplies have to deliver over a period: a subcircuit with a current
// source for each rail, for each regulated supply, and for what is drawn
// elsewhere; and one with ideal sources of their voltages. Each is piece-wise
// linear: what steps in the schedule is a short ramp around the step, with the
// same area.
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"
#include "pfmlir/Passes/Costs.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace pfmlir::power;

/// Of the shortest part of a period, what half a ramp takes.
static constexpr double kHalfRamp = 1.0 / 64;

namespace {
/// A node of the subcircuits, with its voltage and its current in each part of
/// the period.
struct Supply {
  std::string name;
  std::vector<double> voltagesV, currentsA;
};

/// Divides what is drawn in each part among the supplies.
class SupplyLedger {
public:
  SupplyLedger(Timeline &timeline, ArrayRef<ChosenCosts> costs)
      : timeline(timeline), target(timeline.network.target), costs(costs),
        spans(roundIntervals(timeline, unit)) {}
  std::vector<Supply> run();

  /// Where each part begins, and where the last one ends, in seconds.
  std::vector<double> getEdgesS() const;

private:
  void addSupply(std::string name, double voltageV);
  Supply &getSupply(DomainOp domain, double voltageV);
  std::vector<double> getDomainPowersW(const Span &span) const;
  void divide(size_t index);
  double toSeconds(uint64_t time) const { return double(time) * unit.seconds; }

  Timeline &timeline;
  TargetOp target;
  ArrayRef<ChosenCosts> costs;
  TimeUnit unit = getTimeUnit(timeline.periodS);
  std::vector<Span> spans;
  /// By name, in the order in which they are printed.
  llvm::MapVector<std::string, Supply, std::map<std::string, unsigned>>
      supplies;
};
} // namespace

static std::string nameRail(double voltageV) {
  return llvm::formatv("rail_{0}uv", std::llround(voltageV * 1e6));
}

static std::string nameRegulator(SupplyOp supply) {
  return "supply_" + makeIdentifier(supply.getSymName());
}

void SupplyLedger::addSupply(std::string name, double voltageV) {
  supplies[name] = {name, std::vector<double>(spans.size(), voltageV),
                    std::vector<double>(spans.size(), 0.0)};
}

Supply &SupplyLedger::getSupply(DomainOp domain, double voltageV) {
  SupplyOp regulator = target.getRegulator(domain);
  return supplies[regulator ? nameRegulator(regulator) : nameRail(voltageV)];
}

std::vector<double> SupplyLedger::getEdgesS() const {
  std::vector<double> edgesS = {0};
  for (const Span &span : spans)
    edgesS.push_back(toSeconds(span.end));
  return edgesS;
}

/// In a layer, and while it or its state is waited in; nothing where domains
/// are not told apart.
std::vector<double> SupplyLedger::getDomainPowersW(const Span &span) const {
  bool isIdle =
      span.kind == Interval::Tail && !timeline.network.schedule.getTail();
  bool isLayer = span.kind == Interval::Layer;
  if (!isLayer && !isIdle && span.kind != Interval::Dispatch)
    return {};
  size_t layer = isIdle ? costs.size() - 1 : span.layer;
  const ChosenCosts &chosen = costs[layer];
  StateAttr state = *LayerOp(timeline.network.layers[layer]).getState();
  double timeS = state.getTimeS().getValueAsDouble();
  if (chosen.leakageByDomainJ.empty() || !(timeS > 0))
    return {};
  std::vector<double> powersW;
  for (auto [dynamicJ, leakageJ] :
       llvm::zip_equal(chosen.dynamicByDomainJ, chosen.leakageByDomainJ))
    powersW.push_back((isLayer ? dynamicJ + leakageJ : leakageJ) / timeS);
  return powersW;
}

void SupplyLedger::divide(size_t index) {
  const Span &span = spans[index];
  double durationS = toSeconds(span.end - span.start);
  double totalW = span.energyJ / durationS, restW = totalW;
  std::vector<double> powersW = getDomainPowersW(span);
  size_t layer = std::min(span.layer, costs.size() - 1);
  ArrayRef<double> voltagesV =
      LayerOp(timeline.network.layers[layer]).getState()->getVoltagesV();
  for (auto [domain, voltage] : llvm::zip_equal(target.getDomains(), voltagesV))
    if (SupplyOp regulator = target.getRegulator(domain))
      supplies[nameRegulator(regulator)].voltagesV[index] = voltage;
  for (auto [domain, voltage, powerW] :
       llvm::zip(target.getDomains(), voltagesV, powersW)) {
    getSupply(domain, voltage).currentsA[index] += powerW / voltage;
    restW -= powerW;
  }
  // But for rounding.
  if (std::abs(restW) > 1e-12 * totalW)
    supplies["system"].currentsA[index] = restW;
}

std::vector<Supply> SupplyLedger::run() {
  for (double voltage : timeline.network.schedule.getRailsV())
    addSupply(nameRail(voltage), voltage);
  for (DomainOp domain : target.getDomains())
    if (SupplyOp regulator = target.getRegulator(domain))
      addSupply(nameRegulator(regulator), 0);
  addSupply("system", 1);
  for (size_t index = 0; index < spans.size(); ++index)
    divide(index);
  std::vector<Supply> all;
  for (auto &[name, supply] : supplies)
    all.push_back(std::move(supply));
  return all;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// A source between a supply's node and the ground: constant where its value
/// is, or a ramp at each step.
static void printSource(char kind, StringRef name, ArrayRef<double> values,
                        ArrayRef<double> edgesS, raw_ostream &os) {
  os << kind << name << " " << name << " gnd ";
  if (llvm::all_equal(values)) {
    os << "DC " << formatExactly(values.front()) << "\n";
    return;
  }
  double shortestS = edgesS.back();
  for (size_t index = 1; index < edgesS.size(); ++index)
    shortestS = std::min(shortestS, edgesS[index] - edgesS[index - 1]);
  double halfS = shortestS * kHalfRamp;
  auto printPoint = [&](double timeS, double value) {
    os << "+ " << formatExactly(timeS) << " " << formatExactly(value) << "\n";
  };
  os << "PWL(\n";
  printPoint(0, values.front());
  for (size_t index = 1; index < values.size(); ++index)
    if (values[index] != values[index - 1]) {
      printPoint(edgesS[index] - halfS, values[index - 1]);
      printPoint(edgesS[index] + halfS, values[index]);
    }
  printPoint(edgesS.back(), values.back());
  os << "+ )\n";
}

LogicalResult pfmlir::power::writeSpice(Timeline &timeline, raw_ostream &os) {
  FailureOr<SmallVector<ChosenCosts, 0>> costs =
      computeChosenCosts(timeline.network);
  if (failed(costs))
    return failure();
  SupplyLedger ledger(timeline, *costs);
  std::vector<Supply> supplies = ledger.run();
  std::vector<double> edgesS = ledger.getEdgesS();
  ScheduleOp schedule = timeline.network.schedule;
  std::string name = makeIdentifier(schedule.getFunction());
  std::string nodes;
  for (const Supply &supply : supplies)
    nodes += supply.name + " ";
  os << llvm::formatv(
      "* The schedule of @{0} on @{1}: {2} J every {3} s.\n"
      "* Made by pf-translate --power-to-spice. Currents in amperes; `system` "
      "is at 1 V.\n"
      ".subckt {0}_load {4}gnd\n",
      name, makeIdentifier(schedule.getTarget()),
      formatExactly(schedule.getEnergyJ().convertToDouble()),
      formatExactly(timeline.periodS), nodes);
  for (const Supply &supply : supplies)
    printSource('I', supply.name, supply.currentsA, edgesS, os);
  os << ".ends\n\n.subckt " << name << "_supplies " << nodes << "gnd\n";
  for (const Supply &supply : supplies)
    printSource('V', supply.name, supply.voltagesV, edgesS, os);
  os << ".ends\n";
  return success();
}
