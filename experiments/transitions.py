# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rail switches and energy against the energy of a transition."""

from itertools import pairwise
from typing import TYPE_CHECKING

from pfmlir.units import with_prefix

from .drawing import network_entries, network_style, stack
from .results import Comparison, Experiment, Result, Rows, table
from .setting import LABELS, NETWORKS, Setting, percent, proven

if TYPE_CHECKING:
    import pfmlir
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRANSITIONS_J = (0.0, 1e-10, 1e-9, 3e-9, 1e-8, 3e-8, 1e-7, 3e-7, 1e-6)
TRANSITION_S = 15e-9
# Of the axis.
LINEAR_J = 1e-10
TICKS_J = (0.0, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)


def count_switches(tables: "pfmlir.CostTables", states: list[int]) -> int:
    """Return how often a domain changes its level between two layers."""
    return int(
        sum((tables.states[a] != tables.states[b]).sum() for a, b in pairwise(states))
    )


def _row(setting: Setting, name: str, transition_j: float) -> dict:
    """Return switches and energies with a transition's energy."""
    fps = setting.nominal_fps(name)
    tables = setting.tables(
        name,
        transition_energy_j=transition_j,
        transition_time_s=TRANSITION_S,
        sleep_power_w=0.0,
    )
    exact = proven(tables.solve(fps=fps))
    heuristic = tables.solve(fps=fps, search="lambda-dp")
    return {
        "network": name,
        "fps": fps,
        "transition_j": transition_j,
        "switches": count_switches(tables, exact.states.tolist()),
        "rails": len(exact.rails),
        "optimum_j": exact.energy_j,
        "lambda_dp_switches": count_switches(tables, heuristic.states.tolist()),
        "lambda_dp_j": heuristic.energy_j,
    }


def _draw(rows: Rows) -> "Figure":
    """Draw switches above, and energies below."""

    def draw(axes: "Axes", number: int) -> None:
        for name in NETWORKS:
            some = [row for row in rows if row["network"] == name]
            values = [
                row["optimum_j"] / some[0]["optimum_j"] if number else row["switches"]
                for row in some
            ]
            axes.plot(energies, values, clip_on=False, **network_style(name))
        # By decades, and from nothing to the least linearly.
        axes.set_xscale("symlog", linthresh=LINEAR_J, linscale=0.5)
        ticks = [energy for energy in TICKS_J if energy <= energies[-1]]
        axes.set_xticks(ticks, [*map(_tick, ticks)] if number else [""] * len(ticks))
        axes.minorticks_off()
        axes.set_xlim(energies[0], energies[-1])
        axes.set_ylabel("energy / at 0 J" if number else "rail switches")
        if number:
            axes.set_xlabel("energy of a transition")
        else:
            axes.set_ylim(0)

    energies = list(dict.fromkeys(row["transition_j"] for row in rows))
    return stack(["", ""], network_entries(NETWORKS), draw, height=84, bottom=36)


def _tick(energy_j: float) -> str:
    """Return an energy to write below an axis."""
    return "0" if not energy_j else with_prefix(energy_j, "J").replace(" ", "\n")


def run(setting: Setting) -> Result:
    """Make transitions dearer."""
    values = setting.few(TRANSITIONS_J, 3)
    points = [(name, value) for name in NETWORKS for value in values]
    rows = [_row(setting, *point) for point in setting.track(points, "transitions")]
    by_name = {n: [row for row in rows if row["network"] == n] for n in NETWORKS}
    lines = [
        [
            f"{LABELS[name]}, {some[0]['fps']} fps",
            *(
                f"{row['switches']} "
                f"({percent(row['optimum_j'] / some[0]['optimum_j'] - 1)})"
                for row in some
            ),
        ]
        for name, some in by_name.items()
    ]
    worst = max(rows, key=lambda row: row["lambda_dp_j"] / row["optimum_j"])
    gap = worst["lambda_dp_j"] / worst["optimum_j"] - 1
    return Result(
        rows=rows,
        findings=[
            table(
                [
                    "switches (energy added)",
                    *(with_prefix(value, "J") for value in values),
                ],
                lines,
            ),
            f"The heuristic is up to {percent(gap)} above the optimum here "
            f"({LABELS[worst['network']]} at "
            f"{with_prefix(worst['transition_j'], 'J')}).",
        ],
        figures={"transitions": _draw(rows)},
        comparisons=[
            Comparison(
                f"SqueezeNet's switches, from {with_prefix(values[0], 'J')} to "
                f"{with_prefix(values[-1], 'J')} a transition",
                ", ".join(str(row["switches"]) for row in by_name["squeezenet"]),
            )
        ],
    )


EXPERIMENT = Experiment(
    "transitions",
    "Cost of transitions",
    "How often domains switch rails, and what a period costs, when a transition takes "
    "from nothing to 1 µJ (and 15 ns); at the highest whole rate that nominal voltage "
    "reaches. A switch is one domain's.",
    run,
)
