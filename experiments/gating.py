# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against how many banks are gated together."""

from typing import TYPE_CHECKING

from .drawing import line, network_entries, network_style, stack
from .results import Comparison, Experiment, Result, Rows, table
from .setting import LABELS, NETWORKS, Setting, percent, proven

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GRANULARITIES = (1, 2, 4, 8, 16, 32, 64, 128)
GATINGS = {"sram": "SRAM", "bank": "SRAM and RRAM"}


def _rows(setting: Setting, name: str) -> Rows:
    """Return the optimum of a network for each granularity and gating."""
    fps = setting.nominal_fps(name)
    ungated_j = proven(setting.tables(name, gating="none").solve(fps=fps)).energy_j
    rows = []
    for gating in GATINGS:
        for granularity in setting.few(GRANULARITIES, 3):
            tables = setting.tables(name, gating=gating, gating_granularity=granularity)
            energy_j = proven(tables.solve(fps=fps)).energy_j
            rows.append(
                {
                    "network": name,
                    "fps": fps,
                    "gating": gating,
                    "banks_gated_together": granularity,
                    "optimum_j": energy_j,
                    "ungated_optimum_j": ungated_j,
                    "saving": 1 - energy_j / ungated_j,
                }
            )
    return rows


def _draw(rows: Rows) -> "Figure":
    """Draw energies, a panel for each gating."""
    sizes = list(dict.fromkeys(row["banks_gated_together"] for row in rows))

    def draw(axes: "Axes", number: int) -> None:
        gating = list(GATINGS)[number]
        for name in NETWORKS:
            energies = [
                row["optimum_j"] / row["ungated_optimum_j"]
                for row in rows
                if (row["network"], row["gating"]) == (name, gating)
            ]
            axes.plot(range(len(sizes)), energies, clip_on=False, **network_style(name))
        axes.axhline(1, color="0.3", linewidth=0.8, linestyle=(0, (1, 1)), zorder=1)
        axes.set_xticks(range(len(sizes)), list(map(str, sizes)))
        axes.set_ylabel("energy / ungated")
        if number:
            axes.set_xlabel("banks gated together")

    entries = [
        *network_entries(NETWORKS),
        (
            line({"color": "0.3", "linewidth": 0.8, "linestyle": (0, (1, 1))}),
            "no bank is gated",
        ),
    ]
    titles = [f"{label} banks" for label in GATINGS.values()]
    return stack(titles, entries, draw, height=76)


def _comparison(rows: Rows) -> Comparison:
    """Return the most that gating saves."""
    best = max(rows, key=lambda row: row["saving"])
    return Comparison(
        "saved by gating banks of both memories, at most",
        f"{percent(best['saving'], 1)} ({LABELS[best['network']]}, "
        f"{best['banks_gated_together']} together)",
    )


def run(setting: Setting) -> Result:
    """Gate banks in groups."""
    rows = [
        row for n in setting.track(NETWORKS, "networks") for row in _rows(setting, n)
    ]
    sizes = list(dict.fromkeys(row["banks_gated_together"] for row in rows))
    lines = [
        [
            f"{LABELS[name]}, {label}",
            *(
                percent(row["saving"])
                for row in rows
                if (row["network"], row["gating"]) == (name, gating)
            ),
        ]
        for name in NETWORKS
        for gating, label in GATINGS.items()
    ]
    return Result(
        rows=rows,
        findings=[
            table(["saved by gating so many banks together", *map(str, sizes)], lines),
            "Gating is no choice of the schedule: a layer has on what it needs, "
            "rounded up to whole groups. Gating RRAM adds a controller, which also "
            "leaks, so that where there is little to gate it costs more than it saves. "
            "Beyond the number of banks that a memory has, a larger group is all of "
            "it.",
        ],
        figures={"gating": _draw(rows)},
        comparisons=[_comparison(rows)],
    )


EXPERIMENT = Experiment(
    "gating",
    "Granularity of gating",
    "What the optimum saves if banks are gated one by one or in groups: those of the "
    "feature-map SRAM alone, and those of the RRAM weight memory, too; against an "
    "optimum without gating, at the highest whole rate that nominal voltage reaches.",
    run,
)
