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
from ..running.machines import MACHINE_NAMES, SEQUENCER
from ..running.run import CLOCK_HZ, TOLERANCE, run
from .inputs import find_modules_here, load_answer, read_input
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


def _load_schedule(name: str, path: str) -> Schedule:
    answer = load_answer(path)
    if not isinstance(answer, Schedule):
        raise ValueError(
            f"{name}: expected a schedule, but '{path}' is a {type(answer).__name__}"
        )
    return answer


def _find_source(options: argparse.Namespace) -> Any:
    """Return the network or, on the sequencer, perhaps what was saved."""
    if options.machine != SEQUENCER:
        return options.input
    if options.input.endswith(".json"):
        return _load_schedule("INPUT", options.input)
    return read_input(options.input)


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    function = {} if options.function is None else {"function": options.function}
    found = run(
        _find_source(options),
        machine=options.machine,
        clock_hz=options.clock_hz,
        schedule=(
            _load_schedule("--schedule", options.schedule) if options.schedule else None
        ),
        fps=options.fps,
        period_s=options.period_s,
        tolerance=options.tolerance,
        keep=options.keep,
        progress=_show_steps,
        **(keywords(options) | function),
    )
    if options.writes is not None:
        save_writes(found.writes, options.writes)
    if options.plot is not None:
        from ..plots import save_figure

        save_figure(found.replay.plot(), options.plot)
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
        choices=MACHINE_NAMES,
        default="host",
        help="what it runs on: %(choices)s; RISC-V is emulated by QEMU, the "
        "sequencer simulated by Verilator",
    )
    command.add_argument(
        "--clock-hz",
        type=positive,
        metavar="X",
        help=f"clock of an emulated processor (Hz); {CLOCK_HZ:g}",
    )
    command.add_argument(
        "--schedule", metavar="FILE", help="what to run, instead of a new schedule"
    )
    command.add_argument(
        "--tolerance",
        type=positive,
        metavar="X",
        help=f"how far results may be from PyTorch's; {TOLERANCE:g}",
    )
    command.add_argument(
        "--writes",
        type=Path,
        metavar="FILE",
        help="keep what the power manager was told, as CSV",
    )
    command.add_argument(
        "--plot",
        type=Path,
        metavar="FILE",
        help="draw predicted and replayed power: .pdf, .png or .svg",
    )
    command.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the program and its files"
    )
    add_output(command)
    add_options(command, ScheduleOptions)
