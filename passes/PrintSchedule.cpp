//===- PrintSchedule.cpp - A schedule as JSON, CSV or a table ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Scheduler/Referee.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// What the IR says
//===----------------------------------------------------------------------===//

namespace {
struct LayerReport {
  StringRef name;
  std::string workload;
  int64_t multiplyAccumulates = 0;
  /// Volts, one a domain.
  ArrayRef<double> voltages;
  /// What getting into the layer's state takes, before the layer starts.
  double transitionEnergyJ = 0;
  double transitionTimeS = 0;
  double startS = 0;
  double timeS = 0;
  double energyJ = 0;
  double dynamicEnergyJ = 0;
  double leakageEnergyJ = 0;
  double leakageW = 0;
  /// Empty where no model knows.
  DomainEnergies byDomain;
};

struct Report {
  ScheduleOp schedule;
  SmallVector<StringRef> domains;
  /// Among which the rails were chosen.
  SmallVector<double> levelsV;
  SmallVector<LayerReport> layers;
  double periodS, activeTimeS, energyJ, lowerBoundJ;
  /// Of the sleep state that ends the period, if one does.
  double sleepPowerW = 0, sleepOverheadTimeS = 0, sleepOverheadEnergyJ = 0;

  double remainingS() const { return std::max(periodS - activeTimeS, 0.0); }
};
} // namespace

/// Asks the target's cost model what each domain takes. A layer with a cost
/// table of its own has nothing to do with it.
static LogicalResult splitByDomain(Network &network, Report &report) {
  CostModelAttrInterface model = network.target.getCostModelAttr();
  SmallVector<LayerOp> layers;
  SmallVector<LayerReport *> reports;
  SmallVector<SmallVector<uint16_t, 4>> levels;
  for (auto [layer, layerReport] :
       llvm::zip_equal(network.layers, report.layers)) {
    if (!model || layer.getCosts())
      continue;
    layers.push_back(layer);
    reports.push_back(&layerReport);
    auto &layerLevels = levels.emplace_back();
    for (double voltage : layerReport.voltages)
      layerLevels.push_back(*network.target.getLevelIndex(voltage));
  }
  if (layers.empty())
    return success();
  SmallVector<DomainEnergies> energies;
  if (failed(model.splitByDomain(network.target, layers,
                                 network.target.getGatingOrNone(), levels,
                                 energies)))
    return failure();
  if (energies.empty())
    return success();
  for (auto [layerReport, split] : llvm::zip_equal(reports, energies))
    layerReport->byDomain = std::move(split);
  return success();
}

/// The layers' numbers, from the IR, and when they run.
static void readLayers(const ScheduledNetwork &network, Report &report) {
  scheduler::Problem problem = buildScheduledProblem(network);
  std::vector<size_t> states(network.layers.size());
  std::iota(states.begin(), states.end(), 0);
  for (auto [op, timing] :
       llvm::zip_equal(network.layers, scheduler::timingOf(problem, states))) {
    LayerOp layerOp = op;
    StateAttr state = *layerOp.getState();
    LayerReport &layer = report.layers.emplace_back();
    layer.name = layerOp.getName();
    if (WorkloadAttrInterface workload = layerOp.getWorkloadAttr()) {
      llvm::raw_string_ostream(layer.workload) << workload;
      layer.multiplyAccumulates = workload.getMultiplyAccumulates();
    }
    layer.voltages = state.getVoltagesV();
    layer.transitionEnergyJ = timing.transition.energyJ;
    layer.transitionTimeS = timing.transition.timeS;
    layer.startS = timing.startS;
    layer.timeS = state.getTimeS().getValueAsDouble();
    layer.energyJ = state.getEnergyJ().getValueAsDouble();
    layer.leakageW = state.getLeakageW().getValueAsDouble();
    layer.leakageEnergyJ = state.getLeakageEnergyJ();
    layer.dynamicEnergyJ = state.getDynamicEnergyJ();
  }
}

static FailureOr<Report> readReport(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expects a module";
  FailureOr<ScheduledNetwork> network = findScheduledNetwork(module);
  if (failed(network))
    return failure();
  Report report;
  report.schedule = network->schedule;
  ScheduleOp schedule = report.schedule;
  report.periodS = schedule.getPeriodS().convertToDouble();
  report.activeTimeS = schedule.getActiveTimeS().convertToDouble();
  report.energyJ = schedule.getEnergyJ().convertToDouble();
  report.lowerBoundJ = schedule.getLowerBoundJ().convertToDouble();
  report.levelsV = network->target.getLevelsV();
  for (DomainOp domain : network->target.getDomains())
    report.domains.push_back(domain.getSymName());
  if (SleepStateOp sleep = schedule.findTail(network->target)) {
    report.sleepPowerW = sleep.getPowerW().convertToDouble();
    std::tie(report.sleepOverheadEnergyJ, report.sleepOverheadTimeS) =
        network->target.getSleepOverhead(sleep);
  }

  readLayers(*network, report);
  if (failed(splitByDomain(*network, report)))
    return failure();
  return report;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static void writeDictionary(llvm::json::OStream &json, DictionaryAttr attr) {
  if (!attr)
    return;
  for (NamedAttribute entry : attr) {
    if (auto number = dyn_cast<FloatAttr>(entry.getValue()))
      json.attribute(entry.getName(), number.getValueAsDouble());
    else if (auto count = dyn_cast<IntegerAttr>(entry.getValue()))
      json.attribute(entry.getName(), count.getInt());
  }
}

static void writeReferences(llvm::json::OStream &json, ScheduleOp schedule) {
  for (const ScheduleOp::Reference &reference : schedule.readReferences())
    json.attributeObject(reference.name, [&] {
      json.attribute("energy_j", reference.energyJ);
      json.attributeArray("differs_in", [&] {
        for (StringRef part : reference.differsIn)
          json.value(part);
      });
    });
}

static void writeLayer(llvm::json::OStream &json, const Report &report,
                       const LayerReport &layer) {
  json.attribute("name", layer.name);
  if (!layer.workload.empty()) {
    json.attribute("workload", layer.workload);
    json.attribute("multiply_accumulates", layer.multiplyAccumulates);
  }
  json.attributeObject("voltage_v", [&] {
    for (auto [domain, voltage] :
         llvm::zip_equal(report.domains, layer.voltages))
      json.attribute(domain, voltage);
  });
  json.attribute("transition_time_s", layer.transitionTimeS);
  json.attribute("transition_energy_j", layer.transitionEnergyJ);
  json.attribute("start_s", layer.startS);
  json.attribute("time_s", layer.timeS);
  json.attribute("energy_j", layer.energyJ);
  json.attribute("dynamic_energy_j", layer.dynamicEnergyJ);
  json.attribute("leakage_energy_j", layer.leakageEnergyJ);
  json.attribute("leakage_w", layer.leakageW);
  if (layer.byDomain.dynamicJ.empty())
    return;
  auto writeByDomain = [&](StringRef name, ArrayRef<double> energiesJ) {
    json.attributeObject(name, [&] {
      for (auto [domain, energyJ] : llvm::zip_equal(report.domains, energiesJ))
        json.attribute(domain, energyJ);
    });
  };
  writeByDomain("dynamic_energy_by_domain_j", layer.byDomain.dynamicJ);
  writeByDomain("leakage_energy_by_domain_j", layer.byDomain.leakageJ);
}

static void writeTail(llvm::json::OStream &json, const Report &report) {
  ScheduleOp schedule = report.schedule;
  json.attribute("kind", schedule.getTail() ? "sleep" : "idle");
  json.attribute("time_s", report.remainingS());
  json.attribute("energy_j", schedule.getEnergySplitJ()[ScheduleOp::Tail]);
  if (!schedule.getTail())
    return;
  json.attribute("state", schedule.getTail()->getLeafReference().getValue());
  json.attribute("power_w", report.sleepPowerW);
  json.attribute("overhead_time_s", report.sleepOverheadTimeS);
  json.attribute("overhead_energy_j", report.sleepOverheadEnergyJ);
}

static void writeJSON(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  llvm::json::OStream json(os, /*IndentSize=*/2);
  SmallVector<double> split = schedule.getEnergySplitJ();
  json.object([&] {
    json.attribute("function", schedule.getFunction());
    json.attribute("target", schedule.getTarget());
    json.attribute("search", schedule.getSearch());
    json.attribute("period_s", report.periodS);
    json.attribute("active_time_s", report.activeTimeS);
    json.attributeArray("levels_v", [&] {
      for (double level : report.levelsV)
        json.value(level);
    });
    json.attributeArray("rails_v", [&] {
      for (double rail : schedule.getRailsV())
        json.value(rail);
    });
    json.attribute("energy_j", report.energyJ);
    json.attribute("lower_bound_j", report.lowerBoundJ);
    json.attribute("gap", schedule.getGap());
    json.attributeObject("energy_split_j", [&] {
      json.attribute("dynamic", split[ScheduleOp::Dynamic]);
      json.attribute("leakage", split[ScheduleOp::Leakage]);
      json.attribute("transition", split[ScheduleOp::Transition]);
      json.attribute("tail", split[ScheduleOp::Tail]);
    });
    json.attributeObject("baselines_j", [&] {
      writeDictionary(json, schedule.getBaselinesJAttr());
    });
    json.attributeObject("references",
                         [&] { writeReferences(json, schedule); });
    json.attributeObject(
        "uncosted", [&] { writeDictionary(json, schedule.getUncostedAttr()); });
    json.attributeArray("layers", [&] {
      for (const LayerReport &layer : report.layers)
        json.object([&] { writeLayer(json, report, layer); });
    });
    json.attributeObject("tail", [&] { writeTail(json, report); });
  });
  os << "\n";
}

//===----------------------------------------------------------------------===//
// CSV
//===----------------------------------------------------------------------===//

/// Quoted where it must be.
static std::string quoteCSV(StringRef field) {
  if (field.find_first_of(",\"\n") == StringRef::npos)
    return field.str();
  std::string quoted = "\"";
  for (char c : field) {
    if (c == '"')
      quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

static void writeCSV(const Report &report, raw_ostream &os) {
  os << "layer,start_s,time_s,transition_time_s";
  for (StringRef domain : report.domains)
    os << "," << quoteCSV((domain + "_v").str());
  os << ",energy_j,dynamic_energy_j,leakage_energy_j,leakage_w,"
        "transition_energy_j\n";
  auto number = [&](double value) { os << llvm::format(",%.17g", value); };
  for (const LayerReport &layer : report.layers) {
    os << quoteCSV(layer.name);
    number(layer.startS);
    number(layer.timeS);
    number(layer.transitionTimeS);
    for (double voltage : layer.voltages)
      number(voltage);
    number(layer.energyJ);
    number(layer.dynamicEnergyJ);
    number(layer.leakageEnergyJ);
    number(layer.leakageW);
    number(layer.transitionEnergyJ);
    os << "\n";
  }
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

/// A quantity with a prefix that leaves one to three digits before the point.
static std::string withUnit(double value, StringRef unit) {
  static constexpr std::pair<double, const char *> kPrefixes[] = {
      {1, ""}, {1e-3, "m"}, {1e-6, "µ"}, {1e-9, "n"}, {1e-12, "p"}};
  if (value == 0)
    return ("0 " + unit).str();
  for (auto [factor, prefix] : kPrefixes)
    if (std::abs(value) >= factor)
      return llvm::formatv("{0:f3} {1}{2}", value / factor, prefix, unit);
  return llvm::formatv("{0:e3} {1}", value, unit);
}

/// Text in a column of a table. A µ takes two bytes of it, and one place.
static std::string alignRight(StringRef text, int width) {
  int places = llvm::sys::unicode::columnWidthUTF8(text);
  return std::string(std::max(width - places, 0), ' ') + text.str();
}

static std::string percent(double share) {
  return llvm::formatv("{0:f1} %", 100 * share);
}

/// What a reference has that the target does not allow.
static StringRef describeDifference(StringRef part) {
  return llvm::StringSwitch<StringRef>(part)
      .Case(ScheduleOp::kGating, "all banks on")
      .Case(ScheduleOp::kLevels, "voltages that are no levels")
      .Case(ScheduleOp::kRails, "more rails than allowed");
}

static void writeComparisons(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  auto line = [&](StringRef name, double energyJ) -> raw_ostream & {
    return os << "  " << llvm::left_justify(name, 14)
              << alignRight(withUnit(energyJ, "J"), 11) << "  "
              << percent((energyJ - report.energyJ) / energyJ);
  };
  if (DictionaryAttr baselines = schedule.getBaselinesJAttr();
      baselines && !baselines.empty()) {
    os << "\nSaving against\n";
    for (NamedAttribute entry : baselines)
      line(entry.getName(),
           cast<FloatAttr>(entry.getValue()).getValueAsDouble())
          << "\n";
  }
  SmallVector<ScheduleOp::Reference> references = schedule.readReferences();
  if (!references.empty())
    os << "\nSaving against what the target does not allow\n";
  for (const ScheduleOp::Reference &reference : references) {
    line(reference.name, reference.energyJ) << "  (";
    llvm::interleaveComma(
        llvm::map_range(reference.differsIn, describeDifference), os);
    os << ")\n";
  }
}

static void writeSummary(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  auto line = [&](StringRef what) -> raw_ostream & {
    return os << "  " << llvm::left_justify(what, 14);
  };
  os << "Schedule of @" << schedule.getFunction() << " on @"
     << schedule.getTarget() << ", by search '" << schedule.getSearch()
     << "'\n\n";
  line("period") << withUnit(report.periodS, "s")
                 << llvm::format(" (%.2f fps), active for ", 1 / report.periodS)
                 << withUnit(report.activeTimeS, "s") << " ("
                 << percent(report.activeTimeS / report.periodS) << "), then ";
  if (schedule.getTail())
    os << "asleep in @" << schedule.getTail()->getLeafReference().getValue()
       << "\n";
  else
    os << "idle\n";
  line("rails");
  llvm::interleave(
      schedule.getRailsV(), os,
      [&](double rail) { os << llvm::format("%.2f V", rail); }, ", ");
  os << "\n";
  line("energy") << withUnit(report.energyJ, "J") << " a period, "
                 << withUnit(report.energyJ / report.periodS, "W")
                 << " on average\n";
  line("lower bound") << withUnit(report.lowerBoundJ, "J");
  if (schedule.getGap() == 0)
    os << ": proven optimal\n";
  else
    os << llvm::format(": at most %.4f %% above the optimum\n",
                       100 * schedule.getGap());
  static constexpr StringLiteral kParts[] = {"dynamic", "leakage",
                                             "transitions", "tail"};
  for (auto [part, energy] :
       llvm::zip_equal(kParts, schedule.getEnergySplitJ()))
    line(part) << withUnit(energy, "J") << " ("
               << percent(energy / report.energyJ) << ")\n";

  writeComparisons(report, os);
}

static void writeTable(const Report &report, raw_ostream &os) {
  writeSummary(report, os);
  size_t width = 5;
  for (const LayerReport &layer : report.layers)
    width = std::max(width, layer.name.size());

  os << "\n  " << llvm::left_justify("layer", width);
  for (StringRef domain : report.domains)
    os << "  " << llvm::right_justify((domain + " (V)").str(), 10);
  for (StringRef column : {"time", "energy", "dynamic", "leakage"})
    os << "  " << llvm::right_justify(column, 11);
  os << "\n";
  for (const LayerReport &layer : report.layers) {
    os << "  " << llvm::left_justify(layer.name, width);
    for (auto [domain, voltage] :
         llvm::zip_equal(report.domains, layer.voltages))
      os << llvm::format("  %*.2f",
                         int(std::max<size_t>(10, domain.size() + 4)), voltage);
    for (auto [value, unit] :
         {std::pair(layer.timeS, "s"), std::pair(layer.energyJ, "J"),
          std::pair(layer.dynamicEnergyJ, "J"),
          std::pair(layer.leakageEnergyJ, "J")})
      os << "  " << alignRight(withUnit(value, unit), 11);
    os << "\n";
  }

  ScheduleOp schedule = report.schedule;
  if (DictionaryAttr uncosted = schedule.getUncostedAttr()) {
    os << "\nNot costed, because no model speaks of them\n";
    for (NamedAttribute entry : uncosted)
      os << llvm::format("  %5ld  ",
                         long(cast<IntegerAttr>(entry.getValue()).getInt()))
         << entry.getName().getValue() << "\n";
  }
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

LogicalResult pfmlir::power::printSchedule(Operation *module,
                                           ScheduleFormat format,
                                           raw_ostream &os) {
  FailureOr<Report> report = readReport(module);
  if (failed(report))
    return failure();
  switch (format) {
  case ScheduleFormat::JSON:
    writeJSON(*report, os);
    break;
  case ScheduleFormat::CSV:
    writeCSV(*report, os);
    break;
  case ScheduleFormat::Table:
    writeTable(*report, os);
    break;
  }
  return success();
}
