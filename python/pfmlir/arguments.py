# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks of arguments; a message names the argument."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from .errors import did_you_mean


def _finite(name: str, value: float) -> float:
    """Return a number, or NaN for one that is not finite."""
    if isinstance(value, bool) or not isinstance(
        value, int | float | numpy.integer | numpy.floating
    ):
        raise TypeError(f"{name}: expected a number, but got {value!r}")
    try:
        number = float(value)
    except OverflowError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def positive(name: str, value: float) -> float:
    """Return a finite number above zero."""
    number = _finite(name, value)
    if not number > 0:
        raise ValueError(f"{name}: expected a finite number above 0, but got {value}")
    return number


def quantity(name: str, value: float) -> float:
    """Return a finite number that is not negative."""
    number = _finite(name, value)
    if not number >= 0:
        raise ValueError(
            f"{name}: expected a finite number that is not negative, but got {value}"
        )
    return number


def fraction(name: str, value: float) -> float:
    """Return a number of at least zero and less than one."""
    number = _finite(name, value)
    if not 0 <= number < 1:
        raise ValueError(
            f"{name}: expected at least 0 and less than 1, but got {value}"
        )
    return number


def count(name: str, value: Any, least: int = 1, most: int = 2**31 - 1) -> int:
    """Return a whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | numpy.integer):
        raise TypeError(f"{name}: expected a whole number, but got {value!r}")
    if not least <= value <= most:
        raise ValueError(
            f"{name}: expected at least {least} and at most {most}, but got {value}"
        )
    return int(value)


def flag(name: str, value: Any) -> bool:
    """Return whether something is so."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected True or False, but got {value!r}")
    return value


def sequence(name: str, values: Iterable[Any]) -> list[Any]:
    """Return the values as a list."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: expected a sequence, but got {values!r}")
    return list(values)


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return one of some words."""
    if value not in choices:
        raise ValueError(
            f"{name}: expected one of {', '.join(choices)}, but got {value!r}"
            + did_you_mean(str(value), choices)
        )
    return str(value)


def _no_rate() -> TypeError:
    return TypeError("period_s: expected one of fps and period_s, but got neither")


def optional_period(fps: float | None, period_s: float | None) -> float | None:
    """Return the period of a rate or of itself, in seconds; None of neither."""
    if fps is not None and period_s is not None:
        raise ValueError("fps, period_s: expected one of them, but got both")
    if fps is not None:
        return 1 / positive("fps", fps)
    return None if period_s is None else positive("period_s", period_s)


def required_period(fps: float | None, period_s: float | None) -> float:
    """Return the period of a rate or of itself, in seconds."""
    period = optional_period(fps, period_s)
    if period is None:
        raise _no_rate()
    return period


def optional_periods(
    fps: Iterable[float] | None, period_s: Iterable[float] | None
) -> list[float] | None:
    """Return the periods of several rates or of themselves; None of neither."""
    if fps is not None and period_s is not None:
        raise ValueError("fps, period_s: expected one of them, but got both")
    for name, values in (("fps", fps), ("period_s", period_s)):
        if values is not None:
            numbers = [
                positive(f"{name}[{i}]", value)
                for i, value in enumerate(sequence(name, values))
            ]
            return [1 / rate for rate in numbers] if name == "fps" else numbers
    return None


def required_periods(
    fps: Iterable[float] | None, period_s: Iterable[float] | None
) -> list[float]:
    """Return the periods of several rates or of themselves, in seconds."""
    periods = optional_periods(fps, period_s)
    if periods is None:
        raise _no_rate()
    return periods
