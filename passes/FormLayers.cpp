//===- FormLayers.cpp - Group linalg operations into layers -----*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every operation of the function gets a home: a layer, or none for what stays
// in front of all layers (constants, and weights that several layers use).
//
//===----------------------------------------------------------------------===//

#include "passes/LayerShapes.h"
#include "passes/OperationAccount.h"
#include "passes/VectorWork.h"
#include "pfmlir/Passes/Network.h"
#include "pfmlir/Passes/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace pfmlir::power {
#define GEN_PASS_DEF_FORMLAYERS
#include "pfmlir/Passes/Passes.h.inc"
} // namespace pfmlir::power

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Kinds of operations
//===----------------------------------------------------------------------===//

/// Changes how a tensor is read, or makes one to be written to; no work.
static bool isFree(Operation *op) {
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp,
             tensor::EmptyOp, linalg::FillOp>(op);
}

/// Brings a tensor into the shape in which the next layer reads it.
static bool isPreparation(Operation *op) {
  if (isFree(op) || isa<tensor::PadOp, tensor::ExtractSliceOp>(op))
    return true;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && isCopy(linalgOp);
}

/// The innermost name that a location carries, or nothing.
static StringRef findName(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName();
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return findName(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (StringRef name = findName(part); !name.empty())
        return name;
  return "";
}

//===----------------------------------------------------------------------===//
// Forming layers
//===----------------------------------------------------------------------===//

namespace {
/// What becomes of what is no layer by itself.
struct LayerRules {
  /// Products of a single position are listed, and not costed.
  bool skipsVectorLayers = false;
  /// Products that no workload describes are, too, and no error.
  bool allowsUncosted = false;
  /// Work that is no product is costed.
  bool costsVectorWork = false;
};

class LayerFormer {
public:
  LayerFormer(FunctionOpInterface function, LayerRules rules)
      : function(function), block(function.getFunctionBody().front()),
        rules(rules) {}

  LogicalResult form();
  /// Whether layers that are there already hold all that would be layers.
  LogicalResult checkFormed();
  unsigned numLayers() const { return layers.size(); }
  unsigned numUncosted() const { return uncostedOps; }

private:
  /// In front of all layers.
  static constexpr int kOutside = -1;

  struct Layer {
    linalg::LinalgOp anchor;
    LayerShape shape;
    std::string name;
    SmallVector<Operation *> ops;
    DictionaryAttr uncosted;
    ArrayAttr vector;
    /// Of what leaves it: its product's result, and what is computed on it in
    /// passing.
    Type outputElement;
  };

  LogicalResult checkFunction();
  LogicalResult checkNested(Operation &op);
  void findDependent();
  bool isWeight(Value value) const;
  LogicalResult findLayers();
  LogicalResult addLayer(linalg::LinalgOp op);
  void nameLayers();
  void assignHomes();
  int homeOfUsers(Operation *op, bool earliest) const;
  bool isPartOfLayer(Operation *op, const DenseSet<Operation *> &parts) const;
  SmallVector<std::pair<Operation *, Fate>> findFates(Layer &layer);
  LogicalResult accountFor(Layer &layer);
  LogicalResult accountForAll();
  void buildLayer(Layer &layer);

  FunctionOpInterface function;
  Block &block;
  LayerRules rules;
  SmallVector<Layer> layers;
  /// The layer of each anchor.
  DenseMap<Operation *, int> anchors;
  DenseSet<Operation *> foldedPads;
  /// Operations that depend on the function's arguments.
  DenseSet<Operation *> dependent;
  DenseMap<Operation *, int> homes;
  Account account;
  unsigned uncostedOps = 0;
};
} // namespace

LogicalResult LayerFormer::checkFunction() {
  if (!function.getFunctionBody().hasOneBlock())
    return emitBriefOpError(function)
           << "expects a body of one block, but got "
           << function.getFunctionBody().getBlocks().size();
  for (Operation &op : block) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
      if (!linalgOp.hasPureTensorSemantics())
        return emitBriefOpError(&op)
               << "expects linalg on tensors to form layers";
      continue;
    }
    if (failed(checkNested(op)))
      return failure();
  }
  return success();
}

/// What an operation holds in its regions can't become a layer.
LogicalResult LayerFormer::checkNested(Operation &op) {
  WalkResult nested = op.walk([&](linalg::LinalgOp inner) {
    if (inner.getOperation() == &op || !isMultiplyAccumulate(inner))
      return WalkResult::advance();
    InFlightDiagnostic diagnostic =
        emitBriefOpError(inner)
        << "expects to be in the function's own block to become a layer";
    diagnostic.attachNote(op.getLoc()) << "nested in this operation";
    return WalkResult::interrupt();
  });
  return failure(nested.wasInterrupted());
}

/// An operation depends on the input if an operand of it, or of one nested in
/// it, does, or if it has effects.
void LayerFormer::findDependent() {
  auto depends = [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getOwner() == &block;
    return dependent.contains(
        block.findAncestorOpInBlock(*value.getDefiningOp()));
  };
  for (Operation &op : block.without_terminator()) {
    // What has effects keeps its place among the rest. (Checks inside of linalg
    // operations, as torch-mlir writes for divisions, are none to keep.)
    if (!isa<linalg::LinalgOp>(op) && !isMemoryEffectFree(&op))
      dependent.insert(&op);
    op.walk([&](Operation *nested) {
      if (llvm::any_of(nested->getOperands(), depends))
        dependent.insert(&op);
    });
  }
}

bool LayerFormer::isWeight(Value value) const {
  Operation *op = value.getDefiningOp();
  return op && !dependent.contains(op);
}

LogicalResult LayerFormer::addLayer(linalg::LinalgOp op) {
  auto isStatic = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return !shaped || shaped.hasStaticShape();
  };
  if (!llvm::all_of(op->getOperandTypes(), isStatic)) {
    InFlightDiagnostic diagnostic =
        emitBriefOpError(op)
        << "expects static shapes, which its cost depends on, but got ";
    llvm::interleaveComma(op->getOperandTypes(), diagnostic);
    return diagnostic;
  }
  FailureOr<LayerShape> shape =
      inferLayerShape(op, [&](Value value) { return isWeight(value); });
  if (failed(shape))
    return failure();
  if (!shape->workload && rules.allowsUncosted)
    return success();
  if (!shape->workload)
    return emitBriefOpError(op)
           << "is a product that no workload describes; option "
              "'allow-uncosted' of power-form-layers lists it as uncosted";
  if (rules.skipsVectorLayers && isVectorLayer(shape->workload))
    return success();
  foldedPads.insert(shape->foldedPads.begin(), shape->foldedPads.end());
  anchors[op] = layers.size();
  layers.push_back({op, std::move(*shape), "", {}, {}, {}, {}});
  return success();
}

LogicalResult LayerFormer::findLayers() {
  for (Operation &op : block) {
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (linalgOp && dependent.contains(&op) && isMultiplyAccumulate(linalgOp) &&
        failed(addLayer(linalgOp)))
      return failure();
  }
  if (!layers.empty())
    return success();
  return emitBriefOpError(function)
         << "expects a convolution or matrix product of "
            "its arguments, but got none";
}

/// Names from locations; the second of a name gets "[1]", and so on.
void LayerFormer::nameLayers() {
  llvm::StringMap<unsigned> uses;
  llvm::StringSet<> taken;
  for (Layer &layer : layers)
    taken.insert(findName(layer.anchor.getLoc()));
  for (Layer &layer : layers) {
    StringRef name = findName(layer.anchor.getLoc());
    bool named = !name.empty();
    if (!named)
      name = layer.shape.kind;
    unsigned &use = uses[name];
    do {
      layer.name = name.str();
      if (!named)
        layer.name += "_" + std::to_string(use);
      else if (use > 0)
        layer.name += "[" + std::to_string(use) + "]";
      ++use;
    } while ((!named || use > 1) && !taken.insert(layer.name).second);
  }
}

/// The layer of all users of an operation (or the earliest); outside if they
/// are in several, or outside themselves.
int LayerFormer::homeOfUsers(Operation *op, bool earliest) const {
  std::optional<int> home;
  for (Operation *user : op->getUsers()) {
    Operation *ancestor = block.findAncestorOpInBlock(*user);
    // What the function returns is there when its last layer is done.
    int userHome = ancestor->hasTrait<OpTrait::IsTerminator>()
                       ? int(layers.size()) - 1
                       : homes.lookup(ancestor);
    if (!home)
      home = userHome;
    else if (earliest)
      home = std::min(*home, userHome);
    else if (*home != userHome)
      return kOutside;
  }
  return home.value_or(kOutside);
}

/// Backwards, so that an operation's users have their homes before it.
void LayerFormer::assignHomes() {
  int current = layers.size() - 1;
  for (Operation &op : llvm::reverse(block.without_terminator())) {
    if (auto anchor = anchors.find(&op); anchor != anchors.end()) {
      homes[&op] = anchor->second;
      // What comes before the first layer joins it.
      current = std::max(anchor->second - 1, 0);
    } else if (op.hasTrait<OpTrait::ConstantLike>()) {
      homes[&op] = kOutside;
    } else if (!dependent.contains(&op)) {
      homes[&op] = homeOfUsers(&op, /*earliest=*/false);
    } else if (isPreparation(&op)) {
      homes[&op] = std::max(homeOfUsers(&op, /*earliest=*/true), current);
    } else {
      homes[&op] = current;
    }
  }
  for (Operation &op : block.without_terminator())
    if (int home = homes.lookup(&op); home != kOutside)
      layers[home].ops.push_back(&op);
}

/// Whether an operation is element-wise on results of `parts`, the layer's own
/// computation, and on weights, so that the layer computes it in passing.
bool LayerFormer::isPartOfLayer(Operation *op,
                                const DenseSet<Operation *> &parts) const {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || !isElementwise(linalgOp) || isCopy(linalgOp))
    return false;
  // A body that reads tensors by itself gathers; that is no work in passing.
  bool gathers =
      op->walk([&](Operation *nested) {
          return llvm::any_of(nested->getOperands(),
                              [&](Value operand) {
                                return nested != op &&
                                       isa<TensorType>(operand.getType()) &&
                                       !isWeight(operand);
                              })
                     ? WalkResult::interrupt()
                     : WalkResult::advance();
        }).wasInterrupted();
  if (gathers)
    return false;
  AffineMap outputMap =
      linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
  auto isOwn = [&](OpOperand *operand) {
    return parts.contains(operand->get().getDefiningOp()) &&
           linalgOp.getMatchingIndexingMap(operand) == outputMap;
  };
  auto inputs = linalgOp.getDpsInputOperands();
  return llvm::any_of(inputs, isOwn) &&
         llvm::all_of(inputs, [&](OpOperand *operand) {
           return isOwn(operand) || isWeight(operand->get());
         });
}

/// What becomes of the operations of a layer that depend on the input.
SmallVector<std::pair<Operation *, Fate>> LayerFormer::findFates(Layer &layer) {
  SmallVector<std::pair<Operation *, Fate>> fates;
  DenseSet<Operation *> parts;
  auto find = [&](Operation *op) {
    if (op == layer.anchor) {
      parts.insert(op);
      return Fate::Layer;
    }
    if (foldedPads.contains(op))
      return Fate::Padding;
    if (isDequantization(op))
      return Fate::Format;
    if (isFree(op)) {
      // A reshaped result is still the layer's own.
      if (op->getNumOperands() > 0 &&
          parts.contains(op->getOperand(0).getDefiningOp()))
        parts.insert(op);
      return Fate::View;
    }
    if (isPartOfLayer(op, parts)) {
      parts.insert(op);
      layer.outputElement = getElementTypeOrSelf(op->getResult(0).getType());
      return Fate::InPassing;
    }
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    bool isProduct = linalgOp && isMultiplyAccumulate(linalgOp);
    return rules.costsVectorWork && !isProduct ? Fate::Vector : Fate::Listed;
  };
  for (Operation *op : layer.ops)
    if (dependent.contains(op))
      fates.push_back({op, find(op)});
  return fates;
}

/// Sums up, or counts by description, the work of a layer besides its own.
LogicalResult LayerFormer::accountFor(Layer &layer) {
  MLIRContext *context = function.getContext();
  VectorWork vector;
  llvm::MapVector<StringAttr, int64_t> counts;
  for (auto [op, fate] : findFates(layer)) {
    std::optional<int64_t> work;
    if (fate == Fate::Layer)
      work = layer.shape.workload.getMultiplyAccumulates();
    addOperation(op, fate, account, work);
    if (fate == Fate::Vector && failed(vector.add(op)))
      return failure();
    if (fate != Fate::Listed)
      continue;
    ++counts[StringAttr::get(context, describeOperation(op))];
    ++uncostedOps;
  }
  layer.vector = vector.get(context);
  if (layer.outputElement)
    layer.shape.workload =
        withOutputElement(layer.shape.workload, layer.outputElement);
  NamedAttrList entries;
  for (auto [description, count] : counts)
    entries.set(description, Builder(context).getI64IntegerAttr(count));
  if (!entries.empty())
    layer.uncosted = entries.getDictionary(context);
  return success();
}

/// What is computed before the network runs, and all that layers hold.
LogicalResult LayerFormer::accountForAll() {
  for (Operation &op : block.without_terminator())
    if (!dependent.contains(&op) && !op.hasTrait<OpTrait::ConstantLike>())
      addOperation(&op, isFree(&op) ? Fate::View : Fate::Ahead, account);
  // While operands still tell which operation they are from.
  for (Layer &layer : layers)
    if (failed(accountFor(layer)))
      return failure();
  function->setAttr(PowerDialect::getAccountAttrName(),
                    writeAccount(account, function.getContext()));
  return success();
}

void LayerFormer::buildLayer(Layer &layer) {
  // The values of the layer that something outside it uses.
  DenseSet<Operation *> inside(layer.ops.begin(), layer.ops.end());
  SmallVector<Value> yielded;
  auto isOutside = [&](OpOperand &use) {
    return !inside.contains(block.findAncestorOpInBlock(*use.getOwner()));
  };
  for (Operation *op : layer.ops)
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUses(), isOutside))
        yielded.push_back(result);

  OpBuilder builder(block.getTerminator());
  auto layerOp = LayerOp::create(
      builder, layer.anchor.getLoc(), ValueRange(yielded).getTypes(),
      builder.getStringAttr(layer.name), layer.shape.workload,
      /*costs=*/CostTableAttr(), /*implementations=*/DictionaryAttr(),
      /*probability=*/FloatAttr(), /*state=*/StateAttr(), layer.uncosted,
      layer.vector);
  for (auto [value, result] : llvm::zip_equal(yielded, layerOp.getResults()))
    value.replaceUsesWithIf(result, isOutside);
  Block *body = builder.createBlock(&layerOp.getBody());
  for (Operation *op : layer.ops)
    op->moveBefore(body, body->end());
  builder.setInsertionPointToEnd(body);
  YieldOp::create(builder, layer.anchor.getLoc(), yielded);
}

LogicalResult LayerFormer::form() {
  if (failed(checkFunction()))
    return failure();
  // Of layers that have been inlined since; they have no place in the new ones.
  eraseManagerOperations(function);
  findDependent();
  if (failed(findLayers()))
    return failure();
  nameLayers();
  assignHomes();
  if (failed(accountForAll()))
    return failure();
  for (Layer &layer : layers)
    buildLayer(layer);
  return success();
}

LogicalResult LayerFormer::checkFormed() {
  if (!function.getFunctionBody().hasOneBlock())
    return success();
  findDependent();
  for (Operation &op : block) {
    if (isa<LayerOp>(op))
      continue;
    if (failed(checkNested(op)))
      return failure();
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (!linalgOp || !dependent.contains(&op) ||
        !isMultiplyAccumulate(linalgOp))
      continue;
    InFlightDiagnostic diagnostic =
        emitBriefOpError(&op)
        << "expects to be in a power.layer, as others are";
    diagnostic.attachNote(
        (*function.getFunctionBody().getOps<LayerOp>().begin()).getLoc())
        << "the first layer is here";
    return diagnostic;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Whether a target, if there is one, costs work that is no product.
static bool costsVectorWork(TargetOp target) {
  CostModelAttrInterface model =
      target ? target.getCostModelAttr() : CostModelAttrInterface();
  return model && model.canCostVectorWork();
}

/// Says of layers, by name, in which part of the periods they run; of equal
/// names in several functions, in each.
static LogicalResult
setProbabilities(ArrayRef<FunctionOpInterface> functions,
                 ArrayRef<LayerProbability> probabilities) {
  for (const LayerProbability &each : probabilities) {
    bool isFound = false;
    for (FunctionOpInterface function : functions) {
      auto layers = function.getFunctionBody().getOps<LayerOp>();
      auto found = llvm::find_if(
          layers, [&](LayerOp layer) { return layer.getName() == each.layer; });
      if (found == layers.end())
        continue;
      (*found).setProbability(APFloat(each.probability));
      isFound = true;
    }
    if (!isFound)
      return emitBriefOpError(FunctionOpInterface(functions.front()))
             << "expects option 'probabilities' to name a layer, but got '"
             << each.layer << "'";
  }
  return success(llvm::all_of(functions, [](FunctionOpInterface function) {
    auto layers = function.getFunctionBody().getOps<LayerOp>();
    return succeeded(readProbabilities(llvm::to_vector(layers)));
  }));
}

namespace {
struct FormLayersPass : pfmlir::power::impl::FormLayersBase<FormLayersPass> {
  using FormLayersBase::FormLayersBase;

  LogicalResult formLayers(FunctionOpInterface function) {
    FailureOr<TargetOp> target = findTarget(function);
    if (failed(target))
      return failure();
    LayerRules rules;
    rules.skipsVectorLayers = skipVectorLayers;
    rules.allowsUncosted = allowUncosted;
    rules.costsVectorWork = !listVectorWork && costsVectorWork(*target);
    LayerFormer former(function, rules);
    if (!function.getFunctionBody().getOps<LayerOp>().empty())
      return former.checkFormed();
    if (failed(former.form()))
      return failure();
    numLayers += former.numLayers();
    numUncosted += former.numUncosted();
    return success();
  }

  void runOnOperation() override {
    FailureOr<SmallVector<FunctionOpInterface>> functions =
        findFunctions(getOperation());
    if (failed(functions))
      return signalPassFailure();
    for (FunctionOpInterface function : *functions)
      if (failed(formLayers(function)))
        return signalPassFailure();
    if (probabilities.empty())
      return;
    if (failed(setProbabilities(*functions, *probabilities)))
      signalPassFailure();
  }
};
} // namespace
