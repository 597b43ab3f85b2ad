# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir sweep: schedule at many rates, numbers of rails and searches."""

import argparse

from ..compile.options import SEARCHES
from ..studies import sweep
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_input,
    add_search,
    add_target_options,
    keywords,
)
from .outputs import write_answer
from .values import count, numbers, positive, searches


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


def add_sweep(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "sweep",
        _run,
        "schedule at many rates, numbers of rails and searches",
    )
    add_input(command)
    add_search(command)
    rates = command.add_mutually_exclusive_group(required=True)
    rates.add_argument(
        "--fps",
        type=numbers(positive),
        metavar="FPS,...",
        help="rates; also FIRST:LAST:STEP",
    )
    rates.add_argument(
        "--period-s",
        type=numbers(positive),
        metavar="S,...",
        help="periods in seconds; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--max-rails",
        type=numbers(count),
        default=[None],
        metavar="N,...",
        help="numbers of rails; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--search",
        type=searches,
        default=["exact"],
        metavar="SEARCH,...",
        help=", ".join(SEARCHES),
    )
    add_answer_output(command)
    add_target_options(command)
