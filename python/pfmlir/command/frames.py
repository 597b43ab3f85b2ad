# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir frames: plan the frames of several networks on one accelerator."""

import argparse

from ..studies.frames import plan_frames
from ..studies.rails import RailOptions
from .inputs import find_modules_here, read_input
from .options import (
    INPUT,
    Subparsers,
    add_answer_output,
    add_command,
    add_options,
    keywords,
)
from .outputs import write_answer
from .values import network_at_rate, positive


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    names, rates = zip(*options.networks, strict=True)
    plan = plan_frames(
        [read_input(name) for name in names],
        fps=rates,
        names=names,
        tolerance=options.tolerance,
        **keywords(options),
    )
    write_answer(plan, options)


def add_frames(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "frames",
        _run,
        "plan the frames of several networks on one accelerator, one at a time",
    )
    command.add_argument(
        "networks",
        type=network_at_rate,
        nargs="+",
        metavar="INPUT@FPS",
        help="a network and its rate; " + INPUT,
    )
    command.add_argument(
        "--tolerance",
        type=positive,
        default=1e-3,
        metavar="X",
        help="how far the power may be above its bound; %(default)s",
    )
    add_answer_output(command)
    add_options(command, RailOptions, but=())
