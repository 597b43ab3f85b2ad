# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Subcommands: sweep and front."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ..compile.passes import SEARCHES
from ..studies.fronts import ParetoFront, pareto_front
from ..studies.sweeps import SweepPoint, sweep
from ..units import with_prefix
from .inputs import load_network, tabulate
from .options import (
    Subparsers,
    add_command,
    add_input,
    add_max_rails,
    add_network,
    add_output,
    add_skip_vector_layers,
    add_target_options,
    add_threads,
    schedule_keywords,
)
from .outputs import format_csv, write
from .values import count, numbers, positive, searches


def _format_points(points: list[SweepPoint], kind: str) -> str:
    if kind == "json":
        return json.dumps([asdict(point) for point in points], indent=2) + "\n"
    if kind == "csv":
        return format_csv([asdict(point) for point in points])
    lines = [f"{'search':<20} {'rails':>5} {'fps':>9} {'energy':>11} {'power':>11}  at"]
    for point in points:
        head = f"{point.search:<20} {point.max_rails or '-':>5} {point.fps:>9.4g} "
        if point.is_feasible:
            rails = ", ".join(f"{rail:.2f}" for rail in point.rails_v)
            energy, power = (
                with_prefix(point.energy_j, "J"),
                with_prefix(point.power_w, "W"),
            )
            lines.append(f"{head}{energy:>11} {power:>11}  {rails} V")
        else:
            least = point.fastest_time_s or float("inf")
            lines.append(f"{head}{'-':>11} {'-':>11}  at most {1 / least:.4g} fps")
    return "\n".join(lines) + "\n"


def _run_sweep(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    points = sweep(
        load_network(options.input, options.function),
        fps=options.fps,
        max_rails=options.max_rails,
        search=options.search,
        function=options.function,
        # Only on a terminal.
        progress=lambda work: tqdm(work, unit="schedule", disable=None),
        **schedule_keywords(options),
    )
    if options.plot:
        from ..plots import draw_rates, save_figure

        save_figure(draw_rates(points), options.plot)
    write(_format_points(points, options.format), options.output)


def _format_front(front: ParetoFront, kind: str) -> str:
    rows = front.to_rows()
    if kind == "json":
        summary = {"tolerance": front.tolerance, "points": rows}
        return json.dumps(summary, indent=2) + "\n"
    if kind == "csv":
        return format_csv(rows)
    lines = [f"{'period':>12} {'fps':>9} {'energy':>11} {'power':>11}  rails"]
    for row in rows:
        # A front is steep where it begins.
        period = with_prefix(row["period_s"], "s", digits=7)
        energy, power = (
            with_prefix(row[name], unit)
            for name, unit in (("energy_j", "J"), ("power_w", "W"))
        )
        rails = ", ".join(f"{rail:.2f}" for rail in row["rails_v"])
        lines.append(
            f"{period:>12} {row['fps']:>9.4g} {energy:>11} {power:>11}  {rails} V"
        )
    proof = "each proven" if front.is_optimal else "not all proven"
    within = f"{100 * front.tolerance:.2g} %"
    lines.append(f"{len(rows)} points, {proof}; in between known within {within}")
    return "\n".join(lines) + "\n"


def _run_front(options: argparse.Namespace) -> None:
    front = pareto_front(
        tabulate(options.input, options),
        fps=options.fps,
        max_rails=options.max_rails,
        tolerance=options.tolerance,
        max_points=options.max_points,
        threads=options.threads,
    )
    if options.plot:
        from ..plots import draw_front, save_figure

        save_figure(draw_front(front), options.plot)
    write(_format_front(front, options.format), options.output)


def add_sweep(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "sweep",
        _run_sweep,
        "schedule at many rates, numbers of rails and searches",
    )
    add_network(command)
    command.add_argument(
        "--fps",
        type=numbers(positive),
        required=True,
        metavar="FPS,...",
        help="rates; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--max-rails",
        type=numbers(count),
        default=[None],
        metavar="N,...",
        help="numbers of rails; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--search",
        type=searches,
        default=["exact"],
        metavar="SEARCH,...",
        help=", ".join(SEARCHES),
    )
    command.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw energy against rate"
    )
    add_output(command, ("table", "csv", "json"))
    add_target_options(command)


def add_front(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers,
        "front",
        _run_front,
        "find the least energy for every deadline, with proof",
    )
    add_input(command)
    command.add_argument(
        "--fps",
        type=positive,
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="range of rates; by default all that make a difference",
    )
    add_max_rails(command)
    command.add_argument(
        "--tolerance",
        type=positive,
        default=0.01,
        metavar="X",
        help="how far the front may be from its points between them; %(default)s",
    )
    command.add_argument(
        "--max-points",
        type=count,
        default=1000,
        metavar="N",
        help="where to stop; %(default)s",
    )
    add_skip_vector_layers(command)
    add_threads(command)
    command.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw energy and rails"
    )
    add_output(command, ("table", "csv", "json"))
    add_target_options(command)
