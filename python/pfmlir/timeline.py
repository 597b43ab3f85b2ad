# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draw a schedule: power over one period, and the rail of every power domain.

Reads what ``pf-translate --power-to-json`` prints. As a command,
``python -m pfmlir.timeline SCHEDULE.json -o PICTURE.png``.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The ends of the colour scale, in volts: a voltage has the same colour in every
# picture whose voltages lie between.
LOWEST_V, HIGHEST_V = 0.9, 1.3
SUFFIXES = (".pdf", ".png", ".svg")
STYLE = {
    "font.size": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.hashsalt": "pfmlir",
    "svg.fonttype": "none",
}
BASELINE_COLOR = "0.45"
SWITCH_COLOR = "0.25"


def rail_color(voltage_v: float) -> tuple[float, ...]:
    """Return the colour of a rail: dark and cool when low, bright when high."""
    from matplotlib import colormaps

    share = (voltage_v - LOWEST_V) / (HIGHEST_V - LOWEST_V)
    return colormaps["plasma"](0.05 + 0.83 * min(max(share, 0.0), 1.0))


def segments(schedule: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Return the power over one period as (start, end, power) in seconds and watts.

    Layers, transitions between them where they take time, and the tail; an
    energy that is spent in no time is left out.
    """
    pieces = []
    for layer in schedule["layers"]:
        start = layer["start_s"]
        for begin, time, energy in (
            (
                start - layer["transition_time_s"],
                layer["transition_time_s"],
                layer["transition_energy_j"],
            ),
            (start, layer["time_s"], layer["energy_j"]),
        ):
            if time > 0:
                pieces.append((begin, begin + time, energy / time))
    tail = schedule["tail"]
    if tail["time_s"] > 0:
        begin = schedule["active_time_s"]
        power = tail["energy_j"] / tail["time_s"]
        pieces.append((begin, begin + tail["time_s"], power))
    return pieces


def switches(schedule: dict[str, Any]) -> list[float]:
    """Return when, in seconds, some domain changes its rail."""
    layers = schedule["layers"]
    return [
        later["start_s"]
        for earlier, later in zip(layers, layers[1:], strict=False)
        if earlier["voltage_v"] != later["voltage_v"]
    ]


def _outline(pieces: list[tuple[float, float, float]]) -> tuple[list, list]:
    """Return the corners of a power curve, in milliseconds and milliwatts."""
    times, powers = [], []
    for start, end, power in pieces:
        times += [start * 1e3, end * 1e3]
        powers += [power * 1e3, power * 1e3]
    return times, powers


def _draw_power(axes: "Axes", schedule: dict, baseline: dict | None) -> None:
    first_domain = next(iter(schedule["layers"][0]["voltage_v"]))
    pieces = segments(schedule)
    for layer in schedule["layers"]:
        if layer["time_s"] > 0:
            axes.bar(
                layer["start_s"] * 1e3,
                layer["energy_j"] / layer["time_s"] * 1e3,
                layer["time_s"] * 1e3,
                align="edge",
                color=rail_color(layer["voltage_v"][first_domain]),
                linewidth=0,
            )
    top = max(power for *_, power in pieces)
    if baseline is not None:
        outline = _outline(segments(baseline))
        label = f"nominal: {_joules(baseline['energy_j'])} a frame"
        axes.plot(*outline, color=BASELINE_COLOR, linewidth=0.9, label=label, zorder=3)
        top = max(top, *(power for *_, power in segments(baseline)))
    label = f"scheduled: {_joules(schedule['energy_j'])} a frame"
    axes.plot(*_outline(pieces), color="black", linewidth=0.7, label=label, zorder=4)
    axes.set_ylim(0, top * 1e3 * 1.32)
    axes.set_ylabel("power (mW)")


def _joules(energy_j: float) -> str:
    """Return an energy in microjoules, as a picture shows it."""
    return f"{energy_j * 1e6:.1f} µJ"


def _draw_tail(axes: "Axes", schedule: dict) -> None:
    """Mark the rest of the period, where it is wide enough to be seen."""
    tail = schedule["tail"]
    if tail["time_s"] < 0.02 * schedule["period_s"]:
        return
    start = schedule["active_time_s"] * 1e3
    end = schedule["period_s"] * 1e3
    axes.axvspan(start, end, facecolor="0.93", edgecolor="0.75", hatch="///", lw=0)
    middle = axes.get_ylim()[1] * 0.4
    rotation = 0 if tail["time_s"] > 0.1 * schedule["period_s"] else 90
    axes.text(
        (start + end) / 2,
        middle,
        tail["kind"],
        ha="center",
        va="center",
        rotation=rotation,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _draw_deadline(axes: "Axes", schedule: dict) -> None:
    period_s = schedule["period_s"]
    axes.axvline(period_s * 1e3, color="firebrick", linestyle="--", linewidth=1)
    axes.annotate(
        f"deadline {period_s * 1e3:.2f} ms ({1 / period_s:.4g} fps)",
        (period_s * 1e3, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4, -1),
        textcoords="offset points",
        ha="right",
        va="top",
        color="firebrick",
    )


def _draw_rails(axes: "Axes", schedule: dict) -> None:
    """Draw one row a domain, coloured by its rail, and marks where one changes."""
    domains = list(schedule["layers"][0]["voltage_v"])
    for row, domain in enumerate(domains):
        for layer in schedule["layers"]:
            axes.barh(
                row,
                layer["time_s"] * 1e3,
                height=0.8,
                left=layer["start_s"] * 1e3,
                color=rail_color(layer["voltage_v"][domain]),
                linewidth=0,
            )
    times = [time * 1e3 for time in switches(schedule)]
    axes.plot(
        times,
        [-0.75] * len(times),
        linestyle="none",
        marker="v",
        markersize=2.5,
        markeredgewidth=0,
        color=SWITCH_COLOR,
        clip_on=False,
    )
    axes.set_ylim(len(domains) - 0.5, -0.95)
    axes.set_yticks(range(len(domains)), domains)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("time (ms)")


def draw_timeline(
    schedule: dict[str, Any], baseline: dict[str, Any] | None = None
) -> "Figure":
    """Draw a schedule over one period.

    Parameters
    ----------
    schedule
        A schedule, as ``pf-translate --power-to-json`` prints it.
    baseline
        Another schedule with the same period, to be outlined beside it.

    Returns
    -------
    matplotlib.figure.Figure
        Power over time, each layer in the colour of its first domain's rail,
        with the deadline and the tail; below, the rail of every domain, with
        a triangle wherever one changes.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.0, 3.2), layout="constrained")
        power, rails = figure.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]}
        )
        _draw_power(power, schedule, baseline)
        _draw_tail(power, schedule)
        _draw_deadline(power, schedule)
        _draw_rails(rails, schedule)
        rails.axvline(
            schedule["period_s"] * 1e3, color="firebrick", linestyle="--", linewidth=1
        )
        power.set_xlim(0, schedule["period_s"] * 1e3 * 1.005)
        power.legend(loc="upper left", frameon=False, borderaxespad=0.1)
        handles: list[Any] = [
            Patch(color=rail_color(voltage), label=f"{voltage:.2f} V")
            for voltage in schedule["rails_v"]
        ]
        if switches(schedule):
            handles.append(
                Line2D(
                    *([], []),
                    linestyle="none",
                    marker="v",
                    markersize=3.5,
                    color=SWITCH_COLOR,
                    label="rail change",
                )
            )
        figure.legend(
            handles=handles,
            loc="outside upper center",
            ncols=len(handles),
            frameon=False,
            title=f"{schedule['function']} on {schedule['target']}",
        )
    return figure


def save(figure: "Figure", path: Path) -> None:
    """Write a figure, whole or not at all; the same figure gives the same bytes."""
    import matplotlib as mpl

    date = {".png": "Creation Time", ".pdf": "CreationDate", ".svg": "Date"}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, suffix=path.suffix, delete=False
    ) as file:
        temporary = file.name
    try:
        with mpl.rc_context(STYLE):
            figure.savefig(temporary, dpi=200, metadata={date[path.suffix]: None})
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _read(path: Path) -> dict[str, Any]:
    try:
        schedule = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"error: can't read a schedule from {path}: {error}") from None
    if not isinstance(schedule, dict) or not schedule.get("layers"):
        raise SystemExit(
            f"error: {path} is not a schedule; pf-translate --power-to-json prints one"
        )
    return schedule


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m pfmlir.timeline",
        description="Draw a schedule that pf-translate --power-to-json printed.",
    )
    parser.add_argument("schedule", type=Path, help="JSON file")
    parser.add_argument("--baseline", type=Path, help="JSON file of another schedule")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help=f"file: {', '.join(SUFFIXES)}"
    )
    options = parser.parse_args(arguments)
    if options.output.suffix not in SUFFIXES:
        parser.error(
            f"expects an output that ends in one of {', '.join(SUFFIXES)}, "
            f"but got {options.output}"
        )
    schedule = _read(options.schedule)
    baseline = _read(options.baseline) if options.baseline else None
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        print(
            "error: drawing needs matplotlib; install pfmlir with its extra [plot]",
            file=sys.stderr,
        )
        return 1
    save(draw_timeline(schedule, baseline), options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
