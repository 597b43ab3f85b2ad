# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir rails: choose the rails that serve several networks best."""

import argparse

from ..studies.rails import RailOptions, choose_rails
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
from .values import network_at_rate


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    names, rates = zip(*options.networks, strict=True)
    # With rates as weights, so that the sum is a power.
    networks = [read_input(name) for name in names]
    choice = choose_rails(
        networks, fps=rates, weights=rates, names=names, **keywords(options)
    )
    write_answer(choice, options)


def add_rails(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "rails",
        _run,
        "choose the rails that serve several networks best",
    )
    command.add_argument(
        "networks",
        type=network_at_rate,
        nargs="+",
        metavar="INPUT@FPS",
        help="a network and its rate; " + INPUT,
    )
    add_answer_output(command)
    add_options(command, RailOptions, but=())
