# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scheduling problem as an integer program, solved by HiGHS.

Binary variables choose a state for each layer and the rails; in each domain, flow
between neighbouring layers' levels pays for transitions, or where ramps overlap, flow
between their states. The tail makes the energy
a product of choices, so that there is one program for each tail: each sleep state,
and idling at each leakage power of the last layer.
"""

import itertools
import math
import time
from dataclasses import dataclass

import highspy

from .problems import Problem, Sleep, State, evaluate

States = tuple[State, ...]


@dataclass(frozen=True)
class Solution:
    """What HiGHS found.

    Attributes
    ----------
    energy_j
        Energy of the chosen states, evaluated exactly; infinite without any.
    proven
        Whether every program was closed: nothing is better, up to tolerances.
    solver_s
        Seconds spent in HiGHS, without the building of its programs.
    """

    energy_j: float
    proven: bool
    solver_s: float


def _tails(problem: Problem) -> list[tuple[Sleep, list[State]]]:
    """Return every tail: as a sleep state, and the last states that it goes with."""
    last = problem.layers[-1]
    idle = [
        (Sleep(power, 0.0, 0.0), [state for state in last if state.leakage_w == power])
        for power in sorted({state.leakage_w for state in last})
    ]
    return [*((sleep, last) for sleep in problem.sleeps), *idle]


class _Program:
    """The integer program of a problem with one tail."""

    def __init__(self, problem: Problem, tail: Sleep, last: list[State]) -> None:
        self.model = model = highspy.Highs()
        model.silent()
        for option, value in (
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("mip_feasibility_tolerance", 1e-9),
            ("primal_feasibility_tolerance", 1e-10),
            ("threads", 1),
        ):
            model.setOptionValue(option, value)
        self.layers = [*problem.layers[:-1], last]
        self.choice = [[model.addBinary() for _ in layer] for layer in self.layers]
        rails = [model.addBinary() for _ in range(problem.num_levels)]
        model.addConstr(sum(rails) <= problem.max_rails)

        weights = problem.weights()
        early_w = problem.early_tail().power_w if weights[-1] < 1 else 0.0
        # Rails cost: they are not chosen for nothing.
        energy = [problem.rail_power_w * problem.period_s * rail for rail in rails]
        duration = []
        for weight, layer, variables in zip(
            weights, self.layers, self.choice, strict=True
        ):
            model.addConstr(sum(variables) == 1)
            for state, variable in zip(layer, variables, strict=True):
                # Periods that end here or later, but early, sleep that much less.
                shorter_j = (weight - weights[-1]) * early_w * state.time_s
                energy.append((weight * state.energy_j - shorter_j) * variable)
                duration.append(state.time_s * variable)
                for rail in state.more_rails:
                    model.addConstr(variable <= rails[rail])
        for domain in range(problem.num_domains):
            # One sum of choices per layer and level that the domain can have there.
            at_level = [
                self._choices_at_levels(index, domain)
                for index in range(len(self.layers))
            ]
            self._add_rails(problem, domain, at_level, rails)
            for weight, before, after in zip(
                weights[1:], at_level[:-1], at_level[1:], strict=True
            ):
                flow = self._add_flow(before, after)
                for (a, b), variable in flow.items():
                    cost = weight * problem.transition_energy_j[domain][a][b]
                    delay = problem.transition_time_s[domain][a][b]
                    energy.append(cost * variable)
                    if not problem.overlapping_ramps:
                        awake_w = weight * problem.transition_power_w
                        energy.append(awake_w * delay * variable)
                        duration.append(delay * variable)
        if problem.overlapping_ramps:
            for index in range(len(self.layers) - 1):
                flow = self._add_flow(
                    {i: [v] for i, v in enumerate(self.choice[index])},
                    {i: [v] for i, v in enumerate(self.choice[index + 1])},
                )
                for (a, b), variable in flow.items():
                    _, delay = problem.transition(
                        self.layers[index][a], self.layers[index + 1][b]
                    )
                    awake_w = weights[index + 1] * problem.transition_power_w
                    energy.append(awake_w * delay * variable)
                    duration.append(delay * variable)

        # Some slack, well above the solver's tolerance: it would else miss schedules
        # whose own time is the deadline. `exclude` is for those that are truly late.
        rest = problem.period_s - tail.time_s
        latest = problem.period_s * (1 - problem.margin) - tail.time_s
        model.addConstr(sum(duration) <= latest + 1e-8)
        offset = weights[-1] * (tail.energy_j + tail.power_w * rest)
        if weights[-1] < 1:
            early = problem.early_tail()
            asleep = problem.period_s - early.time_s
            offset += (1 - weights[-1]) * (early.energy_j + early.power_w * asleep)
        tail_w = weights[-1] * tail.power_w
        self.objective = sum(energy) - tail_w * sum(duration) + offset

    def _add_rails(
        self,
        problem: Problem,
        domain: int,
        at_level: list[dict[int, list]],
        rails: list,
    ) -> None:
        """Let the choices that need a rail have it; all of a level together."""
        for choices in at_level:
            for setting, variables in choices.items():
                rail = setting
                if problem.rails_of is not None:
                    needed = problem.rails_of[domain][setting]
                    if needed is None:
                        continue
                    rail = needed
                self.model.addConstr(sum(variables) <= rails[rail])

    def _add_flow(self, before: dict[int, list], after: dict[int, list]) -> dict:
        """Return a variable for each pair of what is chosen before and after."""
        model = self.model
        flow = {
            pair: model.addVariable(0, 1) for pair in itertools.product(before, after)
        }
        for a, variables in before.items():
            model.addConstr(sum(flow[a, b] for b in after) == sum(variables))
        for b, variables in after.items():
            model.addConstr(sum(flow[a, b] for a in before) == sum(variables))
        return flow

    def _choices_at_levels(self, index: int, domain: int) -> dict[int, list]:
        """Return, per level, the choices that put a domain there in a layer."""
        found: dict[int, list] = {}
        for state, variable in zip(self.layers[index], self.choice[index], strict=True):
            found.setdefault(state.levels[domain], []).append(variable)
        return found

    def relaxed(self) -> float:
        """Return the optimum with fractions of states, a lower bound."""
        self.model.setOptionValue("solve_relaxation", True)
        self.model.minimize(self.objective)
        self.model.setOptionValue("solve_relaxation", False)
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return math.inf
        return self.model.getInfo().objective_function_value

    def exclude(self, states: States) -> None:
        """Forbid a choice of states."""
        chosen = [
            variables[layer.index(state)]
            for state, layer, variables in zip(
                states, self.layers, self.choice, strict=True
            )
        ]
        self.model.addConstr(sum(chosen) <= len(chosen) - 1)

    def solve(self, limit_s: float) -> tuple[States | None, bool]:
        """Return the best states, if any, and whether the program is closed."""
        self.model.setOptionValue("time_limit", limit_s)
        self.model.minimize(self.objective)
        status = self.model.getModelStatus()
        closed = status != highspy.HighsModelStatus.kTimeLimit
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible
        if self.model.getInfo().primal_solution_status != feasible:
            return None, closed
        return tuple(
            layer[max(range(len(layer)), key=lambda i: self.model.val(variables[i]))]
            for layer, variables in zip(self.layers, self.choice, strict=True)
        ), closed


def solve_within(problem: Problem, limit_s: float) -> Solution:
    """Return what HiGHS finds in a time.

    Numbers should be around one, because the solver's tolerances are absolute. The
    programs only choose; what a choice costs is evaluated exactly.
    """
    end = time.monotonic() + limit_s
    best, proven, solver_s = math.inf, True, 0.0
    for tail, last in _tails(problem):
        if tail.time_s > problem.period_s * (1 - problem.margin):
            continue
        program = _Program(problem, tail, last)
        # The first program usually has the optimum, and most others no chance.
        if math.isfinite(best) and program.relaxed() > best * (1 + 1e-9):
            solver_s += program.model.getRunTime()
            continue
        states, closed = program.solve(max(end - time.monotonic(), 0.0))
        while states is not None and math.isinf(evaluate(problem, states)):
            program.exclude(states)
            states, closed = program.solve(max(end - time.monotonic(), 0.0))
        solver_s += program.model.getRunTime()
        proven &= closed
        if states is not None:
            best = min(best, evaluate(problem, states))
    return Solution(best, proven, solver_s)


def solve(problem: Problem) -> float:
    """Return the least energy of all schedules; infinite if there is none."""
    return solve_within(problem, math.inf).energy_j
