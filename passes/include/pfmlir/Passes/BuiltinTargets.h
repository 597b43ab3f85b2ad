//===- BuiltinTargets.h - Targets that come with the compiler ---*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_BUILTINTARGETS_H
#define PFMLIR_PASSES_BUILTINTARGETS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace pfmlir::power {

/// A target as MLIR text: one file of passes/targets.
struct BuiltinTarget {
  llvm::StringRef name;
  llvm::StringRef text;
};

/// All of them, sorted by name.
llvm::ArrayRef<BuiltinTarget> getBuiltinTargets();

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_BUILTINTARGETS_H
