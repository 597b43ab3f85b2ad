# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the tables of layers to their states on a target."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .machine import Machine, Position, find_level
from .target import Corner, Target
from .text import STRING, Reader, Words, without_strings

# How far a layer may exceed a limit of power, relatively: part of the definition.
POWER_TOLERANCE = 1e-12

RESULTS = re.compile(r" *(?:%\S+ = )?(?=power\.layer )")
# Of an operation that is printed in MLIR's generic form.
GENERIC = re.compile(rf"{STRING}(?=\s*(?:\(|$))")
LAYER = {
    "workload": Words.attribute,
    "vector": Words.attributes,
    "costs": Words.attribute,
    "implementations": Words.dictionary,
    "probability": Words.number,
    "state": Words.attribute,
    "uncosted": Words.dictionary,
    "attributes": Words.dictionary,
    "{": Words.flag,
    ":": Words.rest,
}
STATE = re.compile(r"\[([^\]]*)\] -> (\S+) J, (\S+) s, (\S+) W")
TABLE = r"<((?:\[[^\]]*\] -> \S+ J, \S+ s, \S+ W(?:, )?)+)>"
COSTS = re.compile(TABLE)
# With its name, which may be in quotes.
WAY = re.compile(rf"([\w$.]+|{STRING}) = #power\.cost_table{TABLE}(?:, )?")


@dataclass(frozen=True)
class State:
    """A row of a table, by level; the accelerator's engine is 0."""

    levels: tuple[int, ...]
    engine: int
    energy_j: float
    time_s: float
    leakage_w: float


@dataclass(frozen=True)
class Layer:
    """A layer, and what it costs in the states that a target has.

    Several states in the same position are different ways to run it.
    """

    name: str
    # None where it is that of the layer before.
    probability: float | None
    states: list[tuple[Position, tuple[float, float, float]]]


class LayerReader:
    """Reads layers that run on a target, in some of its corners."""

    def __init__(
        self, reader: Reader, target: Target, machine: Machine, corners: list[Corner]
    ) -> None:
        self._reader, self._target, self._machine = reader, target, machine
        self._corners = corners or [Corner(speed=1.0, leakage=1.0, weight=1.0)]
        self._engines = {engine.name: i for i, engine in enumerate(target.engines, 1)}
        # By the voltages of a row.
        self._levels: dict[str, tuple[int, ...] | None] = {}

    def read_between(self, begin: int, end: int) -> list[Layer]:
        """Return the layers between two lines."""
        found = [i for i in range(begin + 1, end) if self._is_layer(i)]
        if not found:
            raise self._reader.refused(begin, "expects layers in the function")
        return [self._layer(index, is_last=index == found[-1]) for index in found]

    def _is_layer(self, index: int) -> bool:
        """Return whether there is a layer on a line, and nothing but a layer."""
        line = self._reader.lines[index]
        for name in GENERIC.findall(line):
            if self._reader.string(name, index).startswith("power."):
                raise self._reader.refused(
                    index, f"expects operations as they are printed, but got {name!a}"
                )
        count = without_strings(line).count("power.layer")
        if count > 1 or (count == 1 and not RESULTS.match(line)):
            raise self._reader.refused(index, "expects a layer on a line of its own")
        return count == 1

    def _layer(self, index: int, is_last: bool) -> Layer:
        results = RESULTS.match(self._reader.lines[index])
        assert results
        words = Words(self._reader, index, results.end())
        name, said = words.string(), words.read(LAYER)
        states = [
            (self._machine.position(state.levels, state.engine), self._awake(state))
            for engine, table in self._ways(index, said)
            for state in self._in_corners(index, self._rows(index, table, engine))
        ]
        if is_last:
            states += list(self._waiting(states))
        return Layer(name, said.get("probability"), states)

    def _ways(self, index: int, said: dict[str, Any]) -> Iterator[tuple[int, str]]:
        """Yield the engine and the table of each way in which a layer can run."""
        if not said.keys() & {"costs", "implementations"}:
            raise self._reader.refused(
                index,
                "expects costs of the layer; power-tabulate-costs writes them"
                f"{self._why_not()}",
            )
        if "costs" in said:
            yield 0, self._table(index, COSTS.fullmatch(said["costs"]))[1]
        ways = said.get("implementations", "{}")[1:-1]
        while ways:
            way = self._table(index, WAY.match(ways))
            name = way[1]
            if name.startswith('"'):
                name = self._reader.string(name, index)
            yield self._engines.get(name, 0), way[2]
            ways = ways[way.end() :]

    def _table(self, index: int, match: re.Match[str] | None) -> re.Match[str]:
        if not match:
            raise self._reader.refused(
                index, "expects costs of the layer as power-tabulate-costs writes them"
            )
        return match

    def _why_not(self) -> str:
        """Return what of a target no table can tell of, if there is something."""
        target = self._target
        for what, there in (("modes", target.modes), ("corners", target.corners)):
            if there:
                return f", but not of a target that has {what}"
        return ""

    def _rows(self, index: int, table: str, engine: int) -> list[State]:
        """Return the rows of a table that the target allows."""
        states: dict[tuple[int, ...], State] = {}
        for text, *costs in STATE.findall(table):
            # Layers have their states in common.
            if text not in self._levels:
                self._levels[text] = self._read_levels(index, text)
            levels = self._levels[text]
            if levels is None:
                continue
            if levels in states:
                raise self._reader.refused(index, f"expects state [{text}] once")
            numbers = (self._reader.number(cost, index) for cost in costs)
            states[levels] = State(levels, engine, *numbers)
        if not states:
            raise self._reader.refused(index, "expects costs at levels of the target")
        return list(states.values())

    def _read_levels(self, index: int, text: str) -> tuple[int, ...] | None:
        """Return the levels of a row's voltages; None where the target can't be."""
        volts = self._reader.numbers(text, index)
        if len(volts) != len(self._target.domains):
            raise self._reader.refused(
                index, f"expects a voltage for each domain, but got [{text}]"
            )
        found = [find_level(self._target, v) for v in volts]
        levels = tuple(level for level in found if level is not None)
        is_at_levels = len(levels) == len(volts)
        return levels if is_at_levels and self._machine.allows(levels) else None

    def _in_corners(self, index: int, states: list[State]) -> Iterator[State]:
        """Yield states in the mean over the corners, where all of them allow these."""
        is_any = False
        for state in states:
            in_corners = [_scaled(state, corner) for corner in self._corners]
            most_w = self._target.maximum_power_w * (1 + POWER_TOLERANCE)
            if all(each.energy_j <= most_w * each.time_s for each in in_corners):
                is_any = True
                yield self._mean(in_corners)
        if not is_any:
            raise self._reader.refused(
                index, "expects costs within maximum_power_w of the target"
            )

    def _mean(self, states: list[State]) -> State:
        """Return a state that all wait in until the slowest corner is done."""
        if len(states) == 1:
            return states[0]
        slowest_s = max(state.time_s for state in states)
        energy_j = leakage_w = 0.0
        for state, corner in zip(states, self._corners, strict=True):
            waits_j = state.leakage_w * (slowest_s - state.time_s)
            energy_j += corner.weight * (state.energy_j + waits_j)
            leakage_w += corner.weight * state.leakage_w
        return State(states[0].levels, states[0].engine, energy_j, slowest_s, leakage_w)

    def _awake(self, state: State) -> tuple[float, float, float]:
        """Return a state's costs with dispatching it, and what is awake around it."""
        awake_w, dispatch_s = self._target.awake_power_w, self._target.dispatch_time_s
        time_s = state.time_s + dispatch_s
        return (
            state.energy_j + state.leakage_w * dispatch_s + awake_w * time_s,
            time_s,
            state.leakage_w + awake_w,
        )

    def _waiting(
        self, states: list[tuple[Position, tuple[float, float, float]]]
    ) -> Iterator[tuple[Position, tuple[float, float, float]]]:
        """Yield states again, with each idle state after them."""
        for position, (energy_j, time_s, _) in states:
            waits = self._machine.waits(position)
            for idle, (there, change_j, change_s) in zip(
                self._target.idle_states, waits, strict=True
            ):
                power_w = idle.power_w + self._target.awake_power_w
                yield there, (energy_j + change_j, time_s + change_s, power_w)


def _scaled(state: State, corner: Corner) -> State:
    """Return a state in a corner."""
    if corner.speed == corner.leakage == 1:
        return state
    dynamic_j = state.energy_j - state.leakage_w * state.time_s
    time_s = state.time_s / corner.speed
    leakage_w = state.leakage_w * corner.leakage
    energy_j = dynamic_j + leakage_w * time_s
    return State(state.levels, state.engine, energy_j, time_s, leakage_w)
