# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantities with SI prefixes, for people."""

import math

_PREFIXES = {0: "", -1: "m", -2: "µ", -3: "n", -4: "p"}


def si_prefix(value: float, digits: int = 4) -> tuple[float, str]:
    """Return a factor and its prefix that leave one to three digits before the point.

    The value is taken as printed with so many digits: 0.99999 is 1.000, and not
    1000 m. From 1 upwards there is no prefix.

    >>> si_prefix(1.76e-4)
    (1e-06, 'µ')
    """
    if value == 0 or not math.isfinite(value):
        return 1.0, ""
    exponent = int(f"{abs(value):.{digits - 1}e}".split("e")[1]) // 3
    exponent = min(max(exponent, min(_PREFIXES)), max(_PREFIXES))
    return float(f"1e{3 * exponent}"), _PREFIXES[exponent]


def with_prefix(value: float, unit: str, digits: int = 4) -> str:
    """Return a quantity with an SI prefix and up to so many digits.

    >>> with_prefix(1.76e-4, "J")
    '176 µJ'
    """
    factor, prefix = si_prefix(value, digits)
    return f"{value / factor:.{digits}g} {prefix}{unit}"
