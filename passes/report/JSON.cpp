//===- JSON.cpp - A schedule as JSON ----------------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/report/Report.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

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

static void writeShape(llvm::json::OStream &json, StringRef name,
                       ArrayRef<int64_t> shape) {
  json.attributeArray(name, [&] {
    for (int64_t extent : shape)
      json.value(extent);
  });
}

/// What the layer is.
static void writeWork(llvm::json::OStream &json, const LayerReport &layer) {
  if (!layer.operation.empty())
    json.attribute("operation", layer.operation);
  WorkloadTensors tensors;
  if (layer.workload)
    tensors = layer.workload.getTensors();
  if (tensors.input.shape.empty())
    return;
  json.attributeObject("shapes", [&] {
    writeShape(json, "input", tensors.input.shape);
    writeShape(json, tensors.areWeightsData ? "second_input" : "weights",
               tensors.weights.shape);
    writeShape(json, "output", tensors.output.shape);
  });
}

/// What its cost model makes of it.
static void writeAnalysis(llvm::json::OStream &json, const LayerReport &layer) {
  if (!layer.costs.analysis)
    return;
  const LayerAnalysis &analysis = *layer.costs.analysis;
  json.attributeObject("bits", [&] {
    json.attribute("activations", analysis.activationBits);
    json.attribute("weights", analysis.weightBits);
    json.attribute("outputs", analysis.outputBits);
  });
  json.attributeObject("bytes", [&] {
    json.attribute("input", analysis.inputBytes);
    json.attribute("weights", analysis.weightBytes);
    json.attribute("output", analysis.outputBytes);
    json.attribute("other_work", analysis.otherBytes);
  });
  json.attribute("bound", kPaceNames[size_t(analysis.getBound())]);
  json.attributeObject("time_by_bound_s", [&] {
    for (auto [name, timeS] : llvm::zip_equal(kPaceNames, analysis.paceS))
      json.attribute(name, timeS);
  });
  json.attribute("other_work_energy_j", analysis.otherEnergyJ);
}

/// How much of the network it is.
static void writeShares(llvm::json::OStream &json, const Report &report,
                        const LayerReport &layer) {
  json.attributeObject("shares", [&] {
    if (layer.workload)
      json.attribute("work", shareOf(double(layer.multiplyAccumulates),
                                     double(report.multiplyAccumulates)));
    if (report.bytes)
      json.attribute("bytes",
                     shareOf(layer.costs.analysis->getBytes(), *report.bytes));
    json.attribute("time", shareOf(layer.timeS, report.activeTimeS));
    json.attribute("energy", shareOf(layer.energyJ, report.energyJ));
  });
}

static void writeLayer(llvm::json::OStream &json, const Report &report,
                       const LayerReport &layer) {
  json.attribute("name", layer.name);
  if (layer.workload) {
    std::string workload;
    llvm::raw_string_ostream(workload) << layer.workload;
    json.attribute("workload", workload);
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
  writeBy(json, "dynamic_energy_by_domain_j", report.domains,
          layer.costs.dynamicByDomainJ);
  writeBy(json, "leakage_energy_by_domain_j", report.domains,
          layer.costs.leakageByDomainJ);
  writeBy(json, "powered_banks", report.memoryNames, layer.costs.poweredBanks);
  if (layer.codes)
    json.attributeObject("codes", [&] { writeCodes(json, *layer.codes); });
  writeWork(json, layer);
  writeAnalysis(json, layer);
  writeShares(json, report, layer);
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

/// How much is not scheduled, where something is not.
static void writeUnscheduled(llvm::json::OStream &json, const Report &report) {
  int64_t count = report.countListed();
  if (count == 0)
    return;
  json.attributeObject("unscheduled", [&] {
    json.attribute("operations", count);
    if (!report.account)
      return;
    json.attribute("share_of_multiply_accumulates", report.shareOfListedWork());
    json.attribute("share_of_bytes", report.shareOfListedBytes());
  });
}

static void writeMemory(llvm::json::OStream &json, const MemoryReport &memory) {
  json.attributeObject(memory.name, [&] {
    json.attribute("peak_bytes", memory.peakBytes);
    json.attribute("peak_layer", memory.peakLayer);
    if (memory.capacityBytes)
      json.attribute("capacity_bytes", *memory.capacityBytes);
  });
}

static void writeEntries(llvm::json::OStream &json,
                         const Account::value_type &entries) {
  for (const auto &each : entries)
    json.attributeObject(each.first, [&] {
      for (auto [name, field] : AccountEntry::kFields)
        if (each.second.*field != 0)
          json.attribute(name, each.second.*field);
    });
}

/// The members of a schedule's object.
static void writeSchedule(llvm::json::OStream &json, const Report &report) {
  ScheduleOp schedule = report.schedule;
  writeUnscheduled(json, report);
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
  json.attributeObject("memories", [&] {
    for (const MemoryReport &memory : report.memories)
      writeMemory(json, memory);
  });
  if (report.account)
    json.attributeObject("account", [&] {
      for (size_t fate = 0; fate < kNumFates; ++fate)
        if (const auto &entries = (*report.account)[fate]; !entries.empty())
          json.attributeObject(kFateNames[fate],
                               [&] { writeEntries(json, entries); });
    });
}

static void writeSystem(llvm::json::OStream &json, SystemOp system,
                        ArrayRef<Report> reports) {
  json.attribute("system", system.getSymName());
  json.attribute("target", *system.getTarget());
  SmallVector<double> railsV = *system.getRailsV();
  json.attributeArray("rails_v", [&] {
    for (double rail : railsV)
      json.value(rail);
  });
  json.attribute("power_w", system.getPowerW()->convertToDouble());
  json.attribute("lower_bound_w", system.getLowerBoundW()->convertToDouble());
  json.attributeArray("networks", [&] {
    for (auto [network, report] :
         llvm::zip_equal(system.getNetworks(), reports))
      json.object([&, network = network, &report = report] {
        json.attribute("share", NetworkOp(network).getShareOr1());
        writeSchedule(json, report);
      });
  });
}

void pfmlir::power::writeJSON(SystemOp system, ArrayRef<Report> reports,
                              raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    if (system)
      writeSystem(json, system, reports);
    else
      writeSchedule(json, reports.front());
  });
  os << "\n";
}
