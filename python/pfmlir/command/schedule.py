# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir schedule: find the schedule of least energy."""

import argparse

from ..compile.options import SEARCHES
from ..compile.scheduling import schedule_network
from .formats import FORMATS
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_input,
    add_max_rails,
    add_rate,
    add_search,
    add_target_options,
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
    add_search(command)
    add_rate(command)
    add_max_rails(command)
    command.add_argument(
        "--search", choices=SEARCHES, default="exact", help="%(choices)s"
    )
    add_answer_output(command, FORMATS)
    add_target_options(command)
