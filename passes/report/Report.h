//===- Report.h - What a schedule says, to be printed -----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_REPORT_REPORT_H
#define PFMLIR_PASSES_REPORT_REPORT_H

#include "passes/Commands.h"
#include "pfmlir/Dialect/Account.h"
#include "pfmlir/Passes/Costs.h"
#include "pfmlir/Passes/Network.h"

namespace pfmlir::power {

struct LayerReport {
  llvm::StringRef name;
  /// Null, and empty, where nothing is known of it but its costs.
  WorkloadAttrInterface workload;
  llvm::StringRef operation;
  int64_t multiplyAccumulates = 0;
  /// Volts, one a domain.
  llvm::ArrayRef<double> voltages;
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
  /// What no model knows is empty.
  ChosenCosts costs;
  /// In the power manager's registers, where it can be told all of it.
  std::optional<llvm::SmallVector<FieldCode>> codes;
};

/// What a memory of the target has to hold at most.
struct MemoryReport {
  llvm::StringRef name;
  double peakBytes = 0;
  /// The first layer that needs so much.
  llvm::StringRef peakLayer;
  /// Nothing where the target leaves its size open.
  std::optional<int64_t> capacityBytes;
};

struct Report {
  ScheduleOp schedule;
  llvm::SmallVector<llvm::StringRef> domains, memoryNames;
  /// Among which the rails were chosen.
  llvm::SmallVector<double> levelsV;
  llvm::SmallVector<LayerReport, 0> layers;
  double periodS, activeTimeS, energyJ, lowerBoundJ;
  /// Before each layer.
  double dispatchTimeS = 0;
  /// Of the idle or sleep state that ends the period, if one does.
  double tailPowerW = 0, tailOverheadTimeS = 0, tailOverheadEnergyJ = 0;
  /// Of how the period ends, where the power manager can be told.
  std::optional<FieldCode> tailCode;
  /// Those that a cost model speaks of.
  llvm::SmallVector<MemoryReport> memories;
  /// Nothing where layers were not formed of operations.
  std::optional<Account> account;

  /// What a share is a share of: all multiply-accumulates of the network,
  /// whether they are scheduled or not, and the bytes of all layers, if every
  /// layer is analysed.
  int64_t multiplyAccumulates = 0;
  std::optional<double> bytes;

  bool isAsleep = false;
  /// Whether all periods run all layers.
  bool isCertain = true;
  /// The corner that it runs in or, of all of them, the slowest; empty where
  /// all dies are the same.
  llvm::StringRef corner;
  bool isOfOneCorner = false;
  double remainingS() const { return ScheduleOp(schedule).getRemainingTimeS(); }

  /// All operations of one fate.
  AccountEntry sumOf(Fate fate) const;
  /// Those that no model costs, whether there is an account or not.
  int64_t countListed() const;
  /// How much is not scheduled: of all multiply-accumulates, and of the bytes
  /// of all operations that are not free.
  double shareOfListedWork() const;
  double shareOfListedBytes() const;
};

/// A part of a whole; of nothing, nothing.
inline double shareOf(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

/// The parts of `energy_split_j` that a schedule has, as people and programs
/// call them.
struct EnergyPart {
  ScheduleOp::Part part;
  llvm::StringLiteral name, title;
};
llvm::ArrayRef<EnergyPart> getParts(ScheduleOp schedule);

/// "cpu, cluster forward_bias, sram 4 banks"; empty where there was no choice.
std::string describeChoices(StateAttr state);
bool hasChoices(const Report &report);

mlir::FailureOr<Report> readReport(const ScheduledNetwork &network);

/// Write the reports of a system's networks or, where `system` is null, the
/// report of the only network.
void writeJSON(SystemOp system, llvm::ArrayRef<Report> reports,
               llvm::raw_ostream &os);
void writeCSV(SystemOp system, llvm::ArrayRef<Report> reports,
              llvm::raw_ostream &os);
void writeTable(SystemOp system, llvm::ArrayRef<Report> reports,
                llvm::raw_ostream &os);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_REPORT_REPORT_H
