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
#include "llvm/Support/CheckedArithmetic.h"

#include <limits>
#include <numeric>

using namespace mlir;
using namespace pfmlir::power;

//===----------------------------------------------------------------------===//
// Multiply-accumulate
//===----------------------------------------------------------------------===//

/// Looks through conversions between number formats.
static Value skipConversions(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp,
             arith::TruncIOp, arith::SIToFPOp, arith::UIToFPOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

bool pfmlir::power::isMultiplyAccumulate(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() == 0)
    return false;
  Block *body = op.getBlock();
  Value accumulator = body->getArgument(2);
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
    Value factors[] = {skipConversions(product->getOperand(0)),
                       skipConversions(product->getOperand(1))};
    return llvm::is_contained(factors, body->getArgument(0)) &&
           llvm::is_contained(factors, body->getArgument(1));
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

static InFlightDiagnostic emitShapeError(linalg::LinalgOp op) {
  return emitBriefOpError(op) << "can't be a layer: ";
}

/// Saturates; no workload is valid that large.
static int64_t multiply(int64_t a, int64_t b) {
  return llvm::checkedMul(a, b).value_or(std::numeric_limits<int64_t>::max());
}

static int64_t product(ArrayRef<int64_t> ranges, ArrayRef<unsigned> loops) {
  int64_t result = 1;
  for (unsigned loop : loops)
    result = multiply(result, ranges[loop]);
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

static FailureOr<LayerShape>
inferConvolution(linalg::LinalgOp op,
                 const linalg::ConvolutionDimensions &dims) {
  size_t rank = dims.outputImage.size();
  if (rank == 0 || rank > 2 || dims.filterLoop.size() != rank)
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
  Image image = findImage(input->get(), imageDims);

  // A one-dimensional convolution is one of height 1.
  size_t first = 2 - rank;
  std::array<int64_t, 2> size = {1, 1}, kernel = {1, 1}, strides = {1, 1},
                         dilations = {1, 1};
  std::array<int64_t, 4> padding = {0, 0, 0, 0};
  for (size_t i = 0; i < rank; ++i) {
    size[first + i] = image.size[i];
    kernel[first + i] = ranges[dims.filterLoop[i]];
    strides[first + i] = dims.strides[i];
    dilations[first + i] = dims.dilations[i];
    padding[2 * (first + i)] = image.padding[2 * i];
    padding[2 * (first + i) + 1] = image.padding[2 * i + 1];
  }

  int64_t groups = product(ranges, dims.depth);
  int64_t inputChannels = multiply(groups, product(ranges, dims.inputChannel));
  int64_t outputChannels =
      multiply(groups, product(ranges, dims.outputChannel));
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
  LayerShape shape;
  shape.workload = Conv2DAttr::getChecked(
      [&] { return emitShapeError(op); }, context,
      array({inputChannels, size[0], size[1]}), outputChannels, array(kernel),
      unless(strides, 1), unless(padding, 0), unless(dilations, 1), groups,
      product(ranges, dims.batch));
  shape.kind =
      groups > 1 && groups == inputChannels ? "depthwise_conv2d" : "conv2d";
  shape.foldedPads = image.pads;
  if (!shape.workload)
    return failure();
  return shape;
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// Whether all slices of `value` along `dim` are the same, because an operation
/// just repeats its operand there.
static bool isBroadcastAlong(Value value, int64_t dim) {
  while (auto op = value.getDefiningOp<linalg::LinalgOp>()) {
    if (op.getNumDpsInputs() != 1 || op.getNumReductionLoops() != 0 ||
        op.getBlock()->getTerminator()->getOperand(0) !=
            op.getBlock()->getArgument(0))
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
    repeats = multiply(repeats, ranges[loop]);
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
  m = multiply(m, takeRepeated(op, 1, dims.batch));
  n = multiply(n, takeRepeated(op, 0, dims.batch));
  // The array holds the weights, whichever side they are written on.
  if (isWeight(op.getDpsInputs()[0]) && !isWeight(op.getDpsInputs()[1]))
    std::swap(m, n);
  int64_t batch = product(ranges, dims.batch);
  LayerShape shape;
  shape.workload = MatmulAttr::getChecked([&] { return emitShapeError(op); },
                                          op.getContext(), m, k, n, batch);
  shape.kind = batch > 1 ? "batch_matmul" : "matmul";
  if (!shape.workload)
    return failure();
  return shape;
}

//===----------------------------------------------------------------------===//
// Any layer
//===----------------------------------------------------------------------===//

FailureOr<LayerShape>
pfmlir::power::inferLayerShape(linalg::LinalgOp op,
                               function_ref<bool(Value)> isWeight) {
  // A convolution's input is walked by sums of loops, a matrix by single ones.
  bool isProduct = llvm::all_of(op.getIndexingMapsArray(), [](AffineMap map) {
    return map.isProjectedPermutation();
  });
  if (isProduct) {
    FailureOr<linalg::ContractionDimensions> dims =
        linalg::inferContractionDims(op);
    return succeeded(dims) ? inferProduct(op, *dims, isWeight) : LayerShape();
  }
  FailureOr<linalg::ConvolutionDimensions> dims =
      linalg::inferConvolutionDims(op);
  return succeeded(dims) ? inferConvolution(op, *dims) : LayerShape();
}

bool pfmlir::power::isVectorLayer(WorkloadAttrInterface workload) {
  if (auto conv = dyn_cast<Conv2DAttr>(static_cast<Attribute>(workload)))
    return conv.getInputHeight() == 1 && conv.getInputWidth() == 1;
  if (auto matmul = dyn_cast<MatmulAttr>(static_cast<Attribute>(workload)))
    return matmul.getM() == 1;
  return false;
}
