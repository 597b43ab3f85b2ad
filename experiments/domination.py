# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pruning of states that the paper's artifact does before it searches."""

from dataclasses import replace
from itertools import combinations

import numpy
from numpy.typing import NDArray
from pfmlir import CostTables

from benchmarks.search_lambda_dp import RailSet


def kept_states(tables: CostTables) -> NDArray[numpy.bool_]:
    """Return which states are kept; shape [layer, state].

    A state goes if another of its layer is no worse in energy, time and leakage power
    and uses a subset of its voltages, so that it is there whenever the first one is.
    Of equal ones the first is kept.
    """
    levels = tables.states
    uses = numpy.zeros((len(levels), len(tables.levels_v)), dtype=bool)
    numpy.put_along_axis(uses, levels, True, axis=1)
    # [a, b]: a uses no voltage that b doesn't.
    subset = ~(uses[:, None] & ~uses[None, :]).any(axis=2)
    kept = numpy.ones(tables.energy_j.shape, dtype=bool)
    earlier = numpy.tri(len(levels), k=-1, dtype=bool).T
    for layer in range(len(kept)):
        costs = numpy.stack(
            [tables.energy_j[layer], tables.time_s[layer], tables.leakage_w[layer]]
        )
        no_worse = (costs[:, :, None] <= costs[:, None, :]).all(axis=0)
        equal = no_worse & no_worse.T & subset & subset.T
        dominates = no_worse & subset & (~equal | earlier)
        numpy.fill_diagonal(dominates, False)
        kept[layer] = ~dominates.any(axis=0)
    return kept


def pareto_states(tables: CostTables, layer: int) -> NDArray[numpy.bool_]:
    """Return which states of a layer no other beats in both energy and time."""
    energy_j, time_s = tables.energy_j[layer], tables.time_s[layer]
    no_worse = (energy_j[:, None] <= energy_j) & (time_s[:, None] <= time_s)
    better = (energy_j[:, None] < energy_j) | (time_s[:, None] < time_s)
    return ~(no_worse & better).any(axis=0)


def prune(tables: CostTables) -> CostTables:
    """Return the tables with infinite costs where a state is pruned."""
    kept = kept_states(tables)
    return replace(
        tables,
        energy_j=numpy.where(kept, tables.energy_j, numpy.inf),
        time_s=numpy.where(kept, tables.time_s, numpy.inf),
    )


def count_pairs(tables: CostTables) -> int:
    """Return how many pairs of states of neighbouring layers a search looks at.

    That is what a shortest path through all rail sets takes, once.
    """
    levels = tables.states
    offered = numpy.isfinite(tables.energy_j)
    pairs = 0
    for size in range(1, tables.max_rails + 1):
        for rails in combinations(range(len(tables.levels_v)), size):
            counts = offered[:, numpy.isin(levels, rails).all(axis=1)].sum(axis=1)
            pairs += int((counts[1:] * counts[:-1]).sum())
    return pairs


class LoopingRailSet(RailSet):
    """A rail set whose shortest paths go from state to state, in plain Python.

    Its time goes with the number of pairs of states, which is what pruning saves. One
    sweep of numpy's over a grid takes the same time whether states are there or not.
    """

    def shortest(self, weight_j: float, weight_s: float) -> list[int]:
        """Return a path of least weighted energy and time."""
        offered = [numpy.flatnonzero(~row).tolist() for row in self.missing]
        cost = numpy.where(
            self.missing,
            numpy.inf,
            weight_j * numpy.where(self.missing, 0.0, self.energy_j)
            + weight_s * numpy.where(self.missing, 0.0, self.time_s),
        ).tolist()
        change = (weight_j * self.change_j + weight_s * self.change_s).tolist()
        reach = {state: cost[0][state] for state in offered[0]}
        parents = []
        for layer in range(1, len(cost)):
            further, parent = {}, {}
            for state in offered[layer]:
                row = change[state]
                best, best_state = float("inf"), -1
                for before, reached in reach.items():
                    through = row[before] + reached
                    if through < best:
                        best, best_state = through, before
                further[state] = best + cost[layer][state]
                parent[state] = best_state
            reach = further
            parents.append(parent)
        path = [min(reach, key=reach.__getitem__)]
        for parent in reversed(parents):
            path.append(parent[path[-1]])
        return path[::-1]
