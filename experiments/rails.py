# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against the number of rails, chosen or evenly spaced."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pfmlir

from . import published
from .drawing import line, network_entries, network_style, stack
from .results import Check, Comparison, Experiment, Result, Rows, agree, table
from .setting import LABELS, LEVELS_V, NETWORKS, NOMINAL_V, Setting, percent, proven

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_RAILS = 5
# Of results.csv: two rails, in which transitions are not free.
CHECKED_RAILS, CHECKED_LEVELS = 2, "V5"


def evenly_spaced_v(rails: int) -> tuple[float, ...]:
    """Return so many levels from 0.9 V to 1.3 V; one is in the middle."""
    low, high = LEVELS_V["nine"][0], LEVELS_V["nine"][-1]
    if rails == 1:
        return (NOMINAL_V,)
    step = (high - low) / (rails - 1)
    return tuple(round(low + step * i, 12) for i in range(rails))


def _solve(tables: pfmlir.CostTables, fps: float, rails: int) -> pfmlir.Solution | None:
    """Return the optimum; None where no schedule is in time."""
    try:
        return proven(tables.solve(fps=fps, max_rails=rails))
    except pfmlir.InfeasibleError:
        return None


def _rows(setting: Setting) -> Rows:
    """Return energies and rails of all networks, for each number of rails."""
    rows = []
    for name in setting.track(NETWORKS, "networks"):
        fps = setting.nominal_fps(name)
        for rails in range(1, MOST_RAILS + 1):
            even_v = evenly_spaced_v(rails)
            chosen = _solve(setting.tables(name), fps, rails)
            even = _solve(setting.tables(name, levels_v=even_v), fps, rails)
            rows.append(
                {
                    "network": name,
                    "fps": fps,
                    "rails": rails,
                    "chosen_j": chosen.energy_j if chosen else "",
                    "chosen_v": _voltages(chosen.rails) if chosen else "",
                    "evenly_spaced_j": even.energy_j if even else "",
                    "evenly_spaced_v": _voltages(even_v),
                }
            )
    return rows


def _voltages(voltages_v: tuple[float, ...]) -> str:
    """Return voltages as in results.csv."""
    return "|".join(f"{voltage:.4g}" for voltage in voltages_v)


def _checks(setting: Setting) -> list[Check]:
    """Compare two rails of V5 with the proven optima."""
    checks = []
    optima = published.optima(CHECKED_RAILS)
    for (name, level_set), case in optima.items():
        tables = setting.tables(name, levels_v=LEVELS_V[level_set])
        fps = float(case["fps"])
        solution = proven(tables.solve(fps=fps, max_rails=CHECKED_RAILS))
        checks.append(
            agree(
                f"{name} {level_set} {CHECKED_RAILS} rails",
                solution.energy_j,
                float(case["optimum_energy_j"]),
            )
        )
    return checks


def _draw(rows: Rows) -> "Figure":
    """Draw energies relative to those of the most chosen rails."""

    def draw(axes: "Axes", _: int) -> None:
        for name in NETWORKS:
            some = [row for row in rows if row["network"] == name]
            unit_j = some[-1]["chosen_j"]
            for key, dashes in (("chosen_j", "-"), ("evenly_spaced_j", (0, (3, 1.5)))):
                kept = [row for row in some if row[key] != ""]
                style = network_style(name) | {"linestyle": dashes}
                if key != "chosen_j":
                    style |= {"markerfacecolor": "white", "markeredgewidth": 0.6}
                axes.plot(
                    [row["rails"] for row in kept],
                    [row[key] / unit_j for row in kept],
                    clip_on=False,
                    **style,
                )
        axes.set_xticks(range(1, MOST_RAILS + 1))
        axes.set_xlabel("number of rails")
        axes.set_ylabel("energy / that of five chosen")

    grey = {"color": "0.4", "linewidth": 1.0}
    entries = [
        *network_entries(NETWORKS),
        (line(grey), "chosen of nine levels"),
        (line(grey | {"linestyle": (0, (3, 1.5))}), "evenly spaced"),
    ]
    return stack([""], entries, draw, height=130)


def _cell(row: dict) -> str:
    """Return what chosen rails save against evenly spaced ones."""
    saving = percent(1 - row["chosen_j"] / row["evenly_spaced_j"], 2)
    return f"{saving} ({row['chosen_v'].replace('|', ', ')} V)"


def run(setting: Setting) -> Result:
    """Count rails."""
    rows = _rows(setting)
    by_name = {n: [row for row in rows if row["network"] == n] for n in NETWORKS}
    saved = table(
        ["chosen rails save against evenly spaced ones", *map(str, range(1, 6))],
        [[LABELS[n], *map(_cell, some)] for n, some in by_name.items()],
    )
    more = table(
        ["one more chosen rail saves", "1 to 2", "2 to 3", "3 to 4", "4 to 5"],
        [
            [
                LABELS[name],
                *(
                    percent(1 - after["chosen_j"] / before["chosen_j"], 2)
                    for before, after in pairwise(some)
                ),
            ]
            for name, some in by_name.items()
        ],
    )
    return Result(
        rows=rows,
        findings=[
            saved,
            more,
            "Evenly spaced rails are from 0.9 to 1.3 V, and a single one is at nominal "
            "voltage, which is the lowest of the nine levels that is in time here: no "
            "saving there is by construction. With two, the lower one is too low to be "
            "of much use. Four are not among the nine levels, from which the others "
            "are chosen.",
        ],
        figures={"rails": _draw(rows)},
        comparisons=[
            Comparison(
                "three chosen rails above five, network by network",
                ", ".join(
                    percent(three["chosen_j"] / five["chosen_j"] - 1)
                    for _, _, three, _, five in by_name.values()
                ),
            )
        ],
        checks=_checks(setting),
    )


EXPERIMENT = Experiment(
    "rails",
    "Number of rails",
    "Rails cost area. With one to five of them, chosen among nine levels together with "
    "the schedule, against as many evenly spaced ones; at the highest whole rate that "
    "nominal voltage reaches.",
    run,
)
