# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the bytes of a file to values of JSON within bounds."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .problem import RefusedError

# Of a certificate, or of IR: a network of ten thousand layers in a hundred states each.
MOST_BYTES = 2**28
# Of joules, seconds, watts and volts. No sum or product of these and of prices
# overflows.
MOST = 1e60


# ---------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------


def read_bytes(path: str) -> bytes:
    """Return what is in a file, if it is not too large."""
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RefusedError(
            f"{path!a}: expects at most {MOST_BYTES} bytes, but got more"
        )
    return data


def decode(data: bytes, what: str) -> str:
    """Return bytes as text."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{what}: expects UTF-8, but got byte {data[error.start]:#04x} at "
            f"{error.start}"
        ) from None


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, each of whose members is there once."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise RefusedError(
                f"expects member {_describe(name)} once, but got it twice"
            )
        members[name] = value
    return members


def _no_constant(name: str) -> None:
    raise RefusedError(f"expects finite numbers, but got {name}")


def parse(data: bytes) -> Any:
    """Return the JSON of a certificate; RefusedError if it is none."""
    text = decode(data, "the certificate")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RefusedError as error:
        raise RefusedError(f"the certificate: {error}") from None
    except RecursionError:
        raise RefusedError("the certificate: expects less nesting") from None
    except ValueError as error:
        raise RefusedError(f"the certificate: expects JSON, but: {error}") from None


# ---------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------


def _describe(value: Any) -> str:
    """Return a value as a short text in one line."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def refused(where: str, expected: str, value: Any) -> RefusedError:
    return RefusedError(f"{where}: expects {expected}, but got {_describe(value)}")


def read_members(value: Any, where: str, names: Sequence[str]) -> list[Any]:
    """Return the values of an object that has these members and no others."""
    if not isinstance(value, dict):
        raise refused(where, "an object", value)
    for name in names:
        if name not in value:
            raise RefusedError(f"{where}: expects {name}, but there is none")
    for name in value:
        if name not in names:
            expected = ", ".join(names)
            raise RefusedError(
                f"{where}: expects {expected} only, but got {_describe(name)}"
            )
    return [value[name] for name in names]


def read_items(value: Any, where: str, length: int | None = None) -> list[Any]:
    """Return a list that is of a length, or at least not empty."""
    if not isinstance(value, list):
        raise refused(where, "a list", value)
    if length is not None and len(value) != length:
        raise refused(where, f"a list of {length}", value)
    if length is None and not value:
        raise refused(where, "a list of at least 1", value)
    return value


def read_number(
    value: Any, where: str, least: float = 0.0, most: float = MOST
) -> float:
    """Return a number within a range."""
    # Whole numbers of Python's compare with any other, but not all become one.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        raise refused(where, f"a number from {least:g} to {most:g}", value)
    # Not minus zero.
    return float(value) + 0.0


def read_cost(value: Any, where: str) -> float:
    """Return a number, infinite for a state that a layer does not have."""
    return math.inf if value is None else read_number(value, where)


def read_whole(value: Any, where: str, least: int, most: int | None) -> int:
    """Return a whole number within a range."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        upper = "on" if most is None else f"to {most}"
        raise refused(where, f"a whole number from {least} {upper}", value)
    return value


def read_index(value: Any, where: str, count: int) -> int:
    """Return an index into something of a length."""
    return read_whole(value, where, 0, count - 1)


def read_text(value: Any, where: str) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise refused(where, "a string", value)
    return value


def read_texts(value: Any, where: str) -> list[str]:
    """Return strings, at least one."""
    return [
        read_text(item, f"{where}[{i}]")
        for i, item in enumerate(read_items(value, where))
    ]


def read_name(value: Any, where: str) -> str | None:
    """Return a string that says something, or None."""
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise refused(where, "a name or null", value)
    return value


def read_array(
    value: Any, where: str, shape: Sequence[int], read: Callable[[Any, str], float]
) -> np.ndarray:
    """Return nested lists of a shape as an array."""

    def nested(value: Any, where: str, shape: Sequence[int]) -> Any:
        if not shape:
            return read(value, where)
        return [
            nested(item, f"{where}[{i}]", shape[1:])
            for i, item in enumerate(read_items(value, where, shape[0]))
        ]

    # Where a length is zero, the rest of the shape is lost.
    found = np.array(nested(value, where, shape))
    return found.reshape(shape) if 0 in shape else found
