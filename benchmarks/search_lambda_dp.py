# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PowerFlow-DNN's lambda-DP in numpy, as one would write it from its description.

For each rail set of each size: the cheapest path; where that is late, shortest paths
under energy + lambda * time, with lambda doubled from 1 J/s until the path is in time
and bisected 28 times; then up to eight changes of one layer each to the ten best. A
sweep is vectorised over states, and a refinement over layers and states; rail sets
come one after the other. `passes/scheduler/LambdaDPSearch.cpp` is the same in C++.
"""

import itertools
import math
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from .search_instances import TIME_TOLERANCE, Instance

DOUBLINGS = 60
BISECTIONS = 28
PATHS = 10
CHANGES = 8

Array = NDArray[numpy.float64]


@dataclass(frozen=True)
class _Path:
    """States of a rail set, one a layer, with energy (tail included) and time."""

    energy_j: float
    time_s: float
    states: tuple[int, ...]


class RailSet:
    """The states of one rail set: costs [layer, state], transitions [to, from]."""

    def __init__(self, instance: Instance, kept: NDArray[numpy.int64]) -> None:
        costs = instance.costs
        self.kept = kept
        self.period_s = instance.period_s
        self.sleep_states = costs.sleep_states
        self.energy_j = costs.energy_j[:, kept]
        self.time_s = costs.time_s[:, kept]
        self.leakage_w = costs.leakage_w[-1, kept]
        self.missing = ~(numpy.isfinite(self.energy_j) & numpy.isfinite(self.time_s))
        levels = costs.states[kept]
        size = len(kept)
        self.change_j, self.change_s = numpy.zeros((2, size, size))
        for domain, level in enumerate(levels.T):
            pair = (level[None, :], level[:, None])
            self.change_j += costs.transition_energy_j[domain][pair]
            self.change_s += costs.transition_time_s[domain][pair]

    def shortest(self, weight_j: float, weight_s: float) -> list[int]:
        """Return a path of least weighted energy and time."""
        with numpy.errstate(invalid="ignore"):
            cost = weight_j * self.energy_j + weight_s * self.time_s
        cost[self.missing] = math.inf
        change = weight_j * self.change_j + weight_s * self.change_s
        everything = numpy.arange(len(self.kept))
        reach = cost[0]
        parents = []
        for row in cost[1:]:
            through = change + reach
            parent = through.argmin(axis=1)
            parents.append(parent)
            reach = through[everything, parent] + row
        path = [int(reach.argmin())]
        for parent in reversed(parents):
            path.append(int(parent[path[-1]]))
        return path[::-1]

    def tail_j(self, leakage_w: Array, time_s: Array) -> Array:
        """Return the energy of the cheapest tails; infinite where it is late."""
        latest_s = self.period_s * (1 + TIME_TOLERANCE)
        rest_s = numpy.maximum(self.period_s - time_s, 0.0)
        best = numpy.where(time_s <= latest_s, leakage_w * rest_s, math.inf)
        for power_w, energy_j, sleep_s in self.sleep_states:
            rest_s = numpy.maximum(self.period_s - sleep_s - time_s, 0.0)
            tail = numpy.where(
                time_s <= latest_s - sleep_s, energy_j + power_w * rest_s, math.inf
            )
            best = numpy.minimum(best, tail)
        return best

    def without_tail(self, states: list[int]) -> tuple[float, float]:
        """Return energy and time of layers and transitions."""
        layers = range(len(states))
        moves = (states[1:], states[:-1])
        return (
            float(self.energy_j[layers, states].sum() + self.change_j[moves].sum()),
            float(self.time_s[layers, states].sum() + self.change_s[moves].sum()),
        )

    def complete(self, states: list[int]) -> _Path:
        """Return states with their cheapest tail."""
        energy_j, time_s = self.without_tail(states)
        tail_j = float(self.tail_j(self.leakage_w[states[-1]], numpy.float64(time_s)))
        return _Path(energy_j + tail_j, time_s, tuple(states))

    def priced(self) -> list[_Path]:
        """Return the paths in time that are met on the way to a good price."""
        found = []

        def in_time(weight_j: float, weight_s: float) -> bool:
            path = self.complete(self.shortest(weight_j, weight_s))
            if math.isfinite(path.energy_j):
                found.append(path)
            return math.isfinite(path.energy_j)

        if in_time(1.0, 0.0) or not in_time(0.0, 1.0):
            return found
        low, high = 0.0, 1.0
        for _ in range(DOUBLINGS):
            if in_time(1.0, high):
                break
            low, high = high, 2 * high
        else:
            return found
        for _ in range(BISECTIONS):
            middle = low + (high - low) / 2
            if in_time(1.0, middle):
                high = middle
            else:
                low = middle
        return found

    def _around(self, states: list[int], change: Array) -> Array:
        """Return what every state would pay for its two transitions."""
        paid = numpy.zeros(self.energy_j.shape)
        paid[1:] += change[:, states[:-1]].T
        paid[:-1] += change[states[1:], :]
        return paid

    def best_neighbour(self, path: _Path) -> list[int]:
        """Return the states of the cheapest path that differs in one layer."""
        states = list(path.states)
        layers = numpy.arange(len(states))
        energy_j, time_s = self.without_tail(states)
        each_j = self.energy_j + self._around(states, self.change_j)
        each_s = self.time_s + self._around(states, self.change_s)
        each_j = energy_j + (each_j - each_j[layers, states][:, None])
        each_s = time_s + (each_s - each_s[layers, states][:, None])
        leakage_w = numpy.full(each_j.shape, self.leakage_w[states[-1]])
        leakage_w[-1] = self.leakage_w
        each_j += self.tail_j(leakage_w, each_s)
        layer, state = numpy.unravel_index(each_j.argmin(), each_j.shape)
        if each_j[layer, state] < path.energy_j:
            states[layer] = int(state)
        return states

    def refined(self, path: _Path) -> _Path:
        """Return a path after some changes of one layer, each the best there is."""
        for _ in range(CHANGES):
            better = self.complete(self.best_neighbour(path))
            if not better.energy_j < path.energy_j:
                break
            path = better
        return path

    def search(self, refine: bool) -> _Path | None:
        """Return the best path found; None if there is none."""
        found = sorted(self.priced(), key=lambda path: (path.energy_j, path.states))
        if not found:
            return None
        if not refine:
            return found[0]
        # One that was found at several prices counts as often.
        return min(
            (self.refined(path) for path in dict.fromkeys(found[:PATHS])),
            key=lambda path: path.energy_j,
        )


def solve(
    instance: Instance, refine: bool = True, kind: type[RailSet] = RailSet
) -> list[int] | None:
    """Return the states that the heuristic chooses; None if it finds nothing.

    Rail sets are of a `kind`, which may find its shortest paths in another way.
    """
    levels = instance.costs.states
    used = numpy.unique(levels).tolist()
    best_j, best = math.inf, None
    for size in range(1, min(instance.costs.max_rails, len(used)) + 1):
        for rails in itertools.combinations(used, size):
            kept = numpy.flatnonzero(numpy.isin(levels, rails).all(axis=1))
            if not len(kept):
                continue
            rail_set = kind(instance, kept)
            if rail_set.missing.all(axis=1).any():
                continue
            path = rail_set.search(refine)
            if path is not None and path.energy_j < best_j:
                best_j, best = path.energy_j, kept[list(path.states)].tolist()
    return best
