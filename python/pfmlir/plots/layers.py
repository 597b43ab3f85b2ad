# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy and time, layer by layer."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..answers.schedule import Schedule
from .checks import check_width
from .inputs import as_schedule, needs_matplotlib
from .parts import layer_parts, part_color, split_domains
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_SIZE,
    LEFT,
    PAD,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    place_label,
    set_scale,
    shorten,
    text_width,
    title_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIME_COLOR = "#8a8a8a"
# Points.
ENERGY_HEIGHT, TIME_HEIGHT, GAP = 78.0, 52.0, 10.0


def _outline(axes: "Axes", values: NDArray[numpy.float64], pitch: float) -> None:
    """Draw a baseline's values of layers, which are points apart, as steps."""
    from matplotlib.patheffects import Normal, Stroke

    axes.stairs(
        values,
        [i - 0.5 for i in range(len(values) + 1)],
        baseline=None,
        color=INK,
        linewidth=0.7 if pitch > 4 else 0.5,
        # Where bars are narrow, an edge of white would hide them.
        path_effects=[Stroke(linewidth=1.3, foreground="white"), Normal()]
        if pitch > 4
        else None,
        label="baseline",
    )


def _check_baseline(schedule: Schedule, baseline: Schedule) -> None:
    """Raise ValueError if a baseline isn't one of a schedule."""
    if not math.isclose(baseline.period_s, schedule.period_s):
        raise ValueError(
            f"baseline: expected the schedule's period, "
            f"{schedule.period_s:.6g} s, found {baseline.period_s:.6g} s"
        )
    names, others = (each.layers["name"].tolist() for each in (schedule, baseline))
    if len(others) != len(names):
        raise ValueError(
            f"baseline: expected the schedule's {len(names)} layers, "
            f"found {len(others)}"
        )
    for name, other in zip(names, others, strict=True):
        if name != other:
            raise ValueError(f"baseline: expected layer {name!r}, found {other!r}")


def _make_legend(
    domains: Sequence[str], baseline: Schedule | None, width: float
) -> Legend:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    # A domain's two colours are one entry, and what they mean is another.
    entries: list[tuple[Any, str]] = []
    for domain in domains or [""]:
        colors = [part_color((k, domain), domains) for k in ("dynamic", "leakage")]
        pair = tuple(Patch(facecolor=color) for color in colors)
        if domains:
            entries.append((pair, domain))
        else:
            entries += zip(pair, ("dynamic", "leakage"), strict=True)
    if domains:
        grey = tuple(Patch(facecolor=color) for color in ("0.35", "0.75"))
        entries.append((grey, "dynamic, leakage"))
    if baseline is not None:
        line = Line2D([], [], color=INK, linewidth=0.7)
        entries.append((line, title_of(baseline.search, "baseline")))
    return Legend(entries, width)


class _Names:
    """The names of as many layers as fit under an axis."""

    def __init__(self, names: Sequence[str], pitch: float) -> None:
        """Lay out names that are points apart."""
        # Level where all of them fit so, and else upright.
        level = all(text_width(name, LABEL_SIZE) + 5 <= pitch for name in names)
        self.rotation = 0 if level else 90
        self.every = 1 if level else math.ceil(1.3 * LABEL_SIZE / pitch)
        self.texts = [shorten(name, 84, LABEL_SIZE) for name in names[:: self.every]]
        lengths = [text_width(text, LABEL_SIZE) for text in self.texts]
        self.height = 1.4 * LABEL_SIZE if level else max(lengths)

    def add(self, axes: "Axes") -> None:
        """Write them at the layers' places."""
        places = [self.every * i for i in range(len(self.texts))]
        axes.set_xticks(places, self.texts, size=LABEL_SIZE, rotation=self.rotation)
        axes.tick_params(axis="x", length=2, pad=1.5)


def _stack_parts(
    axes: "Axes", schedule: Schedule, domains: Sequence[str], bar: float
) -> None:
    """Draw the layers' energies, part on part, in bars of a width."""
    places = range(len(schedule.layers))
    starts = numpy.zeros(len(schedule.layers))
    for part, values in layer_parts(schedule, domains).items():
        axes.bar(
            places,
            values,
            bar,
            starts,
            color=part_color(part, domains),
            linewidth=0,
            label=" ".join(part).strip(),
        )
        starts = starts + values


@needs_matplotlib
def draw_layers(
    schedule: Schedule | Mapping[str, Any],
    baseline: Schedule | Mapping[str, Any] | None = None,
    *,
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw the energy and the time of each layer, in the order in which they run.

    The upper panel stacks dynamic energy and, lighter, leakage of every domain, or
    of all of them where some layer isn't split by domain; the lower one has times.
    Both are without transitions. As many layers are named as fit.

    Parameters
    ----------
    schedule
        A `pfmlir.Schedule`, or what ``pf-translate --power-to-json`` prints, read.
    baseline
        A schedule of the same layers and period, to outline.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Layers are at 0, 1, and so on; energies are in joules and times in seconds,
        and only their ticks have prefixes.

    Raises
    ------
    ValueError
        If an argument isn't a schedule, if periods or layers' names differ, or if
        the width is too little.
    """
    check_width(width)
    main = as_schedule(schedule, has_energies=True)
    other = None
    if baseline is not None:
        other = as_schedule(baseline, has_energies=True, name="baseline")
        _check_baseline(main, other)
    layers = main.layers
    domains = split_domains([main])

    with drawing_style():
        inside = 72 * width - LEFT - PAD
        pitch = inside / len(layers)
        legend = _make_legend(domains, other, inside)
        names = _Names(layers["name"].tolist(), pitch)
        bottom = names.height + 6 + PAD / 2
        height = bottom + TIME_HEIGHT + GAP + ENERGY_HEIGHT + legend.height + 2 * PAD
        figure = new_figure(width, height)
        legend.add(figure, LEFT)
        time_axes = add_axes(figure, LEFT, bottom, PAD, TIME_HEIGHT)
        axes = add_axes(figure, LEFT, bottom + TIME_HEIGHT + GAP, PAD, ENERGY_HEIGHT)
        axes.sharex(time_axes)

        # Gaps only where bars stay wider than these.
        bar = 0.8 if pitch > 4 else 0.9 if pitch > 2.5 else 1.0
        _stack_parts(axes, main, domains, bar)
        time_axes.bar(
            range(len(layers)),
            layers["time_s"],
            bar,
            color=TIME_COLOR,
            linewidth=0,
            label="time",
        )
        for panel, name, unit, field in (
            (axes, "energy", "J", "energy_j"),
            (time_axes, "time", "s", "time_s"),
        ):
            peak = float(layers[field].max())
            if other is not None:
                _outline(panel, other.layers[field], pitch)
                peak = max(peak, float(other.layers[field].max()))
            peak = peak or 1.0
            panel.set_ylim(0, 1.05 * peak)
            set_scale(panel.yaxis, peak, name, unit, 5 if panel is axes else 3)
            place_label(panel, inside)
        time_axes.set_xlim(-0.5 - 1 / pitch, len(layers) - 0.5)
        names.add(time_axes)
        axes.tick_params(axis="x", labelbottom=False, length=0)
    return figure
