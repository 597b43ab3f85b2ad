# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The proof that a schedule is one of least energy.

The proof, for each set of rails and each way (tail) in which a period can end:

    cost = E + e + p (r - A)    for a path of energy E and time A <= r,

where the tail draws p watts, costs e joules once (and what rails draw), and leaves the
layers r seconds, or with a margin less for A. With
G = E - p A and any price of time >= 0,

    cost >= G + e + p r + price * (A - r)    because A <= r.

So the shortest path under G + price * A bounds all paths of the tail. The certificate
has the price (its multiplier plus p). Where that bound is not enough, paths are built
layer by layer, and one is dropped when the same bound on its completions says so, when
its fastest completion is late, or when another one in the same state has no more of
both A and G. If none is left after the last layer, no schedule of the tail costs less.

Where layers run in a part of the periods only, E is what a period takes in the mean: of
layer l and of the change before it, w(l) times what it takes. The tail has the last
layer's w, and periods that end after layer l sleep for what is left of the period after
the times of the layers up to l. Each layer's time takes its part of that, and the rest
is added once.

Every sum is rounded down (up, where it is subtracted), so that a bound is one in spite
of floating point. A price that is no good costs time, and never makes a false proof.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .problem import Axis, Problem, RefusedError
from .reading import Certificate, Schedule

# How far a deadline may be exceeded, relatively: part of the problem's definition.
TIME_TOLERANCE = 1e-12
# How far the claimed energy may be from the sum, relatively.
ENERGY_TOLERANCE = 1e-11


def down(x: Any) -> Any:
    """Return the next smaller doubles: what a rounded sum is at least."""
    return np.nextafter(x, -np.inf)


def up(x: Any) -> Any:
    """Return the next larger doubles."""
    return np.nextafter(x, np.inf)


def add_up(problem: Problem, schedule: Schedule) -> float:
    """Check that a schedule is one, and return its energy."""
    states = schedule.states
    of_states = problem.rails()
    rails = set().union(*(of_states[s] for s in states))
    if len(rails) > problem.max_rails:
        raise RefusedError(
            f"schedule.states: too many rails: expects at most {problem.max_rails}, "
            f"but got {len(rails)}"
        )
    weights = problem.weights()
    energies = [weights[i] * problem.energy_j[i, s] for i, s in enumerate(states)]
    times = [problem.time_s[i, s] for i, s in enumerate(states)]
    energies += early_ends(problem, times)
    for weight, before, after in zip(weights[1:], states, states[1:], strict=False):
        changes = []
        for column, axis in problem.all_axes():
            a, b = column[before], column[after]
            energies.append(weight * axis.transition_energy_j[a, b])
            changes.append(axis.transition_time_s[a, b])
        change = max(changes) if problem.overlapping_ramps else math.fsum(changes)
        times.append(change)
        energies.append(weight * problem.transition_power_w * change)
    energies.append(len(rails) * problem.rail_power_w * problem.period_s)
    power, once, overhead = problem.leakage_w[-1, states[-1]], 0.0, 0.0
    if schedule.tail is not None:
        power, once, overhead = problem.sleep_states[schedule.tail]
    active = math.fsum(times)
    deadline = problem.period_s * (1 - problem.margin)
    if not active + overhead <= deadline * (1 + TIME_TOLERANCE):
        raise RefusedError(
            f"schedule: expects at most {deadline} s, but takes "
            f"{active + overhead} s and misses the deadline"
        )
    rest = max(problem.period_s - active - overhead, 0.0)
    return math.fsum([*energies, weights[-1] * once, weights[-1] * power * rest])


def early_ends(problem: Problem, times: Sequence[float]) -> Iterator[float]:
    """Yield what periods take that end early, by the last layer that they run."""
    for i, (weight, onward) in enumerate(itertools.pairwise(problem.weights())):
        if weight != onward:
            power, energy, time = problem.early_tail()
            asleep = problem.period_s - time - math.fsum(times[: i + 1])
            yield (weight - onward) * (energy + power * asleep)


class Tail:
    """A way to end the period: its power, its least cost, and the room it leaves."""

    def __init__(
        self, problem: Problem, power: float, energy: float, time: float, last: Any
    ) -> None:
        # The states of the last layer that it may follow.
        self.last = last
        # In the mean: some periods may not get there.
        weight = problem.weights()[-1]
        self.power = power if weight == 1 else max(float(down(weight * power)), 0.0)
        period = deadline = problem.period_s
        if problem.margin:
            deadline = up(period * up(1 - problem.margin))
        # The latest that layers may end, and what is drawn if they take no time.
        self.room = up(up(up(deadline * (1 + TIME_TOLERANCE)) - time))
        self.constant = down(
            (energy if weight == 1 else down(weight * energy))
            + down(self.power * down(period - time))
        )


class RailSet:
    """The states on some rails, layer by layer."""

    def __init__(
        self, problem: Problem, rails: Sequence[int], of_states: list[set[int]]
    ) -> None:
        self.problem = problem
        self.states = np.flatnonzero([needed <= set(rails) for needed in of_states])
        # What rails in use draw, if they are all of these; fewer are another set.
        self.constant = down(
            down(len(rails) * down(problem.rail_power_w * problem.period_s))
            + _early_constant(problem)
        )
        self.weights = np.array(problem.weights())
        self.time = problem.time_s[:, self.states]
        self.energy = self._mean_energy(problem.energy_j[:, self.states])
        self.leakage = problem.leakage_w[-1, self.states]
        self.step_time = self._step_times(down)
        self.step_time_at_most = self._step_times(up)
        self.step_energy = down(
            self._sum([axis.transition_energy_j for _, axis in self._axes()], down)
            + down(problem.transition_power_w * self.step_time)
        )

    def _mean_energy(self, energy: np.ndarray) -> np.ndarray:
        """Return energies in the mean, less what the times take of early ends."""
        if not self.problem.probabilities:
            return energy
        power = self.problem.early_tail()[0]
        ended = up(self.weights - self.weights[-1]) * (self.weights > self.weights[-1])
        there = np.isfinite(energy)
        taken = up(up(ended * power)[:, None] * np.where(there, self.time, 0.0))
        mean = down(self.weights[:, None] * np.where(there, energy, 0.0))
        # Of a state that a layer does not have, still infinite.
        return np.where(there, down(mean - taken), np.inf)

    def step(self, layer: int, power: float) -> np.ndarray:
        """Return what changes before a layer take more than their time of a tail."""
        energy = self.step_energy
        if self.problem.probabilities:
            energy = down(self.weights[layer] * energy)
        return down(energy - up(power * self.step_time_at_most))

    def _axes(self) -> Iterator[tuple[np.ndarray, Axis]]:
        for column, axis in self.problem.all_axes():
            yield column[self.states], axis

    def _step_times(self, rounded: Callable[[Any], Any]) -> np.ndarray:
        """Return times from state to state."""
        times = [axis.transition_time_s for _, axis in self._axes()]
        if not self.problem.overlapping_ramps:
            return self._sum(times, rounded)
        longest = np.zeros((len(self.states), len(self.states)))
        for (column, _), matrix in zip(self._axes(), times, strict=True):
            longest = np.maximum(longest, matrix[np.ix_(column, column)])
        return longest

    def _sum(
        self, matrices: list[np.ndarray], rounded: Callable[[Any], Any]
    ) -> np.ndarray:
        """Return costs from state to state, summed over axes."""
        total = np.zeros((len(self.states), len(self.states)))
        for (column, _), matrix in zip(self._axes(), matrices, strict=True):
            total = rounded(total + matrix[np.ix_(column, column)])
        return total

    def has_schedules(self) -> bool:
        """Return whether every layer has a state on these rails."""
        return bool(np.isfinite(self.energy).any(axis=1).all())

    def sweep(self, costs: np.ndarray, steps: Callable[[int], Any]) -> np.ndarray:
        """Return least costs from after each state to the end, [layer, state].

        Steps are what changes before a layer cost.
        """
        to_go = np.zeros_like(costs)
        for layer in range(len(costs) - 2, -1, -1):
            following = down(costs[layer + 1] + to_go[layer + 1])
            onward = down(steps(layer + 1) + following)
            to_go[layer] = onward.min(axis=1)
        return to_go

    def tails(self) -> Iterator[tuple[tuple[str, int], Tail]]:
        """Yield the name and the Tail of each way to end the period."""
        everywhere = np.ones(len(self.states), dtype=bool)
        for i, (power, energy, time) in enumerate(self.problem.sleep_states):
            yield ("sleep", i), Tail(self.problem, power, energy, time, everywhere)
        for i, state in enumerate(self.states):
            last = np.arange(len(self.states)) == i
            if np.isfinite(self.energy[-1, i]):
                tail = Tail(self.problem, self.leakage[i], 0.0, 0.0, last)
                yield ("idle", int(state)), tail


def _early_constant(problem: Problem) -> float:
    """Return what periods take that end early, as if their layers took no time."""
    early = 1 - problem.weights()[-1]
    if early == 0:
        return 0.0
    power, energy, time = problem.early_tail()
    rest = down(problem.period_s - time)
    return float(down(down(early) * down(energy + down(power * rest))))


def prove_tail(rail_set: RailSet, tail: Tail, price: float, target: float) -> bool:
    """Return whether no path of a tail costs less than the target."""
    room, constant = tail.room, down(tail.constant + rail_set.constant)
    time_at_least = rail_set.time.copy()
    time_at_least[-1, ~tail.last] = np.inf
    time_to_go = rail_set.sweep(time_at_least, lambda _: rail_set.step_time)
    if down(time_at_least[0] + time_to_go[0]).min() > room:
        return True
    price = max(price, 0.0)
    work = down(rail_set.energy - up(tail.power * rail_set.time))
    work[-1, ~tail.last] = np.inf
    late = up(price * room)
    priced = down(work + down(price * rail_set.time))
    priced_time = down(price * rail_set.step_time)
    to_go = rail_set.sweep(
        priced, lambda layer: down(rail_set.step(layer, tail.power) + priced_time)
    )
    start = down(priced[0] + to_go[0])
    if down(down(start + constant) - late).min() >= target:
        return True

    # Build paths: arrays of time and G, and the state that each is in.
    time, g = rail_set.time[0], work[0]
    state = np.arange(len(time))
    for layer in range(len(work)):
        if layer > 0:
            time = down(
                down(time[:, None] + rail_set.step_time[state]) + rail_set.time[layer]
            ).ravel()
            step = rail_set.step(layer, tail.power)
            g = down(down(g[:, None] + step[state]) + work[layer]).ravel()
            state = np.tile(np.arange(len(rail_set.states)), len(state))
        bound = down(down(g + down(price * time)) + to_go[layer, state])
        # What is no number is no reason to drop a path.
        keep = ~(down(down(bound + constant) - late) >= target)
        keep &= ~(down(time + time_to_go[layer, state]) > room)
        time, g, state = undominated(time[keep], g[keep], state[keep])
        if not len(time):
            return True
    return bool(down(g + constant).min() >= target)


def undominated(
    time: np.ndarray, g: np.ndarray, state: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the paths that no other in the same state beats in both time and G."""
    order = np.lexsort((g, time, state))
    time, g, state = time[order], g[order], state[order]
    # By increasing time, those that have less G than all before.
    keep = np.ones(len(g), dtype=bool)
    for first, end in spans(state):
        best = np.minimum.accumulate(g[first:end])
        keep[first + 1 : end] = ~(g[first + 1 : end] >= best[:-1])
    return time[keep], g[keep], state[keep]


def spans(state: np.ndarray) -> Iterable[tuple[int, int]]:
    """Return where runs of equal numbers begin and end."""
    edges = np.flatnonzero(np.diff(state)) + 1
    return itertools.pairwise([0, *edges.tolist(), len(state)])


def rail_sets(problem: Problem, of_states: list[set[int]]) -> Iterator[tuple[int, ...]]:
    """Yield sets of rails that all schedules are on: the largest, which hold others.

    Where a rail costs something by being there, sets of all sizes.
    """
    levels = sorted(set().union(*of_states))
    most = min(problem.max_rails, len(levels))
    for size in range(0 if problem.rail_power_w else most, most + 1):
        yield from itertools.combinations(levels, size)


# Infinity rounded down is the largest double, and two of them are infinity again.
@np.errstate(over="ignore")
def prove(certificate: Certificate, tolerance: float) -> tuple[float, int]:
    """Prove that the schedule is one of least energy, up to a relative tolerance.

    Returns the energy, and of how many tails it was proven that none costs less; raises
    RefusedError if it can't be.
    """
    problem, schedule = certificate.problem, certificate.schedule
    energy = add_up(problem, schedule)
    if not math.isclose(energy, schedule.energy_j, rel_tol=ENERGY_TOLERANCE):
        raise RefusedError(
            f"schedule.energy_j: expects {energy} J, which the schedule costs, and not "
            f"what is claimed, {schedule.energy_j} J"
        )
    target = energy * (1 - tolerance)
    proven = 0
    of_states = problem.rails()
    for rails in rail_sets(problem, of_states):
        rail_set = RailSet(problem, rails, of_states)
        if not rail_set.has_schedules():
            continue
        for name, tail in rail_set.tails():
            price = certificate.prices.get((rails, name), certificate.price)
            if not prove_tail(rail_set, tail, price + tail.power, target):
                kind, which = name
                raise RefusedError(
                    f"rails {', '.join(map(str, rails))}, {kind} {which}: there may be "
                    f"better schedules than {energy} J"
                )
            proven += 1
    return energy, proven
