//===- Passes.cpp - C API of the passes and translations --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir-c/Passes.h"
#include "pfmlir/Passes/BuiltinTargets.h"
#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/CAPI/Utils.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/Passes.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/AllInterfaces.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/PDL/IR/PDL.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Dialect/Shape/IR/Shape.h"
#include "mlir/Dialect/Shape/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/SparseTensor/IR/SparseTensor.h"
#include "mlir/Dialect/Tensor/Extensions/AllExtensions.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorTilingInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/Passes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/Transforms/Passes.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

void pfmlirRegisterAllPasses() {
  registerPFMLIRPasses();
  registerPowerFlowPipeline();

  registerTransformsPasses();
  affine::registerAffinePasses();
  arith::registerArithPasses();
  bufferization::registerBufferizationPasses();
  func::registerFuncPasses();
  registerLinalgPasses();
  math::registerMathPasses();
  memref::registerMemRefPasses();
  registerSCFPasses();
  tensor::registerTensorPasses();
  tosa::registerTosaPasses();
  vector::registerVectorPasses();

  registerLowerAffinePass();
  registerConvertLinalgToStandardPass();
  registerSCFToControlFlowPass();
  registerConvertTensorToLinalgPass();
  registerTosaToArithPass();
  registerTosaToLinalg();
  registerTosaToLinalgNamed();
  registerTosaToSCFPass();
  registerTosaToTensorPass();
  registerConvertVectorToSCF();
}

void pfmlirRegisterAllDialects(MlirDialectRegistry wrapped) {
  DialectRegistry &registry = *unwrap(wrapped);
  registry
      .insert<PowerDialect, affine::AffineDialect, arith::ArithDialect,
              bufferization::BufferizationDialect, cf::ControlFlowDialect,
              complex::ComplexDialect, func::FuncDialect, index::IndexDialect,
              linalg::LinalgDialect, math::MathDialect, memref::MemRefDialect,
              ml_program::MLProgramDialect, pdl::PDLDialect,
              quant::QuantDialect, scf::SCFDialect, shape::ShapeDialect,
              sparse_tensor::SparseTensorDialect, tensor::TensorDialect,
              tosa::TosaDialect, ub::UBDialect, vector::VectorDialect>();

  func::registerInlinerExtension(registry);
  tensor::registerAllExtensions(registry);
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerTilingInterfaceExternalModels(registry);
  linalg::registerAllDialectInterfaceImplementations(registry);

  arith::registerBufferDeallocationOpInterfaceExternalModels(registry);
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  cf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  cf::registerBufferizableOpInterfaceExternalModels(registry);
  scf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  shape::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  vector::registerBufferizableOpInterfaceExternalModels(registry);
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
  SmallVector<LayerCosts> costs;
  if (failed(computeCosts(network->target, network->layers,
                          network->target.getGatingOrNone(), costs)))
    return failure();
  // Costs don't depend on the period.
  NamedProblem named{buildProblem(network->target, costs, /*periodS=*/1),
                     {},
                     {},
                     network->target.getLevelsV()};
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
  return unwrap(problem).numDomains;
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
  return unwrap(problem).stateLevels.data();
}

const double *pfmlirProblemGetEnergyJ(PfmlirProblem problem) {
  return unwrap(problem).energyJ.data();
}

const double *pfmlirProblemGetTimeS(PfmlirProblem problem) {
  return unwrap(problem).timeS.data();
}

const double *pfmlirProblemGetLeakageW(PfmlirProblem problem) {
  return unwrap(problem).leakageW.data();
}

const double *pfmlirProblemGetTransitionEnergyJ(PfmlirProblem problem,
                                                intptr_t domain) {
  return unwrap(problem).transitions[domain].energyJ.data();
}

const double *pfmlirProblemGetTransitionTimeS(PfmlirProblem problem,
                                              intptr_t domain) {
  return unwrap(problem).transitions[domain].timeS.data();
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
