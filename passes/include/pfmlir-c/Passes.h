//===- Passes.h - C API of the passes and translations -------- -*- C -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_C_PASSES_H
#define PFMLIR_C_PASSES_H

#include "mlir-c/Diagnostics.h"
#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Registers the passes of the power dialect, its pipeline
/// `powerflow-schedule`, and the passes of MLIR that go with linear algebra on
/// a CPU: transformations of all IR, of the dialects that
/// `pfmlirRegisterAllDialects` names, and conversions between them.
MLIR_CAPI_EXPORTED void pfmlirRegisterAllPasses(void);

/// Adds the power dialect and those of MLIR that networks are written in, with
/// their extensions.
MLIR_CAPI_EXPORTED void pfmlirRegisterAllDialects(MlirDialectRegistry registry);

/// Prints the schedule of a module as `format`: "json", "csv" or "table".
/// Fails, after an error at the operation that it is about, where there is
/// none.
MLIR_CAPI_EXPORTED MlirLogicalResult
pfmlirPrintSchedule(MlirOperation module, MlirStringRef format,
                    MlirStringCallback callback, void *userData);

/// Prints what a schedule is handed on as: "c-header", "verilog", "spice" and
/// whatever else there is a translation `power-to-...` for. Fails, after an
/// error, where there is none of that name, or it can't be made.
MLIR_CAPI_EXPORTED MlirLogicalResult
pfmlirPrintArtifact(MlirOperation module, MlirStringRef name,
                    MlirStringCallback callback, void *userData);

/// That a function can't keep its deadline. An error of a pass says so in
/// words, and its diagnostic in numbers.
typedef struct PfmlirInfeasibility {
  /// The function's symbol; it lives as long as the context.
  MlirStringRef function;
  /// The period that was asked for, in seconds.
  double periodS;
  /// The shortest that could be had, in seconds; infinite if there is none.
  double shortestPeriodS;
} PfmlirInfeasibility;

/// Whether a diagnostic, in a handler of diagnostics, is about a deadline that
/// can't be kept. If so, fills in `infeasibility`.
MLIR_CAPI_EXPORTED bool
pfmlirDiagnosticGetInfeasibility(MlirDiagnostic diagnostic,
                                 PfmlirInfeasibility *infeasibility);

/// What a caller who waits wants of the work.
typedef enum PfmlirWish {
  PfmlirWishGoOn,
  /// To have what has been found by now.
  PfmlirWishFinish,
  /// To have it over, without a result.
  PfmlirWishCancel
} PfmlirWish;

/// Called again and again until the work is over, in the thread that waits. It
/// is to call `sleep(sleepData)`, which returns after 20 ms or when the work is
/// over, and to say what is wished then.
typedef PfmlirWish (*PfmlirWatchCallback)(void (*sleep)(void *sleepData),
                                          void *sleepData, void *userData);

/// Runs passes as `mlirPassManagerRunOnOp` does, in another thread. What passes
/// diagnose is reported in this one, when they are done.
MLIR_CAPI_EXPORTED MlirLogicalResult
pfmlirPassManagerRunInterruptibly(MlirPassManager manager, MlirOperation op,
                                  PfmlirWatchCallback watch, void *userData);

/// A search, as option `search` of power-select-states names it.
typedef struct PfmlirSearch {
  MlirStringRef name;
  /// One line, for help.
  MlirStringRef description;
  /// Whether it ends with a proven optimum, unless a limit stops it.
  bool provesOptimum;
  /// Whether it finds a schedule wherever there is one.
  bool isComplete;
  /// Whether it needs every domain's nominal voltage among the target's levels.
  bool needsNominal;
} PfmlirSearch;

/// Searches: their number, and each of them.
MLIR_CAPI_EXPORTED intptr_t pfmlirGetNumSearches(void);
MLIR_CAPI_EXPORTED PfmlirSearch pfmlirGetSearch(intptr_t index);

/// A function's layers with what each costs in every state of its target, as
/// `scheduler::Problem` has it. Owned by the caller.
typedef struct PfmlirProblem {
  void *ptr;
} PfmlirProblem;

/// What the settings of an axis are: levels of a domain, or of a regulated
/// supply with all of its domains; modes of a domain; powered banks of a
/// memory; engines.
typedef enum PfmlirAxisKind {
  PfmlirAxisLevels,
  PfmlirAxisModes,
  PfmlirAxisBanks,
  PfmlirAxisEngines,
  PfmlirAxisIdleStates
} PfmlirAxisKind;

/// The problem of a module whose function consists of layers on a target. Null,
/// after an error at the operation that it is about, where there is none.
MLIR_CAPI_EXPORTED PfmlirProblem pfmlirProblemCreate(MlirOperation module);
MLIR_CAPI_EXPORTED void pfmlirProblemDestroy(PfmlirProblem problem);

MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetNumLayers(PfmlirProblem problem);
MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetNumLevels(PfmlirProblem problem);
MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetNumAxes(PfmlirProblem problem);
MLIR_CAPI_EXPORTED intptr_t
pfmlirProblemGetNumSleepStates(PfmlirProblem problem);
MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetMaxRails(PfmlirProblem problem);
/// The part of the period that must be left when all is done.
MLIR_CAPI_EXPORTED double pfmlirProblemGetMargin(PfmlirProblem problem);
/// The part of the periods in which a layer runs.
MLIR_CAPI_EXPORTED double pfmlirProblemGetProbability(PfmlirProblem problem,
                                                      intptr_t layer);
/// Watts of each rail in use, and of what is awake while settings change.
MLIR_CAPI_EXPORTED double pfmlirProblemGetRailPowerW(PfmlirProblem problem);
MLIR_CAPI_EXPORTED double
pfmlirProblemGetTransitionPowerW(PfmlirProblem problem);
/// Whether the longest of the axes' transition times counts, not their sum.
MLIR_CAPI_EXPORTED bool pfmlirProblemHasOverlappingRamps(PfmlirProblem problem);

/// Names of layers, and the levels in volts.
MLIR_CAPI_EXPORTED MlirStringRef
pfmlirProblemGetLayerName(PfmlirProblem problem, intptr_t layer);
MLIR_CAPI_EXPORTED double pfmlirProblemGetLevelV(PfmlirProblem problem,
                                                 intptr_t level);

/// The name of an axis: a domain's, a regulated supply's, a memory's, a
/// domain's with " mode" after it, "engine", or "idle state" (and "idle state
/// 2" and so on where one needs several rails).
MLIR_CAPI_EXPORTED MlirStringRef pfmlirProblemGetAxisName(PfmlirProblem problem,
                                                          intptr_t axis);
MLIR_CAPI_EXPORTED PfmlirAxisKind
pfmlirProblemGetAxisKind(PfmlirProblem problem, intptr_t axis);
MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetNumSettings(PfmlirProblem problem,
                                                        intptr_t axis);
/// What a setting of levels or banks is: volts, or a number of banks.
MLIR_CAPI_EXPORTED double pfmlirProblemGetSettingValue(PfmlirProblem problem,
                                                       intptr_t axis,
                                                       intptr_t setting);
/// What a setting of modes, engines or idle states is: a symbol, empty for no
/// mode, for the accelerator itself, and for no idle state.
MLIR_CAPI_EXPORTED MlirStringRef pfmlirProblemGetSettingName(
    PfmlirProblem problem, intptr_t axis, intptr_t setting);
/// The level that a setting needs as a rail, or -1 for none.
MLIR_CAPI_EXPORTED intptr_t pfmlirProblemGetSettingRail(PfmlirProblem problem,
                                                        intptr_t axis,
                                                        intptr_t setting);
/// [from * settings + to] of one axis, in joules and seconds.
MLIR_CAPI_EXPORTED const double *
pfmlirProblemGetTransitionEnergyJ(PfmlirProblem problem, intptr_t axis);
MLIR_CAPI_EXPORTED const double *
pfmlirProblemGetTransitionTimeS(PfmlirProblem problem, intptr_t axis);

/// The first state of layer i, and the end of those of layer i - 1, in all
/// arrays of states below.
MLIR_CAPI_EXPORTED size_t pfmlirProblemGetLayerBegin(PfmlirProblem problem,
                                                     intptr_t layer);
/// [state * axes + axis], indices of settings.
MLIR_CAPI_EXPORTED const uint16_t *
pfmlirProblemGetStateSettings(PfmlirProblem problem);
/// [state], in joules, seconds, and watts while nothing switches.
MLIR_CAPI_EXPORTED const double *pfmlirProblemGetEnergyJ(PfmlirProblem problem);
MLIR_CAPI_EXPORTED const double *pfmlirProblemGetTimeS(PfmlirProblem problem);
MLIR_CAPI_EXPORTED const double *
pfmlirProblemGetIdlePowerW(PfmlirProblem problem);

/// Power in watts, energy in joules and time in seconds of a sleep state.
MLIR_CAPI_EXPORTED void pfmlirProblemGetSleepState(PfmlirProblem problem,
                                                   intptr_t index,
                                                   double powerEnergyTime[3]);

/// A network on a target, to be solved for many designs: other values of
/// parameters. Owned by the caller; the module must outlive it, and stay as it
/// is.
typedef struct PfmlirDesigns {
  void *ptr;
} PfmlirDesigns;

/// Of a module whose function consists of layers on a target. Null, after an
/// error at the operation that it is about, where there is none.
MLIR_CAPI_EXPORTED PfmlirDesigns pfmlirDesignsCreate(MlirOperation module);
MLIR_CAPI_EXPORTED void pfmlirDesignsDestroy(PfmlirDesigns designs);

/// Parameters: their number, the path of each, which lives as long as the
/// designs, and its value, null where an optional one is absent.
MLIR_CAPI_EXPORTED intptr_t
pfmlirDesignsGetNumParameters(PfmlirDesigns designs);
MLIR_CAPI_EXPORTED MlirStringRef
pfmlirDesignsGetParameterPath(PfmlirDesigns designs, intptr_t index);
MLIR_CAPI_EXPORTED MlirAttribute
pfmlirDesignsGetParameterValue(PfmlirDesigns designs, intptr_t index);

/// A value for a parameter; null leaves out what is optional.
typedef struct PfmlirParameterChange {
  intptr_t parameter;
  MlirAttribute value;
} PfmlirParameterChange;

/// Designs to solve, and how.
typedef struct PfmlirDesignRequest {
  intptr_t numChanges;
  const PfmlirParameterChange *changes;
  intptr_t numDesigns;
  /// Design i makes the changes [changeBegin[i], changeBegin[i + 1]) of
  /// `changeOf`, indices into `changes`, in this order.
  const intptr_t *changeBegin;
  const intptr_t *changeOf;
  /// One a design, in seconds.
  const double *periodS;
  /// The index of a search.
  intptr_t search;
  /// Limits of each search, and how many of them run at once.
  double timeLimitS;
  double gap;
  size_t memoryLimitBytes;
  unsigned threads;
} PfmlirDesignRequest;

typedef enum PfmlirDesignStatus {
  PfmlirDesignOptimal,
  PfmlirDesignFeasible,
  PfmlirDesignInfeasible,
  PfmlirDesignInvalid,
  PfmlirDesignSkipped
} PfmlirDesignStatus;

/// What was found of one design. Texts and arrays live as long as the answers.
typedef struct PfmlirDesignAnswer {
  PfmlirDesignStatus status;
  double energyJ;
  double lowerBoundJ;
  double activeTimeS;
  /// The shortest period that could be had, in seconds, where this one can't.
  double shortestPeriodS;
  /// The levels in use, in volts.
  intptr_t numRails;
  const double *railsV;
  /// The idle or sleep state that ends the period; empty where none does.
  MlirStringRef tail;
  /// Why it is not feasible or not valid.
  MlirStringRef reason;
} PfmlirDesignAnswer;

/// Answers, one a design. Owned by the caller.
typedef struct PfmlirDesignAnswers {
  void *ptr;
} PfmlirDesignAnswers;

/// Solves designs, in threads other than this one. Told to finish or to cancel,
/// it skips designs that are not solved yet. Answers don't depend on the number
/// of threads, and are what the passes find for a module with these parameters.
MLIR_CAPI_EXPORTED PfmlirDesignAnswers
pfmlirDesignsSolve(PfmlirDesigns designs, const PfmlirDesignRequest *request,
                   PfmlirWatchCallback watch, void *userData);
MLIR_CAPI_EXPORTED void pfmlirDesignAnswersDestroy(PfmlirDesignAnswers answers);
MLIR_CAPI_EXPORTED PfmlirDesignAnswer
pfmlirDesignAnswersGet(PfmlirDesignAnswers answers, intptr_t design);

/// Built-in targets: their number, and the name and the MLIR text of each.
MLIR_CAPI_EXPORTED intptr_t pfmlirGetNumBuiltinTargets(void);
MLIR_CAPI_EXPORTED MlirStringRef pfmlirGetBuiltinTargetName(intptr_t index);
MLIR_CAPI_EXPORTED MlirStringRef pfmlirGetBuiltinTargetText(intptr_t index);

#ifdef __cplusplus
}
#endif

#endif // PFMLIR_C_PASSES_H
