# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What layers cost in every state, as arrays."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from ..arguments import count, positive, quantity
from ..files import read_json
from .solver import Prepared, SleepState, Solution, prepare, solve

if TYPE_CHECKING:
    import pandas

    from .. import ir

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
                view = value.view()
                view.flags.writeable = False
                object.__setattr__(self, each.name, view)

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

    def solve(
        self,
        *,
        fps: float | None = None,
        period_s: float | None = None,
        max_rails: int | None = None,
        **keywords: Any,
    ) -> Solution:
        """Search for the schedule of least energy; see `pfmlir.solve`.

        Parameters
        ----------
        fps, period_s : float
            Inferences a second, or seconds from one to the next.
        max_rails : int, optional
            Instead of the target's.
        **keywords
            Passed on to `pfmlir.solve`.
        """
        if (fps is None) == (period_s is None):
            raise TypeError("solve() expects one of fps and period_s")
        if fps is not None:
            period_s = 1 / positive("fps", fps)
        solution = solve(
            **self._arguments(),
            period_s=period_s,
            max_rails=self.max_rails if max_rails is None else max_rails,
            **keywords,
        )
        return replace(solution, rails=self.levels_v[solution.rails])

    def _arguments(self) -> dict[str, Any]:
        """Return what `pfmlir.solve` is to be given, but for rate and rails."""
        return {
            "energy_j": self.energy_j,
            "time_s": self.time_s,
            "leakage_w": self.leakage_w,
            "states": self.states,
            "transition_energy_j": self.transition_energy_j,
            "transition_time_s": self.transition_time_s,
            "sleep_states": self.sleep_states,
        }

    def prepare(self, *, period_s: float, max_rails: int) -> Prepared:
        """Return the problem of a period, whose answers are in volts."""
        prepared = prepare(**self._arguments(), period_s=period_s, max_rails=max_rails)
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
        return frame[numpy.isfinite(frame["energy_j"])].reset_index(drop=True)

    @classmethod
    def from_module(cls, module: "ir.Module") -> "CostTables":
        """Read the tables of layers on a target; `pfmlir.tabulate_costs` does so."""
        from ..dialects import power

        parts = power.problem(module.operation)
        levels_v = parts["levels_v"]
        levels, arrays = _align(
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


def _align(
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


# ---------------------------------------------------------------------------
# Voltage sweeps of PowerFlow-DNN's public artifact
# ---------------------------------------------------------------------------

SWEEP_DOMAINS = ("v_sys", "v_rram", "v_feeder")

# Of a combination: a voltage for each domain, then its costs.
Row = tuple[float, ...]


def _field(record: Any, name: str, kind: type | tuple[type, ...], where: str) -> Any:
    if not isinstance(record, Mapping):
        raise ValueError(f"{where}: expected an object, but got {record!r:.60}")
    if name not in record:
        raise ValueError(f"{where}: expected field '{name}'")
    value = record[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{where}: unexpected '{name}': {value!r:.60}")
    return value


def _number(value: Any, where: str, field: str) -> float:
    """Return a finite number that is not negative."""
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        number = numpy.nan
    if not (numpy.isfinite(number) and number >= 0):
        raise ValueError(
            f"{where}: expected '{field}' to be a number that is not negative, but got "
            f"{value!r:.60}"
        )
    return number


def _read_sweep(path: Path) -> Mapping[str, Any]:
    """Return what a file of JSON says."""
    sweep = read_json(path)
    _field(sweep, "layers", (list, dict), f"'{path}'")
    return sweep


def _read_layers(path: Path, layers: Any) -> tuple[list[str], list[list[Row]]]:
    """Return names of layers, and by layer the rows of combinations."""
    if isinstance(layers, dict):
        layers = [
            {"name": name, **entry} if isinstance(entry, dict) else {name: entry}
            for name, entry in layers.items()
        ]
    if not layers:
        raise ValueError(f"'{path}': expected at least one layer")
    names = []
    rows = []
    for i, layer in enumerate(layers):
        where = f"'{path}', layers[{i}]"
        combinations = _field(layer, "combinations", list, where)
        if not combinations:
            raise ValueError(f"{where}: expected at least one combination")
        names.append(
            str(layer.get("name", layer.get("layer_name", layer.get("layer", i))))
        )
        rows.append(
            [
                _read_row(combination, f"{where}, combinations[{j}]")
                for j, combination in enumerate(combinations)
            ]
        )
        if len({row[:3] for row in rows[-1]}) != len(combinations):
            raise ValueError(f"{where}: expected each combination once")
    return names, rows


def _read_row(combination: Any, where: str) -> Row:
    """Return voltages, energy, time and leakage power of a combination."""
    fields = (*SWEEP_DOMAINS, "energy_j", "time_s", "Leakage_w")
    return tuple(
        _number(_field(combination, field, (int, float), where), where, field)
        for field in fields
    )


def _read_levels(path: Path, meta: Any, voltages_v: Array) -> Array:
    """Return the levels of a sweep: those that it names, or all in use."""
    candidates = meta.get("v_sys_candidates") if isinstance(meta, dict) else None
    if candidates is None:
        return numpy.unique(voltages_v)
    where = f"'{path}', meta"
    if not isinstance(candidates, list) or not candidates:
        raise ValueError(f"{where}: expected a list 'v_sys_candidates'")
    levels_v = numpy.unique(
        [_number(level, where, "v_sys_candidates") for level in candidates]
    )
    offered = numpy.isin(voltages_v, levels_v).all(axis=1)
    if not offered.all():
        row = voltages_v[~offered][0]
        raise ValueError(
            f"'{path}': expected combinations of meta.v_sys_candidates, but got "
            f"{[float(v) for v in row]}"
        )
    return levels_v


def read_voltage_sweep(
    path: str | os.PathLike[str],
    *,
    max_rails: int = 3,
    transition_energy_j: float = 1e-10,
    transition_time_s: float = 1.5e-8,
    sleep_power_w: float | None = 0.0,
) -> CostTables:
    """Read a voltage sweep of PowerFlow-DNN's public artifact.

    Parameters
    ----------
    path
        A JSON file: `layers`, each with a name and its `combinations` of `v_sys`,
        `v_rram`, `v_feeder`, `energy_j`, `time_s` and `Leakage_w`; and the levels
        in `meta.v_sys_candidates`.
    max_rails, transition_energy_j, transition_time_s, sleep_power_w
        What such a file doesn't say: how many levels may become rails, what a
        domain pays to change its level, and the power asleep (None for no sleep).
        Entering and leaving sleep switches every domain off and on.

    Raises
    ------
    ValueError
        The file is no such sweep; the message says where.
    OSError
        It can't be read.
    """
    max_rails = count("max_rails", max_rails)
    for name, value in (
        ("transition_energy_j", transition_energy_j),
        ("transition_time_s", transition_time_s),
        ("sleep_power_w", sleep_power_w),
    ):
        if value is not None:
            quantity(name, value)
    path = Path(path)
    sweep = _read_sweep(path)
    names, rows = _read_layers(path, sweep["layers"])
    table = numpy.array([row for layer in rows for row in layer])
    levels_v = _read_levels(path, sweep.get("meta", {}), table[:, :3])
    layer_begin = numpy.cumsum([0, *(len(layer) for layer in rows)])
    levels, arrays = _align(
        list(layer_begin),
        numpy.searchsorted(levels_v, table[:, :3]).astype(numpy.uint16),
        (table[:, 3], table[:, 4], table[:, 5]),
    )
    shape = (len(SWEEP_DOMAINS), len(levels_v), len(levels_v))
    off_diagonal = numpy.broadcast_to(1 - numpy.eye(len(levels_v)), shape)
    sleep: tuple[SleepState, ...] = ()
    if sleep_power_w is not None:
        # Six switches: three domains, off and on.
        switches = 2 * len(SWEEP_DOMAINS)
        sleep = (
            SleepState(
                sleep_power_w,
                switches * transition_energy_j,
                switches * transition_time_s,
            ),
        )
    return CostTables(
        layer_names=tuple(names),
        domains=SWEEP_DOMAINS,
        levels_v=levels_v,
        voltages_v=levels_v[levels],
        energy_j=arrays[0],
        time_s=arrays[1],
        leakage_w=arrays[2],
        max_rails=max_rails,
        transition_energy_j=transition_energy_j * off_diagonal,
        transition_time_s=transition_time_s * off_diagonal,
        sleep_states=sleep,
    )
