# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random scheduling problems on machines of all kinds of axes, and their enumeration.

Nothing here is shared with the compiler, as in `problems`.
"""

import itertools
import math
import random
from dataclasses import replace

import numpy as np

from .problems import Matrix, Problem, Sleep, State


def enumerate_optimum(problem: Problem) -> float:
    """Return the least energy of all schedules; infinite if there is none.

    All paths at once, layer by layer, which takes up to some million of them.
    """
    layers, weights = problem.layers, problem.weights()
    time, energy, rails, at = _of_states(problem, layers[0])
    ran = time
    for i, (before, after) in enumerate(itertools.pairwise(layers)):
        own_time, own_energy, own_rails, own = _of_states(problem, after)
        moves = np.array(
            [[problem.transition(one, other) for other in after] for one in before]
        )
        if weights[i] != weights[i + 1]:
            # Asleep for all that layers leave of the period.
            early = problem.early_tail()
            asleep = problem.period_s - early.time_s - ran
            early_j = early.energy_j + early.power_w * asleep
            energy = energy + (weights[i] - weights[i + 1]) * early_j
        time = (time[:, None] + moves[at, :, 1] + own_time).ravel()
        ran = (ran[:, None] + np.zeros(len(before))[at, None] + own_time).ravel()
        changed = weights[i + 1] * (moves[at, :, 0] + own_energy)
        energy = (energy[:, None] + changed).ravel()
        rails = (rails[:, None] | own_rails).ravel()
        at = np.tile(own, len(at))
    idle_w = np.array([state.leakage_w for state in layers[-1]])[at]
    # A deadline at a schedule's own time accepts it; see kTimeTolerance.
    limit = problem.period_s * (1 - problem.margin) * (1 + 1e-12)
    rest = np.maximum(problem.period_s - time, 0.0)
    tail = idle_w * rest
    for sleep in problem.sleeps:
        asleep = sleep.energy_j + sleep.power_w * np.maximum(rest - sleep.time_s, 0.0)
        fits = time + sleep.time_s <= limit
        tail = np.where(fits, np.minimum(tail, asleep), tail)
    numbers = np.array([n.bit_count() for n in range(1 << problem.num_levels)])[rails]
    built = numbers * (problem.rail_power_w * problem.period_s)
    kept = (time <= limit) & (numbers <= problem.max_rails)
    total = energy + weights[-1] * tail + built
    return float(np.min(total[kept], initial=math.inf))


def _of_states(
    problem: Problem, states: list[State]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return times, energies, sets of rails as bits, and indices of states."""
    rails = [sum(1 << rail for rail in problem.rails(state)) for state in states]
    return (
        np.array([state.time_s for state in states]),
        np.array([state.energy_j for state in states]),
        np.array(rails),
        np.arange(len(states)),
    )


def with_exits(problem: Problem, seed: int) -> Problem:
    """Return a problem with layers that not all periods run, if it has several."""
    pick = random.Random(f"exits {seed}")
    if len(problem.layers) < 2:
        return problem
    weights = [1.0]
    for _ in problem.layers[1:]:
        kept = pick.choice([1.0, 1.0, 0.5, pick.random(), 0.0625])
        weights.append(weights[-1] * kept)
    if pick.random() < 0.1:
        weights[-1] = 0.0
    # Asleep, it must draw no more than layers do that are left out, and be there in
    # the least time that they take.
    skipped = [layer for w, layer in zip(weights, problem.layers, strict=True) if w < 1]
    powers = [s.energy_j / s.time_s for layer in skipped for s in layer if s.time_s]
    ends = [i for i in range(1, len(weights)) if weights[i] != weights[i - 1]]
    rest = problem.layers[ends[-1] :] if ends else []
    least_s = sum(min(state.time_s for state in layer) for layer in rest)
    early = Sleep(
        0.99 * pick.choice([0.0, pick.random()]) * min([0.2, *powers]),
        pick.choice([0.0, pick.random()]),
        pick.choice([0.0, 0.99 * pick.random()]) * least_s,
    )
    others = [sleep for sleep in problem.sleeps if sleep.power_w > early.power_w]
    return replace(problem, sleeps=[early, *others], probabilities=tuple(weights))


def with_wakes(problem: Problem, seed: int) -> Problem:
    """Return a problem with an axis more: banks that cost something to wake only."""
    pick = random.Random(f"wakes {seed}")
    size = pick.randint(2, 4)
    wake_j, wake_s = (
        pick.choice([0.125, 0.5, pick.random()]),
        pick.choice([0.0, 0.0625]),
    )
    numbers = range(size)
    steps = [[max(to - before, 0) for to in numbers] for before in numbers]
    # More banks leak more.
    leak_w = pick.choice([0.0, 0.0625, 0.2 * pick.random()])
    layers = [
        [
            State(
                (*state.levels, banks),
                state.energy_j + leak_w * banks * state.time_s,
                state.time_s,
                state.leakage_w + leak_w * banks,
            )
            for state in layer
            for banks in range(needed, size)
        ]
        for layer in problem.layers
        for needed in [pick.randrange(size)]
    ]
    rails = problem.rails_of or [[*range(problem.num_levels)]] * problem.num_domains
    return replace(
        problem,
        num_domains=problem.num_domains + 1,
        rails_of=[*rails, [None] * size],
        layers=layers,
        transition_energy_j=[
            *problem.transition_energy_j,
            [[wake_j * step for step in row] for row in steps],
        ],
        transition_time_s=[
            *problem.transition_time_s,
            [[wake_s if step else 0.0 for step in row] for row in steps],
        ],
    )


def _matrix(pick: random.Random, size: int, scale: float) -> Matrix:
    kind = pick.choice(["free", "constant", "matrix"])
    cost = pick.choice([0.125, pick.random()])

    def entry() -> float:
        if kind == "matrix":
            return scale * pick.choice([0.0, 0.25, pick.random()])
        return 0.0 if kind == "free" else scale * cost

    return [[0.0 if a == b else entry() for b in range(size)] for a in range(size)]


def random_machine(seed: int) -> Problem:
    """Return the problem of a seed: small, with ties, zeros and tight deadlines."""
    pick = random.Random(f"machine {seed}")
    num_levels = pick.randint(1, 4)
    rails_of: list[list[int | None]] = []
    for _ in range(pick.randint(1, 3)):
        kind = pick.choice(["domain", "free", "mixed"])
        if kind == "domain":
            rails_of.append(list(range(num_levels)))
            continue
        levels = [None] if kind == "free" else [None, *range(num_levels)]
        rails_of.append([pick.choice(levels) for _ in range(pick.randint(1, 3))])
    grid = list(itertools.product(*(range(len(rails)) for rails in rails_of)))
    rounded = pick.random() < 0.6

    def number(scale: float) -> float:
        value = scale * pick.random()
        return math.floor(8 * value) / 8 if rounded else value

    most_states, most_layers = pick.choice([(2, 8), (4, 6), (6, 5), (10, 4)])
    layers = []
    for _ in range(pick.randint(1, most_layers)):
        # The same settings may come several times.
        count = pick.randint(1, most_states)
        layers.append(
            [
                State(pick.choice(grid), number(4), number(2), number(0.5))
                for _ in range(count)
            ]
        )
    if pick.random() < 0.3:
        layers = [layers[0]] * len(layers)
    sizes = [len(rails) for rails in rails_of]
    problem = Problem(
        num_levels,
        len(rails_of),
        pick.randint(1, num_levels),
        1.0,
        [_matrix(pick, size, 1.0) for size in sizes],
        [_matrix(pick, size, pick.choice([0.25, 1.0])) for size in sizes],
        [
            Sleep(pick.choice([0.0, number(0.2)]), number(1), number(1))
            for _ in range(pick.randint(0, 2))
        ],
        layers,
        rails_of,
        margin=pick.choice([0.0, 0.0, 0.125, 0.3 * pick.random()]),
        rail_power_w=pick.choice([0.0, 0.0, 0.125, 0.3 * pick.random()]),
        transition_power_w=pick.choice([0.0, 0.0, 0.25, pick.random()]),
        overlapping_ramps=pick.random() < 0.4,
    )
    # The time of some schedule, or about it, or none at all.
    states = [pick.choice(layer) for layer in layers]
    moves = [problem.transition(*pair)[1] for pair in itertools.pairwise(states)]
    time = math.fsum([state.time_s for state in states] + moves) / (1 - problem.margin)
    factor = pick.choice([1.0, 1.0, 1.1, 1.5, 3.0, 0.7])
    return replace(problem, period_s=max(time * factor, 1e-3))
