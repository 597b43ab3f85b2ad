//===- riscv.c - A RISC-V machine without an operating system ------------ ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files are the emulator's, by semihosting. What compilers take for granted
// (memcpy and the like) is here, too: there is no C library.
//
//===----------------------------------------------------------------------===//

#include "platform.h"

enum {
  OPEN = 0x01,
  CLOSE = 0x02,
  WRITE_TEXT = 0x04,
  WRITE = 0x05,
  READ = 0x06,
  EXIT = 0x20
};
enum { READ_BINARY = 1, WRITE_BINARY = 5 };

/* Three instructions that say to the emulator that it is meant. */
static uintptr_t call_host(uintptr_t operation, const void *arguments) {
  register uintptr_t a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = arguments;
  __asm__ volatile(".option push\n.option norvc\n.balign 16\n"
                   "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
  return a0;
}

_Noreturn void platform_exit(uintptr_t status) {
  /* The program ended by itself. */
  uintptr_t arguments[] = {0x20026, status};
  for (;;)
    call_host(EXIT, arguments);
}

static size_t get_length(const char *text) {
  size_t length = 0;
  while (text[length])
    ++length;
  return length;
}

/* Reads or writes all of a file. */
static void transfer(const char *name, uintptr_t mode, uintptr_t operation,
                     const void *data, size_t bytes) {
  uintptr_t open[] = {(uintptr_t)name, mode, get_length(name)};
  uintptr_t file = call_host(OPEN, open);
  if (file == (uintptr_t)-1)
    platform_exit(2);
  uintptr_t arguments[] = {file, (uintptr_t)data, bytes};
  uintptr_t missing = call_host(operation, arguments);
  uintptr_t close[] = {file};
  if (missing != 0 || call_host(CLOSE, close) != 0)
    platform_exit(2);
}

void platform_load(const char *name, void *data, size_t bytes) {
  transfer(name, READ_BINARY, READ, data, bytes);
}

void platform_save(const char *name, const void *data, size_t bytes) {
  transfer(name, WRITE_BINARY, WRITE, data, bytes);
}

uint64_t platform_count(void) {
#if __riscv_xlen == 64
  uint64_t count;
  __asm__ volatile("rdinstret %0" : "=r"(count)::"memory");
  return count;
#else
  uint32_t high, low, again;
  do
    __asm__ volatile("rdinstreth %0\nrdinstret %1\nrdinstreth %2"
                     : "=r"(high), "=r"(low), "=r"(again)::"memory");
  while (high != again);
  return (uint64_t)high << 32 | low;
#endif
}

/* What networks call whose checks fail. */
int puts(const char *text) {
  call_host(WRITE_TEXT, text);
  call_host(WRITE_TEXT, "\n");
  return 0;
}

_Noreturn void abort(void) { platform_exit(134); }

void *memset(void *target, int value, size_t bytes) {
  for (unsigned char *to = target; bytes--;)
    *to++ = (unsigned char)value;
  return target;
}

void *memcpy(void *restrict target, const void *restrict source, size_t bytes) {
  unsigned char *to = target;
  const unsigned char *from = source;
  if (((uintptr_t)to | (uintptr_t)from) % sizeof(uintptr_t) == 0)
    for (; bytes >= sizeof(uintptr_t); bytes -= sizeof(uintptr_t)) {
      *(uintptr_t *)to = *(const uintptr_t *)from;
      to += sizeof(uintptr_t);
      from += sizeof(uintptr_t);
    }
  while (bytes--)
    *to++ = *from++;
  return target;
}

void *memmove(void *target, const void *source, size_t bytes) {
  unsigned char *to = target;
  const unsigned char *from = source;
  if (to <= from)
    while (bytes--)
      *to++ = *from++;
  else
    while (bytes--)
      to[bytes] = from[bytes];
  return target;
}
