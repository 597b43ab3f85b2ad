# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options of the passes as keywords: their types, checks, and spelling.

Functions take them as `**options: Unpack[ScheduleOptions]`, so that each is listed
once, here; `schedule` describes them.
"""

import functools
import inspect
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeAlias, TypedDict, TypeVar

import numpy

from .. import ir
from ..arguments import count, fraction, one_of, positive, quantity
from ..dialects import power
from ..problem.solver import SEARCHES as SOLVER_SEARCHES, Limits

SEARCHES = (*SOLVER_SEARCHES, "greedy", "nominal")
GATINGS = ("none", "sram", "bank")


# How an accelerator can be given.
Target: TypeAlias = str | os.PathLike[str] | ir.Module | power.TargetOp


class Chip(TypedDict, total=False):
    """What-ifs of an accelerator, but for its rails, and which function runs on it."""

    function: str | None
    levels_v: Iterable[float] | None
    gating: str | None
    gating_granularity: int | None
    transition_energy_j: float | None
    transition_time_s: float | None
    sleep_power_w: float | None
    sleep: bool | None
    banks: Mapping[str, int] | None
    reduction_chunk: int | None


class WhatIfs(Chip, total=False):
    """All what-ifs of an accelerator: power-assign-target."""

    max_rails: int | None


class OnTarget(TypedDict, total=False):
    """The accelerator itself."""

    target: Target | None


class TargetOptions(OnTarget, WhatIfs, total=False):
    """The accelerator, and what-ifs of it."""


class LayerOptions(TypedDict, total=False):
    """How operations become layers: power-form-layers."""

    skip_vector_layers: bool | None


class SearchOptions(Limits, total=False):
    """What searches, and for how long: power-select-states."""

    search: str | None


class CostOptions(TargetOptions, LayerOptions, total=False):
    """All that costs of layers depend on."""


class SweepOptions(OnTarget, Chip, LayerOptions, Limits, total=False):
    """What a sweep over rates, rails and searches leaves as it is."""


class ScheduleOptions(CostOptions, SearchOptions, total=False):
    """All but the rate that a schedule depends on: powerflow-schedule."""


# ---------------------------------------------------------------------------
# Functions that take them
# ---------------------------------------------------------------------------

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def takes(
    *kinds: Any,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a function with `**options` show those of some kinds, and refuse others.

    Its signature lists them, for help() and completion; None is that nothing is
    said.
    """
    known = {
        name: hint for kind in kinds for name, hint in kind.__annotations__.items()
    }

    def decorate(
        function: Callable[Parameters, Result],
    ) -> Callable[Parameters, Result]:
        signature = inspect.signature(function)
        named = [
            parameter
            for parameter in signature.parameters.values()
            if parameter.kind != inspect.Parameter.VAR_KEYWORD
        ]
        taken = {parameter.name for parameter in named}
        options = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint
            )
            for name, hint in known.items()
            if name not in taken
        ]
        accepted = taken | known.keys()

        @functools.wraps(function)
        def wrapper(
            *arguments: Parameters.args, **keywords: Parameters.kwargs
        ) -> Result:
            for name in keywords:
                if name not in accepted:
                    raise TypeError(
                        f"{function.__name__}() got an unexpected keyword argument "
                        f"{name!r}"
                    )
            return function(*arguments, **keywords)

        listed = signature.replace(parameters=[*named, *options])
        wrapper.__signature__ = listed  # type: ignore[attr-defined]
        return wrapper

    return decorate


def select(options: Mapping[str, Any], kind: Any) -> Any:
    """Return the options of a kind."""
    return {name: options[name] for name in kind.__annotations__ if name in options}


# ---------------------------------------------------------------------------
# From keywords to options of passes
# ---------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a name, but got {value!r}")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected True or False, but got {value!r}")
    return value


def _numbers(name: str, values: Any) -> list[float]:
    try:
        array = numpy.asarray(list(values), dtype=numpy.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, but got {values!r}") from None
    if array.ndim != 1 or not array.size or not numpy.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, but got {values!r}")
    return [float(value) for value in array]


def _banks(name: str, banks: Any) -> dict[str, int]:
    if not isinstance(banks, Mapping):
        raise TypeError(f"{name}: expected a mapping, but got {banks!r}")
    for memory in banks:
        # What options of passes can hold as it is.
        if not isinstance(memory, str) or not re.fullmatch(r"[\w.$-]+", memory):
            raise ValueError(
                f"{name}: expected the name of a memory, but got {memory!r}"
            )
    return {
        memory: count(f"{name}[{memory!r}]", number) for memory, number in banks.items()
    }


def _bytes(name: str, value: Any) -> int:
    return count(name, value, most=2**63 - 1)


# By keyword, what checks a value and makes it plain.
READERS: dict[str, Callable[[str, Any], Any]] = {
    "target": lambda name, value: value,
    "function": _text,
    "levels_v": _numbers,
    "max_rails": count,
    "gating": lambda name, value: one_of(name, value, GATINGS),
    "gating_granularity": count,
    "transition_energy_j": quantity,
    "transition_time_s": quantity,
    "sleep_power_w": quantity,
    "sleep": _flag,
    "banks": _banks,
    "reduction_chunk": count,
    "skip_vector_layers": _flag,
    "fps": positive,
    "period_s": positive,
    "search": lambda name, value: one_of(name, value, SEARCHES),
    "time_limit_s": positive,
    "gap": fraction,
    "memory_limit_bytes": _bytes,
    "threads": count,
}
# Where they are not spelled alike.
SPELLINGS = {"levels_v": "levels"}


def _quote(value: str) -> str:
    """Return a string as the value of an option of a pass."""
    if not value or any(character in value for character in " ,{}\"'\n"):
        if "'" in value or "\n" in value:
            raise ValueError(f"expected no quotes or line ends, but got {value!r}")
        return f"'{value}'"
    return value


def _format(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return ",".join(f"{key}:{number}" for key, number in value.items())
    if isinstance(value, list):
        return ",".join(_format(each) for each in value)
    return _quote(str(value))


def read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as plain values, without those that say nothing.

    Raises
    ------
    TypeError, ValueError
        An option is not what it should be; the message names it.
    """
    return {
        name: READERS[name](name, value)
        for name, value in options.items()
        if value is not None
    }


def format_pass(name: str, options: Mapping[str, Any]) -> str:
    """Return a pass with options, as they were read, as a pipeline has it."""
    if not options:
        return name
    text = " ".join(
        f"{SPELLINGS.get(key, key.replace('_', '-'))}={_format(value)}"
        for key, value in options.items()
    )
    return f"{name}{{{text}}}"
