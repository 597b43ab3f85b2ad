//===- capi.c - The C API, from C -------------------------------*- C -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// RUN: pfmlir-capi-test 2>&1 | FileCheck %s

#include "pfmlir-c/Passes.h"
#include "pfmlir-c/Power.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/Diagnostics.h"
#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const kNetwork =
    "func.func @net() {\n"
    "  power.layer \"conv\" workload #power.conv2d<input = [3, 32, 32],\n"
    "      output_channels = 8, kernel = [3, 3]>\n"
    "  power.layer \"fc\" workload #power.matmul<m = 1, k = 64, n = 10>\n"
    "  return\n"
    "}\n";

static void print(MlirStringRef text, void *file) {
  fwrite(text.data, 1, text.length, (FILE *)file);
}

static MlirLogicalResult printDiagnostic(MlirDiagnostic diagnostic,
                                         void *file) {
  PfmlirInfeasibility late;
  mlirDiagnosticPrint(diagnostic, print, file);
  fputc('\n', (FILE *)file);
  if (pfmlirDiagnosticGetInfeasibility(diagnostic, &late)) {
    print(late.function, file);
    fprintf((FILE *)file, ": %g s, but %d could be had\n", late.periodS,
            late.shortestPeriodS > late.periodS);
  }
  return mlirLogicalResultSuccess();
}

static void check(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "%s failed\n", what);
  exit(EXIT_FAILURE);
}

// A context with all that pfmlir knows.
static MlirContext createContext(void) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  MlirContext context;
  pfmlirRegisterAllDialects(registry);
  pfmlirRegisterAllPasses();
  context = mlirContextCreateWithRegistry(registry, /*threading=*/false);
  mlirDialectRegistryDestroy(registry);
  mlirContextAttachDiagnosticHandler(context, printDiagnostic, stdout, NULL);
  return context;
}

// The network, after a pipeline.
static MlirModule run(MlirContext context, const char *pipeline,
                      MlirLogicalResult *result) {
  MlirModule module =
      mlirModuleCreateParse(context, mlirStringRefCreateFromCString(kNetwork));
  MlirPassManager manager = mlirPassManagerCreate(context);
  check(!mlirModuleIsNull(module), "parsing");
  check(mlirLogicalResultIsSuccess(mlirOpPassManagerAddPipeline(
            mlirPassManagerGetAsOpPassManager(manager),
            mlirStringRefCreateFromCString(pipeline), print, stderr)),
        "adding the pipeline");
  *result = mlirPassManagerRunOnOp(manager, mlirModuleGetOperation(module));
  mlirPassManagerDestroy(manager);
  return module;
}

// The dialect has a handle, and its attributes have parameters.
static void testDialect(MlirContext context) {
  MlirDialect dialect =
      mlirDialectHandleLoadDialect(pfmlirGetDialectHandle__power__(), context);
  printf("dialect: ");
  print(mlirDialectGetNamespace(dialect), stdout);
  printf("\nparameters of a product: %" PRIdPTR "\n",
         pfmlirPowerAttrGetNumParameters(PfmlirPowerAttrMatmul));
  // CHECK: dialect: power
  // CHECK: parameters of a product: 8
}

static void testSchedule(MlirContext context) {
  MlirLogicalResult result;
  MlirModule module = run(context, "powerflow-schedule{fps=1000}", &result);
  check(mlirLogicalResultIsSuccess(result), "scheduling");
  check(mlirLogicalResultIsSuccess(pfmlirPrintSchedule(
            mlirModuleGetOperation(module),
            mlirStringRefCreateFromCString("json"), print, stdout)),
        "printing");
  mlirModuleDestroy(module);
  // CHECK: {
  // CHECK: "function": "net"
  // CHECK: "name": "conv"
  // CHECK: "name": "fc"
}

static void testProblem(MlirContext context) {
  MlirLogicalResult result;
  MlirModule module = run(context, "power-assign-target", &result);
  PfmlirProblem problem = pfmlirProblemCreate(mlirModuleGetOperation(module));
  intptr_t layer;
  check(problem.ptr != NULL, "building the problem");
  for (layer = 0; layer < pfmlirProblemGetNumLayers(problem); ++layer) {
    size_t begin = pfmlirProblemGetLayerBegin(problem, layer);
    print(pfmlirProblemGetLayerName(problem, layer), stdout);
    printf(": %d states, all cost energy: %d\n",
           (int)(pfmlirProblemGetLayerBegin(problem, layer + 1) - begin),
           pfmlirProblemGetEnergyJ(problem)[begin] > 0);
  }
  print(pfmlirProblemGetAxisName(problem, 2), stdout);
  printf(": kind %d, %d of %d axes, %d settings, rail %d of 0.95 V: %d\n",
         (int)pfmlirProblemGetAxisKind(problem, 2), 2,
         (int)pfmlirProblemGetNumAxes(problem),
         (int)pfmlirProblemGetNumSettings(problem, 2),
         (int)pfmlirProblemGetSettingRail(problem, 2, 1),
         pfmlirProblemGetSettingValue(problem, 2, 1) == 0.95);
  pfmlirProblemDestroy(problem);
  mlirModuleDestroy(module);
  // CHECK: conv: 729 states, all cost energy: 1
  // CHECK: fc: 729 states, all cost energy: 1
  // CHECK: feeder: kind 0, 2 of 3 axes, 9 settings, rail 1 of 0.95 V: 1
}

/// A target of which no axis but one is a domain that picks a rail.
static void testAxes(MlirContext context) {
  static const char *text =
      "power.target @chip levels_v [0.9, 1.1] max_rails 1 awake_power_w "
      "2.0e-3\n"
      "    rail_power_w 1.0e-3 margin 0.25 overlapping_ramps {\n"
      "  power.supply @buck regulated slew_v_per_s 2.0 settle_time_s 0.5\n"
      "  power.domain @a on @buck nominal_v 1.1\n"
      "  power.domain @b nominal_v 1.1\n"
      "  power.mode @boost of @b energy_j 0.0 time_s 3.0\n"
      "  power.idle_state @parked voltages_v [0.9, 0.9] power_w 0.5\n"
      "}\n"
      "func.func @net() attributes {power.target = @chip} {\n"
      "  power.layer \"l\" costs <[1.1, 0.9] -> 1.0 J, 1.0 s, 1.0 W>\n"
      "  return\n"
      "}\n";
  MlirModule module =
      mlirModuleCreateParse(context, mlirStringRefCreateFromCString(text));
  PfmlirProblem problem = pfmlirProblemCreate(mlirModuleGetOperation(module));
  intptr_t axis, setting;
  check(problem.ptr != NULL, "building the problem of a chip");
  for (axis = 0; axis < pfmlirProblemGetNumAxes(problem); ++axis) {
    intptr_t size = pfmlirProblemGetNumSettings(problem, axis);
    printf("axis ");
    print(pfmlirProblemGetAxisName(problem, axis), stdout);
    printf(" of kind %d:", (int)pfmlirProblemGetAxisKind(problem, axis));
    for (setting = 0; setting < size; ++setting) {
      printf(" [%g ", pfmlirProblemGetSettingValue(problem, axis, setting));
      print(pfmlirProblemGetSettingName(problem, axis, setting), stdout);
      printf(" %d]", (int)pfmlirProblemGetSettingRail(problem, axis, setting));
    }
    printf(" %g s\n", pfmlirProblemGetTransitionTimeS(problem, axis)[1]);
  }
  printf("margin %g, rails %g W, awake %g W, overlapping %d\n",
         pfmlirProblemGetMargin(problem), pfmlirProblemGetRailPowerW(problem),
         pfmlirProblemGetTransitionPowerW(problem),
         pfmlirProblemHasOverlappingRamps(problem));
  printf("%d states, in settings", (int)pfmlirProblemGetLayerBegin(problem, 1));
  for (setting = 0; setting < 8; ++setting)
    printf(" %d", pfmlirProblemGetStateSettings(problem)[setting]);
  printf(", waiting at %g W\n", pfmlirProblemGetIdlePowerW(problem)[1]);
  pfmlirProblemDestroy(problem);
  mlirModuleDestroy(module);
  // CHECK: axis buck of kind 0: [0.9 -1] [1.1 -1] 0.6 s
  // CHECK: axis b of kind 0: [0.9 0] [1.1 1] 0 s
  // CHECK: axis b mode of kind 1: [0 -1] [0 boost -1] 3 s
  // CHECK: axis idle state of kind 4: [0 -1] [0 parked 0] 0 s
  // CHECK: margin 0.25, rails 0.001 W, awake 0.002 W, overlapping 1
  // CHECK: 2 states, in settings 1 0 0 0 1 0 0 1, waiting at 0.502 W
}

// Waits, and counts how often.
static PfmlirWish watch(void (*sleep)(void *), void *sleepData,
                        void *userData) {
  sleep(sleepData);
  ++*(int *)userData;
  return PfmlirWishGoOn;
}

static PfmlirWish cancel(void (*sleep)(void *), void *sleepData,
                         void *userData) {
  (void)userData;
  sleep(sleepData);
  return PfmlirWishCancel;
}

// The index of a parameter of designs.
static intptr_t findParameter(PfmlirDesigns designs, const char *path) {
  intptr_t i, number = pfmlirDesignsGetNumParameters(designs);
  for (i = 0; i < number; ++i)
    if (mlirStringRefEqual(pfmlirDesignsGetParameterPath(designs, i),
                           mlirStringRefCreateFromCString(path)))
      return i;
  check(0, path);
  return -1;
}

// As it is, with banks that leak half as much, with less than none, too fast.
static void testDesigns(MlirContext context) {
  static const intptr_t changeBegin[] = {0, 0, 1, 2, 2}, changeOf[] = {0, 1};
  static const double periodS[] = {1.0e-3, 1.0e-3, 1.0e-3, 1.0e-9};
  MlirType f64 = mlirF64TypeGet(context);
  PfmlirParameterChange changes[2];
  PfmlirDesignRequest request = {2, changes, 4, changeBegin, changeOf, periodS,
                                 0, 1.0e9,   0, 1 << 30,     1};
  PfmlirDesignAnswers answers;
  MlirLogicalResult result;
  intptr_t i;
  int looks = 0;
  MlirModule module = run(context, "power-assign-target{target=pf40}", &result);
  PfmlirDesigns designs = pfmlirDesignsCreate(mlirModuleGetOperation(module));
  check(designs.ptr != NULL, "designs");
  for (i = 0; i < 2; ++i) {
    changes[i].parameter =
        findParameter(designs, "target.memory.ifmap.bank_leakage_w");
    changes[i].value =
        mlirFloatAttrDoubleGet(context, f64, i == 0 ? 1.0e-5 : -1.0);
  }
  check(mlirFloatAttrGetValueDouble(pfmlirDesignsGetParameterValue(
            designs, changes[0].parameter)) == 2.0e-5,
        "the value of a parameter");
  answers = pfmlirDesignsSolve(designs, &request, watch, &looks);
  check(looks > 0, "to wait for designs");
  for (i = 0; i < 4; ++i) {
    PfmlirDesignAnswer answer = pfmlirDesignAnswersGet(answers, i);
    printf("design %d: status %d, %d rails, cheaper than the first: %d, %s",
           (int)i, (int)answer.status, (int)answer.numRails,
           answer.energyJ<pfmlirDesignAnswersGet(answers, 0).energyJ,
                          answer.shortestPeriodS>
                   periodS[i]
               ? "too fast, "
               : "");
    print(answer.reason, stdout);
    printf("\n");
  }
  pfmlirDesignAnswersDestroy(answers);
  pfmlirDesignsDestroy(designs);
  mlirModuleDestroy(module);
  // CHECK: design 0: status 0, {{[1-3]}} rails, cheaper than the first: 0,
  // {{$}} CHECK-NEXT: design 1: status 0, {{[1-3]}} rails, cheaper than the
  // first: 1, {{$}} CHECK-NEXT: design 2: status 3, 0 rails,
  // {{.*}}bank_leakage_w CHECK-NEXT: design 3: status 2, 0 rails, {{.*}}too
  // fast, {{.*}}can't run
}

// What passes say comes to the thread that waits, when they are done.
static void testInterruption(MlirContext context) {
  MlirModule module =
      mlirModuleCreateParse(context, mlirStringRefCreateFromCString(kNetwork));
  MlirPassManager manager = mlirPassManagerCreate(context);
  check(mlirLogicalResultIsSuccess(mlirOpPassManagerAddPipeline(
            mlirPassManagerGetAsOpPassManager(manager),
            mlirStringRefCreateFromCString("powerflow-schedule{fps=1e9}"),
            print, stderr)),
        "adding the pipeline");
  printf("interruptible:\n");
  check(mlirLogicalResultIsFailure(pfmlirPassManagerRunInterruptibly(
            manager, mlirModuleGetOperation(module), cancel, NULL)),
        "to fail");
  mlirPassManagerDestroy(manager);
  mlirModuleDestroy(module);
  // CHECK: interruptible:
  // CHECK-NEXT: {{'func.func' op .*(can't run|interrupted)}}
}

static void testError(MlirContext context) {
  MlirLogicalResult result;
  MlirModule module = run(context, "powerflow-schedule{fps=1e9}", &result);
  printf("failed: %d\n", mlirLogicalResultIsFailure(result));
  mlirModuleDestroy(module);
  // CHECK: 'func.func' op @net can't run every 1.000000e-09 s
  // CHECK-NEXT: net: 1e-09 s, but 1 could be had
  // CHECK: failed: 1
  module = run(context, "power-select-states{fps=1e9 period-s=1}", &result);
  printf("failed: %d\n", mlirLogicalResultIsFailure(result));
  mlirModuleDestroy(module);
  // CHECK: 'func.func' op expects a power.target
  // CHECK-NOT: could be had
  // CHECK: failed: 1
}

static void testSearches(void) {
  intptr_t i;
  for (i = 0; i < pfmlirGetNumSearches(); ++i) {
    PfmlirSearch search = pfmlirGetSearch(i);
    print(search.name, stdout);
    printf(" proves: %d, complete: %d, from nominal: %d; ",
           search.provesOptimum, search.isComplete, search.needsNominal);
    print(search.description, stdout);
    printf("\n");
  }
  // CHECK: exact proves: 1, complete: 1, from nominal: 0; proves that
  // CHECK-NEXT: lambda-dp proves: 0, complete: 1, from nominal: 0; the
  // CHECK-NEXT: lambda-dp-unrefined proves: 0
  // CHECK-NEXT: greedy proves: 0, complete: 0, from nominal: 1;
  // CHECK-NEXT: nominal proves: 0, complete: 0, from nominal: 1;
}

int main(void) {
  MlirContext context = createContext();
  testDialect(context);
  testSchedule(context);
  testProblem(context);
  testAxes(context);
  testDesigns(context);
  testInterruption(context);
  testError(context);
  testSearches();
  mlirContextDestroy(context);
  return EXIT_SUCCESS;
}
