# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Why a schedule is as it is, and what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy

from ..answers.explanations import Explanation, Reason
from ..answers.schedule import Schedule
from ..answers.sensitivities import Change
from ..answers.solution import Solution
from ..arguments import required_period
from ..compile.options import ScheduleOptions, read_options
from ..compile.scheduling import as_tables
from ..compile.sources import Source, resolve
from ..errors import InfeasibleError
from ..keywords import select, takes
from ..problem.arrays import SleepState
from ..problem.solver import SEARCHES, Limits
from ..problem.tables import CostTables
from ..units import with_prefix
from .changed_designs import Asked
from .sensitivities import Case

# Rates beside the one that is asked for, by the share of its period.
RATES = ((0.02, "2 % slower"), (-0.02, "2 % faster"))
# Of the states of a layer, how many are looked at with their transitions.
MOST_STATES = 4
# Of the hardware, what can be changed next; and to keep a deadline.
NEXT = ("rails", "gating")
ASKED = (*NEXT, "transitions")


class _Path:
    """A state for each layer of tables, and what it costs without the tail."""

    def __init__(self, tables: CostTables, solution: Solution) -> None:
        self._tables = tables
        self.states: list[int] = solution.states.tolist()
        self._rails = set(solution.rails_v.tolist())
        finite = tables.time_s[numpy.isfinite(tables.time_s)]
        self._long_s = solution.period_s + 10 * float(finite.sum())

    def costs(self, states: Sequence[int]) -> tuple[float, float]:
        """Return joules and seconds of layers in these states, and of transitions.

        By the search itself, with no state to choose and nothing that the rest of the
        period costs, so that there is one definition of both.
        """
        used = sorted(set(states))
        chosen = numpy.zeros((len(states), len(used)), dtype=bool)
        for layer, state in enumerate(states):
            chosen[layer, used.index(state)] = True
        tables = self._tables
        path = replace(
            tables,
            voltages_v=tables.voltages_v[used],
            settings=tables.settings[used],
            energy_j=numpy.where(chosen, tables.energy_j[:, used], numpy.inf),
            time_s=numpy.where(chosen, tables.time_s[:, used], numpy.inf),
            leakage_w=numpy.zeros(chosen.shape),
            sleep_states=(SleepState(0.0, 0.0, 0.0),),
            rail_power_w=0.0,
            max_rails=len(tables.levels_v),
        )
        found = path.solve(period_s=self._long_s, threads=1)
        return found.energy_j, found.active_time_s

    def describe(self, state: int) -> str:
        """Return a state as "1.00/0.90/0.90 V", and what else is set."""
        tables = self._tables
        voltages = "/".join(f"{v:.2f}" for v in tables.voltages_v[state].tolist())
        others = [
            f"{axis.name} {axis.settings[setting]}"
            for axis, setting in zip(tables.axes, tables.settings[state], strict=True)
        ]
        return ", ".join([*([f"{voltages} V"] if voltages else []), *others])

    def _can_be(self, state: int) -> bool:
        """Whether a state needs no rail that the schedule has not."""
        tables = self._tables
        needed = set(tables.voltages_v[state].tolist())
        for axis, setting in zip(tables.axes, tables.settings[state], strict=True):
            needed |= {axis.rails[setting]} - {None}
        return needed <= self._rails

    def _candidates(self, layer: int) -> list[int]:
        """Return states that take less energy by themselves, the best first."""
        energy, time = self._tables.energy_j[layer], self._tables.time_s[layer]
        now = self.states[layer]
        others = [
            state
            for state in numpy.flatnonzero(energy < energy[now]).tolist()
            if self._can_be(state)
        ]
        others.sort(
            key=lambda other: (time[other] - time[now]) / (energy[now] - energy[other])
        )
        return others[:MOST_STATES]

    def reasons(self) -> Iterator[Reason]:
        """Return what the best other state of each layer would do."""
        energy_j, time_s = self.costs(self.states)
        for layer, name in enumerate(self._tables.layer_names):
            state = self.describe(self.states[layer])
            found = [Reason(name, state)]
            for other in self._candidates(layer):
                changed = [*self.states]
                changed[layer] = other
                other_j, other_s = self.costs(changed)
                saved_j, extra_s = energy_j - other_j, other_s - time_s
                if saved_j > 0:
                    instead = self.describe(other)
                    found.append(Reason(name, state, instead, saved_j, extra_s))
            yield min(
                found,
                key=lambda each: (
                    each.extra_time_s / each.saved_energy_j
                    if each.instead
                    else numpy.inf
                ),
            )


def _levers(case: Case) -> Iterator[str]:
    """Return what would make a schedule possible, each with its number."""
    for asked in case.faster_changes():
        what = asked.what
        try:
            found = case.solve(asked.options)
        except InfeasibleError as error:
            yield f"{what}: at most {1 / error.fastest_time_s:.4g} fps"
        else:
            yield f"{what}: keeps it, for {with_prefix(found.energy_j, 'J')} a period"


def _rates(case: Case, before: Schedule | Solution) -> Iterator[Change]:
    """Return what other rates do to the energy of a period."""
    asked = [
        Asked(what, {"period_s": (1 + share) * before.period_s}, {})
        for share, what in RATES
    ]
    return case.changes(before, asked)


@takes(ScheduleOptions)
def explain(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    **options: Unpack[ScheduleOptions],
) -> Explanation:
    """Tell why a schedule is as it is, and what would change it.

    Of each layer, what its best other state on the same rails would save, and how much
    longer it would take. Then what a little more or less time does, one rail more or
    fewer, and other gating, each by another search.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`. It is imported once.
    fps, period_s : float
        Inferences a second, or seconds from one to the next; one of them.
    **options
        As of `schedule`.

    Returns
    -------
    Explanation
        A sequence of reasons, one a layer, with `changes`.

    Raises
    ------
    InfeasibleError
        No schedule keeps the deadline; it says what could, each with its number.

    Examples
    --------
    >>> import pfmlir
    >>> found = pfmlir.explain("keyword_spotter", fps=1000, target="pf40")
    >>> found.is_optimal, len(found)
    (True, 10)
    >>> [change.what for change in found.changes][:2]
    ['2 % slower', '2 % faster']
    """
    rate_s = required_period(fps, period_s)
    read = read_options(options)
    search = read.get("search", "exact")
    if search not in SEARCHES:
        raise ValueError(
            f"search: expected one of {', '.join(SEARCHES)}, but got {search!r}"
        )
    network = resolve(source, inputs, function=read.get("function"))
    case = Case(network, (fps, period_s), read, ASKED)
    try:
        before = case.solve({})
    except InfeasibleError as error:
        levers = [f"  {lever}" for lever in _levers(case)]
        raise InfeasibleError(
            "\n".join([str(error), "what could be changed:", *levers]),
            error.period_s,
            error.fastest_time_s,
            error.diagnostics,
        ) from None
    asked = {"max_rails": read["max_rails"]} if "max_rails" in read else {}
    tables = as_tables(network, asked if isinstance(network, CostTables) else read)
    solution = tables.solve(period_s=rate_s, search=search, **select(read, Limits))
    changes = [*_rates(case, before), *case.compare(before, NEXT)]
    return Explanation(
        before,
        before.period_s - before.active_time_s,
        tuple(_Path(tables, solution).reasons()),
        tuple(changes),
    )
