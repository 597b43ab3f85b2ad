# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An instance as a constraint program, solved by OR-Tools CP-SAT.

The same choices as those of the mixed-integer program, in whole numbers: times are
rounded up to 2^-`TIME_BITS` of the period, and energies to the nearest
2^-`ENERGY_BITS` of the sum of the layers' least energies. So what it proves is that
nothing is better by more than the rounding, `Program.error_j`, among the schedules
that keep the deadline in rounded times, too.
"""

import math

import numpy
from ortools.sat.python import cp_model

from .search_instances import Answer, Instance, uniform_change

TIME_BITS = 32
ENERGY_BITS = 36
# Idling is charged in steps of so many units of time.
IDLE_STEP = 2**14


class Program:
    """The constraint program of an instance.

    Attributes
    ----------
    unit_j, unit_s : float
        What one of its integers is.
    error_j : float
        How far its energies of schedules can be from the true ones.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        costs = instance.costs
        self.unit_j = float(costs.energy_j.min(axis=1).sum()) / 2**ENERGY_BITS
        self.unit_s = instance.period_s / 2**TIME_BITS
        self.model = cp_model.CpModel()
        # Energies and times: variables and coefficients.
        self.paid: list[tuple] = []
        self.spent: list[tuple] = []
        self.paid_always = self.spent_always = 0
        self.choice = [self._add_layer(i) for i in range(instance.layers)]
        self.rails = [self._boolean() for _ in costs.levels_v]
        self.model.add(sum(self.rails) <= costs.max_rails)
        for domain in range(len(costs.domains)):
            self._add_domain(domain)
        self._add_tails()
        self.model.minimize(self._sum(self.paid) + self.paid_always)
        self.error_j = self._rounding_j()

    def _boolean(self) -> cp_model.IntVar:
        return self.model.new_bool_var("")

    @staticmethod
    def _sum(terms: list[tuple]) -> cp_model.LinearExpr:
        variables = [variable for variable, _ in terms]
        return cp_model.LinearExpr.weighted_sum(variables, [n for _, n in terms])

    def _energy(self, energy_j: float) -> int:
        return round(energy_j / self.unit_j)

    def _time(self, time_s: float) -> int:
        return math.ceil(time_s / self.unit_s)

    def _pay(self, variable: cp_model.IntVar, energy_j: float, time_s: float) -> None:
        """Charge for a choice."""
        self.paid.append((variable, self._energy(energy_j)))
        self.spent.append((variable, self._time(time_s)))

    def _add_layer(self, layer: int) -> dict[int, cp_model.IntVar]:
        """Add the choice of a layer's state; return its variables by state."""
        costs = self.instance.costs
        energies, times = costs.energy_j[layer].tolist(), costs.time_s[layer].tolist()
        offered = numpy.isfinite(costs.energy_j[layer] + costs.time_s[layer])
        choice = {s: self._boolean() for s in numpy.flatnonzero(offered).tolist()}
        self.model.add_exactly_one(choice.values())
        for state, variable in choice.items():
            self._pay(variable, energies[state], times[state])
        return choice

    def _add_levels(self, layer: int, domain: int) -> dict[int, cp_model.IntVar]:
        """Add what level a domain is on in a layer; return variables by level."""
        states: dict[int, list] = {}
        levels = self.instance.costs.states[:, domain].tolist()
        for state, variable in self.choice[layer].items():
            states.setdefault(levels[state], []).append(variable)
        at = {level: self._boolean() for level in sorted(states)}
        self.model.add_exactly_one(at.values())
        for level, variable in at.items():
            self.model.add(sum(states[level]) == variable)
            self.model.add_implication(variable, self.rails[level])
        return at

    def _add_domain(self, domain: int) -> None:
        """Add a domain's levels, and what it pays to change them."""
        layers = range(self.instance.layers)
        at = [self._add_levels(layer, domain) for layer in layers]
        change = uniform_change(self.instance, domain)
        for layer in layers[1:]:
            if change is None:
                self._add_flow(domain, at[layer - 1], at[layer])
            elif any(change):
                self._add_stays(change, at[layer - 1], at[layer])

    def _add_stays(self, change: tuple, before: dict, after: dict) -> None:
        """Pay for a change of level, unless the domain stays on some level."""
        energy, time = self._energy(change[0]), self._time(change[1])
        self.paid_always += energy
        self.spent_always += time
        for level in before.keys() & after.keys():
            stay = self._boolean()
            self.paid.append((stay, -energy))
            self.spent.append((stay, -time))
            self.model.add_implication(stay, before[level])
            self.model.add_implication(stay, after[level])

    def _add_flow(self, domain: int, before: dict, after: dict) -> None:
        """Pay for changes of level by a flow from level to level."""
        costs = self.instance.costs
        flow = {(a, b): self._boolean() for a in before for b in after}
        for (a, b), variable in flow.items():
            self._pay(
                variable,
                float(costs.transition_energy_j[domain, a, b]),
                float(costs.transition_time_s[domain, a, b]),
            )
        for a, variable in before.items():
            self.model.add(sum(flow[a, b] for b in after) == variable)
        for b, variable in after.items():
            self.model.add(sum(flow[a, b] for a in before) == variable)

    def _charge_rest(self, rest: cp_model.IntVar, power_w: float, *when) -> None:
        """Charge a tail's power for the steps that rest, under some conditions."""
        step_j = power_w * IDLE_STEP * self.unit_s
        price = self._energy(step_j)
        if price:
            self.model.add(self.tail_energy >= price * rest).only_enforce_if(*when)

    def _add_tails(self) -> None:
        """Add the choice of a tail, its energy, and the deadline."""
        costs = self.instance.costs
        steps = 2**TIME_BITS // IDLE_STEP
        highest_w = max(
            float(costs.leakage_w[-1].max()),
            *(sleep.power_w for sleep in costs.sleep_states),
            0.0,
        )
        most = self._energy(highest_w * self.instance.period_s) + steps
        self.tail_energy = self.model.new_int_var(0, most, "")
        self.paid.append((self.tail_energy, 1))
        rest = self.model.new_int_var(0, steps, "")
        idle = self._boolean()
        leakages = costs.leakage_w[-1].tolist()
        for state, variable in self.choice[-1].items():
            self._charge_rest(rest, leakages[state], variable, idle)
        tails = [idle]
        for sleep in costs.sleep_states:
            tails.append(self._boolean())
            self._pay(tails[-1], sleep.energy_j, sleep.time_s)
            self._charge_rest(rest, sleep.power_w, tails[-1])
        self.model.add_exactly_one(tails)
        spent = self._sum(self.spent) + self.spent_always
        self.model.add(spent <= 2**TIME_BITS)
        # The last step may be a part of one.
        self.model.add(spent + IDLE_STEP * rest >= 2**TIME_BITS - IDLE_STEP + 1)

    def _rounding_j(self) -> float:
        """Return a bound on the rounding of any schedule's energy."""
        costs = self.instance.costs
        layers, domains = self.instance.layers, len(costs.domains)
        terms = layers + (layers - 1) * domains + 1
        steps = 2**TIME_BITS // IDLE_STEP
        powers = [
            *costs.leakage_w[-1].tolist(),
            *(s.power_w for s in costs.sleep_states),
        ]
        # What is late by rounding is time in which nothing is charged.
        lost_s = (terms + IDLE_STEP) * self.unit_s
        return terms * self.unit_j / 2 + max(
            min(steps * self.unit_j / 2, power_w * self.instance.period_s)
            + power_w * lost_s
            for power_w in powers
        )

    def solve(self, limit_s: float) -> Answer:
        """Return the best states found within a time."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        # The default does not close most networks; the whole relaxation helps much.
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = limit_s
        status = solver.solve(self.model)
        bound_j = solver.best_objective_bound * self.unit_j
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, False, bound_j)
        states = [
            next(state for state, variable in choice.items() if solver.value(variable))
            for choice in self.choice
        ]
        return Answer(states, status == cp_model.OPTIMAL, bound_j)
