# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir schedule: find the schedule of least energy."""

import argparse

from ..compile.options import ScheduleOptions
from ..compile.scheduling import schedule_network
from .formats import SCHEDULE_FORMATS
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_input,
    add_options,
    add_rate,
    keywords,
)
from .outputs import write_answer


def _run(options: argparse.Namespace) -> None:
    found = schedule_network(
        load_network(options), options.fps, options.period_s, keywords(options)
    )
    write_answer(found, options)


def add_schedule(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "schedule", _run, "find the schedule of least energy"
    )
    add_input(command)
    add_rate(command)
    add_answer_output(command, SCHEDULE_FORMATS)
    add_options(command, ScheduleOptions)
