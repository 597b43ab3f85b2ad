# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which rails several networks use, and what they cost then."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy import float64
from numpy.typing import NDArray

from ..answers.rails import RailChoice
from ..answers.systems import SystemSchedule
from .checks import check_width
from .inputs import needs_matplotlib
from .style import (
    COLUMN_WIDTH,
    LABEL_SIZE,
    PAD,
    SMALL_SIZE,
    add_axes,
    add_bar_texts,
    drawing_style,
    name_networks,
    new_figure,
    quantity,
    set_rows,
    set_scale,
    text_width,
    voltage_colors,
    voltage_labels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR_COLOR = "#4f6d8f"
# Points.
ROW, AXIS, BETWEEN = 17.0, 27.0, 10.0


def _draw_energies(axes: "Axes", energies: list[float], inside: float) -> None:
    """Draw a bar for each network in a width in points, with its energy beside it."""
    peak = max(energies) or 1.0
    texts = [quantity(energy, "J") for energy in energies]
    room = max(text_width(text, LABEL_SIZE) for text in texts) + 6
    axes.barh(range(len(energies)), energies, 0.6, color=BAR_COLOR, linewidth=0)
    axes.set_xlim(0, peak * inside / max(inside - room, 0.3 * inside))
    add_bar_texts(axes, energies, texts, LABEL_SIZE)
    set_scale(axes.xaxis, peak, "energy of a period", "J", 3)
    axes.xaxis.label.set_fontsize(SMALL_SIZE)
    axes.xaxis.labelpad = 1.5


def _draw_uses(
    axes: "Axes",
    names: Sequence[str],
    rails: Sequence[float],
    used: Sequence[Sequence[float]],
) -> None:
    """Draw a dot for each network and rail, filled where the network uses it."""
    colors = voltage_colors(rails)
    for row, (name, own) in enumerate(zip(names, used, strict=True)):
        for column, rail in enumerate(rails):
            is_used = rail in own
            axes.plot(
                [column],
                [row],
                marker="o",
                markersize=6,
                markeredgewidth=0.7,
                markeredgecolor=colors[rail] if is_used else "0.7",
                markerfacecolor=colors[rail] if is_used else "white",
                label=f"{name} {rail} V" if is_used else "unused",
            )
    axes.set_xlim(-0.6, len(rails) - 0.4)
    axes.set_xticks(range(len(rails)), voltage_labels(rails), size=LABEL_SIZE)
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel("rails in use", size=SMALL_SIZE, labelpad=1.5)
    axes.spines[["left", "bottom"]].set_visible(False)


def _draw(
    answer: RailChoice | SystemSchedule,
    energies: list[float],
    used: list[NDArray[float64]],
    width: float,
) -> "Figure":
    check_width(width)
    with drawing_style():
        wide = 72 * width
        rails = answer.rails_v.tolist()
        labels = voltage_labels(rails)
        names, left = name_networks(answer.names, answer.fps, 0.36 * wide)
        pitch = max(text_width(label, LABEL_SIZE) for label in labels) + 6
        uses = max(pitch * len(labels), text_width("rails in use", SMALL_SIZE) + 4)
        inside = max(wide - left - BETWEEN - uses - PAD, 0.2 * wide)
        height = ROW * len(names)
        figure = new_figure(width, AXIS + height + PAD)
        bars = add_axes(figure, left, AXIS, wide - left - inside, height)
        dots = add_axes(figure, left + inside + BETWEEN, AXIS, PAD, height)
        _draw_energies(bars, energies, inside)
        _draw_uses(dots, answer.names, rails, [own.tolist() for own in used])
        for axes in (bars, dots):
            set_rows(axes, names)
        dots.set_yticks([])
    return figure


@needs_matplotlib
def draw_rail_choice(choice: RailChoice, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.choose_rails` returns.

    On the left, the energy of a period of each network; on the right, which of the
    rails it uses.

    Parameters
    ----------
    choice
        A `pfmlir.RailChoice`.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        The width is too little.
    """
    return _draw(
        choice,
        [solution.energy_j for solution in choice.solutions],
        [solution.rails_v for solution in choice.solutions],
        width,
    )


@needs_matplotlib
def draw_system(system: SystemSchedule, *, width: float = COLUMN_WIDTH) -> "Figure":
    """Draw what `pfmlir.schedule_system` returns.

    On the left, the energy of a period of each network, or of a network in each corner;
    on the right, which of the rails it uses.

    Parameters
    ----------
    system
        A `pfmlir.SystemSchedule`.
    width
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        The width is too little.
    """
    return _draw(
        system,
        system.energy_j.tolist(),
        [schedule.rails_v for schedule in system.schedules.values()],
        width,
    )
