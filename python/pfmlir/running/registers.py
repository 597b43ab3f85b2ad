# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Registers of a power manager, as a target's register map has them."""

from dataclasses import dataclass
from typing import Any

from .. import ir
from ..dialects import power


@dataclass(frozen=True, eq=False)
class Field:
    """Bits of a register, or a function's code.

    Attributes
    ----------
    kind : str
        As in the register map: "rail", "banks", "start", ...
    of : str
        The domain, supply or memory; "" for none.
    shift, width : int
        Its lowest bit, and how many it has.
    per_bank : int
        Of "banks", what a bank counts.
    value : int
        Of "ready" and "done", what is waited for.
    codes : dict of int to float
        Of "rail", the voltage of each code, in volts.
    """

    kind: str
    of: str
    shift: int
    width: int
    per_bank: int
    value: int
    codes: dict[int, float]

    @property
    def name(self) -> str:
        """What a write's name has of it."""
        return f"{self.kind} of {self.of}" if self.of else self.kind

    @property
    def is_read(self) -> bool:
        """Whether it is for reading only."""
        return self.kind in ("ready", "done", "timer")

    @property
    def is_command(self) -> bool:
        """Whether it is written once, and not kept."""
        return self.kind in ("start", "finish", "tail")

    @property
    def mask(self) -> int:
        """As many ones as it has bits."""
        return (1 << self.width) - 1

    def read(self, value: int) -> int:
        """Return its bits of a register's value."""
        return (value >> self.shift) & self.mask


@dataclass(frozen=True)
class Register:
    """A register, or a function in its place.

    Attributes
    ----------
    place : str
        Its address, as in "0x40000004", or the function, with its argument where it
        has one: `Write.register`.
    address : int or None
        The same as a number; None of a function.
    bits : int
        How many it has.
    fields : tuple of Field
        In the order of the map.
    """

    place: str
    address: int | None
    bits: int
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The names of all its fields: `Write.name`."""
        return ", ".join(field.name for field in self.fields)

    @property
    def is_command(self) -> bool:
        """Whether it is written once, and not kept."""
        return self.fields[0].is_command

    @property
    def is_kept(self) -> bool:
        """Whether it keeps what is written to it."""
        return not any(field.is_command or field.is_read for field in self.fields)


# Of functions, what a code can have.
FUNCTION_BITS = 32


def read_registers(module: ir.Module) -> dict[str, Register]:
    """Return the registers of a module's target by their places, in the map's order.

    Raises
    ------
    ValueError
        Its target has no register map, or there is not one target.
    """
    targets = [op for op in module.body.operations if isinstance(op, power.TargetOp)]
    if len(targets) != 1:
        raise ValueError(f"expected a module with one target, but got {len(targets)}")
    return registers_of(targets[0])


def find_register_map(target: power.TargetOp) -> power.RegisterMapOp:
    """Return what a target says of its power manager, or raise ValueError."""
    for op in target.block.operations:
        if isinstance(op, power.RegisterMapOp):
            return op
    raise ValueError(
        f"target @{target.sym_name.value}: expected a power.register_map, but it has "
        "none"
    )


def registers_of(target: power.TargetOp) -> dict[str, Register]:
    """Return a target's registers by their places."""
    register_map = find_register_map(target)
    shared = _read_codes(register_map)
    bits = register_map.register_bits.value if register_map.register_bits else 32
    registers: dict[str, Register] = {}
    for op in register_map.block.operations:
        if not isinstance(op, power.FieldOp):
            continue
        field = _read_field(op, shared)
        place, address = _find_place(op, register_map)
        known = registers.get(place)
        registers[place] = Register(
            place,
            address,
            FUNCTION_BITS if address is None else bits,
            (*known.fields, field) if known else (field,),
        )
    return registers


def _read_codes(op: power.RegisterMapOp | power.FieldOp) -> dict[int, float]:
    """Return the voltage of each code of a map or of a field."""
    if op.levels_v is None or op.codes is None:
        return {}
    levels_v = [ir.FloatAttr(level).value for level in op.levels_v]
    return dict(zip(op.codes, levels_v, strict=True))


def _read_field(op: Any, shared_codes: dict[int, float]) -> Field:
    kind = power.FIELD_KINDS[op.kind.value]
    return Field(
        kind,
        op.of.value if op.of else "",
        op.shift.value if op.shift else 0,
        op.width.value if op.width else FUNCTION_BITS,
        op.per_bank.value if op.per_bank else 1,
        op.value.value if op.value else 0,
        (_read_codes(op) or shared_codes) if kind == "rail" else {},
    )


def _find_place(op: Any, register_map: power.RegisterMapOp) -> tuple[str, int | None]:
    if op.function is not None:
        function = op.function.value
        return (f"{function}({op.argument.value})" if op.argument else function), None
    # One without a function has both, which the verifier sees to.
    assert register_map.base is not None
    address = register_map.base.value + op.offset.value
    return f"{address:#x}", address
