# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the energy of a period is spent on."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..answers.schedule import Schedule
from .checks import check_sum, check_width
from .inputs import as_schedule, needs_matplotlib
from .parts import Part, part_color, period_parts, split_domains
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_SIZE,
    PAD,
    ROW,
    SMALL_SIZE,
    add_axes,
    add_bar_texts,
    add_text,
    drawing_style,
    is_light,
    new_figure,
    quantity,
    set_scale,
    shorten,
    text_width,
    title_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points.
BAR = 17.0
AXIS = 27.0


def _amount(energy: float) -> str:
    """Return an energy with a prefix, and what is almost nothing as that."""
    if 0 < energy < 5e-12:
        return "< 0.01 nJ"
    return quantity(energy, "J") if energy else "0"


def _name(schedules: Any) -> dict[str, Schedule]:
    """Return schedules by name, or raise ValueError if they can't be compared."""
    if isinstance(schedules, Schedule) or hasattr(schedules, "to_dict"):
        single = as_schedule(schedules, has_energies=True)
        return {title_of(single.search, "scheduled"): single}
    if not isinstance(schedules, Mapping) or not schedules:
        raise ValueError(f"expected a schedule, or some by name, found {schedules!r}")
    if "layers" in schedules and "period_s" in schedules:
        single = as_schedule(schedules, has_energies=True)
        return {title_of(single.search, "scheduled"): single}
    named = {
        str(name): as_schedule(schedule, has_energies=True, name=str(name))
        for name, schedule in schedules.items()
    }
    first, *others = named
    period = named[first].period_s
    for name in others:
        if not math.isclose(named[name].period_s, period):
            raise ValueError(
                f"{name}: expected the period of {first}, {period:.6g} s, "
                f"found {named[name].period_s:.6g} s"
            )
    return named


def _split(
    named: dict[str, Schedule], domains: Sequence[str]
) -> dict[str, dict[Part, float]]:
    """Return the parts of every schedule's energy, in the order of stacking."""
    energies = {}
    for name, schedule in named.items():
        parts = period_parts(schedule, domains)
        total = math.fsum(parts.values())
        check_sum(total, schedule.energy_j, f"{name}: parts of the period")
        # Domain by domain; transitions and the tail come last.
        order = sorted(
            parts,
            key=lambda part: domains.index(part[1]) if part[1] else len(domains),
        )
        energies[name] = {part: parts[part] for part in order}
    # What one has, all have.
    every = dict.fromkeys(part for parts in energies.values() for part in parts)
    return {
        name: {part: parts.get(part, 0.0) for part in every}
        for name, parts in energies.items()
    }


def _part_labels(parts: Iterable[Part], tails: Iterable[str]) -> list[str]:
    """Return what to call parts, if these are the schedules' kinds of tails."""
    names = {
        "transitions": "transitions",
        "tail": f"tail ({', '.join(sorted(set(tails)))})",
        "losses": "conversion losses",
        "awake": "system awake",
        "rails": "rail power",
    }
    return [names.get(kind) or f"{domain} {kind}".strip() for kind, domain in parts]


class _Key:
    """The parts' names, and beside them, where there is the room, their energies."""

    SWATCH = 12.0

    def __init__(
        self, labels: Sequence[str], columns: Sequence[Sequence[str]], wide: float
    ) -> None:
        """Lay out labels, and columns that have a heading too, in a width in points."""
        self.labels = [shorten(label, 0.5 * wide, SMALL_SIZE) for label in labels]
        self.names = max(text_width(label, SMALL_SIZE) for label in self.labels)
        self.widths = [
            max(text_width(text, SMALL_SIZE) for text in column) + 8
            for column in columns
        ]
        self.entry = self.SWATCH + self.names + 12
        if PAD + self.SWATCH + self.names + sum(self.widths) <= wide - PAD:
            self.columns = columns
            self.rows = len(labels) + 1
        else:
            self.columns = []
            self.rows = math.ceil(len(labels) / max(1, int((wide - PAD) / self.entry)))
        self.height = ROW * self.rows + PAD

    def add(self, figure: "Figure", colors: Iterable[str]) -> None:
        """Draw it at a figure's bottom."""
        top = self.height - ROW
        for i, (color, label) in enumerate(zip(colors, self.labels, strict=True)):
            column, row = (0, i + 1) if self.columns else divmod(i, self.rows)
            x, y = PAD + self.entry * column, top - ROW * row
            self._add_swatch(figure, x, y, color)
            add_text(figure, x + self.SWATCH, y, label, size=SMALL_SIZE)
        x = PAD + self.SWATCH + self.names
        for texts, width in zip(self.columns, self.widths, strict=False):
            x += width
            for row, text in enumerate(texts):
                add_text(figure, x, top - ROW * row, text, size=SMALL_SIZE, ha="right")

    @staticmethod
    def _add_swatch(figure: "Figure", x: float, y: float, color: str) -> None:
        from matplotlib.patches import Rectangle

        wide, high = (72 * size for size in figure.get_size_inches())
        figure.add_artist(
            Rectangle(
                (x / wide, (y + 0.5) / high),
                8 / wide,
                5 / high,
                transform=figure.transFigure,
                facecolor=color,
                linewidth=0,
            )
        )


def _draw_bars(
    axes: "Axes",
    energies: Sequence[dict[Part, float]],
    domains: Sequence[str],
    inside: float,
) -> None:
    """Stack parts in axes of a width in points, with shares where they fit."""
    totals = [math.fsum(parts.values()) or 1.0 for parts in energies]
    starts = [0.0] * len(energies)
    for part in energies[0]:
        values = [parts[part] for parts in energies]
        color = part_color(part, domains)
        axes.barh(
            range(len(values)),
            values,
            0.7,
            starts,
            color=color,
            linewidth=0,
            label=" ".join(part).strip(),
        )
        for row, (start, value) in enumerate(zip(starts, values, strict=True)):
            share = f"{100 * value / totals[row]:.0f} %"
            points = value / axes.get_xlim()[1] * inside
            if text_width(share, LABEL_SIZE) + 4 <= points:
                axes.text(
                    start + value / 2,
                    row,
                    share,
                    ha="center",
                    va="center_baseline",
                    size=LABEL_SIZE,
                    color=INK if is_light(color) else "white",
                )
        starts = [a + b for a, b in zip(starts, values, strict=True)]


@needs_matplotlib
def draw_breakdown(
    schedules: Mapping[str, Any] | Schedule,
    *,
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw what the energy of one period is spent on, as a bar for each schedule.

    Bars stack dynamic energy and, lighter, leakage of every domain, or of all of
    them where some layer isn't split by domain, then transitions and the tail, and
    what else a target speaks of: conversion losses, leakage while layers are
    dispatched, the system that is awake, rails. They end in their total. The key has
    all parts' energies where there is the room for it; shares are in the bars where
    they fit.

    Parameters
    ----------
    schedules
        A `pfmlir.Schedule`, or several by name, of the same period. Also what
        ``pf-translate --power-to-json`` prints, read.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Energies are in joules; only ticks and texts have prefixes.

    Raises
    ------
    ValueError
        If there is no schedule, if something isn't one or if its parts don't sum to
        its energy, if periods differ, or if the width is too little.
    """
    check_width(width)
    named = _name(schedules)
    domains = split_domains(named.values())
    energies = _split(named, domains)
    parts = list(next(iter(energies.values())))
    totals = [math.fsum(by_part.values()) for by_part in energies.values()]
    peak = max(totals) or 1.0

    with drawing_style():
        wide = 72 * width
        names = [shorten(name, 0.3 * wide, SMALL_SIZE) for name in energies]
        texts = [quantity(total, "J") for total in totals]
        left = max(text_width(name, SMALL_SIZE) for name in names) + 8
        past = max(text_width(text, SMALL_SIZE) for text in texts) + 6
        inside = wide - left - PAD

        key = _Key(
            _part_labels(parts, (schedule.tail.kind for schedule in named.values())),
            [
                [name, *map(_amount, by_part.values())]
                for name, by_part in zip(names, energies.values(), strict=True)
            ],
            wide,
        )
        bars = BAR * len(energies)
        figure = new_figure(width, key.height + AXIS + bars + PAD)
        axes = add_axes(figure, left, key.height + AXIS, PAD, bars)
        axes.set_xlim(0, peak * inside / (inside - past))
        axes.set_ylim(len(energies) - 0.5, -0.5)
        _draw_bars(axes, list(energies.values()), domains, inside)
        add_bar_texts(axes, totals, texts)
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        set_scale(axes.xaxis, peak, "energy of a period", "J")
        axes.xaxis.labelpad = 1.5
        # Ticks only where bars may be.
        axes.spines["bottom"].set_bounds(0, axes.get_xlim()[1])
        key.add(figure, [part_color(part, domains) for part in parts])
    return figure
