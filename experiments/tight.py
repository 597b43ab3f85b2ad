# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the heuristic leaves, from loose deadlines to tight ones."""

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy
import pfmlir

from .drawing import network_entries, network_style, stack
from .results import Experiment, Result, Rows, table
from .setting import LABELS, LEVELS_V, NETWORKS, Setting, percent, proven

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVEL_SETS = ("nine", "V3")
FROM_SHARE = 0.4
POINTS = 61
# Of the highest rate, below which it is a range of its own.
RANGES = (0.6, 0.8, 0.95, 1.0)


def _row(setting: Setting, name: str, level_set: str, share: float) -> dict:
    """Return both energies at a share of the highest rate."""
    tables = setting.tables(name, levels_v=LEVELS_V[level_set])
    fps = share * setting.highest_fps(name)
    exact = proven(tables.solve(fps=fps))
    try:
        heuristic_j = tables.solve(fps=fps, search="lambda-dp").energy_j
    except pfmlir.InfeasibleError:
        heuristic_j = None
    found = heuristic_j is not None
    return {
        "network": name,
        "levels": level_set,
        "share": share,
        "fps": fps,
        "optimum_j": exact.energy_j,
        "is_proven": exact.is_optimal,
        "lambda_dp_j": heuristic_j if found else "",
        "lambda_dp_gap": heuristic_j / exact.energy_j - 1 if found else "",
    }


def _some(rows: Rows, name: str, level_set: str) -> Rows:
    """Return the rows of a network in which the heuristic has a schedule."""
    return [
        row
        for row in rows
        if (row["network"], row["levels"]) == (name, level_set)
        and row["lambda_dp_gap"] != ""
    ]


def _draw(rows: Rows) -> "Figure":
    """Draw gaps over rates, a panel for each set of levels."""

    def draw(axes: "Axes", number: int) -> None:
        for name in NETWORKS:
            some = _some(rows, name, LEVEL_SETS[number])
            axes.plot(
                [100 * row["share"] for row in some],
                [100 * row["lambda_dp_gap"] for row in some],
                clip_on=False,
                # One rate says nothing of the next.
                **network_style(name) | {"markersize": 2.2, "linestyle": "none"},
            )
        axes.set_ylim(0)
        axes.set_xticks(range(40, 101, 10))
        axes.set_ylabel("above optimum (%)")
        if number:
            axes.set_xlabel("rate / the highest (%)")

    titles = ["nine levels", "three levels (V3)"]
    return stack(titles, network_entries(NETWORKS), draw, height=90)


def _by_range(some: Rows) -> list[str]:
    """Return mean and largest gap in each range of rates."""
    cells = []
    low = 0.0
    for high in RANGES:
        gaps = [row["lambda_dp_gap"] for row in some if low <= row["share"] < high]
        low = high
        cells.append(
            f"{percent(statistics.fmean(gaps))}, {percent(max(gaps))}" if gaps else ""
        )
    return cells


def _most(rows: Rows, low: float, high: float) -> str:
    """Return the largest gap in a range of rates."""
    return percent(
        max(
            (row["lambda_dp_gap"] for row in rows if low <= row["share"] < high),
            default=0.0,
        )
    )


def _largest(some: Rows) -> str:
    """Return the largest gap, and where it is."""
    worst = max(some, key=lambda row: row["lambda_dp_gap"])
    return f"{percent(worst['lambda_dp_gap'])} at {percent(worst['share'], 1)}"


def _head() -> list[str]:
    """Return what the table's columns are."""
    bounds = [f"{100 * share:.0f}" for share in (FROM_SHARE, *RANGES)]
    spans = [f"{low} to {high} %" for low, high in pairwise(bounds)]
    return ["above the optimum: mean, most", *spans, "most, at a share of the rate"]


def run(setting: Setting) -> Result:
    """Go towards the highest rate."""
    # Not quite to it: of what the last digit of a time says, nothing is to be learnt.
    shares = numpy.linspace(FROM_SHARE, 0.9999, POINTS).tolist()
    points = [
        (name, level_set, share)
        for level_set in LEVEL_SETS
        for name in NETWORKS
        for share in setting.few(shares, 3)
    ]
    rows = [_row(setting, *point) for point in setting.track(points, "rates")]
    gaps = [row["lambda_dp_gap"] for row in rows if row["lambda_dp_gap"] != ""]
    missed = len(rows) - len(gaps)
    lines = []
    for level_set in LEVEL_SETS:
        for name in NETWORKS:
            some = _some(rows, name, level_set)
            lines.append(
                [f"{LABELS[name]}, {level_set}", *_by_range(some), _largest(some)]
            )
    return Result(
        rows=rows,
        findings=[
            table(_head(), lines),
            f"Of {len(rows)} deadlines the heuristic misses "
            f"{missed if missed else 'none'}, and finds the optimum of "
            f"{sum(gap <= 1e-9 for gap in gaps)}. Its gap jumps from one rate to the "
            "next, with what happens to fit before the deadline. The tightest ones are "
            f"not the hardest for it: from {percent(RANGES[-2], 0)} of the highest "
            f"rate on it is at most {_most(rows, RANGES[-2], 1)}, and "
            f"{_most(rows, 0, RANGES[-2])} before.",
        ],
        figures={"tight": _draw(rows)},
    )


EXPERIMENT = Experiment(
    "tight",
    "Tight deadlines",
    "What the heuristic leaves on the table, from loose deadlines to those that hardly "
    "any schedule keeps.",
    run,
    is_from_paper=False,
)
