# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which options functions take, and how passes are told of them.

Kinds of options are put together from groups, of which `pfmlir._options` has one class
each; what an option is, is said there. Only a target can be more in Python than passes
know.
"""

import os
from collections.abc import Mapping
from typing import Any, TypeAlias, TypedDict

from .. import ir, keywords
from .._options import (
    OPTIONS,
    ChipOptions,
    FunctionOptions,
    LayersOptions,
    LimitsOptions,
    ProofOptions,
    RailsOptions,
    SearchOptions,
)
from ..dialects import power
from ..problem.solver import Limits

# How an accelerator can be given.
Target: TypeAlias = str | os.PathLike[str] | ir.Module | power.TargetOp


class OnTarget(TypedDict, total=False):
    """The accelerator itself."""

    target: Target | None


class WhatIfs(FunctionOptions, ChipOptions, RailsOptions, total=False):
    """All what-ifs of an accelerator, and which function runs on it."""


class AssignOptions(OnTarget, WhatIfs, total=False):
    """The accelerator, and what-ifs of it: power-assign-target."""


class CostOptions(AssignOptions, LayersOptions, total=False):
    """All that costs of layers depend on."""


class SelectOptions(SearchOptions, Limits, total=False):
    """What searches, and for how long: power-select-states, but for the rate."""


class SweepOptions(
    OnTarget, FunctionOptions, ChipOptions, LayersOptions, Limits, total=False
):
    """What a sweep over rates, rails and searches leaves as it is."""


class ExploreOptions(CostOptions, SearchOptions, LimitsOptions, total=False):
    """What designs of a space can have in common, or vary, but for the rate."""


class ScheduleOptions(CostOptions, SelectOptions, ProofOptions, total=False):
    """All but the rate that a schedule depends on: powerflow-schedule."""


def read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as plain values, without those that say nothing.

    Raises
    ------
    TypeError, ValueError
        An option is not what it should be; the message names it.
    """
    others = dict(options)
    target = others.pop("target", None)
    read = keywords.read_options(others)
    return read if target is None else read | {"target": target}


def quote(value: str) -> str:
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
    return quote(str(value))


def format_pass(name: str, options: Mapping[str, Any]) -> str:
    """Return a pass with options, as they were read, as a pipeline has it."""
    if not options:
        return name
    text = " ".join(
        f"{OPTIONS[keyword].name}={_format(value)}"
        for keyword, value in options.items()
    )
    return f"{name}{{{text}}}"
