# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The least energy of a period against its length, and the rails that it takes."""

from typing import TYPE_CHECKING

import numpy

from ..answers.fronts import ParetoFront
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
    COLUMN_WIDTH,
    INK,
    LEFT,
    SMALL_SIZE,
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
ENERGY_HEIGHT = 92.0
SPACE = 8.0
RIGHT = 8.0


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


@needs_matplotlib
def draw_front(front: ParetoFront, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.pareto_front` returns.

    Above, the energy of a period against its length; below, the rails that the optimum
    at each period uses, in the voltages' colours.

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
        height = BOTTOM + RAILS_HEIGHT + SPACE + ENERGY_HEIGHT + SPACE
        figure = new_figure(width, height)
        rails = add_axes(figure, LEFT, BOTTOM, RIGHT, RAILS_HEIGHT)
        energy = add_axes(
            figure, LEFT, BOTTOM + RAILS_HEIGHT + SPACE, RIGHT, ENERGY_HEIGHT
        )
        energy.plot(front.period_s, front.energy_j, color=INK, linewidth=1.2)
        top = float(front.energy_j.max())
        low = float(front.energy_j.min())
        margin = 0.06 * (top - low) or 0.1 * top or 1.0
        energy.set_ylim(max(0.0, low - margin), top + margin)
        energy.tick_params(labelbottom=False)
        _draw_rails(rails, front)
        reach = 0.02 * float(front.period_s[-1] - front.period_s[0])
        for axes in (energy, rails):
            axes.set_xlim(front.period_s[0] - reach, front.period_s[-1] + reach)
            axes.grid(axis="y", color="0.9", linewidth=0.5)
        set_scale(rails.xaxis, float(front.period_s[-1]), "period", "s", 7)
        energy.xaxis.set_major_locator(rails.xaxis.get_major_locator())
        set_scale(energy.yaxis, top, "energy", "J", 6)
        set_scale(rails.yaxis, 1.0, "rails", "V", 5)
        rails.xaxis.labelpad = 1.5
        wide = 72 * width
        for axes in (energy, rails):
            place_label(axes, wide - LEFT - RIGHT)
            axes.yaxis.label.set_fontsize(SMALL_SIZE + 1)
    return figure
