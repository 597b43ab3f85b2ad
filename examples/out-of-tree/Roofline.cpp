//===- Roofline.cpp - The dialect and its cost model ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Roofline.h"

#include "mlir/IR/DialectImplementation.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;
using namespace pfmlir::power;
using namespace roofline;

#include "RooflineDialect.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "RooflineAttrs.cpp.inc"

void RooflineDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "RooflineAttrs.cpp.inc"
      >();
}

LogicalResult ModelAttr::verifyTarget(TargetOp &target) const {
  SmallVector<DomainOp> domains = target.getDomains();
  if (domains.size() != 2 ||
      domains[0].getSymNameAttr() != getComputeDomain() ||
      domains[1].getSymNameAttr() != getMemoryDomain())
    return emitBriefOpError(target)
           << "expects the power domains @" << getComputeDomain().getValue()
           << " and @" << getMemoryDomain().getValue()
           << ", in this order, which its cost model speaks of";
  return success();
}

/// The bytes of a layer's inputs, weights and outputs.
static FailureOr<double> countBytes(LayerOp layer) {
  Attribute workload = layer.getWorkloadAttr();
  if (auto product = dyn_cast_or_null<MatmulAttr>(workload)) {
    double m = product.getM(), k = product.getK(), n = product.getN();
    return product.getBatch() * (m * k + k * n + m * n);
  }
  if (auto conv = dyn_cast_or_null<Conv2DAttr>(workload)) {
    double inputs = double(conv.getInputChannels()) * conv.getInputHeight() *
                    conv.getInputWidth();
    double kernel = double(conv.getInputChannels()) / conv.getGroups() *
                    conv.getKernel()[0] * conv.getKernel()[1];
    double outputs = conv.getMultiplyAccumulates() / kernel;
    return conv.getBatch() * inputs + conv.getOutputChannels() * kernel +
           outputs;
  }
  return emitBriefOpError(layer) << "expects a #power.conv2d or #power.matmul "
                                    "workload, which this model knows";
}

LogicalResult
ModelAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                        const CostRequest &,
                        SmallVectorImpl<LayerCosts> &costs) const {
  auto number = [](FloatAttr quantity) { return quantity.getValueAsDouble(); };
  SmallVector<DomainOp> domains = target.getDomains();
  double computeV = domains[0].getNominalV().convertToDouble();
  double memoryV = domains[1].getNominalV().convertToDouble();
  SmallVector<double> levels = target.getLevelsV();
  for (LayerOp layer : layers) {
    FailureOr<double> bytes = countBytes(layer);
    if (failed(bytes))
      return failure();
    double macs = layer.getWorkloadAttr().getMultiplyAccumulates();
    LayerCosts &layerCosts = costs.emplace_back();
    for (uint16_t i = 0; i < levels.size(); ++i)
      for (uint16_t j = 0; j < levels.size(); ++j) {
        double compute = levels[i] / computeV, memory = levels[j] / memoryV;
        double timeS = std::max(macs / (number(getMacsPerS()) * compute),
                                *bytes / (number(getBytesPerS()) * memory));
        double leakageW = number(getLeakageW()) * (compute + memory);
        double energyJ = macs * number(getMacEnergyJ()) * compute * compute +
                         *bytes * number(getByteEnergyJ()) * memory * memory +
                         leakageW * timeS;
        layerCosts.addState({i, j}, energyJ, timeS, leakageW);
      }
  }
  return success();
}
