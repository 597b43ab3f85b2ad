//===- integers.c - Integers of 64 bits on 32-bit RISC-V ------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What compilers call where a processor has no instruction, under the names
// that they have for it. Floating-point numbers of 64 bits are the processor's.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

static const double kWord = 4294967296.0;

/* Rounded once, in the sum. */
double __floatundidf(uint64_t value) {
  return (double)(uint32_t)(value >> 32) * kWord + (double)(uint32_t)value;
}

double __floatdidf(int64_t value) {
  return value < 0 ? -__floatundidf(-(uint64_t)value) : __floatundidf(value);
}

/* A double holds 53 bits: of more, whether any is set is enough to round by. */
float __floatundisf(uint64_t value) {
  if (value >> 53 == 0)
    return (float)__floatundidf(value);
  uint64_t upper = value >> 11 | ((value & 0x7ff) != 0);
  return (float)__floatundidf(upper) * 2048.0f;
}

float __floatdisf(int64_t value) {
  return value < 0 ? -__floatundisf(-(uint64_t)value) : __floatundisf(value);
}

uint64_t __fixunsdfdi(double value) {
  uint32_t upper = (uint32_t)(value / kWord);
  uint32_t lower = (uint32_t)(value - (double)upper * kWord);
  return (uint64_t)upper << 32 | lower;
}

int64_t __fixdfdi(double value) {
  return value < 0 ? -(int64_t)__fixunsdfdi(-value)
                   : (int64_t)__fixunsdfdi(value);
}

uint64_t __fixunssfdi(float value) { return __fixunsdfdi(value); }

int64_t __fixsfdi(float value) { return __fixdfdi(value); }

/* Bit by bit, from the highest. */
static uint64_t divide(uint64_t value, uint64_t by, uint64_t *rest) {
  uint64_t quotient = 0, left = 0;
  for (int bit = 63; bit >= 0; --bit) {
    uint64_t carry = left >> 63;
    left = left << 1 | (value >> bit & 1);
    if (carry || left >= by) {
      left -= by;
      quotient |= (uint64_t)1 << bit;
    }
  }
  *rest = left;
  return quotient;
}

static uint64_t magnitude(int64_t value) {
  return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

uint64_t __udivdi3(uint64_t value, uint64_t by) {
  uint64_t rest;
  return divide(value, by, &rest);
}

uint64_t __umoddi3(uint64_t value, uint64_t by) {
  uint64_t rest;
  divide(value, by, &rest);
  return rest;
}

int64_t __divdi3(int64_t value, int64_t by) {
  uint64_t quotient = __udivdi3(magnitude(value), magnitude(by));
  return (int64_t)((value < 0) != (by < 0) ? -quotient : quotient);
}

int64_t __moddi3(int64_t value, int64_t by) {
  uint64_t rest = __umoddi3(magnitude(value), magnitude(by));
  return (int64_t)(value < 0 ? -rest : rest);
}
