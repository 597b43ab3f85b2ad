# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An instance as one mixed-integer program, solved by HiGHS.

Binary variables choose the rails, a state for each layer, and the tail. In each
domain, variables for what happens between two layers pay for transitions. What is
left of the period goes to the tail that is chosen; for idling it is kept apart by
last state, as that state's leakage power is what is paid.

Times are in thousandths of the period, and energies in thousandths of the sum of the
layers' least energies, so that the solver's absolute tolerances are small enough.
"""

from dataclasses import dataclass, field
from pathlib import Path

import highspy
import numpy

from .search_instances import Answer, Instance, uniform_change

SCALE = 1000.0
TOLERANCE = 1e-9


@dataclass
class _Columns:
    """Columns and rows of a program, as lists that grow."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_integer: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    row_start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add(self, name: str, upper: float, cost: float, is_integer: bool) -> int:
        """Add a variable from zero to a bound, and return its index."""
        self.names.append(name)
        self.upper.append(upper)
        self.cost.append(cost)
        self.is_integer.append(is_integer)
        return len(self.cost) - 1

    def binary(self, name: str, cost: float = 0.0) -> int:
        return self.add(name, 1.0, cost, True)

    def continuous(self, name: str, upper: float, cost: float = 0.0) -> int:
        return self.add(name, upper, cost, False)

    def row(self, lower: float, terms: list[tuple[int, float]], upper: float) -> None:
        """Add lower <= sum of terms <= upper."""
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.index += [index for index, _ in terms]
        self.value += [value for _, value in terms]
        self.row_start.append(len(self.index))

    def to_lp(self, offset: float) -> highspy.HighsLp:
        """Return the program in HiGHS's own form."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.row_lower)
        lp.offset_ = offset
        lp.col_cost_ = numpy.array(self.cost)
        lp.col_lower_ = numpy.zeros(len(self.cost))
        lp.col_upper_ = numpy.array(self.upper)
        lp.row_lower_ = numpy.array(self.row_lower)
        lp.row_upper_ = numpy.array(self.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = numpy.array(self.row_start)
        lp.a_matrix_.index_ = numpy.array(self.index)
        lp.a_matrix_.value_ = numpy.array(self.value)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_integer] for is_integer in self.is_integer]
        lp.col_names_ = self.names
        return lp


class Program:
    """The mixed-integer program of an instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        costs = instance.costs
        self.unit_j = float(costs.energy_j.min(axis=1).sum()) / SCALE
        self.unit_s = instance.period_s / SCALE
        self.columns = _Columns()
        self.offset = 0.0
        # Terms of the row of time, and what is constant in it.
        self.spent: list[tuple[int, float]] = []
        self.spent_always = 0.0
        self.choice = [self._add_layer(i) for i in range(instance.layers)]
        self.rails = [
            self.columns.binary(f"rail_{level}") for level in range(len(costs.levels_v))
        ]
        ones = [(rail, 1.0) for rail in self.rails]
        self.columns.row(0.0, ones, float(costs.max_rails))
        for domain in range(len(costs.domains)):
            self._add_domain(domain)
        self._add_tails()
        room = SCALE - self.spent_always
        self.columns.row(room, self.spent, room)
        self.model = self._to_model()

    def _add_layer(self, layer: int) -> dict[int, int]:
        """Add the choice of a layer's state; return its variables by state."""
        costs = self.instance.costs
        energies, times = costs.energy_j[layer].tolist(), costs.time_s[layer].tolist()
        offered = numpy.isfinite(costs.energy_j[layer] + costs.time_s[layer])
        choice = {
            state: self.columns.binary(
                f"state_{layer}_{state}", energies[state] / self.unit_j
            )
            for state in numpy.flatnonzero(offered).tolist()
        }
        self.columns.row(1.0, [(index, 1.0) for index in choice.values()], 1.0)
        self.spent += [(choice[s], times[s] / self.unit_s) for s in choice]
        return choice

    def _add_levels(self, layer: int, domain: int) -> dict[int, int]:
        """Add what level a domain is on in a layer; return variables by level."""
        terms: dict[int, list] = {}
        levels = self.instance.costs.states[:, domain].tolist()
        for state, index in self.choice[layer].items():
            terms.setdefault(levels[state], []).append((index, 1.0))
        at = {}
        for level, states in sorted(terms.items()):
            name = f"level_{layer}_{domain}_{level}"
            at[level] = self.columns.continuous(name, 1.0)
            self.columns.row(0.0, [*states, (at[level], -1.0)], 0.0)
            pair = [(at[level], 1.0), (self.rails[level], -1.0)]
            self.columns.row(-numpy.inf, pair, 0.0)
        return at

    def _add_domain(self, domain: int) -> None:
        """Add a domain's levels, and what it pays to change them."""
        layers = range(self.instance.layers)
        at = [self._add_levels(layer, domain) for layer in layers]
        change = uniform_change(self.instance, domain)
        for layer in layers[1:]:
            where = f"{layer}_{domain}"
            if change is None:
                self._add_flow(where, domain, at[layer - 1], at[layer])
            elif any(change):
                self._add_stays(where, change, at[layer - 1], at[layer])

    def _add_stays(self, where: str, change: tuple, before: dict, after: dict) -> None:
        """Pay for a change of level, unless the domain stays on some level.

        As tight as a flow from level to level where all changes cost the same.
        """
        energy, time = change[0] / self.unit_j, change[1] / self.unit_s
        self.offset += energy
        self.spent_always += time
        for level in before.keys() & after.keys():
            stay = self.columns.continuous(f"stay_{where}_{level}", 1.0, -energy)
            self.spent.append((stay, -time))
            for at in (before[level], after[level]):
                self.columns.row(-numpy.inf, [(stay, 1.0), (at, -1.0)], 0.0)

    def _add_flow(self, where: str, domain: int, before: dict, after: dict) -> None:
        """Pay for changes of level by a flow from level to level."""
        costs = self.instance.costs
        leaving = {a: [(index, -1.0)] for a, index in before.items()}
        entering = {b: [(index, -1.0)] for b, index in after.items()}
        for a in before:
            for b in after:
                energy = costs.transition_energy_j[domain, a, b] / self.unit_j
                flow = self.columns.continuous(f"move_{where}_{a}_{b}", 1.0, energy)
                time = costs.transition_time_s[domain, a, b] / self.unit_s
                self.spent.append((flow, float(time)))
                leaving[a].append((flow, 1.0))
                entering[b].append((flow, 1.0))
        for terms in (*leaving.values(), *entering.values()):
            self.columns.row(0.0, terms, 0.0)

    def _add_rest(self, name: str, power_w: float, choice: int) -> int:
        """Add the time that a tail has, if a binary variable chooses it."""
        power = power_w * self.unit_s / self.unit_j
        rest = self.columns.continuous(f"rest_{name}", SCALE, power)
        self.columns.row(-numpy.inf, [(rest, 1.0), (choice, -SCALE)], 0.0)
        self.spent.append((rest, 1.0))
        return rest

    def _add_tails(self) -> None:
        """Add the choice of a tail, and how long it lasts."""
        costs = self.instance.costs
        idle = self.columns.binary("idle")
        leakages = costs.leakage_w[-1].tolist()
        rests = [
            (self._add_rest(f"idle_{state}", leakages[state], index), 1.0)
            for state, index in self.choice[-1].items()
        ]
        self.columns.row(-numpy.inf, [*rests, (idle, -SCALE)], 0.0)
        tails = [idle]
        for number, sleep in enumerate(costs.sleep_states):
            tail = self.columns.binary(f"sleep_{number}", sleep.energy_j / self.unit_j)
            self.spent.append((tail, sleep.time_s / self.unit_s))
            self._add_rest(f"sleep_{number}", sleep.power_w, tail)
            tails.append(tail)
        self.columns.row(1.0, [(tail, 1.0) for tail in tails], 1.0)

    def _to_model(self) -> highspy.Highs:
        """Return the program in a solver."""
        model = highspy.Highs()
        model.silent()
        for option, value in (
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("mip_feasibility_tolerance", TOLERANCE),
            ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", TOLERANCE),
            ("threads", 1),
        ):
            model.setOptionValue(option, value)
        model.passModel(self.columns.to_lp(self.offset))
        return model

    def write(self, path: Path) -> None:
        """Write the program as an MPS file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.model.writeModel(str(path))

    def solve(self, limit_s: float) -> Answer:
        """Return the best states found within a time."""
        self.model.setOptionValue("time_limit", limit_s)
        self.model.run()
        info = self.model.getInfo()
        is_proven = self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        bound_j = info.mip_dual_bound * self.unit_j
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible
        if info.primal_solution_status != feasible:
            return Answer(None, is_proven, bound_j)
        values = self.model.getSolution().col_value
        states = [max(c, key=lambda s, c=c: values[c[s]]) for c in self.choice]
        return Answer(states, is_proven, bound_j)
