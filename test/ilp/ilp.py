# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scheduling problem as an integer program, solved by HiGHS.

Binary variables choose a state for each layer and the rails; flow on the edges
between neighbouring layers' states pays for transitions. The tail makes the
energy a product of choices, so that there is one program for each tail: each
sleep state, and idling after each state of the last layer.
"""

import itertools
import math

import highspy
from problems import Problem, Sleep, State, evaluate


def _tails(problem: Problem) -> list[tuple[Sleep, State | None]]:
    """Return every tail: as a sleep state, and the last state that it needs."""
    idle = [(Sleep(last.leakage_w, 0.0, 0.0), last) for last in problem.layers[-1]]
    return [*((sleep, None) for sleep in problem.sleeps), *idle]


def _solve_tail(
    problem: Problem, tail: Sleep, last: State | None
) -> tuple[State, ...] | None:
    """Return the best states with one tail, or None if there are none in time."""
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.0)
    model.setOptionValue("mip_feasibility_tolerance", 1e-9)
    model.setOptionValue("primal_feasibility_tolerance", 1e-10)

    layers = problem.layers
    if last is not None:
        layers = [*layers[:-1], [last]]
    rails = [model.addBinary() for _ in range(problem.num_levels)]
    model.addConstr(sum(rails) <= problem.max_rails)
    choice = [[model.addBinary() for _ in layer] for layer in layers]
    for layer, variables in zip(layers, choice, strict=True):
        model.addConstr(sum(variables) == 1)
        for state, variable in zip(layer, variables, strict=True):
            for level in set(state.levels):
                model.addConstr(variable <= rails[level])

    energy, time = [], []
    for layer, variables in zip(layers, choice, strict=True):
        for state, variable in zip(layer, variables, strict=True):
            energy.append(state.energy_j * variable)
            time.append(state.time_s * variable)
    for (before, left), (after, right) in itertools.pairwise(
        zip(layers, choice, strict=True)
    ):
        flow = [[model.addVariable(0, 1) for _ in after] for _ in before]
        for row, variable in zip(flow, left, strict=True):
            model.addConstr(sum(row) == variable)
        for column, variable in zip(zip(*flow, strict=True), right, strict=True):
            model.addConstr(sum(column) == variable)
        for i, j in itertools.product(range(len(before)), range(len(after))):
            cost, delay = problem.transition(before[i], after[j])
            energy.append(cost * flow[i][j])
            time.append(delay * flow[i][j])

    # Solvers accept what is late by their tolerance, so that the deadline of a
    # schedule's own time is met; what is truly late is found out by evaluating.
    model.addConstr(sum(time) <= problem.period_s - tail.time_s + 1e-9)
    model.minimize(sum(energy) - tail.power_w * sum(time))
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return tuple(
        layer[max(range(len(layer)), key=lambda i: model.val(variables[i]))]
        for layer, variables in zip(layers, choice, strict=True)
    )


def solve(problem: Problem) -> float:
    """Return the least energy of all schedules; infinite if there is none.

    The program only chooses; what the choice costs is evaluated exactly.
    """
    best = math.inf
    for tail, last in _tails(problem):
        if tail.time_s > problem.period_s:
            continue
        states = _solve_tail(problem, tail, last)
        if states is not None:
            best = min(best, evaluate(problem, states))
    return best
