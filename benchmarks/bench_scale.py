# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time the exact search by itself: one query, whole fronts, and as problems grow.

One thread, in one process, on cost tables that are there.

1. The four reference networks, as torch-mlir writes them, at nine levels, three rails
   and several shares of each network's highest rate: how long a query takes and where
   that goes, beside the time to make the tables and to read them once.
2. The energy of the same networks for every deadline, within a tolerance: beside a
   front of proven optima, and beside a separate query at each point, which also checks
   what is said of the points. With `--old` beside another package, in turn.
3. Each network at more levels, in processor time: to lay its arrays out, to prove an
   optimum once, and again on what was worked out then.
4. Problems that grow: the networks one after the other, and made-up layers; more
   levels, domains and rails. At most a limit each; where that ends a search, the gap
   that is proven; and the time to a proven gap of 0.01 %.
5. ResNet-18 at 41 levels and four rails, in a process of its own for each way to ask:
   processor time and memory, with 68,921 states of each layer.

Usage, after tools/setup.sh torch:

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_scale
"""

import argparse
import functools
import itertools
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pfmlir

from . import ROOT
from .bench_search import processor_s, timed
from .scale_fronts import measure_fronts, print_fronts
from .search_instances import (
    NETWORKS,
    SHARES,
    chained,
    fastest_time_s,
    form_layers,
    synthetic_costs,
)

CLOSE = 1e-4
GROWTH_SHARE = 0.75

Row = dict[str, Any]


# ---------------------------------------------------------------------------
# Single queries
# ---------------------------------------------------------------------------


def measure_queries(folder: Path | None, repeat: int) -> Iterator[Row]:
    """Yield a row for each network and rate."""
    for name in NETWORKS:
        layers = form_layers(name, folder)
        tabulating, costs = timed(lambda m=layers: pfmlir.tabulate_costs(m), repeat)
        reading, _ = timed(
            lambda c=costs: (c.energy_j.sum(), c.time_s.sum(), c.leakage_w.sum()),
            repeat,
        )
        fastest_s = fastest_time_s(costs)
        for share in SHARES:
            searching, solution = timed(
                lambda c=costs, s=fastest_s / share: c.solve(period_s=s), repeat
            )
            yield {
                "network": name,
                "layers": len(costs.layer_names),
                "share": share,
                "fps": share / fastest_s,
                "tabulate_s": statistics.median(tabulating),
                "read_once_s": statistics.median(reading),
                "solve_s": statistics.median(searching),
                "solve_least_s": min(searching),
                "solve_most_s": max(searching),
                "is_optimal": solution.is_optimal,
                "energy_j": solution.energy_j,
                # Of the last run.
                "profile_s": solution.profile_s,
                **solution.statistics,
            }


def print_queries(rows: Iterator[Row]) -> list[Row]:
    """Print rows as they come, and return them."""
    print(
        "Milliseconds: to make the cost tables, to read them once, and to solve:\n"
        "median (least, most); of the last run, the search's bounds of all rail sets,\n"
        "its relaxations and its labels. The rest is to check and convert arguments.\n"
        "\n"
        f"{'network':18} {'layers':>6} {'fps':>7} {'share':>6} {'tables':>7} "
        f"{'read':>6} {'solve':>19} {'bounds':>7} {'relax':>6} {'labels':>7} "
        f"{'number':>7}"
    )
    kept = []
    for row in rows:
        kept.append(row)
        phases = {name: 1e3 * value for name, value in row["profile_s"].items()}
        spread = (
            f"{1e3 * row['solve_s']:.1f} ({1e3 * row['solve_least_s']:.1f}, "
            f"{1e3 * row['solve_most_s']:.1f})"
        )
        print(
            f"{row['network']:18} {row['layers']:6} {row['fps']:7.2f} "
            f"{row['share']:6.0%} {1e3 * row['tabulate_s']:7.1f} "
            f"{1e3 * row['read_once_s']:6.2f} {spread:>19} "
            f"{phases['fastest_path'] + phases['crude_bounds']:7.2f} "
            f"{phases['relaxation']:6.2f} {phases['label_setting']:7.2f} "
            f"{row['labels']:7}{'' if row['is_optimal'] else ' NOT PROVEN'}",
            flush=True,
        )
    worst = max(kept, key=lambda row: row["tabulate_s"] + row["solve_s"])
    total = 1e3 * (worst["tabulate_s"] + worst["solve_s"])
    print(f"\nslowest, tables included: {worst['network']}, {total:.1f} ms")
    return kept


# ---------------------------------------------------------------------------
# Levels
# ---------------------------------------------------------------------------


def measure_levels(folder: Path | None, repeat: int) -> Iterator[Row]:
    """Yield a row for each network and number of levels."""
    for name, levels in itertools.product(NETWORKS, (9, 17, 33)):
        costs = pfmlir.tabulate_costs(form_layers(name, folder, levels_v(levels)))
        period_s = fastest_time_s(costs) / GROWTH_SHARE
        prepare = functools.partial(costs.prepare, period_s=period_s)
        seconds: dict[str, list[float]] = {
            "prepare_s": [],
            "first_s": [],
            "again_s": [],
        }
        for _ in range(repeat):
            took_s, prepared = processor_s(prepare)
            seconds["prepare_s"].append(took_s)
            solve = functools.partial(prepared.solve, "exact", {"threads": 1})
            for which in ("first_s", "again_s"):
                took_s, answer = processor_s(solve)
                seconds[which].append(took_s)
        yield {
            "network": name,
            "levels": levels,
            "states": costs.energy_j.size,
            **{which: statistics.median(took) for which, took in seconds.items()},
            "is_optimal": answer["is_optimal"],
            # Of the last run.
            "profile_s": answer["profile_s"],
            **answer["statistics"],
        }


def print_levels(rows: Iterator[Row]) -> list[Row]:
    """Print rows as they come, and return them."""
    print(
        "\nMore levels, in milliseconds of the processor, medians: to check and\n"
        "convert arrays, to solve, and to solve again; of the last run, the search's\n"
        "bounds of all rail sets, its relaxations and its labels.\n\n"
        f"{'network':18} {'levels':>6} {'states':>8} {'rail sets':>9} {'prepare':>8} "
        f"{'solve':>6} {'again':>6} {'bounds':>7} {'relax':>6} {'labels':>7}  proof"
    )
    kept = []
    for row in rows:
        kept.append(row)
        phases = {name: 1e3 * value for name, value in row["profile_s"].items()}
        print(
            f"{row['network']:18} {row['levels']:6} {row['states']:8} "
            f"{row['rail_sets']:9} {1e3 * row['prepare_s']:8.1f} "
            f"{1e3 * row['first_s']:6.1f} {1e3 * row['again_s']:6.1f} "
            f"{phases['fastest_path'] + phases['crude_bounds']:7.2f} "
            f"{phases['relaxation']:6.2f} {phases['label_setting']:7.2f}"
            f"  {'optimal' if row['is_optimal'] else 'NOT PROVEN'}",
            flush=True,
        )
    return kept


# ---------------------------------------------------------------------------
# Growth
# ---------------------------------------------------------------------------


def grow(what: str, costs: pfmlir.CostTables, rails: int, limit_s: float) -> Row:
    """Return the row of a problem."""
    period_s = fastest_time_s(costs) / GROWTH_SHARE

    def solve(gap: float) -> pfmlir.Solution:
        return costs.solve(
            period_s=period_s, max_rails=rails, time_limit_s=limit_s, gap=gap
        )

    (close_s,), close = timed(lambda: solve(CLOSE), 1)
    (seconds,), found = timed(lambda: solve(0.0), 1)
    return {
        "what": what,
        "layers": len(costs.layer_names),
        "levels": len(costs.levels_v),
        "domains": len(costs.domains),
        "rails": rails,
        "close_s": close_s,
        "close_gap": close.gap,
        "solve_s": seconds,
        "is_optimal": found.is_optimal,
        "gap": found.gap,
        "peak_memory_bytes": peak_memory_bytes(),
        **found.statistics,
    }


def measure_growth(
    folder: Path | None, limit_s: float, most_layers: int
) -> Iterator[Row]:
    """Yield a row for each size of problem, at three quarters of the highest rate."""

    def tables(levels: int = 9) -> list[pfmlir.CostTables]:
        some = levels_v(levels)
        return [pfmlir.tabulate_costs(form_layers(n, folder, some)) for n in NETWORKS]

    nine = tables()
    lengths = [n for n in (10, 30, 100, 300, 1000, 3000, 10000) if n <= most_layers]
    sources: tuple[tuple[str, Callable[[int], pfmlir.CostTables]], ...] = (
        ("networks", lambda layers: chained(nine, layers)),
        ("made up", lambda layers: synthetic_costs(1, layers, 9, 3)),
    )
    for what, make in sources:
        for layers in lengths:
            yield grow(what, make(layers), 3, limit_s)
    for levels in (3, 5, 9, 17, 33):
        yield grow("levels", chained(tables(levels), 90), 3, limit_s)
    for domains in (1, 2, 3, 4, 5):
        yield grow("domains", synthetic_costs(1, 90, 5, domains), 3, limit_s)
    for rails in (1, 2, 3, 4, 5):
        yield grow("rails", chained(nine, 90), rails, limit_s)


def print_growth(rows: Iterator[Row], limit_s: float) -> list[Row]:
    """Print rows as they come, and return them."""
    print(
        f"\nAt three quarters of the highest rate, at most {limit_s:g} s each:\n"
        "seconds until the schedule is proven to be within 0.01 %, and optimal.\n\n"
        f"{'grows':9} {'layers':>6} {'levels':>6} {'domains':>7} {'rails':>5} "
        f"{'0.01 %':>8} {'us/layer':>8} {'optimal':>8} {'rail sets':>9} "
        f"{'labels':>9} {'peak MB':>7}  proof"
    )
    kept = []
    for row in rows:
        kept.append(row)
        proof = "optimal" if row["is_optimal"] else f"gap {row['gap']:.1e}"
        if row["close_gap"] > CLOSE * (1 + 1e-6):
            proof += f"; first gap {row['close_gap']:.1e}"
        print(
            f"{row['what']:9} {row['layers']:6} {row['levels']:6} {row['domains']:7} "
            f"{row['rails']:5} {row['close_s']:8.4f} "
            f"{1e6 * row['close_s'] / row['layers']:8.0f} {row['solve_s']:8.4f} "
            f"{row['rail_sets']:9} {row['labels']:9} "
            f"{row['peak_memory_bytes'] / 1e6:7.0f}  {proof}",
            flush=True,
        )
    return kept


# ---------------------------------------------------------------------------
# Many states
# ---------------------------------------------------------------------------

FINE_NETWORK, FINE_LEVELS, FINE_RAILS = "resnet18", 41, 4
WAYS = ("tables", "design", "schedule")


def levels_v(number: int) -> list[float]:
    """Return so many levels, evenly from the lowest to the highest of pf40."""
    return [float(v) for v in numpy.linspace(0.9, 1.3, number).round(6)]


def peak_memory_bytes() -> int:
    """Return the most memory that this process had so far."""
    # `getrusage` starts from what the process had that started it.
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return 1024 * int(peak.split()[1])


def measure_states(folder: Path | None, way: str, period_s: float) -> Row:
    """Return the row of a way to ask, in a process that did nothing else."""
    imported = peak_memory_bytes()
    layers = form_layers(FINE_NETWORK, folder, levels_v(FINE_LEVELS))
    began = time.process_time()
    costing_s = 0.0
    if way == "tables":
        costs = pfmlir.tabulate_costs(layers)
        costing_s = time.process_time() - began
        found = costs.solve(period_s=period_s, max_rails=FINE_RAILS, threads=1)
        is_optimal = found.is_optimal
    elif way == "design":
        rails = {"target.max_rails": FINE_RAILS}
        answers = pfmlir.Designs(layers).solve([rails], [period_s])
        is_optimal = answers.status[0] == pfmlir.DesignStatus.OPTIMAL
    else:
        schedule = pfmlir.schedule(
            layers, period_s=period_s, max_rails=FINE_RAILS, threads=1
        )
        is_optimal = schedule.is_optimal
    return {
        "way": way,
        "costing_s": costing_s,
        "processor_s": time.process_time() - began,
        "is_optimal": bool(is_optimal),
        "imported_bytes": imported,
        "peak_memory_bytes": peak_memory_bytes(),
    }


def measure_ways(folder: Path | None) -> Iterator[Row]:
    """Yield a row for each way to ask."""
    nine = pfmlir.tabulate_costs(form_layers(FINE_NETWORK, folder))
    period_s = fastest_time_s(nine) / GROWTH_SHARE
    context = multiprocessing.get_context("spawn")
    for way in WAYS:
        with ProcessPoolExecutor(1, context) as alone:
            yield alone.submit(measure_states, folder, way, period_s).result()


def print_ways(rows: Iterator[Row]) -> list[Row]:
    """Print rows as they come, and return them."""
    print(
        f"\n{FINE_NETWORK} at {FINE_LEVELS} levels and {FINE_RAILS} rails: processor "
        "seconds, of them to make\ntables that Python has, and memory, of it what "
        "importing pfmlir takes.\n\n"
        f"{'way':9} {'tables':>7} {'all':>7} {'peak MB':>8} {'imports':>8}  proof"
    )
    kept = []
    for row in rows:
        kept.append(row)
        tables = f"{row['costing_s']:.3f}" if row["costing_s"] else ""
        print(
            f"{row['way']:9} {tables:>7} {row['processor_s']:7.3f} "
            f"{row['peak_memory_bytes'] / 1e6:8.0f} {row['imported_bytes'] / 1e6:8.0f}"
            f"  {'optimal' if row['is_optimal'] else 'NOT PROVEN'}",
            flush=True,
        )
    return kept


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--exports", type=Path, default=ROOT / "build/benchmarks")
    parser.add_argument(
        "--shapes",
        action="store_true",
        help="the paper's lists of shapes, instead of networks from PyTorch",
    )
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument(
        "--old",
        type=Path,
        metavar="FOLDER",
        help="python_packages of another build, to compare fronts with",
    )
    parser.add_argument("--time-limit-s", type=float, default=10)
    parser.add_argument("--most-layers", type=int, default=10000)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    folder = None if options.shapes else options.exports
    figures = {
        "queries": print_queries(measure_queries(folder, options.repeat)),
        "fronts": print_fronts(measure_fronts(folder, options.repeat, options.old)),
        "levels": print_levels(measure_levels(folder, options.repeat)),
        "growth": print_growth(
            measure_growth(folder, options.time_limit_s, options.most_layers),
            options.time_limit_s,
        ),
        "states": print_ways(measure_ways(folder)),
    }
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
