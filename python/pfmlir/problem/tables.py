# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What layers cost in every state, as arrays."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy
from numpy.typing import NDArray

from .. import ir
from ..answers.answer import freeze
from ..answers.solution import Solution
from ..arguments import one_of, required_period
from ..dialects import power
from ..keywords import read_options, takes
from .arrays import SleepState
from .solver import DEFAULT_SEARCH, SEARCHES, Limits, Prepared, prepare

if TYPE_CHECKING:
    import pandas

Array = NDArray[numpy.float64]


@dataclass(frozen=True, eq=False)
class CostTables:
    """What every layer of a network costs in every state of an accelerator.

    Attributes
    ----------
    layer_names, domains : tuple of str
        The layers, in order, and the power domains.
    levels_v : ndarray, shape [level]
        Candidate supply levels in volts, increasing.
    voltages_v : ndarray, shape [state, domain]
        The voltage of every domain in each state, in volts.
    energy_j, time_s, leakage_w : ndarray, shape [layer, state]
        Energy (leakage included), time and leakage power. Infinite energy and time
        where a layer has no such state.
    max_rails : int
        How many levels may become rails.
    transition_energy_j, transition_time_s : ndarray, shape [domain, level, level]
        What a domain pays to change from a level to another.
    sleep_states : tuple of SleepState
        Ways to spend the rest of a period, besides idling.
    """

    layer_names: tuple[str, ...]
    domains: tuple[str, ...]
    levels_v: Array
    voltages_v: Array
    energy_j: Array
    time_s: Array
    leakage_w: Array
    max_rails: int
    transition_energy_j: Array
    transition_time_s: Array
    sleep_states: tuple[SleepState, ...] = ()

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, numpy.ndarray):
                object.__setattr__(self, each.name, freeze(value))

    def __repr__(self) -> str:
        layers, states = self.energy_j.shape
        return (
            f"<CostTables: {layers} layers, {states} states of "
            f"{', '.join(self.domains)} at {len(self.levels_v)} levels>"
        )

    @property
    def states(self) -> NDArray[numpy.int64]:
        """Per state and domain, an index into `levels_v`; shape [state, domain]."""
        return numpy.searchsorted(self.levels_v, self.voltages_v)

    @takes(Limits)
    def solve(
        self,
        *,
        fps: float | None = None,
        period_s: float | None = None,
        max_rails: int | None = None,
        search: str = DEFAULT_SEARCH,
        **limits: Unpack[Limits],
    ) -> Solution:
        """Search for the schedule of least energy; see `pfmlir.solve`.

        Parameters
        ----------
        fps, period_s : float
            Inferences a second, or seconds from one to the next; one of them.
        max_rails : int, optional
            Instead of the target's.
        search, **limits
            As of `pfmlir.solve`.
        """
        search = one_of("search", search, SEARCHES)
        read = read_options(limits)
        prepared = self.prepare(
            period_s=required_period(fps, period_s), max_rails=max_rails
        )
        return prepared.describe(prepared.solve(search, read), search)

    def prepare(self, *, period_s: float, max_rails: int | None = None) -> Prepared:
        """Return the problem of a period, whose answers are in volts."""
        prepared = prepare(
            self.energy_j,
            self.time_s,
            self.leakage_w,
            self.states,
            period_s=period_s,
            max_rails=self.max_rails if max_rails is None else max_rails,
            transition_energy_j=self.transition_energy_j,
            transition_time_s=self.transition_time_s,
            sleep_states=self.sleep_states,
            layer_names=self.layer_names,
            domains=self.domains,
        )
        return replace(prepared, names=self.levels_v)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a layer and state; needs pandas."""
        import pandas

        layers, states = self.energy_j.shape
        columns: dict[str, Any] = {"layer": numpy.repeat(self.layer_names, states)}
        for domain, voltages in zip(self.domains, self.voltages_v.T, strict=True):
            columns[f"{domain}_v"] = numpy.tile(voltages, layers)
        for name in ("energy_j", "time_s", "leakage_w"):
            columns[name] = getattr(self, name).reshape(-1)
        frame = pandas.DataFrame(columns)
        is_there = numpy.isfinite(self.energy_j).reshape(-1)
        return frame.loc[is_there].reset_index(drop=True)

    @classmethod
    def from_module(cls, module: ir.Module) -> "CostTables":
        """Read the tables of layers on a target; `pfmlir.tabulate_costs` does so."""
        parts = power.problem(module.operation)
        levels_v = parts["levels_v"]
        levels, arrays = align(
            parts["layer_begin"],
            parts["levels"],
            (parts["energy_j"], parts["time_s"], parts["leakage_w"]),
        )
        return cls(
            layer_names=tuple(parts["layer_names"]),
            domains=tuple(parts["domains"]),
            levels_v=levels_v,
            voltages_v=levels_v[levels],
            energy_j=arrays[0],
            time_s=arrays[1],
            leakage_w=arrays[2],
            max_rails=parts["max_rails"],
            transition_energy_j=numpy.stack(parts["transition_energy_j"]),
            transition_time_s=numpy.stack(parts["transition_time_s"]),
            sleep_states=tuple(SleepState(*s) for s in parts["sleep_states"]),
        )


def align(
    layer_begin: list[int],
    levels: NDArray[numpy.uint16],
    arrays: tuple[Array, ...],
) -> tuple[NDArray[numpy.int64], list[Array]]:
    """Give all layers the same states: levels [state, domain], arrays [layer, state].

    A layer without some state has infinite costs there.
    """
    num_layers = len(layer_begin) - 1
    counts = numpy.diff(layer_begin)
    if (counts == counts[0]).all():
        by_layer = levels.reshape(num_layers, counts[0], -1)
        # As a cost model gives them: the same states for all.
        if (by_layer == by_layer[0]).all():
            return by_layer[0].astype(numpy.int64), [
                array.reshape(num_layers, -1) for array in arrays
            ]
    known, state = numpy.unique(levels.astype(numpy.int64), axis=0, return_inverse=True)
    state = state.reshape(-1)
    layer = numpy.repeat(numpy.arange(num_layers), counts)
    aligned = []
    for i, array in enumerate(arrays):
        # Of a state that isn't there, the leakage power is nothing.
        full = numpy.full((num_layers, len(known)), 0.0 if i == 2 else numpy.inf)
        full[layer, state] = array
        aligned.append(full)
    return known, aligned
