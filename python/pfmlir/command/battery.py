# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir battery: find the rates that a battery and what is harvested can feed."""

import argparse

from ..studies.batteries import plan_battery
from ..studies.fronts import FrontOptions, pareto_front
from .inputs import load_network
from .options import (
    Subparsers,
    add_answer_output,
    add_command,
    add_front_rates,
    add_front_tolerance,
    add_input,
    add_options,
    keywords,
)
from .outputs import write_answer
from .values import not_negative, positive, powers


def _run(options: argparse.Namespace) -> None:
    front = pareto_front(
        load_network(options),
        fps=options.fps,
        tolerance=options.tolerance,
        **keywords(options),
    )
    plan = plan_battery(
        front,
        battery_j=options.battery_j,
        harvested_w=options.harvested_w,
        step_s=options.step_s,
        first_j=options.first_j,
        last_j=options.last_j,
        resting_power_w=options.resting_power_w,
    )
    write_answer(plan, options)


def add_battery(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "battery",
        _run,
        "find the rates that a battery and what is harvested can feed",
    )
    add_input(command)
    command.add_argument(
        "--battery-j",
        type=not_negative,
        required=True,
        metavar="X",
        help="what can be stored, in joules",
    )
    command.add_argument(
        "--harvested-w",
        type=powers,
        required=True,
        metavar="X,...",
        help="power that comes in for each step, in watts; 24x0.001 is 24 times that",
    )
    command.add_argument(
        "--step-s",
        type=positive,
        default=3600.0,
        metavar="X",
        help="length of a step in seconds; %(default)s",
    )
    command.add_argument(
        "--first-j",
        type=not_negative,
        metavar="X",
        help="what is stored before the first step, in joules; by default all",
    )
    command.add_argument(
        "--last-j",
        type=not_negative,
        metavar="X",
        help="what must be stored after the last; by default as much as before",
    )
    command.add_argument(
        "--resting-power-w",
        type=not_negative,
        metavar="X",
        help="power while nothing is asked for; by default the network never rests",
    )
    add_front_rates(command)
    add_front_tolerance(command)
    add_answer_output(command)
    add_options(command, FrontOptions)
