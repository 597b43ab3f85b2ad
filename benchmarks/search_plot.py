# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The picture of a comparison of searches: time against solver, over instances."""

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pfmlir.plots.style import (
    COLUMN_WIDTH,
    INK,
    LINE,
    PAD,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    save_figure,
    voltage_colors,
)
from pfmlir.units import si_prefix

from .search_instances import GROUPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .bench_search import Row

# Points.
LEFT = 78.0
BOTTOM = 28.0
RIGHT = 10.0
STRIP = 9.0
GAP = 6.0


def _colors() -> dict[str, str]:
    """Return a colour for each group: the package's, far apart."""
    return dict(zip(GROUPS, voltage_colors([0.9, 1.07, 1.22]).values(), strict=True))


def _draw_strip(axes: "Axes", rows: Sequence["Row"], y: float, color: str) -> None:
    """Draw a solver's times in a group: proofs are full, a line is the median."""
    for row in rows:
        is_proven = row.status == "proven"
        axes.plot(
            row.seconds,
            y,
            "o" if row.energy_j is not None else "x",
            markersize=3.2,
            markeredgewidth=0.7,
            markeredgecolor=color,
            markerfacecolor=color if is_proven else "white",
            clip_on=False,
            zorder=3,
        )
    median = statistics.median(row.seconds for row in rows)
    reach = 0.42 * STRIP
    axes.plot([median] * 2, [y - reach, y + reach], color=INK, linewidth=1, zorder=4)


def _entries(colors: dict[str, str]) -> list:
    """Return the legend's handles and labels."""
    from matplotlib.lines import Line2D

    def mark(marker: str, color: str, face: str) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="none",
            marker=marker,
            markersize=3.2,
            markeredgewidth=0.7,
            color=color,
            markerfacecolor=face,
        )

    return [
        *((mark("o", color, color), group) for group, color in colors.items()),
        (mark("o", INK, INK), "proven"),
        (mark("o", INK, "white"), "not proven"),
        (mark("x", INK, INK), "no schedule"),
    ]


def _format_time(seconds: float) -> str:
    """Return a power of ten of seconds with a prefix."""
    factor, prefix = si_prefix(seconds)
    return f"{round(seconds / factor)} {prefix}s"


def _draw(rows: Sequence["Row"], solvers: Sequence[str], limit_s: float, path: Path):
    """Draw and write the figure."""
    from matplotlib.ticker import NullFormatter

    colors = {g: c for g, c in _colors().items() if any(r.group == g for r in rows)}
    solvers = [name for name in solvers if any(row.solver == name for row in rows)]
    pitch = STRIP * len(colors) + GAP
    height = pitch * len(solvers)
    legend = Legend(_entries(colors), 72 * COLUMN_WIDTH - 2 * PAD)
    figure = new_figure(COLUMN_WIDTH, BOTTOM + height + legend.height + 2 * PAD)
    axes = add_axes(figure, LEFT, BOTTOM, RIGHT, height)
    legend.add(figure, PAD)
    for number, solver in enumerate(solvers):
        for strip, (group, color) in enumerate(colors.items()):
            some = [r for r in rows if (r.group, r.solver) == (group, solver)]
            y = number * pitch + GAP / 2 + (strip + 0.5) * STRIP
            if some:
                _draw_strip(axes, some, y, color)
        if number:
            axes.axhline(number * pitch, color="0.9", linewidth=0.6, zorder=0)
    axes.axvline(limit_s, color="0.6", linewidth=0.6, linestyle=(0, (3, 2)), zorder=1)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: _format_time(value))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(height, 0)
    axes.set_yticks([(n + 0.5) * pitch for n in range(len(solvers))], solvers)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="0.9", linewidth=0.6)
    axes.set_xlabel(
        f"time of a run (dashed: its limit, {limit_s:g} s)", labelpad=0.2 * LINE
    )
    save_figure(figure, path)


def draw(
    rows: Sequence["Row"], solvers: Sequence[str], limit_s: float, path: Path
) -> None:
    """Write a picture of rows, solvers in this order.

    Parameters
    ----------
    rows
        What was measured.
    solvers
        Names, from top to bottom; those without rows are left out.
    limit_s
        Where the time limit is, in seconds.
    path
        Where to; the suffix gives the format.
    """
    with drawing_style():
        _draw(rows, solvers, limit_s, path)
