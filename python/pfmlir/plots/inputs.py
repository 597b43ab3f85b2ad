# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the pictures are drawn from, and what they need."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from ..answers.schedule import NUMBERS, Schedule
from ..errors import MissingDependencyError
from .checks import check_energies, check_schedule

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def needs_matplotlib(
    draw: Callable[Parameters, Result],
) -> Callable[Parameters, Result]:
    """Let a function raise MissingDependencyError without matplotlib."""

    @functools.wraps(draw)
    def wrapper(*arguments: Parameters.args, **keywords: Parameters.kwargs) -> Result:
        try:
            import matplotlib  # noqa: F401
        except ModuleNotFoundError as error:
            if error.name != "matplotlib":
                raise
            raise MissingDependencyError(
                "drawing needs matplotlib, which is not installed; install pfmlir with "
                "its extra [plot], as by `pip install '.[plot]'` in its source "
                "directory"
            ) from error
        return draw(*arguments, **keywords)

    return wrapper


def as_schedule(value: Any, *, has_energies: bool = False, name: str = "") -> Schedule:
    """Return a schedule, also from what `pf-translate --power-to-json` prints, read.

    Parameters
    ----------
    value
        A `pfmlir.Schedule`, or JSON, or what has `to_dict`.
    has_energies
        Whether JSON must have its layers' dynamic energy and leakage.
    name
        What errors call it.

    Raises
    ------
    ValueError
        It is no schedule.
    """
    if isinstance(value, Schedule):
        return value
    data = value.to_dict() if hasattr(value, "to_dict") else value
    try:
        if has_energies:
            check_energies(data)
        else:
            check_schedule(data)
        return _from_json(data)
    except ValueError as error:
        raise ValueError(f"{name}: {error}" if name else str(error)) from None


def _from_json(data: Mapping[str, Any]) -> Schedule:
    """Return a schedule of checked JSON, with nothing for what pictures don't show."""
    unknown = dict.fromkeys(NUMBERS, math.nan) | {"probability": 1.0}
    layers = [unknown | layer for layer in data["layers"]]
    last = data["layers"][-1]
    used = {voltage for layer in layers for voltage in layer["voltage_v"].values()}
    rails = data.get("rails_v", sorted(used))
    neutral = {
        "function": "",
        "target": "",
        "search": "schedule",
        "active_time_s": last["start_s"] + last["time_s"],
        "levels_v": rails,
        "rails_v": rails,
        "lower_bound_j": 0.0,
        "gap": 1.0,
        "energy_split_j": {},
        "baselines_j": {},
        "uncosted": {},
    }
    tail = {"kind": "tail"} | data["tail"]
    try:
        return Schedule({**neutral, **data, "layers": layers, "tail": tail}, ir="")
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"not a schedule: {error}") from error
