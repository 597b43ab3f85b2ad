//===- main.c - Run a network once --------------------------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "network.h"
#include "platform.h"

int main(void) {
  for (size_t i = 0; i < network_num_inputs; ++i)
    platform_load(network_inputs[i].file, network_inputs[i].data,
                  network_inputs[i].bytes);
  network_run();
  for (size_t i = 0; i < network_num_results; ++i)
    platform_save(network_results[i].file, network_results[i].data,
                  network_results[i].bytes);
  if (network_save_record)
    network_save_record();
  return 0;
}
