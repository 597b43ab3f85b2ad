//===- Parts.cpp - What a cost model names of a target ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/models/Parts.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

LogicalResult pfmlir::power::verifyModelDomain(TargetOp target,
                                               StringAttr name) {
  auto domain =
      dyn_cast_or_null<DomainOp>(SymbolTable::lookupSymbolIn(target, name));
  if (!domain)
    return emitBriefOpError(target)
           << "expects a power.domain @" << name.getValue()
           << ", which its cost model speaks of";
  if (!domain.getLaw() || !domain.getLeakageW())
    return emitBriefOpError(domain) << "expects a 'frequency_hz' with its "
                                       "'law', and a 'leakage_w', which "
                                       "the cost model needs";
  return success();
}

LogicalResult
pfmlir::power::verifyModelMemory(TargetOp target, StringAttr name,
                                 ArrayRef<StringAttr> modelDomains) {
  auto memory =
      dyn_cast_or_null<MemoryOp>(SymbolTable::lookupSymbolIn(target, name));
  if (!memory)
    return emitBriefOpError(target)
           << "expects a power.memory @" << name.getValue()
           << ", which its cost model speaks of";
  if (!llvm::is_contained(modelDomains, memory.getDomainAttr().getAttr()))
    return emitBriefOpError(memory)
           << "expects to be in a domain of the cost model that speaks of it, "
              "but is in @"
           << memory.getDomain();
  return success();
}

LogicalResult pfmlir::power::verifyWeightMemory(MemoryOp memory) {
  if (!memory.hasWakeCosts() || memory.getIsVolatile())
    return success();
  return emitBriefOpError(memory)
         << "expects no costs of waking, because it holds weights, whose banks "
            "are powered one after the other within a layer";
}

bool pfmlir::power::isProduct(LayerOp layer) {
  return isa_and_nonnull<Conv2DAttr, MatmulAttr>(
      static_cast<Attribute>(layer.getWorkloadAttr()));
}

InFlightDiagnostic pfmlir::power::emitNoVectorWork(LayerOp layer) {
  return emitBriefOpError(layer)
         << "has vector work, which its target's cost model does not cost";
}

LayerAnalysis pfmlir::power::analyseWork(LayerOp layer, int64_t activationBits,
                                         int64_t weightBits,
                                         int64_t outputBits) {
  WorkloadTensors tensors = layer.getWorkloadAttr().getTensors();
  LayerAnalysis analysis;
  analysis.activationBits = tensors.input.bits.value_or(activationBits);
  if (tensors.areWeightsData)
    weightBits = activationBits;
  analysis.weightBits = tensors.weights.bits.value_or(weightBits);
  analysis.outputBits = tensors.output.bits.value_or(outputBits);
  analysis.inputBytes = tensors.input.getBytes(activationBits);
  analysis.weightBytes = tensors.weights.getBytes(weightBits);
  analysis.outputBytes = tensors.output.getBytes(outputBits);
  return analysis;
}
