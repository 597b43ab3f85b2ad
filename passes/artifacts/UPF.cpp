//===- UPF.cpp - Power intent of a schedule ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What IEEE 1801-2015 calls power intent, as a start: a supply set for each
// domain, its states at the levels that it is at, and the table of the states
// that the domains are in together. Which instances are in which domain, the
// target does not know.
//
//===----------------------------------------------------------------------===//

#include "passes/artifacts/Artifacts.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <set>

using namespace mlir;
using namespace pfmlir::power;

/// "V900000UV".
static std::string nameState(double voltageV) {
  return llvm::formatv("V{0}UV", std::llround(voltageV * 1e6));
}

/// What domains are at together, in the order in which that first happens.
static std::vector<SmallVector<double>> collectStates(Timeline &timeline) {
  std::vector<SmallVector<double>> states;
  auto add = [&](ArrayRef<double> voltagesV) {
    SmallVector<double> state(voltagesV);
    if (!llvm::is_contained(states, state))
      states.push_back(state);
  };
  for (LayerOp layer : timeline.network.layers)
    add(layer.getState()->getVoltagesV());
  ScheduleOp schedule = timeline.network.schedule;
  if (IdleStateOp idle = schedule.findIdleState(timeline.network.target))
    add(idle.getVoltagesV());
  return states;
}

static void printDomain(DomainOp domain, const std::set<double> &voltagesV,
                        raw_ostream &os) {
  std::string name = makeIdentifier(domain.getSymName());
  os << llvm::formatv(
      "create_supply_net VDD_{0}\n"
      "create_supply_set SS_{0} -function {{power VDD_{0}} -function {{ground "
      "VSS}\n"
      "create_power_domain PD_{0} -elements {{} -supply {{primary SS_{0}}\n",
      name);
  for (double voltage : voltagesV)
    os << llvm::formatv(
        "add_power_state SS_{0} -state {1} {{-supply_expr {{power == {{FULL_ON "
        "{2}} && ground == {{FULL_ON 0.0}}}\n",
        name, nameState(voltage), formatNumber(voltage));
  os << "\n";
}

/// Memories that keep their content in banks that are gated.
static void printRetention(TargetOp target, raw_ostream &os) {
  for (MemoryOp memory : target.getMemories())
    if (memory.getBankRetentionW())
      os << llvm::formatv("set_retention RET_{0} -domain PD_{1} -elements {{} "
                          "-retention_supply SS_{1}\n",
                          makeIdentifier(memory.getSymName()),
                          makeIdentifier(memory.getDomain()));
}

LogicalResult pfmlir::power::writeUPF(Timeline &timeline, raw_ostream &os) {
  TargetOp target = timeline.network.target;
  SmallVector<DomainOp> domains = target.getDomains();
  std::vector<SmallVector<double>> states = collectStates(timeline);
  os << "# Power intent of " << makeIdentifier(target.getSymName())
     << " in the schedule of "
     << makeIdentifier(timeline.network.function.getName())
     << ".\n# Made by pf-translate --power-to-upf; elements are for the "
        "design to fill in.\n"
        "upf_version 3.0\n\ncreate_supply_net VSS\n\n";
  for (auto [index, domain] : llvm::enumerate(domains)) {
    std::set<double> voltagesV;
    for (const SmallVector<double> &state : states)
      voltagesV.insert(state[index]);
    printDomain(domain, voltagesV, os);
  }
  printRetention(target, os);
  os << "create_pst schedule -supplies {";
  llvm::interleave(
      domains, os,
      [&](DomainOp domain) {
        os << "SS_" << makeIdentifier(domain.getSymName()) << ".power";
      },
      " ");
  os << "}\n";
  for (auto [number, state] : llvm::enumerate(states)) {
    os << "add_pst_state S" << number << " -pst schedule -state {";
    llvm::interleave(
        state, os, [&](double voltage) { os << nameState(voltage); }, " ");
    os << "}\n";
  }
  return success();
}
