# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy of SqueezeNet's layers at nominal voltage, by domain and kind."""

from typing import TYPE_CHECKING

import numpy
import pfmlir
from pfmlir.plots.parts import part_color
from pfmlir.plots.style import set_scale

from . import published
from .drawing import patch, stack
from .results import Comparison, Experiment, Result, Rows, agree, table
from .setting import DOMAIN_LABELS, LABELS, Setting, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NETWORK = "squeezenet"
KINDS = ("dynamic", "leakage")
GATINGS = {"none": "all banks on", "bank": "banks gated"}
PARTS = [(kind, domain) for domain in DOMAIN_LABELS for kind in KINDS]


def _schedule(setting: Setting, gating: str) -> pfmlir.Schedule:
    fps = setting.nominal_fps(NETWORK)
    return setting.schedule(NETWORK, fps, "nominal", gating=gating)


def _rows(schedule: pfmlir.Schedule, gating: str) -> Rows:
    """Return a row for each layer."""
    rows = []
    for layer in schedule.layers:
        row = {"gating": gating, "layer": str(layer["name"])}
        for kind, domain in PARTS:
            energies_j = layer[f"{kind}_energy_by_domain_j"]
            column = f"{DOMAIN_LABELS[domain].replace(' ', '_')}_{kind}_j"
            row[column] = float(energies_j[schedule.domains.index(domain)])
        row["layer_j"] = float(layer["energy_j"])
        rows.append(row)
    return rows


def _totals(rows: Rows, gating: str) -> dict[tuple[str, str], float]:
    """Return the energy of all layers by part, in joules."""
    return {
        (kind, domain): sum(
            row[f"{DOMAIN_LABELS[domain].replace(' ', '_')}_{kind}_j"]
            for row in rows
            if row["gating"] == gating
        )
        for kind, domain in PARTS
    }


def _shares(rows: Rows) -> str:
    """Return each part's share of all layers' energy as a table."""
    lines = []
    for gating, label in GATINGS.items():
        totals = _totals(rows, gating)
        whole = sum(totals.values())
        lines.append([label, *(percent(totals[part] / whole, 1) for part in PARTS)])
    head = [f"{DOMAIN_LABELS[domain]}, {kind}" for kind, domain in PARTS]
    return table(["share of the energy", *head], lines)


def _draw(rows: Rows) -> "Figure":
    """Draw a bar for each layer, in parts."""
    domains = list(DOMAIN_LABELS)
    columns = list(rows[0])[2:-1]

    def draw(axes: "Axes", number: int) -> None:
        some = [row for row in rows if row["gating"] == list(GATINGS)[number]]
        base = numpy.zeros(len(some))
        for part, column in zip(PARTS, columns, strict=True):
            heights = numpy.array([row[column] for row in some])
            color = part_color(part, domains)
            axes.bar(range(len(some)), heights, 0.8, base, color=color, label=str(part))
            base += heights
        axes.set_xlim(-0.6, len(some) - 0.4)
        axes.set_ylim(0, 1.03 * max(row["layer_j"] for row in rows))
        set_scale(axes.yaxis, axes.get_ylim()[1], "energy", "J", 5)
        if number:
            axes.set_xlabel("layer, in order from 0")

    entries = [
        (patch(part_color((kind, domain), domains)), f"{DOMAIN_LABELS[domain]}, {kind}")
        for kind, domain in PARTS
    ]
    titles = [f"{LABELS[NETWORK]} at 1.10 V, {label}" for label in GATINGS.values()]
    return stack(titles, entries, draw, height=80)


def run(setting: Setting) -> Result:
    """Break the energy of layers at nominal voltage down."""
    _, nominal_j, gated_j = published.BASELINES[NETWORK][:3]
    schedules = {gating: _schedule(setting, gating) for gating in GATINGS}
    rows = [row for gating in GATINGS for row in _rows(schedules[gating], gating)]
    totals = _totals(rows, "none")
    whole = sum(totals.values())
    weight = sum(totals[kind, "weight"] for kind in KINDS)
    largest = max(
        (row for row in rows if row["gating"] == "none"), key=lambda r: r["layer_j"]
    )
    return Result(
        rows=rows,
        findings=[
            _shares(rows),
            f"The weight memory takes {percent(weight / whole, 0)} of the layers' "
            "energy with all banks on, and "
            f"{percent(totals['leakage', 'weight'] / weight, 0)} of that by leaking. "
            "The most expensive layer is "
            f"`{largest['layer']}` with {1e6 * largest['layer_j']:.1f} µJ of "
            f"{1e6 * whole:.1f} µJ.",
        ],
        figures={"breakdown": _draw(rows)},
        comparisons=[
            Comparison(
                f"SqueezeNet's period at 1.10 V, 78 fps, {label}",
                f"{1e6 * schedules[gating].energy_j:.4f} µJ",
                artifact=f"{1e6 * artifact_j:.4f} µJ",
            )
            for (gating, label), artifact_j in zip(
                GATINGS.items(), (nominal_j, gated_j), strict=True
            )
        ],
        checks=[
            agree(f"{NETWORK} nominal", schedules["none"].energy_j, nominal_j),
            agree(f"{NETWORK} nominal, gated", schedules["bank"].energy_j, gated_j),
        ],
    )


EXPERIMENT = Experiment(
    "breakdown",
    "Energy by domain",
    "Where the energy of SqueezeNet's layers goes at nominal voltage: to the weight "
    "memory, the feature-map memories and their feeder, or the compute array; and how "
    "much of it is leakage. The paper shows it to say why domains need voltages of "
    "their own.",
    run,
)
