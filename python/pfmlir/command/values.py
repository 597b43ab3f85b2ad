# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Readers of option values, which raise what argparse expects of them."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any

from .. import arguments
from .._options import OPTIONS, Option
from ..keywords import read_value

# What a text that can't be converted should have been.
WORDS: dict[type, str] = {float: "a number", int: "a whole number"}
RANGE = "FIRST:LAST:STEP, such as 0.9:1.3:0.1"


def _convert(kind: type, text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise ArgumentTypeError(f"expected {WORDS[kind]}, but got '{text}'") from None


def _check(name: str, check: Callable[[Any], Any], value: Any) -> Any:
    """Return a checked value; argparse says its name by itself."""
    try:
        return check(value)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(str(error).removeprefix(f"{name}: ")) from None


def _split(kind: type, text: str) -> list[Any]:
    """Return the values of `1,2,3` or of `FIRST:LAST:STEP`."""
    if kind is str or ":" not in text:
        return [_convert(kind, part) for part in text.split(",")]
    parts = [_convert(kind, part) for part in text.split(":")]
    if len(parts) != 3:
        raise ArgumentTypeError(f"expected {RANGE}, but got '{text}'")
    first, last, step = parts
    if not (step > 0 and last >= first):
        raise ArgumentTypeError(
            f"expected a step above 0 and the lower first, but got '{text}'"
        )
    # Counted, so that steps of 0.1 end where they should.
    number = int((last - first) / step * (1 + 1e-12)) + 1
    return [first + i * step for i in range(number)]


# By kind of what is given as `NAME:NUMBER,...`, the type of the numbers and an example.
MAPPINGS: dict[str, tuple[Any, str]] = {
    "bank_count": (int, "MEMORY:NUMBER, such as ifmap:25"),
    "layer_probability": (float, "LAYER:NUMBER, such as block2:0.1"),
}


def _split_mapping(kind: str, text: str) -> dict[str, Any]:
    """Return the mapping of `NAME:NUMBER,...`."""
    number_type, form = MAPPINGS[kind]
    parts = [part.rpartition(":") for part in text.split(",")]
    if not all(separator for _, separator, _ in parts):
        raise ArgumentTypeError(f"expected {form}, but got '{text}'")
    return {name: _convert(number_type, number) for name, _, number in parts}


def value_of(option: Option) -> Callable[[str], Any]:
    """Return a reader of what an option is given."""

    def read(text: str) -> Any:
        value: Any
        if option.kind in MAPPINGS:
            value = _split_mapping(option.kind, text)
        elif option.is_many:
            value = _split(option.type, text)
        else:
            value = _convert(option.type, text)
        return _check(option.keyword, lambda given: read_value(option, given), value)

    return read


def values_of(option: Option) -> Callable[[str], list[Any]]:
    """Return a reader of several values of an option that has one."""

    def read(text: str) -> list[Any]:
        return [
            _check(option.keyword, lambda given: read_value(option, given), value)
            for value in _split(option.type, text)
        ]

    return read


def positive(text: str) -> float:
    """Read a number above zero."""
    value = _convert(float, text)
    return float(_check("", lambda given: arguments.positive("", given), value))


def not_negative(text: str) -> float:
    """Read a number of at least zero."""
    value = _convert(float, text)
    return float(_check("", lambda given: arguments.quantity("", given), value))


def powers(text: str) -> list[float]:
    """Read powers of steps, of which some may be repeated: `0,12x0.001`."""
    found: list[float] = []
    for part in text.split(","):
        times, repeats, power = part.rpartition("x")
        found += [not_negative(power)] * (count(times) if repeats else 1)
    return found


def count(text: str) -> int:
    """Read a whole number above zero."""
    value = _convert(int, text)
    return int(_check("", lambda given: arguments.count("", given), value))


def network_at_rate(text: str) -> tuple[str, float]:
    """Read a network and its rate."""
    network, _, rate = text.rpartition("@")
    if not network:
        raise ArgumentTypeError(
            f"expected INPUT@FPS, such as squeezenet@30, but got '{text}'"
        )
    return network, value_of(OPTIONS["fps"])(rate)


def network_perhaps_at_rate(text: str) -> tuple[str, float | None]:
    """Read a network, and its rate if it has one; names may have an @ in them."""
    network, _, rate = text.rpartition("@")
    try:
        float(rate)
    except ValueError:
        return text, None
    return network_at_rate(text) if network else (text, None)
