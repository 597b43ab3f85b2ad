# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir demo: schedule a network that is in the package, and check the proof."""

import argparse
import sys
from typing import Any

from ..answers import Schedule
from ..compile import verify_schedule
from ..compile.reference_networks import REFERENCE_NETWORKS, read_reference
from ..compile.scheduling import schedule_network
from ..compile.sources import resolve
from .options import Subparsers, add_command, add_option, add_rate, keywords
from .outputs import write

# What to try next, and why.
NEXT = {
    "report {} -o report.html": "the same as a page, to share",
    "front {}": "the least energy for every deadline",
    "schedule model.mlir --fps 30": "a network of your own",
}


# Of the time that the network takes at nominal voltage, where nothing else is asked.
SLACK = 1.2


def _say(step: str) -> None:
    print(f"== {step}", file=sys.stderr, flush=True)


def _next(name: str) -> str:
    """Return what to try next, a line each."""
    commands = {f"pfmlir {verb.format(name)}": why for verb, why in NEXT.items()}
    width = max(map(len, commands))
    return "".join(f"  {each:{width}}  {why}\n" for each, why in commands.items())


def _schedule(
    network: Any,
    fps: float | None,
    period_s: float | None,
    options: argparse.Namespace,
    **more: Any,
) -> Schedule:
    found = schedule_network(network, fps, period_s, keywords(options) | more)
    assert isinstance(found, Schedule)
    return found


def _run(options: argparse.Namespace) -> None:
    name = options.network
    kilobytes = len(read_reference(name)) / 1e3
    _say(f"reading {name}: {kilobytes:.0f} kB of MLIR from PyTorch, without weights")
    network = resolve(name)
    _say("searching for the schedule of least energy")
    period_s = options.period_s
    if options.fps is None and period_s is None:
        nominal = _schedule(network, None, None, options, search="nominal")
        period_s = SLACK * nominal.period_s
    schedule = _schedule(network, options.fps, period_s, options)
    write(schedule.to_text() + "\n", None)
    _say("recomputing it from the IR alone, and searching again for a better one")
    verify_schedule(schedule.module, prove_bound=True)
    write(
        "Proof: every energy and time above was recomputed from the scheduled IR, and "
        f"no schedule\ncosts less than {schedule.lower_bound_j:.16e} J; this one costs "
        f"{schedule.energy_j:.16e} J.\n\nNext, each with --help:\n{_next(name)}",
        None,
    )


def add_demo(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "demo",
        _run,
        "schedule a network that is in the package, and check the proof",
    )
    command.add_argument(
        "network",
        nargs="?",
        choices=REFERENCE_NETWORKS,
        default=REFERENCE_NETWORKS[0],
        help="%(choices)s; by default %(default)s",
    )
    add_rate(command)
    add_option(command, "target")
