# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time the exact search by itself: one query, and as problems grow.

One thread, in one process, on cost tables that are there. First the four reference
networks, as torch-mlir writes them, at nine levels, three rails and several shares
of each network's highest rate, with the time to make the tables beside. Then longer
and longer chains of these networks, more levels, and more rails, with a time limit;
where it ends a search, the gap that is proven.

Usage, after tools/setup.sh torch:

    PYTHONPATH=build/python_packages .venv/bin/python benchmarks/bench_scale.py
"""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pfmlir

ROOT = Path(__file__).parent.parent
NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")
SHARES = (0.50, 0.75, 0.90, 0.97)


def load(name: str, folder: Path) -> Any:
    """Return a network as a module of layers, importing it if it is not there."""
    path = folder / f"{name}.mlir"
    if not path.exists():
        from pfmlir.networks import build

        folder.mkdir(parents=True, exist_ok=True)
        module = pfmlir.import_model(*build(name), function=name)
        text = module.operation.get_asm(enable_debug_info=True)
        path.write_text(f"{text}\n")
    return pfmlir.import_model(path)


def highest_rate(costs: pfmlir.CostTables) -> float:
    """Return the highest rate that some schedule keeps, in frames a second."""
    try:
        costs.solve(fps=1e12)
    except pfmlir.InfeasibleError as error:
        return 1 / error.fastest_time_s
    raise SystemExit("a network without layers")


def time_it(work: Callable[[], Any], repeat: int) -> tuple[list[float], Any]:
    """Return the seconds of some runs, and what the last one gave."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return seconds, result


def chain(tables: list[pfmlir.CostTables], layers: int) -> pfmlir.CostTables:
    """Return a network of these, one after the other and over again, cut to length."""
    counts = [len(each.layer_names) for each in tables]
    repeat = -(-layers // sum(counts))
    whole = tables * repeat

    def joined(field: str) -> numpy.ndarray:
        return numpy.concatenate([getattr(each, field) for each in whole])[:layers]

    names = tuple(f"layer{i}" for i in range(layers))
    return replace(
        tables[0],
        layer_names=names,
        energy_j=joined("energy_j"),
        time_s=joined("time_s"),
        leakage_w=joined("leakage_w"),
    )


def measure_queries(folder: Path, repeat: int) -> Iterator[dict[str, Any]]:
    """Yield a row for each network and rate."""
    for name in NETWORKS:
        layers = pfmlir.form_layers(pfmlir.assign_target(load(name, folder)))
        tabulating, costs = time_it(lambda m=layers: pfmlir.tabulate_costs(m), repeat)
        reading, _ = time_it(
            lambda c=costs: (c.energy_j.sum(), c.time_s.sum(), c.leakage_w.sum()),
            repeat,
        )
        top = highest_rate(costs)
        for share in SHARES:
            searching, solution = time_it(
                lambda c=costs, fps=top * share: c.solve(fps=fps), repeat
            )
            yield {
                "network": name,
                "layers": len(costs.layer_names),
                "share": share,
                "fps": top * share,
                "tabulate_s": statistics.median(tabulating),
                "read_once_s": statistics.median(reading),
                "search_s": statistics.median(searching),
                "search_least_s": min(searching),
                "search_most_s": max(searching),
                "is_optimal": solution.is_optimal,
                "energy_j": solution.energy_j,
                **solution.statistics,
            }


def measure_growth(
    folder: Path, limit_s: float, most_layers: int
) -> Iterator[dict[str, Any]]:
    """Yield a row for each size of problem, at three quarters of the highest rate."""
    modules = [load(name, folder) for name in NETWORKS]

    def tables(**target: Any) -> list[pfmlir.CostTables]:
        return [
            pfmlir.tabulate_costs(pfmlir.form_layers(pfmlir.assign_target(m, **target)))
            for m in modules
        ]

    def row(what: str, costs: pfmlir.CostTables, rails: int) -> dict[str, Any]:
        fps = 0.75 * highest_rate(costs)
        (seconds,), found = time_it(
            lambda: costs.solve(fps=fps, max_rails=rails, time_limit_s=limit_s), 1
        )
        return {
            "what": what,
            "layers": len(costs.layer_names),
            "levels": len(costs.levels_v),
            "rails": rails,
            "search_s": seconds,
            "is_optimal": found.is_optimal,
            "gap": found.gap,
            "peak_memory_bytes": 1024
            * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            **found.statistics,
        }

    nine = tables()
    for layers in (10, 30, 100, 300, 1000, 3000, 10000):
        if layers <= most_layers:
            yield row("layers", chain(nine, layers), 3)
    for levels in (3, 5, 9, 17, 33):
        some = [float(v) for v in numpy.linspace(0.9, 1.3, levels).round(6)]
        yield row("levels", chain(tables(levels_v=some), 90), 3)
    for rails in (1, 2, 3, 4, 5):
        yield row("rails", chain(nine, 90), rails)


def print_queries(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Print rows as they come, and return them."""
    print(
        "Milliseconds: to make the cost tables, to read them once, and to search: "
        "median (least, most).\n\n"
        f"{'network':18} {'layers':>6} {'fps':>7} {'share':>6} {'tables':>7} "
        f"{'read':>6} {'search':>22} {'labels':>8}"
    )
    kept = []
    for row in rows:
        kept.append(row)
        spread = (
            f"{1e3 * row['search_s']:.1f} ({1e3 * row['search_least_s']:.1f}, "
            f"{1e3 * row['search_most_s']:.1f})"
        )
        print(
            f"{row['network']:18} {row['layers']:6} {row['fps']:7.2f} "
            f"{row['share']:6.0%} {1e3 * row['tabulate_s']:7.1f} "
            f"{1e3 * row['read_once_s']:6.2f} {spread:>22} {row['labels']:8}"
            f"{'' if row['is_optimal'] else ' NOT PROVEN'}",
            flush=True,
        )
    worst = max(kept, key=lambda row: row["tabulate_s"] + row["search_s"])
    total = 1e3 * (worst["tabulate_s"] + worst["search_s"])
    print(f"\nslowest, tables included: {worst['network']}, {total:.1f} ms")
    return kept


def print_growth(rows: Iterator[dict[str, Any]], limit_s: float) -> list[dict]:
    """Print rows as they come, and return them."""
    print(
        f"\nAt three quarters of the highest rate, at most {limit_s:g} s each.\n\n"
        f"{'grows':8} {'layers':>6} {'levels':>6} {'rails':>5} {'seconds':>9} "
        f"{'us/layer':>9} {'rail sets':>9} {'labels':>9} {'peak MB':>8}  proof"
    )
    kept = []
    for row in rows:
        kept.append(row)
        proof = "optimal" if row["is_optimal"] else f"gap {row['gap']:.1e}"
        print(
            f"{row['what']:8} {row['layers']:6} {row['levels']:6} {row['rails']:5} "
            f"{row['search_s']:9.4f} {1e6 * row['search_s'] / row['layers']:9.1f} "
            f"{row['rail_sets']:9} {row['labels']:9} "
            f"{row['peak_memory_bytes'] / 1e6:8.0f}  {proof}",
            flush=True,
        )
    return kept


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--exports", type=Path, default=ROOT / "build/benchmarks")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--time-limit-s", type=float, default=10)
    parser.add_argument("--most-layers", type=int, default=10000)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    queries = print_queries(measure_queries(options.exports, options.repeat))
    growth = print_growth(
        measure_growth(options.exports, options.time_limit_s, options.most_layers),
        options.time_limit_s,
    )
    if options.json:
        figures = {"queries": queries, "growth": growth}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
