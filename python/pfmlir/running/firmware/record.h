//===- record.h - What a program does, and when -------------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PFMLIR_FIRMWARE_RECORD_H
#define PFMLIR_FIRMWARE_RECORD_H

#include <stdint.h>

enum record_kind {
  RECORD_WRITE,
  RECORD_WAIT,
  RECORD_BEGIN,
  RECORD_END,
  RECORD_START
};

/* One access to the power manager, or the begin or the end of work. Events are
   a file as they are in memory, which is little-endian. */
struct record_event {
  /* As the platform counts, but for what recording itself takes. */
  uint64_t count;
  /* An address, or the number of a function; of work, that of its layer. */
  uint64_t place;
  uint64_t value;
  uint64_t kind;
};

/* Keeps an event. */
void record(enum record_kind kind, uint64_t place, uint64_t value);
/* Counts what comes until the next call of record_resume as recording. */
void record_pause(void);
void record_resume(void);
/* Writes the file record.bin. */
void record_save(void);

#endif
