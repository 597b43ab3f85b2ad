//===- BufferizableOpInterfaceImpl.cpp - Layers on buffers ------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer has no operands: its body uses what is defined above it, and what it
// yields is its result, in the same buffer. So do scf.execute_region and
// scf.if, whose models these follow.
//
//===----------------------------------------------------------------------===//

#include "pfmlir/Dialect/BufferizableOpInterfaceImpl.h"
#include "pfmlir/Dialect/Power.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace pfmlir::power;

/// The operand of a layer's terminator that becomes a result of the layer.
static OpOperand &getYielded(LayerOp layer, Value result) {
  Operation *yield = layer.getBody().front().getTerminator();
  return yield->getOpOperand(cast<OpResult>(result).getResultNumber());
}

namespace {
struct LayerOpInterface
    : BufferizableOpInterface::ExternalModel<LayerOpInterface, LayerOp> {
  AliasingOpOperandList getAliasingOpOperands(Operation *op, Value value,
                                              const AnalysisState &) const {
    return {{&getYielded(cast<LayerOp>(op), value), BufferRelation::Equivalent,
             /*isDefinite=*/true}};
  }

  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value value, const BufferizationOptions &options,
                const BufferizationState &state,
                SmallVector<Value> &invocationStack) const {
    // The body is bufferized before the layer is.
    Value yielded = getYielded(cast<LayerOp>(op), value).get();
    if (auto bufferType = dyn_cast<BufferLikeType>(yielded.getType()))
      return bufferType;
    return bufferization::getBufferType(yielded, options, state,
                                        invocationStack);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &,
                          BufferizationState &) const {
    auto layer = cast<LayerOp>(op);
    Operation *yield = layer.getBody().front().getTerminator();
    auto newLayer =
        LayerOp::create(rewriter, layer.getLoc(), yield->getOperandTypes(),
                        ValueRange(), layer->getAttrs());
    rewriter.inlineRegionBefore(layer.getBody(), newLayer.getBody(),
                                newLayer.getBody().end());
    replaceOpWithBufferizedValues(rewriter, op, newLayer.getResults());
    return success();
  }
};

struct YieldOpInterface
    : BufferizableOpInterface::ExternalModel<YieldOpInterface, YieldOp> {
  /// By whoever uses the layer's result.
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }

  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }

  AliasingValueList getAliasingValues(Operation *op, OpOperand &operand,
                                      const AnalysisState &) const {
    return {{op->getParentOp()->getResult(operand.getOperandNumber()),
             BufferRelation::Equivalent, /*isDefinite=*/true}};
  }

  /// Lest the terminator yields a copy, which would have to be freed outside.
  bool mustBufferizeInPlace(Operation *, OpOperand &,
                            const AnalysisState &) const {
    return true;
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    SmallVector<Value> buffers;
    for (Value value : op->getOperands()) {
      if (!isa<TensorLikeType>(value.getType())) {
        buffers.push_back(value);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    replaceOpWithNewBufferizedOp<YieldOp>(rewriter, op, buffers);
    return success();
  }
};
} // namespace

void pfmlir::power::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, PowerDialect *) {
    LayerOp::attachInterface<LayerOpInterface>(*context);
    YieldOp::attachInterface<YieldOpInterface>(*context);
  });
}
