//===- RooflineCosts.cpp - Throughput and energy by operation ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/AttrChecks.h"
#include "dialect/models/BankPlan.h"
#include "dialect/models/OperatingPoints.h"
#include "dialect/models/Parts.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace pfmlir::power;

namespace {
/// What a layer does, whatever the voltages.
struct Work {
  double macs = 0;
  double operations = 0, vectorBytes = 0;
  double inputBytes = 0, outputBytes = 0, weightBytes = 0;
  double bytes() const { return inputBytes + outputBytes + weightBytes; }
};

class RooflineTarget {
public:
  RooflineTarget(RooflineAttr model, TargetOp target, ArrayRef<LayerOp> layers,
                 const CostRequest &request);

  LogicalResult countWork();
  /// Reports a layer that the memories can't hold.
  LogicalResult planBanks();
  LayerCosts cost(size_t layer, const OperatingPoints &points) const;

private:
  /// The point of each domain.
  using Point = SmallVector<DomainPoint, 4>;

  void addState(size_t layer, const Point &point, LayerCosts &costs) const;
  void addBankLeakage(size_t layer, const Point &point,
                      SmallVectorImpl<double> &leakageW) const;
  LogicalResult planMemory(MemoryOp memory);
  size_t indexOf(StringAttr domain) const;

  RooflineAttr model;
  TargetOp target;
  ArrayRef<LayerOp> layers;
  const CostRequest &request;
  SmallVector<DomainOp> domains;
  SmallVector<MemoryOp> memories;
  size_t computeIndex, memoryIndex;
  SmallVector<Work> works;
  /// [memory][layer], those of the target in order.
  SmallVector<SmallVector<MemoryUse>> uses;
};
} // namespace

static StringAttr memoryDomainOf(RooflineAttr model) {
  return model.getMemoryDomain() ? model.getMemoryDomain() : model.getDomain();
}

RooflineTarget::RooflineTarget(RooflineAttr model, TargetOp target,
                               ArrayRef<LayerOp> layers,
                               const CostRequest &request)
    : model(model), target(target), layers(layers), request(request),
      domains(target.getDomains()), memories(target.getMemories()),
      computeIndex(indexOf(model.getDomain())),
      memoryIndex(indexOf(memoryDomainOf(model))) {}

size_t RooflineTarget::indexOf(StringAttr name) const {
  return llvm::find_if(
             domains,
             [&](DomainOp domain) { return domain.getSymNameAttr() == name; }) -
         domains.begin();
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

namespace {
/// Bytes of an element of each kind.
struct ElementBytes {
  double activation, weight, output;
};
} // namespace

template <typename WorkloadTy>
static ElementBytes getElementBytes(WorkloadTy workload, RooflineAttr model) {
  auto bytes = [](std::optional<int64_t> bits, int64_t byDefault) {
    return double(bits.value_or(byDefault)) / 8;
  };
  return {bytes(workload.getActivationBits(), model.getActivationBits()),
          bytes(workload.getWeightBits(), model.getWeightBits()),
          bytes(workload.getOutputBits(), model.getOutputBits())};
}

static Work countWork(Conv2DAttr conv, RooflineAttr model) {
  auto [height, width] = conv.getOutputSize();
  ElementBytes bytes = getElementBytes(conv, model);
  Work work;
  work.macs = double(conv.getMultiplyAccumulates());
  work.inputBytes = double(conv.getBatch()) * double(conv.getInputChannels()) *
                    double(conv.getInputHeight()) *
                    double(conv.getInputWidth()) * bytes.activation;
  work.outputBytes = double(conv.getBatch()) *
                     double(conv.getOutputChannels()) * double(height) *
                     double(width) * bytes.output;
  work.weightBytes = double(conv.getOutputChannels()) *
                     double(conv.getInputChannels() / conv.getGroups()) *
                     double(conv.getKernel()[0]) * double(conv.getKernel()[1]) *
                     bytes.weight;
  return work;
}

static Work countWork(MatmulAttr product, RooflineAttr model) {
  double batch = double(product.getBatch());
  ElementBytes bytes = getElementBytes(product, model);
  Work work;
  work.macs = double(product.getMultiplyAccumulates());
  work.inputBytes = batch * double(product.getM()) * double(product.getK()) *
                    bytes.activation;
  work.outputBytes =
      batch * double(product.getM()) * double(product.getN()) * bytes.output;
  double right = batch * double(product.getK()) * double(product.getN());
  if (product.getDataOperands() == 2)
    work.inputBytes += right * bytes.activation;
  else
    work.weightBytes = right * bytes.weight;
  return work;
}

/// Adds what a layer does besides products.
static LogicalResult addVectorWork(LayerOp layer, RooflineAttr model,
                                   Work &work) {
  if (!layer.getVector())
    return success();
  if (!model.canCostVectorWork())
    return emitNoVectorWork(layer);
  for (auto vector : layer.getVector()->getAsRange<VectorAttr>()) {
    double bytes =
        double(vector.getBits().value_or(model.getActivationBits())) / 8;
    work.operations += double(vector.getOperations());
    work.vectorBytes += double(vector.getReads() + vector.getWrites()) * bytes;
  }
  return success();
}

LogicalResult RooflineTarget::countWork() {
  for (LayerOp layer : layers) {
    Attribute workload = layer.getWorkloadAttr();
    if (auto conv = dyn_cast_or_null<Conv2DAttr>(workload))
      works.push_back(::countWork(conv, model));
    else if (auto product = dyn_cast_or_null<MatmulAttr>(workload))
      works.push_back(::countWork(product, model));
    else {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(layer)
          << "expects a #power.conv2d or #power.matmul workload, which the "
             "roofline cost model knows, but got ";
      if (workload)
        return diagnostic << workload;
      return diagnostic << "none";
    }
    if (failed(addVectorWork(layer, model, works.back())))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Banks
//===----------------------------------------------------------------------===//

LogicalResult RooflineTarget::planMemory(MemoryOp memory) {
  GatingAttr gating = request.gating;
  bool isWeights = memory.getSymNameAttr() == model.getWeightMemory();
  bool isGated = gating.getMode() == GatingMode::Bank ||
                 (gating.getMode() == GatingMode::Sram && !isWeights);
  FailureOr<SmallVector<MemoryUse>> use;
  if (isWeights) {
    SmallVector<double> bytes, active;
    for (const Work &work : works) {
      bytes.push_back(work.weightBytes);
      active.push_back(
          std::ceil(work.weightBytes / double(memory.getBankBytes())));
    }
    use = planWeights(memory, layers, bytes, active, isGated,
                      gating.getGranularity());
  } else {
    SmallVector<MemoryNeed> needs;
    for (auto [index, work] : llvm::enumerate(works)) {
      MemoryNeed need{work.inputBytes + work.outputBytes, 0};
      if (!request.live.empty() && request.live[index].isKnown) {
        const LiveData &live = request.live[index];
        need.ownBytes = bytesOf(live.inputs, model.getActivationBits()) +
                        bytesOf(live.outputs, model.getOutputBits());
        need.keptBytes = bytesOf(live.across, model.getActivationBits());
      }
      needs.push_back(need);
    }
    use = planFeatures(memory, layers, needs, isGated, gating.getGranularity());
  }
  if (failed(use))
    return failure();
  uses.push_back(std::move(*use));
  return success();
}

LogicalResult RooflineTarget::planBanks() {
  for (MemoryOp memory : memories) {
    if (memory.getSymNameAttr() == model.getFeatureMemory() ||
        memory.getSymNameAttr() == model.getWeightMemory()) {
      if (failed(planMemory(memory)))
        return failure();
      continue;
    }
    // One that the model does not speak of is always on.
    MemoryUse on;
    on.banksOn = double(memory.getBanks().value_or(0));
    uses.push_back(SmallVector<MemoryUse>(layers.size(), on));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

void RooflineTarget::addBankLeakage(size_t layer, const Point &point,
                                    SmallVectorImpl<double> &leakageW) const {
  for (auto [memory, use] : llvm::zip_equal(memories, uses)) {
    MemoryOp op = memory;
    size_t domain = indexOf(op.getDomainAttr().getAttr());
    double watts = use[layer].banksOn * op.getBankLeakageW().convertToDouble();
    if (op.getBankRetentionW())
      watts +=
          use[layer].banksRetained * op.getBankRetentionW()->convertToDouble();
    leakageW[domain] += watts * point[domain].leakageFactor;
  }
}

void RooflineTarget::addState(size_t layer, const Point &point,
                              LayerCosts &costs) const {
  const Work &work = works[layer];
  const DomainPoint &compute = point[computeIndex];
  const DomainPoint &memory = point[memoryIndex];
  auto number = [](FloatAttr attr) { return attr.getValueAsDouble(); };
  double timeS = std::max(
      work.macs / (number(model.getMacsPerCycle()) * compute.frequencyHz),
      work.bytes() / (number(model.getBytesPerCycle()) * memory.frequencyHz));
  // Vector work comes before or after products.
  if (work.operations > 0 || work.vectorBytes > 0)
    timeS += std::max(work.operations / (number(model.getOperationsPerCycle()) *
                                         compute.frequencyHz),
                      work.vectorBytes / (number(model.getBytesPerCycle()) *
                                          memory.frequencyHz));

  SmallVector<double, 4> dynamicJ(domains.size()), leakageW(domains.size());
  auto scale = [](const DomainPoint &domain) {
    return domain.relativeVoltage * domain.relativeVoltage *
           domain.dynamicFactor;
  };
  dynamicJ[computeIndex] +=
      work.macs * number(model.getMacEnergyJ()) * scale(compute);
  dynamicJ[memoryIndex] += (work.bytes() + work.vectorBytes) *
                           number(model.getByteEnergyJ()) * scale(memory);
  if (work.operations > 0)
    dynamicJ[computeIndex] +=
        work.operations * number(model.getOperationEnergyJ()) * scale(compute);
  for (auto [index, domain] : llvm::enumerate(domains))
    if (std::optional<APFloat> leakage = DomainOp(domain).getLeakageW())
      leakageW[index] = leakage->convertToDouble() * point[index].leakageFactor;
  addBankLeakage(layer, point, leakageW);
  for (auto [memoryOp, use] : llvm::zip_equal(memories, uses)) {
    MemoryOp op = memoryOp;
    if (use[layer].reloadedBytes == 0)
      continue;
    dynamicJ[indexOf(op.getDomainAttr().getAttr())] +=
        use[layer].reloadedBytes * op.getReloadEnergyJ()->convertToDouble();
    timeS += use[layer].reloadedBytes * op.getReloadTimeS()->convertToDouble();
  }

  double energyJ = 0, totalW = 0;
  for (size_t domain = 0; domain < domains.size(); ++domain) {
    totalW += leakageW[domain];
    energyJ += dynamicJ[domain] + leakageW[domain] * timeS;
  }
  costs.energyJ.push_back(energyJ);
  costs.timeS.push_back(timeS);
  costs.leakageW.push_back(totalW);
  if (!request.byDomain)
    return;
  llvm::append_range(costs.dynamicByDomainJ, dynamicJ);
  for (double watts : leakageW)
    costs.leakageByDomainJ.push_back(watts * timeS);
}

LayerCosts RooflineTarget::cost(size_t layer,
                                const OperatingPoints &points) const {
  LayerCosts costs;
  costs.settings = points.settings;
  for (size_t state = 0; state < points.size(); ++state) {
    Point point;
    for (size_t domain = 0; domain < domains.size(); ++domain)
      point.push_back(points.ofDomain[domain][points.indicesOf(state)[domain]]);
    addState(layer, point, costs);
  }
  GatingAttr gating = request.gating;
  if (gating.getMode() == GatingMode::None)
    return costs;
  for (const SmallVector<MemoryUse> &use : uses)
    costs.poweredBanks.push_back(use[layer].banksOn);
  return costs;
}

bool RooflineAttr::canCost(LayerOp &layer) const {
  return isa_and_nonnull<Conv2DAttr, MatmulAttr>(
      static_cast<Attribute>(layer.getWorkloadAttr()));
}

bool RooflineAttr::canCostVectorWork() const {
  return bool(getOperationsPerCycle());
}

LogicalResult
RooflineAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                           const CostRequest &request,
                           SmallVectorImpl<LayerCosts> &costs) const {
  RooflineTarget roofline(*this, target, layers, request);
  if (failed(roofline.countWork()) || failed(roofline.planBanks()))
    return failure();
  return costLayers(
      target, layers.size(), request,
      [&](size_t layer, const OperatingPoints &points) {
        return roofline.cost(layer, points);
      },
      costs);
}

LogicalResult RooflineAttr::verifyTarget(TargetOp &target) const {
  const StringAttr names[] = {getDomain(), memoryDomainOf(*this)};
  for (StringAttr name : names)
    if (failed(verifyModelDomain(target, name)))
      return failure();
  SmallVector<StringAttr> all;
  for (DomainOp domain : target.getDomains())
    all.push_back(domain.getSymNameAttr());
  for (StringAttr name : {getFeatureMemory(), getWeightMemory()})
    if (name && failed(verifyModelMemory(target, name, all)))
      return failure();
  if (getFeatureMemory() && getFeatureMemory() == getWeightMemory())
    return emitBriefOpError(target)
           << "expects its cost model to name different memories, but got '"
           << getFeatureMemory().getValue() << "' twice";
  if (!getWeightMemory())
    return success();
  return verifyWeightMemory(
      cast<MemoryOp>(SymbolTable::lookupSymbolIn(target, getWeightMemory())));
}

LogicalResult RooflineAttr::verify(EmitError emitError, StringAttr, StringAttr,
                                   StringAttr, StringAttr,
                                   FloatAttr macsPerCycle, FloatAttr macEnergy,
                                   FloatAttr bytesPerCycle,
                                   FloatAttr byteEnergy, int64_t activationBits,
                                   int64_t weightBits, int64_t outputBits,
                                   FloatAttr operationsPerCycle,
                                   FloatAttr operationEnergy) {
  if (bool(operationsPerCycle) != bool(operationEnergy))
    return emitError() << "expects operations_per_cycle and "
                          "operation_energy_j together";
  if (operationsPerCycle &&
      (failed(verifyPositive(emitError, "operations_per_cycle",
                             operationsPerCycle.getValueAsDouble())) ||
       failed(verifyNotNegative(emitError, "operation_energy_j",
                                operationEnergy.getValueAsDouble()))))
    return failure();
  for (auto [name, value] : {std::pair("macs_per_cycle", macsPerCycle),
                             std::pair("bytes_per_cycle", bytesPerCycle)})
    if (failed(verifyPositive(emitError, name, value.getValueAsDouble())))
      return failure();
  for (auto [name, value] : {std::pair("mac_energy_j", macEnergy),
                             std::pair("byte_energy_j", byteEnergy)})
    if (failed(verifyNotNegative(emitError, name, value.getValueAsDouble())))
      return failure();
  for (auto [name, bits] : {std::pair("activation_bits", activationBits),
                            std::pair("weight_bits", weightBits),
                            std::pair("output_bits", outputBits)})
    if (bits < 1 || bits > 64)
      return emitError() << "expects " << name
                         << " to be from 1 to 64, but got " << bits;
  return success();
}
