# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Power over a period: an orchestrated schedule against single states."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy
import pfmlir
from pfmlir import CostTables
from pfmlir.plots.style import INK, set_scale, voltage_colors
from pfmlir.plots.timeline import power_steps

from .drawing import line, mark_deadline, patch, stack
from .results import Comparison, Experiment, Result, Rows, table
from .setting import Setting, percent, proven, single_state

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NETWORK = "squeezenet"
RATES_FPS = (60, 90)
SINGLES_V = {"low": 0.9, "nominal": 1.1, "high": 1.3}
ORCHESTRATED = "orchestrated"
Steps = tuple[list[float], list[float]]


def _orchestrated(schedule: pfmlir.Schedule) -> tuple[Steps, float, float]:
    """Return steps of power, energy and active time of a schedule."""
    return (
        power_steps(schedule),
        schedule.energy_j,
        schedule.active_time_s,
    )


def _single(tables: CostTables, state: int, fps: float) -> tuple[Steps, float, float]:
    """Return the same of one state for all layers, even where that is late."""
    time_s = tables.time_s[:, state]
    energy_j = tables.energy_j[:, state]
    edges = numpy.concatenate([[0.0], numpy.cumsum(time_s)])
    powers = energy_j / time_s
    active_s, total_j = float(edges[-1]), float(energy_j.sum())
    if active_s <= 1 / fps:
        solution = proven(_only(tables, state).solve(fps=fps))
        tail_s = 1 / fps - active_s
        edges = numpy.append(edges, 1 / fps)
        powers = numpy.append(powers, (solution.energy_j - total_j) / tail_s)
        total_j = solution.energy_j
    return (edges.tolist(), powers.tolist()), total_j, active_s


def _only(tables: CostTables, state: int) -> CostTables:
    """Return the tables of a single state."""
    return replace(
        tables,
        voltages_v=tables.voltages_v[state : state + 1],
        energy_j=tables.energy_j[:, state : state + 1],
        time_s=tables.time_s[:, state : state + 1],
        leakage_w=tables.leakage_w[:, state : state + 1],
    )


def _methods(setting: Setting, fps: float) -> dict[str, tuple[Steps, float, float]]:
    """Return steps, energy and active time by method."""
    tables = setting.tables(NETWORK)
    found = {ORCHESTRATED: _orchestrated(setting.schedule(NETWORK, fps))}
    for name, voltage_v in SINGLES_V.items():
        found[name] = _single(tables, single_state(tables, voltage_v), fps)
    return found


def _rows(fps: float, methods: dict[str, tuple[Steps, float, float]]) -> Rows:
    """Return a row for each step of power."""
    return [
        {
            "fps": fps,
            "method": name,
            "start_s": start,
            "end_s": end,
            "power_w": power,
        }
        for name, ((edges, powers), _, _) in methods.items()
        for (start, end), power in zip(pairwise(edges), powers, strict=True)
    ]


def _style(name: str) -> dict[str, Any]:
    """Return how to draw a single state: in its voltage's colour."""
    color = voltage_colors(list(SINGLES_V.values()))[SINGLES_V[name]]
    if name == "high":
        # Its own is too pale for a line.
        color = "#d9a514"
    dashes = {"low": "-", "nominal": (0, (4, 1)), "high": (0, (1, 1))}
    return {"color": color, "linewidth": 1.1, "linestyle": dashes[name]}


def _draw(steps: dict[float, dict[str, tuple[Steps, float, float]]]) -> "Figure":
    """Draw power over time, a panel for each rate."""
    reach_s = max(
        methods[name][0][0][-1] for methods in steps.values() for name in methods
    )
    peak_w = max(max(m[0][1]) for methods in steps.values() for m in methods.values())
    fill = "0.8"

    def draw(axes: "Axes", number: int) -> None:
        fps, methods = list(steps.items())[number]
        (edges, powers), _, _ = methods[ORCHESTRATED]
        axes.stairs(powers, edges, fill=True, color=fill, linewidth=0)
        axes.stairs(powers, edges, color=INK, linewidth=0.7, zorder=5)
        for name in SINGLES_V:
            (edges, powers), _, _ = methods[name]
            axes.stairs(powers, edges, baseline=0, zorder=4, **_style(name))
        mark_deadline(axes, 1 / fps)
        axes.set_xlim(0, 1.02 * reach_s)
        axes.set_ylim(0, 1.05 * peak_w)
        set_scale(axes.yaxis, peak_w, "power", "W", 5)
        set_scale(axes.xaxis, reach_s, "time", "s", 7)
        if not number:
            axes.set_xlabel("")

    entries = [
        (patch(fill), ORCHESTRATED),
        *((line(_style(n)), f"all at {v:.1f} V ({n})") for n, v in SINGLES_V.items()),
        (line({"color": INK, "linestyle": (0, (4, 2)), "linewidth": 0.9}), "deadline"),
    ]
    titles = [f"SqueezeNet 1.1 at {fps} fps" for fps in steps]
    return stack(titles, entries, draw, height=84)


def _outcome(fps: float, energy_j: float, active_s: float) -> str:
    """Return an energy, or how late a method is."""
    if active_s > 1 / fps:
        return f"late, {1e3 * active_s:.2f} ms"
    return f"{1e6 * energy_j:.1f} µJ"


def _tails(setting: Setting) -> str:
    """Return how the orchestrated schedules spend what is left of the period."""
    tails = [(fps, setting.schedule(NETWORK, fps).tail) for fps in RATES_FPS]
    return ", ".join(
        f"{tail.kind} for {1e9 * tail.time_s:.0f} ns at {fps} fps"
        for fps, tail in tails
    )


def run(setting: Setting) -> Result:
    """Draw power over a period at two rates."""
    steps = {fps: _methods(setting, fps) for fps in RATES_FPS}
    rows = [row for fps, methods in steps.items() for row in _rows(fps, methods)]
    names = [ORCHESTRATED, *SINGLES_V]
    lines = [
        [
            f"{fps} fps, {1e3 / fps:.2f} ms",
            *(_outcome(fps, *methods[name][1:]) for name in names),
        ]
        for fps, methods in steps.items()
    ]
    finding, comparisons = [], []
    for fps, methods in steps.items():
        singles = [methods[n] for n in SINGLES_V if methods[n][2] <= 1 / fps]
        best_j = min(energy_j for _, energy_j, _ in singles)
        saving = 1 - methods[ORCHESTRATED][1] / best_j
        finding.append(
            f"at {fps} fps, {percent(saving, 1)} less than the best single state"
        )
        comparisons.append(
            Comparison(
                f"orchestrated against single states at {fps} fps, saved",
                percent(saving, 1),
            )
        )
    return Result(
        rows=rows,
        findings=[
            table(["energy of a period", *names], lines),
            f"The orchestrated schedule takes, {'; '.join(finding)}. All of them gate "
            f"banks. The orchestrated ones use up the period, and {_tails(setting)}; "
            "single states sleep when they are done.",
        ],
        figures={"timeline": _draw(steps)},
        comparisons=comparisons,
    )


EXPERIMENT = Experiment(
    "timeline",
    "Power over a period",
    "Low voltage for all layers misses deadlines, high voltage wastes energy. The "
    "paper draws the power of one SqueezeNet inference at 60 and 90 frames a second, "
    "with orchestrated voltages and with single states.",
    run,
)
