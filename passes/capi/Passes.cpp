//===- Passes.cpp - C API of the passes and translations --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir-c/Passes.h"
#include "pfmlir/Passes/Artifacts.h"
#include "pfmlir/Passes/BuiltinTargets.h"
#include "pfmlir/Passes/Designs.h"
#include "pfmlir/Passes/Infeasibility.h"
#include "pfmlir/Passes/Interruption.h"
#include "pfmlir/Passes/NetworkProblem.h"
#include "pfmlir/Passes/Passes.h"
#include "pfmlir/Passes/Registration.h"
#include "pfmlir/Scheduler/Searches.h"

#include "mlir/CAPI/Diagnostics.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Pass.h"
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

MlirLogicalResult pfmlirPrintArtifact(MlirOperation module, MlirStringRef name,
                                      MlirStringCallback callback,
                                      void *userData) {
  if (failed(verify(unwrap(module))))
    return mlirLogicalResultFailure();
  mlir::detail::CallbackOstream stream(callback, userData);
  return wrap(printArtifact(unwrap(module), unwrap(name), stream));
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
// Work that can be interrupted
//===----------------------------------------------------------------------===//

static_assert(int(Wish::Cancel) == int(PfmlirWishCancel),
              "wishes are in one order");

/// Calls a watch of C's.
static Wish watchFromC(PfmlirWatchCallback watch, void *userData, Sleep sleep) {
  return Wish(watch([](void *data) { (*static_cast<Sleep *>(data))(); }, &sleep,
                    userData));
}

MlirLogicalResult pfmlirPassManagerRunInterruptibly(MlirPassManager manager,
                                                    MlirOperation op,
                                                    PfmlirWatchCallback watch,
                                                    void *userData) {
  LogicalResult result = failure();
  runInterruptibly(
      unwrap(op)->getContext(),
      [&] { result = unwrap(manager)->run(unwrap(op)); },
      [&](Sleep sleep) { return watchFromC(watch, userData, sleep); });
  return wrap(result);
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
/// What an axis is called, and its settings.
struct NamedAxis {
  std::string name;
  PfmlirAxisKind kind;
  /// By setting: volts or numbers of banks, or the names of modes or engines.
  std::vector<double> values;
  std::vector<std::string> names;
};

/// A problem, and what its numbers are called.
struct NamedProblem {
  scheduler::Problem problem;
  std::vector<NamedAxis> axes;
  std::vector<std::string> layers;
  SmallVector<double> levelsV;
};
} // namespace

template <typename OpTy>
static std::vector<std::string> namesAfterNone(ArrayRef<OpTy> ops) {
  std::vector<std::string> names = {""};
  for (OpTy op : ops)
    names.push_back(op.getSymName().str());
  return names;
}

static NamedAxis nameAxis(TargetOp target, const AxisMeaning &meaning) {
  SmallVector<DomainOp> domains = target.getDomains();
  switch (meaning.kind) {
  case AxisMeaning::Levels: {
    DomainOp domain = domains[meaning.domains.front()];
    SupplyOp supply = target.getRegulator(domain);
    StringRef name = supply ? supply.getSymName() : domain.getSymName();
    SmallVector<double> levelsV = target.getLevelsV();
    return {name.str(),
            PfmlirAxisLevels,
            {levelsV.begin(), levelsV.end()},
            std::vector<std::string>(levelsV.size())};
  }
  case AxisMeaning::Modes: {
    DomainOp domain = domains[meaning.domains.front()];
    std::vector<std::string> names =
        namesAfterNone<ModeOp>(target.getModes(domain));
    std::vector<double> noValues(names.size());
    return {(domain.getSymName() + " mode").str(), PfmlirAxisModes, noValues,
            std::move(names)};
  }
  case AxisMeaning::Banks: {
    MemoryOp memory = target.getWakeMemories()[meaning.memory];
    return {memory.getSymName().str(),
            PfmlirAxisBanks,
            {meaning.banks.begin(), meaning.banks.end()},
            std::vector<std::string>(meaning.banks.size())};
  }
  case AxisMeaning::Engines: {
    std::vector<std::string> names =
        namesAfterNone<EngineOp>(target.getEngines());
    std::vector<double> noValues(names.size());
    return {"engine", PfmlirAxisEngines, noValues, std::move(names)};
  }
  case AxisMeaning::IdleStates: {
    std::vector<std::string> names =
        namesAfterNone<IdleStateOp>(target.getIdleStates());
    std::vector<double> noValues(names.size());
    return {"idle state", PfmlirAxisIdleStates, noValues, std::move(names)};
  }
  }
  llvm_unreachable("expects one of the kinds of axes");
}

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
  TargetOp target = network->target;
  SmallVector<LayerWays> costs;
  if (failed(computeCosts(target, network->layers, target.getGatingOrNone(),
                          costs)))
    return failure();
  // Costs don't depend on the period.
  NetworkProblem built =
      buildProblem(target, costs, network->probabilities, /*periodS=*/1);
  NamedProblem named;
  named.problem = std::move(built.problem);
  named.levelsV = target.getLevelsV();
  size_t numIdleAxes = 0;
  for (const AxisMeaning &axis : built.axes) {
    named.axes.push_back(nameAxis(target, axis));
    // One for each rail that an idle state needs.
    if (axis.kind == AxisMeaning::IdleStates && ++numIdleAxes > 1)
      named.axes.back().name += " " + std::to_string(numIdleAxes);
  }
  for (LayerOp layer : network->layers)
    named.layers.push_back(layer.getName().str());
  return named;
}

static const NamedProblem &unwrapNamed(PfmlirProblem problem) {
  return *static_cast<NamedProblem *>(problem.ptr);
}

static const scheduler::Problem &unwrap(PfmlirProblem problem) {
  return unwrapNamed(problem).problem;
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

intptr_t pfmlirProblemGetNumAxes(PfmlirProblem problem) {
  return unwrap(problem).numAxes();
}

intptr_t pfmlirProblemGetNumSleepStates(PfmlirProblem problem) {
  return unwrap(problem).sleepStates.size();
}

intptr_t pfmlirProblemGetMaxRails(PfmlirProblem problem) {
  return unwrap(problem).maxRails;
}

double pfmlirProblemGetMargin(PfmlirProblem problem) {
  return unwrap(problem).margin;
}

double pfmlirProblemGetProbability(PfmlirProblem problem, intptr_t layer) {
  return unwrap(problem).weightOf(layer);
}

double pfmlirProblemGetRailPowerW(PfmlirProblem problem) {
  return unwrap(problem).railPowerW;
}

double pfmlirProblemGetTransitionPowerW(PfmlirProblem problem) {
  return unwrap(problem).transitionPowerW;
}

bool pfmlirProblemHasOverlappingRamps(PfmlirProblem problem) {
  return unwrap(problem).ramps == scheduler::Ramps::Overlapping;
}

MlirStringRef pfmlirProblemGetLayerName(PfmlirProblem problem, intptr_t layer) {
  return wrap(StringRef(unwrapNamed(problem).layers[layer]));
}

double pfmlirProblemGetLevelV(PfmlirProblem problem, intptr_t level) {
  return unwrapNamed(problem).levelsV[level];
}

//===----------------------------------------------------------------------===//
// Axes
//===----------------------------------------------------------------------===//

MlirStringRef pfmlirProblemGetAxisName(PfmlirProblem problem, intptr_t axis) {
  return wrap(StringRef(unwrapNamed(problem).axes[axis].name));
}

PfmlirAxisKind pfmlirProblemGetAxisKind(PfmlirProblem problem, intptr_t axis) {
  return unwrapNamed(problem).axes[axis].kind;
}

intptr_t pfmlirProblemGetNumSettings(PfmlirProblem problem, intptr_t axis) {
  return unwrap(problem).axes[axis].numSettings();
}

double pfmlirProblemGetSettingValue(PfmlirProblem problem, intptr_t axis,
                                    intptr_t setting) {
  return unwrapNamed(problem).axes[axis].values[setting];
}

MlirStringRef pfmlirProblemGetSettingName(PfmlirProblem problem, intptr_t axis,
                                          intptr_t setting) {
  return wrap(StringRef(unwrapNamed(problem).axes[axis].names[setting]));
}

intptr_t pfmlirProblemGetSettingRail(PfmlirProblem problem, intptr_t axis,
                                     intptr_t setting) {
  scheduler::Level rail = unwrap(problem).axes[axis].railOf[setting];
  return rail == scheduler::kNoRail ? -1 : rail;
}

const double *pfmlirProblemGetTransitionEnergyJ(PfmlirProblem problem,
                                                intptr_t axis) {
  return unwrap(problem).axes[axis].transition.energyJ.data();
}

const double *pfmlirProblemGetTransitionTimeS(PfmlirProblem problem,
                                              intptr_t axis) {
  return unwrap(problem).axes[axis].transition.timeS.data();
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

size_t pfmlirProblemGetLayerBegin(PfmlirProblem problem, intptr_t layer) {
  return unwrap(problem).layerBegin[layer];
}

const uint16_t *pfmlirProblemGetStateSettings(PfmlirProblem problem) {
  return unwrap(problem).stateSettings.data();
}

const double *pfmlirProblemGetEnergyJ(PfmlirProblem problem) {
  return unwrap(problem).energyJ.data();
}

const double *pfmlirProblemGetTimeS(PfmlirProblem problem) {
  return unwrap(problem).timeS.data();
}

const double *pfmlirProblemGetIdlePowerW(PfmlirProblem problem) {
  return unwrap(problem).idlePowerW.data();
}

void pfmlirProblemGetSleepState(PfmlirProblem problem, intptr_t index,
                                double powerEnergyTime[3]) {
  const scheduler::SleepState &sleep = unwrap(problem).sleepStates[index];
  powerEnergyTime[0] = sleep.powerW;
  powerEnergyTime[1] = sleep.energyJ;
  powerEnergyTime[2] = sleep.timeS;
}

//===----------------------------------------------------------------------===//
// Designs
//===----------------------------------------------------------------------===//

static_assert(int(DesignStatus::Skipped) == int(PfmlirDesignSkipped),
              "what is known of designs is in one order");

static const DesignSolver &unwrap(PfmlirDesigns designs) {
  return *static_cast<DesignSolver *>(designs.ptr);
}

PfmlirDesigns pfmlirDesignsCreate(MlirOperation op) {
  auto module = dyn_cast<ModuleOp>(unwrap(op));
  if (!module) {
    unwrap(op)->emitError() << "expects a module";
    return {nullptr};
  }
  FailureOr<DesignSolver> solver = DesignSolver::create(module);
  if (failed(solver))
    return {nullptr};
  return {new DesignSolver(std::move(*solver))};
}

void pfmlirDesignsDestroy(PfmlirDesigns designs) {
  delete static_cast<DesignSolver *>(designs.ptr);
}

intptr_t pfmlirDesignsGetNumParameters(PfmlirDesigns designs) {
  return unwrap(designs).getParameters().size();
}

MlirStringRef pfmlirDesignsGetParameterPath(PfmlirDesigns designs,
                                            intptr_t index) {
  return wrap(StringRef(unwrap(designs).getParameters()[index].path.text));
}

MlirAttribute pfmlirDesignsGetParameterValue(PfmlirDesigns designs,
                                             intptr_t index) {
  return wrap(unwrap(designs).getParameters()[index].value);
}

using DesignAnswers = std::vector<DesignAnswer>;

/// The designs of a request, whose indices are `changeOf`.
static std::vector<Design> readDesigns(const PfmlirDesignRequest &request,
                                       ArrayRef<unsigned> changeOf) {
  std::vector<Design> designs;
  for (intptr_t i = 0; i < request.numDesigns; ++i) {
    intptr_t begin = request.changeBegin[i];
    designs.push_back(
        {changeOf.slice(begin, request.changeBegin[i + 1] - begin),
         request.periodS[i]});
  }
  return designs;
}

PfmlirDesignAnswers pfmlirDesignsSolve(PfmlirDesigns designs,
                                       const PfmlirDesignRequest *request,
                                       PfmlirWatchCallback watch,
                                       void *userData) {
  const DesignSolver &solver = unwrap(designs);
  std::vector<ParameterChange> changes;
  for (intptr_t i = 0; i < request->numChanges; ++i)
    changes.push_back({unsigned(request->changes[i].parameter),
                       unwrap(request->changes[i].value)});
  std::vector<unsigned> changeOf(request->changeOf,
                                 request->changeOf +
                                     request->changeBegin[request->numDesigns]);
  std::vector<Design> each = readDesigns(*request, changeOf);
  scheduler::SearchLimits limits;
  limits.timeS = request->timeLimitS;
  limits.gap = request->gap;
  limits.labelBytes = request->memoryLimitBytes;
  limits.threads = request->threads;
  auto *answers = new DesignAnswers(request->numDesigns);
  runInterruptibly(
      solver.getContext(),
      [&] {
        solver.solve(changes, each, scheduler::getSearches()[request->search],
                     interruptible(limits), *answers);
      },
      [&](Sleep sleep) {
        // Designs that are done are kept in any case.
        Wish wish = watchFromC(watch, userData, sleep);
        return wish == Wish::GoOn ? wish : Wish::Cancel;
      });
  return {answers};
}

void pfmlirDesignAnswersDestroy(PfmlirDesignAnswers answers) {
  delete static_cast<DesignAnswers *>(answers.ptr);
}

PfmlirDesignAnswer pfmlirDesignAnswersGet(PfmlirDesignAnswers answers,
                                          intptr_t design) {
  const DesignAnswer &answer =
      (*static_cast<DesignAnswers *>(answers.ptr))[design];
  return {PfmlirDesignStatus(answer.status),
          answer.energyJ,
          answer.lowerBoundJ,
          answer.activeTimeS,
          answer.shortestPeriodS,
          intptr_t(answer.railsV.size()),
          answer.railsV.data(),
          wrap(StringRef(answer.tail)),
          wrap(StringRef(answer.reason))};
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
