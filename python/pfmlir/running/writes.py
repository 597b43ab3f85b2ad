# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a power manager was told, write by write, and its file."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from ..files import read_text, write_atomically


@dataclass(frozen=True)
class Write:
    """A write to one of the power manager's registers, or a call in its place.

    Attributes
    ----------
    index : int
        Its number in the period, from 0.
    time_ns : float
        When it was made, on the clock of the machine that made it, in nanoseconds
        from the beginning of the period.
    register : str
        The register's address, as in "0x40000004"; or the function, with its argument
        where the register map gives one, as in "set_rail(1)" or "set_mode".
    name : str
        What the register map has there, as in "rail of sys, rail of weight".
    value : int
        What the whole register got, or the function's code.
    """

    index: int
    time_ns: float
    register: str
    name: str
    value: int


@dataclass(frozen=True)
class Difference:
    """Something that is not as it should be.

    Attributes
    ----------
    write : int
        The write that makes it so; the number of all writes for what was never told.
    text : str
        What is wrong.
    """

    write: int
    text: str


COLUMNS = tuple(field.name for field in fields(Write))


def format_writes(writes: Iterable[Write]) -> str:
    """Return the CSV of some writes, `index,time_ns,register,name,value`.

    >>> from pfmlir.running import Write, format_writes
    >>> print(format_writes([Write(0, 12.0, "0x40000000", "rail of sys", 3)]), end="")
    index,time_ns,register,name,value
    0,12,0x40000000,rail of sys,3
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for write in writes:
        row = list(astuple(write))
        # As a whole number where it is one, with all its digits where not.
        row[1] = repr(float(write.time_ns)).removesuffix(".0")
        writer.writerow(row)
    return stream.getvalue()


def save_writes(writes: Iterable[Write], path: str | Path) -> None:
    """Save writes as CSV, whole or not at all."""
    write_atomically(Path(path), format_writes(writes))


def parse_writes(text: str, what: str = "writes") -> list[Write]:
    """Return the writes of a CSV; `what` is what an error calls it.

    Raises
    ------
    ValueError
        A line is none of a file of writes, which the error names.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    writes: list[Write] = []
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise ValueError(
                f"expected {','.join(COLUMNS)}, but got {','.join(header)}"
            )
        for row in reader:
            writes.append(_parse_row(row, len(writes)))
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{what}:{max(reader.line_num, 1)}: {error}") from None
    return writes


def read_writes(path: str | Path) -> list[Write]:
    """Read what `save_writes` saved.

    Raises
    ------
    ValueError
        It is no such file; the error names the line.
    OSError
        It can't be read.
    """
    return parse_writes(read_text(Path(path)), f"'{path}'")


def _parse_row(row: Sequence[str], index: int) -> Write:
    if len(row) != len(COLUMNS):
        raise ValueError(f"expected {len(COLUMNS)} values, but got {len(row)}")
    cells = dict(zip(COLUMNS, row, strict=True))
    if cells["index"] != str(index):
        raise ValueError(f"index: expected {index}, but got {cells['index']!r}")
    if not cells["register"]:
        raise ValueError("register: expected an address or a function, but got ''")
    return Write(
        index,
        _parse_time(cells["time_ns"]),
        cells["register"],
        cells["name"],
        _parse_value(cells["value"]),
    )


def _parse_time(text: str) -> float:
    try:
        time_ns = float(text)
    except ValueError:
        time_ns = math.nan
    if not 0 <= time_ns < math.inf:
        raise ValueError(
            f"time_ns: expected a finite number that is not negative, but got {text!r}"
        )
    return time_ns


def _parse_value(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"value: expected a whole number, but got {text!r}")
    return int(text)
