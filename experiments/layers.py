# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What every layer saves, sorted, and the running sum."""

from itertools import accumulate
from typing import TYPE_CHECKING

from pfmlir.plots.style import set_scale

from .drawing import NETWORK_STYLES, network_style, stack
from .results import Comparison, Experiment, Result, Rows, table
from .setting import LABELS, NETWORKS, Setting, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What is not of a layer comes last.
REST = "(transitions and the rest of the period)"


def _rows(setting: Setting, name: str) -> Rows:
    """Return what every layer saves against nominal voltage, the most first."""
    fps = setting.nominal_fps(name)
    before = setting.schedule(name, fps, "nominal", gating="none")
    after = setting.schedule(name, fps)
    parts = [
        (str(a["name"]), float(a["energy_j"]), float(b["energy_j"]))
        for a, b in zip(before.layers, after.layers, strict=True)
    ]
    parts.sort(key=lambda part: part[2] - part[1])
    rest = [s.energy_j - sum(s.layers["energy_j"]) for s in (before, after)]
    parts.append((REST, float(rest[0]), float(rest[1])))
    sums = list(accumulate(nominal - best for _, nominal, best in parts))
    return [
        {
            "network": name,
            "fps": fps,
            "rank": rank,
            "layer": layer,
            "nominal_j": nominal,
            "optimum_j": best,
            "saved_j": nominal - best,
            "running_sum_j": total,
            "running_share": total / sums[-1],
        }
        for rank, ((layer, nominal, best), total) in enumerate(
            zip(parts, sums, strict=True), 1
        )
    ]


def _most(some: Rows, share: float) -> int:
    """Return how many layers make a share of all that is saved."""
    return next(row["rank"] for row in some if row["running_share"] >= share)


def _draw(rows: Rows) -> "Figure":
    """Draw savings as bars, and their running sum as a curve, for each network."""

    def draw(axes: "Axes", number: int) -> None:
        name = NETWORKS[number]
        some = [r for r in rows if r["network"] == name and r["layer"] != REST]
        ranks = [row["rank"] for row in some]
        color = NETWORK_STYLES[name][0]
        axes.bar(ranks, [row["saved_j"] for row in some], 0.8, color=color, label=name)
        axes.set_xlim(0.2, len(some) + 0.8)
        largest = max(row["saved_j"] for row in some)
        set_scale(axes.yaxis, largest, "saved", "J", 4)
        shares = axes.twinx()
        shares.spines["top"].set_visible(False)
        shares.plot(
            ranks,
            [100 * row["running_share"] for row in some],
            **network_style(name) | {"color": "0.25", "markersize": 1.6},
        )
        low = min(0.0, min(row["saved_j"] for row in some))
        axes.set_ylim(1.1 * low, 1.1 * largest)
        # Both zeros at one height.
        shares.set_ylim(110 * 1.1 * low / (1.1 * largest), 110)
        shares.set_yticks([0, 50, 100])
        shares.set_ylabel("running sum (%)", labelpad=2)
        if number == len(NETWORKS) - 1:
            axes.set_xlabel("layer, the one that saves most first")

    titles = [LABELS[name] for name in NETWORKS]
    return stack(titles, [], draw, height=64, right=32)


def run(setting: Setting) -> Result:
    """Find where energy is saved."""
    rows = [
        row for n in setting.track(NETWORKS, "networks") for row in _rows(setting, n)
    ]
    lines = []
    for name in NETWORKS:
        some = [row for row in rows if row["network"] == name]
        total = some[-1]["running_sum_j"]
        lines.append(
            [
                f"{LABELS[name]}, {some[0]['fps']} fps",
                f"{1e6 * total:.1f} µJ",
                percent(total / sum(row["nominal_j"] for row in some), 1),
                f"{_most(some, 0.5)} of {len(some) - 1}",
                f"{_most(some, 0.8)} of {len(some) - 1}",
                f"{some[0]['layer']} ({percent(some[0]['running_share'], 0)})",
            ]
        )
    head = ["", "saved", "of nominal", "layers for half", "for 80 %", "the most"]
    return Result(
        rows=rows,
        findings=[
            table(head, lines),
            "The data have what is not of a layer, too, and the running sum ends at "
            f"100 % with it: {REST[1:-1]}.",
        ],
        figures={"layers": _draw(rows)},
        comparisons=[
            Comparison(
                "layers that make 80 % of what is saved, network by network",
                ", ".join(line[4] for line in lines),
            )
        ],
    )


EXPERIMENT = Experiment(
    "layers",
    "Savings by layer",
    "What every layer takes less in the optimum than at nominal voltage without "
    "gating, sorted, and the running sum; at the highest whole rate that nominal "
    "voltage reaches.",
    run,
)
