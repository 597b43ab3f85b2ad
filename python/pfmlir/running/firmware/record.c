//===- record.c - What a program does, and when -------------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "record.h"

#include "platform.h"

/* More than the layers of any network do; what doesn't fit is counted. */
enum { CAPACITY = 1 << 16 };

static struct {
  uint64_t number;
  struct record_event events[CAPACITY];
} log_;
/* What was counted while recording. */
static uint64_t recording, paused;

void record_pause(void) { paused = platform_count(); }

void record_resume(void) { recording += platform_count() - paused; }

void record(enum record_kind kind, uint64_t place, uint64_t value) {
  record_pause();
  if (log_.number < CAPACITY) {
    struct record_event *event = &log_.events[log_.number];
    event->count = paused - recording;
    event->place = place;
    event->value = value;
    event->kind = kind;
  }
  ++log_.number;
  record_resume();
}

void record_save(void) {
  uint64_t kept = log_.number < CAPACITY ? log_.number : CAPACITY;
  platform_save("record.bin", &log_,
                sizeof log_.number + kept * sizeof *log_.events);
}

/* What the compiler calls around work; layers have their numbers. */
void power_work_begin(uint32_t layer) { record(RECORD_BEGIN, layer, 0); }

void power_work_end(uint32_t layer) { record(RECORD_END, layer, 0); }
