# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir explain: tell why a schedule is as it is, and what would change it."""

import argparse

from ..compile.options import ScheduleOptions
from ..studies import explain
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
    found = explain(
        load_network(options),
        fps=options.fps,
        period_s=options.period_s,
        **keywords(options),
    )
    write_answer(found, options)


def add_explain(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "explain",
        _run,
        "tell why a schedule is as it is, and what would change it",
    )
    add_input(command)
    add_rate(command, required=True)
    add_answer_output(command)
    add_options(command, ScheduleOptions)
