# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir front: find the least energy for every deadline, with proof."""

import argparse

from .._options import OPTIONS
from ..studies.fronts import FrontOptions, pareto_front
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_front_rates,
    add_front_tolerance,
    add_input,
    add_options,
    keywords,
)
from .outputs import write_answer
from .values import count, value_of


def _run(options: argparse.Namespace) -> None:
    found = pareto_front(
        load_network(options),
        fps=options.fps,
        period_s=options.period_s,
        tolerance=options.tolerance,
        max_points=options.max_points,
        prove_points=options.prove_points,
        **keywords(options),
    )
    write_answer(found, options)


def add_front(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "front",
        _run,
        "find the least energy for every deadline, with proof",
    )
    add_input(command)
    ends = command.add_mutually_exclusive_group()
    add_front_rates(ends)
    ends.add_argument(
        "--period-s",
        type=value_of(OPTIONS["period_s"]),
        nargs=2,
        metavar=("SHORT", "LONG"),
        help="range of periods in seconds",
    )
    add_front_tolerance(command)
    command.add_argument(
        "--max-points",
        type=count,
        default=10_000,
        metavar="N",
        help="where to stop; %(default)s",
    )
    command.add_argument(
        "--prove-points",
        action="store_true",
        help="prove that each point is an optimum, and not just within the tolerance",
    )
    add_answer_output(command)
    add_options(command, FrontOptions)
