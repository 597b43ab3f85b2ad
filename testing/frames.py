# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random networks that take turns, and the enumeration of their schedules and orders.

Nothing here is shared with the compiler, as in `problems`.
"""

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .problems import Problem, Sleep, State, random_problem
from .systems import restrict

# Of times: what is later by less than this is not late.
TOLERANCE = 1e-9


def _paths(problem: Problem) -> Iterator[tuple[float, float]]:
    """Yield time and cost of a frame in every schedule, from sleep to sleep.

    The cost is the energy without that of being asleep instead.
    """
    sleep = _deepest(problem)
    for states in itertools.product(*problem.layers):
        moves = [problem.transition(*pair) for pair in itertools.pairwise(states)]
        times = [*(s.time_s for s in states), *(time for _, time in moves)]
        energies = [*(s.energy_j for s in states), *(energy for energy, _ in moves)]
        time = math.fsum([*times, sleep.time_s])
        yield time, math.fsum([*energies, sleep.energy_j]) - sleep.power_w * time


def _deepest(problem: Problem) -> Sleep:
    return min(problem.sleeps, key=lambda sleep: (sleep.power_w, sleep.energy_j))


def _kept_in_order(
    order: Sequence[int], slots: Sequence[float], networks: Sequence[Problem]
) -> bool:
    now, done = 0.0, [0] * len(slots)
    for i in order:
        begin = done[i] * networks[i].period_s
        now = max(now, begin) + slots[i]
        if now > begin + networks[i].period_s * (1 - networks[i].margin) + TOLERANCE:
            return False
        done[i] += 1
    return True


def least_power(networks: Sequence[Problem]) -> float:
    """Return the least power of frames in any order; infinite if there is none.

    Periods are whole numbers of seconds. The power is in joules a second.
    """
    hyperperiod = math.lcm(*(int(network.period_s) for network in networks))
    counts = [int(hyperperiod / network.period_s) for network in networks]
    frames = [i for i, count in enumerate(counts) for _ in range(count)]
    orders = sorted(set(itertools.permutations(frames)))
    sleep_w = _deepest(networks[0]).power_w
    levels = range(networks[0].num_levels)
    least = math.inf
    for rails in itertools.combinations(levels, networks[0].max_rails):
        left = [restrict(network, set(rails)) for network in networks]
        if not all(left):
            continue
        choices = [_front(list(_paths(each))) for each in left if each]
        for chosen in itertools.product(*choices):
            slots = [time for time, _ in chosen]
            cost = sum(n * each for n, (_, each) in zip(counts, chosen, strict=True))
            power = cost / hyperperiod + sleep_w
            if power < least and any(
                _kept_in_order(order, slots, networks) for order in orders
            ):
                least = power
    return least


def _front(paths: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return what no other path is both faster and cheaper than."""
    found: list[tuple[float, float]] = []
    for time, cost in sorted(set(paths)):
        if not found or cost < found[-1][1]:
            found.append((time, cost))
    return found


def random_frames(seed: int) -> list[Problem]:
    """Return the networks of a seed: two or three, on one machine, in whole seconds."""
    pick = random.Random(f"frames {seed}")
    machine = random_problem(pick.randrange(10**9))
    sleep = Sleep(
        pick.choice([0.0, 0.01]), pick.choice([0.0, 0.1]), pick.choice([0.0, 0.05])
    )
    machine = replace(
        machine,
        sleeps=[sleep, Sleep(0.02, 0.0, 0.0)],
        max_rails=min(pick.choice([1, 2, 3]), machine.num_levels),
    )
    periods = pick.choice(
        [(1, 2), (2, 3), (2, 4), (1, 3), (2, 2), (1, 2, 2), (2, 4, 4)]
    )
    load = pick.choice([0.2, 0.4, 0.7, 1.0])
    networks = []
    for period in periods:
        layers = [
            list(
                {
                    state.levels: state
                    for state in (
                        _random_state(pick, machine, load * period)
                        for _ in range(pick.randint(1, 4))
                    )
                }.values()
            )
            for _ in range(pick.randint(1, 3))
        ]
        networks.append(replace(machine, layers=layers, period_s=float(period)))
    return networks


def _random_state(pick: random.Random, machine: Problem, time_s: float) -> State:
    """Return a state of a layer: cheaper if it is slower, more often than not."""
    speed = pick.uniform(0.2, 1.0)
    return State(
        tuple(pick.randrange(machine.num_levels) for _ in range(machine.num_domains)),
        pick.choice([1.0, pick.uniform(0.5, 1.5)]) / speed,
        time_s * speed * pick.choice([0.25, 0.5]),
        0.0,
    )
