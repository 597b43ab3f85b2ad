# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What comes in, is stored and is used over time, and the rates that it feeds."""

from typing import TYPE_CHECKING

import numpy

from ..answers.batteries import BatteryPlan
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
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
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points.
BOTTOM, HEIGHT, SPACE, RIGHT = 27.0, 52.0, 8.0, 8.0
HARVESTED, USED = "#e69f00", INK


def _draw_powers(axes: "Axes", plan: BatteryPlan, ends_s: "numpy.ndarray") -> None:
    axes.stairs(
        plan.harvested_w, ends_s, fill=True, color=HARVESTED, alpha=0.6, linewidth=0
    )
    axes.stairs(plan.power_w, ends_s, color=USED, linewidth=1.2, baseline=None)
    top = float(max(plan.harvested_w.max(), plan.power_w.max())) or 1.0
    axes.set_ylim(0.0, 1.06 * top)
    set_scale(axes.yaxis, top, "power", "W", 4)


def _draw_stored(axes: "Axes", plan: BatteryPlan, ends_s: "numpy.ndarray") -> None:
    axes.plot(ends_s, plan.stored_j, color=INK, linewidth=1.2)
    axes.axhline(plan.battery_j, color="0.6", linewidth=0.7, linestyle=(0, (3, 1.5)))
    axes.set_ylim(0.0, 1.06 * plan.battery_j or 1.0)
    set_scale(axes.yaxis, plan.battery_j or 1.0, "stored", "J", 4)


def _draw_rates(axes: "Axes", plan: BatteryPlan, ends_s: "numpy.ndarray") -> None:
    axes.stairs(plan.fps, ends_s, color=INK, linewidth=1.2, baseline=None)
    top = float(plan.fps.max()) or 1.0
    axes.set_ylim(0.0, 1.06 * top)
    set_scale(axes.yaxis, 1.0, "rate", "fps", 4)


@needs_matplotlib
def draw_battery(plan: BatteryPlan, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.plan_battery` returns.

    From above: the power that comes in and that is used, what is stored with the
    battery as a dashed line, and the rate, on average over each step.

    Parameters
    ----------
    plan
        A `pfmlir.BatteryPlan`.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        The width is too little.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    check_width(width)
    ends_s = numpy.arange(len(plan.power_w) + 1) * plan.step_s
    draws = (_draw_rates, _draw_stored, _draw_powers)
    with drawing_style():
        wide = 72 * width
        legend = Legend(
            [
                (Patch(color=HARVESTED, alpha=0.6, linewidth=0), "harvested"),
                (Line2D([], [], color=USED, linewidth=1.2), "used"),
            ],
            wide - 2 * PAD,
        )
        height = BOTTOM + len(draws) * (HEIGHT + SPACE) + legend.height + 2 * PAD
        figure = new_figure(width, height)
        legend.add(figure, PAD)
        for i, draw in enumerate(draws):
            axes = add_axes(figure, LEFT, BOTTOM + i * (HEIGHT + SPACE), RIGHT, HEIGHT)
            draw(axes, plan, ends_s)
            axes.set_xlim(ends_s[0], ends_s[-1])
            axes.grid(axis="y", color="0.9", linewidth=0.5)
            axes.tick_params(labelbottom=i == 0)
            place_label(axes, wide - LEFT - RIGHT)
            axes.yaxis.label.set_fontsize(SMALL_SIZE + 1)
            if i == 0:
                set_scale(axes.xaxis, float(ends_s[-1]), "time", "s", 7)
                axes.xaxis.labelpad = 1.5
    return figure
