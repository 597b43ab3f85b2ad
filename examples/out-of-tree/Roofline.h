//===- Roofline.h - A cost model of its own ---------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ROOFLINE_H
#define ROOFLINE_H

#include "pfmlir/Dialect/Power.h"

#include "RooflineDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "RooflineAttrs.h.inc"

namespace roofline {

/// Registers the pass `roofline-compare-rails`.
void registerCompareRailsPass();

} // namespace roofline

#endif // ROOFLINE_H
