# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random scheduling problems, their text as IR, and their optimum by enumeration.

Nothing here is shared with the compiler: the arithmetic is the definition's.
"""

import itertools
import math
import random
from dataclasses import dataclass

Levels = tuple[int, ...]


@dataclass(frozen=True)
class State:
    """One state of a layer."""

    levels: Levels
    energy_j: float
    time_s: float
    leakage_w: float


@dataclass(frozen=True)
class Sleep:
    """One sleep state; energy and time are of entry and exit together."""

    power_w: float
    energy_j: float
    time_s: float


@dataclass(frozen=True)
class Problem:
    """A scheduling problem. Transition costs are [domain][from][to]."""

    num_levels: int
    num_domains: int
    max_rails: int
    period_s: float
    transition_energy_j: list[list[list[float]]]
    transition_time_s: list[list[list[float]]]
    sleeps: list[Sleep]
    layers: list[list[State]]

    def transition(self, before: State, after: State) -> tuple[float, float]:
        """Return energy and time of getting from one state to another."""
        moves = list(enumerate(zip(before.levels, after.levels, strict=True)))
        return (
            sum(self.transition_energy_j[d][a][b] for d, (a, b) in moves),
            sum(self.transition_time_s[d][a][b] for d, (a, b) in moves),
        )


def evaluate(problem: Problem, states: tuple[State, ...]) -> float:
    """Return the least energy with these states; infinite if they are too slow."""
    rails = set(itertools.chain.from_iterable(state.levels for state in states))
    if len(rails) > problem.max_rails:
        return math.inf
    moves = [problem.transition(*pair) for pair in itertools.pairwise(states)]
    energy = math.fsum([s.energy_j for s in states] + [e for e, _ in moves])
    time = math.fsum([s.time_s for s in states] + [t for _, t in moves])
    # A deadline at a schedule's own time accepts it; see kTimeTolerance.
    limit = problem.period_s * (1 + 1e-12)
    if time > limit:
        return math.inf
    rest = max(problem.period_s - time, 0.0)
    tails = [states[-1].leakage_w * rest]
    tails += [
        sleep.energy_j + sleep.power_w * max(rest - sleep.time_s, 0.0)
        for sleep in problem.sleeps
        if time + sleep.time_s <= limit
    ]
    return energy + min(tails)


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

    max_states = pick.choice([2, 3, 4, 6, 9])
    layers = []
    for _ in range(pick.randint(1, 5)):
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


def _levels_v(problem: Problem) -> list[float]:
    return [0.5 + 0.25 * level for level in range(problem.num_levels)]


def _rows(matrix: list[list[float]]) -> str:
    rows = (", ".join(f"{cost:.17e}" for cost in row) for row in matrix)
    return "[" + ", ".join(f"[{row}]" for row in rows) + "]"


def to_mlir(problem: Problem, name: str) -> str:
    """Return a problem as a module with a function of that name."""
    voltages = _levels_v(problem)
    lines = [
        f"power.target @target levels_v {voltages} max_rails {problem.max_rails} {{"
    ]
    for domain in range(problem.num_domains):
        lines += [
            f"  power.domain @d{domain} nominal_v {voltages[0]}",
            f"  power.transition of @d{domain}"
            f" energy_j {_rows(problem.transition_energy_j[domain])}"
            f" time_s {_rows(problem.transition_time_s[domain])}",
        ]
    for index, sleep in enumerate(problem.sleeps):
        lines.append(
            f"  power.sleep_state @s{index} power_w {sleep.power_w:.17e}"
            f" entry_energy_j {sleep.energy_j:.17e} entry_time_s {sleep.time_s:.17e}"
            " exit_energy_j 0.0 exit_time_s 0.0"
        )
    lines += [
        "}",
        f"func.func @{name}() attributes"
        f" {{power.period_s = {problem.period_s:.17e} : f64}} {{",
    ]
    for index, layer in enumerate(problem.layers):
        table = ", ".join(
            f"{[voltages[level] for level in state.levels]} -> {state.energy_j:.17e} J,"
            f" {state.time_s:.17e} s, {state.leakage_w:.17e} W"
            for state in layer
        )
        lines.append(f'  power.layer "l{index}" costs <{table}>')
    return "\n".join([*lines, "  return", "}", ""])
