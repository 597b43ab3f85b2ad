//===- Table.cpp - A schedule as tables for people --------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/report/Report.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Unicode.h"

#include <cmath>

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

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

/// How much is not scheduled, where something is not.
static void writeUnscheduled(const Report &report, raw_ostream &os) {
  int64_t count = report.countListed();
  if (count == 0)
    return;
  os << "  NOT SCHEDULED: " << count
     << (count == 1 ? " operation" : " operations");
  if (report.account)
    os << ", " << percent(report.shareOfListedWork())
       << " of all multiply-accumulates and "
       << percent(report.shareOfListedBytes()) << " of all bytes";
  os << "\n";
}

/// The beginning of a line of a summary.
static raw_ostream &startLine(raw_ostream &os, StringRef what) {
  return os << "  " << llvm::left_justify(what, 14);
}

static void writeRails(ArrayRef<double> railsV, raw_ostream &os) {
  startLine(os, "rails");
  llvm::interleave(
      railsV, os, [&](double rail) { os << llvm::format("%.2f V", rail); },
      ", ");
  os << "\n";
}

/// Which periods run to the end, and on which dies, where that is not all.
static void writeWhere(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  if (!report.isCertain)
    startLine(os, "to the end")
        << percent(report.layers.back().probability)
        << " of the periods; the others are asleep in @"
        << schedule.getEarlyTail()->getLeafReference().getValue() << "\n";
  if (!report.corner.empty())
    startLine(os, report.isOfOneCorner ? "corner" : "corners")
        << (report.isOfOneCorner ? "" : "all; the slowest is ") << "@"
        << report.corner << "\n";
}

static void writeSummary(const Report &report, raw_ostream &os) {
  ScheduleOp schedule = report.schedule;
  auto line = [&](StringRef what) -> raw_ostream & {
    return startLine(os, what);
  };
  os << "Schedule of @" << schedule.getFunction() << " on @"
     << schedule.getTarget() << ", by search '" << schedule.getSearch()
     << "'\n\n";
  writeUnscheduled(report, os);
  line("period") << withUnit(report.periodS, "s")
                 << llvm::format(" (%.2f fps), active for ", 1 / report.periodS)
                 << withUnit(report.activeTimeS, "s") << " ("
                 << percent(report.activeTimeS / report.periodS) << "), then ";
  os << (report.isAsleep ? "asleep" : "idle");
  if (schedule.getTail())
    os << " in @" << schedule.getTail()->getLeafReference().getValue();
  os << "\n";
  writeWhere(report, os);
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

/// The longest name of a layer, or of the column.
static size_t getNameWidth(const Report &report) {
  size_t width = 5;
  for (const LayerReport &layer : report.layers)
    width = std::max(width, layer.name.size());
  return width;
}

/// What was chosen for each layer, and what it costs.
static void writeLayers(const Report &report, raw_ostream &os) {
  size_t width = getNameWidth(report);

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
}

/// "8/8/32": of activations, weights and outputs.
static std::string describeBits(const LayerAnalysis &analysis) {
  return llvm::formatv("{0}/{1}/{2}", analysis.activationBits,
                       analysis.weightBits, analysis.outputBits);
}

/// What each layer is, what it waits for, and how much of the network it is.
static void writeShares(const Report &report, raw_ostream &os) {
  if (!report.bytes)
    return;
  size_t width = getNameWidth(report);
  os << "\n  " << llvm::left_justify("layer", width)
     << "  operation         bits        bound      work   bytes    time  "
        "energy\n";
  for (const LayerReport &layer : report.layers) {
    const LayerAnalysis &analysis = *layer.costs.analysis;
    StringRef bound = kPaceNames[size_t(analysis.getBound())];
    os << "  " << llvm::left_justify(layer.name, width) << "  "
       << llvm::left_justify(layer.operation, 16) << "  "
       << llvm::left_justify(describeBits(analysis), 10) << "  "
       << llvm::left_justify(bound.split('_').first, 7);
    for (double share : {shareOf(double(layer.multiplyAccumulates),
                                 double(report.multiplyAccumulates)),
                         shareOf(analysis.getBytes(), *report.bytes),
                         shareOf(layer.timeS, report.activeTimeS),
                         shareOf(layer.energyJ, report.energyJ)})
      os << llvm::format("  %4.1f %%", 100 * share);
    os << "\n";
  }
}

static void writeMemories(const Report &report, raw_ostream &os) {
  if (report.memories.empty())
    return;
  os << "\nMemories, at their fullest\n";
  for (const MemoryReport &memory : report.memories) {
    os << "  " << llvm::left_justify(memory.name, 14)
       << alignRight(llvm::formatv("{0:N0} bytes",
                                   int64_t(std::ceil(memory.peakBytes)))
                         .str(),
                     19);
    if (memory.capacityBytes)
      os << " of " << llvm::formatv("{0:N0}", *memory.capacityBytes) << " ("
         << percent(memory.peakBytes / double(*memory.capacityBytes)) << ")";
    os << ", first in " << memory.peakLayer << "\n";
  }
}

/// How many operations are costed, and how many are free for which reason.
static void writeOperations(const Report &report, raw_ostream &os) {
  if (!report.account)
    return;
  static constexpr StringLiteral kMeanings[kNumFates] = {
      "costed as products of layers",
      "costed with layers, as what they read, write and compute",
      "free: computed on a layer's result as it leaves",
      "free: zeros that a layer's shape tells of",
      "free: change how a tensor is read, or make room for one",
      "free: read integers as the numbers that they stand for",
      "free: of weights and constants alone, computed ahead",
      "not costed"};
  os << "\nOperations\n";
  for (size_t fate = 0; fate < kNumFates; ++fate)
    if (int64_t count = report.sumOf(Fate(fate)).count)
      os << llvm::format("  %5ld  ", long(count)) << kMeanings[fate] << "\n";
}

static void writeTable(const Report &report, raw_ostream &os) {
  writeSummary(report, os);
  writeLayers(report, os);
  writeShares(report, os);
  writeMemories(report, os);
  writeOperations(report, os);

  ScheduleOp schedule = report.schedule;
  if (DictionaryAttr uncosted = schedule.getUncostedAttr()) {
    os << "\nNot costed, because no model speaks of them\n";
    for (NamedAttribute entry : uncosted)
      os << llvm::format("  %5ld  ",
                         long(cast<IntegerAttr>(entry.getValue()).getInt()))
         << entry.getName().getValue() << "\n";
  }
}

/// What the networks of a system have in common.
static void writeWhole(SystemOp system, ArrayRef<Report> reports,
                       raw_ostream &os) {
  os << "System @" << system.getSymName() << " on @" << *system.getTarget()
     << "\n\n";
  writeRails(*system.getRailsV(), os);
  double powerW = system.getPowerW()->convertToDouble();
  double boundW = system.getLowerBoundW()->convertToDouble();
  startLine(os, "power") << withUnit(powerW, "W") << " on average\n";
  startLine(os, "lower bound") << withUnit(boundW, "W");
  if (boundW >= powerW)
    os << ": proven optimal\n";
  else
    os << llvm::format(": at most %.4f %% above the optimum\n",
                       100 * (powerW - boundW) / powerW);
  for (auto [op, report] : llvm::zip_equal(system.getNetworks(), reports)) {
    NetworkOp network = op;
    double shareW = network.getShareOr1() * report.energyJ / report.periodS;
    startLine(os, network.getFunction())
        << withUnit(shareW, "W") << " (" << percent(shareW / powerW) << ") in "
        << percent(network.getShareOr1()) << " of the time\n";
  }
}

void pfmlir::power::writeTable(SystemOp system, ArrayRef<Report> reports,
                               raw_ostream &os) {
  if (!system)
    return ::writeTable(reports.front(), os);
  writeWhole(system, reports, os);
  for (const Report &report : reports) {
    os << "\n";
    ::writeTable(report, os);
  }
}
