# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks that the paper has not, from PyTorch."""

from typing import TYPE_CHECKING

import pfmlir

from benchmarks.search_instances import fastest_time_s

from .drawing import draw_methods, method_entries, stack
from .results import Experiment, Result, Rows, table
from .setting import (
    LABELS,
    Setting,
    energies_j,
    energy_column,
    nominal_time_s,
    percent,
    schedule,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NETWORKS = ("mobilenetv2", "person_detection", "ds_cnn")
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def _rows(setting: Setting, name: str) -> Rows:
    """Return the energies of a network over its rates."""
    layers = setting.whole_layers(name)
    tables = pfmlir.tabulate_costs(layers)
    highest = 1 / fastest_time_s(tables)
    nominal_fps = float(int(1 / nominal_time_s(tables)))
    macs = int(schedule(layers, nominal_fps).layers["multiply_accumulates"].sum())
    rates = {share * highest for share in setting.few(SHARES, 3)} | {nominal_fps}
    rows = []
    for fps in sorted(rates):
        found = energies_j(layers, tables, fps)
        rows.append(
            {
                "network": name,
                "layers": len(tables.layer_names),
                "multiply_accumulates": macs,
                "highest_fps": highest,
                "nominal_fps": nominal_fps,
                "fps": fps,
                **{energy_column(m): "" if e is None else e for m, e in found.items()},
            }
        )
    return rows


def _line(some: Rows) -> list[str]:
    """Return a network's line of the table: at the rate that nominal reaches."""
    (row,) = (row for row in some if row["fps"] == row["nominal_fps"])
    best_j = row["exact_j"]
    return [
        LABELS[row["network"]],
        str(row["layers"]),
        f"{row['multiply_accumulates'] / 1e6:.1f}",
        f"{row['highest_fps']:.1f}",
        f"{row['fps']:g}",
        f"{1e6 * best_j:.2f} µJ",
        *(
            percent(1 - best_j / row[energy_column(method)], 1)
            for method in ("nominal", "nominal_gated", "greedy_gated")
        ),
        percent(row["lambda_dp_j"] / best_j - 1, 3),
    ]


def _draw(rows: Rows, names: tuple[str, ...]) -> "Figure":
    """Draw a panel for each network, and a curve for each method."""

    def draw(axes: "Axes", number: int) -> None:
        draw_methods(axes, [r for r in rows if r["network"] == names[number]])
        if number < len(names) - 1:
            axes.set_xlabel("")

    return stack([LABELS[name] for name in names], method_entries(), draw, height=82)


def run(setting: Setting) -> Result:
    """Schedule other networks."""
    names = setting.few(NETWORKS, 1)
    by_name = {n: _rows(setting, n) for n in setting.track(names, "networks")}
    rows = [row for some in by_name.values() for row in some]
    head = [
        "",
        "layers",
        "million MACs",
        "highest fps",
        "at fps",
        "optimum",
        "saved: nominal",
        "nominal, gated",
        "greedy, gated",
        "lambda-DP above",
    ]
    return Result(
        rows=rows,
        findings=[
            "At the highest whole rate that nominal voltage reaches:",
            table(head, [_line(some) for some in by_name.values()]),
            "These networks are whole, and memories as large as their largest layer "
            "needs: a small network has few banks. Gating has little to save there, "
            "and on DS-CNN its controller costs more.",
        ],
        figures={"more": _draw(rows, tuple(names))},
    )


EXPERIMENT = Experiment(
    "more",
    "More networks",
    "Three networks that the paper has not, from PyTorch through torch-mlir: "
    "MobileNetV2, and two of the kind that runs on microcontrollers, person detection "
    "and keyword spotting.",
    run,
    is_from_paper=False,
)
