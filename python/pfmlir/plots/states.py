# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The level of every domain in every layer."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .checks import check_number, check_schedule, check_width
from .inputs import takes_schedules
from .style import (
    BASELINE_COLOR,
    COLUMN_WIDTH,
    INK,
    LINE,
    PAD,
    SMALL_SIZE,
    Legend,
    add_axes,
    add_text,
    drawing_style,
    new_figure,
    shorten,
    text_width,
    voltage_colors,
    voltage_labels,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _thin(
    wanted: Sequence[float], position: Callable[[float], float], distance: float
) -> list[float]:
    """Return values that keep a distance, the first ones rather than the others."""
    kept: list[float] = []
    for value in wanted:
        if all(abs(position(value) - position(other)) >= distance for other in kept):
            kept.append(value)
    return kept


def _check_levels(levels: Any, what: str) -> list[float]:
    """Return voltages, lowest first, or raise ValueError."""
    if not isinstance(levels, Sequence) or isinstance(levels, str) or not levels:
        raise ValueError(f"{what}: expected voltages, found {levels!r}")
    return sorted({check_number(level, what) for level in levels})


@takes_schedules
def draw_states(
    schedule: dict[str, Any],
    levels_v: Sequence[float] | None = None,
    *,
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw the voltage of every layer, in a band for each domain.

    A band has a line for each candidate level, solid for the chosen rails and dotted
    for the others, and on them, in the voltage's colour, the layers.

    Parameters
    ----------
    schedule
        What ``pf-translate --power-to-json`` prints, read.
    levels_v
        Candidate levels in volts; those of the schedule if left out, and if it has
        none, its rails.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Layers are at 0, 1, and so on, and voltages in volts.

    Raises
    ------
    ValueError
        If the argument isn't a schedule, if a layer's voltage is no candidate, or if
        the width is too little.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    check_width(width)
    check_schedule(schedule)
    layers = schedule["layers"]
    domains = list(layers[0]["voltage_v"])
    used = {voltage for layer in layers for voltage in layer["voltage_v"].values()}
    rails = _check_levels(schedule.get("rails_v", sorted(used)), "rails")
    if levels_v is None:
        levels_v = schedule.get("levels_v", rails)
    levels = _check_levels(levels_v, "candidate levels")

    def among(voltage: float, others: Iterable[float]) -> bool:
        return any(abs(voltage - other) < 1e-6 for other in others)

    for layer in layers:
        for domain, voltage in layer["voltage_v"].items():
            if not among(voltage, levels):
                raise ValueError(
                    f"layer {layer['name']!r}, domain {domain!r}: expected one of the "
                    f"candidate levels {levels} V, found {voltage} V"
                )
    rails = [level for level in levels if among(level, [*rails, *used])]

    with drawing_style():
        wide = 72 * width
        texts = dict(zip(levels, voltage_labels(levels), strict=True))
        left = max(text_width(text, SMALL_SIZE) for text in texts.values()) + 8
        inside = wide - left - PAD
        span = levels[-1] - levels[0] or 0.1
        # To scale, and so high that rails are told apart, unless they are very close.
        apart = min((b - a for a, b in pairwise(rails)), default=span)
        band = max(36.0, min(96.0, (LINE - 0.5) * span / apart))
        title, gap, axis = 10.0, 5.0, 27.0
        pitch = inside / len(layers)
        every = next(
            step
            for step in (
                factor * 10**power for power in range(9) for factor in (1, 2, 5)
            )
            if len(layers) <= 8 * step
        )
        # Very many candidates would else look like a grey area.
        close = band * min((b - a for a, b in pairwise(levels)), default=1) < 2.5 * span

        color = "0.5"
        legend = Legend(
            [
                (Line2D([], [], color=color, linewidth=0.7), "rail"),
                (
                    Line2D([], [], color=color, linewidth=0.7, linestyle=(0, (1, 2))),
                    "candidate level",
                ),
            ],
            inside,
        )
        height = (
            legend.height + 1.5 * PAD + len(domains) * (title + band + gap) - gap + axis
        )
        figure = new_figure(width, height)
        legend.add(figure, left)
        colors = voltage_colors(sorted(used))
        labelled = _thin(
            [*rails, levels[0], levels[-1]],
            lambda level: band * (level - levels[0]) / span,
            LINE - 1,
        )
        for row, domain in enumerate(domains):
            bottom = axis + (len(domains) - 1 - row) * (title + band + gap)
            axes = add_axes(figure, left, bottom, PAD, band)
            for level in levels:
                rail = level in rails
                axes.axhline(
                    level,
                    color=color,
                    linewidth=0.7 if rail else 0.2 if close else 0.5,
                    linestyle="-" if rail else (0, (1, 2)),
                    zorder=1,
                    label="rail" if rail else "candidate level",
                )
            voltages = [layer["voltage_v"][domain] for layer in layers]
            axes.stairs(
                voltages,
                [i - 0.5 for i in range(len(layers) + 1)],
                baseline=None,
                color=INK,
                linewidth=0.4,
                zorder=2,
                label="switches",
            )
            axes.add_collection(
                LineCollection(
                    [[(i - 0.5, v), (i + 0.5, v)] for i, v in enumerate(voltages)],
                    colors=[colors[voltage] for voltage in voltages],
                    linewidths=3.4,
                    zorder=3,
                    label=domain,
                ),
                autolim=False,
            )
            margin = 3 * span / band
            axes.set_ylim(levels[0] - margin, levels[-1] + margin)
            axes.set_xlim(-0.5 - 1 / pitch, len(layers) - 0.5)
            axes.set_yticks(labelled, [texts[level] for level in labelled])
            axes.tick_params(axis="y", length=0)
            for level, label in zip(labelled, axes.get_yticklabels(), strict=True):
                label.set_color(INK if level in rails else BASELINE_COLOR)
            axes.spines[["left", "bottom"]].set_visible(False)
            axes.set_xticks(range(0, len(layers), every))
            if row < len(domains) - 1:
                axes.tick_params(axis="x", labelbottom=False, length=0)
            else:
                axes.set_xlabel("layer, in order from 0", labelpad=1.5)
            name = shorten(domain, inside, SMALL_SIZE)
            add_text(figure, left, bottom + band + 2.5, name, size=SMALL_SIZE)
    return figure
