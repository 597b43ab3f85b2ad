//===- Passes.cpp - C API of the passes and translations --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir-c/Passes.h"
#include "pfmlir/Passes/BuiltinTargets.h"
#include "pfmlir/Passes/Infeasibility.h"
#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Passes/Registration.h"
#include "pfmlir/Scheduler/Searches.h"

#include "mlir/CAPI/Diagnostics.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/CAPI/Utils.h"
#include "mlir/IR/Verifier.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

void pfmlirRegisterAllPasses() { registerPasses(); }

void pfmlirRegisterAllDialects(MlirDialectRegistry registry) {
  registerDialects(*unwrap(registry));
}

MlirLogicalResult pfmlirPrintSchedule(MlirOperation module,
                                      MlirStringRef format,
                                      MlirStringCallback callback,
                                      void *userData) {
  auto known = llvm::StringSwitch<std::optional<ScheduleFormat>>(unwrap(format))
                   .Case("json", ScheduleFormat::JSON)
                   .Case("csv", ScheduleFormat::CSV)
                   .Case("table", ScheduleFormat::Table)
                   .Default(std::nullopt);
  if (!known) {
    emitError(unwrap(module)->getLoc())
        << "expects format json, csv or table, but got '" << unwrap(format)
        << "'";
    return mlirLogicalResultFailure();
  }
  if (failed(verify(unwrap(module))))
    return mlirLogicalResultFailure();
  mlir::detail::CallbackOstream stream(callback, userData);
  return wrap(printSchedule(unwrap(module), *known, stream));
}

bool pfmlirDiagnosticGetInfeasibility(MlirDiagnostic diagnostic,
                                      PfmlirInfeasibility *infeasibility) {
  std::optional<Infeasibility> found = getInfeasibility(unwrap(diagnostic));
  if (found)
    *infeasibility = {wrap(found->function.getValue()), found->periodS,
                      found->shortestPeriodS};
  return found.has_value();
}

//===----------------------------------------------------------------------===//
// Searches
//===----------------------------------------------------------------------===//

intptr_t pfmlirGetNumSearches() {
  return static_cast<intptr_t>(scheduler::getSearches().size());
}

PfmlirSearch pfmlirGetSearch(intptr_t index) {
  const scheduler::SearchInfo &search = scheduler::getSearches()[index];
  return {wrap(StringRef(search.name)), wrap(StringRef(search.description)),
          search.provesOptimum, search.isComplete, search.needsNominal};
}

//===----------------------------------------------------------------------===//
// Problems
//===----------------------------------------------------------------------===//

namespace {
/// A problem, and what its numbers are called.
struct NamedProblem {
  scheduler::Problem problem;
  std::vector<std::string> layers, domains;
  SmallVector<double> levelsV;
};
} // namespace

static FailureOr<NamedProblem> buildProblem(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expects a module";
  // Somebody may have built it by hand.
  if (failed(verify(op)))
    return failure();
  FailureOr<Network> network = findNetwork(module);
  if (failed(network))
    return failure();
  SmallVector<LayerWays> costs;
  if (failed(computeCosts(network->target, network->layers,
                          network->target.getGatingOrNone(), costs)))
    return failure();
  // Costs don't depend on the period.
  FailureOr<NetworkProblem> built =
      buildProblem(network->target, network->layers, costs, /*periodS=*/1);
  if (failed(built))
    return failure();
  NamedProblem named{
      std::move(built->problem), {}, {}, network->target.getLevelsV()};
  for (LayerOp layer : network->layers)
    named.layers.push_back(layer.getName().str());
  for (DomainOp domain : network->target.getDomains())
    named.domains.push_back(domain.getSymName().str());
  return named;
}

static const NamedProblem &unwrapNamed(PfmlirProblem problem) {
  return *static_cast<NamedProblem *>(problem.ptr);
}

static const scheduler::Problem &unwrap(PfmlirProblem problem) {
  return unwrapNamed(problem).problem;
}

MlirStringRef pfmlirProblemGetLayerName(PfmlirProblem problem, intptr_t layer) {
  return wrap(StringRef(unwrapNamed(problem).layers[layer]));
}

MlirStringRef pfmlirProblemGetDomainName(PfmlirProblem problem,
                                         intptr_t domain) {
  return wrap(StringRef(unwrapNamed(problem).domains[domain]));
}

double pfmlirProblemGetLevelV(PfmlirProblem problem, intptr_t level) {
  return unwrapNamed(problem).levelsV[level];
}

PfmlirProblem pfmlirProblemCreate(MlirOperation module) {
  FailureOr<NamedProblem> problem = buildProblem(unwrap(module));
  if (failed(problem))
    return {nullptr};
  return {new NamedProblem(std::move(*problem))};
}

void pfmlirProblemDestroy(PfmlirProblem problem) {
  delete static_cast<NamedProblem *>(problem.ptr);
}

intptr_t pfmlirProblemGetNumLayers(PfmlirProblem problem) {
  return unwrap(problem).numLayers();
}

intptr_t pfmlirProblemGetNumLevels(PfmlirProblem problem) {
  return unwrap(problem).numLevels;
}

intptr_t pfmlirProblemGetNumDomains(PfmlirProblem problem) {
  return unwrap(problem).numAxes();
}

intptr_t pfmlirProblemGetNumSleepStates(PfmlirProblem problem) {
  return unwrap(problem).sleepStates.size();
}

intptr_t pfmlirProblemGetMaxRails(PfmlirProblem problem) {
  return unwrap(problem).maxRails;
}

size_t pfmlirProblemGetLayerBegin(PfmlirProblem problem, intptr_t layer) {
  return unwrap(problem).layerBegin[layer];
}

const uint16_t *pfmlirProblemGetStateLevels(PfmlirProblem problem) {
  return unwrap(problem).stateSettings.data();
}

const double *pfmlirProblemGetEnergyJ(PfmlirProblem problem) {
  return unwrap(problem).energyJ.data();
}

const double *pfmlirProblemGetTimeS(PfmlirProblem problem) {
  return unwrap(problem).timeS.data();
}

const double *pfmlirProblemGetLeakageW(PfmlirProblem problem) {
  return unwrap(problem).idlePowerW.data();
}

const double *pfmlirProblemGetTransitionEnergyJ(PfmlirProblem problem,
                                                intptr_t domain) {
  return unwrap(problem).axes[domain].transition.energyJ.data();
}

const double *pfmlirProblemGetTransitionTimeS(PfmlirProblem problem,
                                              intptr_t domain) {
  return unwrap(problem).axes[domain].transition.timeS.data();
}

void pfmlirProblemGetSleepState(PfmlirProblem problem, intptr_t index,
                                double powerEnergyTime[3]) {
  const scheduler::SleepState &sleep = unwrap(problem).sleepStates[index];
  powerEnergyTime[0] = sleep.powerW;
  powerEnergyTime[1] = sleep.energyJ;
  powerEnergyTime[2] = sleep.timeS;
}

//===----------------------------------------------------------------------===//
// Built-in targets
//===----------------------------------------------------------------------===//

intptr_t pfmlirGetNumBuiltinTargets() {
  return static_cast<intptr_t>(getBuiltinTargets().size());
}

MlirStringRef pfmlirGetBuiltinTargetName(intptr_t index) {
  return wrap(getBuiltinTargets()[index].name);
}

MlirStringRef pfmlirGetBuiltinTargetText(intptr_t index) {
  return wrap(getBuiltinTargets()[index].text);
}
