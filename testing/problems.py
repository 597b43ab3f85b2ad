# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scheduling problems, random and of networks; their text; their enumeration.

Nothing here is shared with the compiler: the arithmetic is the definition's.
"""

import csv
import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .reference import FOLDER

Levels = tuple[int, ...]
Matrix = list[list[float]]

# What one joule and one second of a problem are in its text: numbers around one
# suit solvers, microjoules and milliseconds are what accelerators have. Powers of
# two, so that nothing is rounded.
JOULE = 2.0**-20
SECOND = 2.0**-10


@dataclass(frozen=True)
class State:
    """One state of a layer: a setting of each axis, a level where it is a domain.

    It may need more rails than these do.
    """

    levels: Levels
    energy_j: float
    time_s: float
    leakage_w: float
    more_rails: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sleep:
    """One sleep state; energy and time are of entry and exit together."""

    power_w: float
    energy_j: float
    time_s: float


@dataclass(frozen=True)
class Problem:
    """A scheduling problem. Transition costs are [domain][from][to].

    A domain is an axis of which each setting needs the rail of its number; of others,
    `rails_of` says by axis and setting the level that is needed, or None.
    """

    num_levels: int
    num_domains: int
    max_rails: int
    period_s: float
    transition_energy_j: list[Matrix]
    transition_time_s: list[Matrix]
    sleeps: list[Sleep]
    layers: list[list[State]]
    rails_of: list[list[int | None]] | None = None
    margin: float = 0.0
    rail_power_w: float = 0.0
    transition_power_w: float = 0.0
    overlapping_ramps: bool = False
    # By layer, the part of the periods that run it; empty if all run all.
    probabilities: tuple[float, ...] = ()

    def weights(self) -> list[float]:
        """Return the part of the periods that run each layer."""
        return list(self.probabilities) or [1.0] * len(self.layers)

    def early_tail(self) -> Sleep:
        """Return the sleep state of periods that end early: the one of least power."""
        return min(self.sleeps, key=lambda sleep: (sleep.power_w, sleep.energy_j))

    def transition(self, before: State, after: State) -> tuple[float, float]:
        """Return energy and time of getting from one state to another."""
        moves = list(enumerate(zip(before.levels, after.levels, strict=True)))
        times = [self.transition_time_s[d][a][b] for d, (a, b) in moves]
        time = max(times) if self.overlapping_ramps else sum(times)
        energy = sum(self.transition_energy_j[d][a][b] for d, (a, b) in moves)
        return energy + self.transition_power_w * time, time

    def rails(self, state: State) -> set[int]:
        """Return the levels that a state needs as rails."""
        if self.rails_of is None:
            return set(state.levels)
        needed = (
            rails[setting]
            for rails, setting in zip(self.rails_of, state.levels, strict=True)
        )
        return {rail for rail in needed if rail is not None} | state.more_rails


def evaluate(problem: Problem, states: tuple[State, ...]) -> float:
    """Return the least energy with these states; infinite if they are too slow."""
    rails = set().union(*(problem.rails(state) for state in states))
    if len(rails) > problem.max_rails:
        return math.inf
    moves = [problem.transition(*pair) for pair in itertools.pairwise(states)]
    weights = problem.weights()
    energy = math.fsum(
        [w * s.energy_j for w, s in zip(weights, states, strict=True)]
        + [w * e for w, (e, _) in zip(weights[1:], moves, strict=True)]
        + list(early_ends(problem, states))
    )
    time = math.fsum([s.time_s for s in states] + [t for _, t in moves])
    # A deadline at a schedule's own time accepts it; see kTimeTolerance.
    limit = problem.period_s * (1 - problem.margin) * (1 + 1e-12)
    if time > limit:
        return math.inf
    rest = max(problem.period_s - time, 0.0)
    tails = [states[-1].leakage_w * rest]
    tails += [
        sleep.energy_j + sleep.power_w * max(rest - sleep.time_s, 0.0)
        for sleep in problem.sleeps
        if time + sleep.time_s <= limit
    ]
    built = len(rails) * problem.rail_power_w * problem.period_s
    return energy + built + weights[-1] * min(tails)


def early_ends(problem: Problem, states: tuple[State, ...]) -> Iterator[float]:
    """Yield what periods take after the layer that is their last, if it isn't ours.

    They sleep for all that layers leave of the period.
    """
    weights = problem.weights()
    for i, (weight, onward) in enumerate(itertools.pairwise(weights)):
        if weight != onward:
            tail = problem.early_tail()
            ran = math.fsum(state.time_s for state in states[: i + 1])
            asleep = problem.period_s - tail.time_s - ran
            yield (weight - onward) * (tail.energy_j + tail.power_w * asleep)


def enumerate_optimum(problem: Problem) -> float:
    """Return the least energy of all schedules; infinite if there is none."""
    return min(
        evaluate(problem, states) for states in itertools.product(*problem.layers)
    )


def _matrix(random_cost: random.Random, size: int, kind: str) -> list[list[float]]:
    if kind == "matrix":
        return [
            [
                0.0 if a == b else random_cost.choice([0.0, 0.25, random_cost.random()])
                for b in range(size)
            ]
            for a in range(size)
        ]
    cost = 0.0 if kind == "free" else random_cost.choice([0.125, random_cost.random()])
    return [[0.0 if a == b else cost for b in range(size)] for a in range(size)]


def random_problem(seed: int) -> Problem:
    """Return the problem of a seed: small, with ties, gaps and tight deadlines."""
    pick = random.Random(seed)
    num_levels = pick.randint(1, 4)
    num_domains = pick.randint(1, 3 if num_levels < 4 else 2)
    grid = list(itertools.product(range(num_levels), repeat=num_domains))
    rounded = pick.random() < 0.5

    def number(scale: float) -> float:
        value = scale * pick.random()
        return math.ceil(8 * value) / 8 if rounded else value

    # At most some ten thousand schedules to enumerate.
    max_states, most_layers = pick.choice([(2, 7), (3, 7), (4, 6), (6, 5), (9, 4)])
    layers = []
    for _ in range(pick.randint(1, most_layers)):
        levels = sorted(pick.sample(grid, min(len(grid), max_states)))
        layers.append(
            [State(which, number(4), number(2), number(0.5)) for which in levels]
        )
    # Runs of equal layers have many schedules of the same energy.
    if pick.random() < 0.3:
        layers = [layers[0]] * len(layers)

    kinds = [pick.choice(["free", "constant", "matrix"]) for _ in range(2)]
    sleeps = [
        Sleep(pick.choice([0.0, number(0.2)]), number(1), number(1))
        for _ in range(pick.randint(0, 2))
    ]
    problem = Problem(
        num_levels,
        num_domains,
        pick.randint(1, 3),
        1.0,
        [_matrix(pick, num_levels, kinds[0]) for _ in range(num_domains)],
        [_matrix(pick, num_levels, kinds[1]) for _ in range(num_domains)],
        sleeps,
        layers,
    )
    # The time of some schedule, or about it, or none at all.
    states = [pick.choice(layer) for layer in layers]
    moves = [problem.transition(*pair)[1] for pair in itertools.pairwise(states)]
    time = math.fsum([state.time_s for state in states] + moves)
    factor = pick.choice([1.0, 1.0, 1.1, 1.5, 3.0, 0.7])
    return Problem(**{**vars(problem), "period_s": max(time * factor, 1e-3)})


def reference_problem(
    name: str,
    max_rails: int,
    period_s: float,
    transition_j: float,
    transition_s: float,
    sleep_w: float,
) -> Problem:
    """Return a reference network at three levels, with the published costs.

    Arguments are in joules, seconds and watts; the problem is in its own units.
    """
    with open(FOLDER / "tables" / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = ("v_sys", "v_weight", "v_feeder")
    levels = sorted({float(row[key]) for row in rows for key in keys})
    layers: list[list[State]] = [[] for _ in {row["layer"] for row in rows}]
    for row in rows:
        layers[int(row["layer"])].append(
            State(
                tuple(levels.index(float(row[key])) for key in keys),
                float(row["energy_j"]) / JOULE,
                float(row["time_s"]) / SECOND,
                float(row["leakage_w"]) * SECOND / JOULE,
            )
        )
    size = range(len(levels))

    def uniform(cost: float) -> list[list[list[float]]]:
        return [[[cost * (a != b) for b in size] for a in size] for _ in keys]

    # Asleep, every domain is switched off and on again.
    changes = 2 * len(keys)
    sleep = Sleep(
        sleep_w * SECOND / JOULE,
        changes * transition_j / JOULE,
        changes * transition_s / SECOND,
    )
    return Problem(
        len(levels),
        len(keys),
        max_rails,
        period_s / SECOND,
        uniform(transition_j / JOULE),
        uniform(transition_s / SECOND),
        [sleep],
        layers,
    )


def _levels_v(problem: Problem) -> list[float]:
    return [0.5 + 0.25 * level for level in range(problem.num_levels)]


def _costs(matrix: list[list[float]], unit: float) -> str:
    """Return a matrix, as one number if that says all."""
    size = range(len(matrix))
    changes = {matrix[a][b] for a in size for b in size if a != b}
    if len(changes) == 1:
        return f"{changes.pop() * unit:.17e}"
    rows = (", ".join(f"{cost * unit:.17e}" for cost in row) for row in matrix)
    return "[" + ", ".join(f"[{row}]" for row in rows) + "]"


def _transitions(problem: Problem) -> list[str]:
    """Return the transition costs, for all domains at once if they agree."""
    costs = [
        f"energy_j {_costs(energy, JOULE)} time_s {_costs(time, SECOND)}"
        for energy, time in zip(
            problem.transition_energy_j, problem.transition_time_s, strict=True
        )
    ]
    if len(set(costs)) == 1:
        return [f"  power.transition {costs[0]}"]
    return [f"  power.transition of @d{d} {cost}" for d, cost in enumerate(costs)]


def to_mlir(problem: Problem, name: str) -> str:
    """Return a problem as a module with a function of that name."""
    return "\n".join([*target_lines(problem), *function_lines(problem, name), ""])


def target_lines(problem: Problem, more: Iterable[str] = ()) -> list[str]:
    """Return the lines of a problem's target, with further declarations."""
    voltages = _levels_v(problem)
    lines = [
        f"power.target @target levels_v {voltages} max_rails {problem.max_rails} {{"
    ]
    for domain in range(problem.num_domains):
        lines.append(f"  power.domain @d{domain} nominal_v {voltages[0]}")
    lines += _transitions(problem)
    for index, sleep in enumerate(problem.sleeps):
        energy, time = sleep.energy_j * JOULE / 4, sleep.time_s * SECOND / 4
        lines.append(
            f"  power.sleep_state @s{index}"
            f" power_w {sleep.power_w * JOULE / SECOND:.17e}"
            f" entry_energy_j {energy:.17e} entry_time_s {time:.17e}"
            f" exit_energy_j {3 * energy:.17e} exit_time_s {3 * time:.17e}"
        )
    return [*lines, *(f"  {line}" for line in more), "}"]


def function_lines(problem: Problem, name: str) -> list[str]:
    """Return the lines of the function of a problem's layers."""
    voltages = _levels_v(problem)
    lines = [
        f"func.func @{name}() attributes"
        f" {{power.period_s = {problem.period_s * SECOND:.17e} : f64}} {{",
    ]
    for index, layer in enumerate(problem.layers):
        table = ", ".join(
            f"{[voltages[level] for level in state.levels]} ->"
            f" {state.energy_j * JOULE:.17e} J, {state.time_s * SECOND:.17e} s,"
            f" {state.leakage_w * JOULE / SECOND:.17e} W"
            for state in layer
        )
        said = ""
        if problem.probabilities:
            said = f" probability {problem.probabilities[index]:.17e}"
        lines.append(f'  power.layer "l{index}" costs <{table}>{said}')
    return [*lines, "  return", "}"]
