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

  LayerAnalysis analyse(LayerOp layer) const {
    return analyseWork(layer, model.getActivationBits(), model.getWeightBits(),
                       model.getOutputBits());
  }
  LayerAnalysis analyse(size_t layer, const Point &point) const;
  double otherTimeS(const Work &work, const Point &point) const;
  double otherEnergyJ(const Work &work, const Point &point) const;
  void addState(size_t layer, const Point &point, LayerCosts &costs) const;
  void addBankLeakage(size_t layer, const Point &point,
                      SmallVectorImpl<double> &leakageW) const;
  LogicalResult planMemory(MemoryOp memory);
  MemoryNeed needOf(size_t layer) const;
  double heldBytes(size_t layer, MemoryOp memory) const;
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

static Work countProduct(LayerOp layer, const LayerAnalysis &analysis) {
  Work work;
  work.macs = double(layer.getWorkloadAttr().getMultiplyAccumulates());
  work.inputBytes = analysis.inputBytes;
  work.outputBytes = analysis.outputBytes;
  // Another data operand is a feature map.
  (layer.getWorkloadAttr().getTensors().areWeightsData ? work.inputBytes
                                                       : work.weightBytes) +=
      analysis.weightBytes;
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
    if (!isProduct(layer)) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(layer)
          << "expects a #power.conv2d or #power.matmul workload, which the "
             "roofline cost model knows, but got ";
      if (Attribute workload = layer.getWorkloadAttr())
        return diagnostic << workload;
      return diagnostic << "none";
    }
    works.push_back(countProduct(layer, analyse(layer)));
    if (failed(addVectorWork(layer, model, works.back())))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Banks
//===----------------------------------------------------------------------===//

/// Of the feature maps.
MemoryNeed RooflineTarget::needOf(size_t layer) const {
  if (request.live.empty() || !request.live[layer].isKnown)
    return {works[layer].inputBytes + works[layer].outputBytes, 0};
  const LiveData &live = request.live[layer];
  return {bytesOf(live.inputs, model.getActivationBits()) +
              bytesOf(live.outputs, model.getOutputBits()),
          bytesOf(live.across, model.getActivationBits())};
}

/// What a memory has to hold while a layer runs, in bytes: all weights of the
/// network, or feature maps that are still needed.
double RooflineTarget::heldBytes(size_t layer, MemoryOp memory) const {
  if (memory.getSymNameAttr() == model.getFeatureMemory()) {
    MemoryNeed need = needOf(layer);
    return need.ownBytes + need.keptBytes;
  }
  double bytes = 0;
  if (memory.getSymNameAttr() == model.getWeightMemory())
    for (const Work &work : works)
      bytes += work.weightBytes;
  return bytes;
}

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
    for (size_t layer = 0; layer < layers.size(); ++layer)
      needs.push_back(needOf(layer));
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

/// Dynamic energy over that at nominal voltage.
static double scale(const DomainPoint &domain) {
  return domain.relativeVoltage * domain.relativeVoltage * domain.dynamicFactor;
}

/// Vector work comes before or after products.
double RooflineTarget::otherTimeS(const Work &work, const Point &point) const {
  if (work.operations == 0 && work.vectorBytes == 0)
    return 0;
  return std::max(
      work.operations / (model.getOperationsPerCycle().getValueAsDouble() *
                         point[computeIndex].frequencyHz),
      work.vectorBytes / (model.getBytesPerCycle().getValueAsDouble() *
                          point[memoryIndex].frequencyHz));
}

/// Dynamic energy of vector work.
double RooflineTarget::otherEnergyJ(const Work &work,
                                    const Point &point) const {
  double energyJ = work.vectorBytes *
                   model.getByteEnergyJ().getValueAsDouble() *
                   scale(point[memoryIndex]);
  if (work.operations > 0)
    energyJ += work.operations *
               model.getOperationEnergyJ().getValueAsDouble() *
               scale(point[computeIndex]);
  return energyJ;
}

LayerAnalysis RooflineTarget::analyse(size_t layer, const Point &point) const {
  LayerAnalysis analysis = analyse(LayerOp(layers[layer]));
  const Work &work = works[layer];
  analysis.otherBytes = work.vectorBytes;
  double computeS = work.macs / (model.getMacsPerCycle().getValueAsDouble() *
                                 point[computeIndex].frequencyHz);
  double bytesPerS = model.getBytesPerCycle().getValueAsDouble() *
                     point[memoryIndex].frequencyHz;
  // Weights and feature maps come through the same port, one after the other.
  bool isComputeBound = computeS >= work.bytes() / bytesPerS;
  if (isComputeBound)
    analysis.paceS = {computeS, 0, 0, 0};
  else
    analysis.paceS = {0, work.weightBytes / bytesPerS,
                      (work.inputBytes + work.outputBytes) / bytesPerS, 0};
  analysis.paceS[size_t(Pace::OtherWork)] = otherTimeS(work, point);
  for (auto [memory, use] : llvm::zip_equal(memories, uses)) {
    analysis.heldBytes.push_back(heldBytes(layer, memory));
    if (use[layer].reloadedBytes > 0)
      analysis.paceS[size_t(Pace::Weights)] +=
          use[layer].reloadedBytes *
          MemoryOp(memory).getReloadTimeS()->convertToDouble();
  }
  analysis.otherEnergyJ = otherEnergyJ(work, point);
  return analysis;
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
  timeS += otherTimeS(work, point);

  SmallVector<double, 4> dynamicJ(domains.size()), leakageW(domains.size());
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
    if (request.isAnalysed() && points.size() == 1)
      costs.analysis = std::make_shared<LayerAnalysis>(analyse(layer, point));
  }
  GatingAttr gating = request.gating;
  if (gating.getMode() == GatingMode::None)
    return costs;
  for (const SmallVector<MemoryUse> &use : uses)
    costs.poweredBanks.push_back(use[layer].banksOn);
  return costs;
}

bool RooflineAttr::canCost(LayerOp &layer) const {
  return isProduct(layer) && (canCostVectorWork() || !layer.getVector());
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
