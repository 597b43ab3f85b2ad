# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""When frames of several networks run."""

from typing import TYPE_CHECKING

import numpy

from ..answers.frames import FramePlan
from .checks import check_width
from .inputs import needs_matplotlib
from .rails import BAR_COLOR
from .style import (
    COLUMN_WIDTH,
    PAD,
    SMALL_SIZE,
    add_axes,
    drawing_style,
    name_networks,
    new_figure,
    set_rows,
    set_scale,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points.
ROW, AXIS, RIGHT = 15.0, 27.0, 8.0


def _draw_network(axes: "Axes", plan: FramePlan, network: int) -> None:
    """Draw a bar for each frame, and a tick where each period begins."""
    frames = plan.frames[plan.frames["network"] == network]
    axes.barh(
        numpy.full(len(frames), network),
        frames["end_s"] - frames["start_s"],
        0.62,
        left=frames["start_s"],
        color=BAR_COLOR,
        linewidth=0,
    )
    begins_s = plan.period_s[network] * numpy.arange(len(frames) + 1)
    axes.vlines(begins_s, network - 0.42, network + 0.42, color="0.6", linewidth=0.6)


@needs_matplotlib
def draw_frames(plan: FramePlan, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.plan_frames` returns.

    A row for each network over the hyperperiod, with a bar for each frame between lines
    where its periods begin.

    Parameters
    ----------
    plan
        A `pfmlir.FramePlan`.
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
    check_width(width)
    with drawing_style():
        wide = 72 * width
        names, left = name_networks(plan.names, plan.fps, 0.4 * wide)
        height = ROW * len(names)
        figure = new_figure(width, AXIS + height + PAD)
        axes = add_axes(figure, left, AXIS, RIGHT, height)
        for network in range(len(names)):
            _draw_network(axes, plan, network)
        axes.set_xlim(0, plan.hyperperiod_s)
        set_rows(axes, names)
        set_scale(axes.xaxis, plan.hyperperiod_s, "time", "s", 5)
        axes.xaxis.label.set_fontsize(SMALL_SIZE)
        axes.xaxis.labelpad = 1.5
    return figure
