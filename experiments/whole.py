# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whole networks as torch-mlir lowers them, against the paper's lists of layers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pfmlir
from pfmlir.plots.style import lighter

from benchmarks.search_instances import fastest_time_s

from .drawing import NETWORK_STYLES, name_bars, patch, stack
from .results import Experiment, Result, Rows, table
from .setting import LABELS, NETWORKS, Setting, percent, schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of the highest rate of the whole network.
SHARE = 0.75
KINDS = {"paper": "the paper's layers", "whole": "whole"}


def _row(name: str, kind: str, layers: "pfmlir.ir.Module", fps: float) -> dict:
    """Return size, speed and energy of a network."""
    found = schedule(layers, fps)
    return {
        "network": name,
        "layers_of": kind,
        "layers": len(found.layers),
        "multiply_accumulates": int(found.layers["multiply_accumulates"].sum()),
        "uncosted_operations": sum(found.uncosted.values()),
        "highest_fps": 1 / fastest_time_s(pfmlir.tabulate_costs(layers)),
        "fps": fps,
        "optimum_j": found.energy_j,
        "lower_bound_j": found.lower_bound_j,
        "rails_v": "|".join(f"{rail:.3g}" for rail in found.rails_v),
    }


def _rows(setting: Setting, name: str) -> Rows:
    """Return both kinds of layers at one rate, and the paper's at its own share."""
    paper, whole = setting.layers(name), setting.whole_layers(name)
    rates = [SHARE / fastest_time_s(pfmlir.tabulate_costs(m)) for m in (whole, paper)]
    return [
        _row(name, "paper", paper, rates[0]),
        _row(name, "whole", whole, rates[0]),
        _row(name, "paper", paper, rates[1]),
    ]


def _triples(rows: Rows) -> list[tuple[dict, dict, dict]]:
    """Return the rows of each network."""
    return list(zip(rows[::3], rows[1::3], rows[2::3], strict=True))


def _changes(pairs: Iterable[tuple[dict, dict]]) -> str:
    """Return what whole networks take more, network by network."""
    return ", ".join(
        f"{percent(whole['optimum_j'] / paper['optimum_j'] - 1, 1)} "
        f"({LABELS[paper['network']]})"
        for paper, whole in pairs
    )


def _draw(rows: Rows) -> "Figure":
    """Draw energies in pairs of bars, relative to the paper's."""
    pairs = [(paper, whole) for paper, whole, _ in _triples(rows)]

    def draw(axes: "Axes", _: int) -> None:
        for place, (paper, whole) in enumerate(pairs):
            color = NETWORK_STYLES[paper["network"]][0]
            share = whole["optimum_j"] / paper["optimum_j"]
            axes.bar(place - 0.2, 1, 0.36, color=lighter(color), label="paper")
            axes.bar(place + 0.2, share, 0.36, color=color, label="whole")
            axes.annotate(
                f"{share:.2f}",
                (place + 0.2, share),
                (0, 1.5),
                textcoords="offset points",
                ha="center",
                size=6,
            )
        name_bars(axes, [paper["network"] for paper, _ in pairs])
        axes.set_ylabel("energy / the paper's")

    entries = [
        (patch(lighter("#555555")), KINDS["paper"]),
        (patch("#555555"), KINDS["whole"]),
    ]
    return stack([""], entries, draw, height=90, bottom=28)


def run(setting: Setting) -> Result:
    """Schedule networks whole."""
    names = ("mobilenetv3_small",) if setting.quick else NETWORKS
    rows = [row for n in setting.track(names, "networks") for row in _rows(setting, n)]
    lines = [
        [
            f"{LABELS[row['network']]}, {KINDS[row['layers_of']]}",
            str(row["layers"]),
            f"{row['multiply_accumulates'] / 1e6:.1f}",
            str(row["uncosted_operations"]),
            f"{row['highest_fps']:.2f}",
            f"{row['fps']:.2f}",
            f"{1e6 * row['optimum_j']:.1f} µJ",
        ]
        for row in rows
    ]
    triples = _triples(rows)
    at_one_rate = _changes((paper, whole) for paper, whole, _ in triples)
    at_own_share = _changes((own, whole) for _, whole, own in triples)
    return Result(
        rows=rows,
        findings=[
            table(
                [
                    "",
                    "layers",
                    "million MACs",
                    "not costed",
                    "highest fps",
                    "at fps",
                    "optimum",
                ],
                lines,
            ),
            f"At the same rate the whole network's optimum takes more than that of the "
            f"paper's layers by {at_one_rate}. Some of that is the deadline's: the "
            "shorter list has more slack at this rate. With both at "
            f"{percent(SHARE, 0)} of their own highest rates it is {at_own_share}.",
            "SqueezeNet is the same both times, as it has neither head nor "
            "squeeze-excite blocks; only its memories' sizes differ. A layer that "
            "computes a single position, as in a squeeze-excite block or a head, reads "
            "every weight for one use, and waits for it. Memories of whole networks "
            "are as large as their largest layer needs; with all banks gated that "
            "matters little. MobileViT's attention is as many products as it has "
            "heads, each as deep as one head. Whole, ResNet-18 accumulates in one "
            "go, and not in chunks as the paper has it. Not costed are operations "
            "that the model says nothing of: pooling, normalisation, softmax, "
            "additions; and, in the paper's lists, the layers left out.",
        ],
        figures={"whole": _draw(rows)},
    )


EXPERIMENT = Experiment(
    "whole",
    "Whole networks",
    "The paper leaves squeeze-excite blocks and heads out, and simplifies attention. "
    "What torch-mlir really emits for these networks, next to the paper's lists, both "
    f"at {percent(SHARE, 0)} of the whole network's highest rate, and the paper's also "
    "at that share of its own.",
    run,
    is_from_paper=False,
)
