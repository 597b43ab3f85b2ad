# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What changes of the hardware are worth."""

from typing import TYPE_CHECKING

from ..answers.sensitivities import Sensitivity, describe_saving
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_SIZE,
    PAD,
    SMALL_SIZE,
    add_axes,
    add_bar_texts,
    drawing_style,
    new_figure,
    shorten,
    text_width,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Saves, costs; they differ for the colour-blind, too.
SAVES_COLOR, COSTS_COLOR = "#0072b2", "#d55e00"
# Points.
ROW, AXIS = 11.0, 27.0


@needs_matplotlib
def draw_sensitivity(
    sensitivity: Sensitivity, *, width: float = COLUMN_WIDTH
) -> "Figure":
    """Draw what `pfmlir.sensitivity` returns: the energy after each change.

    A bar is how much more energy a period takes than before the change, in per cent;
    to the left where the change saves some. What no schedule survives has no bar.

    Parameters
    ----------
    sensitivity
        A `pfmlir.Sensitivity` of at least one change.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        There is no change, or the width is too little.
    """
    check_width(width)
    if not len(sensitivity):
        raise ValueError("expected at least one change, found none")
    percents = [-100 * (change.saving or 0.0) for change in sensitivity]
    with drawing_style():
        wide = 72 * width
        names = [shorten(each.what, 0.5 * wide, LABEL_SIZE) for each in sensitivity]
        texts = [describe_saving(each) for each in sensitivity]
        left = max(text_width(name, LABEL_SIZE) for name in names) + 8
        room = max(text_width(text, LABEL_SIZE) for text in texts) + 8
        inside = wide - left - PAD
        figure = new_figure(width, AXIS + ROW * len(names) + PAD)
        axes = add_axes(figure, left, AXIS, PAD, ROW * len(names))
        # Texts are to the right of bars, and of zero.
        low, high = min(0.0, *percents), max(0.0, *percents)
        span = (high - low or 1.0) * inside / max(inside - room, 0.3 * inside)
        axes.set_xlim(low, low + span)
        axes.set_ylim(len(names) - 0.5, -0.5)
        colors = [COSTS_COLOR if each > 0 else SAVES_COLOR for each in percents]
        places = range(len(names))
        axes.barh(places, percents, 0.7, color=colors, linewidth=0)
        axes.axvline(0, color=INK, linewidth=0.6)
        ends = [max(percent, 0.0) for percent in percents]
        add_bar_texts(axes, ends, texts, LABEL_SIZE)
        axes.set_yticks(places, names, size=LABEL_SIZE)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=4)
        axes.set_xlabel("energy after a change (%)", size=SMALL_SIZE, labelpad=1.5)
    return figure
