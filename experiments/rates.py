# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy of a period against rate, for all methods and networks."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import published
from .drawing import draw_methods, method_entries, stack
from .results import Check, Comparison, Experiment, Result, Rows, agree, table
from .setting import LABELS, METHODS, NETWORKS, Setting, energy_column, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of the highest rate that some schedule keeps.
SAME_SAVING = 1e-6
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)


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
            energy_column(method): "" if energy is None else energy
            for method, energy in energies_j.items()
        },
    }


def _checks(rows: Rows) -> list[Check]:
    """Compare the baselines with the artifact's, at the rates that it has."""
    checks = []
    for name in NETWORKS:
        fps, *energies = published.BASELINES[name]
        row = _at(rows, name, fps)
        for method, expected in zip(published.BASELINE_METHODS, energies, strict=True):
            checks.append(
                agree(
                    f"{name} {fps} fps {method}", row[energy_column(method)], expected
                )
            )
    return checks


def _largest(rows: Rows, name: str, method: str) -> tuple[float, str]:
    """Return the largest saving of the optimum against a method, and its rates."""
    savings = {
        row["fps"]: 1 - row["exact_j"] / row[energy_column(method)]
        for row in rows
        if row["network"] == name and row[energy_column(method)] != ""
    }
    largest = max(savings.values())
    rates = [fps for fps, saving in savings.items() if saving >= largest - SAME_SAVING]
    if len(rates) > 1 and rates[0] == min(savings):
        return largest, f"up to {max(rates):g} fps"
    return largest, f"at {max(rates):g} fps"


def _comparisons(rows: Rows) -> list[Comparison]:
    """Return the largest saving, and the baselines that the artifact has, too."""
    saving, rates, name = max((*_largest(rows, n, "nominal"), n) for n in NETWORKS)
    found = [
        Comparison(
            "largest saving against nominal voltage, any rate",
            f"{percent(saving, 1)} ({LABELS[name]}, {rates})",
            published.claims(published.SAVING),
            remark=f"{published.apart(saving, published.SAVING)}; nominal with all "
            "banks on, asleep when it is done",
        )
    ]
    for name in NETWORKS:
        fps, *energies_j = published.BASELINES[name]
        row = _at(rows, name, fps)
        ours_j = [row[energy_column(m)] for m in published.BASELINE_METHODS]
        found.append(
            Comparison(
                f"{LABELS[name]} at {fps} fps: nominal, gated; greedy, gated",
                _microjoules(ours_j),
                artifact=_microjoules(energies_j),
            )
        )
    return found


def _at(rows: Rows, name: str, fps: float) -> dict:
    """Return the row of a network at a rate."""
    return next(row for row in rows if (row["network"], row["fps"]) == (name, fps))


def _microjoules(energies_j: Sequence[float]) -> str:
    """Return the four baselines' energies."""
    nominal, nominal_gated, greedy, greedy_gated = (
        f"{1e6 * energy_j:.4f}" for energy_j in energies_j
    )
    return f"{nominal}, {nominal_gated}; {greedy}, {greedy_gated} µJ"


def _range(rows: Rows, name: str, method: str) -> str:
    """Return the highest of the rates at which a method has a schedule."""
    kept = [
        row["fps"]
        for row in rows
        if row["network"] == name and row[energy_column(method)] != ""
    ]
    return f"{max(kept):g}"


def _draw(rows: Rows) -> "Figure":
    """Draw a panel for each network, and a curve for each method."""

    def draw(axes: "Axes", number: int) -> None:
        draw_methods(axes, [r for r in rows if r["network"] == NETWORKS[number]])
        if number < len(NETWORKS) - 1:
            axes.set_xlabel("")

    titles = [LABELS[name] for name in NETWORKS]
    return stack(titles, method_entries(), draw, height=82)


def run(setting: Setting) -> Result:
    """Sweep the rates of all networks."""
    points = [(name, fps) for name in NETWORKS for fps in _rates_fps(setting, name)]
    rows = [_row(setting, *point) for point in setting.track(points, "rates")]
    against = ("nominal", "nominal_gated", "greedy_gated", "lambda-dp")
    savings = table(
        [
            "largest saving of the optimum, of the rates tried, against",
            *(METHODS[m] for m in against),
        ],
        [
            [
                LABELS[name],
                *(
                    f"{percent(saving, 1)} {rates}"
                    for saving, rates in (_largest(rows, name, m) for m in against)
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
        comparisons=_comparisons(rows),
        checks=_checks(rows),
    )


EXPERIMENT = Experiment(
    "rates",
    "Energy against rate",
    "The energy of a period at rates up to the highest that the accelerator can keep, "
    "by method: "
    "nominal voltage and the paper's greedy choice, both with and without gated banks, "
    "its heuristic lambda-DP, and the proven optimum, on three of nine levels.",
    run,
)
