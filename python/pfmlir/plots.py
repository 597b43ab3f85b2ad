# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draw schedules: where energy goes, layer by layer, at which voltages and rates.

Every function takes what ``pf-translate --power-to-json`` prints, read, and returns
a figure, which `pfmlir.timeline.save_figure` writes::

    schedule = json.loads(Path("schedule.json").read_text())
    save_figure(draw_layers(schedule), Path("layers.pdf"))

Figures are as wide as one column of a paper unless told otherwise. Their axes are
in joules, seconds, volts and frames per second; only their ticks have prefixes.
"""

import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .timeline import (
    BASELINE_COLOR,
    INK,
    LABEL_SIZE,
    SMALL_SIZE,
    _check,
    _is_light,
    _prefix,
    _quantity,
    _style,
    _text_width,
    _title,
    _voltage_labels,
    voltage_colors,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# Inches.
COLUMN_WIDTH = 3.3
LEAST_WIDTH = 2.5

# Points.
LINE = 9.5
ROW = 8.6
PAD = 4.0
LEFT = 38.0
LABEL_RIGHT = 13.0

# Domains in their order; these differ for the colour-blind, too.
DOMAIN_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
PLAIN_COLOR = "#4f6d8f"
TRANSITION_COLOR = "#404040"
TAIL_COLOR = "#bfbfbf"
TIME_COLOR = "#8a8a8a"

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

# Of the energy of a layer, from what it is said to sum to.
TOLERANCE = 1e-6


def _lighter(color: str, share: float = 0.6) -> str:
    """Return a colour ``#rrggbb`` with a share of white."""
    parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + share * (255 - p)):02x}" for p in parts)


def _domain_colors(domains: Sequence[str]) -> dict[str, str]:
    """Return a colour for each domain; beyond six they get lighter."""
    count = len(DOMAIN_COLORS)
    return {
        domain: _lighter(DOMAIN_COLORS[i % count], 1 - 0.6 ** (i // count))
        for i, domain in enumerate(domains)
    }


def _shorten(text: str, width: float, size: float) -> str:
    """Return a text that has lost of its middle what exceeds a width in points."""
    if _text_width(text, size) <= width:
        return text
    # Of a layer's name rather all of a word than a part of it, and the first two,
    # which mostly are a kind of stage and its number.
    parts = text.split(".")
    for start in (2, 1):
        for end in range(len(parts) - start - 1, 0, -1):
            short = f"{'.'.join(parts[:start])}…{'.'.join(parts[-end:])}"
            if _text_width(short, size) <= width:
                return short
    for kept in range(len(text) - 1, 0, -1):
        short = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
        if _text_width(short, size) <= width:
            return short
    return "…"


def _check_number(value: Any, what: str) -> float:
    """Return a finite number that isn't negative, or raise ValueError."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value < 0
    ):
        raise ValueError(f"{what}: expected a number that is at least 0, found {value}")
    return float(value)


def _check_width(width: float) -> None:
    """Raise ValueError for a width in inches that texts don't fit into."""
    if not math.isfinite(width) or width < LEAST_WIDTH:
        raise ValueError(
            f"expected a width of at least {LEAST_WIDTH} in, found {width}"
        )


def _check_sum(found: float, expected: float, what: str) -> None:
    """Raise ValueError if two energies differ by more than rounding."""
    if not math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=1e-18):
        raise ValueError(
            f"not a schedule: {what} sum to {found:.9g} J, expected {expected:.9g} J"
        )


def _check_energies(schedule: Any, name: str = "") -> None:
    """Raise ValueError for what isn't a schedule with its layers' energies."""
    try:
        _check(schedule)
        for layer in schedule["layers"]:
            where = f"layer {layer['name']!r}"
            energy = 0.0
            for kind in ("dynamic", "leakage"):
                if f"{kind}_energy_j" not in layer:
                    raise ValueError(f"not a schedule: {where} lacks '{kind}_energy_j'")
                part = _check_number(
                    layer[f"{kind}_energy_j"], f"not a schedule: {where}: {kind} energy"
                )
                energy += part
                split = layer.get(f"{kind}_energy_by_domain_j")
                if split is None:
                    continue
                if not isinstance(split, Mapping):
                    raise ValueError(
                        f"not a schedule: {where}: expected an energy for each domain, "
                        f"found {split!r}"
                    )
                found = sum(
                    _check_number(value, f"not a schedule: {where}: {domain!r}")
                    for domain, value in split.items()
                )
                _check_sum(found, part, f"{where}: {kind} energies of domains")
            _check_sum(energy, layer["energy_j"], f"{where}: dynamic and leakage")
    except ValueError as error:
        raise ValueError(f"{name}: {error}" if name else str(error)) from error


def _domains(schedules: Iterable[dict[str, Any]]) -> list[str]:
    """Return the domains that energy is split by: none if some layer isn't split."""
    domains: dict[str, None] = {}
    for schedule in schedules:
        for layer in schedule["layers"]:
            splits = [
                layer.get(f"{kind}_energy_by_domain_j")
                for kind in ("dynamic", "leakage")
            ]
            if None in splits:
                return []
            # In the order of the accelerator's domains, as in a timeline.
            for names in (layer["voltage_v"], *splits):
                domains.update(dict.fromkeys(names))
    return list(domains)


def _layer_parts(
    layer: dict[str, Any], domains: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Return a layer's joules by kind and domain, which is "" without a split."""
    if not domains:
        return {
            ("dynamic", ""): layer["dynamic_energy_j"],
            ("leakage", ""): layer["leakage_energy_j"],
        }
    return {
        (kind, domain): layer[f"{kind}_energy_by_domain_j"].get(domain, 0.0)
        for domain in domains
        for kind in ("dynamic", "leakage")
    }


def _part_color(part: tuple[str, str], domains: Sequence[str]) -> str:
    """Return the colour of a kind of energy, or of that in a domain."""
    kind, domain = part
    if kind == "transitions":
        return TRANSITION_COLOR
    if kind == "tail":
        return TAIL_COLOR
    color = _domain_colors(domains)[domain] if domains else PLAIN_COLOR
    return color if kind == "dynamic" else _lighter(color)


def _amount(energy: float) -> str:
    """Return an energy with a prefix, and what is almost nothing as that."""
    if 0 < energy < 5e-12:
        return "< 0.01 nJ"
    return _quantity(energy, "J") if energy else "0"


def _new_figure(width: float, points: float) -> "Figure":
    """Return a figure without axes of a width in inches and a height in points."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, points / 72), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _add_axes(
    figure: "Figure", left: float, bottom: float, right: float, height: float
) -> "Axes":
    """Return new axes; their margins to three sides, and height, are in points."""
    wide, high = (72 * size for size in figure.get_size_inches())
    axes = figure.add_axes(
        (left / wide, bottom / high, (wide - left - right) / wide, height / high)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def _add_text(figure: "Figure", x: float, y: float, text: str, **style: Any) -> None:
    """Write a text at a position in points."""
    wide, high = (72 * size for size in figure.get_size_inches())
    figure.text(x / wide, y / high, text, **{"color": INK, **style})


def _scale(axis: "Axis", peak: float, name: str, unit: str, ticks: int = 5) -> None:
    """Give an axis a label, and round ticks with a prefix."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    factor, prefix = _prefix(peak)
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / factor:g}"))
    axis.set_label_text(f"{name} ({prefix}{unit})")


class _Legend:
    """A legend over a figure's axes, in as many columns as fit."""

    HANDLE = 2.2 * SMALL_SIZE
    SPACE = 0.5 * SMALL_SIZE
    GAP = 1.3 * SMALL_SIZE

    def __init__(self, entries: Sequence[tuple[Any, str]], width: float) -> None:
        """Lay out handles and labels in a width in points."""
        room = width - self.HANDLE - self.SPACE
        self.handles = [handle for handle, _ in entries]
        self.labels = [_shorten(label, room, SMALL_SIZE) for _, label in entries]
        self.columns = next(
            count
            for count in range(len(entries), 0, -1)
            if count == 1 or self._wide(count) <= width
        )
        self.height = LINE * math.ceil(len(entries) / self.columns)

    def _wide(self, columns: int) -> float:
        """Return how wide a number of columns is."""
        # As matplotlib fills them: the first ones have one more where it's uneven.
        rows, more = divmod(len(self.labels), columns)
        widths = []
        first = 0
        for column in range(columns):
            end = first + rows + (column < more)
            widths += [
                max(_text_width(text, SMALL_SIZE) for text in self.labels[first:end])
            ]
            first = end
        used = sum(widths) + columns * (self.HANDLE + self.SPACE)
        return used + (columns - 1) * self.GAP + 2

    def add(self, figure: "Figure", left: float) -> None:
        """Draw it at a figure's top, from a position in points."""
        from matplotlib.legend_handler import HandlerTuple

        wide, high = (72 * size for size in figure.get_size_inches())
        figure.legend(
            self.handles,
            self.labels,
            loc="upper left",
            bbox_to_anchor=(left / wide, 1 - PAD / high),
            bbox_transform=figure.transFigure,
            borderaxespad=0,
            borderpad=0,
            columnspacing=self.GAP / SMALL_SIZE,
            fontsize=SMALL_SIZE,
            frameon=False,
            handlelength=self.HANDLE / SMALL_SIZE,
            handler_map={tuple: HandlerTuple(ndivide=None, pad=0)},
            handletextpad=self.SPACE / SMALL_SIZE,
            labelspacing=LINE / SMALL_SIZE - 1.2,
            ncols=self.columns,
        )


def _period_parts(
    schedule: dict[str, Any], domains: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Return the joules of one period, by kind and domain; a tail's kind is "tail"."""
    layers = [_layer_parts(layer, domains) for layer in schedule["layers"]]
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

    _check_width(width)
    if not isinstance(schedules, Mapping) or not schedules:
        raise ValueError(f"expected a schedule, or some by name, found {schedules!r}")
    if "layers" in schedules and "period_s" in schedules:
        named = {_title(dict(schedules), "scheduled"): schedules}
    else:
        named = dict(schedules)
    for name, schedule in named.items():
        _check_energies(schedule, str(name))
    first, *others = named
    period = named[first]["period_s"]
    for name in others:
        if not math.isclose(named[name]["period_s"], period):
            raise ValueError(
                f"{name}: expected the period of {first}, {period:.6g} s, "
                f"found {named[name]['period_s']:.6g} s"
            )
    domains = _domains(named.values())
    energies = {
        str(name): _period_parts(schedule, domains) for name, schedule in named.items()
    }
    for name, schedule in named.items():
        total = math.fsum(energies[str(name)].values())
        _check_sum(total, schedule["energy_j"], f"{name}: parts of the period")

    with _style():
        # The order of stacking: domain by domain.
        keys = list(energies[str(first)])
        order = (
            sorted(keys[:-2], key=lambda part: domains.index(part[1]) if domains else 0)
            + keys[-2:]
        )
        wide = 72 * width
        names = [_shorten(name, 0.3 * wide, SMALL_SIZE) for name in energies]
        totals = [math.fsum(parts.values()) for parts in energies.values()]
        texts = [_quantity(total, "J") for total in totals]
        left = max(_text_width(name, SMALL_SIZE) for name in names) + 8
        peak = max(totals) or 1.0
        past = max(_text_width(text, SMALL_SIZE) for text in texts) + 6
        inside = wide - left - PAD

        # The key, which is a table where that fits.
        tails = {schedule["tail"].get("kind", "tail") for schedule in named.values()}
        tail = f"tail ({', '.join(sorted(map(str, tails)))})"
        labels = [
            {"transitions": "transitions", "tail": tail}.get(kind)
            or f"{domain} {kind}".strip()
            for kind, domain in order
        ]
        labels = [_shorten(label, 0.5 * wide, SMALL_SIZE) for label in labels]
        name_wide = max(_text_width(label, SMALL_SIZE) for label in labels)
        columns = [
            [
                name,
                *(_amount(parts[part]) for part in order),
            ]
            for name, parts in zip(names, energies.values(), strict=True)
        ]
        widths = [
            max(_text_width(text, SMALL_SIZE) for text in column) + 8
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
        figure = _new_figure(width, table + axis + bars + PAD)
        axes = _add_axes(figure, left, table + axis, PAD, bars)
        axes.set_xlim(0, peak * inside / (inside - past))
        axes.set_ylim(len(energies) - 0.5, -0.5)
        starts = [0.0] * len(energies)
        for part in order:
            values = [parts[part] for parts in energies.values()]
            color = _part_color(part, domains)
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
                if _text_width(share, LABEL_SIZE) + 4 <= points:
                    axes.text(
                        start + value / 2,
                        row,
                        share,
                        ha="center",
                        va="center_baseline",
                        size=LABEL_SIZE,
                        color=INK if _is_light(color) else "white",
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
        _scale(axes.xaxis, peak, "energy of a period", "J")
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
                    facecolor=_part_color(part, domains),
                    linewidth=0,
                )
            )
            _add_text(figure, x + swatch, y, label, size=SMALL_SIZE)
        x = PAD + swatch + name_wide
        for texts, column_wide in zip(columns, widths, strict=False):
            x += column_wide
            for row, text in enumerate(texts):
                _add_text(figure, x, top - ROW * row, text, size=SMALL_SIZE, ha="right")
    return figure


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

    _check_width(width)
    _check_energies(schedule)
    layers = schedule["layers"]
    if baseline is not None:
        _check_energies(baseline, "baseline")
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

    with _style():
        domains = _domains([schedule])
        parts = [_layer_parts(layer, domains) for layer in layers]
        wide = 72 * width
        left = LEFT
        inside = wide - left - PAD

        # A domain's two colours are one entry, and what they mean is another.
        entries: list[tuple[Any, str]] = []
        for domain in domains or [""]:
            colors = [_part_color((k, domain), domains) for k in ("dynamic", "leakage")]
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
            entries.append((line, _title(baseline, "baseline")))
        legend = _Legend(entries, inside)

        # Names are level where all of them fit so, and else upright.
        pitch = inside / len(layers)
        names = [layer["name"] for layer in layers]
        level = all(_text_width(name, LABEL_SIZE) + 5 <= pitch for name in names)
        every = 1 if level else math.ceil(1.3 * LABEL_SIZE / pitch)
        names = [_shorten(name, 84, LABEL_SIZE) for name in names[::every]]
        lengths = [_text_width(name, LABEL_SIZE) for name in names]
        bottom = (1.4 * LABEL_SIZE if level else max(lengths)) + 6 + PAD / 2

        high, low, gap = 78.0, 52.0, 10.0
        figure = _new_figure(width, bottom + low + gap + high + legend.height + 2 * PAD)
        legend.add(figure, left)
        time_axes = _add_axes(figure, left, bottom, PAD, low)
        axes = _add_axes(figure, left, bottom + low + gap, PAD, high)
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
                color=_part_color(part, domains),
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
            _scale(panel.yaxis, peak, name, unit, 5 if panel is axes else 3)
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
    return sorted({_check_number(level, what) for level in levels})


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

    _check_width(width)
    _check(schedule)
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

    with _style():
        wide = 72 * width
        texts = dict(zip(levels, _voltage_labels(levels), strict=True))
        left = max(_text_width(text, SMALL_SIZE) for text in texts.values()) + 8
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
        legend = _Legend(
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
        figure = _new_figure(width, height)
        legend.add(figure, left)
        colors = voltage_colors(sorted(used))
        labelled = _thin(
            [*rails, levels[0], levels[-1]],
            lambda level: band * (level - levels[0]) / span,
            LINE - 1,
        )
        for row, domain in enumerate(domains):
            bottom = axis + (len(domains) - 1 - row) * (title + band + gap)
            axes = _add_axes(figure, left, bottom, PAD, band)
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
            name = _shorten(domain, inside, SMALL_SIZE)
            _add_text(figure, left, bottom + band + 2.5, name, size=SMALL_SIZE)
    return figure


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
        rate = _check_number(point[0], f"{name}: rate")
        if rate == 0:
            raise ValueError(f"{name}: expected a rate above 0, found 0")
        energy = point[1]
        if energy is None or (isinstance(energy, float) and math.isnan(energy)):
            curve.append((rate, math.nan))
        else:
            curve.append((rate, _check_number(energy, f"{name}: energy")))
    curve.sort(key=lambda point: point[0])
    for (before, _), (after, _) in pairwise(curve):
        if before == after:
            raise ValueError(
                f"{name}: expected each rate once, found {after} fps twice"
            )
    return curve


def draw_rates(
    curves: Mapping[str, Sequence[tuple[float, float | None]]],
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
        finds no schedule.
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

    _check_width(width)
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

    with _style():
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
        legend = _Legend(entries, wide - 2 * PAD)

        bottom, high = 27.0, 120.0
        figure = _new_figure(width, bottom + high + legend.height + 2 * PAD)
        legend.add(figure, PAD)
        axes = _add_axes(figure, left, bottom, 8, high)
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
        _scale(axes.yaxis, peak, "energy of a period", "J", 6)
        axes.yaxis.set_label_coords((LABEL_RIGHT - left) / (wide - left - 8), 0.5)
        _scale(axes.xaxis, 1.0, "rate", "fps", 7)
        axes.xaxis.labelpad = 1.5
        axes.grid(axis="y", color="0.9", linewidth=0.5)
    return figure
