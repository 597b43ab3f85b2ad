# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random systems of networks, random dies, and their enumeration.

Nothing here is shared with the compiler, as in `problems`.
"""

import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .machines import enumerate_optimum, with_exits
from .problems import (
    JOULE,
    SECOND,
    Problem,
    State,
    function_lines,
    random_problem,
    target_lines,
)


@dataclass(frozen=True)
class Corner:
    """Dies of one kind, as `power.corner` has them."""

    name: str
    speed: float
    leakage: float
    weight: float

    def line(self) -> str:
        """Return it as a target declares it."""
        return (
            f"power.corner @{self.name} speed {self.speed:.17e}"
            f" leakage {self.leakage:.17e} weight {self.weight:.17e}"
        )

    def apply(self, state: State) -> State:
        """Return what a state is on such a die."""
        time_s = state.time_s / self.speed
        leakage_w = state.leakage_w * self.leakage
        dynamic_j = state.energy_j - state.leakage_w * state.time_s
        return replace(
            state,
            energy_j=dynamic_j + leakage_w * time_s,
            time_s=time_s,
            leakage_w=leakage_w,
        )


@dataclass(frozen=True)
class System:
    """Networks on one target, each with the part of the time that it runs at its rate.

    With corners, each has one schedule for all of them, or one for each.
    """

    networks: tuple[Problem, ...]
    shares: tuple[float, ...]
    corners: tuple[Corner, ...] = ()

    def to_mlir(self, name: str) -> str:
        """Return it as a module, with functions `name_0`, ..., and a system `name`."""
        corners = [corner.line() for corner in self.corners]
        lines = target_lines(self.networks[0], corners)
        for i, network in enumerate(self.networks):
            lines += function_lines(network, f"{name}_{i}")
        lines.append(f"power.system @{name} {{")
        for i, share in enumerate(self.shares):
            lines.append(f"  power.network @{name}_{i} share {share:.17e}")
        return "\n".join([*lines, "}", ""])


def robust(problem: Problem, corners: Sequence[Corner]) -> Problem:
    """Return the problem of one schedule for all dies.

    Each layer takes its longest time on any die; where it is done earlier, it waits
    in its state.
    """

    def mean(state: State) -> State:
        found = [(corner.weight, corner.apply(state)) for corner in corners]
        longest_s = max(each.time_s for _, each in found)
        return replace(
            state,
            time_s=longest_s,
            leakage_w=math.fsum(w * each.leakage_w for w, each in found),
            energy_j=math.fsum(
                w * (each.energy_j + each.leakage_w * (longest_s - each.time_s))
                for w, each in found
            ),
        )

    layers = [[mean(state) for state in layer] for layer in problem.layers]
    return replace(problem, layers=layers)


def in_corner(problem: Problem, corner: Corner) -> Problem:
    """Return the problem of a schedule for the dies of one corner."""
    layers = [[corner.apply(state) for state in layer] for layer in problem.layers]
    return replace(problem, layers=layers)


def restrict(problem: Problem, rails: set[int]) -> Problem | None:
    """Return what is left of a problem on these rails, if each layer has a state."""
    layers = [
        [state for state in layer if problem.rails(state) <= rails]
        for layer in problem.layers
    ]
    return replace(problem, layers=layers) if all(layers) else None


def least_power(
    networks: Sequence[Problem],
    shares: Sequence[float],
    max_rails: int,
    solve: Callable[[Problem], float],
) -> float:
    """Return the least mean power on any rails, in joules over seconds of problems."""
    levels = range(networks[0].num_levels)
    least = math.inf
    for rails in itertools.combinations(levels, min(max_rails, len(levels))):
        power = 0.0
        for network, share in zip(networks, shares, strict=True):
            left = restrict(network, set(rails))
            energy = solve(left) if left else math.inf
            power += share * energy / network.period_s
        least = min(least, power)
    return least


def optimum(
    system: System,
    by_corner: bool = False,
    solve: Callable[[Problem], float] = enumerate_optimum,
) -> float:
    """Return the least power of a system, in watts; infinite if there is none.

    Each network's least energy on given rails is what `solve` returns.
    """
    networks, shares = list(system.networks), list(system.shares)
    if by_corner:
        pairs = list(
            itertools.product(zip(networks, shares, strict=True), system.corners)
        )
        networks = [in_corner(network, corner) for (network, _), corner in pairs]
        shares = [share * corner.weight for (_, share), corner in pairs]
    elif system.corners:
        networks = [robust(network, system.corners) for network in networks]
    least = least_power(networks, shares, networks[0].max_rails, solve)
    return least * JOULE / SECOND


def random_system(seed: int, with_corners: bool = False) -> System:
    """Return the system of a seed: up to three small networks on one machine."""
    pick = random.Random(f"system {seed}")
    machine = random_problem(pick.randrange(10**9))
    # Few rails leave some layer without a state, more often than not.
    machine = replace(machine, max_rails=pick.choice([1, 2, 3, 3]))
    networks = []
    for _ in range(pick.randint(1, 3)):
        other = random_problem(pick.randrange(10**9))
        layers = [
            [
                replace(
                    state,
                    # Leakage is part of it.
                    energy_j=state.energy_j + state.leakage_w * state.time_s,
                    levels=tuple(
                        pick.randrange(machine.num_levels)
                        for _ in range(machine.num_domains)
                    ),
                )
                for state in layer[:5]
            ]
            for layer in other.layers[:3]
        ]
        # A state of a layer is known by its levels.
        layers = [
            list({state.levels: state for state in layer}.values()) for layer in layers
        ]
        network = replace(machine, layers=layers)
        fastest_s = sum(max(state.time_s for state in layer) for layer in layers)
        factor = pick.choice([0.8, 1.0, 1.5, 3.0, 6.0])
        networks.append(replace(network, period_s=max(fastest_s * factor, 1e-3)))
    if not with_corners and pick.random() < 0.3:
        # The sleep states are the machine's: only of one network.
        networks = [with_exits(networks[0], seed)]
    shares = [pick.choice([1.0, 0.5, pick.uniform(0.01, 1.0)]) for _ in networks]
    return System(
        tuple(networks), tuple(shares), _corners(pick) if with_corners else ()
    )


def _corners(pick: random.Random) -> tuple[Corner, ...]:
    weights = [pick.uniform(0.1, 1.0) for _ in range(pick.randint(1, 3))]
    total = sum(weights)
    return tuple(
        Corner(
            f"c{i}",
            pick.choice([1.0, 0.85, pick.uniform(0.5, 1.5)]),
            pick.choice([1.0, 0.0, pick.uniform(0.2, 3.0)]),
            weight / total,
        )
        for i, weight in enumerate(weights)
    )
