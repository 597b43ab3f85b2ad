# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Subcommands: sensitivity and rails."""

import argparse
import json
from dataclasses import asdict

from ..compile.passes import LIMITS
from ..studies.rails import RailChoice, choose_rails
from ..studies.sensitivities import sensitivity
from ..units import with_prefix
from .inputs import load_network, tabulate
from .options import (
    INPUT,
    Subparsers,
    add_command,
    add_max_rails,
    add_network,
    add_output,
    add_search,
    add_target_options,
    schedule_keywords,
)
from .outputs import write
from .values import network_at_rate, positive


def _run_sensitivity(options: argparse.Namespace) -> None:
    before, changes = sensitivity(
        load_network(options.input, options.function),
        fps=options.fps,
        max_rails=options.max_rails,
        function=options.function,
        **schedule_keywords(options),
    )
    if options.format == "json":
        rows = [asdict(change) for change in changes]
        text = json.dumps({"energy_j": before.energy_j, "changes": rows}, indent=2)
        write(f"{text}\n", options.output)
        return
    width = max(len(change.what) for change in changes)
    lines = [f"{'as it is':{width}} {with_prefix(before.energy_j, 'J'):>11}"]
    for change in changes:
        if change.energy_j is None or change.saving is None:
            lines.append(f"{change.what:{width}} {'too slow':>11}")
            continue
        percent = round(-100 * change.saving, 3) + 0.0
        energy = with_prefix(change.energy_j, "J")
        lines.append(f"{change.what:{width}} {energy:>11} {percent:>+9.3f} %")
    write("\n".join(lines) + "\n", options.output)


def _format_rails(choice: RailChoice, options: argparse.Namespace) -> str:
    rails = [float(rail) for rail in choice.rails_v]
    rows = [
        {
            "network": network,
            "fps": rate,
            "energy_j": solution.energy_j,
            "power_w": rate * solution.energy_j,
            "rails_v": [float(rail) for rail in solution.rails],
        }
        for (network, rate), solution in zip(
            options.networks, choice.solutions, strict=True
        )
    ]
    if options.format == "json":
        summary = {
            "rails_v": rails,
            "power_w": choice.energy_j,
            "lower_bound_w": choice.lower_bound_j,
            "gap": choice.gap,
            "networks": rows,
        }
        return json.dumps(summary, indent=2) + "\n"
    proof = "proven optimal" if choice.is_optimal else f"gap {100 * choice.gap:.4f} %"
    width = max(7, *(len(row["network"]) for row in rows))
    lines = [
        f"rails  {', '.join(f'{rail:.2f} V' for rail in rails)}",
        f"power  {with_prefix(choice.energy_j, 'W')} together ({proof})",
        "",
        f"{'network':{width}} {'fps':>9} {'energy':>11} {'power':>11}  uses",
    ]
    for row in rows:
        energy, power = (
            with_prefix(row["energy_j"], "J"),
            with_prefix(row["power_w"], "W"),
        )
        used = ", ".join(f"{rail:.2f}" for rail in row["rails_v"])
        lines.append(
            f"{row['network']:{width}} {row['fps']:>9.4g} {energy:>11} {power:>11}  "
            f"{used} V"
        )
    return "\n".join(lines) + "\n"


def _run_rails(options: argparse.Namespace) -> None:
    costs = [tabulate(network, options) for network, _ in options.networks]
    rates = [rate for _, rate in options.networks]
    choice = choose_rails(
        costs,
        fps=rates,
        max_rails=options.max_rails or costs[0].max_rails,
        # So that the sum is a power.
        weights=rates,
        names=[network for network, _ in options.networks],
        **{name: getattr(options, name) for name in LIMITS},
    )
    write(_format_rails(choice, options), options.output)


def add_sensitivity(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "sensitivity",
        _run_sensitivity,
        "tell what changes of the hardware are worth",
    )
    add_network(command)
    command.add_argument(
        "--fps", type=positive, required=True, help="inferences a second"
    )
    add_max_rails(command)
    add_output(command, ("table", "json"))
    add_target_options(command)


def add_rails(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "rails",
        _run_rails,
        "choose the rails that serve several networks best",
    )
    command.add_argument(
        "networks",
        type=network_at_rate,
        nargs="+",
        metavar="INPUT@FPS",
        help="a network and its rate; " + INPUT,
    )
    add_search(command)
    add_max_rails(command)
    add_output(command, ("table", "json"))
    add_target_options(command)
