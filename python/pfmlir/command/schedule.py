# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Subcommands: import, schedule, show, plot and targets."""

import argparse
from pathlib import Path

from ..answers.schedule import Schedule
from ..compile.passes import SEARCHES, builtin_targets, schedule
from ..plots import KINDS
from .inputs import CommandError, load_network, load_schedule
from .options import (
    Subparsers,
    add_command,
    add_input,
    add_max_rails,
    add_network,
    add_output,
    add_target_options,
    schedule_keywords,
)
from .outputs import write
from .values import positive

FORMATS = ("table", "summary", "json", "csv", "mlir")


def _format_schedule(found: Schedule, kind: str) -> str:
    if kind == "summary":
        return f"{found!r}\n"
    if kind == "mlir":
        return found.ir
    return found.to_text(kind)


def _run_import(options: argparse.Namespace) -> None:
    module = load_network(options.input, options.function, options.with_weights)
    text = module.operation.get_asm(enable_debug_info=True)
    write(f"{text}\n", options.output)


def _run_schedule(options: argparse.Namespace) -> None:
    network = load_network(options.input, options.function)
    found = schedule(
        network,
        fps=options.fps,
        period_s=options.period_s,
        max_rails=options.max_rails,
        search=options.search,
        function=options.function,
        **schedule_keywords(options),
    )
    if options.save:
        found.save(options.save)
    write(_format_schedule(found, options.format), options.output)


def _run_show(options: argparse.Namespace) -> None:
    found = load_schedule(options.schedule)
    write(_format_schedule(found, options.format), options.output)


def _run_plot(options: argparse.Namespace) -> None:
    from ..plots import save_figure

    found = load_schedule(options.schedule)
    baseline = load_schedule(options.baseline) if options.baseline else None
    save_figure(found.plot(options.kind, baseline), options.output)


def _run_targets(options: argparse.Namespace) -> None:
    targets = builtin_targets()
    if options.name is None:
        write("".join(f"{name}\n" for name in targets), None)
    elif options.name in targets:
        write(targets[options.name], options.output)
    else:
        raise CommandError(
            f"no built-in target '{options.name}'; there are {', '.join(targets)}"
        )


def add_import(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "import", _run_import, "print a network as MLIR")
    add_input(command)
    command.add_argument(
        "--with-weights", action="store_true", help="a PyTorch model's weights, too"
    )
    add_output(command)


def add_schedule(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "schedule", _run_schedule, "find the schedule of least energy"
    )
    add_network(command)
    rate = command.add_mutually_exclusive_group()
    rate.add_argument("--fps", type=positive, help="inferences a second")
    rate.add_argument(
        "--period-s",
        type=positive,
        metavar="S",
        help="seconds from one inference to the next",
    )
    add_max_rails(command)
    command.add_argument(
        "--search", choices=SEARCHES, default="exact", help="%(choices)s"
    )
    command.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="keep the schedule, numbers and IR, for show and plot",
    )
    add_output(command, FORMATS)
    add_target_options(command)


def add_show(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "show", _run_show, "print a schedule")
    command.add_argument("schedule", help="what --save wrote, or scheduled MLIR")
    add_output(command, FORMATS)


def add_plot(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "plot", _run_plot, "draw a schedule")
    command.add_argument("schedule", help="what --save wrote, or scheduled MLIR")
    command.add_argument(
        "--kind",
        choices=KINDS,
        default="timeline",
        help="%(choices)s",
    )
    command.add_argument(
        "--baseline", metavar="SCHEDULE", help="another schedule to draw it against"
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, help=".pdf, .png or .svg"
    )


def add_targets(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "targets", _run_targets, "list built-in targets, or print one"
    )
    command.add_argument("name", nargs="?", help="the one to print, as MLIR")
    add_output(command)
