//===- run_network.c - A lowered network beside its schedule --------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the lowered network with a recorder in place of the power manager, and
// compares the accesses with those of the schedule's header, and the results
// with those of the network without a schedule.
//
//===----------------------------------------------------------------------===//

#include "schedule.h"

#include <stdio.h>
#include <string.h>

/* A tensor of two dimensions, as MLIR passes it. */
struct tensor {
  float *allocated, *aligned;
  int64_t offset, sizes[2], strides[2];
};

void _mlir_ciface_scheduled(struct tensor *x, struct tensor *y);
void _mlir_ciface_net(struct tensor *x, struct tensor *y);

static uint32_t position;
static int is_wrong;

/* What runs is no access. */
static const struct net_step *next_step(void) {
  while (position < NET_NUM_STEPS && net_steps[position].operation == NET_RUN)
    ++position;
  return position < NET_NUM_STEPS ? &net_steps[position++] : 0;
}

void power_write(uint64_t address, uint32_t value) {
  const struct net_step *step = next_step();
  if (!step || step->operation != NET_WRITE || step->place != address ||
      step->value != value)
    is_wrong = 1;
}

void power_wait(uint64_t address, uint32_t mask, uint32_t value) {
  const struct net_step *step = next_step();
  if (!step || step->operation != NET_WAIT || step->place != address ||
      step->mask != mask || step->value != value)
    is_wrong = 1;
}

int main(void) {
  float in[8] = {1, 2, 3, 4, -1, 1, -2, 2}, out[6], expected[6];
  struct tensor x = {in, in, 0, {2, 4}, {4, 1}};
  struct tensor y = {out, out, 0, {2, 3}, {3, 1}};
  struct tensor z = {expected, expected, 0, {2, 3}, {3, 1}};
  _mlir_ciface_scheduled(&x, &y);
  _mlir_ciface_net(&x, &z);
  for (int index = 0; index < 6; ++index)
    printf("%g ", out[index]);
  printf("\n");
  if (is_wrong || next_step()) {
    printf("access %lu is not the schedule's\n", (unsigned long)position);
    return 1;
  }
  if (memcmp(out, expected, sizeof out) != 0) {
    printf("the results differ\n");
    return 1;
  }
  printf("all accesses are the schedule's\n");
  return 0;
}
