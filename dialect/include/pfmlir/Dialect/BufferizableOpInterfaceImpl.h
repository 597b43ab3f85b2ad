//===- BufferizableOpInterfaceImpl.h - Layers on buffers --------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_BUFFERIZABLEOPINTERFACEIMPL_H
#define PFMLIR_DIALECT_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace pfmlir::power {

/// Lets One-Shot Bufferize take layers. `registerPowerDialect` calls this; who
/// registers the dialect without, and that pass, has to: the dialect promises
/// the interface.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

} // namespace pfmlir::power

#endif // PFMLIR_DIALECT_BUFFERIZABLEOPINTERFACEIMPL_H
