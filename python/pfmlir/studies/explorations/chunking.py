# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a space to chunks: designs that have much in common, next to each other.

What is done for every design is done by numpy on whole axes, and what a chunk needs is
made when it is asked for: one process hands out what many solve.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy
from numpy.typing import NDArray

from ...compile.designs import ParameterChange
from ...compile.options import CostOptions, ExploreOptions
from ...keywords import select
from ...problem.solver import DEFAULT_SEARCH
from .chunks import Chunk, Work
from .space import AS_PARAMETERS, NETWORK, RATES, Settings, Space

# How many designs a task has at least and at most, where there are as many: so many
# that what it takes to hand out a task is little of it, so few that all have some.
FEWEST, MOST = 25, 250


def chunk_size(designs: int, tasks: int) -> int:
    """Return how many designs a task has, of so many for at least so many tasks."""
    return min(max(-(-designs // tasks), FEWEST), MOST)


def _is_parameter(name: str) -> bool:
    return name in AS_PARAMETERS or "." in name


def _changes(settings: Settings) -> list[ParameterChange]:
    """Return what settings change of the IR, by path."""
    return [
        (AS_PARAMETERS.get(name, name), value)
        for name, value in settings.items()
        if _is_parameter(name)
        if not (name in AS_PARAMETERS and value is None)
    ]


def _period_s(settings: Settings) -> float:
    """Return the period that settings say; NaN where they say none."""
    if "period_s" in settings:
        return float(settings["period_s"])
    return 1 / settings["fps"] if "fps" in settings else numpy.nan


def _in_common(settings: Settings) -> dict[str, Any]:
    """Return what of settings is neither a change nor a period."""
    return {
        name: value
        for name, value in settings.items()
        if name not in RATES and not _is_parameter(name)
    }


def _work(settings: Settings, networks: Mapping[str, bytes]) -> Work:
    """Return what designs have in common whose settings differ in nothing else."""
    said = {
        name: value for name, value in _in_common(settings).items() if value is not None
    }
    options = select(said, CostOptions)
    searching = {
        name: value
        for name, value in select(said, ExploreOptions).items()
        if name not in options
    }
    search = searching.pop("search", DEFAULT_SEARCH)
    return Work(
        networks[settings[NETWORK]],
        json.dumps(options, sort_keys=True),
        search,
        searching,
    )


def _number(keys: Sequence[Any]) -> NDArray[numpy.int64]:
    """Return numbers that are equal where keys are, from 0 in their order."""
    known: dict[str, int] = {}
    return numpy.array(
        [known.setdefault(json.dumps(key), len(known)) for key in keys],
        dtype=numpy.int64,
    )


@dataclass(frozen=True)
class Group:
    """Designs with the same work, those with the same changes next to each other."""

    work: Work
    numbers: NDArray[numpy.int64]


class Chunking:
    """How designs of a space are put into chunks."""

    def __init__(self, space: Space, networks: Mapping[str, bytes]) -> None:
        self._networks, self._fixed = networks, space.fixed
        self._positions = space.positions()
        self._settings = [axis.settings for axis in space.axes]
        # By axis and value, in the order in which they are set.
        self._changes = [
            [_changes(each) for each in axis.settings] for axis in space.axes
        ]
        self._period_s = numpy.full(len(space), _period_s(space.fixed))
        for axis, position in zip(space.axes, self._positions, strict=True):
            periods = numpy.array([_period_s(each) for each in axis.settings])
            if not numpy.isnan(periods).any():
                self._period_s = periods[position]

    def _codes(self, keys: Sequence[Sequence[Any]]) -> NDArray[numpy.int64]:
        """By design, a number of its values' keys, which are given by axis."""
        codes = numpy.zeros(len(self._period_s), dtype=numpy.int64)
        for of_axis, position in zip(keys, self._positions, strict=True):
            numbers = _number(of_axis)
            codes = codes * (numbers.max() + 1) + numbers[position]
        return codes

    def _settings_of(self, number: int) -> dict[str, Any]:
        found = dict(self._fixed)
        for settings, position in zip(self._settings, self._positions, strict=True):
            found.update(settings[position[number]])
        return found

    def groups(self, wanted: NDArray[numpy.bool_]) -> list[Group]:
        """Return groups of the designs that are wanted."""
        work = self._codes([[_in_common(v) for v in axis] for axis in self._settings])
        changes = self._codes(self._changes)
        order = numpy.lexsort((changes, work))
        order = order[wanted[order]]
        begins = numpy.flatnonzero(numpy.diff(work[order])) + 1
        return [
            Group(_work(self._settings_of(int(numbers[0])), self._networks), numbers)
            for numbers in numpy.split(order, begins)
            if len(numbers)
        ]

    def chunks(self, groups: Sequence[Group], size: int) -> Iterator[Chunk]:
        """Return the designs of groups in chunks."""
        for group in groups:
            for begin in range(0, len(group.numbers), size):
                yield self._chunk(group.work, group.numbers[begin : begin + size])

    def _chunk(self, work: Work, numbers: NDArray[numpy.int64]) -> Chunk:
        changes = _changes(self._fixed)
        columns: list[list[Sequence[int]]] = [[range(len(changes))] * len(numbers)]
        for of_axis, position in zip(self._changes, self._positions, strict=True):
            values = position[numbers].tolist()
            indices: dict[int, range] = {}
            for value in dict.fromkeys(values):
                first = len(changes)
                changes += of_axis[value]
                indices[value] = range(first, len(changes))
            columns.append([indices[value] for value in values])
        return Chunk(
            work,
            numbers,
            changes,
            [tuple(chain.from_iterable(row)) for row in zip(*columns, strict=True)],
            self._period_s[numbers],
        )
