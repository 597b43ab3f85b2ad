//===- PrintSchedule.cpp - A schedule as JSON, CSV or a table ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Commands.h"
#include "pfmlir/Passes/NetworkProblem.h"
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
  /// What else was chosen, where there was a choice.
  StateAttr state;
  /// What getting into the layer's state takes, before the layer starts.
  double transitionEnergyJ = 0;
  double transitionTimeS = 0;
  double startS = 0;
  double timeS = 0;
  double energyJ = 0;
  double dynamicEnergyJ = 0;
  double leakageEnergyJ = 0;
  double leakageW = 0;
  /// Each empty where no model knows.
  ChosenCosts costs;
  /// In the power manager's registers, where it can be told all of it.
  std::optional<SmallVector<FieldCode>> codes;
};

struct Report {
  ScheduleOp schedule;
  SmallVector<StringRef> domains, memories;
  /// Among which the rails were chosen.
  SmallVector<double> levelsV;
  SmallVector<LayerReport, 0> layers;
  double periodS, activeTimeS, energyJ, lowerBoundJ;
  /// Before each layer.
  double dispatchTimeS = 0;
  /// Of the idle or sleep state that ends the period, if one does.
  double tailPowerW = 0, tailOverheadTimeS = 0, tailOverheadEnergyJ = 0;
  /// Of how the period ends, where the power manager can be told.
  std::optional<FieldCode> tailCode;

  bool isAsleep = false;
  double remainingS() const { return ScheduleOp(schedule).getRemainingTimeS(); }
};
} // namespace

/// Asks the target's cost models what each domain takes, and which banks are
/// powered.
static LogicalResult readCosts(const ScheduledNetwork &network,
                               Report &report) {
  TargetOp target = network.target;
  if (!target.getCostModelAttr() && target.getEngines().empty())
    return success();
  FailureOr<SmallVector<ChosenCosts, 0>> costs = computeChosenCosts(network);
  if (failed(costs))
    return failure();
  for (auto [layer, chosen] : llvm::zip_equal(report.layers, *costs))
    layer.costs = std::move(chosen);
  return success();
}

/// What the power manager is told, where the target says how.
static void readCodes(const ScheduledNetwork &network, Report &report) {
  TargetOp target = network.target;
  if (!target.getRegisterMap())
    return;
  for (LayerReport &layer : report.layers)
    layer.codes = findStateCodes(target, layer.state, layer.costs.poweredBanks);
  ScheduleOp schedule = network.schedule;
  Operation *tail = schedule.findTail(target);
  report.tailCode =
      findTailCode(target, tail ? tail : schedule.findIdleState(target));
}

/// The layers' numbers, from the IR, and when they run.
static void readLayers(const ScheduledNetwork &network, Report &report) {
  TargetOp target = network.target;
  NetworkProblem scheduled = buildScheduledProblem(network);
  const scheduler::Problem &problem = scheduled.problem;
  std::vector<size_t> states(problem.numLayers());
  std::iota(states.begin(), states.end(), 0);
  std::vector<scheduler::LayerTiming> timings =
      scheduler::timingOf(problem, states);
  // What is awake all the time is no part of a transition.
  for (scheduler::LayerTiming &timing : timings)
    timing.transition.energyJ -=
        problem.transitionPowerW * timing.transition.timeS;
  for (auto [op, timing] : llvm::zip_equal(network.layers, timings)) {
    LayerOp layerOp = op;
    StateAttr state = *layerOp.getState();
    LayerReport &layer = report.layers.emplace_back();
    layer.name = layerOp.getName();
    if (WorkloadAttrInterface workload = layerOp.getWorkloadAttr()) {
      llvm::raw_string_ostream(layer.workload) << workload;
      layer.multiplyAccumulates = workload.getMultiplyAccumulates();
    }
    layer.voltages = state.getVoltagesV();
    layer.state = state;
    layer.transitionEnergyJ = timing.transition.energyJ;
    layer.transitionTimeS = timing.transition.timeS;
    layer.startS = timing.startS + report.dispatchTimeS;
    layer.timeS = state.getTimeS().getValueAsDouble();
    layer.energyJ = state.getEnergyJ().getValueAsDouble();
    layer.leakageW = state.getLeakageW().getValueAsDouble();
    layer.leakageEnergyJ = state.getLeakageEnergyJ();
    layer.dynamicEnergyJ = state.getDynamicEnergyJ();
  }
  if (IdleStateOp idle = ScheduleOp(network.schedule).findIdleState(target)) {
    SmallVector<IdleStateOp> idleStates = target.getIdleStates();
    scheduler::Transition entry =
        IdleEntries(target, scheduled)
            .from(problem.settingsOf(states.back()),
                  llvm::find(idleStates, idle) - idleStates.begin());
    report.tailOverheadTimeS = entry.timeS;
    report.tailOverheadEnergyJ =
        entry.energyJ - problem.transitionPowerW * entry.timeS;
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
  for (MemoryOp memory : network->target.getMemories())
    report.memories.push_back(memory.getSymName());
  report.dispatchTimeS = numberOr0(network->target.getDispatchTimeS());
  if (SleepStateOp sleep = schedule.findTail(network->target)) {
    report.isAsleep = true;
    report.tailPowerW = sleep.getPowerW().convertToDouble();
    std::tie(report.tailOverheadEnergyJ, report.tailOverheadTimeS) =
        network->target.getSleepOverhead(sleep);
  } else if (IdleStateOp idle = schedule.findIdleState(network->target)) {
    report.tailPowerW = idle.getPowerW().convertToDouble();
  }

  readLayers(*network, report);
  if (failed(readCosts(*network, report)))
    return failure();
  readCodes(*network, report);
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
    else if (auto symbol = dyn_cast<FlatSymbolRefAttr>(entry.getValue()))
      json.attribute(entry.getName(), symbol.getValue());
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

/// What was chosen besides voltages.
static void writeChoices(llvm::json::OStream &json, StateAttr state) {
  if (state.getModes())
    json.attributeObject("modes",
                         [&] { writeDictionary(json, state.getModes()); });
  if (state.getBanks())
    json.attributeObject("banks",
                         [&] { writeDictionary(json, state.getBanks()); });
  if (state.getImplementation())
    json.attribute("implementation", state.getImplementation().getValue());
}

/// Numbers by what they are of, if there are any.
static void writeBy(llvm::json::OStream &json, StringRef name,
                    ArrayRef<StringRef> owners, ArrayRef<double> numbers) {
  if (numbers.empty())
    return;
  json.attributeObject(name, [&] {
    for (auto [owner, number] : llvm::zip_equal(owners, numbers))
      json.attribute(owner, number);
  });
}

/// By kind of field, and what it is of where it is of something.
static void writeCodes(llvm::json::OStream &json, ArrayRef<FieldCode> codes) {
  for (FieldKind kind : {FieldKind::Rail, FieldKind::Mode, FieldKind::Banks}) {
    auto isOfKind = [&](FieldCode code) {
      return FieldOp(code.field).getKind() == kind;
    };
    if (llvm::any_of(codes, isOfKind))
      json.attributeObject(stringifyFieldKind(kind), [&] {
        for (auto [field, code] : llvm::make_filter_range(codes, isOfKind))
          json.attribute(*FieldOp(field).getOf(), int64_t(code));
      });
  }
  for (auto [field, code] : codes)
    if (FieldOp(field).getKind() == FieldKind::Engine)
      json.attribute("engine", int64_t(code));
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
  writeChoices(json, layer.state);
  json.attribute("transition_time_s", layer.transitionTimeS);
  json.attribute("transition_energy_j", layer.transitionEnergyJ);
  json.attribute("start_s", layer.startS);
  json.attribute("time_s", layer.timeS);
  json.attribute("energy_j", layer.energyJ);
  json.attribute("dynamic_energy_j", layer.dynamicEnergyJ);
  json.attribute("leakage_energy_j", layer.leakageEnergyJ);
  json.attribute("leakage_w", layer.leakageW);
  writeBy(json, "dynamic_energy_by_domain_j", report.domains,
          layer.costs.dynamicByDomainJ);
  writeBy(json, "leakage_energy_by_domain_j", report.domains,
          layer.costs.leakageByDomainJ);
  writeBy(json, "powered_banks", report.memories, layer.costs.poweredBanks);
  if (layer.codes)
    json.attributeObject("codes", [&] { writeCodes(json, *layer.codes); });
}

static void writeTail(llvm::json::OStream &json, const Report &report) {
  ScheduleOp schedule = report.schedule;
  json.attribute("kind", report.isAsleep ? "sleep" : "idle");
  json.attribute("time_s", report.remainingS());
  json.attribute("energy_j", schedule.getPartJ(ScheduleOp::Tail));
  if (report.tailCode)
    json.attribute("code", int64_t(report.tailCode->code));
  if (!schedule.getTail())
    return;
  json.attribute("state", schedule.getTail()->getLeafReference().getValue());
  json.attribute("power_w", report.tailPowerW);
  json.attribute("overhead_time_s", report.tailOverheadTimeS);
  json.attribute("overhead_energy_j", report.tailOverheadEnergyJ);
}

/// The parts of `energy_split_j` that a schedule has, as people and programs
/// call them.
struct EnergyPart {
  ScheduleOp::Part part;
  StringLiteral name, title;
};
static ArrayRef<EnergyPart> getParts(ScheduleOp schedule) {
  static constexpr EnergyPart kParts[ScheduleOp::NumParts] = {
      {ScheduleOp::Dynamic, "dynamic", "dynamic"},
      {ScheduleOp::Leakage, "leakage", "leakage"},
      {ScheduleOp::Transition, "transition", "transitions"},
      {ScheduleOp::Tail, "tail", "tail"},
      {ScheduleOp::Awake, "awake", "awake"},
      {ScheduleOp::Rails, "rails", "rail power"}};
  return ArrayRef(kParts).take_front(schedule.getEnergySplitJ().size());
}

static void writeJSON(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("function", schedule.getFunction());
    json.attribute("target", schedule.getTarget());
    json.attribute("search", schedule.getSearch());
    json.attribute("period_s", report.periodS);
    json.attribute("active_time_s", report.activeTimeS);
    if (report.dispatchTimeS > 0)
      json.attribute("dispatch_time_s", report.dispatchTimeS);
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
      for (const EnergyPart &part : getParts(schedule))
        json.attribute(part.name, schedule.getPartJ(part.part));
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
// What was chosen besides voltages, in words
//===----------------------------------------------------------------------===//

/// "cpu, cluster forward_bias, sram 4 banks"; empty where there was no choice.
static std::string describeChoices(StateAttr state) {
  SmallVector<std::string> choices;
  if (state.getImplementation())
    choices.push_back(state.getImplementation().str());
  if (DictionaryAttr modes = state.getModes())
    for (NamedAttribute entry : modes)
      choices.push_back((entry.getName().getValue() + " " +
                         cast<FlatSymbolRefAttr>(entry.getValue()).getValue())
                            .str());
  if (DictionaryAttr banks = state.getBanks())
    for (NamedAttribute entry : banks)
      choices.push_back(
          llvm::formatv("{0} {1} banks", entry.getName().getValue(),
                        cast<IntegerAttr>(entry.getValue()).getInt()));
  return llvm::join(choices, ", ");
}

static bool hasChoices(const Report &report) {
  return llvm::any_of(report.layers, [](const LayerReport &layer) {
    return layer.state.getImplementation() || layer.state.getModes() ||
           layer.state.getBanks();
  });
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
        "transition_energy_j"
     << (hasChoices(report) ? ",choices" : "") << "\n";
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
    if (hasChoices(report))
      os << "," << quoteCSV(describeChoices(layer.state));
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
  os << (report.isAsleep ? "asleep" : "idle");
  if (schedule.getTail())
    os << " in @" << schedule.getTail()->getLeafReference().getValue();
  os << "\n";
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
  for (const EnergyPart &part : getParts(schedule)) {
    double energyJ = schedule.getPartJ(part.part);
    line(part.title) << withUnit(energyJ, "J") << " ("
                     << percent(energyJ / report.energyJ) << ")\n";
  }

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
  os << (hasChoices(report) ? "  choices" : "") << "\n";
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
    if (hasChoices(report))
      os << "  " << describeChoices(layer.state);
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
