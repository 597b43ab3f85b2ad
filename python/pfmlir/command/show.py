# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir show: print what was found before."""

import argparse

from .formats import SCHEDULE_FORMATS, format_answer
from .inputs import load_answer
from .options import SAVED, Subparsers, add_command, add_output
from .outputs import write


def _run(options: argparse.Namespace) -> None:
    write(format_answer(load_answer(options.answer), options.format), options.output)


def add_show(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "show", _run, "print what was saved")
    command.add_argument("answer", help=SAVED)
    add_output(command, SCHEDULE_FORMATS)
