//===- host.c - The machine that pfmlir runs on -------------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _POSIX_C_SOURCE 199309L
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static FILE *open_file(const char *name, const char *mode) {
  FILE *file = fopen(name, mode);
  if (!file) {
    perror(name);
    exit(2);
  }
  return file;
}

void platform_load(const char *name, void *data, size_t bytes) {
  FILE *file = open_file(name, "rb");
  if (fread(data, 1, bytes, file) != bytes) {
    fprintf(stderr, "%s: is too short\n", name);
    exit(2);
  }
  fclose(file);
}

void platform_save(const char *name, const void *data, size_t bytes) {
  FILE *file = open_file(name, "wb");
  size_t written = fwrite(data, 1, bytes, file);
  if (fclose(file) != 0 || written != bytes) {
    perror(name);
    exit(2);
  }
}

uint64_t platform_count(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
