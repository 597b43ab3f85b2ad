//===- PrintSchedule.cpp - A schedule as JSON, CSV or a table ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Corners.h"
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
  /// The part of the periods in which it runs.
  double probability = 1;
  double energyJ = 0;
  double dynamicEnergyJ = 0;
  double leakageEnergyJ = 0;
  double leakageW = 0;
  /// Empty where no model knows.
  SmallVector<double, 0> dynamicByDomainJ, leakageByDomainJ;
};

struct Report {
  ScheduleOp schedule;
  SmallVector<StringRef> domains;
  /// Among which the rails were chosen.
  SmallVector<double> levelsV;
  SmallVector<LayerReport> layers;
  double periodS, activeTimeS, energyJ, lowerBoundJ;
  /// Before each layer.
  double dispatchTimeS = 0;
  /// Of the idle or sleep state that ends the period, if one does.
  double tailPowerW = 0, tailOverheadTimeS = 0, tailOverheadEnergyJ = 0;

  bool isAsleep = false;
  /// Whether all periods run all layers.
  bool isCertain = true;
  /// The corner that it runs in or, of all of them, the slowest; empty where
  /// all dies are the same.
  StringRef corner;
  bool isOfOneCorner = false;
  double remainingS() const { return ScheduleOp(schedule).getRemainingTimeS(); }
};
} // namespace

/// Asks the target's cost models what each domain takes.
static LogicalResult splitByDomain(const ScheduledNetwork &network,
                                   Report &report) {
  TargetOp target = network.target;
  if (!target.getCostModelAttr() && target.getEngines().empty())
    return success();
  SmallVector<LayerWays> costs;
  SmallVector<LayerChoice> choices = getChoices(network);
  if (failed(computeCosts(target, network.layers, target.getGatingOrNone(),
                          costs, choices)))
    return failure();
  for (auto [layer, ways] : llvm::zip_equal(report.layers, costs)) {
    std::optional<ChosenState> found = findChosen(target, ways, layer.state);
    if (!found)
      continue;
    layer.dynamicByDomainJ = llvm::to_vector(found->state.byDomain.dynamicJ);
    layer.leakageByDomainJ = llvm::to_vector(found->state.byDomain.leakageJ);
  }
  return success();
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
  report.isCertain = network.probabilities.empty();
  for (auto [op, timing] : llvm::zip_equal(network.layers, timings)) {
    LayerOp layerOp = op;
    StateAttr state = *layerOp.getState();
    LayerReport &layer = report.layers.emplace_back();
    layer.name = layerOp.getName();
    if (!report.isCertain)
      layer.probability = network.probabilities[report.layers.size() - 1];
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

static void readCorners(const ScheduledNetwork &network, Report &report) {
  FunctionOpInterface function = network.function;
  SmallVector<CornerOp> corners = getCornersOf(function, network.target);
  if (corners.empty())
    return;
  report.corner = getSlowest(corners).getSymName();
  report.isOfOneCorner = function->hasAttr(PowerDialect::getCornerAttrName());
}

static FailureOr<Report> readReport(const ScheduledNetwork &scheduled) {
  const ScheduledNetwork *network = &scheduled;
  Report report;
  report.schedule = network->schedule;
  readCorners(scheduled, report);
  ScheduleOp schedule = report.schedule;
  report.periodS = schedule.getPeriodS().convertToDouble();
  report.activeTimeS = schedule.getActiveTimeS().convertToDouble();
  report.energyJ = schedule.getEnergyJ().convertToDouble();
  report.lowerBoundJ = schedule.getLowerBoundJ().convertToDouble();
  TargetOp target = network->target;
  report.levelsV = target.getLevelsV();
  for (DomainOp domain : target.getDomains())
    report.domains.push_back(domain.getSymName());
  report.dispatchTimeS = numberOr0(target.getDispatchTimeS());
  if (SleepStateOp sleep = schedule.findTail(target)) {
    report.isAsleep = true;
    report.tailPowerW = sleep.getPowerW().convertToDouble();
    std::tie(report.tailOverheadEnergyJ, report.tailOverheadTimeS) =
        target.getSleepOverhead(sleep);
  } else if (IdleStateOp idle = schedule.findIdleState(target)) {
    report.tailPowerW = idle.getPowerW().convertToDouble();
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
  if (!report.isCertain)
    json.attribute("probability", layer.probability);
  json.attribute("transition_time_s", layer.transitionTimeS);
  json.attribute("transition_energy_j", layer.transitionEnergyJ);
  json.attribute("start_s", layer.startS);
  json.attribute("time_s", layer.timeS);
  json.attribute("energy_j", layer.energyJ);
  json.attribute("dynamic_energy_j", layer.dynamicEnergyJ);
  json.attribute("leakage_energy_j", layer.leakageEnergyJ);
  json.attribute("leakage_w", layer.leakageW);
  if (layer.dynamicByDomainJ.empty())
    return;
  auto writeByDomain = [&](StringRef name, ArrayRef<double> energiesJ) {
    json.attributeObject(name, [&] {
      for (auto [domain, energyJ] : llvm::zip_equal(report.domains, energiesJ))
        json.attribute(domain, energyJ);
    });
  };
  writeByDomain("dynamic_energy_by_domain_j", layer.dynamicByDomainJ);
  writeByDomain("leakage_energy_by_domain_j", layer.leakageByDomainJ);
}

static void writeTail(llvm::json::OStream &json, const Report &report) {
  ScheduleOp schedule = report.schedule;
  json.attribute("kind", report.isAsleep ? "sleep" : "idle");
  json.attribute("time_s", report.remainingS());
  json.attribute("energy_j", schedule.getPartJ(ScheduleOp::Tail));
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

/// The members of a schedule's object.
static void writeJSON(const Report &report, llvm::json::OStream &json) {
  ScheduleOp schedule = report.schedule;
  json.attribute("function", schedule.getFunction());
  json.attribute("target", schedule.getTarget());
  if (!report.corner.empty())
    json.attribute(report.isOfOneCorner ? "corner" : "slowest_corner",
                   report.corner);
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
  json.attributeObject("references", [&] { writeReferences(json, schedule); });
  json.attributeObject(
      "uncosted", [&] { writeDictionary(json, schedule.getUncostedAttr()); });
  json.attributeArray("layers", [&] {
    for (const LayerReport &layer : report.layers)
      json.object([&] { writeLayer(json, report, layer); });
  });
  json.attributeObject("tail", [&] { writeTail(json, report); });
  if (schedule.getEarlyTail())
    json.attribute("early_tail",
                   schedule.getEarlyTail()->getLeafReference().getValue());
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

/// With the network's name in front, where there are several: one table for
/// all, as they are on one target.
static void writeCSV(ArrayRef<Report> reports, bool isOfSystem,
                     raw_ostream &os) {
  bool areCertain = llvm::all_of(
      reports, [](const Report &report) { return report.isCertain; });
  bool haveChoices = llvm::any_of(reports, hasChoices);
  os << (isOfSystem ? "network," : "")
     << "layer,start_s,time_s,transition_time_s";
  for (StringRef domain : reports.front().domains)
    os << "," << quoteCSV((domain + "_v").str());
  os << ",energy_j,dynamic_energy_j,leakage_energy_j,leakage_w,"
        "transition_energy_j"
     << (areCertain ? "" : ",probability") << (haveChoices ? ",choices" : "")
     << "\n";
  auto number = [&](double value) { os << llvm::format(",%.17g", value); };
  for (const Report &report : reports)
    for (const LayerReport &layer : report.layers) {
      if (isOfSystem)
        os << quoteCSV(ScheduleOp(report.schedule).getFunction()) << ",";
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
      if (!areCertain)
        number(layer.probability);
      if (haveChoices)
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

static void writeRails(ArrayRef<double> railsV, raw_ostream &os) {
  llvm::interleave(
      railsV, os, [&](double rail) { os << llvm::format("%.2f V", rail); },
      ", ");
  os << "\n";
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
  if (!report.isCertain)
    line("to the end") << percent(report.layers.back().probability)
                       << " of the periods; the others are asleep in @"
                       << schedule.getEarlyTail()->getLeafReference().getValue()
                       << "\n";
  if (!report.corner.empty())
    line(report.isOfOneCorner ? "corner" : "corners")
        << (report.isOfOneCorner ? "" : "all; the slowest is ") << "@"
        << report.corner << "\n";
  line("rails");
  writeRails(schedule.getRailsV(), os);
  line("energy") << withUnit(report.energyJ, "J")
                 << (report.isCertain ? " a period, "
                                      : " a period in the mean, ")
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
  if (!report.isCertain)
    os << "  " << llvm::right_justify("periods", 8);
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
    if (!report.isCertain)
      os << "  " << alignRight(percent(layer.probability), 8);
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

static void writeJSON(SystemOp system, ArrayRef<Report> reports,
                      raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  if (!system) {
    json.object([&] { writeJSON(reports.front(), json); });
    os << "\n";
    return;
  }
  json.object([&] {
    json.attribute("system", system.getSymName());
    json.attribute("target", *system.getTarget());
    json.attributeArray("rails_v", [&] {
      for (double rail : *system.getRailsV())
        json.value(rail);
    });
    json.attribute("power_w", system.getPowerW()->convertToDouble());
    json.attribute("lower_bound_w", system.getLowerBoundW()->convertToDouble());
    json.attributeArray("networks", [&] {
      for (auto [network, report] :
           llvm::zip_equal(system.getNetworks(), reports))
        json.object([&, network = network, &report = report] {
          json.attribute("share", NetworkOp(network).getShareOr1());
          writeJSON(report, json);
        });
    });
  });
  os << "\n";
}

/// Schedules have a table each, below that of the whole.
static void writeTable(SystemOp system, ArrayRef<Report> reports,
                       raw_ostream &os) {
  if (!system)
    return writeTable(reports.front(), os);
  auto line = [&](StringRef what) -> raw_ostream & {
    return os << "  " << llvm::left_justify(what, 14);
  };
  os << "System @" << system.getSymName() << " on @" << *system.getTarget()
     << "\n\n";
  line("rails");
  writeRails(*system.getRailsV(), os);
  double powerW = system.getPowerW()->convertToDouble();
  double boundW = system.getLowerBoundW()->convertToDouble();
  line("power") << withUnit(powerW, "W") << " on average\n";
  line("lower bound") << withUnit(boundW, "W");
  if (boundW >= powerW)
    os << ": proven optimal\n";
  else
    os << llvm::format(": at most %.4f %% above the optimum\n",
                       100 * (powerW - boundW) / powerW);
  for (auto [op, report] : llvm::zip_equal(system.getNetworks(), reports)) {
    NetworkOp network = op;
    double shareW = network.getShareOr1() * report.energyJ / report.periodS;
    line(network.getFunction())
        << withUnit(shareW, "W") << " (" << percent(shareW / powerW) << ") in "
        << percent(network.getShareOr1()) << " of the time\n";
  }
  for (const Report &report : reports) {
    os << "\n";
    writeTable(report, os);
  }
}

LogicalResult pfmlir::power::printSchedule(Operation *op, ScheduleFormat format,
                                           raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expects a module";
  FailureOr<SmallVector<ScheduledNetwork>> networks =
      findScheduledNetworks(module);
  if (failed(networks))
    return failure();
  SystemOp system = findSystem(module);
  if (system && !system.getRailsVAttr())
    return emitBriefOpError(system)
           << "expects to be scheduled; power-select-states does that";
  std::vector<Report> reports;
  for (const ScheduledNetwork &network : *networks) {
    FailureOr<Report> report = readReport(network);
    if (failed(report))
      return failure();
    reports.push_back(std::move(*report));
  }
  switch (format) {
  case ScheduleFormat::JSON:
    writeJSON(system, reports, os);
    break;
  case ScheduleFormat::CSV:
    writeCSV(reports, bool(system), os);
    break;
  case ScheduleFormat::Table:
    writeTable(system, reports, os);
    break;
  }
  return success();
}
