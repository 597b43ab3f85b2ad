//===- LiveData.h - What is in memory while layers run ----------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_LIVEDATA_H
#define PFMLIR_PASSES_LIVEDATA_H

#include "pfmlir/Dialect/Power.h"

namespace pfmlir::power {

/// What is in memory while each of these layers of one function runs, by the
/// values that are defined before it and used in it or after it. Constants and
/// what is computed of them alone are weights, and not among them.
llvm::SmallVector<LiveData> findLiveData(llvm::ArrayRef<LayerOp> layers);

/// The first layer that works on buffers, which are written over, so that what
/// is alive is not known; null for none.
LayerOp findLayerOnBuffers(llvm::ArrayRef<LayerOp> layers);

/// The first layer of which it is not known what the target's volatile memories
/// must keep, and with it what they take; null for none.
LayerOp findLayerOfUnknownData(TargetOp target, llvm::ArrayRef<LayerOp> layers);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_LIVEDATA_H
