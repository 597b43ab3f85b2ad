# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a schedule draws of each rail and supply, at most."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .schedule import Schedule


@dataclass(frozen=True)
class Load:
    """What is drawn of a rail or of a supply, where most is.

    Attributes
    ----------
    name : str
        Of a supply; of a rail its voltage, as "0.90 V".
    voltages_v : tuple of float
        The voltages that it has while layers run, increasing, in volts.
    peak_power_w, peak_current_a : float
        Of the layer that draws most on average, in watts and amperes: within a layer,
        no cost model says how power changes. NaN where the cost model doesn't say
        which domain takes what.
    power_layer, current_layer : str
        The first layers that draw so much; "" where that isn't known.
    """

    name: str
    voltages_v: tuple[float, ...]
    peak_power_w: float
    peak_current_a: float
    power_layer: str
    current_layer: str


def peak_loads(schedule: Schedule, supplies: Mapping[str, str]) -> tuple[Load, ...]:
    """Return what is drawn of each rail in use, and of each regulated supply.

    Parameters
    ----------
    schedule
        A schedule.
    supplies
        The regulated supply of each domain that is on one. All others are on rails.
    """
    drawn: dict[tuple[int, str], list[tuple[str, float, float]]] = {}
    energies = (
        schedule.layers["dynamic_energy_by_domain_j"]
        + schedule.layers["leakage_energy_by_domain_j"]
    )
    for layer, energy_j in zip(schedule.layers, energies, strict=True):
        # By what each domain is on: rails by voltage, then supplies by name.
        powers: dict[tuple[float, str], tuple[float, float]] = {}
        for domain, voltage_v, part_j in zip(
            schedule.domains,
            layer["voltage_v"].tolist(),
            energy_j.tolist(),
            strict=True,
        ):
            name = supplies.get(domain, "")
            key = (0.0, name) if name else (voltage_v, "")
            power_w = part_j / float(layer["time_s"]) if layer["time_s"] else 0.0
            powers[key] = (voltage_v, powers.get(key, (0.0, 0.0))[1] + power_w)
        for (_, name), (voltage_v, power_w) in powers.items():
            label = name or f"{voltage_v:.2f} V"
            order = (1 if name else 0, label)
            row = (str(layer["name"]), voltage_v, power_w)
            drawn.setdefault(order, []).append(row)
    return tuple(_peak(label, rows) for (_, label), rows in sorted(drawn.items()))


def _peak(name: str, rows: Iterable[tuple[str, float, float]]) -> Load:
    """Return the load of layers' names, voltages and powers."""
    rows = list(rows)
    voltages = tuple(sorted({voltage_v for _, voltage_v, _ in rows}))
    if any(math.isnan(power_w) for *_, power_w in rows):
        return Load(name, voltages, math.nan, math.nan, "", "")
    most = max(rows, key=lambda row: row[2])
    currents = [
        (layer, power_w / voltage_v if voltage_v else 0.0)
        for layer, voltage_v, power_w in rows
    ]
    current = max(currents, key=lambda row: row[1])
    return Load(name, voltages, most[2], current[1], most[0], current[0])
