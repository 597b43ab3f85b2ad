# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time whole fronts, and check what they say of their points; see `bench_scale`."""

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pfmlir
from numpy.typing import NDArray

from .bench_search import processor_s
from .search_instances import NETWORKS, form_layers

Row = dict[str, Any]

TOLERANCES = (0.01, 0.002)

# Answers each line, a pickle of tables and a tolerance, with seconds.
OLD_PROGRAM = """
import pickle, sys, time
import pfmlir
for line in sys.stdin:
    path, tolerance = line.rsplit(maxsplit=1)
    with open(path, "rb") as file:
        costs = pickle.load(file)
    began = time.process_time()
    pfmlir.pareto_front(costs, tolerance=float(tolerance))
    print(time.process_time() - began, flush=True)
"""


class OldPackage:
    """Another build of the package, in a process of its own; none without a folder."""

    def __init__(self, packages: Path | None, scratch: Path) -> None:
        self.tables = scratch / "tables.pickle"
        self.process = packages and subprocess.Popen(
            [sys.executable, "-c", OLD_PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(packages)},
        )

    def __enter__(self) -> "OldPackage":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.communicate()

    def front_s(self, costs: pfmlir.CostTables, tolerance: float) -> list[float]:
        """Return the processor seconds of a front; none without another package."""
        if not self.process:
            return []
        assert self.process.stdin and self.process.stdout
        self.tables.write_bytes(pickle.dumps(costs))
        print(self.tables, tolerance, file=self.process.stdin, flush=True)
        return [float(self.process.stdout.readline())]


def judge(front: pfmlir.ParetoFront, optima_j: NDArray[numpy.float64]) -> str:
    """Return what a front says that searches at its points contradict; or nothing."""
    rounding = 1e-9
    wrong = {
        "BOUND ABOVE OPTIMUM": front.lower_bound_j > optima_j * (1 + rounding),
        "ENERGY BELOW OPTIMUM": front.energy_j < optima_j * (1 - rounding),
        "NO OPTIMUM": front.are_optimal & (front.energy_j > optima_j * (1 + rounding)),
        "OUTSIDE OF TOLERANCE": front.energy_j
        > optima_j * (1 + front.tolerance) * (1 + rounding),
    }
    return ", ".join(what for what, points in wrong.items() if points.any())


def measure_front(
    name: str, costs: pfmlir.CostTables, tolerance: float, repeat: int, old: OldPackage
) -> Row:
    """Return the row of a network and a tolerance; ways to ask take turns."""
    seconds: dict[str, list[float]] = {
        way: [] for way in ("front", "proven", "alone", "old")
    }

    def timed_as(way: str, work: Callable[[], Any]) -> Any:
        taken, found = processor_s(work)
        seconds[way].append(taken)
        return found

    for _ in range(repeat):
        front = timed_as(
            "front", lambda: pfmlir.pareto_front(costs, tolerance=tolerance)
        )
        proven = timed_as(
            "proven",
            lambda: pfmlir.pareto_front(costs, tolerance=tolerance, prove_points=True),
        )
        periods_s = front.period_s.tolist()
        alone = timed_as(
            "alone", lambda at=periods_s: [costs.solve(period_s=s) for s in at]
        )
        seconds["old"] += old.front_s(costs, tolerance)
    optima_j = numpy.array([solution.energy_j for solution in alone])
    return {
        "network": name,
        "tolerance": tolerance,
        "known_within": front.tolerance,
        "points": len(front.period_s),
        "optima": int(front.are_optimal.sum()),
        **{
            f"{way}_s": statistics.median(each) for way, each in seconds.items() if each
        },
        "largest_difference": float((front.energy_j / optima_j - 1).max()),
        "largest_gap": float(front.gap.max()),
        "wrong": judge(front, optima_j),
        "is_optimal": proven.is_optimal and all(each.is_optimal for each in alone),
    }


def measure_fronts(
    folder: Path | None, repeat: int, packages: Path | None
) -> Iterator[Row]:
    """Yield a row for each network and tolerance."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        OldPackage(packages, Path(scratch)) as old,
    ):
        for name in NETWORKS:
            costs = pfmlir.tabulate_costs(form_layers(name, folder))
            for tolerance in TOLERANCES:
                yield measure_front(name, costs, tolerance, repeat, old)


def print_fronts(rows: Iterator[Row]) -> list[Row]:
    """Print rows as they come, and return them."""
    print(
        "\nEnergy for every deadline, in processor milliseconds: within a tolerance; "
        "with\nproofs of every point; and the first one's points one by one, with the "
        "ratio of\nthat to the first. How far its points are above the optima, and at "
        "most can be.\n\n"
        f"{'network':18} {'within':>6} {'points':>6} {'optima':>6} {'front':>7} "
        f"{'proofs':>7} {'1 by 1':>7} {'ratio':>6} {'old':>7}  {'above':>7} "
        f"{'at most':>7}"
    )
    kept = []
    for row in rows:
        kept.append(row)
        ratio = row["alone_s"] / row["front_s"]
        old = f"{1e3 * row['old_s']:.1f}" if "old_s" in row else "-"
        print(
            f"{row['network']:18} {row['tolerance']:6.1%} {row['points']:6} "
            f"{row['optima']:6} {1e3 * row['front_s']:7.1f} "
            f"{1e3 * row['proven_s']:7.1f} {1e3 * row['alone_s']:7.1f} {ratio:6.2f} "
            f"{old:>7}  {row['largest_difference']:7.3%} {row['largest_gap']:7.3%}"
            f"{'' if row['is_optimal'] else ' NOT PROVEN'}"
            f"{row['wrong'] and ' ' + row['wrong']}",
            flush=True,
        )
    return kept
