# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What layers cost in every state, as arrays."""

from dataclasses import dataclass, field, fields, replace
from itertools import compress
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
from .axes import NO_RAIL, Axis
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
        The layers, in order, and the power domains that pick a rail each by itself.
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
    axes : tuple of Axis
        What else is set for each layer: regulated supplies with their domains, modes of
        domains, banks of memories that cost something to wake, the engine; and the idle
        state that the last layer goes on to, with what that takes.
    settings : ndarray of int, shape [state, axis]
        The setting of each of these in each state, by index. States with the same
        voltages and settings are different ways to run a layer.
    margin, rail_power_w, transition_power_w, overlapping_ramps
        As of `solve`.
    probabilities : ndarray, shape [layer] or [0]
        As of `solve`; empty where all layers run in all periods.
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
    axes: tuple[Axis, ...] = ()
    settings: NDArray[numpy.int64] = field(
        default_factory=lambda: numpy.zeros((0, 0), dtype=numpy.int64)
    )
    margin: float = 0.0
    rail_power_w: float = 0.0
    transition_power_w: float = 0.0
    overlapping_ramps: bool = False
    probabilities: Array = field(default_factory=lambda: numpy.zeros(0))

    def __post_init__(self) -> None:
        if not self.axes:
            nothing = numpy.zeros((len(self.voltages_v), 0), dtype=numpy.int64)
            object.__setattr__(self, "settings", nothing)
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, numpy.ndarray):
                object.__setattr__(self, each.name, freeze(value))

    def __repr__(self) -> str:
        layers, states = self.energy_j.shape
        return (
            f"<CostTables: {layers} layers, {states} states of "
            f"{', '.join([*self.domains, *(axis.name for axis in self.axes)])} at "
            f"{len(self.levels_v)} levels>"
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
            axes=[self._with_rail_indices(axis) for axis in self.axes],
            settings=self.settings,
            margin=self.margin,
            rail_power_w=self.rail_power_w,
            transition_power_w=self.transition_power_w,
            overlapping_ramps=self.overlapping_ramps,
            probabilities=self.probabilities if self.probabilities.size else None,
            layer_names=self.layer_names,
            domains=self.domains,
        )
        return replace(prepared, names=self.levels_v)

    def _with_rail_indices(self, axis: Axis) -> Axis:
        """Return an axis whose rails are indices of levels instead of volts."""
        if not any(rail is not None for rail in axis.rails):
            return axis
        found = axis.rail_indices(self.levels_v).tolist()
        rails = tuple(None if rail == NO_RAIL else rail for rail in found)
        return replace(axis, rails=rails)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a layer and state; needs pandas."""
        import pandas

        layers, states = self.energy_j.shape
        columns: dict[str, Any] = {"layer": numpy.repeat(self.layer_names, states)}
        for domain, voltages in zip(self.domains, self.voltages_v.T, strict=True):
            columns[f"{domain}_v"] = numpy.tile(voltages, layers)
        for axis, settings in zip(self.axes, self.settings.T, strict=True):
            named = [axis.settings[setting] for setting in settings]
            columns[axis.name] = numpy.tile(named, layers)
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
        settings, arrays = align(
            parts["layer_begin"],
            parts["settings"],
            (parts["energy_j"], parts["time_s"], parts["idle_power_w"]),
        )
        picks_rail = numpy.array(
            [axis["rails"][0] is not None for axis in parts["axes"]]
        )
        domains = list(compress(parts["axes"], picks_rail))
        return cls(
            layer_names=tuple(parts["layer_names"]),
            domains=tuple(domain["name"] for domain in domains),
            levels_v=levels_v,
            voltages_v=levels_v[settings[:, picks_rail]],
            energy_j=arrays[0],
            time_s=arrays[1],
            leakage_w=arrays[2],
            max_rails=parts["max_rails"],
            transition_energy_j=_stack(domains, "transition_energy_j", len(levels_v)),
            transition_time_s=_stack(domains, "transition_time_s", len(levels_v)),
            sleep_states=tuple(SleepState(*s) for s in parts["sleep_states"]),
            axes=tuple(
                _make_axis(axis, levels_v)
                for axis in compress(parts["axes"], ~picks_rail)
            ),
            settings=settings[:, ~picks_rail],
            probabilities=_without_certainty(parts["probabilities"]),
            **{name: parts[name] for name in MACHINE},
        )


# What a problem and tables call by the same names.
MACHINE = ("margin", "rail_power_w", "transition_power_w", "overlapping_ramps")


def _without_certainty(probabilities: list[float]) -> Array:
    """Return probabilities, or none where all layers run in all periods."""
    return numpy.array(probabilities if probabilities[-1] < 1 else [])


def _stack(domains: list[dict[str, Any]], name: str, num_levels: int) -> Array:
    """Return matrices of domains as [domain, level, level]."""
    shape = (len(domains), num_levels, num_levels)
    return numpy.reshape([domain[name] for domain in domains], shape)


def _make_axis(parts: dict[str, Any], levels_v: Array) -> Axis:
    """Return an axis of a module's problem."""
    return Axis(
        parts["name"],
        parts["settings"],
        parts["transition_energy_j"],
        parts["transition_time_s"],
        [None if rail is None else float(levels_v[rail]) for rail in parts["rails"]],
    )


def align(
    layer_begin: list[int],
    settings: NDArray[numpy.uint16],
    arrays: tuple[Array, ...],
) -> tuple[NDArray[numpy.int64], list[Array]]:
    """Give all layers the same states: settings [state, axis], arrays [layer, state].

    A layer without some state has infinite costs there. Of several states of a layer
    with the same settings, the first is as that of the other layers, and so on.
    """
    num_layers = len(layer_begin) - 1
    counts = numpy.diff(layer_begin)
    if (counts == counts[0]).all():
        by_layer = settings.reshape(num_layers, counts[0], settings.shape[1])
        # As a cost model gives them: the same states for all.
        if (by_layer == by_layer[0]).all():
            return by_layer[0].astype(numpy.int64), [
                array.reshape(num_layers, -1) for array in arrays
            ]
    layer = numpy.repeat(numpy.arange(num_layers), counts)
    keys = numpy.column_stack([settings, _ranks(layer, settings)]).astype(numpy.int64)
    known, state = numpy.unique(keys, axis=0, return_inverse=True)
    state = state.reshape(-1)
    aligned = []
    for i, array in enumerate(arrays):
        # Of a state that isn't there, the leakage power is nothing.
        full = numpy.full((num_layers, len(known)), 0.0 if i == 2 else numpy.inf)
        full[layer, state] = array
        aligned.append(full)
    return known[:, :-1], aligned


def _ranks(
    layer: NDArray[numpy.int64], settings: NDArray[numpy.uint16]
) -> NDArray[numpy.int64]:
    """Return how many states of the same layer and settings are before each."""
    rows = numpy.column_stack([layer, settings])
    order = numpy.lexsort(rows.T)
    is_first = numpy.ones(len(rows), dtype=bool)
    is_first[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    index = numpy.arange(len(rows))
    ranks = numpy.empty(len(rows), dtype=numpy.int64)
    ranks[order] = index - numpy.maximum.accumulate(numpy.where(is_first, index, 0))
    return ranks
