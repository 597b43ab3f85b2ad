//===- AnalyticalCosts.cpp - The reference model on a target ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Brings the analytical model's arithmetic (pfmlir/CostModel) together with a
// target: its domains and memories, its operating points, and what its memories
// must hold.
//
//===----------------------------------------------------------------------===//

#include "dialect/models/BankPlan.h"
#include "dialect/models/OperatingPoints.h"
#include "dialect/models/Parts.h"
#include "pfmlir/CostModel/AnalyticalModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Names, shapes
//===----------------------------------------------------------------------===//

static std::array<StringAttr, costmodel::NumDomains>
getDomainNames(AnalyticalAttr model) {
  std::array<StringAttr, costmodel::NumDomains> names;
  names[costmodel::Array] = model.getArrayDomain();
  names[costmodel::Weight] = model.getWeightDomain();
  names[costmodel::Feeder] = model.getFeederDomain();
  return names;
}

static std::array<StringAttr, costmodel::NumMemories>
getMemoryNames(AnalyticalAttr model) {
  std::array<StringAttr, costmodel::NumMemories> names;
  names[costmodel::InputMemory] = model.getInputMemory();
  names[costmodel::OutputMemory] = model.getOutputMemory();
  names[costmodel::WeightMemory] = model.getWeightMemory();
  return names;
}

template <typename WorkloadTy>
static costmodel::Formats getFormats(WorkloadTy workload) {
  costmodel::Formats formats;
  formats.activationBits =
      workload.getActivationBits().value_or(formats.activationBits);
  formats.weightBits = workload.getWeightBits().value_or(formats.weightBits);
  formats.outputBits = workload.getOutputBits().value_or(formats.outputBits);
  return formats;
}

static costmodel::Convolution getConvolution(Conv2DAttr conv) {
  costmodel::Convolution shape;
  shape.inputHeight = conv.getInputHeight();
  shape.inputWidth = conv.getInputWidth();
  shape.inputChannels = conv.getInputChannels();
  shape.outputChannels = conv.getOutputChannels();
  shape.kernelHeight = conv.getKernel()[0];
  shape.kernelWidth = conv.getKernel()[1];
  auto [strideHeight, strideWidth] = conv.getStridesOrOne();
  shape.strideHeight = strideHeight;
  shape.strideWidth = strideWidth;
  auto [paddingHeight, paddingWidth] = conv.getTotalPadding();
  shape.paddingHeight = paddingHeight;
  shape.paddingWidth = paddingWidth;
  auto [dilationHeight, dilationWidth] = conv.getDilationsOrOne();
  shape.dilationHeight = dilationHeight;
  shape.dilationWidth = dilationWidth;
  shape.groups = conv.getGroups();
  shape.batch = conv.getBatch();
  shape.formats = getFormats(conv);
  return shape;
}

static FailureOr<costmodel::Activity> countProducts(LayerOp layer,
                                                    AnalyticalAttr model) {
  Attribute workload = layer.getWorkloadAttr();
  if (auto conv = dyn_cast_or_null<Conv2DAttr>(workload))
    return costmodel::countActivity(
        getConvolution(conv),
        model.getReductionChunk().value_or(costmodel::kNoReductionChunk));
  if (auto product = dyn_cast_or_null<MatmulAttr>(workload)) {
    costmodel::MatrixProduct shape{product.getM(), product.getK(),
                                   product.getN(), product.getBatch()};
    shape.formats = getFormats(product);
    shape.areWeightsData =
        model.canCostVectorWork() && product.getDataOperands() == 2;
    return costmodel::countActivity(shape);
  }
  InFlightDiagnostic diagnostic =
      emitBriefOpError(layer)
      << "expects a #power.conv2d or #power.matmul workload, which the "
         "analytical cost model knows, but got ";
  if (workload)
    diagnostic << workload;
  else
    diagnostic << "none";
  return diagnostic;
}

static FailureOr<costmodel::Activity> countActivity(LayerOp layer,
                                                    AnalyticalAttr model) {
  FailureOr<costmodel::Activity> activity = countProducts(layer, model);
  if (failed(activity) || !layer.getVector())
    return activity;
  if (!model.canCostVectorWork())
    return emitNoVectorWork(layer);
  constexpr int64_t kActivationBits = costmodel::Formats().activationBits;
  for (auto vector : layer.getVector()->getAsRange<VectorAttr>()) {
    auto bits = double(vector.getBits().value_or(kActivationBits));
    activity->vector.readBits += double(vector.getReads()) * bits;
    activity->vector.writtenBits += double(vector.getWrites()) * bits;
  }
  return activity;
}

static LogicalResult
countActivities(AnalyticalAttr model, ArrayRef<LayerOp> layers,
                SmallVectorImpl<costmodel::Activity> &activities) {
  for (LayerOp layer : layers) {
    FailureOr<costmodel::Activity> activity = countActivity(layer, model);
    if (failed(activity))
      return failure();
    activities.push_back(std::move(*activity));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The target as the model sees it
//===----------------------------------------------------------------------===//

namespace {
class AnalyticalTarget {
public:
  AnalyticalTarget(AnalyticalAttr model, TargetOp target,
                   ArrayRef<LayerOp> layers,
                   ArrayRef<costmodel::Activity> activities,
                   const CostRequest &request);

  /// Works out the banks of memories that say what becomes of their content.
  /// Reports a layer that they can't hold.
  LogicalResult planBanks();
  LayerCosts cost(size_t layer, const OperatingPoints &points) const;

private:
  LayerAnalysis analyse(size_t layer, const costmodel::LayerCostModel &model,
                        const OperatingPoints &points) const;
  double heldBytes(size_t layer, costmodel::Memory role) const;
  using PerMemory = std::array<double, costmodel::NumMemories>;

  void readDomains();
  void readMemories();
  LogicalResult planMemory(costmodel::Memory role);
  MemoryNeed needOf(size_t layer, costmodel::Memory role) const;
  void countSwitches();
  costmodel::LayerCostModel modelOf(size_t layer) const;
  PerMemory poweredBanks(size_t layer) const;
  costmodel::LayerCostFactors factorsOf(const costmodel::LayerCostModel &model,
                                        const OperatingPoints &points) const;
  costmodel::LayerCostFactors::PointIndices
  indicesOf(size_t state, const OperatingPoints &points) const;
  std::optional<costmodel::Domain> lastDomain() const;
  void addModelled(const costmodel::LayerCostFactors &factors,
                   const OperatingPoints &points, LayerCosts &costs) const;
  void addOthers(const OperatingPoints &points, size_t state,
                 MutableArrayRef<double> otherW, LayerCosts &costs) const;
  void addDomains(const costmodel::Cost &cost, ArrayRef<double> otherW,
                  LayerCosts &costs) const;
  bool isGated(costmodel::Memory role) const {
    return hardware.gating == costmodel::Gating::Bank ||
           (hardware.gating == costmodel::Gating::Sram &&
            role != costmodel::WeightMemory);
  }

  AnalyticalAttr model;
  TargetOp target;
  ArrayRef<LayerOp> layers;
  ArrayRef<costmodel::Activity> activities;
  const CostRequest &request;
  SmallVector<DomainOp> domains;
  std::array<MemoryOp, costmodel::NumMemories> memories;
  /// Where each of the model's domains is among the target's. Two may be one.
  std::array<size_t, costmodel::NumDomains> positions;
  costmodel::Accelerator hardware;
  /// Domains that have no part in the model, but leak.
  SmallVector<std::pair<size_t, double>> otherLeakageW;
  /// By layer, where some memory says what becomes of its content.
  SmallVector<costmodel::BankUse> bankUses;
};
} // namespace

AnalyticalTarget::AnalyticalTarget(AnalyticalAttr model, TargetOp target,
                                   ArrayRef<LayerOp> layers,
                                   ArrayRef<costmodel::Activity> activities,
                                   const CostRequest &request)
    : model(model), target(target), layers(layers), activities(activities),
      request(request), domains(target.getDomains()) {
  hardware.constants = costmodel::Constants();
  for (auto [value, constant] :
       llvm::zip_equal(hardware.constants, model.getConstants()))
    value = constant.getValueAsDouble();
  GatingAttr gating = request.gating;
  hardware.gating = static_cast<costmodel::Gating>(gating.getMode());
  hardware.gatingGranularity = gating.getGranularity();
  readDomains();
  readMemories();
}

void AnalyticalTarget::readDomains() {
  auto names = getDomainNames(model);
  hardware.leakageW = {};
  for (auto [index, domain] : llvm::enumerate(domains)) {
    bool hasPart = false;
    for (int role = 0; role < costmodel::NumDomains; ++role) {
      if (names[role] != domain.getSymNameAttr())
        continue;
      positions[role] = index;
      // Where it plays two parts, it still leaks once.
      if (!hasPart)
        hardware.leakageW[role] = domain.getLeakageW()->convertToDouble();
      hasPart = true;
    }
    if (!hasPart && domain.getLeakageW())
      otherLeakageW.push_back({index, domain.getLeakageW()->convertToDouble()});
  }
}

/// Memories without a number of banks are as large as the largest of the layers
/// needs, or, where they hold all weights, as these need.
void AnalyticalTarget::readMemories() {
  std::array<int64_t, costmodel::NumMemories> bankBytes, needed = {};
  auto names = getMemoryNames(model);
  for (int role = 0; role < costmodel::NumMemories; ++role) {
    memories[role] = lookup<MemoryOp>(target, names[role]);
    bankBytes[role] = memories[role].getBankBytes();
  }
  for (const costmodel::Activity &activity : activities)
    for (auto [most, banks] : llvm::zip_equal(
             needed, costmodel::countBanks(activity.bytes, bankBytes)))
      most = std::max(most, banks);
  auto domainNames = getDomainNames(model);
  for (int role = 0; role < costmodel::NumMemories; ++role) {
    MemoryOp memory = memories[role];
    const auto *supply =
        llvm::find(domainNames, memory.getDomainAttr().getAttr());
    costmodel::MemoryBanks &banks = hardware.memories[role];
    banks.domain = costmodel::Domain(supply - domainNames.begin());
    banks.bankBytes = memory.getBankBytes();
    banks.banks = memory.getBanks().value_or(needed[role]);
    banks.bankLeakageW = memory.getBankLeakageW().convertToDouble();
  }
}

//===----------------------------------------------------------------------===//
// Banks
//===----------------------------------------------------------------------===//

/// Inputs, and what is alive across a layer, are activations in the input
/// memory; outputs are sums in the output memory, unless they are made narrower
/// as they leave the array.
MemoryNeed AnalyticalTarget::needOf(size_t layer,
                                    costmodel::Memory role) const {
  constexpr int64_t kActivationBits = 8, kOutputBits = 32;
  if (request.live.empty() || !request.live[layer].isKnown)
    return {activities[layer].bytes[role], 0};
  const LiveData &live = request.live[layer];
  if (role == costmodel::InputMemory)
    return {bytesOf(live.inputs, kActivationBits),
            bytesOf(live.across, kActivationBits)};
  return {bytesOf(live.outputs, kOutputBits), 0};
};

LogicalResult AnalyticalTarget::planMemory(costmodel::Memory role) {
  MemoryOp memory = memories[role];
  int64_t granularity = hardware.gatingGranularity;
  FailureOr<SmallVector<MemoryUse>> uses;
  if (role == costmodel::WeightMemory) {
    SmallVector<double> bytes, active;
    for (const costmodel::Activity &activity : activities) {
      bytes.push_back(activity.bytes[role]);
      active.push_back(activity.activeWeightBanks);
    }
    uses =
        planWeights(memory, layers, bytes, active, isGated(role), granularity);
  } else {
    SmallVector<MemoryNeed> needs;
    for (size_t layer = 0; layer < layers.size(); ++layer)
      needs.push_back(needOf(layer, role));
    uses = planFeatures(memory, layers, needs, isGated(role), granularity);
  }
  if (failed(uses))
    return failure();
  for (auto [use, banks] : llvm::zip_equal(*uses, bankUses)) {
    banks.powered[role] = use.banksOn;
    banks.retentionW[role] =
        use.banksRetained * numberOr0(memory.getBankRetentionW());
    banks.reloadEnergyJ +=
        use.reloadedBytes * numberOr0(memory.getReloadEnergyJ());
    banks.reloadTimeS += use.reloadedBytes * numberOr0(memory.getReloadTimeS());
  }
  return success();
}

/// Gate control is charged for banks that switch: feature maps' between layers,
/// and each bank of the layer's weights on and off again as it is worked
/// through.
void AnalyticalTarget::countSwitches() {
  if (hardware.gating == costmodel::Gating::None)
    return;
  for (size_t layer = 0; layer < layers.size(); ++layer) {
    double switched = 0;
    for (costmodel::Memory role :
         {costmodel::InputMemory, costmodel::OutputMemory})
      if (layer > 0)
        switched += std::abs(bankUses[layer].powered[role] -
                             bankUses[layer - 1].powered[role]);
    if (hardware.gating == costmodel::Gating::Bank &&
        !memories[costmodel::WeightMemory].getIsVolatile())
      switched +=
          2 * std::ceil(
                  activities[layer].bytes[costmodel::WeightMemory] /
                  double(hardware.memories[costmodel::WeightMemory].bankBytes));
    bankUses[layer].switchedBanks = switched;
  }
}

LogicalResult AnalyticalTarget::planBanks() {
  if (!llvm::any_of(memories,
                    [](MemoryOp memory) { return memory.keepsContent(); }))
    return success();
  bankUses.resize(layers.size());
  for (int index = 0; index < costmodel::NumMemories; ++index) {
    auto role = costmodel::Memory(index);
    if (memories[role].keepsContent()) {
      if (failed(planMemory(role)))
        return failure();
      continue;
    }
    for (auto [activity, banks] : llvm::zip_equal(activities, bankUses))
      banks.powered[role] =
          costmodel::countPoweredBanks(activity, hardware)[role];
  }
  countSwitches();
  return success();
}

AnalyticalTarget::PerMemory AnalyticalTarget::poweredBanks(size_t layer) const {
  return bankUses.empty()
             ? costmodel::countPoweredBanks(activities[layer], hardware)
             : bankUses[layer].powered;
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

costmodel::LayerCostModel AnalyticalTarget::modelOf(size_t layer) const {
  if (bankUses.empty())
    return costmodel::LayerCostModel(activities[layer], hardware);
  return costmodel::LayerCostModel(activities[layer], hardware,
                                   bankUses[layer]);
}

costmodel::LayerCostFactors
AnalyticalTarget::factorsOf(const costmodel::LayerCostModel &layerModel,
                            const OperatingPoints &points) const {
  std::array<std::vector<costmodel::DomainPoint>, costmodel::NumDomains> ofRole;
  for (int role = 0; role < costmodel::NumDomains; ++role) {
    const std::vector<DomainPoint> &ofDomain = points.ofDomain[positions[role]];
    ofRole[role].reserve(ofDomain.size());
    for (const DomainPoint &point : ofDomain)
      ofRole[role].push_back({point.relativeVoltage, point.frequencyHz,
                              point.leakageFactor, point.dynamicFactor});
  }
  return costmodel::LayerCostFactors(layerModel, ofRole);
}

/// Adds what a state costs by domain; `otherW` are the watts of domains that
/// have no part in the model.
void AnalyticalTarget::addDomains(const costmodel::Cost &cost,
                                  ArrayRef<double> otherW,
                                  LayerCosts &costs) const {
  SmallVector<double, 4> dynamicJ(domains.size());
  SmallVector<double, 4> leakageJ = llvm::map_to_vector<4>(
      otherW, [&](double watts) { return watts * cost.timeS; });
  for (int role = 0; role < costmodel::NumDomains; ++role) {
    dynamicJ[positions[role]] += cost.dynamicEnergyJ[role];
    leakageJ[positions[role]] += cost.leakageW[role] * cost.timeS;
  }
  llvm::append_range(costs.dynamicByDomainJ, dynamicJ);
  llvm::append_range(costs.leakageByDomainJ, leakageJ);
}

/// What a memory has to hold while a layer runs, in bytes: all weights of the
/// network, and feature maps that are still needed.
double AnalyticalTarget::heldBytes(size_t layer, costmodel::Memory role) const {
  if (role != costmodel::WeightMemory) {
    MemoryNeed need = needOf(layer, role);
    return need.ownBytes + need.keptBytes;
  }
  double bytes = 0;
  for (const costmodel::Activity &activity : activities)
    bytes += activity.bytes[role];
  return bytes;
}

/// Of the one point that was asked for.
LayerAnalysis AnalyticalTarget::analyse(size_t layer,
                                        const costmodel::LayerCostModel &costs,
                                        const OperatingPoints &points) const {
  costmodel::OperatingPoint point;
  for (int role = 0; role < costmodel::NumDomains; ++role) {
    size_t position = positions[role];
    const DomainPoint &at =
        points.ofDomain[position][points.indicesOf(0)[position]];
    point[role] = {at.relativeVoltage, at.frequencyHz, at.leakageFactor,
                   at.dynamicFactor};
  }
  const costmodel::Activity &activity = activities[layer];
  constexpr costmodel::Formats kFormats;
  LayerAnalysis analysis =
      analyseWork(layers[layer], kFormats.activationBits, kFormats.weightBits,
                  kFormats.outputBits);
  analysis.otherBytes =
      (activity.vector.readBits + activity.vector.writtenBits) / 8;
  costmodel::TimeSplit split = costs.splitTime(point);
  analysis.paceS = {split.computeS, split.weightsS, split.feedingS,
                    split.vectorS};
  analysis.otherEnergyJ = costs.computeVectorEnergyJ(point);
  auto names = getMemoryNames(model);
  for (MemoryOp memory : TargetOp(target).getMemories()) {
    const auto *name = llvm::find(names, memory.getSymNameAttr());
    analysis.heldBytes.push_back(
        name == names.end()
            ? 0
            : heldBytes(layer, costmodel::Memory(name - names.begin())));
  }
  return analysis;
}

/// The indices of the points that a state's domains are at.
costmodel::LayerCostFactors::PointIndices
AnalyticalTarget::indicesOf(size_t state, const OperatingPoints &points) const {
  const uint32_t *indices = points.indicesOf(state);
  return {indices[positions[0]], indices[positions[1]], indices[positions[2]]};
}

/// The domain of the model that the last one of the target is, by itself.
std::optional<costmodel::Domain> AnalyticalTarget::lastDomain() const {
  std::optional<costmodel::Domain> last;
  for (int role = 0; role < costmodel::NumDomains; ++role)
    if (positions[role] + 1 == domains.size()) {
      if (last)
        return std::nullopt;
      last = costmodel::Domain(role);
    }
  return last;
}

/// Adds what the domains cost that have a part in the model.
void AnalyticalTarget::addModelled(const costmodel::LayerCostFactors &factors,
                                   const OperatingPoints &points,
                                   LayerCosts &costs) const {
  auto compute = [&](size_t begin, costmodel::Domain varied, size_t count) {
    factors.computeTotals(indicesOf(begin, points), varied, count,
                          &costs.energyJ[begin], &costs.timeS[begin],
                          &costs.leakageW[begin]);
  };
  if (std::optional<costmodel::Domain> last = lastDomain())
    for (auto [run, begin] : llvm::enumerate(points.runBegins))
      compute(begin, *last, points.runEnd(run) - begin);
  else
    for (size_t state = 0; state < points.size(); ++state)
      compute(state, costmodel::Array, 1);
}

/// Adds what all others leak; `otherW` is for their watts.
void AnalyticalTarget::addOthers(const OperatingPoints &points, size_t state,
                                 MutableArrayRef<double> otherW,
                                 LayerCosts &costs) const {
  const uint32_t *indices = points.indicesOf(state);
  for (auto [index, nominalW] : otherLeakageW) {
    otherW[index] =
        nominalW * points.ofDomain[index][indices[index]].leakageFactor;
    costs.leakageW[state] += otherW[index];
    costs.energyJ[state] += otherW[index] * costs.timeS[state];
  }
}

LayerCosts AnalyticalTarget::cost(size_t layer,
                                  const OperatingPoints &points) const {
  LayerCosts costs;
  costs.settings = points.settings;
  for (std::vector<double> *numbers :
       {&costs.energyJ, &costs.timeS, &costs.leakageW})
    numbers->resize(points.size());
  costmodel::LayerCostModel layerModel = modelOf(layer);
  costmodel::LayerCostFactors factors = factorsOf(layerModel, points);
  addModelled(factors, points, costs);
  if (!otherLeakageW.empty() || request.byDomain) {
    SmallVector<double, 4> otherW(domains.size());
    for (size_t state = 0; state < points.size(); ++state) {
      addOthers(points, state, otherW, costs);
      if (request.byDomain)
        addDomains(factors.computeCost(indicesOf(state, points)), otherW,
                   costs);
    }
  }
  if (request.isAnalysed() && points.size() == 1)
    costs.analysis =
        std::make_shared<LayerAnalysis>(analyse(layer, layerModel, points));
  if (hardware.gating == costmodel::Gating::None)
    return costs;
  // Banks that the model does not speak of are always on.
  PerMemory powered = poweredBanks(layer);
  auto names = getMemoryNames(model);
  for (MemoryOp memory : TargetOp(target).getMemories()) {
    const auto *name = llvm::find(names, memory.getSymNameAttr());
    costs.poweredBanks.push_back(name != names.end()
                                     ? powered[name - names.begin()]
                                     : memory.getBanks().value_or(0));
  }
  return costs;
}

LogicalResult
AnalyticalAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                             const CostRequest &request,
                             SmallVectorImpl<LayerCosts> &costs) const {
  SmallVector<costmodel::Activity> activities;
  if (failed(countActivities(*this, layers, activities)))
    return failure();
  AnalyticalTarget analytical(*this, target, layers, activities, request);
  if (failed(analytical.planBanks()))
    return failure();
  return costLayers(
      target, layers.size(), request,
      [&](size_t layer, const OperatingPoints &points) {
        return analytical.cost(layer, points);
      },
      costs);
}

bool AnalyticalAttr::canCost(LayerOp &layer) const {
  return isProduct(layer) && (canCostVectorWork() || !layer.getVector());
}

bool AnalyticalAttr::canCostVectorWork() const { return bool(getOtherWork()); }

AnalyticalAttr AnalyticalAttr::withReductionChunk(int64_t chunk) const {
  auto values = std::apply(
      [&](auto... parameters) {
        return std::make_tuple((this->*parameters.get)()...);
      },
      getParameters());
  std::get<std::optional<int64_t>>(values) = chunk;
  return std::apply(
      [&](auto... value) {
        return AnalyticalAttr::get(getContext(), value...);
      },
      values);
}

LogicalResult AnalyticalAttr::verifyTarget(TargetOp &target) const {
  auto domains = getDomainNames(*this);
  auto memories = getMemoryNames(*this);
  llvm::SmallPtrSet<Attribute, 4> seen;
  for (StringAttr name : memories)
    if (!seen.insert(name).second)
      return emitBriefOpError(target)
             << "expects its cost model to name different memories, but got '"
             << name.getValue() << "' twice";
  for (StringAttr name : domains)
    if (failed(verifyModelDomain(target, name)))
      return failure();
  for (StringAttr name : memories)
    if (failed(verifyModelMemory(target, name, domains)))
      return failure();
  return verifyWeightMemory(lookup<MemoryOp>(target, getWeightMemory()));
}
