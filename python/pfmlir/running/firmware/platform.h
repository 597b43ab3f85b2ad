//===- platform.h - What a machine does for a program -------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program reads its inputs from files, and leaves results in files; it counts
// what its machine counts. host.c and riscv.c are the machines.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_FIRMWARE_PLATFORM_H
#define PFMLIR_FIRMWARE_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* Fills a buffer from a file, or ends the program with status 2. */
void platform_load(const char *name, void *data, size_t bytes);
/* Writes a buffer to a file, or ends the program with status 2. */
void platform_save(const char *name, const void *data, size_t bytes);
/* Instructions or, on the host, nanoseconds. */
uint64_t platform_count(void);

#endif
