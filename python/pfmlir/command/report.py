# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir report: a schedule, or several side by side, as a page to share."""

import argparse
from collections.abc import Iterator
from typing import Any

from .. import ir
from ..answers import Answer, Schedule
from ..compile.options import ScheduleOptions
from ..compile.scheduling import schedule_network
from ..compile.sources import Network, resolve
from ..dialects import power
from ..report import render_report
from .inputs import find_modules_here, read_input, show_steps
from .options import (
    INPUT,
    Subparsers,
    add_command,
    add_option,
    add_options,
    add_output,
    add_rate,
    keywords,
)
from .outputs import write
from .values import network_perhaps_at_rate


def _refuse_options(name: str, given: dict[str, Any]) -> None:
    """Raise ValueError if something is asked of what is scheduled already."""
    for option in given:
        raise ValueError(
            f"--{option.replace('_', '-')}: expected none, as '{name}' is a schedule"
        )


def _read_schedule(name: str) -> Schedule:
    answer = Answer.load(name)
    if not isinstance(answer, Schedule):
        raise ValueError(
            f"'{name}': expected a schedule, but got a {type(answer).__name__}"
        )
    return answer


def _is_scheduled(network: Network) -> bool:
    return isinstance(network, ir.Module) and any(
        isinstance(op, power.ScheduleOp) for op in network.body.operations
    )


def _schedules_of(
    name: str, fps: float | None, options: argparse.Namespace
) -> Iterator[Schedule]:
    """Yield the schedules of an input: what it is, or one for each target."""
    given = keywords(options)
    targets = given.pop("target", [None])
    rate = {"fps": fps} if fps else {"fps": options.fps, "period_s": options.period_s}
    asked = {name: value for name, value in rate.items() if value is not None} | given
    if targets != [None]:
        asked["target"] = targets
    if name.endswith(".json"):
        _refuse_options(name, asked)
        yield _read_schedule(name)
        return
    network = resolve(read_input(name), progress=show_steps)
    if _is_scheduled(network):
        _refuse_options(name, asked)
        assert isinstance(network, ir.Module)
        yield Schedule.from_module(network)
        return
    for target in targets:
        found = schedule_network(
            network,
            rate["fps"],
            rate.get("period_s"),
            given | ({} if target is None else {"target": target}),
        )
        if not isinstance(found, Schedule):
            raise ValueError(f"'{name}': expected what has IR, but got tables of costs")
        yield found


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    schedules = [
        schedule
        for name, fps in options.inputs
        for schedule in _schedules_of(name, fps, options)
    ]
    write(render_report(schedules), options.output)


def add_report(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "report",
        _run,
        "write a page about a schedule, or about several side by side",
    )
    command.add_argument(
        "inputs",
        type=network_perhaps_at_rate,
        nargs="+",
        metavar="INPUT[@FPS]",
        help="what --save wrote, scheduled MLIR, or a network to schedule, perhaps "
        "with its rate: " + INPUT,
    )
    add_rate(command)
    add_output(command)
    targets = command.add_argument_group("accelerators")
    add_option(
        targets,
        "target",
        "an accelerator to schedule networks on; given several times, each",
        action="append",
    )
    add_options(command, ScheduleOptions, but=("target", "function"))
