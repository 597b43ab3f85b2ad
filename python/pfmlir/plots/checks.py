# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether something is a schedule that can be drawn."""

import math
from collections.abc import Mapping
from typing import Any

from .style import LEAST_WIDTH

# Of the energy of a layer, from what it is said to sum to.
TOLERANCE = 1e-6


def check_schedule(schedule: Any) -> None:
    """Raise ValueError for JSON that isn't a schedule that can be drawn."""
    try:
        numbers = [
            schedule["period_s"],
            schedule["energy_j"],
            # Less than zero only by rounding.
            max(0.0, schedule["tail"]["time_s"]),
            schedule["tail"]["energy_j"],
        ]
        domains = set(schedule["layers"][0]["voltage_v"])
        for layer in schedule["layers"]:
            numbers += [
                layer["start_s"],
                layer["time_s"],
                layer["energy_j"],
                layer["transition_time_s"],
                layer["transition_energy_j"],
                *layer["voltage_v"].values(),
            ]
            if not isinstance(layer["name"], str):
                raise ValueError(f"not a schedule: {layer['name']!r} is no name")
            if set(layer["voltage_v"]) != domains or not domains:
                raise ValueError(f"layer {layer['name']!r} is in other domains")
    except KeyError as error:
        raise ValueError(f"not a schedule: it lacks {error}") from error
    except (AttributeError, IndexError, TypeError) as error:
        raise ValueError(f"not a schedule: {error}") from error
    if not all(
        isinstance(number, int | float) and math.isfinite(number) and number >= 0
        for number in numbers
    ):
        raise ValueError("not a schedule: a time, an energy or a voltage is no number")
    if schedule["period_s"] <= 0:
        raise ValueError("not a schedule: its period isn't positive")


def check_number(value: Any, what: str) -> float:
    """Return a finite number that isn't negative, or raise ValueError."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value < 0
    ):
        raise ValueError(f"{what}: expected a number that is at least 0, found {value}")
    return float(value)


def check_width(width: float) -> None:
    """Raise ValueError for a width in inches that texts don't fit into."""
    if not math.isfinite(width) or width < LEAST_WIDTH:
        raise ValueError(
            f"expected a width of at least {LEAST_WIDTH} in, found {width}"
        )


def check_sum(found: float, expected: float, what: str) -> None:
    """Raise ValueError if two energies differ by more than rounding."""
    if not math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=1e-18):
        raise ValueError(
            f"not a schedule: {what} sum to {found:.9g} J, expected {expected:.9g} J"
        )


def check_energies(schedule: Any) -> None:
    """Raise ValueError for JSON that isn't a schedule with its layers' energies."""
    check_schedule(schedule)
    for layer in schedule["layers"]:
        where = f"layer {layer['name']!r}"
        energy = 0.0
        for kind in ("dynamic", "leakage"):
            if f"{kind}_energy_j" not in layer:
                raise ValueError(f"not a schedule: {where} lacks '{kind}_energy_j'")
            part = check_number(
                layer[f"{kind}_energy_j"], f"not a schedule: {where}: {kind} energy"
            )
            energy += part
            split = layer.get(f"{kind}_energy_by_domain_j")
            if split is None:
                continue
            if not isinstance(split, Mapping):
                raise ValueError(
                    f"not a schedule: {where}: expected an energy for each domain, "
                    f"found {split!r}"
                )
            found = sum(
                check_number(value, f"not a schedule: {where}: {domain!r}")
                for domain, value in split.items()
            )
            check_sum(found, part, f"{where}: {kind} energies of domains")
        check_sum(energy, layer["energy_j"], f"{where}: dynamic and leakage")
