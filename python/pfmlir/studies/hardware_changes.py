# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Other hardware: changes of a target's declarations that an architect may ask for.

Each change is a function of a target's operation, which it edits; what it makes is told
by the text of the target.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from .. import ir
from ..dialects import power
from ..errors import CompilationError
from ..modules import parse_text

Edit = Callable[[power.TargetOp], None]
# In words, and what does it.
HardwareChange = tuple[str, Edit]

# Leakage, awake power and margins are known to within about this.
UNCERTAINTY = 0.1


def _name(op: ir.OpView) -> str:
    return ir.StringAttr(op.attributes["sym_name"]).value


def _reference(op: ir.OpView, attribute: str) -> str | None:
    """Return the name that an operation refers to; None if it does not."""
    if attribute not in op.attributes:
        return None
    return ir.FlatSymbolRefAttr(op.attributes[attribute]).value


def _number(op: ir.OpView, attribute: str) -> float | None:
    if attribute not in op.attributes:
        return None
    return ir.FloatAttr(op.attributes[attribute]).value


def _set_number(op: ir.OpView, attribute: str, value: float) -> None:
    op.attributes[attribute] = ir.FloatAttr.get_f64(value)


def _only_target(module: ir.Module) -> power.TargetOp:
    return next(op for op in module.body.operations if isinstance(op, power.TargetOp))


def _find(target: power.TargetOp, kind: type | tuple[type, ...]) -> list[ir.OpView]:
    return [op for op in target.block if isinstance(op, kind)]


def _declared(target: power.TargetOp, name: str) -> ir.OpView:
    return next(
        op for op in target.block if "sym_name" in op.attributes and _name(op) == name
    )


def _free_name(target: power.TargetOp, wanted: str) -> str:
    taken = {_name(op) for op in target.block if "sym_name" in op.attributes}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _values(target: power.TargetOp) -> dict[str, ir.Attribute]:
    """Return the attributes of a target and what it declares, by path.

    A declaration without a name goes by its position, which is no path.
    """
    found = {}
    for position, op in enumerate([target, *target.block]):
        prefix = "target."
        if op is not target:
            name = _name(op) if "sym_name" in op.attributes else f"#{position}"
            prefix += f"{op.operation.name.removeprefix('power.')}.{name}."
        for attribute in op.attributes:
            found[f"{prefix}{attribute}"] = op.attributes[attribute]
    return found


def _numbers_changed(
    before: Mapping[str, ir.Attribute], after: Mapping[str, ir.Attribute]
) -> dict[str, float | int] | None:
    """Return the numbers that changed, by path; None if anything else did."""
    if before.keys() != after.keys():
        return None
    changed: dict[str, float | int] = {}
    for path, value in after.items():
        if value == before[path]:
            continue
        if not isinstance(value, ir.FloatAttr | ir.IntegerAttr):
            return None
        changed[path] = value.value
    return changed


def change_target(
    text: str, edit: Edit, context: ir.Context
) -> tuple[str, dict[str, float | int] | None] | None:
    """Return a target's text after an edit; None where it is no target then.

    And the numbers that changed, by the paths of `parameters`, if nothing else did.
    """
    with context, ir.Location.unknown():
        module = parse_text(text, context, "the target")
        target = _only_target(module)
        before = _values(target)
        try:
            edit(target)
            module.operation.verify()
        except (ir.MLIRError, CompilationError):
            return None
        return f"{target}\n", _numbers_changed(before, _values(target))


def _insert(target: power.TargetOp, declaration: str) -> None:
    """Put a declaration, in MLIR text, before all others of a target."""
    levels = ", ".join(str(ir.FloatAttr(level).value) for level in target.levels_v)
    names = {_name(op) for op in _find(target, power.DomainOp)}
    # A declaration is parsed beside the domains that it may speak of.
    domains = "\n".join(f"power.domain @{name} nominal_v 1.0" for name in names)
    text = (
        f"power.target @scratch levels_v [{levels}] max_rails 1 "
        f"{{\n{domains}\n{declaration}\n}}"
    )
    scratch = parse_text(text, target.context, "the declaration")
    made = list(_only_target(scratch).block)[-1]
    made.operation.clone(ip=ir.InsertionPoint.at_block_begin(target.block))


# -- Clocks ----------------------------------------------------------------------------


def _share_clock(first: str, second: str) -> Edit:
    def edit(target: power.TargetOp) -> None:
        name = _free_name(target, "shared")
        _insert(target, f"power.clock @{name}")
        for domain in (first, second):
            op = _declared(target, domain)
            op.attributes["clock"] = ir.FlatSymbolRefAttr.get(name)

    return edit


def _own_clock(domain: str) -> Edit:
    def edit(target: power.TargetOp) -> None:
        del _declared(target, domain).attributes["clock"]

    return edit


def _clocks(target: power.TargetOp) -> Iterator[HardwareChange]:
    clocked = [
        op for op in _find(target, power.DomainOp) if "frequency_hz" in op.attributes
    ]
    for first, second in combinations(clocked, 2):
        if "clock" in first.attributes or "clock" in second.attributes:
            continue
        names = _name(first), _name(second)
        yield f"one clock for {names[0]} and {names[1]}", _share_clock(*names)
    for op in clocked:
        if "clock" in op.attributes:
            yield f"a clock of its own for {_name(op)}", _own_clock(_name(op))


# -- Supplies --------------------------------------------------------------------------


def _together(first: str, second: str) -> Edit:
    """Two domains at one voltage: all pairs of others are excluded."""

    def edit(target: power.TargetOp) -> None:
        levels = [ir.FloatAttr(level).value for level in target.levels_v]
        for level in levels:
            others = ", ".join(str(other) for other in levels if other != level)
            if others:
                _insert(
                    target,
                    f"power.exclude [@{first}, @{second}] at [[{level}], [{others}]]",
                )

    return edit


def _apart(domain: str) -> Edit:
    """Give a domain on a shared regulated supply one like it, of its own."""

    def edit(target: power.TargetOp) -> None:
        op = _declared(target, domain)
        supply = _declared(target, _reference(op, "supply") or "")
        copy = supply.operation.clone(ip=ir.InsertionPoint.at_block_begin(target.block))
        name = _free_name(target, f"{_name(supply)}_of_{domain}")
        copy.attributes["sym_name"] = ir.StringAttr.get(name)
        op.attributes["supply"] = ir.FlatSymbolRefAttr.get(name)

    return edit


def _is_regulated(target: power.TargetOp, name: str | None) -> bool:
    return name is not None and "regulated" in _declared(target, name).attributes


def _supplies(target: power.TargetOp) -> Iterator[HardwareChange]:
    domains = _find(target, power.DomainOp)
    supply_of = {_name(op): _reference(op, "supply") for op in domains}
    for first, second in combinations(supply_of, 2):
        supplies = supply_of[first], supply_of[second]
        if supplies[0] != supplies[1] or not _is_regulated(target, supplies[0]):
            yield f"one voltage for {first} and {second}", _together(first, second)
    for name, supply in supply_of.items():
        shared = sum(other == supply for other in supply_of.values()) > 1
        if shared and _is_regulated(target, supply):
            yield f"a supply of its own for {name}", _apart(name)


# -- Numbers ---------------------------------------------------------------------------


def _scale(names: list[str], attributes: tuple[str, ...], factor: float) -> Edit:
    """Multiply numbers of some declarations, where they have them."""

    def edit(target: power.TargetOp) -> None:
        for name in names:
            op = _declared(target, name)
            for attribute in attributes:
                value = _number(op, attribute)
                if value is not None:
                    _set_number(op, attribute, factor * value)

    return edit


def _regulators(target: power.TargetOp) -> Iterator[HardwareChange]:
    for op in _find(target, power.SupplyOp):
        if "regulated" not in op.attributes:
            continue
        name = _name(op)
        yield f"{name} ramps twice as fast", _scale([name], ("slew_v_per_s",), 2.0)
        settling = _scale([name], ("settle_time_s",), 0.5)
        yield f"{name} settles in half the time", settling


def _resize_banks(name: str, factor: float) -> Edit:
    """Give a memory banks of another size; it stays as large, and leaks as much."""

    def edit(target: power.TargetOp) -> None:
        op = _declared(target, name)
        size = ir.IntegerAttr(op.attributes["bank_bytes"]).value
        if int(size * factor) < 1:
            raise CompilationError("no bank is as small")
        integer = ir.IntegerType.get_signless(64)
        op.attributes["bank_bytes"] = ir.IntegerAttr.get(integer, int(size * factor))
        for attribute in ("bank_leakage_w", "bank_retention_w", "wake_energy_j"):
            value = _number(op, attribute)
            if value is not None:
                _set_number(op, attribute, value * factor)
        if "banks" in op.attributes:
            banks = ir.IntegerAttr(op.attributes["banks"]).value
            if banks % factor > 0 and factor > 1:
                raise CompilationError("its banks can't be paired")
            op.attributes["banks"] = ir.IntegerAttr.get(integer, int(banks / factor))

    return edit


def _lower(name: str) -> Edit:
    """Let a memory work at the next level below its lowest voltage."""

    def edit(target: power.TargetOp) -> None:
        op = _declared(target, name)
        lowest = _number(op, "minimum_v") or 0.0
        levels = [ir.FloatAttr(level).value for level in target.levels_v]
        below = [level for level in levels if level < lowest]
        if not below:
            raise CompilationError("there is no level below")
        _set_number(op, "minimum_v", max(below))

    return edit


def _memories(target: power.TargetOp) -> Iterator[HardwareChange]:
    for op in _find(target, power.MemoryOp):
        name = _name(op)
        yield f"banks of {name} of half the size", _resize_banks(name, 0.5)
        yield f"banks of {name} of twice the size", _resize_banks(name, 2.0)
        if "minimum_v" in op.attributes:
            yield f"{name} works one level lower", _lower(name)


def _scale_target(attribute: str, factor: float) -> Edit:
    def edit(target: power.TargetOp) -> None:
        value = _number(target, attribute)
        assert value is not None
        _set_number(target, attribute, factor * value)

    return edit


def _uncertainties(target: power.TargetOp) -> Iterator[HardwareChange]:
    leaking = [_name(op) for op in _find(target, (power.DomainOp, power.MemoryOp))]
    attributes = ("leakage_w", "bank_leakage_w")
    for sign, words in ((1, "more"), (-1, "less")):
        factor = 1 + sign * UNCERTAINTY
        percent = f"{100 * UNCERTAINTY:g} %"
        yield f"{percent} {words} leakage", _scale(leaking, attributes, factor)
        for attribute, what in (
            ("awake_power_w", "power while awake"),
            ("margin", "margin"),
        ):
            if _number(target, attribute):
                yield f"{percent} {words} {what}", _scale_target(attribute, factor)


def hardware_changes(target: power.TargetOp) -> Iterator[HardwareChange]:
    """Return the changes of a target's hardware that can be asked for."""
    for part in (_clocks, _supplies, _regulators, _memories, _uncertainties):
        yield from part(target)
