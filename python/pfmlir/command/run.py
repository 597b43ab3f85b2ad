# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir run: run a network on its schedule, and check all that it does."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..answers import Schedule
from ..compile.options import ScheduleOptions
from ..running import save_writes
from ..running.machines import MACHINES
from ..running.run import CLOCK_HZ, TOLERANCE, run
from .inputs import find_modules_here, load_answer
from .options import (
    Subparsers,
    add_command,
    add_input,
    add_options,
    add_output,
    add_rate,
    keywords,
)
from .outputs import write
from .values import positive


def _show_steps(steps: Sequence[Any]) -> Iterable[Any]:
    """Show what is being done, on a terminal alone."""
    from tqdm import tqdm

    with tqdm(steps, leave=False, disable=None) as shown:
        for step in shown:
            shown.set_description(step[0])
            yield step


def _load_schedule(path: str | None) -> Schedule | None:
    if path is None:
        return None
    answer = load_answer(path)
    if not isinstance(answer, Schedule):
        raise ValueError(
            f"--schedule: expected a schedule, but '{path}' is a "
            f"{type(answer).__name__}"
        )
    return answer


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    function = {} if options.function is None else {"function": options.function}
    found = run(
        options.input,
        machine=options.machine,
        clock_hz=options.clock_hz,
        schedule=_load_schedule(options.schedule),
        fps=options.fps,
        period_s=options.period_s,
        tolerance=options.tolerance,
        keep=options.keep,
        progress=_show_steps,
        **(keywords(options) | function),
    )
    if options.writes is not None:
        save_writes(found.writes, options.writes)
    rows = "".join(f"{name:<9} {text}\n" for name, text in found.rows())
    write(rows, options.output)


def add_run(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "run",
        _run,
        "run a network on its schedule, and check all that it does",
    )
    add_input(command)
    add_rate(command)
    command.add_argument(
        "--machine",
        choices=tuple(MACHINES),
        default="host",
        help="what it runs on: %(choices)s; RISC-V is emulated by QEMU",
    )
    command.add_argument(
        "--clock-hz",
        type=positive,
        default=CLOCK_HZ,
        metavar="X",
        help="clock of an emulated processor (Hz); %(default)g",
    )
    command.add_argument(
        "--schedule", metavar="FILE", help="what to run, instead of a new schedule"
    )
    command.add_argument(
        "--tolerance",
        type=positive,
        default=TOLERANCE,
        metavar="X",
        help="how far results may be from PyTorch's; %(default)g",
    )
    command.add_argument(
        "--writes",
        type=Path,
        metavar="FILE",
        help="keep what the power manager was told, as CSV",
    )
    command.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the program and its files"
    )
    add_output(command)
    add_options(command, ScheduleOptions)
