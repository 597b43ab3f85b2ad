# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The writes that a schedule asks for, and where others differ from them.

Read off the operations of the power manager in the IR, one after the other, as the
register map's description has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..dialects import power
from .hardware import SAME_LEVEL_V, Hardware
from .registers import Field, Register
from .writes import Difference, Write


@dataclass(frozen=True)
class Scheduled:
    """What a scheduled module has.

    Attributes
    ----------
    target, function, schedule
        Its operations.
    layers : list
        The layers of the function, in order.
    """

    target: power.TargetOp
    function: Any
    schedule: power.ScheduleOp
    layers: list[power.LayerOp]


def find_scheduled(module: ir.Module) -> Scheduled:
    """Return the parts of a scheduled module, or raise ValueError."""
    named: dict[str, Any] = {
        ir.StringAttr(op.attributes["sym_name"]).value: op
        for op in module.body.operations
        if "sym_name" in op.attributes
    }
    for op in module.body.operations:
        if isinstance(op, power.ScheduleOp):
            function = named[str(op.function.value)]
            return Scheduled(
                named[str(op.target.value)],
                function,
                op,
                [each for each in _body(function) if isinstance(each, power.LayerOp)],
            )
    raise ValueError("expected a module with a power.schedule, but it has none")


def _body(function: Any) -> Any:
    return function.regions[0].blocks[0].operations


# -- what the schedule asks for -----------------------------------------------


class _Codes:
    """Which field each operation sets, and to which code."""

    def __init__(self, hardware: Hardware, registers: dict[str, Register]) -> None:
        self._hardware = hardware
        self._fields = {
            (each.kind, each.of): (place, each)
            for place, register in registers.items()
            for each in register.fields
        }
        self._layers = 0

    def of(self, op: Any) -> Iterator[list[tuple[str, Field, int]]]:
        """Yield what an operation sets at once; a layer starts, and is finished."""
        if isinstance(op, power.LayerOp):
            for kind in ("start", "finish"):
                yield self._known(kind, "", self._layers)
            self._layers += 1
        elif isinstance(op, power.SetStateOp):
            yield [
                entry
                for symbol, voltage in zip(op.domains, op.voltages_v, strict=True)
                for entry in self._rail(_leaf(symbol), ir.FloatAttr(voltage).value)
            ]
        elif isinstance(op, power.GateBanksOp):
            yield [
                entry
                for symbol, powered in zip(op.memories, op.powered, strict=True)
                for entry in self._banks(_leaf(symbol), ir.FloatAttr(powered).value)
            ]
        elif isinstance(op, power.SetModeOp):
            domain = _leaf(op.domain)
            modes = ["", *self._hardware.modes_of(domain)]
            yield self._known("mode", domain, modes.index(_leaf(op.mode)))
        elif isinstance(op, power.HandOverOp):
            engines = ["", *self._hardware.engines]
            yield self._known("engine", "", engines.index(_leaf(op.engine)))
        elif isinstance(op, power.IdleOp | power.SleepOp):
            idle, sleep = self._hardware.idle_states, self._hardware.sleep_states
            yield self._known("tail", "", ["", *idle, *sleep].index(_leaf(op.state)))

    def _known(self, kind: str, of: str, code: int) -> list[tuple[str, Field, int]]:
        """Return where a code goes; nowhere if the map has no such field."""
        found = self._fields.get((kind, of))
        return [(*found, code)] if found else []

    def _rail(self, domain: str, voltage_v: float) -> list[tuple[str, Field, int]]:
        rail = self._hardware.rail_of(domain)
        _, field = self._fields["rail", rail]
        for code, level_v in field.codes.items():
            if abs(level_v - voltage_v) < SAME_LEVEL_V:
                return self._known("rail", rail, code)
        raise ValueError(f"expected a code for {voltage_v:g} V in {field.name}")

    def _banks(self, memory: str, powered: float) -> list[tuple[str, Field, int]]:
        _, field = self._fields["banks", memory]
        return self._known("banks", memory, round(powered * field.per_bank))


def _leaf(symbol: Any) -> str:
    """Return the last name of a symbol, as in @target::@domain; "" of none."""
    return "" if symbol is None else str(ir.SymbolRefAttr(symbol).value[-1])


def expect_writes(
    scheduled: Scheduled, hardware: Hardware, registers: dict[str, Register]
) -> list[Write]:
    """Return what a period of a schedule writes, in its order, at no time."""
    codes = _Codes(hardware, registers)
    groups = [group for op in _body(scheduled.function) for group in codes.of(op)]
    # A register begins with the first code of each of its fields.
    values: dict[str, int] = {}
    seen = set()
    for place, field, code in (entry for group in groups for entry in group):
        if not field.is_command and (place, field) not in seen:
            seen.add((place, field))
            values[place] = values.get(place, 0) | code << field.shift
    writes: list[Write] = []
    for group in groups:
        at_once: dict[str, int] = {}
        for place, field, code in group:
            if not field.is_command:
                kept = values[place] & ~(field.mask << field.shift)
                values[place] = kept | code << field.shift
            at_once[place] = code << field.shift if field.is_command else values[place]
        writes += (
            Write(0, 0.0, place, registers[place].name, value)
            for place, value in at_once.items()
        )
    return [replace(write, index=index) for index, write in enumerate(writes)]


# -- where others differ ------------------------------------------------------


def describe_value(register: Register, value: int) -> str:
    """Return what a value sets in a register, as in "rail of sys 0.9 V"."""

    def describe(field: Field) -> str:
        code = field.read(value)
        if field.kind == "rail" and code in field.codes:
            return f"{field.name} {field.codes[code]:g} V"
        if field.kind == "banks":
            return f"{field.name} {code / field.per_bank:g}"
        return f"{field.name} {code}"

    return ", ".join(map(describe, register.fields))


def _describe(registers: dict[str, Register], write: Write) -> str:
    register = registers.get(write.register)
    what = describe_value(register, write.value) if register else write.name
    return f"{write.register} = {write.value:#x} ({what})"


def find_difference(
    writes: Sequence[Write],
    expected: Sequence[Write],
    registers: dict[str, Register],
) -> Difference | None:
    """Return what is wrong with the first write that differs, if one does."""
    told = [(write.register, write.value) for write in writes]
    asked = [(write.register, write.value) for write in expected]
    if told == asked:
        return None
    pairs = zip(told, asked, strict=False)
    at = next(
        (i for i, (one, other) in enumerate(pairs) if one != other),
        min(len(told), len(asked)),
    )
    if at == len(asked) or told[at + 1 :] == asked[at:]:
        again = " again" if at and told[at] == told[at - 1] else ""
        found = _describe(registers, writes[at])
        return Difference(at, f"write {at} is one too many: {found}{again}")
    wanted = _describe(registers, expected[at])
    if at == len(told) or told[at:] == asked[at + 1 :]:
        return Difference(at, f"write {at} is missing: {wanted}")
    found = _describe(registers, writes[at])
    if told[at : at + 2] == asked[at : at + 2][::-1]:
        return Difference(
            at,
            f"writes {at} and {at + 1} are exchanged: expected {wanted} first, but got "
            f"{found}",
        )
    return Difference(at, f"write {at}: expected {wanted}, but got {found}")


# -- and where those of a machine do that sets all at once ---------------------


def _gaps(
    writes: Sequence[Write], registers: dict[str, Register]
) -> list[tuple[dict[str, int], Write]]:
    """Return what changes before each start and before the end, and these."""
    gaps = []
    values: dict[str, int] = {}
    before: dict[str, int] = {}
    for write in writes:
        if write.register not in registers:
            continue
        kinds = {field.kind for field in registers[write.register].fields}
        if kinds & {"start", "tail"}:
            changed = {
                place: value
                for place, value in values.items()
                if before.get(place) != value
            }
            gaps.append((changed, write))
            before = dict(values)
        elif "finish" not in kinds:
            values[write.register] = write.value
    return gaps


def find_difference_between_layers(
    writes: Sequence[Write],
    expected: Sequence[Write],
    registers: dict[str, Register],
) -> Difference | None:
    """Return what is wrong with the first layer that is not as scheduled, if one is.

    Before each layer, and before the end, the same must change, in whatever order; that
    a layer was finished need not be told.
    """
    found, asked = _gaps(writes, registers), _gaps(expected, registers)
    for (changed, command), (wanted, wanted_command) in zip(found, asked, strict=False):
        text = _describe_change(changed, wanted, registers)
        if text:
            at = f"before write {command.index} ({command.name} {command.value})"
            return Difference(command.index, f"{at}: {text}")
        same = (command.register, command.value)
        if same != (wanted_command.register, wanted_command.value):
            return Difference(
                command.index,
                f"write {command.index}: expected "
                f"{_describe(registers, wanted_command)}, but got "
                f"{_describe(registers, command)}",
            )
    if len(found) == len(asked):
        return None
    if len(found) < len(asked):
        missing = _describe(registers, asked[len(found)][1])
        return Difference(len(writes), f"write {len(writes)} is missing: {missing}")
    extra = found[len(asked)][1]
    text = f"write {extra.index} is one too many: {_describe(registers, extra)}"
    return Difference(extra.index, text)


def _describe_change(
    changed: dict[str, int], wanted: dict[str, int], registers: dict[str, Register]
) -> str:
    """Return how the first register that changes otherwise does; "" if none does."""
    for place, register in registers.items():
        if changed.get(place) != wanted.get(place):
            texts = [
                describe_value(register, values[place])
                if place in values
                else "no change"
                for values in (wanted, changed)
            ]
            return f"expected {texts[0]}, but got {texts[1]}"
    return ""
