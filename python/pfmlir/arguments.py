# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks of arguments; a message names the argument."""

import math
from typing import Any

import numpy


def positive(name: str, value: float) -> float:
    """Return a finite number above zero."""
    if isinstance(value, bool) or not isinstance(
        value, int | float | numpy.integer | numpy.floating
    ):
        raise TypeError(f"{name}: expected a number, but got {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name}: expected a finite number above 0, but got {value}")
    return number


def quantity(name: str, value: float) -> float:
    """Return a finite number that is not negative."""
    if not isinstance(value, bool) and isinstance(value, int | float) and value == 0:
        return 0.0
    return positive(name, value)


def count(name: str, value: Any) -> int:
    """Return a whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | numpy.integer):
        raise TypeError(f"{name}: expected a whole number, but got {value!r}")
    if not 0 < value < 2**31:
        raise ValueError(f"{name}: expected at least 1, but got {value}")
    return int(value)
