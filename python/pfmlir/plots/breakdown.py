# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the energy of a period is spent on."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .checks import check_energies, check_sum, check_width
from .inputs import takes_schedules
from .parts import layer_parts, part_color, split_domains
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_SIZE,
    PAD,
    ROW,
    SMALL_SIZE,
    add_axes,
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
    from matplotlib.figure import Figure


def _amount(energy: float) -> str:
    """Return an energy with a prefix, and what is almost nothing as that."""
    if 0 < energy < 5e-12:
        return "< 0.01 nJ"
    return quantity(energy, "J") if energy else "0"


def _period_parts(
    schedule: dict[str, Any], domains: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Return the joules of one period, by kind and domain; a tail's kind is "tail"."""
    layers = [layer_parts(layer, domains) for layer in schedule["layers"]]
    parts = {
        part: math.fsum(layer[part] for layer in layers)
        for kind in ("dynamic", "leakage")
        for part in layers[0]
        if part[0] == kind
    }
    parts["transitions", ""] = math.fsum(
        layer["transition_energy_j"] for layer in schedule["layers"]
    )
    parts["tail", ""] = schedule["tail"]["energy_j"]
    return parts


@takes_schedules
def draw_breakdown(
    schedules: Mapping[str, dict[str, Any]] | dict[str, Any],
    *,
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw what the energy of one period is spent on, as a bar for each schedule.

    Bars stack dynamic energy and, lighter, leakage of every domain, or of all of
    them where some layer isn't split by domain, then transitions and the tail. They
    end in their total. The key has all parts' energies where there is the room for
    it; shares are in the bars where they fit.

    Parameters
    ----------
    schedules
        What ``pf-translate --power-to-json`` prints, read: several by name, of the
        same period, or a single one.
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
    from matplotlib.patches import Rectangle

    check_width(width)
    if not isinstance(schedules, Mapping) or not schedules:
        raise ValueError(f"expected a schedule, or some by name, found {schedules!r}")
    if "layers" in schedules and "period_s" in schedules:
        named = {title_of(dict(schedules), "scheduled"): schedules}
    else:
        named = dict(schedules)
    for name, schedule in named.items():
        check_energies(schedule, str(name))
    first, *others = named
    period = named[first]["period_s"]
    for name in others:
        if not math.isclose(named[name]["period_s"], period):
            raise ValueError(
                f"{name}: expected the period of {first}, {period:.6g} s, "
                f"found {named[name]['period_s']:.6g} s"
            )
    domains = split_domains(named.values())
    energies = {
        str(name): _period_parts(schedule, domains) for name, schedule in named.items()
    }
    for name, schedule in named.items():
        total = math.fsum(energies[str(name)].values())
        check_sum(total, schedule["energy_j"], f"{name}: parts of the period")

    with drawing_style():
        # The order of stacking: domain by domain.
        keys = list(energies[str(first)])
        order = (
            sorted(keys[:-2], key=lambda part: domains.index(part[1]) if domains else 0)
            + keys[-2:]
        )
        wide = 72 * width
        names = [shorten(name, 0.3 * wide, SMALL_SIZE) for name in energies]
        totals = [math.fsum(parts.values()) for parts in energies.values()]
        texts = [quantity(total, "J") for total in totals]
        left = max(text_width(name, SMALL_SIZE) for name in names) + 8
        peak = max(totals) or 1.0
        past = max(text_width(text, SMALL_SIZE) for text in texts) + 6
        inside = wide - left - PAD

        # The key, which is a table where that fits.
        tails = {schedule["tail"].get("kind", "tail") for schedule in named.values()}
        tail = f"tail ({', '.join(sorted(map(str, tails)))})"
        labels = [
            {"transitions": "transitions", "tail": tail}.get(kind)
            or f"{domain} {kind}".strip()
            for kind, domain in order
        ]
        labels = [shorten(label, 0.5 * wide, SMALL_SIZE) for label in labels]
        name_wide = max(text_width(label, SMALL_SIZE) for label in labels)
        columns = [
            [
                name,
                *(_amount(parts[part]) for part in order),
            ]
            for name, parts in zip(names, energies.values(), strict=True)
        ]
        widths = [
            max(text_width(text, SMALL_SIZE) for text in column) + 8
            for column in columns
        ]
        swatch = 12.0
        if PAD + swatch + name_wide + sum(widths) > wide - PAD:
            columns = []
        rows = len(order) + 1
        entry = swatch + name_wide + 12
        if not columns:
            rows = math.ceil(len(order) / max(1, int((wide - PAD) / entry)))

        table = ROW * rows + PAD
        axis = 27.0
        bar = 17.0
        bars = bar * len(energies)
        figure = new_figure(width, table + axis + bars + PAD)
        axes = add_axes(figure, left, table + axis, PAD, bars)
        axes.set_xlim(0, peak * inside / (inside - past))
        axes.set_ylim(len(energies) - 0.5, -0.5)
        starts = [0.0] * len(energies)
        for part in order:
            values = [parts[part] for parts in energies.values()]
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
                share = f"{100 * value / (totals[row] or 1.0):.0f} %"
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
        for row, (total, text) in enumerate(zip(totals, texts, strict=True)):
            axes.annotate(
                text,
                (total, row),
                (4, 0),
                textcoords="offset points",
                va="center_baseline",
                size=SMALL_SIZE,
                color=INK,
            )
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        set_scale(axes.xaxis, peak, "energy of a period", "J")
        axes.xaxis.labelpad = 1.5
        # Ticks only where bars may be.
        axes.spines["bottom"].set_bounds(0, axes.get_xlim()[1])

        top = table - ROW
        high = 72 * figure.get_figheight()
        for i, (part, label) in enumerate(zip(order, labels, strict=True)):
            column, row = (0, i + 1) if columns else divmod(i, rows)
            x = PAD + entry * column
            y = top - ROW * row
            figure.add_artist(
                Rectangle(
                    (x / wide, (y + 0.5) / high),
                    8 / wide,
                    5 / high,
                    transform=figure.transFigure,
                    facecolor=part_color(part, domains),
                    linewidth=0,
                )
            )
            add_text(figure, x + swatch, y, label, size=SMALL_SIZE)
        x = PAD + swatch + name_wide
        for texts, column_wide in zip(columns, widths, strict=False):
            x += column_wide
            for row, text in enumerate(texts):
                add_text(figure, x, top - ROW * row, text, size=SMALL_SIZE, ha="right")
    return figure
