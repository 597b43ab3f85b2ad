# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks of arguments; a message names the argument."""

import math
from typing import Any

import numpy


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


def count(name: str, value: Any) -> int:
    """Return a whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | numpy.integer):
        raise TypeError(f"{name}: expected a whole number, but got {value!r}")
    if not 0 < value < 2**31:
        raise ValueError(
            f"{name}: expected at least 1 and less than 2**31, but got {value}"
        )
    return int(value)
