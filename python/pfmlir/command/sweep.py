# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir sweep: schedule at many rates, numbers of rails and searches."""

import argparse
from typing import Any

from .._options import OPTIONS, RateOptions
from ..compile.options import SweepOptions
from ..studies import sweep
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_input,
    add_option,
    add_options,
    describe,
    keywords,
)
from .outputs import write_answer
from .values import values_of


def _run(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    found = sweep(
        load_network(options),
        fps=options.fps,
        period_s=options.period_s,
        # Only on a terminal.
        progress=lambda work: tqdm(work, unit="schedule", disable=None),
        **keywords(options),
    )
    write_answer(found, options)


RANGE = "; several, or FIRST:LAST:STEP"


def _add_several(parser: Any, name: str, metavar: str, more: str = "") -> None:
    """Add an option of `schedule` that a sweep takes several values of."""
    option = OPTIONS[name]
    add_option(
        parser,
        name,
        describe(option) + more,
        type=values_of(option),
        metavar=f"{metavar},...",
    )


def add_sweep(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "sweep",
        _run,
        "schedule at many rates, numbers of rails and searches",
    )
    add_input(command)
    rates = command.add_mutually_exclusive_group(required=True)
    for name in RateOptions.__annotations__:
        _add_several(rates, name, "X", RANGE)
    _add_several(command, "max_rails", "N", RANGE)
    _add_several(command, "search", "SEARCH")
    add_answer_output(command)
    add_options(command, SweepOptions)
