# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules that run: what the power manager was told, and what follows of it."""

from .outcome import Run
from .registers import Register, read_registers
from .replay import replay
from .run import run
from .sequencer import late_s, run_sequencer
from .writes import Write, format_writes, parse_writes, read_writes, save_writes

__all__ = [
    "Register",
    "Run",
    "Write",
    "format_writes",
    "late_s",
    "parse_writes",
    "read_registers",
    "read_writes",
    "replay",
    "run",
    "run_sequencer",
    "save_writes",
]
