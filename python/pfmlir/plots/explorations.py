# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of spaces of designs: one quantity against another, and all axes at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..answers.explorations import Exploration
from ..units import si_prefix
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
    BASELINE_COLOR,
    COLORS,
    COLUMN_WIDTH,
    INK,
    LABEL_RIGHT,
    LABEL_SIZE,
    LEFT,
    LINE,
    SMALL_SIZE,
    add_axes,
    add_text,
    drawing_style,
    new_figure,
    set_scale,
    shorten,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# Points.
BOTTOM = 27.0
HEIGHT = 130.0
TOP = 8.0
RIGHT = 8.0
AXIS_WIDTH = 64.0
HEAD = 3 * LINE

# More lines than this hide each other.
MOST_LINES = 2000

# By the end of a column's name, its unit.
UNITS = {"_j": "J", "_s": "s", "_w": "W", "_v": "V", "_hz": "Hz", "_bytes": "B"}


def _unit_of(column: str) -> str:
    return next((unit for end, unit in UNITS.items() if column.endswith(end)), "")


def _name_of(column: str) -> str:
    """Return a column's name without its unit and what it is a part of."""
    parts = column.split(".")[-2:]
    end = next((end for end in UNITS if column.endswith(end)), "")
    return " ".join(parts).removesuffix(end).replace("_", " ")


def _label(axis: "Axis", column: str, values: NDArray[Any]) -> None:
    unit = _unit_of(column)
    if unit:
        set_scale(axis, float(numpy.abs(values).max()), _name_of(column), unit)
    else:
        from matplotlib.ticker import MaxNLocator

        whole = numpy.array_equal(values, numpy.round(values))
        axis.set_major_locator(MaxNLocator(5, integer=bool(whole)))
        axis.set_label_text(_name_of(column))


def _scheduled(exploration: Exploration) -> Exploration:
    found = exploration.feasible
    if not len(found):
        raise ValueError("expected a design with a schedule, found none")
    return found


def _numbers(exploration: Exploration, column: str) -> NDArray[numpy.float64]:
    """Return a column of numbers."""
    values = exploration[column]
    if values.dtype.kind not in "fiu":
        raise ValueError(f"{column}: expected numbers, but got {values[0]!r}")
    return values.astype(numpy.float64)


@needs_matplotlib
def draw_exploration(
    exploration: Exploration,
    *,
    x: str = "num_rails",
    y: str = "energy_j",
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw two columns of what `pfmlir.explore` returns against each other.

    A dot is a design with a schedule; the line is through those that none is better
    than, in both of them.

    Parameters
    ----------
    exploration
        A `pfmlir.Exploration`.
    x, y
        Columns of numbers, of which less is better.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        No design has a schedule, a column has no numbers, or the width is too little.
    KeyError
        There is no such column.
    """
    check_width(width)
    found = _scheduled(exploration)
    across, up = _numbers(found, x), _numbers(found, y)
    best = found.pareto(x, y)
    with drawing_style():
        figure = new_figure(width, BOTTOM + HEIGHT + TOP)
        axes = add_axes(figure, LEFT, BOTTOM, RIGHT, HEIGHT)
        axes.scatter(
            across, up, s=7, color=BASELINE_COLOR, alpha=0.45, linewidths=0, zorder=2
        )
        axes.plot(
            _numbers(best, x),
            _numbers(best, y),
            color=INK,
            linewidth=1.0,
            marker="o",
            markersize=3.2,
            drawstyle="steps-post",
            zorder=3,
        )
        axes.grid(axis="y", color="0.9", linewidth=0.5)
        axes.margins(0.05)
        _label(axes.xaxis, x, across)
        _label(axes.yaxis, y, up)
        axes.xaxis.labelpad = 1.5
        wide = 72 * width
        axes.yaxis.set_label_coords((LABEL_RIGHT - LEFT) / (wide - LEFT - RIGHT), 0.5)
        axes.yaxis.label.set_fontsize(SMALL_SIZE + 1)
    return figure


def _positions(values: NDArray[Any]) -> tuple[NDArray[numpy.float64], dict[float, str]]:
    """Return where values are on an axis from 0 to 1, and what is written beside it."""
    if values.dtype.kind in "fiu":
        numbers = values.astype(numpy.float64)
        known = sorted(set(numbers.tolist()))
        low, high = known[0], known[-1]
        size = (high - low) or 1.0
        shown = known if len(known) <= 6 else [low, high]
        factor, prefix = si_prefix(max(abs(low), abs(high)) or 1.0)
        return (numbers - low) / size, {
            (each - low) / size: f"{each / factor:.4g}{' ' if prefix else ''}{prefix}"
            for each in shown
        }
    words = [str(value) for value in values]
    order = {word: i for i, word in enumerate(dict.fromkeys(words))}
    size = max(len(order) - 1, 1)
    labels = {i / size: word for word, i in order.items()}
    return numpy.array([order[word] / size for word in words]), labels


def _draw_scale(axes: "Axes", at: int, labels: dict[float, str]) -> None:
    axes.axvline(at, color="0.6", linewidth=0.6, zorder=1)
    for position, text in labels.items():
        axes.annotate(
            shorten(text, AXIS_WIDTH - 8, LABEL_SIZE),
            (at, position),
            (3, 0),
            textcoords="offset points",
            va="center",
            size=LABEL_SIZE,
            color=INK,
            zorder=4,
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5},
        )


@needs_matplotlib
def draw_parallel(
    exploration: Exploration,
    *,
    columns: Sequence[str] = (),
    color_by: str = "energy_j",
) -> "Figure":
    """Draw what `pfmlir.explore` returns as parallel coordinates.

    A line is a design with a schedule; it crosses an axis for each column where its
    value is. Those of least energy are drawn last, in the coolest colours.

    Parameters
    ----------
    exploration
        A `pfmlir.Exploration`; of more than 2000 designs, the best and others in even
        steps are drawn.
    columns
        Axes from left to right; by default what was asked and takes several values, and
        `color_by`.
    color_by
        A column of numbers.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        No design has a schedule, there are fewer than two axes, or a column has no
        numbers.
    KeyError
        There is no such column.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap

    found = _scheduled(exploration)
    shown = list(columns) or [
        *(name for name in found.asked if len(set(map(str, found[name]))) > 1),
        color_by,
    ]
    if len(shown) < 2:
        raise ValueError(f"columns: expected at least two, but got {shown}")
    order = numpy.argsort(-_numbers(found, color_by), kind="stable")
    if len(order) > MOST_LINES:
        order = order[numpy.linspace(0, len(order) - 1, MOST_LINES).astype(int)]
    found = found.rows(order)
    scales = [_positions(found[name]) for name in shown]
    shades, _ = _positions(found[color_by])
    with drawing_style():
        width = LEFT / 2 + AXIS_WIDTH * len(shown)
        figure = new_figure(width / 72, TOP + HEIGHT + HEAD)
        axes = add_axes(figure, LEFT / 2, TOP, AXIS_WIDTH, HEIGHT)
        axes.set_axis_off()
        axes.set_xlim(0, len(shown) - 1)
        axes.set_ylim(-0.03, 1.03)
        heights = numpy.column_stack([positions for positions, _ in scales])
        across = numpy.broadcast_to(numpy.arange(len(shown)), heights.shape)
        axes.add_collection(
            LineCollection(
                list(numpy.stack([across, heights], axis=2)),
                colors=LinearSegmentedColormap.from_list("energy", COLORS)(shades),
                linewidths=0.7,
                alpha=0.6,
                zorder=2,
            )
        )
        for i, (name, (_, labels)) in enumerate(zip(shown, scales, strict=True)):
            _draw_scale(axes, i, labels)
            unit = _unit_of(name)
            words = [*_name_of(name).split(), *([f"({unit})"] if unit else [])]
            middle = (len(words) + 1) // 2
            for row, line in enumerate((words[:middle], words[middle:])):
                text = shorten(" ".join(line), AXIS_WIDTH - 4, SMALL_SIZE)
                add_text(
                    figure,
                    LEFT / 2 + AXIS_WIDTH * i,
                    TOP + HEIGHT + HEAD - LINE * (row + 1.2),
                    text,
                    size=SMALL_SIZE,
                )
    return figure
