# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it is worth to know of dies, of frames that end early, and of each other.

    PYTHONPATH=build/python_packages .venv/bin/python -m benchmarks.bench_systems

The four reference networks on pf40, at shares of the highest rate that each has there.
Everything that is printed is a proven optimum, or a given schedule at another target.
Needs no PyTorch: the networks are lists of shapes.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy
import pfmlir

from testing.reference.shapes import load_networks, network_shapes

from .pages import parse_parts, show
from .search_instances import NETWORKS, fastest_time_s

# Shares of the highest rate; with 15 % of margin 85 % is out of reach.
LOADS = {"80 %": 0.8, "70 %": 0.7, "50 %": 0.5, "20 %": 0.2}
# Speed, leakage and weight of dies: a fifth is slow, a fifth is fast.
CORNERS = {
    "slow": (0.85, 0.4, 0.2),
    "typical": (1.0, 1.0, 0.6),
    "fast": (1.15, 2.5, 0.2),
}
MARGIN = 0.15
# From which part of its layers on a network does not always run, and how often it does.
EXITS = {
    "an exit after half of the layers, taken by 50 %": (0.5, 0.5),
    "an exit after half of the layers, taken by 90 %": (0.5, 0.1),
    "5 % go on after a quarter of the layers": (0.25, 0.05),
    "1 % go on after a quarter of the layers": (0.25, 0.01),
}


def tables(name: str, target: str = "pf40", **changes: object) -> pfmlir.CostTables:
    """Return what a network's layers cost on a target."""
    network = load_networks()[name]
    if chunk := network["layers"][0].get("k_chunk"):
        changes["reduction_chunk"] = chunk
    return pfmlir.tabulate_costs(
        network_shapes(name), target=target, banks=network["banks"], **changes
    )


def with_corners(corners: dict[str, tuple[float, float, float]]) -> str:
    """Return the text of pf40 with dies that differ."""
    lines = [
        f"  power.corner @{name} speed {speed} leakage {leakage} weight {weight}\n"
        for name, (speed, leakage, weight) in corners.items()
    ]
    text = pfmlir.builtin_targets()["pf40"]
    place = text.index("  // The power manager")
    return text[:place] + "".join(lines) + text[place:]


def in_corner(name: str, corner: str) -> pfmlir.CostTables:
    """Return what layers cost on the dies of one corner."""
    speed, leakage, _ = CORNERS[corner]
    return tables(name, with_corners({corner: (speed, leakage, 1.0)}))


def costs_more(energies: Sequence[float], bases: Sequence[float]) -> str:
    """Return by how much energies are above others: the median and the worst."""
    losses = [energy / base - 1 for energy, base in zip(energies, bases, strict=True)]
    return f"{statistics.median(losses):.1%} / {max(losses):.1%}".replace("%", " %")


# ---------------------------------------------------------------------------
# Tables
# ---------------------------------------------------------------------------


def dies() -> Iterator[list[str]]:
    """Yield what a margin, one schedule for all dies, and one for each cost more.

    More than a schedule of dies that are all typical.
    """
    corners = with_corners(CORNERS)
    typical, margin, robust = (
        {name: tables(name, *target, **changes) for name in NETWORKS}
        for target, changes in (
            ([], {}),
            ([], {"margin": MARGIN}),
            ([corners], {}),
        )
    )
    bins = {name: [in_corner(name, corner) for corner in CORNERS] for name in NETWORKS}
    weights = [weight for _, _, weight in CORNERS.values()]
    shortest_s = {name: fastest_time_s(typical[name]) for name in NETWORKS}
    rows: dict[str, list[str]] = {
        f"a margin of {MARGIN:.0%}".replace("%", " %"): [],
        "one schedule for all dies": [],
        "one for each, same rails": [],
    }
    for share in LOADS.values():
        periods_s = {name: shortest_s[name] / share for name in NETWORKS}

        def energies(
            costs: dict[str, pfmlir.CostTables],
            periods_s: dict[str, float] = periods_s,
        ) -> list[float]:
            return [
                costs[name].solve(period_s=periods_s[name]).energy_j
                for name in NETWORKS
            ]

        joint = [
            pfmlir.choose_rails(
                bins[name],
                period_s=[periods_s[name]] * len(bins[name]),
                weights=weights,
            ).energy_j
            for name in NETWORKS
        ]
        base = energies(typical)
        for row, found in zip(
            rows.values(), (energies(margin), energies(robust), joint), strict=True
        ):
            row.append(costs_more(found, base))
    for title, cells in rows.items():
        yield [title, *cells]


def chosen(costs: pfmlir.CostTables, states: numpy.ndarray) -> pfmlir.CostTables:
    """Return tables in which each layer has one state."""
    energy_j = numpy.full_like(costs.energy_j, numpy.inf)
    layers = numpy.arange(len(states))
    energy_j[layers, states] = costs.energy_j[layers, states]
    return replace(costs, energy_j=energy_j)


def early_ends() -> Iterator[list[str]]:
    """Yield what schedules cost more that think that every frame runs all layers."""
    plain = {name: tables(name) for name in NETWORKS}
    for title, (after, probability) in EXITS.items():
        cells = []
        for share in LOADS.values():
            ignorant, optima = [], []
            for costs in plain.values():
                period_s = fastest_time_s(costs) / share
                probabilities = numpy.ones(len(costs.layer_names))
                probabilities[round(after * len(probabilities)) :] = probability
                known = replace(costs, probabilities=probabilities)
                states = costs.solve(period_s=period_s).states
                ignorant.append(chosen(known, states).solve(period_s=period_s).energy_j)
                optima.append(known.solve(period_s=period_s).energy_j)
            cells.append(costs_more(ignorant, optima))
        yield [title, *cells]


def one_after_the_other(first: pfmlir.CostTables, second: pfmlir.CostTables):
    """Return the tables of two networks as those of one."""
    return replace(
        first,
        layer_names=(*first.layer_names, *second.layer_names),
        **{
            name: numpy.concatenate([getattr(first, name), getattr(second, name)])
            for name in ("energy_j", "time_s", "leakage_w")
        },
    )


def shared_deadlines() -> Iterator[list[str]]:
    """Yield what budgets of their own cost two networks in one frame.

    On the same rails; each has a part of the frame as its fastest schedule.
    """
    plain = {name: tables(name) for name in NETWORKS}
    pairs = [(a, b) for a in NETWORKS for b in NETWORKS if a < b]
    cells = []
    for share in LOADS.values():
        apart, together = [], []
        for pair in pairs:
            costs = [plain[name] for name in pair]
            periods_s = [fastest_time_s(each) / share for each in costs]
            apart.append(pfmlir.choose_rails(costs, period_s=periods_s).energy_j)
            joined = one_after_the_other(*costs)
            together.append(joined.solve(period_s=sum(periods_s)).energy_j)
        cells.append(costs_more(apart, together))
    yield ["two networks in a frame, each with its own deadline", *cells]


TABLES: dict[str, tuple[str, str, Callable[[], Iterator[list[str]]]]] = {
    "dies": (
        "against typical dies",
        "a margin 6 to 17 %, which bins win back",
        dies,
    ),
    "exits": (
        "a schedule that thinks that all frames run all layers",
        "5 %: 4 to 14 %; exits of 90 %: up to 19 %",
        early_ends,
    ),
    "deadlines": ("deadlines of their own", "up to 1.8 %", shared_deadlines),
}


def rows(names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the tables, which are one."""
    yield "| costs more | " + " | ".join(LOADS) + " | a prototype found |"
    yield "| --- |" + " --- |" * (len(LOADS) + 1)
    for name in names:
        title, before, make = TABLES[name]
        yield f"| *{title}* |" + " |" * len(LOADS) + f" {before} |"
        for cells in make():
            yield "| " + " | ".join(cells) + " | |"


# ---------------------------------------------------------------------------
# How long it takes
# ---------------------------------------------------------------------------


def scaling() -> Iterator[str]:
    """Yield how long systems take to schedule, in seconds of the processor."""
    four = [tables(name) for name in NETWORKS]
    corners = {
        name: (0.8 + 0.1 * i, 0.5 + 0.5 * i, 0.2)
        for i, name in enumerate(("a", "b", "c", "d", "e"))
    }
    by_corner = [
        tables(name, with_corners({corner: (speed, leakage, 1.0)}))
        for name in NETWORKS
        for corner, (speed, leakage, _) in corners.items()
    ]
    fine = [
        tables(name, levels_v=numpy.linspace(0.9, 1.3, 15).tolist(), max_rails=4)
        for name in NETWORKS
    ]
    cases = {
        "4 networks, 3 of 9 levels": four,
        "4 networks in 5 corners, 3 of 9 levels": by_corner,
        "4 networks, 4 of 15 levels": fine,
        "20 networks, 4 of 15 levels": fine * 5,
    }
    for title, suite in cases.items():
        # Rates that differ, none at its limit.
        shares = [0.5 + 0.3 * i / len(suite) for i in range(len(suite))]
        periods_s = [
            fastest_time_s(costs) / share
            for costs, share in zip(suite, shares, strict=True)
        ]
        least_s = numpy.inf
        for _ in range(3):
            start_s = time.process_time()
            choice = pfmlir.choose_rails(
                suite, period_s=periods_s, weights=[1 / s for s in periods_s]
            )
            least_s = min(least_s, time.process_time() - start_s)
        proof = "proven" if choice.is_optimal else "not proven"
        yield f"{title}: {1e3 * least_s:.0f} ms, {proof}, {choice.statistics}"


def main(arguments: list[str] | None = None) -> None:
    """Print the tables, or put them into a page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_systems",
        description=__doc__.split("\n")[0],
    )
    parser.add_argument(
        "--scaling", action="store_true", help="how long it takes, instead"
    )
    options = parse_parts(parser, "table", TABLES, arguments)
    if options.scaling:
        show(scaling(), None)
    else:
        show(rows(options.parts), options.publish)


if __name__ == "__main__":
    main()
