# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir frames: plan the frames of several networks on one accelerator."""

import argparse

from ..studies.frames import plan_frames
from ..studies.rails import RailOptions
from .inputs import load_networks
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_networks,
    add_options,
    keywords,
)
from .outputs import write_answer
from .values import positive


def _run(options: argparse.Namespace) -> None:
    names, networks, rates = load_networks(options)
    plan = plan_frames(
        networks,
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
    add_networks(command)
    command.add_argument(
        "--tolerance",
        type=positive,
        default=1e-3,
        metavar="X",
        help="how far the power may be above its bound; %(default)s",
    )
    add_answer_output(command)
    add_options(command, RailOptions, but=())
