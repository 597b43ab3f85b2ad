# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The least energy of a period against its length, and the rails that it takes."""

import math
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..answers.fronts import ParetoFront
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
    BASELINE_COLOR,
    COLUMN_WIDTH,
    INK,
    LEFT,
    PAD,
    SMALL_SIZE,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    place_label,
    set_scale,
    voltage_colors,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points.
BOTTOM = 27.0
RAILS_HEIGHT = 52.0
BAND_HEIGHT = 34.0
ENERGY_HEIGHT = 92.0
SPACE = 8.0
RIGHT = 8.0
BAND_COLOR = "#e7a2bd"
LINE: dict[str, Any] = {"color": BASELINE_COLOR, "linewidth": 0.6}
# Of points; proven optima are filled.
DOT: dict[str, Any] = {
    "color": INK,
    "linestyle": "",
    "marker": "o",
    "markersize": 1.6,
    "markeredgewidth": 0.4,
}
KINDS = {"proven optimum": INK, "within the band": "white"}


def _draw_rails(axes: "Axes", front: ParetoFront) -> None:
    """Draw a line for each rail, over the periods around the points that use it."""
    period_s = front.period_s
    edges = numpy.concatenate(
        [period_s[:1], (period_s[1:] + period_s[:-1]) / 2, period_s[-1:]]
    )
    levels = sorted({float(rail) for rails in front.rails_v for rail in rails})
    for level, color in voltage_colors(levels).items():
        used = [level in rails for rails in front.rails_v]
        for i in numpy.flatnonzero(used):
            axes.hlines(level, edges[i], edges[i + 1], color=color, linewidth=2.4)
    axes.set_ylim(levels[0] - 0.04, levels[-1] + 0.04)


def _make_legend(front: ParetoFront, width: float) -> Legend:
    from matplotlib.lines import Line2D

    entries: list[tuple[Any, str]] = [
        (Line2D([], [], markerfacecolor=face, **DOT), label)
        for (label, face), points in zip(KINDS.items(), _kinds(front), strict=True)
        if points.any()
    ]
    if not front.is_optimal:
        entries.append((Line2D([], [], **LINE), "tolerance"))
    return Legend(entries, width)


def _kinds(front: ParetoFront) -> tuple[NDArray[numpy.bool_], ...]:
    """Return, by kind of KINDS, which points are of it."""
    return front.are_optimal, ~front.are_optimal


def _draw_energy(axes: "Axes", front: ParetoFront) -> None:
    """Draw the points, and what joins them."""
    axes.plot(front.period_s, front.energy_j, color=INK, linewidth=0.4)
    for (label, face), points in zip(KINDS.items(), _kinds(front), strict=True):
        axes.plot(
            front.period_s[points],
            front.energy_j[points],
            markerfacecolor=face,
            label=label,
            **DOT,
        )
    top = float(front.energy_j.max())
    low = float(front.energy_j.min())
    margin = 0.06 * (top - low) or 0.1 * top or 1.0
    axes.set_ylim(max(0.0, low - margin), top + margin)
    set_scale(axes.yaxis, top, "energy", "J", 6)


def _draw_band(axes: "Axes", front: ParetoFront) -> None:
    """Draw how far each point can be above the optimum, below the tolerance."""
    axes.fill_between(
        front.period_s, 100 * front.gap, color=BAND_COLOR, linewidth=0, label="band"
    )
    within = front.tolerance
    if math.isfinite(within):
        axes.axhline(100 * within, label="tolerance", **LINE)
    else:
        within = float(front.gap.max())
    axes.set_ylim(0, 115 * within or 1.0)
    axes.tick_params(labelbottom=False)
    set_scale(axes.yaxis, 1.0, "band", "%", 3)


@needs_matplotlib
def draw_front(front: ParetoFront, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.pareto_front` returns.

    Above, the energy of a period against its length; points are filled where they are
    proven optima. Where not all are, the band below is how far above the optimum each
    can be, and the line how far any period between them. Below, the rails that the
    schedule of each period uses, in the voltages' colours.

    Parameters
    ----------
    front
        A `pfmlir.ParetoFront` of at least two points, with voltages.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        There is a single point, or the width is too little.
    """
    check_width(width)
    if len(front.period_s) < 2:
        raise ValueError("expected a front of at least two points, found one")
    with drawing_style():
        wide = 72 * width
        legend = _make_legend(front, wide - 2 * PAD)
        bottoms = numpy.cumsum([BOTTOM, RAILS_HEIGHT + SPACE, BAND_HEIGHT + SPACE])
        if front.is_optimal:
            bottoms = bottoms[:2]
        height = float(bottoms[-1]) + ENERGY_HEIGHT + legend.height + 2 * PAD
        figure = new_figure(width, height)
        legend.add(figure, PAD)
        rails = add_axes(figure, LEFT, BOTTOM, RIGHT, RAILS_HEIGHT)
        energy = add_axes(figure, LEFT, float(bottoms[-1]), RIGHT, ENERGY_HEIGHT)
        _draw_energy(energy, front)
        energy.tick_params(labelbottom=False)
        if not front.is_optimal:
            band = add_axes(figure, LEFT, float(bottoms[1]), RIGHT, BAND_HEIGHT)
            _draw_band(band, front)
        _draw_rails(rails, front)
        reach = 0.02 * float(front.period_s[-1] - front.period_s[0])
        for axes in figure.axes:
            axes.set_xlim(front.period_s[0] - reach, front.period_s[-1] + reach)
            axes.grid(axis="y", color="0.9", linewidth=0.5)
        set_scale(rails.xaxis, float(front.period_s[-1]), "period", "s", 7)
        for axes in figure.axes:
            axes.xaxis.set_major_locator(rails.xaxis.get_major_locator())
        set_scale(rails.yaxis, 1.0, "rails", "V", 5)
        rails.xaxis.labelpad = 1.5
        for axes in figure.axes:
            place_label(axes, wide - LEFT - RIGHT)
            axes.yaxis.label.set_fontsize(SMALL_SIZE + 1)
    return figure
