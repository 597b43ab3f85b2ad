# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Voltage sweeps of PowerFlow-DNN's public artifact."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy

from ..arguments import count, quantity
from ..files import read_json
from .arrays import SleepState
from .tables import Array, CostTables, align

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
    sweep: Mapping[str, Any] = read_json(path)
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
    levels, arrays = align(
        list(layer_begin),
        numpy.searchsorted(levels_v, table[:, :3]).astype(numpy.uint16),
        (table[:, 3], table[:, 4], table[:, 5]),
    )
    shape = (len(SWEEP_DOMAINS), len(levels_v), len(levels_v))
    off_diagonal = numpy.broadcast_to(1 - numpy.eye(len(levels_v)), shape)
    sleep: tuple[SleepState, ...] = ()
    if sleep_power_w is not None:
        # Every domain, off and on.
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
