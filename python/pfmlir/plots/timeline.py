# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Power, and every domain's voltage, over a period."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..answers.schedule import Schedule
from .inputs import as_schedule, needs_matplotlib
from .style import (
    BASELINE_COLOR,
    INK,
    LABEL_SIZE,
    SMALL_SIZE,
    drawing_style,
    is_light,
    quantity,
    set_scale,
    text_width,
    title_of,
    voltage_colors,
    voltage_labels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches, and points.
WIDTH = 7.0
POWER_HEIGHT = 2.25
ROW_HEIGHT = 0.19
TOP, BOTTOM, RIGHT, GAP = 0.24, 0.42, 0.12, 0.06
TAIL_COLOR = "0.93"

# Edges in seconds, and between them, watts.
Steps = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Outline:
    """What is outlined over the areas of a schedule.

    Attributes
    ----------
    steps
        Its power.
    name : str
        Of the line.
    label : str
        What the legend says of it.
    comparison : str
        And of the schedule beside it.
    """

    steps: Steps
    name: str
    label: str
    comparison: str = ""


def describe_change(energy_j: float, from_j: float, digits: int = 0) -> str:
    """Return how much more or less an energy is than another, as " (+2 %)"."""
    if not from_j:
        return ""
    change = 100 * (energy_j / from_j - 1)
    return f" ({change:+.{digits}f} %)".replace("-", "−")  # noqa: RUF001


def power_steps(schedule: Schedule | Mapping[str, Any]) -> Steps:
    """Return power over one period, as a step for each layer and for the tail.

    A layer's step starts with the transition to its voltages, and the tail's has
    the overhead of falling asleep and waking, so that the steps' area is the energy
    of the period.

    Parameters
    ----------
    schedule
        A `pfmlir.Schedule`, or what ``pf-translate --power-to-json`` prints, read.

    Returns
    -------
    edges
        Where the steps start, in seconds, and where the last one ends.
    powers
        In watts; one less than edges.
    """
    found = as_schedule(schedule)
    edges = [0.0]
    powers: list[float] = []
    rails_w = found.energy_split_j.get("rails", 0.0) / found.period_s
    awake_w = _awake_power_w(found)

    def add(end: float, energy: float, awake_s: float | None = None) -> None:
        """Add a step with an energy, in so much of which the system is awake."""
        duration = end - edges[-1]
        if rails_w or awake_w:
            awake_s = duration if awake_s is None else awake_s
            energy += awake_w * awake_s + rails_w * duration
        powers.append(energy / duration if duration > 0 else 0.0)
        edges.append(max(end, edges[-1]))

    layers, tail = found.layers, found.tail
    ends = layers["start_s"] + layers["time_s"]
    energies = layers["energy_j"] + layers["transition_energy_j"]
    if found.dispatch_time_s:
        energies = energies + layers["leakage_w"] * found.dispatch_time_s
    for end, energy in zip(ends.tolist(), energies.tolist(), strict=True):
        add(end, energy)
    if tail.kind == "sleep":
        add(edges[-1] + tail.time_s, tail.energy_j, tail.overhead_time_s)
    else:
        # With entering an idle state.
        time_s = tail.overhead_time_s + tail.time_s
        add(edges[-1] + time_s, tail.energy_j + tail.overhead_energy_j)
    return edges, powers


def _awake_power_w(schedule: Schedule) -> float:
    """Return what the system around the accelerator draws while it doesn't sleep."""
    energy_j = schedule.energy_split_j.get("awake", 0.0)
    asleep_s = 0.0
    if schedule.tail.kind == "sleep":
        asleep_s = schedule.tail.time_s - schedule.tail.overhead_time_s
    awake_s = schedule.period_s - asleep_s
    return energy_j / awake_s if energy_j else 0.0


def _lowest(outline: Steps, start: float, end: float) -> float:
    """Return the least power of an outline in a time, infinity where it has none."""
    edges, powers = outline
    if start < edges[-1] < end:
        return 0.0
    return min(
        (
            power
            for (left, right), power in zip(pairwise(edges), powers, strict=True)
            if right > start and left < end
        ),
        default=math.inf,
    )


def _name_layers(
    axes: "Axes",
    schedule: Schedule,
    steps: Steps,
    outline: Steps,
    colors: Sequence[str],
    points: tuple[float, float],
) -> None:
    """Name the layers in whose bars their names fit, below the baseline's outline.

    Points are those of the axes for a second and for a watt.
    """
    height = 1.3 * LABEL_SIZE
    for whole, (start, end), power, color in zip(
        schedule.layers["name"].tolist(),
        pairwise(steps[0][:-1]),
        steps[1],
        colors,
        strict=False,
    ):
        name = ".".join(whole.split(".")[-2:])
        length = text_width(name, LABEL_SIZE)
        wide = points[0] * (end - start)
        high = points[1] * min(power, _lowest(outline, start, end))
        if length + 5 <= wide and height + 4 <= high:
            rotation = 0
        elif height <= wide and length + 6 <= high:
            rotation = 90
        else:
            continue
        axes.annotate(
            name,
            ((start + end) / 2, 0),
            (0, 3.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            rotation=rotation,
            size=LABEL_SIZE,
            color=INK if is_light(color) else "white",
        )


def _draw_tail(axes: "Axes", schedule: Schedule, points: float) -> None:
    """Shade the tail and say what it is, where it is wide enough to be seen."""
    duration = schedule.tail.time_s
    start = schedule.period_s - duration
    if points * duration < 2:
        return
    axes.axvspan(
        start,
        schedule.period_s,
        color=TAIL_COLOR,
        linewidth=0,
        zorder=0,
        label="tail",
    )
    kind = schedule.tail.kind
    if points * duration > 6 + text_width(kind, SMALL_SIZE):
        axes.annotate(
            kind,
            (start + duration / 2, 0),
            (0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=SMALL_SIZE,
            color=INK,
        )


def _fill_layers(
    axes: "Axes", steps: Steps, fills: Sequence[str], points: float
) -> None:
    """Draw the layers' power as areas; points are those of the axes for a second."""
    edges, powers = steps
    axes.bar(
        edges[:-1],
        powers,
        [right - left for left, right in pairwise(edges)],
        align="edge",
        color=[*fills, "0.75"],
        linewidth=0,
        label="power",
    )
    # Between layers that are wide enough to be told apart.
    inner = [
        (edge, min(powers[i : i + 2]))
        for i, edge in enumerate(edges[1:-2])
        if points * min(edge - edges[i], edges[i + 2] - edge) > 1.5
    ]
    axes.vlines(
        [edge for edge, _ in inner],
        0,
        [power for _, power in inner],
        color="white",
        linewidth=0.3,
    )
    axes.stairs(powers, edges, color=INK, linewidth=0.5)


def _draw_outline(axes: "Axes", outline: Outline, height: float) -> Steps:
    """Draw an outline in axes of a height in points; return what was drawn."""
    from matplotlib.patheffects import Normal, Stroke

    edges, powers = outline.steps
    # A tail near zero would only hide the axis.
    if height * powers[-1] < axes.get_ylim()[1]:
        edges, powers = edges[:-1], powers[:-1]
    axes.plot(
        [*(edge for edge in edges for _ in range(2))][1:],
        [*(power for power in powers for _ in range(2)), 0],
        color=BASELINE_COLOR,
        linewidth=0.8,
        path_effects=[Stroke(linewidth=1.6, foreground="white"), Normal()],
        label=outline.name,
    )
    return edges, powers


def _deadline_text(period: float) -> str:
    return f"deadline {quantity(period, 's', 4)} ({1 / period:.4g} fps)"


def _mark_deadline(axes: "Axes", period: float, below: float) -> None:
    """Draw the end of the period, also below the axes by a part of their height."""
    axes.axvline(
        period,
        ymin=-below,
        color=INK,
        linestyle=(0, (4, 2)),
        linewidth=0.9,
        clip_on=False,
        label="deadline",
    )
    axes.annotate(
        _deadline_text(period),
        (1, 1),
        (0, 2.9),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="bottom",
        size=SMALL_SIZE,
    )


def _add_legend(
    axes: "Axes",
    schedule: Schedule,
    outline: Outline | None,
    colors: Iterable[str],
    width: float,
) -> None:
    """Say what the areas and the outline are, and what energy they stand for.

    And whose rail an area's colour is, where there is a choice, and room for it in the
    axes' width in points.
    """
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    energy = schedule.energy_j
    handles: list[Any] = [tuple(Patch(facecolor=color) for color in colors)]
    labels = [f"{title_of(schedule.search, 'scheduled')} {quantity(energy, 'J')}"]
    if outline is not None:
        handles.append(Line2D([], [], color=BASELINE_COLOR, linewidth=0.8))
        labels = [labels[0] + outline.comparison, outline.label]
    if len(schedule.domains) > 1:
        said = [*labels, _deadline_text(schedule.period_s)]
        # Beside each text a handle, and the space between columns.
        taken = sum(text_width(text, SMALL_SIZE) + 4.2 * SMALL_SIZE for text in said)
        label = f"colour: rail of {schedule.domains[0]}"
        if text_width(label, SMALL_SIZE) + 4.2 * SMALL_SIZE <= width - taken:
            handles.append(Patch(facecolor="none"))
            labels.append(label)
    axes.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.4,
        borderpad=0,
        columnspacing=1.6,
        fontsize=SMALL_SIZE,
        frameon=False,
        handlelength=1.8,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0)},
        ncols=len(labels),
    )


def _draw_power(
    axes: "Axes",
    schedule: Schedule,
    outline: Outline | None,
    colors: dict[float, str],
    size: tuple[float, float],
    lower: float,
) -> None:
    """Draw the upper panel, of a size in points, and above a lower one of a height."""
    period = schedule.period_s
    steps = power_steps(schedule)
    powers = list(steps[1])
    if outline is not None:
        powers += outline.steps[1]
    peak = max(powers) or 1.0
    axes.set_ylim(0, 1.06 * peak)
    set_scale(axes.yaxis, peak, "power", "W", 6)

    fills = [colors[voltage] for voltage in schedule.voltages_v[:, 0].tolist()]
    points = (size[0] / period, size[1] / axes.get_ylim()[1])
    _fill_layers(axes, steps, fills, points[0])
    outlined: Steps = ([0.0], [])
    if outline is not None:
        outlined = _draw_outline(axes, outline, size[1])
    # Down to the axis of time, which the lower panel has.
    _mark_deadline(axes, period, lower / size[1])
    used = [color for color in colors.values() if color in fills]
    _add_legend(axes, schedule, outline, used, size[0])
    _draw_tail(axes, schedule, points[0])
    _name_layers(axes, schedule, steps, outlined, fills, points)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="x", labelbottom=False, length=0)


def _switches(schedule: Schedule) -> NDArray[numpy.bool_]:
    """Return whether some domain changes its voltage, after each layer but the last."""
    changes = numpy.diff(schedule.voltages_v, axis=0) != 0
    return numpy.asarray(changes.any(axis=1))


def _voltage_runs(
    voltages: Sequence[float], edges: Sequence[float]
) -> list[tuple[float, float, float]]:
    """Return start, end and voltage of layers of one voltage, taken together."""
    runs: list[tuple[float, float, float]] = []
    for (start, end), voltage in zip(pairwise(edges[:-1]), voltages, strict=True):
        if runs and runs[-1][2] == voltage:
            runs[-1] = (runs[-1][0], end, voltage)
        else:
            runs.append((start, end, voltage))
    return runs


def _draw_voltages(
    axes: "Axes", schedule: Schedule, colors: dict[float, str], points: float
) -> None:
    """Draw the lower panel: a row for each domain, and one for the switches."""
    edges, _ = power_steps(schedule)
    for row, domain in enumerate(schedule.domains, 1):
        runs = _voltage_runs(schedule.voltages_v[:, row - 1].tolist(), edges)
        axes.broken_barh(
            [(start, end - start) for start, end, _ in runs],
            (row - 0.41, 0.82),
            facecolors=[colors[voltage] for _, _, voltage in runs],
            linewidth=0,
            label=domain,
        )
        if points * (edges[-1] - edges[-2]) >= 2:
            axes.broken_barh(
                [(edges[-2], edges[-1] - edges[-2])],
                (row - 0.41, 0.82),
                facecolor=TAIL_COLOR,
                linewidth=0,
            )
    switches = numpy.array(edges[1:-2])[_switches(schedule)].tolist()
    axes.plot(
        switches,
        [0.06] * len(switches),
        linestyle="none",
        marker="v",
        markersize=3.2,
        markeredgewidth=0,
        color=INK,
        label="switches",
    )
    axes.set_ylim(len(schedule.domains) + 0.5, -0.5)
    count = f"{len(switches)} switch{'' if len(switches) == 1 else 'es'}"
    names = [count, *schedule.domains]
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _outline_of(schedule: Schedule, baseline: Any) -> Outline | None:
    """Return a baseline's outline, or raise ValueError for one of another period."""
    if baseline is None:
        return None
    other = as_schedule(baseline, name="baseline")
    if not math.isclose(other.period_s, schedule.period_s):
        raise ValueError("the baseline's period differs from the schedule's")
    return Outline(
        power_steps(other),
        "baseline",
        f"{title_of(other.search, 'baseline')} {quantity(other.energy_j, 'J')}",
        describe_change(schedule.energy_j, other.energy_j),
    )


class _Panels:
    """A figure with a panel for power, and below it one for voltages."""

    def __init__(self, schedule: Schedule) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        domains = schedule.domains
        rows = ROW_HEIGHT * (len(domains) + 1)
        # As wide for all, but for those with very many.
        number = max(99, int(_switches(schedule).sum()))
        labels = [*domains, f"{number} switches"]
        self._left = (max(text_width(label, SMALL_SIZE) for label in labels) + 9) / 72
        self._width = WIDTH - self._left - RIGHT
        self._period_s = schedule.period_s
        self.height = TOP + POWER_HEIGHT + GAP + rows + BOTTOM
        self.figure = Figure(figsize=(WIDTH, self.height), facecolor="white")
        FigureCanvasAgg(self.figure)
        self.power = self._add(BOTTOM + rows + GAP, POWER_HEIGHT)
        self.voltages = self._add(BOTTOM, rows)
        # In points: of the upper panel, and what is below it.
        self.size = (72 * self._width, 72 * POWER_HEIGHT)
        self.below = 72 * (rows + GAP)

    def _add(self, bottom: float, height: float) -> "Axes":
        axes = self.figure.add_axes(
            (
                self._left / WIDTH,
                bottom / self.height,
                self._width / WIDTH,
                height / self.height,
            )
        )
        axes.set_xlim(0, self._period_s)
        return axes

    def add_key(self, colors: dict[float, str]) -> None:
        """Say below the panels which colour is which voltage."""
        from matplotlib.patches import Patch

        self.figure.legend(
            [Patch(facecolor=color, linewidth=0) for color in colors.values()],
            voltage_labels(colors),
            loc="lower right",
            bbox_to_anchor=(1 - RIGHT / WIDTH, 0.06 / self.height),
            bbox_transform=self.figure.transFigure,
            borderaxespad=0,
            borderpad=0.2,
            columnspacing=1.2,
            fontsize=SMALL_SIZE,
            frameon=False,
            handlelength=1.2,
            ncols=len(colors),
        )


@needs_matplotlib
def draw_timeline(
    schedule: Schedule | Mapping[str, Any],
    baseline: Schedule | Mapping[str, Any] | None = None,
) -> "Figure":
    """Draw a schedule over one period.

    The upper panel shows power: an area for each layer, in the colour of the first
    domain's voltage, which is the array's. The lower one shows every domain's
    voltage, and where some domain switches.

    Parameters
    ----------
    schedule
        A `pfmlir.Schedule`, or what ``pf-translate --power-to-json`` prints, read.
    baseline
        A schedule of the same period, to outline the power of.

    Returns
    -------
    matplotlib.figure.Figure
        As wide as two columns of a paper. Times are in seconds and powers in watts;
        only their ticks have prefixes.

    Raises
    ------
    ValueError
        If an argument isn't a schedule, or if the periods differ.
    """
    main = as_schedule(schedule)
    return draw_outlined(main, _outline_of(main, baseline))


def draw_outlined(main: Schedule, outline: Outline | None) -> "Figure":
    """Draw a schedule over one period, and an outline, if any."""
    colors = voltage_colors(numpy.unique(main.voltages_v).tolist())
    with drawing_style():
        panels = _Panels(main)
        power, voltages = panels.power, panels.voltages
        _draw_power(power, main, outline, colors, panels.size, panels.below)
        _draw_voltages(voltages, main, colors, panels.size[0] / main.period_s)
        power.set_zorder(voltages.get_zorder() + 1)
        power.patch.set_visible(False)
        set_scale(voltages.xaxis, main.period_s, "time", "s", 9)
        voltages.xaxis.labelpad = 2
        if len(colors) >= 6:
            voltages.set_xlabel(voltages.get_xlabel(), loc="left")
        panels.add_key(colors)
    return panels.figure
