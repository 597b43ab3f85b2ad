# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against rate, for several methods."""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..answers.sweeps import SweepPoint
from .checks import check_number, check_width
from .inputs import needs_matplotlib
from .style import (
    COLUMN_WIDTH,
    INK,
    LEFT,
    PAD,
    Legend,
    add_axes,
    drawing_style,
    new_figure,
    place_label,
    set_scale,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
CROSS: dict[str, Any] = {
    "linestyle": "none",
    "marker": "x",
    "markersize": 6.5,
    "markeredgewidth": 0.9,
}
# Points.
BOTTOM, HEIGHT, RIGHT = 27.0, 120.0, 8.0

# By rate, NaN where there is no schedule.
Curve = list[tuple[float, float]]


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


def _check_curve(name: str, points: Any) -> Curve:
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


def _group(points: Sequence[SweepPoint]) -> dict[str, list[tuple[float, Any]]]:
    """Return a curve for each search, and for each number of rails if they differ."""
    curves: dict[str, list[tuple[float, Any]]] = {}
    several = len({point.max_rails for point in points}) > 1
    for point in points:
        name = point.search
        if several:
            name += f", {point.max_rails} rails"
        curves.setdefault(name, []).append((point.fps, point.energy_j))
    return curves


def _check_curves(curves: Any) -> dict[str, Curve]:
    """Return curves by method in the order of drawing, or raise ValueError."""
    if isinstance(curves, Sequence) and all(
        isinstance(point, SweepPoint) for point in curves
    ):
        curves = _group(curves)
    if not isinstance(curves, Mapping) or not curves:
        raise ValueError(f"expected curves by method, found {curves!r}")
    checked = {
        str(name): _check_curve(str(name), points) for name, points in curves.items()
    }
    if all(_is_infeasible(curve) for curve in checked.values()):
        raise ValueError("expected an energy at some rate, found none in any curve")
    known = [name for name in METHODS if name in checked]
    order = [*known, *(name for name in checked if name not in METHODS)]
    return {name: checked[name] for name in order}


def _is_infeasible(curve: Curve) -> bool:
    return all(math.isnan(energy) for _, energy in curve)


def _find_ends(curve: Curve) -> Curve:
    """Return the points that have an energy, next to one that has none."""
    lacking = [math.isnan(energy) for _, energy in curve]
    return [
        point
        for i, point in enumerate(curve)
        if not lacking[i] and any(lacking[max(0, i - 1) : i + 2])
    ]


def _line_style(name: str, style: tuple[str, str, bool]) -> dict[str, Any]:
    """Return how to draw a method's curve."""
    color, marker, filled = style
    # Coinciding curves stay visible: the exact one is below the others, and hollow
    # markers are on larger filled ones.
    return {
        "color": color,
        "linewidth": 2.4 if name == "exact" else 1.0,
        "linestyle": "-" if filled else (0, (3, 1.5)),
        "marker": marker,
        "markersize": 5.4 if name == "exact" else 3.6 if filled else 2.8,
        "markeredgewidth": 0.7,
        "markerfacecolor": color if filled else "white",
    }


def _make_legend(
    curves: dict[str, Curve], styles: dict[str, dict[str, Any]], width: float
) -> Legend:
    from matplotlib.lines import Line2D

    entries: list[tuple[Any, str]] = []
    for name, curve in curves.items():
        label = f"{name} (infeasible)" if _is_infeasible(curve) else name
        entries.append((Line2D([], [], **styles[name]), label))
    if any(map(_find_ends, curves.values())):
        entries.append((Line2D([], [], color=INK, **CROSS), "infeasible beyond"))
    return Legend(entries, width)


def _draw_curve(
    axes: "Axes",
    name: str,
    curve: Curve,
    style: dict[str, Any],
    orders: tuple[int, int],
) -> None:
    """Draw a curve and its ends, each in an order from the back."""
    rates, energies = zip(*curve, strict=True)
    axes.plot(
        rates, energies, clip_on=False, **{**style, "zorder": orders[0], "label": name}
    )
    ends = _find_ends(curve)
    if ends:
        rates, energies = zip(*ends, strict=True)
        axes.plot(
            rates,
            energies,
            color=style["color"],
            clip_on=False,
            zorder=orders[1],
            label=f"end of {name}",
            **CROSS,
        )


def _set_limits(axes: "Axes", points: Curve) -> None:
    """Leave some room around the points that have an energy."""
    energies = [energy for _, energy in points if not math.isnan(energy)]
    peak = max(energies)
    spread = peak - min(energies)
    margin = 0.08 * spread if spread > 0 else 0.1 * peak or 1.0
    axes.set_ylim(max(0.0, min(energies) - margin), peak + margin)
    rates = [rate for rate, _ in points]
    reach = 0.03 * (max(rates) - min(rates)) or 0.1 * max(rates)
    axes.set_xlim(max(0.0, min(rates) - reach), max(rates) + reach)
    set_scale(axes.yaxis, peak, "energy of a period", "J", 6)
    set_scale(axes.xaxis, 1.0, "rate", "fps", 7)


@needs_matplotlib
def draw_rates(
    curves: Mapping[str, Sequence[tuple[float, float | None]]] | Sequence[SweepPoint],
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
    check_width(width)
    checked = _check_curves(curves)
    chosen = _method_styles(checked)
    styles = {name: _line_style(name, chosen[name]) for name in checked}

    with drawing_style():
        wide = 72 * width
        legend = _make_legend(checked, styles, wide - 2 * PAD)
        figure = new_figure(width, BOTTOM + HEIGHT + legend.height + 2 * PAD)
        legend.add(figure, PAD)
        axes = add_axes(figure, LEFT, BOTTOM, RIGHT, HEIGHT)
        for rank, (name, curve) in enumerate(checked.items()):
            orders = (3 + rank, 3 + len(checked))
            _draw_curve(axes, name, curve, styles[name], orders)
        _set_limits(axes, [point for curve in checked.values() for point in curve])
        place_label(axes, wide - LEFT - RIGHT)
        axes.xaxis.labelpad = 1.5
        axes.grid(axis="y", color="0.9", linewidth=0.5)
    return figure
