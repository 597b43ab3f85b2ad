//===- LayerShapes.cpp - What a linalg operation computes -------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/LayerShapes.h"
#include "pfmlir/Passes/Network.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/CheckedArithmetic.h"

#include <limits>
#include <numeric>

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Multiply-accumulate
//===----------------------------------------------------------------------===//

bool pfmlir::power::repeatsOperand(linalg::LinalgOp op) {
  return op.getNumDpsInputs() == 1 && op.getNumReductionLoops() == 0 &&
         op.getBlock()->getTerminator()->getOperand(0) ==
             op.getBlock()->getArgument(0);
}

int64_t pfmlir::power::multiplyCounts(int64_t a, int64_t b) {
  return llvm::checkedMul(a, b).value_or(std::numeric_limits<int64_t>::max());
}

bool pfmlir::power::isConversion(Operation *op) {
  return isa<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp,
             arith::TruncIOp, arith::SIToFPOp, arith::UIToFPOp>(op);
}

/// Looks through conversions between number formats.
static Value skipConversions(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isConversion(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Looks through the subtraction of a zero point, which is the same for all
/// elements: a scalar operand, or a value from outside.
static Value skipZeroPoint(Value value, Block *body, unsigned numFactors) {
  value = skipConversions(value);
  Operation *difference = value.getDefiningOp();
  if (!isa_and_nonnull<arith::SubIOp, arith::SubFOp>(difference))
    return value;
  Value point = skipConversions(difference->getOperand(1));
  auto argument = dyn_cast<BlockArgument>(point);
  bool isSame = argument && argument.getOwner() == body
                    ? argument.getArgNumber() >= numFactors
                    : point.getParentBlock() != body ||
                          point.getDefiningOp<arith::ConstantOp>();
  return isSame ? skipConversions(difference->getOperand(0)) : value;
}

/// Two operands, and besides only scalars: zero points.
static bool hasTwoFactors(linalg::LinalgOp op) {
  auto inputs = op.getDpsInputs();
  return inputs.size() >= 2 && op.getNumDpsInits() == 1 &&
         llvm::all_of(llvm::drop_begin(inputs, 2), [](Value operand) {
           auto shaped = dyn_cast<ShapedType>(operand.getType());
           return !shaped || shaped.getRank() == 0;
         });
}

bool pfmlir::power::isMultiplyAccumulate(linalg::LinalgOp op) {
  if (!hasTwoFactors(op) || op.getNumReductionLoops() == 0)
    return false;
  Block *body = op.getBlock();
  Value accumulator = body->getArgument(op.getNumDpsInputs());
  Operation *sum =
      skipConversions(body->getTerminator()->getOperand(0)).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::AddIOp>(sum))
    return false;
  for (unsigned i : {0u, 1u}) {
    if (skipConversions(sum->getOperand(i)) != accumulator)
      continue;
    Operation *product =
        skipConversions(sum->getOperand(1 - i)).getDefiningOp();
    if (!isa_and_nonnull<arith::MulFOp, arith::MulIOp>(product))
      return false;
    Value factors[] = {skipZeroPoint(product->getOperand(0), body, 2),
                       skipZeroPoint(product->getOperand(1), body, 2)};
    return llvm::is_contained(factors, body->getArgument(0)) &&
           llvm::is_contained(factors, body->getArgument(1));
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Number formats
//===----------------------------------------------------------------------===//

bool pfmlir::power::isDequantization(Operation *op) {
  auto generic = dyn_cast<linalg::LinalgOp>(op);
  if (!generic || generic.getNumReductionLoops() != 0 ||
      generic.getNumDpsInputs() == 0 || generic.getNumDpsInits() != 1)
    return false;
  Block *body = generic.getBlock();
  if (!getElementTypeOrSelf(generic.getDpsInputs()[0].getType()).isInteger() ||
      !isa<FloatType>(body->getTerminator()->getOperand(0).getType()))
    return false;
  // From the first operand alone, by what is linear.
  bool convertsFirst = false;
  for (Operation &nested : body->without_terminator()) {
    if (!isa<arith::ExtSIOp, arith::ExtUIOp, arith::SIToFPOp, arith::UIToFPOp,
             arith::SubIOp, arith::SubFOp, arith::MulFOp, arith::TruncFOp,
             arith::ExtFOp, arith::ConstantOp>(nested))
      return false;
    convertsFirst |=
        isa<arith::SIToFPOp, arith::UIToFPOp, arith::ExtSIOp, arith::ExtUIOp,
            arith::SubIOp>(nested) &&
        llvm::is_contained(nested.getOperands(), body->getArgument(0));
  }
  return convertsFirst;
}

/// What a value is stored as: the integers that it is made of without further
/// work, if it is.
static Type findStoredType(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isDequantization(op))
      return getElementTypeOrSelf(op->getOperand(0).getType());
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    bool isCopy = linalgOp && repeatsOperand(linalgOp);
    if (!isCopy && !isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
                        tensor::CastOp, tensor::PadOp>(op))
      break;
    value = op->getOperand(0);
  }
  return getElementTypeOrSelf(value.getType());
}

std::optional<int64_t> pfmlir::power::findElementBits(Type type) {
  if (!type.isIntOrFloat() || type.isF32() || type.isF64())
    return std::nullopt;
  return type.getIntOrFloatBitWidth();
}

namespace {
struct Formats {
  std::optional<int64_t> activationBits, weightBits, outputBits;
};
} // namespace

/// The formats of a product of data, operand `data`, and the other one.
static Formats findFormats(linalg::LinalgOp op, unsigned data) {
  Type activation = findStoredType(op.getDpsInputs()[data]);
  Type weight = findStoredType(op.getDpsInputs()[1 - data]);
  Type output = getElementTypeOrSelf(op.getDpsInits()[0].getType());
  Formats formats{findElementBits(activation), findElementBits(weight),
                  findElementBits(output)};
  // What is multiplied as integers is summed up in integers.
  constexpr int64_t kAccumulatorBits = 32;
  if (!formats.outputBits && activation.isInteger() && weight.isInteger())
    formats.outputBits = kAccumulatorBits;
  return formats;
}

WorkloadAttrInterface
pfmlir::power::withOutputElement(WorkloadAttrInterface workload, Type element) {
  std::optional<int64_t> bits = findElementBits(element);
  // A comparison is no result to pass on in its place.
  if (!bits || *bits == 1)
    return workload;
  Attribute attribute = workload;
  if (auto conv = dyn_cast<Conv2DAttr>(attribute))
    return Conv2DAttr::get(
        conv.getContext(), conv.getInput(), conv.getOutputChannels(),
        conv.getKernel(), conv.getStrides(), conv.getPadding(),
        conv.getDilations(), conv.getGroups(), conv.getBatch(),
        conv.getActivationBits(), conv.getWeightBits(), bits);
  if (auto product = dyn_cast<MatmulAttr>(attribute))
    return MatmulAttr::get(
        product.getContext(), product.getM(), product.getK(), product.getN(),
        product.getBatch(), product.getDataOperands(),
        product.getActivationBits(), product.getWeightBits(), bits);
  return workload;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

// Operations that workloads of another kind stand for.
static constexpr StringLiteral kTransposedConvolution = "transposed_conv";
static constexpr StringLiteral kConvolution3D = "conv3d";

static InFlightDiagnostic emitShapeError(linalg::LinalgOp op) {
  return emitBriefOpError(op) << "can't be a layer: ";
}

static int64_t product(ArrayRef<int64_t> ranges, ArrayRef<unsigned> loops) {
  int64_t result = 1;
  for (unsigned loop : loops)
    result = multiplyCounts(result, ranges[loop]);
  return result;
}

/// The dimension of the input that both an image loop and a filter loop walk.
static std::optional<int64_t>
findImageDim(AffineMap inputMap, unsigned imageLoop, unsigned filterLoop) {
  for (auto [dim, expr] : llvm::enumerate(inputMap.getResults()))
    if (expr.isFunctionOfDim(imageLoop) && expr.isFunctionOfDim(filterLoop))
      return dim;
  return std::nullopt;
}

/// The dimension of a reshape's other side that is `dim` alone, if there is.
static std::optional<int64_t> followDim(ArrayRef<ReassociationIndices> groups,
                                        int64_t dim, bool toGroup) {
  for (auto [index, group] : llvm::enumerate(groups)) {
    if (toGroup && group.size() == 1 && group.front() == dim)
      return index;
    if (!toGroup && int64_t(index) == dim && group.size() == 1)
      return group.front();
  }
  return std::nullopt;
}

namespace {
/// An image as it is before it is padded.
struct Image {
  SmallVector<int64_t> size;
  /// Low and high, per dimension.
  SmallVector<int64_t> padding;
  SmallVector<Operation *> pads;
};
} // namespace

/// Adds the padding of `pad` if it pads the image's dimensions only.
static bool foldPad(tensor::PadOp pad, ArrayRef<int64_t> dims, Image &image) {
  ArrayRef<int64_t> low = pad.getStaticLow(), high = pad.getStaticHigh();
  ArrayRef<int64_t> source = pad.getSourceType().getShape();
  for (int64_t dim = 0; dim < int64_t(low.size()); ++dim)
    if (ShapedType::isDynamic(low[dim]) || ShapedType::isDynamic(high[dim]) ||
        low[dim] < 0 || high[dim] < 0 || ShapedType::isDynamic(source[dim]) ||
        (low[dim] + high[dim] != 0 && !llvm::is_contained(dims, dim)))
      return false;
  for (auto [i, dim] : llvm::enumerate(dims)) {
    image.size[i] = source[dim];
    image.padding[2 * i] += low[dim];
    image.padding[2 * i + 1] += high[dim];
  }
  image.pads.push_back(pad);
  return true;
}

/// The image that a convolution reads through pads and reshapes; `dims` are its
/// dimensions in `input`.
static Image findImage(Value input, SmallVector<int64_t> dims) {
  Image image;
  ArrayRef<int64_t> shape = cast<ShapedType>(input.getType()).getShape();
  for (int64_t dim : dims)
    image.size.push_back(shape[dim]);
  image.padding.resize(2 * dims.size());

  while (Operation *op = input.getDefiningOp()) {
    if (auto pad = dyn_cast<tensor::PadOp>(op)) {
      if (!foldPad(pad, dims, image))
        return image;
      input = pad.getSource();
      continue;
    }
    SmallVector<ReassociationIndices> groups;
    bool expands = isa<tensor::ExpandShapeOp>(op);
    if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
      groups = expand.getReassociationIndices();
    else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
      groups = collapse.getReassociationIndices();
    for (int64_t &dim : dims) {
      std::optional<int64_t> source = followDim(groups, dim, expands);
      if (!source)
        return image;
      dim = *source;
    }
    input = op->getOperand(0);
  }
  return image;
}

/// The tensor that a transposed convolution spreads with zeros in between, and
/// what spreads it; null for any other.
static std::pair<Value, Operation *> findSpread(Value input) {
  while (input.getDefiningOp<tensor::CastOp>())
    input = input.getDefiningOp()->getOperand(0);
  auto insert = input.getDefiningOp<tensor::InsertSliceOp>();
  if (!insert)
    return {};
  auto fill = insert.getDest().getDefiningOp<linalg::FillOp>();
  if (!fill || !(matchPattern(fill.getInputs()[0], m_AnyZeroFloat()) ||
                 matchPattern(fill.getInputs()[0], m_Zero())))
    return {};
  return {insert.getSource(), insert};
}

/// A transposed convolution is a product of all samples with all weights, whose
/// overlapping results are added up: no zeros are multiplied.
static FailureOr<LayerShape> inferTransposedConvolution(
    linalg::LinalgOp op, const linalg::ConvolutionDimensions &dims,
    Value source, Operation *spread, ArrayRef<int64_t> imageDims) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  auto type = cast<ShapedType>(source.getType());
  if (!type.hasStaticShape())
    return LayerShape();
  int64_t samples = product(ranges, dims.batch);
  for (int64_t dim : imageDims)
    samples = multiplyCounts(samples, type.getDimSize(dim));
  int64_t outputs = multiplyCounts(product(ranges, dims.outputChannel),
                                   product(ranges, dims.filterLoop));
  Formats formats = findFormats(op, 0);
  LayerShape shape;
  shape.workload = MatmulAttr::getChecked(
      [&] { return emitShapeError(op); }, op.getContext(), samples,
      product(ranges, dims.inputChannel), outputs, product(ranges, dims.depth),
      /*dataOperands=*/int64_t(1), formats.activationBits, formats.weightBits,
      formats.outputBits);
  shape.kind = kTransposedConvolution;
  shape.foldedPads.push_back(spread);
  if (!shape.workload)
    return failure();
  return shape;
}

static FailureOr<LayerShape>
inferConvolution(linalg::LinalgOp op,
                 const linalg::ConvolutionDimensions &dims) {
  size_t rank = dims.outputImage.size();
  if (rank == 0 || rank > 3 || dims.filterLoop.size() != rank)
    return LayerShape();
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  OpOperand *input = op.getDpsInputOperand(0);
  AffineMap inputMap = op.getMatchingIndexingMap(input);
  SmallVector<int64_t> imageDims;
  for (size_t i = 0; i < rank; ++i) {
    std::optional<int64_t> dim =
        findImageDim(inputMap, dims.outputImage[i], dims.filterLoop[i]);
    if (!dim)
      return LayerShape();
    imageDims.push_back(*dim);
  }
  if (auto [source, spread] = findSpread(input->get()); spread)
    return inferTransposedConvolution(op, dims, source, spread, imageDims);
  Image image = findImage(input->get(), imageDims);

  int64_t groups = product(ranges, dims.depth);
  int64_t channels = product(ranges, dims.inputChannel);
  int64_t batch = product(ranges, dims.batch);
  // In three dimensions each plane of the output is an image of its own, of all
  // the planes of the input that its kernel sees.
  size_t planes = rank == 3 ? 1 : 0;
  if (planes) {
    channels = multiplyCounts(channels, ranges[dims.filterLoop[0]]);
    batch = multiplyCounts(batch, ranges[dims.outputImage[0]]);
  }
  // A one-dimensional convolution is one of height 1.
  size_t first = rank == 1 ? 1 : 0;
  std::array<int64_t, 2> size = {1, 1}, kernel = {1, 1}, strides = {1, 1},
                         dilations = {1, 1};
  std::array<int64_t, 4> padding = {0, 0, 0, 0};
  for (size_t i = planes; i < rank; ++i) {
    size_t to = first + i - planes;
    size[to] = image.size[i];
    kernel[to] = ranges[dims.filterLoop[i]];
    strides[to] = dims.strides[i];
    dilations[to] = dims.dilations[i];
    padding[2 * to] = image.padding[2 * i];
    padding[2 * to + 1] = image.padding[2 * i + 1];
  }

  int64_t inputChannels = multiplyCounts(groups, channels);
  int64_t outputChannels =
      multiplyCounts(groups, product(ranges, dims.outputChannel));
  MLIRContext *context = op.getContext();
  auto array = [&](ArrayRef<int64_t> values) {
    return DenseI64ArrayAttr::get(context, values);
  };
  // What has its default value goes without saying.
  auto unless = [&](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_equal(values) && values.front() == value
               ? DenseI64ArrayAttr()
               : array(values);
  };
  Formats formats = findFormats(op, 0);
  LayerShape shape;
  shape.workload = Conv2DAttr::getChecked(
      [&] { return emitShapeError(op); }, context,
      array({inputChannels, size[0], size[1]}), outputChannels, array(kernel),
      unless(strides, 1), unless(padding, 0), unless(dilations, 1), groups,
      batch, formats.activationBits, formats.weightBits, formats.outputBits);
  shape.foldedPads = image.pads;
  if (!shape.workload)
    return failure();
  shape.kind =
      planes ? StringRef(kConvolution3D) : shape.workload.getOperation();
  return shape;
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// Whether all slices of `value` along `dim` are the same, because an operation
/// just repeats its operand there.
static bool isBroadcastAlong(Value value, int64_t dim) {
  while (auto op = value.getDefiningOp<linalg::LinalgOp>()) {
    if (!repeatsOperand(op))
      return false;
    AffineMap inputMap = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
    AffineMap outputMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
    if (!outputMap.isPermutation() || !inputMap.isProjectedPermutation())
      return false;
    AffineExpr loop = outputMap.getResult(dim);
    std::optional<unsigned> source = inputMap.getResultPosition(loop);
    if (!source)
      return true;
    value = op.getDpsInputs()[0];
    dim = *source;
  }
  return false;
}

/// Splits batch loops into those along which `operand` repeats, and the rest.
static int64_t takeRepeated(linalg::LinalgOp op, unsigned operand,
                            SmallVectorImpl<unsigned> &batch) {
  OpOperand *opOperand = op.getDpsInputOperand(operand);
  AffineMap map = op.getMatchingIndexingMap(opOperand);
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  int64_t repeats = 1;
  llvm::erase_if(batch, [&](unsigned loop) {
    std::optional<unsigned> dim =
        map.getResultPosition(getAffineDimExpr(loop, op.getContext()));
    if (!dim || !isBroadcastAlong(opOperand->get(), *dim))
      return false;
    repeats = multiplyCounts(repeats, ranges[loop]);
    return true;
  });
  return repeats;
}

static FailureOr<LayerShape> inferProduct(linalg::LinalgOp op,
                                          linalg::ContractionDimensions dims,
                                          function_ref<bool(Value)> isWeight) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  int64_t m = product(ranges, dims.m);
  int64_t n = product(ranges, dims.n);
  int64_t k = product(ranges, dims.k);
  // One matrix for the whole batch: the batch's rows are rows of one product.
  m = multiplyCounts(m, takeRepeated(op, 1, dims.batch));
  n = multiplyCounts(n, takeRepeated(op, 0, dims.batch));
  // The array holds the weights, whichever side they are written on.
  bool isLeftWeight = isWeight(op.getDpsInputs()[0]);
  bool isRightWeight = isWeight(op.getDpsInputs()[1]);
  unsigned data = isLeftWeight && !isRightWeight ? 1 : 0;
  if (data == 1)
    std::swap(m, n);
  int64_t batch = product(ranges, dims.batch);
  int64_t dataOperands = isLeftWeight || isRightWeight ? 1 : 2;
  Formats formats = findFormats(op, data);
  LayerShape shape;
  shape.workload = MatmulAttr::getChecked(
      [&] { return emitShapeError(op); }, op.getContext(), m, k, n, batch,
      dataOperands, formats.activationBits, formats.weightBits,
      formats.outputBits);
  if (!shape.workload)
    return failure();
  shape.kind = shape.workload.getOperation();
  return shape;
}

//===----------------------------------------------------------------------===//
// Any layer
//===----------------------------------------------------------------------===//

/// Upstream knows convolutions of two operands: of one with zero points, too,
/// what the loops do is told by the maps of these.
static FailureOr<linalg::ConvolutionDimensions>
inferConvolutionDims(linalg::LinalgOp op, ArrayRef<AffineMap> maps) {
  if (op.getNumDpsInputs() == 2)
    return linalg::inferConvolutionDims(op);
  OpBuilder builder(op);
  auto without = linalg::GenericOp::create(
      builder, op.getLoc(), op->getResultTypes(),
      ValueRange{op.getDpsInputs()[0], op.getDpsInputs()[1]}, op.getDpsInits(),
      maps, op.getIteratorTypesArray());
  FailureOr<linalg::ConvolutionDimensions> dims =
      linalg::inferConvolutionDims(without);
  without->erase();
  return dims;
}

/// Of both factors and the result, without zero points, which are no matrices.
static SmallVector<AffineMap> getProductMaps(linalg::LinalgOp op) {
  return {op.getMatchingIndexingMap(op.getDpsInputOperand(0)),
          op.getMatchingIndexingMap(op.getDpsInputOperand(1)),
          op.getMatchingIndexingMap(op.getDpsInitOperand(0))};
}

/// A convolution's input is walked by sums of loops, a matrix by single ones.
static bool isMatrixProduct(ArrayRef<AffineMap> maps) {
  return llvm::all_of(
      maps, [](AffineMap map) { return map.isProjectedPermutation(); });
}

FailureOr<LayerShape>
pfmlir::power::inferLayerShape(linalg::LinalgOp op,
                               function_ref<bool(Value)> isWeight) {
  SmallVector<AffineMap> maps = getProductMaps(op);
  if (isMatrixProduct(maps)) {
    FailureOr<linalg::ContractionDimensions> dims =
        linalg::inferContractionDims(maps);
    return succeeded(dims) ? inferProduct(op, *dims, isWeight) : LayerShape();
  }
  FailureOr<linalg::ConvolutionDimensions> dims =
      inferConvolutionDims(op, maps);
  return succeeded(dims) ? inferConvolution(op, *dims) : LayerShape();
}

/// The dimensions of the image that a product slides over; zero for one of
/// matrices.
static size_t findImageRank(linalg::LinalgOp op) {
  SmallVector<AffineMap> maps = getProductMaps(op);
  if (isMatrixProduct(maps))
    return 0;
  FailureOr<linalg::ConvolutionDimensions> dims =
      inferConvolutionDims(op, maps);
  return succeeded(dims) ? dims->outputImage.size() : 0;
}

StringRef pfmlir::power::findOperation(LayerOp layer) {
  WorkloadAttrInterface workload = layer.getWorkloadAttr();
  if (!workload)
    return "";
  if (!layer.hasBody())
    return workload.getOperation();
  for (auto op : layer.getBody().getOps<linalg::LinalgOp>()) {
    if (!isMultiplyAccumulate(op))
      continue;
    size_t imageRank = findImageRank(op);
    if (imageRank > 0 && isa<MatmulAttr>(static_cast<Attribute>(workload)))
      return kTransposedConvolution;
    if (imageRank == 3)
      return kConvolution3D;
    break;
  }
  return workload.getOperation();
}

bool pfmlir::power::isVectorLayer(WorkloadAttrInterface workload) {
  if (auto conv = dyn_cast<Conv2DAttr>(static_cast<Attribute>(workload)))
    return conv.getInputHeight() == 1 && conv.getInputWidth() == 1;
  if (auto matmul = dyn_cast<MatmulAttr>(static_cast<Attribute>(workload)))
    return matmul.getM() == 1;
  return false;
}
