# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Readers of option values; ValueError is what argparse expects of them."""

import math
from collections.abc import Callable
from typing import Any

from ..compile.options import SEARCHES


def numbers(convert: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Return a reader of `1,2,3` and of `FIRST:LAST:STEP`."""

    def read(text: str) -> list[Any]:
        if ":" not in text:
            return [convert(part) for part in text.split(",")]
        first, last, step = (convert(part) for part in text.split(":"))
        if not (step > 0 and last >= first):
            raise ValueError(text)
        # Counted, so that steps of 0.1 end where they should.
        count = int((last - first) / step * (1 + 1e-12)) + 1
        return [first + i * step for i in range(count)]

    read.__name__ = "list"
    return read


def positive(text: str) -> float:
    """Read a number above zero."""
    number = float(text)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(text)
    return number


def count(text: str) -> int:
    """Read a whole number above zero."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def fraction(text: str) -> float:
    """Read a number of at least zero and less than one."""
    number = float(text)
    if not 0 <= number < 1:
        raise ValueError(text)
    return number


def searches(text: str) -> list[str]:
    """Read names of searches, separated by commas."""
    names = text.split(",")
    if not set(names) <= set(SEARCHES):
        raise ValueError(text)
    return names


def bank(text: str) -> tuple[str, int]:
    """Read the number of banks of a memory."""
    memory, _, number = text.partition(":")
    return memory, int(number)


def network_at_rate(text: str) -> tuple[str, float]:
    """Read a network and its rate."""
    network, _, rate = text.rpartition("@")
    if not network:
        raise ValueError(text)
    return network, positive(rate)


# argparse calls what it expected by the name of the reader.
positive.__name__ = "positive number"
count.__name__ = "positive whole number"
fraction.__name__ = "fraction"
searches.__name__ = "list of searches"
bank.__name__ = "MEMORY:NUMBER"
network_at_rate.__name__ = "INPUT@FPS"
