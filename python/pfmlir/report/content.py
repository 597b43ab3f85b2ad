# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is on a report, in numbers and texts, as JSON.

All numbers are answers' own: a schedule's, and what is worked out of it beside them.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy

from .._version import __version__
from ..answers import Schedule
from ..answers.answer import describe_proof
from ..answers.loads import peak_loads
from ..plots.parts import (
    domain_colors,
    part_color,
    period_parts,
    split_domains,
)
from ..plots.style import is_light, voltage_colors, voltage_labels
from ..plots.timeline import power_steps
from .hardware import Hardware

# What holds of every schedule, and is easily taken for granted.
ALWAYS = (
    "Layers run one after the other, in the order of the program.",
    "Power is the mean over each layer, and a peak that of the layer that draws most: "
    "how power changes within a layer, no cost model says.",
    "To get from the last layer's state to the first one's of the next period costs "
    "nothing.",
)
# Of a layer, as `Schedule.layers` has them.
COLUMNS = (
    "time_s",
    "energy_j",
    "dynamic_energy_j",
    "leakage_energy_j",
    "transition_energy_j",
    "transition_time_s",
)
BY_DOMAIN = ("dynamic_energy_by_domain_j", "leakage_energy_by_domain_j")


def report_content(
    schedules: Sequence[Schedule], names: Sequence[str]
) -> dict[str, Any]:
    """Return what is on a report of schedules that are called by names."""
    voltages = numpy.unique(
        numpy.concatenate([each.voltages_v.ravel() for each in schedules])
    ).tolist()
    colors = voltage_colors(voltages)
    levels = numpy.concatenate([each.levels_v for each in schedules]).tolist()
    (label, *_) = voltage_labels([*voltages, *levels])
    return {
        "version": __version__,
        "title": _title(schedules, names),
        "common": _common(schedules),
        "decimals": len(label.partition(".")[2].removesuffix(" V")),
        "voltages": [
            {
                "voltage_v": voltage,
                "color": color,
                "is_light": is_light(color),
            }
            for voltage, color in colors.items()
        ],
        "always": list(ALWAYS),
        "schedules": [
            _schedule_content(schedule, name)
            for schedule, name in zip(schedules, names, strict=True)
        ],
    }


def _title(schedules: Sequence[Schedule], names: Sequence[str]) -> str:
    if len(schedules) == 1:
        (schedule,) = schedules
        return f"{schedule.function} on {schedule.target}, {schedule.fps:.4g} fps"
    return " · ".join(names)


def _common(schedules: Sequence[Schedule]) -> str:
    """Return what all schedules have in common, as text."""
    columns = (
        {each.function for each in schedules},
        {f"on {each.target}" for each in schedules},
        {f"{each.fps:.4g} fps" for each in schedules},
    )
    return ", ".join(column.pop() for column in columns if len(column) == 1)


def _schedule_content(schedule: Schedule, name: str) -> dict[str, Any]:
    hardware = Hardware(schedule)
    edges, powers = power_steps(schedule)
    return {
        "name": name,
        "function": schedule.function,
        "target": schedule.target,
        "search": schedule.search,
        "period_s": schedule.period_s,
        "fps": schedule.fps,
        "active_time_s": schedule.active_time_s,
        "energy_j": schedule.energy_j,
        "power_w": schedule.power_w,
        "lower_bound_j": schedule.lower_bound_j,
        "gap": schedule.gap,
        "status": schedule.status,
        "proof": describe_proof(schedule.status, schedule.gap),
        "rails_v": schedule.rails_v.tolist(),
        "levels_v": schedule.levels_v.tolist(),
        "domains": list(schedule.domains),
        "domain_colors": domain_colors(schedule.domains),
        "savings": _savings(schedule),
        "parts": _parts(schedule),
        "tail": asdict(schedule.tail),
        "edges_s": edges,
        "powers_w": powers,
        "layers": _layers(schedule),
        "memories": _memories(schedule, hardware),
        "points": _points(schedule, hardware),
        "loads": _loads(schedule, hardware),
        "uncosted": schedule.uncosted,
        "unscheduled": schedule.to_dict().get("unscheduled", {}),
        "remarks": [asdict(remark) for remark in hardware.remarks()],
        "is_changed": hardware.is_changed(),
    }


def _savings(schedule: Schedule) -> list[dict[str, Any]]:
    """Return what the schedule is compared with, the dearest first."""
    rows: list[dict[str, Any]] = [
        {"name": name, "energy_j": energy_j, "differs_in": []}
        for name, energy_j in schedule.baselines_j.items()
    ]
    rows += [{"name": name, **entry} for name, entry in schedule.references.items()]
    for row in rows:
        energy_j = row["energy_j"]
        row["saving"] = (energy_j - schedule.energy_j) / energy_j if energy_j else 0.0
    return sorted(rows, key=lambda row: -row["energy_j"])


def _parts(schedule: Schedule) -> list[dict[str, Any]]:
    """Return what the energy of a period is spent on, as pictures show it."""
    domains = split_domains([schedule])
    return [
        {
            "kind": kind,
            "domain": domain,
            "energy_j": energy_j,
            "color": part_color((kind, domain), domains),
        }
        for (kind, domain), energy_j in period_parts(schedule, domains).items()
    ]


def _plain(values: Any) -> Any:
    """Return an array as lists, with None for NaN, which JSON has not."""
    if isinstance(values, list):
        return [_plain(value) for value in values]
    return None if isinstance(values, float) and math.isnan(values) else values


def _layers(schedule: Schedule) -> dict[str, Any]:
    """Return the layers column by column, which is shorter."""
    rows = schedule.to_dict()["layers"]
    columns = {name: schedule.layers[name].tolist() for name in COLUMNS}
    domains = split_domains([schedule])
    return columns | {
        "name": schedule.layers["name"].tolist(),
        "workload": schedule.layers["workload"].tolist(),
        "multiply_accumulates": schedule.layers["multiply_accumulates"].tolist(),
        "voltage_v": schedule.voltages_v.tolist(),
        "colors": {
            name: [part_color((name.split("_")[0], each), domains) for each in domains]
            for name in BY_DOMAIN
        },
        **{name: _plain(schedule.layers[name].tolist()) for name in BY_DOMAIN},
        "modes": {name: list(modes) for name, modes in schedule.modes.items()},
        "implementations": list(schedule.implementations),
        # Where the cost model says what a layer waits for.
        "bound": [row.get("bound", "") for row in rows],
        "time_by_bound_s": [row.get("time_by_bound_s", {}) for row in rows],
    }


def _memories(schedule: Schedule, hardware: Hardware) -> list[dict[str, Any]]:
    peaks = schedule.to_dict().get("memories", {})
    return [asdict(each) | peaks.get(each.name, {}) for each in hardware.memories()]


def _points(schedule: Schedule, hardware: Hardware) -> list[dict[str, Any]]:
    """Return of each domain with a law its curve, and where on it layers run."""
    found = []
    for domain in hardware.domains:
        curve = domain.curve(schedule.levels_v.tolist())
        if domain.name not in schedule.domains or not curve:
            continue
        column = schedule.voltages_v[:, schedule.domains.index(domain.name)]
        points = [
            {
                "voltage_v": voltage,
                "frequency_hz": frequency,
                "time_s": math.fsum(schedule.layers["time_s"][column == voltage]),
                "layers": int((column == voltage).sum()),
            }
            for voltage in numpy.unique(column).tolist()
            if not math.isnan(frequency := domain.frequency_hz(voltage))
        ]
        found.append({"domain": domain.name, "curve": curve, "points": points})
    return found


def _loads(schedule: Schedule, hardware: Hardware) -> list[dict[str, Any]]:
    loads = peak_loads(schedule, hardware.supplies)
    return [
        {name: _plain(value) for name, value in asdict(load).items()}
        | {"limits": hardware.limits(load.name)}
        for load in loads
    ]
