# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All networks at the highest rate that nominal voltage reaches."""

from typing import TYPE_CHECKING

from pfmlir.plots.rates import METHODS as METHOD_STYLES
from pfmlir.plots.style import INK, lighter

from . import published
from .drawing import name_bars, patch, stack
from .results import Comparison, Experiment, Result, Rows, table
from .setting import (
    LABELS,
    LEVELS_V,
    METHODS,
    NETWORKS,
    Setting,
    energy_column,
    percent,
    proven,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVEL_SETS = ("nine", "V3")


def _relative(method: str) -> str:
    """Return what a method's energy in units of nominal voltage's is called in data."""
    return energy_column(method).removesuffix("_j") + "_relative"


def _rows(setting: Setting) -> Rows:
    """Return the energies of every network at its rate, on both sets of levels."""
    rows = []
    for name in setting.track(NETWORKS, "networks"):
        fps = setting.nominal_fps(name)
        baselines_j = setting.energies_j(name, fps)
        for level_set in LEVEL_SETS:
            tables = setting.tables(name, levels_v=LEVELS_V[level_set])
            searched_j = {
                "lambda-dp": tables.solve(fps=fps, search="lambda-dp").energy_j,
                "exact": proven(tables.solve(fps=fps)).energy_j,
            }
            energies_j = baselines_j | searched_j
            rows.append(
                {
                    "network": name,
                    "fps": fps,
                    "levels": level_set,
                    **{energy_column(m): energies_j[m] for m in METHODS},
                    **{
                        _relative(m): energies_j[m] / energies_j["nominal"]
                        for m in METHODS
                    },
                }
            )
    return rows


def _saving(row: dict, method: str, against: str) -> float:
    """Return the part of a method's energy that another saves."""
    return 1 - row[energy_column(method)] / row[energy_column(against)]


def _comparisons(rows: Rows) -> list[Comparison]:
    """Return the largest saving, beside what was published."""
    found = []
    for level_set in LEVEL_SETS:
        some = [row for row in rows if row["levels"] == level_set]
        best = max(some, key=lambda row: _saving(row, "exact", "nominal"))
        saving = _saving(best, "exact", "nominal")
        found.append(
            Comparison(
                f"largest saving against nominal voltage, {level_set} levels",
                f"{percent(saving, 1)} ({LABELS[best['network']]})",
                published.claims(published.SAVING),
                remark=published.apart(saving, published.SAVING),
            )
        )
    return found


def _draw(rows: Rows) -> "Figure":
    """Draw normalised energies as bars."""
    some = [row for row in rows if row["levels"] == LEVEL_SETS[0]]
    colors = {
        method: METHOD_STYLES[method][0]
        if METHOD_STYLES[method][2]
        else lighter(METHOD_STYLES[method][0], 0.5)
        for method in METHODS
    }
    wide = 0.8 / len(METHODS)

    def draw(axes: "Axes", _: int) -> None:
        for rank, (method, color) in enumerate(colors.items()):
            places = [n - 0.4 + (rank + 0.5) * wide for n in range(len(some))]
            heights = [row[_relative(method)] for row in some]
            axes.bar(places, heights, 0.9 * wide, color=color, label=method)
        for place, row in enumerate(some):
            axes.annotate(
                f"{row['exact_relative']:.2f}",
                (place + 0.4 - 0.5 * wide, row["exact_relative"]),
                (0, 1.5),
                textcoords="offset points",
                ha="center",
                size=6,
                color=INK,
            )
        names = [row["network"] for row in some]
        name_bars(axes, names, [f"{row['fps']} fps" for row in some])
        axes.set_ylim(0, 1.05)
        axes.set_ylabel("energy / nominal's")

    entries = [(patch(colors[m]), label) for m, label in METHODS.items()]
    return stack([""], entries, draw, height=110, bottom=36)


def run(setting: Setting) -> Result:
    """Compare methods across networks."""
    rows = _rows(setting)
    lines = [
        [
            f"{LABELS[row['network']]}, {row['fps']} fps, {row['levels']}",
            *(f"{row[_relative(m)]:.3f}" for m in METHODS),
        ]
        for row in rows
    ]
    return Result(
        rows=rows,
        findings=[
            table(["energy / nominal's", *METHODS.values()], lines),
            'The abstracts compare with an accelerator "without power orchestration". '
            "That this means nominal voltage with all banks on is our reading. The "
            "likely reasons for ours to differ from the published savings are the "
            "authors' own characterisation of their chip (above all how much its "
            "memories leak, which is what gating saves) and the rate that they "
            "compare at: at lower rates more is saved, as the section on energy "
            "against rate says.",
        ],
        figures={"networks": _draw(rows)},
        comparisons=_comparisons(rows),
    )


EXPERIMENT = Experiment(
    "networks",
    "Across networks",
    "All networks at the highest whole rate that nominal voltage reaches, where the "
    "baseline has almost no slack. The paper's headline is a largest saving across "
    "networks.",
    run,
)
