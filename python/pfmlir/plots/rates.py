# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against rate, for several methods."""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .checks import check_number, check_width
from .inputs import takes_schedules
from .style import (
    COLUMN_WIDTH,
    INK,
    LABEL_RIGHT,
    LEFT,
    PAD,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    set_scale,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeping import SweepPoint

# Colour, marker and whether solid and filled. What gates banks has the hue of what
# doesn't.
METHODS: dict[str, tuple[str, str, bool]] = {
    "exact": ("#262626", "o", True),
    "lambda-dp": ("#56b4e9", "D", True),
    "lambda-dp-unrefined": ("#0072b2", "D", False),
    "greedy_gated": ("#d55e00", "^", True),
    "greedy": ("#d55e00", "^", False),
    "nominal_gated": ("#009e73", "s", True),
    "nominal": ("#009e73", "s", False),
}
OTHER_METHODS: tuple[tuple[str, str, bool], ...] = tuple(
    (color, marker, filled)
    for filled in (True, False)
    for marker in ("v", "P", "<", ">")
    for color in ("#cc79a7", "#e69f00", "#7a5230", "#8a8a8a")
)


def _method_styles(names: Iterable[str]) -> dict[str, tuple[str, str, bool]]:
    """Return each method's colour, marker and whether it's filled.

    Those without a style of their own get one by their name, which only differs
    between figures where two names want the same one.
    """
    styles = {name: METHODS[name] for name in names if name in METHODS}
    count = len(OTHER_METHODS)
    for name in sorted(set(names) - set(METHODS)):
        wanted = zlib.crc32(name.encode())
        choices = [OTHER_METHODS[(wanted + i) % count] for i in range(count)]
        free = [style for style in choices if style not in styles.values()]
        styles[name] = (free or choices)[0]
    return styles


def _check_curve(name: str, points: Any) -> list[tuple[float, float]]:
    """Return a curve by rate with NaN where it's infeasible, or raise ValueError."""
    if not isinstance(points, Sequence) or isinstance(points, str) or not points:
        raise ValueError(f"{name}: expected pairs of rate and energy, found {points!r}")
    curve = []
    for point in points:
        if not isinstance(point, Sequence) or isinstance(point, str) or len(point) != 2:
            raise ValueError(f"{name}: expected rate and energy, found {point!r}")
        rate = check_number(point[0], f"{name}: rate")
        if rate == 0:
            raise ValueError(f"{name}: expected a rate above 0, found 0")
        energy = point[1]
        if energy is None or (isinstance(energy, float) and math.isnan(energy)):
            curve.append((rate, math.nan))
        else:
            curve.append((rate, check_number(energy, f"{name}: energy")))
    curve.sort(key=lambda point: point[0])
    for (before, _), (after, _) in pairwise(curve):
        if before == after:
            raise ValueError(
                f"{name}: expected each rate once, found {after} fps twice"
            )
    return curve


def _group(points: "Sequence[SweepPoint]") -> dict[str, list[tuple[float, Any]]]:
    """Return a curve for each search, and for each number of rails if they differ."""
    curves: dict[str, list[tuple[float, Any]]] = {}
    several = len({point.max_rails for point in points}) > 1
    for point in points:
        name = point.search
        if several:
            name += f", {point.max_rails} rails"
        curves.setdefault(name, []).append((point.fps, point.energy_j))
    return curves


@takes_schedules
def draw_rates(
    curves: "Mapping[str, Sequence[tuple[float, float | None]]] | Sequence[SweepPoint]",
    *,
    width: float = COLUMN_WIDTH,
) -> "Figure":
    """Draw the energy of a period against the rate, a curve for each method.

    A method has the same colour and marker in every figure. A cross is where a curve
    ends because the method has no schedule at the next rate.

    Parameters
    ----------
    curves
        By the method's name, as "exact" or "greedy_gated", pairs of a rate in frames
        per second and an energy in joules, which is None or NaN where the method
        finds no schedule. Or what `pfmlir.sweep` returns.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Rates are in frames per second and energies in joules; only ticks have
        prefixes.

    Raises
    ------
    ValueError
        If there is no curve or no energy, if a rate or an energy isn't a number or
        is negative, if a rate appears twice, or if the width is too little.
    """
    from matplotlib.lines import Line2D

    check_width(width)
    if isinstance(curves, Sequence) and all(hasattr(p, "search") for p in curves):
        curves = _group(curves)
    if not isinstance(curves, Mapping) or not curves:
        raise ValueError(f"expected curves by method, found {curves!r}")
    checked = {
        str(name): _check_curve(str(name), points) for name, points in curves.items()
    }
    energies = [
        energy
        for curve in checked.values()
        for _, energy in curve
        if not math.isnan(energy)
    ]
    if not energies:
        raise ValueError("expected an energy at some rate, found none in any curve")

    with drawing_style():
        wide = 72 * width
        left = LEFT
        styles = _method_styles(checked)
        known = [name for name in METHODS if name in checked]
        order = [*known, *(name for name in checked if name not in METHODS)]
        entries = []
        drawn: dict[str, dict[str, Any]] = {}
        for name in order:
            color, marker, filled = styles[name]
            # Coinciding curves stay visible: the exact one is below the others, and
            # hollow markers are on larger filled ones.
            size = 5.4 if name == "exact" else 3.6 if filled else 2.8
            drawn[name] = {
                "color": color,
                "linewidth": 2.4 if name == "exact" else 1.0,
                "linestyle": "-" if filled else (0, (3, 1.5)),
                "marker": marker,
                "markersize": size,
                "markeredgewidth": 0.7,
                "markerfacecolor": color if filled else "white",
            }
            none = all(math.isnan(energy) for _, energy in checked[name])
            label = f"{name} (infeasible)" if none else name
            entries.append((Line2D([], [], **drawn[name]), label))
        cross = {
            "linestyle": "none",
            "marker": "x",
            "markersize": 6.5,
            "markeredgewidth": 0.9,
        }
        ends: dict[str, list[tuple[float, float]]] = {}
        for name, curve in checked.items():
            lacking = [math.isnan(energy) for _, energy in curve]
            ends[name] = [
                point
                for i, point in enumerate(curve)
                if not lacking[i] and any(lacking[max(0, i - 1) : i + 2])
            ]
        if any(ends.values()):
            entries.append((Line2D([], [], color=INK, **cross), "infeasible beyond"))
        legend = Legend(entries, wide - 2 * PAD)

        bottom, high = 27.0, 120.0
        figure = new_figure(width, bottom + high + legend.height + 2 * PAD)
        legend.add(figure, PAD)
        axes = add_axes(figure, left, bottom, 8, high)
        for rank, name in enumerate(order):
            rates, values = zip(*checked[name], strict=True)
            style = {**drawn[name], "zorder": 3 + rank, "label": name}
            axes.plot(rates, values, clip_on=False, **style)
            if ends[name]:
                rates, values = zip(*ends[name], strict=True)
                axes.plot(
                    rates,
                    values,
                    color=styles[name][0],
                    clip_on=False,
                    zorder=3 + len(order),
                    label=f"end of {name}",
                    **cross,
                )
        peak = max(energies)
        spread = peak - min(energies)
        margin = 0.08 * spread if spread > 0 else 0.1 * peak or 1.0
        axes.set_ylim(max(0.0, min(energies) - margin), peak + margin)
        all_rates = [rate for curve in checked.values() for rate, _ in curve]
        reach = 0.03 * (max(all_rates) - min(all_rates)) or 0.1 * max(all_rates)
        axes.set_xlim(max(0.0, min(all_rates) - reach), max(all_rates) + reach)
        set_scale(axes.yaxis, peak, "energy of a period", "J", 6)
        axes.yaxis.set_label_coords((LABEL_RIGHT - left) / (wide - left - 8), 0.5)
        set_scale(axes.xaxis, 1.0, "rate", "fps", 7)
        axes.xaxis.labelpad = 1.5
        axes.grid(axis="y", color="0.9", linewidth=0.5)
    return figure
