# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long the exact search takes on chips as they are built.

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_chips

Milliseconds of a query at random rates, median and 99th percentile, with one thread: on
plain pf40, and on one with more physics, in turn, and their ratio. Needs no PyTorch.
"""

import argparse
import time
from collections.abc import Callable, Iterator

import numpy
import pfmlir

from .bench_physics import FEATURES, PIECES, after, both, plain_target, tables
from .search_instances import NETWORKS, fastest_time_s

# Of the highest rate that a network can have on a target.
SHARES = (0.2, 0.99)
SEED = 1

keeps_data = both(after("volatile", FEATURES), after("nonvolatile", ("rram",)))
CHIPS: dict[str, Callable[[str], str]] = {
    "shared clock": PIECES["shared clock"].change,
    "awake 10 mW": PIECES["awake 10 mW"].change,
    "regulators": PIECES["regulators"].change,
    "memories that keep data": keeps_data,
    "these four": both(
        PIECES["regulators"].change,
        PIECES["shared clock"].change,
        PIECES["awake 10 mW"].change,
        keeps_data,
    ),
    "banks wake": PIECES["banks wake"].change,
    "ramps at once": PIECES["ramps at once"].change,
    "regulators at once": both(
        PIECES["regulators"].change, PIECES["ramps at once"].change
    ),
}


def time_queries(
    costs: list[pfmlir.CostTables], rates: numpy.ndarray
) -> list[numpy.ndarray]:
    """Return seconds of every query on each of several tables, taken in turn."""
    shortest_s = [fastest_time_s(each) for each in costs]
    seconds: list[list[float]] = [[] for _ in costs]
    for share in rates:
        for each, period_s, taken in zip(costs, shortest_s, seconds, strict=True):
            prepared = each.prepare(period_s=period_s / share)
            start = time.perf_counter()
            prepared.solve("exact", {"threads": 1})
            taken.append(time.perf_counter() - start)
    return [numpy.array(taken) for taken in seconds]


def rows(chips: list[str], queries: int) -> Iterator[str]:
    """Yield the lines of the table."""
    plain_text = plain_target()
    rates = numpy.random.default_rng(SEED).uniform(*SHARES, queries)
    yield f"{'chip':25} {'network':18} {'states':>9} {'median':>8} {'99 %':>8} ratio"
    for chip in chips:
        for network in NETWORKS:
            text = CHIPS[chip](plain_text)
            plain, changed = (
                tables(network, each, is_sized=False) for each in (plain_text, text)
            )
            before, after_s = time_queries([plain, changed], rates)
            median_s, late_s = numpy.percentile(after_s, [50, 99])
            yield (
                f"{chip:25} {network:18} {changed.energy_j.size:9} "
                f"{1e3 * median_s:8.2f} {1e3 * late_s:8.2f} "
                f"{median_s / numpy.median(before):.2f}"
            )


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_chips", description=__doc__.split("\n")[0]
    )
    parser.add_argument("chips", nargs="*", metavar="CHIP", help="all by default")
    parser.add_argument("--queries", type=int, default=300, help="rates (300)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.chips if name not in CHIPS]
    if unknown:
        parser.error(
            f"unknown chip {unknown[0]!r}: expected some of {', '.join(CHIPS)}"
        )
    for line in rows(options.chips or list(CHIPS), options.queries):
        print(line, flush=True)


if __name__ == "__main__":
    main()
