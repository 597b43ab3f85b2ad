# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a report says of the accelerator: what its target declares, and assumes."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..answers import Schedule
from ..dialects import power

# Of a curve of frequency over voltage.
CURVE_POINTS = 49


@dataclass(frozen=True)
class Domain:
    """What a target declares of a power domain.

    Attributes
    ----------
    name : str
        Its symbol.
    supply : str
        The regulated supply that it is on; "" where it is on rails.
    law : ir.Attribute or None
        How its highest frequency changes with the voltage.
    nominal_v, nominal_hz : float
        Voltage and frequency that the law starts from; NaN where there is none.
    """

    name: str
    supply: str
    law: ir.Attribute | None
    nominal_v: float
    nominal_hz: float

    def frequency_hz(self, voltage_v: float) -> float:
        """Return the highest frequency that its law allows; NaN where that is open."""
        if self.law is None:
            return math.nan
        found: float = power.frequency_hz(
            self.law, voltage_v, self.nominal_v, self.nominal_hz
        )
        return found

    def curve(self, levels_v: Sequence[float]) -> list[tuple[float, float]]:
        """Return voltages from the lowest to the highest level, and frequencies."""
        low, high = min(levels_v), max(levels_v)
        steps = CURVE_POINTS - 1
        voltages = [low + (high - low) * i / steps for i in range(CURVE_POINTS)]
        points = [(voltage, self.frequency_hz(voltage)) for voltage in voltages]
        return [point for point in points if not math.isnan(point[1])]


@dataclass(frozen=True)
class Memory:
    """What a target declares of a memory, and how many banks are powered when.

    Attributes
    ----------
    name, domain : str
        Its symbol, and that of the domain that it is in.
    bank_bytes : int
        What a bank holds.
    banks : float or None
        How many there are; None where the target leaves that open.
    powered : tuple of float or None
        By layer, how many are powered; None where nothing is said, and all are.
    """

    name: str
    domain: str
    bank_bytes: int
    banks: float | None
    powered: tuple[float | None, ...]


def _find(block: Any, kind: type[Any], name: str = "") -> Iterator[Any]:
    """Yield the operations of a kind in a block, or the one of a name."""
    for op in block:
        if isinstance(op, kind) and name in ("", _text(op, "sym_name")):
            yield op


def _text(op: Any, name: str) -> str:
    """Return a string, or the last part of a symbol; "" where there is none."""
    if name not in op.attributes:
        return ""
    value = op.attributes[name]
    if isinstance(value, ir.StringAttr):
        return value.value
    return _leaf(value)


def _leaf(symbol: Any) -> str:
    value = symbol.value
    return value if isinstance(value, str) else str(value[-1])


def _number(op: Any, name: str) -> float:
    """Return a number; NaN where there is none."""
    value = op.attributes.get(name)
    return value.value if isinstance(value, ir.FloatAttr | ir.IntegerAttr) else math.nan


class Hardware:
    """What is known of a schedule's accelerator, from the schedule's IR."""

    def __init__(self, schedule: Schedule) -> None:
        body = schedule.module.body
        (self._target,) = _find(body, power.TargetOp, schedule.target)
        self._block = self._target.regions[0].blocks[0]
        self._schedule = schedule
        self.domains = tuple(map(self._domain, _find(self._block, power.DomainOp)))

    def _domain(self, op: Any) -> Domain:
        supply = _text(op, "supply")
        regulated = {
            _text(each, "sym_name")
            for each in _find(self._block, power.SupplyOp)
            if "regulated" in each.attributes
        }
        return Domain(
            _text(op, "sym_name"),
            supply if supply in regulated else "",
            op.attributes.get("law"),
            _number(op, "nominal_v"),
            _number(op, "frequency_hz"),
        )

    @property
    def supplies(self) -> dict[str, str]:
        """The regulated supply of each domain that is on one."""
        return {each.name: each.supply for each in self.domains if each.supply}

    def limits(self, supply: str) -> dict[str, float]:
        """Return the most that may be drawn of a supply, where that is said."""
        found = {}
        for op in _find(self._block, power.SupplyOp, supply):
            for name in ("maximum_power_w", "maximum_current_a"):
                if not math.isnan(_number(op, name)):
                    found[name] = _number(op, name)
        return found

    def memories(self) -> tuple[Memory, ...]:
        """Return the target's memories, with what is powered in each layer."""
        powered = self._powered_banks()
        count = len(self._schedule.layers)
        return tuple(
            Memory(
                name := _text(op, "sym_name"),
                _text(op, "domain"),
                int(_number(op, "bank_bytes")),
                None if math.isnan(banks := _number(op, "banks")) else banks,
                tuple(powered.get(name, [None] * count)),
            )
            for op in _find(self._block, power.MemoryOp)
        )

    def _powered_banks(self) -> dict[str, list[float | None]]:
        """Return by memory and layer how many banks the power manager has powered."""
        found: dict[str, list[float | None]] = {}
        now: dict[str, float] = {}
        layers = 0
        for op in self.function_block():
            if isinstance(op, power.GateBanksOp):
                memories: Any = op.attributes["memories"]
                powered: Any = op.attributes["powered"]
                names = map(_leaf, memories)
                numbers = (number.value for number in powered)
                now.update(zip(names, numbers, strict=True))
            elif isinstance(op, power.LayerOp):
                for name, number in now.items():
                    found.setdefault(name, [None] * layers).append(number)
                layers += 1
        return found

    def function_block(self) -> Any:
        for op in self._schedule.module.body:
            if _text(op, "sym_name") == self._schedule.function and op.regions:
                return op.regions[0].blocks[0]
        raise ValueError(f"expected a function @{self._schedule.function} in the IR")

    def remarks(self) -> list["Remark"]:
        """Return what the built-in target of that name says of itself."""
        return read_remarks(power.builtin_targets().get(self._schedule.target, ""))

    def is_changed(self) -> bool:
        """Whether the target is not the built-in one of that name as it comes."""
        text = power.builtin_targets().get(self._schedule.target)
        if text is None:
            return False
        module = ir.Module.parse(text, self._target.operation.context)
        (original,) = _find(module.body, power.TargetOp)
        return str(original) != str(self._target)


@dataclass(frozen=True)
class Remark:
    """What a target's file says in a comment.

    Attributes
    ----------
    kind : {"known", "assumed", "good for"}
        What the comment begins with.
    text : str
        The rest of it.
    code : str
        The line that it is about; "" of the whole target.
    """

    kind: str
    text: str
    code: str = ""


_REMARK = re.compile(r"\b(known|assumed|good for):\s*(.*)", re.IGNORECASE)
# Where a comment goes on to something else.
_NEXT = re.compile(r"\[\d+\]|[A-Z][\w ]*:")


def read_remarks(text: str) -> list[Remark]:
    """Return what comments of MLIR say is known or assumed.

    >>> read_remarks("// [1] so. assumed: that, and\\n// this.\\n  op a = 1,")
    [Remark(kind='assumed', text='that, and this.', code='op a = 1')]
    """
    found: list[Remark] = []
    # Comments that code is still to come for, and whether the last may go on.
    waiting: list[Remark] = []
    is_open = False
    for line in text.splitlines():
        code, slashes, comment = (part.strip() for part in line.partition("//"))
        if code:
            about = "" if code.startswith("power.target") else code.rstrip(",{ ")
            found += [replace(remark, code=about) for remark in waiting]
            waiting, is_open = [], False
        if not slashes:
            continue
        if remark := _REMARK.search(comment):
            waiting.append(Remark(remark[1].lower(), remark[2]))
            is_open = True
        elif is_open and comment and not _NEXT.match(comment):
            waiting[-1] = replace(waiting[-1], text=f"{waiting[-1].text} {comment}")
        else:
            is_open = False
    return found
