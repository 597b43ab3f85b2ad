//===- CostModels.cpp - Cost models of the power dialect --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pfmlir/CostModel/AnalyticalModel.h"
#include "pfmlir/Dialect/Power.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace pfmlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Measured tables
//===----------------------------------------------------------------------===//

FailureOr<LayerCosts> pfmlir::power::readCostTable(LayerOp layer,
                                                   TargetOp target,
                                                   CostTableAttr table) {
  if (table.getNumDomains() != target.getDomains().size())
    return emitBriefOpError(layer)
           << "expects one voltage for each of the "
           << target.getDomains().size() << " domains of target @"
           << target.getSymName() << " in its cost table, but got "
           << table.getNumDomains();
  LayerCosts costs;
  for (size_t row = 0; row < table.getNumStates(); ++row) {
    LayerState state{{},
                     table.getEnergyJ()[row],
                     table.getTimeS()[row],
                     table.getLeakageW()[row]};
    for (double voltage : table.getStateVoltagesV(row))
      if (std::optional<unsigned> level = target.getLevelIndex(voltage))
        state.levels.push_back(*level);
    // Measured at a level that is not to be used.
    if (state.levels.size() != table.getNumDomains())
      continue;
    costs.states.push_back(std::move(state));
  }
  if (costs.states.empty())
    return emitBriefOpError(layer)
           << "expects a row of its cost table at the levels of target @"
           << target.getSymName() << ", but there is none";
  return costs;
}

LogicalResult
MeasuredAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                           const GatingAttr &,
                           SmallVectorImpl<LayerCosts> &costs) const {
  for (LayerOp layer : layers) {
    auto table = getTables().getAs<CostTableAttr>(layer.getName());
    if (!table) {
      InFlightDiagnostic diagnostic =
          emitBriefOpError(layer)
          << "expects a measured cost table for layer '" << layer.getName()
          << "', but target @" << target.getSymName() << " has none";
      diagnostic.attachNote(target.getLoc()) << "target declared here";
      return diagnostic;
    }
    FailureOr<LayerCosts> layerCosts = readCostTable(layer, target, table);
    if (failed(layerCosts))
      return failure();
    costs.push_back(std::move(*layerCosts));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Analytical model
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

template <typename OpTy>
static OpTy lookup(TargetOp target, StringAttr name) {
  return cast<OpTy>(SymbolTable::lookupSymbolIn(target, name));
}

static FailureOr<costmodel::Activity> countActivity(LayerOp layer,
                                                    AnalyticalAttr model) {
  WorkloadAttrInterface workload = layer.getWorkloadAttr();
  if (auto conv =
          dyn_cast_or_null<Conv2DAttr>(static_cast<Attribute>(workload))) {
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
    return costmodel::countActivity(shape, model.getReductionChunk().value_or(
                                               costmodel::kNoReductionChunk));
  }
  if (auto product =
          dyn_cast_or_null<MatmulAttr>(static_cast<Attribute>(workload)))
    return costmodel::countActivity(costmodel::MatrixProduct{
        product.getM(), product.getK(), product.getN(), product.getBatch()});
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

/// The target as the cost model sees it. Memories without a number of banks are
/// as large as the largest of the layers needs.
static costmodel::Accelerator
readAccelerator(AnalyticalAttr model, TargetOp target,
                ArrayRef<costmodel::Activity> activities, GatingAttr gating) {
  costmodel::Accelerator hardware;
  for (auto [constant, attr] :
       llvm::zip_equal(hardware.constants, model.getConstants()))
    constant = attr.getValueAsDouble();
  hardware.gating = static_cast<costmodel::Gating>(gating.getMode());
  hardware.gatingGranularity = gating.getGranularity();
  auto domainNames = getDomainNames(model);
  for (auto [leakageW, name] : llvm::zip_equal(hardware.leakageW, domainNames))
    leakageW = lookup<DomainOp>(target, name).getLeakageW()->convertToDouble();

  std::array<int64_t, costmodel::NumMemories> bankBytes, needed = {};
  for (auto [bytes, name] : llvm::zip_equal(bankBytes, getMemoryNames(model)))
    bytes = lookup<MemoryOp>(target, name).getBankBytes();
  for (const costmodel::Activity &activity : activities)
    for (auto [most, banks] : llvm::zip_equal(
             needed, costmodel::countBanks(activity.bytes, bankBytes)))
      most = std::max(most, banks);
  for (auto [banks, name, need] :
       llvm::zip_equal(hardware.memories, getMemoryNames(model), needed)) {
    auto memory = lookup<MemoryOp>(target, name);
    const auto *supply =
        llvm::find(domainNames, memory.getDomainAttr().getAttr());
    banks.domain = costmodel::Domain(supply - domainNames.begin());
    banks.bankBytes = memory.getBankBytes();
    banks.banks = memory.getBanks().value_or(need);
    banks.bankLeakageW = memory.getBankLeakageW().convertToDouble();
  }
  return hardware;
}

namespace {
/// The operating points that a target's levels make.
class OperatingPoints {
public:
  OperatingPoints(AnalyticalAttr model, TargetOp target) {
    SmallVector<DomainOp> domains = target.getDomains();
    for (auto [position, name] :
         llvm::zip_equal(positions, getDomainNames(model))) {
      auto domain = lookup<DomainOp>(target, name);
      position = llvm::find(domains, domain) - domains.begin();
      double nominalV = domain.getNominalV().convertToDouble();
      auto &levelPoints = points.emplace_back();
      for (double voltage : target.getLevelsV())
        levelPoints.push_back(
            {voltage / nominalV,
             domain.getLawAttr().getFrequencyHz(
                 voltage, nominalV,
                 domain.getFrequencyHz()->convertToDouble())});
    }
  }

  /// Costs `model` at every combination of levels, the last domain's varying
  /// fastest.
  void computeCosts(const costmodel::LayerCostModel &model,
                    LayerCosts &costs) const {
    size_t numLevels = points.front().size();
    size_t numStates = 1;
    for (size_t domain = 0; domain < positions.size(); ++domain)
      numStates *= numLevels;
    costs.states.reserve(numStates);
    SmallVector<uint16_t, 4> levels(positions.size());
    for (size_t index = 0; index < numStates; ++index) {
      size_t rest = index;
      for (uint16_t &level : llvm::reverse(levels)) {
        level = rest % numLevels;
        rest /= numLevels;
      }
      costmodel::Cost cost = model.computeCost(getPoint(levels));
      costs.states.push_back(
          {levels, cost.energyJ(), cost.timeS, cost.totalLeakageW()});
    }
  }

  costmodel::OperatingPoint getPoint(ArrayRef<uint16_t> levels) const {
    costmodel::OperatingPoint point;
    for (int domain = 0; domain < costmodel::NumDomains; ++domain)
      point[domain] = points[domain][levels[positions[domain]]];
    return point;
  }

  /// The energy of a layer at these levels, for each of the target's domains.
  DomainEnergies splitEnergy(const costmodel::LayerCostModel &model,
                             ArrayRef<uint16_t> levels) const {
    costmodel::Cost cost = model.computeCost(getPoint(levels));
    DomainEnergies energies{SmallVector<double, 4>(positions.size()),
                            SmallVector<double, 4>(positions.size())};
    for (int domain = 0; domain < costmodel::NumDomains; ++domain) {
      energies.dynamicJ[positions[domain]] = cost.dynamicEnergyJ[domain];
      energies.leakageJ[positions[domain]] = cost.leakageW[domain] * cost.timeS;
    }
    return energies;
  }

private:
  /// Of each of the model's domains, the place among the target's.
  std::array<size_t, costmodel::NumDomains> positions;
  /// Of each of the model's domains, what each level makes of it.
  SmallVector<SmallVector<costmodel::DomainPoint>> points;
};
} // namespace

/// Per memory of the target, the banks that are on; those that the model does
/// not speak of are always.
static SmallVector<double, 4>
getPoweredBanks(AnalyticalAttr model, TargetOp target,
                const costmodel::Activity &activity,
                const costmodel::Accelerator &hardware) {
  std::array<double, costmodel::NumMemories> powered =
      costmodel::countPoweredBanks(activity, hardware);
  auto names = getMemoryNames(model);
  SmallVector<double, 4> banks;
  for (MemoryOp memory : target.getMemories()) {
    const auto *name = llvm::find(names, memory.getSymNameAttr());
    banks.push_back(name != names.end() ? powered[name - names.begin()]
                                        : memory.getBanks().value_or(0));
  }
  return banks;
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

/// Whether there is memory for all states of so many layers.
static LogicalResult checkNumStates(TargetOp target, size_t numLayers) {
  // A few gigabytes.
  constexpr uint64_t kMostStates = uint64_t(1) << 26;
  size_t numLevels = target.getLevelsV().size();
  uint64_t numStates = numLayers;
  for (int domain = 0; domain < costmodel::NumDomains; ++domain)
    numStates = llvm::SaturatingMultiply<uint64_t>(numStates, numLevels);
  if (numStates <= kMostStates)
    return success();
  return emitBriefOpError(target)
         << "expects at most " << kMostStates << " states of all layers, but "
         << numLevels << " levels in each domain make " << numStates << " of "
         << numLayers << " layers";
}

LogicalResult
AnalyticalAttr::computeCosts(TargetOp &target, ArrayRef<LayerOp> layers,
                             const GatingAttr &gating,
                             SmallVectorImpl<LayerCosts> &costs) const {
  SmallVector<costmodel::Activity> activities;
  if (failed(checkNumStates(target, layers.size())) ||
      failed(countActivities(*this, layers, activities)))
    return failure();
  costmodel::Accelerator hardware =
      readAccelerator(*this, target, activities, gating);
  OperatingPoints points(*this, target);
  for (const costmodel::Activity &activity : activities) {
    LayerCosts &layer = costs.emplace_back();
    points.computeCosts(costmodel::LayerCostModel(activity, hardware), layer);
    if (gating.getMode() != GatingMode::None)
      layer.poweredBanks = getPoweredBanks(*this, target, activity, hardware);
  }
  return success();
}

LogicalResult
AnalyticalAttr::splitByDomain(TargetOp &target, ArrayRef<LayerOp> layers,
                              const GatingAttr &gating,
                              ArrayRef<SmallVector<uint16_t, 4>> levels,
                              SmallVectorImpl<DomainEnergies> &energies) const {
  SmallVector<costmodel::Activity> activities;
  if (failed(countActivities(*this, layers, activities)))
    return failure();
  costmodel::Accelerator hardware =
      readAccelerator(*this, target, activities, gating);
  OperatingPoints points(*this, target);
  for (auto [activity, layerLevels] : llvm::zip_equal(activities, levels))
    energies.push_back(points.splitEnergy(
        costmodel::LayerCostModel(activity, hardware), layerLevels));
  return success();
}

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
