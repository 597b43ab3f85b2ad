//===- WideLanes.h - Loops for wider vectors --------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_SCHEDULER_WIDELANES_H
#define PFMLIR_PASSES_SCHEDULER_WIDELANES_H

#include <cstddef>

/// Compiles a function for processors with vectors of four doubles, too; which
/// of both runs is found out when the program starts. The numbers are the same
/// ones: there is no fused arithmetic, and no other order.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__clang__)
#define PFMLIR_WIDE_LANES __attribute__((target_clones("avx2", "default")))
#else
#define PFMLIR_WIDE_LANES
#endif

#endif // PFMLIR_PASSES_SCHEDULER_WIDELANES_H
