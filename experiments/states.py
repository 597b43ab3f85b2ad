# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All states of a layer: energy against time, Pareto front, and pruning."""

from typing import TYPE_CHECKING

import numpy
from pfmlir import CostTables
from pfmlir.plots.style import INK, set_scale

from testing.reference.published import largest_deviation

from .domination import kept_states, pareto_states
from .drawing import NEUTRAL, line, stack
from .results import Check, Comparison, Experiment, Result, Rows, agree
from .setting import (
    LABELS,
    LEVELS_V,
    NETWORKS,
    NOMINAL_V,
    Setting,
    percent,
    single_state,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NETWORK = "squeezenet"
LAYER = "features.6.expand3x3"
KINDS = {
    "pruned": {"color": NEUTRAL, "marker": ".", "markersize": 2.4},
    "kept": {"color": "#56b4e9", "marker": ".", "markersize": 3.0},
    "Pareto": {"color": "#d55e00", "marker": "o", "markersize": 2.6},
}
DOTS = {"linestyle": "none", "markeredgewidth": 0}
NOMINAL = {"color": INK, "marker": "x", "markersize": 5, "linestyle": "none"}


def _rows(tables: CostTables, layer: int) -> Rows:
    """Return a row for each state of a layer."""
    kept = kept_states(tables)[layer]
    pareto = pareto_states(tables, layer)
    return [
        {
            "layer": tables.layer_names[layer],
            **{
                f"{domain}_v": float(voltage)
                for domain, voltage in zip(
                    tables.domains, tables.voltages_v[state], strict=True
                )
            },
            "energy_j": float(tables.energy_j[layer, state]),
            "time_s": float(tables.time_s[layer, state]),
            "leakage_w": float(tables.leakage_w[layer, state]),
            "is_pareto": bool(pareto[state]),
            "is_kept": bool(kept[state]),
        }
        for state in range(len(kept))
    ]


def _check(setting: Setting, name: str) -> Check:
    """Compare every row of the artifact's cost tables of a network."""
    tables = setting.tables(name, levels_v=LEVELS_V["V3"])
    states = [tuple(voltages) for voltages in tables.voltages_v.tolist()]
    costs = numpy.stack([tables.energy_j, tables.time_s, tables.leakage_w], axis=-1)
    by_layer = [dict(zip(states, layer, strict=True)) for layer in costs]
    worst = max(largest_deviation(by_layer, name))
    return agree(f"{name}: worst of all costs, relative to its reference", 1 + worst, 1)


def _draw(rows: Rows, nominal: int) -> "Figure":
    """Draw energy against time."""

    def draw(axes: "Axes", _: int) -> None:
        for kind, some in (
            ("pruned", [row for row in rows if not row["is_kept"]]),
            ("kept", [row for row in rows if row["is_kept"]]),
            ("Pareto", [row for row in rows if row["is_pareto"]]),
        ):
            times = [row["time_s"] for row in some]
            energies = [row["energy_j"] for row in some]
            axes.plot(times, energies, label=kind, **DOTS, **KINDS[kind])
        axes.plot(rows[nominal]["time_s"], rows[nominal]["energy_j"], **NOMINAL)
        set_scale(axes.yaxis, max(row["energy_j"] for row in rows), "energy", "J")
        set_scale(axes.xaxis, max(row["time_s"] for row in rows), "time", "s", 7)

    entries = [
        (line({**DOTS, **style, "marker": "o", "markersize": 3.5}), kind)
        for kind, style in KINDS.items()
    ]
    entries.append((line(NOMINAL), f"all at {NOMINAL_V:.2f} V"))
    title = f"{LABELS[NETWORK]}, {LAYER}: {len(rows)} states"
    return stack([title], entries, draw, height=130)


def run(setting: Setting) -> Result:
    """Look at the states of a layer, and at how many there are in all networks."""
    tables = setting.tables(NETWORK)
    layer = tables.layer_names.index(LAYER)
    rows = _rows(tables, layer)
    nominal = single_state(tables, NOMINAL_V)
    pareto = [row for row in rows if row["is_pareto"]]
    shares = {name: kept_states(setting.tables(name)).mean() for name in NETWORKS}
    same_time = [
        row for row in rows if row["time_s"] <= rows[nominal]["time_s"] * (1 + 1e-12)
    ]
    saved = 1 - min(r["energy_j"] for r in same_time) / rows[nominal]["energy_j"]
    return Result(
        rows=rows,
        findings=[
            f"Of {len(rows)} states of `{LAYER}` at nine levels, {len(pareto)} are on "
            "the Pareto front of energy and time, and "
            f"{sum(row['is_kept'] for row in rows)} survive pruning, which also keeps "
            "states for their leakage power or their voltages. Over all layers of a "
            "network, there survive "
            + ", ".join(
                f"{percent(share, 0)} ({LABELS[name]})"
                for name, share in shares.items()
            )
            + ".",
            f"Some state takes {percent(saved, 1)} less energy than nominal voltage, "
            "and no more time.",
        ],
        figures={"states": _draw(rows, nominal)},
        checks=[_check(setting, name) for name in NETWORKS],
        comparisons=[
            Comparison(
                f"states of SqueezeNet's {LAYER}: all, kept, Pareto",
                f"{len(rows)}, {sum(r['is_kept'] for r in rows)}, {len(pareto)}",
            )
        ],
    )


EXPERIMENT = Experiment(
    "states",
    "Power states of a layer",
    "Each domain's voltage makes a state of its own. The paper shows energy against "
    "time of all states of a layer, and that many are no use.",
    run,
)
