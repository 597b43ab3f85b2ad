# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From IR, as the compiler prints it, to the problem that it states.

What is read is a function, the target that it runs on, and the tables of its layers,
each operation on a line of its own. Another declaration in the target than those that
are known is refused, as it might make another problem; other operations of the module
do not.
"""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from .declarations import read_target
from .layers import Layer, LayerReader
from .machine import Machine, corners_of, sleep_states
from .problem import Problem, RefusedError
from .text import NUMBER, SYMBOL, Reader, without_strings
from .values import decode

FUNCTION = re.compile(rf'[^@"]*{SYMBOL}.*\bpower\.target = {SYMBOL}.*\{{')
PERIOD = re.compile(rf"\bpower\.period_s = {NUMBER} : f64")
CORNER = re.compile(rf"\bpower\.corner = {SYMBOL}")


@dataclass(frozen=True)
class _Function:
    """The function that runs on a target: its first and its last line, and more."""

    begin: int
    end: int
    name: str
    target: str
    corner: str | None
    period_s: float


def _find_function(reader: Reader) -> _Function:
    """Return the function that runs on a target."""
    found = [
        index
        for index, line in enumerate(reader.lines)
        if "power.target = @" in line and "power.target = @" in without_strings(line)
    ]
    if len(found) != 1:
        raise RefusedError(
            f"{reader.path}: expects one function with power.target, but got "
            f"{len(found)}; power-assign-target marks it"
        )
    (begin,) = found
    line = reader.lines[begin]
    masked = without_strings(line)
    match, period = FUNCTION.fullmatch(masked), PERIOD.search(masked)
    corner = CORNER.search(masked)
    if not match:
        raise reader.refused(begin, "expects a function that begins on one line")
    if not period:
        raise reader.refused(begin, "expects power.period_s of the function")

    def symbol(match: re.Match[str], group: int) -> str:
        # What is in quotes is in the line only.
        return reader.symbol(line[slice(*match.span(group))], begin)

    return _Function(
        begin,
        reader.find_end(begin, "the function"),
        symbol(match, 1),
        symbol(match, 2),
        symbol(corner, 1) if corner else None,
        reader.number(period[1], begin),
    )


def _probabilities(layers: list[Layer]) -> list[float]:
    """Return the part of the periods that run each layer; none if all run all."""
    found = [1.0]
    for layer in layers:
        said = layer.probability
        found.append(found[-1] if said is None else said)
    return found[1:] if found[-1] < 1 else []


def _align(layers: list[Layer]) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of all layers, and what they cost there.

    Of several states in one position, each layer has the first, the second and so on.
    """
    by_layer = []
    for layer in layers:
        ranks: Counter[tuple[int, ...]] = Counter()
        ranked = {}
        for position, costs in layer.states:
            ranked[*position, ranks[position]] = costs
            ranks[position] += 1
        by_layer.append(ranked)
    keys = sorted(set(itertools.chain.from_iterable(by_layer)))
    absent = (np.inf, 0.0, 0.0)
    # [layer, state, cost].
    table = np.array([[ranked.get(key, absent) for key in keys] for ranked in by_layer])
    return np.array([key[:-1] for key in keys]), table


def read_module(data: bytes, path: str) -> Problem:
    """Return the problem of a module; RefusedError if it states none."""
    path = ascii(path)[1:-1]
    reader = Reader(decode(data, path), path)
    function = _find_function(reader)
    target = read_target(reader, function.target, function.begin)
    corners = corners_of(reader, target, function.corner, function.begin)
    machine = Machine(reader, target)
    layers = LayerReader(reader, target, machine, corners).read_between(
        function.begin, function.end
    )
    positions, costs = _align(layers)
    picked = len(machine.pickers)
    return Problem(
        network=function.name,
        target=target.name,
        period_s=function.period_s,
        max_rails=target.max_rails,
        levels_v=target.levels_v,
        domains=[target.domains[i].name for i in machine.pickers],
        transition_energy_j=machine.transition_energy_j,
        transition_time_s=machine.transition_time_s,
        sleep_states=sleep_states(reader, target),
        layers=[layer.name for layer in layers],
        levels=positions[:, :picked],
        energy_j=costs[:, :, 0],
        time_s=costs[:, :, 1],
        leakage_w=costs[:, :, 2],
        axes=machine.axes,
        settings=positions[:, picked:],
        margin=target.margin,
        rail_power_w=target.rail_power_w,
        transition_power_w=target.awake_power_w,
        overlapping_ramps=target.overlapping_ramps,
        probabilities=_probabilities(layers),
    )
