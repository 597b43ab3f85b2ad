# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir plot: draw what was found before."""

import argparse
from pathlib import Path

from ..plots import EXPLORATION_KINDS, KINDS, draw, save_figure
from .inputs import load_answer
from .options import SAVED, Subparsers, add_command


def _run(options: argparse.Namespace) -> None:
    answer = load_answer(options.answer)
    baseline = load_answer(options.baseline) if options.baseline else None
    save_figure(draw(answer, options.kind, baseline), options.output)


def add_plot(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "plot", _run, "draw what was saved")
    command.add_argument("answer", help=SAVED)
    command.add_argument(
        "--kind",
        choices=(*KINDS, *EXPLORATION_KINDS),
        help=f"of a schedule {', '.join(KINDS)}; of an exploration "
        f"{', '.join(EXPLORATION_KINDS)}; the first if not given",
    )
    command.add_argument(
        "--baseline", metavar="SCHEDULE", help="another schedule to draw it against"
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, help=".pdf, .png or .svg"
    )
