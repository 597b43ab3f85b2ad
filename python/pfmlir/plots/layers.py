# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy and time, layer by layer."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .checks import check_energies, check_width
from .inputs import takes_schedules
from .parts import layer_parts, part_color, split_domains
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_RIGHT,
    LABEL_SIZE,
    LEFT,
    PAD,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    set_scale,
    shorten,
    text_width,
    title_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TIME_COLOR = "#8a8a8a"


def _outline(axes: "Axes", values: Sequence[float], pitch: float) -> None:
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


@takes_schedules
def draw_layers(
    schedule: dict[str, Any],
    baseline: dict[str, Any] | None = None,
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
        What ``pf-translate --power-to-json`` prints, read.
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
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    check_width(width)
    check_energies(schedule)
    layers = schedule["layers"]
    if baseline is not None:
        check_energies(baseline, "baseline")
        if not math.isclose(baseline["period_s"], schedule["period_s"]):
            raise ValueError(
                f"baseline: expected the schedule's period, "
                f"{schedule['period_s']:.6g} s, found {baseline['period_s']:.6g} s"
            )
        if len(baseline["layers"]) != len(layers):
            raise ValueError(
                f"baseline: expected the schedule's {len(layers)} layers, "
                f"found {len(baseline['layers'])}"
            )
        for layer, other in zip(layers, baseline["layers"], strict=True):
            if layer["name"] != other["name"]:
                raise ValueError(
                    f"baseline: expected layer {layer['name']!r}, "
                    f"found {other['name']!r}"
                )
    others = baseline["layers"] if baseline else []

    with drawing_style():
        domains = split_domains([schedule])
        parts = [layer_parts(layer, domains) for layer in layers]
        wide = 72 * width
        left = LEFT
        inside = wide - left - PAD

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
        if baseline:
            line = Line2D([], [], color=INK, linewidth=0.7)
            entries.append((line, title_of(baseline, "baseline")))
        legend = Legend(entries, inside)

        # Names are level where all of them fit so, and else upright.
        pitch = inside / len(layers)
        names = [layer["name"] for layer in layers]
        level = all(text_width(name, LABEL_SIZE) + 5 <= pitch for name in names)
        every = 1 if level else math.ceil(1.3 * LABEL_SIZE / pitch)
        names = [shorten(name, 84, LABEL_SIZE) for name in names[::every]]
        lengths = [text_width(name, LABEL_SIZE) for name in names]
        bottom = (1.4 * LABEL_SIZE if level else max(lengths)) + 6 + PAD / 2

        high, low, gap = 78.0, 52.0, 10.0
        figure = new_figure(width, bottom + low + gap + high + legend.height + 2 * PAD)
        legend.add(figure, left)
        time_axes = add_axes(figure, left, bottom, PAD, low)
        axes = add_axes(figure, left, bottom + low + gap, PAD, high)
        axes.sharex(time_axes)
        positions = range(len(layers))
        # Gaps only where bars stay wider than these.
        bar = 0.8 if pitch > 4 else 0.9 if pitch > 2.5 else 1.0
        starts = [0.0] * len(layers)
        for part in parts[0]:
            values = [layer[part] for layer in parts]
            axes.bar(
                positions,
                values,
                bar,
                starts,
                color=part_color(part, domains),
                linewidth=0,
                label=" ".join(part).strip(),
            )
            starts = [a + b for a, b in zip(starts, values, strict=True)]
        times = [layer["time_s"] for layer in layers]
        time_axes.bar(
            positions, times, bar, color=TIME_COLOR, linewidth=0, label="time"
        )
        if baseline:
            _outline(axes, [layer["energy_j"] for layer in others], pitch)
            _outline(time_axes, [layer["time_s"] for layer in others], pitch)
        for panel, name, unit, field in (
            (axes, "energy", "J", "energy_j"),
            (time_axes, "time", "s", "time_s"),
        ):
            peak = max(layer[field] for layer in [*layers, *others]) or 1.0
            panel.set_ylim(0, 1.05 * peak)
            set_scale(panel.yaxis, peak, name, unit, 5 if panel is axes else 3)
            panel.yaxis.set_label_coords((LABEL_RIGHT - left) / inside, 0.5)
        time_axes.set_xlim(-0.5 - 1 / pitch, len(layers) - 0.5)
        time_axes.set_xticks(
            positions[::every],
            names,
            size=LABEL_SIZE,
            rotation=0 if level else 90,
        )
        time_axes.tick_params(axis="x", length=2, pad=1.5)
        axes.tick_params(axis="x", labelbottom=False, length=0)
    return figure
