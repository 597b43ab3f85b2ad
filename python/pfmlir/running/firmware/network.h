//===- network.h - A network, as the program that runs it knows it ------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// network.c, which is made for each network, defines this.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_FIRMWARE_NETWORK_H
#define PFMLIR_FIRMWARE_NETWORK_H

#include <stddef.h>
#include <stdint.h>

/* An input or a result, and the file that it is in. */
struct network_tensor {
  const char *file;
  void *data;
  size_t bytes;
};

extern const struct network_tensor network_inputs[], network_results[];
extern const size_t network_num_inputs, network_num_results;
/* Null where nothing is recorded. */
extern void (*const network_save_record)(void);

/* Runs a period. */
void network_run(void);

#endif
