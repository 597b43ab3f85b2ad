# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy of a period against rate, for all methods and networks."""

import math
from typing import TYPE_CHECKING

from pfmlir.plots.style import set_scale

from . import published
from .drawing import line, method_style, stack
from .results import Check, Comparison, Experiment, Result, Rows, agree, table
from .setting import LABELS, METHODS, NETWORKS, Setting, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of the highest rate that some schedule keeps.
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)


def column(method: str) -> str:
    """Return what a method's energy is called in data."""
    return f"{method.replace('-', '_')}_j"


def _rates_fps(setting: Setting, name: str) -> list[float]:
    """Return the rates to try: shares of the highest, and where nominal voltage ends.

    In hundredths, downwards, so that the highest one is kept.
    """
    highest = setting.highest_fps(name)
    shares = setting.few(SHARES, 3)
    rates = {math.floor(100 * share * highest) / 100 for share in shares}
    return sorted(rates | {float(setting.nominal_fps(name))})


def _row(setting: Setting, name: str, fps: float) -> dict:
    """Return the energies of a network at a rate; "" where a method is too slow."""
    energies_j = setting.energies_j(name, fps)
    return {
        "network": name,
        "fps": fps,
        **{
            column(method): "" if energy is None else energy
            for method, energy in energies_j.items()
        },
    }


def _checks(rows: Rows) -> list[Check]:
    """Compare the baselines with the artifact's, at the rates that it has."""
    checks = []
    for name in NETWORKS:
        fps, *energies = published.BASELINES[name]
        (row,) = (r for r in rows if (r["network"], r["fps"]) == (name, fps))
        for method, expected in zip(published.BASELINE_METHODS, energies, strict=True):
            checks.append(
                agree(f"{name} {fps} fps {method}", row[column(method)], expected)
            )
    return checks


def _largest(rows: Rows, name: str, method: str) -> tuple[float, float]:
    """Return the largest saving of the optimum against a method, and its rate."""
    return max(
        (1 - row["exact_j"] / row[column(method)], row["fps"])
        for row in rows
        if row["network"] == name and row[column(method)] != ""
    )


def _comparison(rows: Rows) -> Comparison:
    """Return the largest saving at any rate, beside what was published."""
    saving, fps, name = max((*_largest(rows, n, "nominal"), n) for n in NETWORKS)
    return Comparison(
        "largest saving against nominal voltage, any rate",
        f"{percent(saving, 1)} ({LABELS[name]} at {fps:g} fps)",
        published.claims(published.SAVING),
        remark=published.apart(saving, published.SAVING),
    )


def _range(rows: Rows, name: str, method: str) -> str:
    """Return the highest of the rates at which a method has a schedule."""
    kept = [
        row["fps"]
        for row in rows
        if row["network"] == name and row[column(method)] != ""
    ]
    return f"{max(kept):g}"


def _draw(rows: Rows) -> "Figure":
    """Draw a panel for each network, and a curve for each method."""

    def draw(axes: "Axes", number: int) -> None:
        some = [row for row in rows if row["network"] == NETWORKS[number]]
        for method in METHODS:
            kept = [row for row in some if row[column(method)] != ""]
            axes.plot(
                [row["fps"] for row in kept],
                [row[column(method)] for row in kept],
                clip_on=False,
                zorder=3 + list(METHODS)[::-1].index(method) / 10,
                **method_style(method),
            )
        axes.set_ylim(0)
        axes.set_xlim(0)
        set_scale(axes.yaxis, axes.get_ylim()[1], "energy", "J", 4)
        set_scale(axes.xaxis, 1.0, "rate", "fps", 7)
        if number < len(NETWORKS) - 1:
            axes.set_xlabel("")

    entries = [(line(method_style(m)), label) for m, label in METHODS.items()]
    return stack([LABELS[name] for name in NETWORKS], entries, draw, height=82)


def run(setting: Setting) -> Result:
    """Sweep the rates of all networks."""
    points = [(name, fps) for name in NETWORKS for fps in _rates_fps(setting, name)]
    rows = [_row(setting, *point) for point in setting.track(points, "rates")]
    against = ("nominal", "nominal_gated", "greedy_gated", "lambda-dp")
    savings = table(
        ["largest saving of the optimum against", *(METHODS[m] for m in against)],
        [
            [
                LABELS[name],
                *(
                    f"{percent(saving, 1)} at {fps:g} fps"
                    for saving, fps in (_largest(rows, name, m) for m in against)
                ),
            ]
            for name in NETWORKS
        ],
    )
    reach = table(
        ["highest rate tried that it keeps (fps)", *METHODS.values()],
        [[LABELS[n], *(_range(rows, n, m) for m in METHODS)] for n in NETWORKS],
    )
    return Result(
        rows=rows,
        findings=[savings, reach],
        figures={"rates": _draw(rows)},
        comparisons=[_comparison(rows)],
        checks=_checks(rows),
    )


EXPERIMENT = Experiment(
    "rates",
    "Energy against rate",
    "The energy of a period at every rate that the accelerator can keep, by method: "
    "nominal voltage and the paper's greedy choice, both with and without gated banks, "
    "its heuristic lambda-DP, and the proven optimum, on three of nine levels.",
    run,
)
