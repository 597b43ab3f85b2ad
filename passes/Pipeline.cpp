//===- Pipeline.cpp - All passes in order -----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Passes/Passes.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// The options of all passes of the pipeline. Names, defaults and meanings are
/// those of the passes, where Passes.td describes them.
struct PowerFlowOptions : PassPipelineOptions<PowerFlowOptions> {
  // power-assign-target
  Option<std::string> function{
      *this, "function",
      llvm::cl::desc("Function to schedule, where there is a choice")};
  Option<std::string> target{
      *this, "target",
      llvm::cl::desc("Symbol in the module, built-in name, or path of a file")};
  ListOption<double> levels{*this, "levels",
                            llvm::cl::desc("Candidate supply levels in volts")};
  Option<int64_t> maxRails{*this, "max-rails",
                           llvm::cl::init(AssignTargetOptions().maxRails),
                           llvm::cl::desc("How many levels may become rails")};
  Option<std::string> gating{
      *this, "gating",
      llvm::cl::desc("Memory banks to gate: none, sram or bank")};
  Option<int64_t> gatingGranularity{
      *this, "gating-granularity",
      llvm::cl::init(AssignTargetOptions().gatingGranularity),
      llvm::cl::desc("Banks that are gated together")};
  Option<double> transitionEnergyJ{
      *this, "transition-energy-j",
      llvm::cl::init(AssignTargetOptions().transitionEnergyJ),
      llvm::cl::desc("Joules for a domain to change its level")};
  Option<double> transitionTimeS{
      *this, "transition-time-s",
      llvm::cl::init(AssignTargetOptions().transitionTimeS),
      llvm::cl::desc("Seconds for a domain to change its level")};
  Option<double> sleepPowerW{*this, "sleep-power-w",
                             llvm::cl::init(AssignTargetOptions().sleepPowerW),
                             llvm::cl::desc("Watts drawn asleep")};
  Option<bool> sleep{
      *this, "sleep", llvm::cl::init(AssignTargetOptions().sleep),
      llvm::cl::desc("Whether the target may sleep at the end of a period")};
  ListOption<std::string> banks{
      *this, "banks", llvm::cl::desc("Banks of memories, as memory:number")};
  Option<int64_t> reductionChunk{
      *this, "reduction-chunk",
      llvm::cl::init(AssignTargetOptions().reductionChunk),
      llvm::cl::desc("Longest accumulation that the analytical model's weight "
                     "buffer holds, in elements")};
  // power-form-layers
  Option<bool> skipVectorLayers{
      *this, "skip-vector-layers",
      llvm::cl::init(FormLayersOptions().skipVectorLayers),
      llvm::cl::desc("Leave layers that compute a single position uncosted")};
  // power-select-states
  Option<double> fps{*this, "fps", llvm::cl::init(SelectStatesOptions().fps),
                     llvm::cl::desc("Inferences a second")};
  Option<double> periodS{
      *this, "period-s", llvm::cl::init(SelectStatesOptions().periodS),
      llvm::cl::desc("Seconds from one inference to the next")};
  Option<std::string> search{
      *this, "search", llvm::cl::init(SelectStatesOptions().search),
      llvm::cl::desc(
          "exact, lambda-dp, lambda-dp-unrefined, greedy or nominal")};
  Option<double> timeLimitS{
      *this, "time-limit-s", llvm::cl::init(SelectStatesOptions().timeLimitS),
      llvm::cl::desc("Seconds after which the exact search stops; 0: none")};
  Option<double> gap{
      *this, "gap", llvm::cl::init(SelectStatesOptions().gap),
      llvm::cl::desc("How close to the optimum the exact search has to come, "
                     "relative to the energy")};
  Option<uint64_t> memoryLimitBytes{
      *this, "memory-limit-bytes",
      llvm::cl::init(SelectStatesOptions().memoryLimitBytes),
      llvm::cl::desc("Memory that the exact search may take for partial "
                     "schedules")};
  Option<unsigned> threads{*this, "threads",
                           llvm::cl::init(SelectStatesOptions().threads),
                           llvm::cl::desc("Threads of the exact search")};
};
} // namespace

static void buildPipeline(OpPassManager &manager,
                          const PowerFlowOptions &options) {
  AssignTargetOptions assign;
  assign.function = options.function;
  assign.target = options.target;
  assign.levels.assign(options.levels.begin(), options.levels.end());
  assign.maxRails = options.maxRails;
  assign.gating = options.gating;
  assign.gatingGranularity = options.gatingGranularity;
  assign.transitionEnergyJ = options.transitionEnergyJ;
  assign.transitionTimeS = options.transitionTimeS;
  assign.sleepPowerW = options.sleepPowerW;
  assign.sleep = options.sleep;
  assign.banks.assign(options.banks.begin(), options.banks.end());
  assign.reductionChunk = options.reductionChunk;
  manager.addPass(createAssignTarget(std::move(assign)));

  FormLayersOptions form;
  form.skipVectorLayers = options.skipVectorLayers;
  manager.addPass(createFormLayers(std::move(form)));

  SelectStatesOptions select;
  select.fps = options.fps;
  select.periodS = options.periodS;
  select.search = options.search;
  select.timeLimitS = options.timeLimitS;
  select.gap = options.gap;
  select.memoryLimitBytes = options.memoryLimitBytes;
  select.threads = options.threads;
  manager.addPass(createSelectStates(std::move(select)));

  manager.addPass(createInsertStates());
  manager.addPass(createVerifySchedule());
}

void pfmlir::power::registerPowerFlowPipeline() {
  static PassPipelineRegistration<PowerFlowOptions> registration(
      "powerflow-schedule",
      "Schedule a network of linalg operations, or of layers, for least energy "
      "a period",
      buildPipeline);
}
