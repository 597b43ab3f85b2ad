# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The level of every domain in every layer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy

from ..answers.schedule import Schedule
from ..answers.solution import Solution
from .checks import check_number, check_width
from .inputs import as_schedule, needs_matplotlib
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOR = "0.5"
DOTTED = (0, (1, 2))
# Points.
TITLE, GAP, AXIS = 10.0, 5.0, 27.0
LEAST_BAND, MOST_BAND = 36.0, 96.0


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


def _is_among(voltage: float, others: Iterable[float]) -> bool:
    return any(abs(voltage - other) < 1e-6 for other in others)


def _choose_levels(
    schedule: Schedule | Solution, levels_v: Sequence[float] | None
) -> tuple[list[float], list[float]]:
    """Return candidate levels and, of these, the rails, or raise ValueError."""
    voltages = schedule.voltages_v
    rails = _check_levels(schedule.rails_v.tolist(), "rails")
    if levels_v is None:
        levels_v = schedule.levels_v.tolist()
    levels = _check_levels(levels_v, "candidate levels")
    for name, row in zip(schedule.layers["name"], voltages.tolist(), strict=True):
        for domain, voltage in zip(schedule.domains, row, strict=True):
            if not _is_among(voltage, levels):
                raise ValueError(
                    f"layer {str(name)!r}, domain {domain!r}: expected one of the "
                    f"candidate levels {levels} V, found {voltage} V"
                )
    used = [*rails, *numpy.unique(voltages).tolist()]
    return levels, [level for level in levels if _is_among(level, used)]


def _round_step(count: int) -> int:
    """Return the round number of layers between ticks, of which there are eight."""
    step = 1
    while count > 8 * step:
        # 1, 2, 5, 10, and so on.
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


class _Bands:
    """What the domains' bands have in common."""

    def __init__(self, levels: list[float], rails: list[float]) -> None:
        """Choose a height in points for candidate levels, of which some are rails."""
        self.levels, self.rails = levels, rails
        self.span = levels[-1] - levels[0] or 0.1
        # To scale, and so high that rails are told apart, unless they are very close.
        apart = min((b - a for a, b in pairwise(rails)), default=self.span)
        self.height = max(LEAST_BAND, min(MOST_BAND, (LINE - 0.5) * self.span / apart))
        # Very many candidates would else look like a grey area.
        least = min((b - a for a, b in pairwise(levels)), default=1)
        self.candidate_width = 0.2 if self.height * least < 2.5 * self.span else 0.5
        texts = dict(zip(levels, voltage_labels(levels), strict=True))
        labelled = _thin(
            [*rails, levels[0], levels[-1]],
            lambda level: self.height * (level - levels[0]) / self.span,
            LINE - 1,
        )
        self.labels = {level: texts[level] for level in labelled}
        self.label_width = max(text_width(text, SMALL_SIZE) for text in texts.values())

    def draw_levels(self, axes: "Axes") -> None:
        """Draw a line for each level, and name as many as there is room for."""
        for level in self.levels:
            rail = level in self.rails
            axes.axhline(
                level,
                color=COLOR,
                linewidth=0.7 if rail else self.candidate_width,
                linestyle="-" if rail else DOTTED,
                zorder=1,
                label="rail" if rail else "candidate level",
            )
        margin = 3 * self.span / self.height
        axes.set_ylim(self.levels[0] - margin, self.levels[-1] + margin)
        axes.set_yticks(list(self.labels), list(self.labels.values()))
        axes.tick_params(axis="y", length=0)
        for level, label in zip(self.labels, axes.get_yticklabels(), strict=True):
            label.set_color(INK if level in self.rails else BASELINE_COLOR)


def _draw_layers(
    axes: "Axes", domain: str, voltages: Sequence[float], colors: dict[float, str]
) -> None:
    """Draw a domain's voltage in every layer."""
    from matplotlib.collections import LineCollection

    axes.stairs(
        voltages,
        [i - 0.5 for i in range(len(voltages) + 1)],
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


def _make_legend(width: float) -> Legend:
    from matplotlib.lines import Line2D

    rail = Line2D([], [], color=COLOR, linewidth=0.7)
    candidate = Line2D([], [], color=COLOR, linewidth=0.7, linestyle=DOTTED)
    return Legend([(rail, "rail"), (candidate, "candidate level")], width)


@needs_matplotlib
def draw_states(
    schedule: Schedule | Solution | Mapping[str, Any],
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
        A `pfmlir.Schedule`, a `pfmlir.Solution` in volts, or what
        ``pf-translate --power-to-json`` prints, read.
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
    check_width(width)
    found = schedule if isinstance(schedule, Solution) else as_schedule(schedule)
    by_domain = dict(zip(found.domains, found.voltages_v.T.tolist(), strict=True))
    number = len(found.layers)
    levels, rails = _choose_levels(found, levels_v)
    colors = voltage_colors(numpy.unique(found.voltages_v).tolist())

    with drawing_style():
        bands = _Bands(levels, rails)
        left = bands.label_width + 8
        inside = 72 * width - left - PAD
        legend = _make_legend(inside)
        pitch = TITLE + bands.height + GAP
        figure = new_figure(
            width, legend.height + 1.5 * PAD + len(by_domain) * pitch - GAP + AXIS
        )
        legend.add(figure, left)
        places = reversed(range(len(by_domain)))
        for below, (domain, voltages) in zip(places, by_domain.items(), strict=True):
            bottom = AXIS + below * pitch
            axes = add_axes(figure, left, bottom, PAD, bands.height)
            bands.draw_levels(axes)
            _draw_layers(axes, domain, voltages, colors)
            axes.set_xlim(-0.5 - number / inside, number - 0.5)
            axes.set_xticks(range(0, number, _round_step(number)))
            axes.spines[["left", "bottom"]].set_visible(False)
            if below:
                axes.tick_params(axis="x", labelbottom=False, length=0)
            else:
                axes.set_xlabel("layer, in order from 0", labelpad=1.5)
            name = shorten(domain, inside, SMALL_SIZE)
            top = bottom + bands.height + 2.5
            add_text(figure, left, top, name, size=SMALL_SIZE)
    return figure
