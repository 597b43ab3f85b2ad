# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Answers that are a scheduled module: its IR, and the numbers that are in it."""

import copy
import json
import math
from collections.abc import Mapping, Set
from functools import cached_property
from typing import Any, ClassVar, Self

from .. import ir
from ..dialects import power
from ..errors import PfmlirError, translate_mlir_error
from ..modules import parse_text, run_passes
from .answer import Answer


class ScheduledAnswer(Answer):
    """A scheduled module as a value.

    Attributes
    ----------
    ir : str
        The scheduled module as `pf-opt` prints it.
    """

    # What has to be in the module.
    OPERATION: ClassVar[type]

    _data: dict[str, Any]

    def __init__(self, data: Mapping[str, Any], ir: str) -> None:
        """Keep numbers, as `docs/output.md` describes them, and the IR with them."""
        self._data = dict(data)
        self.ir = ir

    def __setattr__(self, name: str, value: Any) -> None:
        if self.__dict__.get("_is_made"):
            kind = type(self).__name__
            raise AttributeError(f"a {kind} doesn't change, nor does its {name!r}")
        super().__setattr__(name, value)

    @cached_property
    def module(self) -> ir.Module:
        """The scheduled module as IR, in a context of its own; made once."""
        return parse_text(self.ir, ir.Context(), f"the {self._what()}'s IR")

    # -- from and to elsewhere ----------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as `docs/output.md` describes them."""
        return copy.deepcopy(self._data)

    def _to_file(self) -> dict[str, Any]:
        return self._data | {"ir": self.ir}

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        return cls._from_ir(content, frozenset())

    @classmethod
    def _from_ir(cls, content: dict[str, Any], optional: Set[str]) -> Self:
        # What counts is the IR; the numbers beside it are for other readers.
        text = content.pop("ir")
        data = read_numbers(_read_scheduled(text, cls.OPERATION))
        different = _first_difference(content, data, optional)
        if different:
            raise ValueError(f"expected the numbers of its IR, but {different}")
        return cls(data, text)

    def to_text(self, format: str = "table") -> str:
        """Return it as `pf-translate` prints it.

        Parameters
        ----------
        format : {"table", "json", "csv"}
            For people, or for programs; `docs/output.md` describes them.
        """
        if format not in ("table", "json", "csv"):
            raise ValueError(f"format: expected table, json or csv, but got {format!r}")
        return _print_schedule(self.module, format)

    # -- as a value ---------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._data == other._data and self.ir == other.ir

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data, self.ir)


def _read_scheduled(text: str, kind: type) -> ir.Module:
    """Return a scheduled module that agrees with itself, or raise ValueError.

    The kind of operation is what has to be in it.
    """
    try:
        module = parse_text(text, ir.Context(), "its IR")
    except PfmlirError as error:
        raise ValueError(str(error)) from None
    if not any(isinstance(op, kind) for op in module.body.operations):
        raise TypeError(f"expected a {kind.OPERATION_NAME} in its IR")  # type: ignore[attr-defined]
    try:
        return run_passes(
            module, "builtin.module(power-verify-schedule)", "its schedule is wrong"
        )
    except PfmlirError as error:
        raise ValueError(str(error)) from None


# Of numbers that are compared, relative; they are printed with 17 digits.
TOLERANCE = 1e-9


def _first_difference(
    found: Any, expected: Any, optional: Set[str], where: str = ""
) -> str:
    """Return where two values of JSON differ, and how; "" where they don't.

    What is found need not have the optional names.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in expected | found:
            if name in optional and name not in found:
                continue
            place = f"{where}.{name}" if where else name
            if name not in found or name not in expected:
                return f"{place} is {'missing' if name in expected else 'unknown'}"
            different = _first_difference(found[name], expected[name], optional, place)
            if different:
                return different
        return ""
    if isinstance(expected, list) and isinstance(found, list):
        if len(found) != len(expected):
            return f"{where} has {len(found)} entries instead of {len(expected)}"
        differences = (
            _first_difference(a, b, optional, f"{where}[{i}]")
            for i, (a, b) in enumerate(zip(found, expected, strict=True))
        )
        return next(filter(None, differences), "")
    if isinstance(expected, int | float) and isinstance(found, int | float):
        is_same = math.isclose(found, expected, rel_tol=TOLERANCE)
    else:
        is_same = found == expected
    return "" if is_same else f"{where} is {found!r} instead of {expected!r}"


def _print_schedule(module: ir.Module, format: str) -> str:
    """Return a module's schedule as `pf-translate` prints it."""
    try:
        return power.print_schedule(module.operation, format)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, "there is no schedule") from None


def read_numbers(module: ir.Module) -> dict[str, Any]:
    """Return the numbers of a scheduled module, as `docs/output.md` describes them."""
    numbers: dict[str, Any] = json.loads(_print_schedule(module, "json"))
    return numbers
