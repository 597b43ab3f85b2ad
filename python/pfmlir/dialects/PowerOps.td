//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operation classes of pfmlir.dialects.power are generated from here.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PYTHON_POWEROPS_TD
#define PFMLIR_PYTHON_POWEROPS_TD

include "pfmlir/Dialect/PowerOps.td"

#endif // PFMLIR_PYTHON_POWEROPS_TD
