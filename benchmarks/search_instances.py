# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the searches are compared on, and what a schedule costs there.

An instance is a network's cost tables and a period. `evaluate` is the definition of
a schedule's energy in plain Python; nothing that any solver says counts before it
has been through here.
"""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy
import pfmlir

from testing.reference.shapes import load_networks, network_shapes

NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")
SHARES = (0.50, 0.75, 0.90, 0.97)
THREE_LEVELS_V = (0.9, 1.1, 1.3)
TWO_LEVELS_V = (0.9, 1.2)
GROUPS = ("nine levels", "three levels", "small")

# A deadline at a schedule's own time accepts it, in whatever order terms are added;
# kTimeTolerance of pfmlir/Scheduler/Problem.h.
TIME_TOLERANCE = 1e-12


class InvalidScheduleError(Exception):
    """A solver's schedule is none, and why."""


@dataclass(frozen=True)
class Instance:
    """A scheduling problem.

    Attributes
    ----------
    group : str
        One of `GROUPS`.
    name : str
        Network and share of its highest rate.
    costs : pfmlir.CostTables
        With as many rails as the instance allows.
    period_s : float
        Seconds from one inference to the next.
    """

    group: str
    name: str
    costs: pfmlir.CostTables
    period_s: float

    @property
    def layers(self) -> int:
        return len(self.costs.layer_names)

    @property
    def file_stem(self) -> str:
        """A name for files."""
        return re.sub(r"\W+", "-", f"{self.group} {self.name}").strip("-")

    def can_be_enumerated(self) -> bool:
        """Return whether there are few enough choices of states to try them all."""
        choices = numpy.isfinite(self.costs.energy_j).sum(axis=1).tolist()
        return math.prod(choices) <= 1_000_000


@dataclass(frozen=True)
class Answer:
    """What a solver found: states, whether they are proven best, its bound."""

    states: list[int] | None
    is_proven: bool
    bound_j: float


@dataclass(frozen=True)
class Evaluation:
    """What a choice of states costs; `tail` is a sleep state's index, or None."""

    energy_j: float
    active_time_s: float
    tail: int | None


def _terms(instance: Instance, states: Sequence[int]) -> tuple[list, list]:
    """Return all energies and all times of layers and transitions."""
    costs = instance.costs
    levels = costs.states
    energies = [float(costs.energy_j[i, s]) for i, s in enumerate(states)]
    times = [float(costs.time_s[i, s]) for i, s in enumerate(states)]
    for before, after in itertools.pairwise(states):
        for domain in range(len(costs.domains)):
            a, b = levels[before, domain], levels[after, domain]
            energies.append(float(costs.transition_energy_j[domain, a, b]))
            times.append(float(costs.transition_time_s[domain, a, b]))
    return energies, times


def _tails(instance: Instance, leakage_w: float, active_s: float) -> Iterator[tuple]:
    """Yield energy and index of every tail that there is time for."""
    period_s = instance.period_s
    latest_s = period_s * (1 + TIME_TOLERANCE)
    if active_s <= latest_s:
        yield leakage_w * max(period_s - active_s, 0.0), None
    for index, sleep in enumerate(instance.costs.sleep_states):
        if active_s + sleep.time_s <= latest_s:
            rest_s = max(period_s - active_s - sleep.time_s, 0.0)
            yield sleep.energy_j + sleep.power_w * rest_s, index


def evaluate(instance: Instance, states: Sequence[int]) -> Evaluation:
    """Return what states cost with their cheapest tail.

    Raises
    ------
    InvalidScheduleError
        A layer has no such state, there are too many rails, or it takes too long.
    """
    costs = instance.costs
    states = [int(state) for state in states]
    if len(states) != instance.layers:
        raise InvalidScheduleError(f"{len(states)} states for {instance.layers} layers")
    rails = {int(level) for state in states for level in costs.states[state]}
    if len(rails) > costs.max_rails:
        raise InvalidScheduleError(f"{len(rails)} rails")
    energies, times = _terms(instance, states)
    energy_j, active_s = math.fsum(energies), math.fsum(times)
    if not (math.isfinite(energy_j) and math.isfinite(active_s)):
        raise InvalidScheduleError("a state that a layer doesn't have")
    leakage_w = float(costs.leakage_w[len(states) - 1, states[-1]])
    tails = list(_tails(instance, leakage_w, active_s))
    if not tails:
        late = active_s / instance.period_s - 1
        raise InvalidScheduleError(f"late by {late:.1e} of the period")
    tail_j, tail = min(tails, key=lambda each: each[0])
    return Evaluation(energy_j + tail_j, active_s, tail)


def uniform_change(instance: Instance, domain: int) -> tuple[float, float] | None:
    """Return energy and time of every change of a domain's level, if all are equal."""
    costs = instance.costs
    off_diagonal = ~numpy.eye(len(costs.levels_v), dtype=bool)
    energies = numpy.unique(costs.transition_energy_j[domain][off_diagonal])
    times = numpy.unique(costs.transition_time_s[domain][off_diagonal])
    if len(energies) > 1 or len(times) > 1:
        return None
    # With a single level there is nothing to change.
    return (float(energies.sum()), float(times.sum()))


def fastest_time_s(costs: pfmlir.CostTables) -> float:
    """Return the shortest period that some schedule keeps."""
    try:
        costs.solve(period_s=1e-12)
    except pfmlir.InfeasibleError as error:
        return error.fastest_time_s
    raise ValueError("a network that takes no time")


def at_share(group: str, name: str, costs: pfmlir.CostTables, share: float) -> Instance:
    """Return an instance at a share of the highest rate that the network can have."""
    return Instance(group, f"{name} {share:.0%}", costs, fastest_time_s(costs) / share)


# ---------------------------------------------------------------------------
# Networks
# ---------------------------------------------------------------------------


def load_network(name: str, folder: Path) -> "pfmlir.ir.Module":
    """Return a network from PyTorch, from a file in a folder if it is there."""
    path = folder / f"{name}.mlir"
    if not path.exists():
        from pfmlir.compile.networks import build
        from pfmlir.files import write_atomically

        folder.mkdir(parents=True, exist_ok=True)
        module = pfmlir.import_model(*build(name), function=name)
        text = module.operation.get_asm(enable_debug_info=True)
        write_atomically(path, f"{text}\n")
    return pfmlir.import_model(path)


def form_layers(
    name: str, folder: Path | None, levels_v: Sequence[float] | None = None
) -> "pfmlir.ir.Module":
    """Return a network's layers on pf40; without a folder, from its bare shapes.

    The shapes are those of testing/reference, with its banks, and need no PyTorch.
    """
    if folder is not None:
        module = pfmlir.assign_target(
            load_network(name, folder), "pf40", levels_v=levels_v, max_rails=3
        )
        return pfmlir.form_layers(module)
    network = load_networks()[name]
    module = pfmlir.assign_target(
        pfmlir.import_model(network_shapes(name)),
        "pf40",
        levels_v=levels_v,
        max_rails=3,
        banks=network["banks"],
        reduction_chunk=network["layers"][0].get("k_chunk") or None,
    )
    return pfmlir.form_layers(module)


def truncated(
    costs: pfmlir.CostTables, layers: int, max_rails: int
) -> pfmlir.CostTables:
    """Return the tables of the first layers only."""
    return replace(
        costs,
        layer_names=costs.layer_names[:layers],
        energy_j=costs.energy_j[:layers],
        time_s=costs.time_s[:layers],
        leakage_w=costs.leakage_w[:layers],
        max_rails=max_rails,
    )


def random_costs(seed: int, layers: int, levels: int) -> pfmlir.CostTables:
    """Return random tables: two domains, two rails, transitions that differ.

    Magnitudes are those of pf40: microjoules, milliseconds, milliwatts.
    """
    pick = numpy.random.default_rng(seed)
    grid = numpy.array(list(itertools.product(range(levels), repeat=2)))
    levels_v = numpy.linspace(0.9, 1.3, levels)
    shape = (layers, len(grid))
    pairs = (2, levels, levels)
    off_diagonal = 1 - numpy.eye(levels)
    return pfmlir.CostTables(
        layer_names=tuple(f"layer{i}" for i in range(layers)),
        domains=("a", "b"),
        levels_v=levels_v,
        voltages_v=levels_v[grid],
        energy_j=pick.uniform(1e-6, 4e-6, shape),
        time_s=pick.uniform(1e-4, 4e-4, shape),
        leakage_w=pick.uniform(1e-4, 2e-3, shape),
        max_rails=2,
        transition_energy_j=pick.uniform(0, 4e-7, pairs) * off_diagonal,
        transition_time_s=pick.uniform(0, 4e-5, pairs) * off_diagonal,
        sleep_states=(
            pfmlir.SleepState(1e-5, 2e-7, 1e-4),
            pfmlir.SleepState(0.0, 6e-7, 3e-4),
        ),
    )


def chained(tables: Sequence[pfmlir.CostTables], layers: int) -> pfmlir.CostTables:
    """Return these networks, one after the other and over again, cut to length."""
    times = -(-layers // sum(len(each.layer_names) for each in tables))

    def joined(name: str) -> numpy.ndarray:
        return numpy.concatenate([getattr(each, name) for each in tables] * times)

    return replace(
        tables[0],
        layer_names=tuple(f"layer{i}" for i in range(layers)),
        energy_j=joined("energy_j")[:layers],
        time_s=joined("time_s")[:layers],
        leakage_w=joined("leakage_w")[:layers],
    )


def synthetic_costs(
    seed: int, layers: int, levels: int, domains: int
) -> pfmlir.CostTables:
    """Return tables of made-up layers, of as many domains as wanted.

    A layer waits for the slowest of its domains, each of which has work of its own.
    Work and energy are spread log-normally, as those of networks are; clocks follow
    the alpha-power law (1.3, threshold 0.35 V), energies the square of the voltage.
    """
    pick = numpy.random.default_rng(seed)
    levels_v = numpy.linspace(0.9, 1.3, levels)
    grid = numpy.array(list(itertools.product(range(levels), repeat=domains)))
    volts = levels_v[grid]
    speed = (volts - 0.35) ** 1.3 / volts
    work = pick.lognormal(math.log(1e-4), 0.8, (layers, 1, domains))
    joules = pick.lognormal(math.log(1e-6), 0.8, (layers, 1, domains))
    time_s = (work / speed).max(axis=2)
    leakage_w = numpy.broadcast_to(1e-4 * volts.sum(axis=1), time_s.shape)
    changes = numpy.broadcast_to(1 - numpy.eye(levels), (domains, levels, levels))
    return pfmlir.CostTables(
        layer_names=tuple(f"layer{i}" for i in range(layers)),
        domains=tuple(f"domain{i}" for i in range(domains)),
        levels_v=levels_v,
        voltages_v=volts,
        energy_j=(joules * volts**2).sum(axis=2) + leakage_w * time_s,
        time_s=time_s,
        leakage_w=leakage_w.copy(),
        max_rails=3,
        transition_energy_j=1e-10 * changes,
        transition_time_s=1.5e-8 * changes,
        sleep_states=(
            pfmlir.SleepState(0.0, 2 * domains * 1e-10, 2 * domains * 1.5e-8),
        ),
    )


# ---------------------------------------------------------------------------
# Sets of instances
# ---------------------------------------------------------------------------


def small_instances(folder: Path | None, networks: Sequence[str]) -> Iterator[Instance]:
    """Yield instances that enumeration can solve."""
    for name in networks:
        for levels_v, layers, rails in (
            (TWO_LEVELS_V, 6, 2),
            (THREE_LEVELS_V, 4, 2),
        ):
            tables = pfmlir.tabulate_costs(form_layers(name, folder, levels_v))
            costs = truncated(tables, layers, rails)
            label = f"{name}[:{layers}]"
            yield at_share("small", f"{label}, {len(levels_v)} levels,", costs, 0.90)
    for seed, layers, levels in ((1, 6, 3), (2, 6, 3), (3, 5, 3), (4, 6, 2)):
        costs = random_costs(seed, layers, levels)
        yield at_share("small", f"random {seed}, {levels} levels,", costs, 0.75)


def full_instances(folder: Path) -> Iterator[Instance]:
    """Yield the whole comparison: networks from PyTorch, and small ones."""
    for group, levels_v in (("nine levels", None), ("three levels", THREE_LEVELS_V)):
        for name in NETWORKS:
            costs = pfmlir.tabulate_costs(form_layers(name, folder, levels_v))
            for share in SHARES:
                yield at_share(group, name, costs, share)
    yield from small_instances(folder, NETWORKS)


def quick_instances() -> Iterator[Instance]:
    """Yield a few instances, none of which needs PyTorch."""
    nine = pfmlir.tabulate_costs(form_layers("squeezenet", None))
    yield at_share("nine levels", "squeezenet", nine, 0.75)
    for name, share in (("resnet18", 0.75), ("mobilenetv3_small", 0.50)):
        three = pfmlir.tabulate_costs(form_layers(name, None, THREE_LEVELS_V))
        yield at_share("three levels", name, three, share)
    yield from small_instances(None, ("squeezenet",))
