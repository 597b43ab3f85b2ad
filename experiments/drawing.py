# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the figures share: colours of methods and networks, and panels."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pfmlir.plots.rates import METHODS as METHOD_STYLES
from pfmlir.plots.style import (
    COLUMN_WIDTH,
    INK,
    LABEL_RIGHT,
    LEFT,
    PAD,
    SMALL_SIZE,
    Legend,
    add_axes,
    add_text,
    drawing_style,
    new_figure,
    set_scale,
)

from .results import Rows
from .setting import LABELS, METHODS, energy_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

# Points.
RIGHT = 8.0
BOTTOM = 27.0
TITLE = 11.0
BETWEEN = 16.0

# Other hues than those of methods and domains; they differ for the colour-blind.
NETWORK_STYLES = {
    "squeezenet": ("#332288", "o"),
    "resnet18": ("#999933", "s"),
    "mobilenetv3_small": ("#cc6677", "^"),
    "mobilevit_xxs": ("#44aa99", "D"),
    "mobilenetv2": ("#882255", "v"),
    "person_detection": ("#ddaa33", "P"),
    "ds_cnn": ("#777777", "X"),
}
NEUTRAL = "0.6"


def method_style(method: str) -> dict[str, Any]:
    """Return how to plot a method, as `pfmlir.plots.draw_rates` does."""
    color, marker, is_filled = METHOD_STYLES[method]
    size = 4.6 if method == "exact" else 3.0 if is_filled else 2.6
    return {
        "color": color,
        "linewidth": 2.0 if method == "exact" else 0.9,
        "linestyle": "-" if is_filled else (0, (3, 1.5)),
        "marker": marker,
        "markersize": size,
        "markeredgewidth": 0.6,
        "markerfacecolor": color if is_filled else "white",
    }


def network_style(name: str) -> dict[str, Any]:
    """Return how to plot a network."""
    color, marker = NETWORK_STYLES[name]
    return {"color": color, "linewidth": 1.0, "marker": marker, "markersize": 3.2}


def draw_methods(axes: "Axes", rows: Rows) -> None:
    """Draw a network's energy of a period against its rate, a curve for each method."""
    for rank, method in enumerate(reversed(METHODS)):
        kept = [row for row in rows if row[energy_column(method)] != ""]
        axes.plot(
            [row["fps"] for row in kept],
            [row[energy_column(method)] for row in kept],
            clip_on=False,
            zorder=3 + rank / 10,
            **method_style(method),
        )
    energies = [
        row[energy_column(method)]
        for row in rows
        for method in METHODS
        if row[energy_column(method)] != ""
    ]
    axes.set_ylim(0.9 * min(energies), 1.05 * max(energies))
    axes.set_xlim(0)
    set_scale(axes.yaxis, max(energies), "energy", "J", 4)
    set_scale(axes.xaxis, 1.0, "rate", "fps", 6)


def method_entries() -> list[tuple[Any, str]]:
    """Return a legend's entries for methods."""
    return [(line(method_style(m)), label) for m, label in METHODS.items()]


def line(style: dict[str, Any]) -> "Line2D":
    """Return a legend's handle for a curve."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **style)


def patch(color: str) -> Any:
    """Return a legend's handle for an area."""
    from matplotlib.patches import Patch

    return Patch(facecolor=color, linewidth=0)


def network_entries(names: Sequence[str]) -> list[tuple[Any, str]]:
    """Return a legend's entries for networks."""
    return [(line(network_style(name)), LABELS[name]) for name in names]


def stack(
    titles: Sequence[str],
    entries: Sequence[tuple[Any, str]],
    draw: "Callable[[Axes, int], None]",
    *,
    height: float = 100.0,
    left: float = LEFT,
    right: float = RIGHT,
    bottom: float = BOTTOM,
) -> "Figure":
    """Return a figure of a column's width with panels one above the other.

    Parameters
    ----------
    titles
        Of the panels, from top to bottom; "" for none.
    entries
        Of the legend above them: handles and labels.
    draw
        Draws the panel of a number.
    height, left, right, bottom
        Of each panel, to its sides, and below the last one, in points.
    """
    with drawing_style():
        legend = Legend(entries, 72 * COLUMN_WIDTH - 2 * PAD) if entries else None
        over = TITLE if any(titles) else 0.0
        pitch = height + BETWEEN + over
        used = legend.height + PAD if legend else 0.0
        total = bottom + len(titles) * pitch - BETWEEN + used + PAD
        figure = new_figure(COLUMN_WIDTH, total)
        if legend:
            legend.add(figure, PAD)
        for number, title in enumerate(titles):
            below = bottom + (len(titles) - 1 - number) * pitch
            axes = add_axes(figure, left, below, right, height)
            axes.grid(axis="y", color="0.9", linewidth=0.5)
            add_text(figure, left, below + height + 3.5, title, size=SMALL_SIZE)
            draw(axes, number)
            axes.xaxis.labelpad = 1.5
            inside = 72 * COLUMN_WIDTH - left - right
            axes.yaxis.set_label_coords((LABEL_RIGHT - left) / inside, 0.5)
    return figure


# In two lines, to fit below bars.
SHORT_LABELS = {
    "squeezenet": "SqueezeNet\n1.1",
    "resnet18": "ResNet\n18",
    "mobilenetv3_small": "MobileNet\nV3-Small",
    "mobilevit_xxs": "MobileViT\nXXS",
}


def name_bars(axes: "Axes", names: Sequence[str], notes: Sequence[str] = ()) -> None:
    """Write a name below each group of bars, which are at 0, 1, and so on.

    There may be a note below each name.
    """
    labels = [SHORT_LABELS[name] for name in names]
    if notes:
        labels = [f"{a}\n{b}" for a, b in zip(labels, notes, strict=True)]
    axes.set_xticks(range(len(names)), labels)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, len(names) - 0.5)


def mark_deadline(axes: "Axes", x: float) -> None:
    """Draw a dashed line where a period ends."""
    axes.axvline(x, color=INK, linestyle=(0, (4, 2)), linewidth=0.9, zorder=6)
