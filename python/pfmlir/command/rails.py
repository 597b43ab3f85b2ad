# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir rails: choose the rails that serve several networks best."""

import argparse

from ..studies.rails import RailOptions, choose_rails
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


def _run(options: argparse.Namespace) -> None:
    names, networks, rates = load_networks(options)
    # With rates as weights, so that the sum is a power.
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
    add_networks(command)
    add_answer_output(command)
    add_options(command, RailOptions, but=())
