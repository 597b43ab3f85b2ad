# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a target's text to what it declares.

What makes no difference to a problem whose layers bring tables is read and left out:
clocks, leakage, the sizes of memories, cost models, registers. What would make one that
no table tells of is refused, and so is what isn't known.
"""

import itertools
import math
import re

import numpy as np

from .target import (
    Change,
    Converter,
    Corner,
    Cost,
    Domain,
    Exclusion,
    IdleState,
    Memory,
    SleepState,
    Supply,
    Target,
)
from .text import NUMBER, NUMBERS, SYMBOL, Reader, Words

# ---------------------------------------------------------------------------
# Attributes
# ---------------------------------------------------------------------------

CONVERTER = re.compile(
    rf"#power\.converter<fixed_loss_w = {NUMBER}, proportional_loss = {NUMBER}, "
    rf"resistance_ohm = {NUMBER}>"
)
EFFICIENCIES = re.compile(
    rf"#power\.efficiency_table<voltage_v = {NUMBERS}, efficiency = {NUMBERS}>"
)
FREQUENCIES = re.compile(
    rf"#power\.frequency_table<voltage_v = {NUMBERS}, frequency_hz = {NUMBERS}>"
)
POLYNOMIAL = re.compile(
    rf"#power\.delay_polynomial<coefficients = {NUMBERS}, minimum_v = {NUMBER}, "
    rf"maximum_v = {NUMBER}>"
)


def _converter(words: Words) -> Converter:
    text, reader, index = words.attribute(), words.reader, words.index
    if match := CONVERTER.fullmatch(text):
        fixed_w, proportional, ohm = (
            reader.number(value, index) for value in match.groups()
        )
        return Converter(fixed_w, proportional, ohm)
    if match := EFFICIENCIES.fullmatch(text):
        voltage_v, efficiency = (
            reader.numbers(values, index) for values in match.groups()
        )
        rises = all(a < b for a, b in itertools.pairwise(voltage_v))
        if len(voltage_v) == len(efficiency) and rises and min(efficiency) > 0:
            return Converter(voltage_v=voltage_v, efficiency=efficiency)
    raise reader.refused(
        index,
        "expects #power.converter or #power.efficiency_table, whose losses are known, "
        f"but got {text[:40]!a}",
    )


def _law(words: Words) -> tuple[float, float]:
    """Return the voltages between which a law holds."""
    text, reader, index = words.attribute(), words.reader, words.index
    if match := FREQUENCIES.fullmatch(text):
        voltage_v = reader.numbers(match[1], index)
        return voltage_v[0], voltage_v[-1]
    if match := POLYNOMIAL.fullmatch(text):
        return reader.number(match[2], index), reader.number(match[3], index)
    raise reader.refused(
        index,
        "expects #power.frequency_table or #power.delay_polynomial, whose range is "
        f"known, but got {text[:40]!a}",
    )


# ---------------------------------------------------------------------------
# Declarations
# ---------------------------------------------------------------------------

HEADER = {
    "levels_v": Words.numbers,
    "max_rails": Words.whole,
    "awake_power_w": Words.number,
    "rail_power_w": Words.number,
    "maximum_power_w": Words.number,
    "dispatch_time_s": Words.number,
    "margin": Words.number,
    "temperature_c": Words.signed,
    "overlapping_ramps": Words.flag,
    "gating": Words.attribute,
    "cost_model": Words.attribute,
    "{": Words.flag,
}
SUPPLY = {
    "selected": Words.flag,
    "regulated": Words.flag,
    "slew_v_per_s": Words.positive,
    "settle_time_s": Words.number,
    "output_f": Words.number,
    "converter": _converter,
    "maximum_power_w": Words.number,
    "maximum_current_a": Words.number,
}
DOMAIN = {
    "on": Words.symbol,
    "clock": Words.symbol,
    "nominal_v": Words.number,
    "minimum_v": Words.number,
    "maximum_v": Words.number,
    "frequency_hz": Words.number,
    "law": _law,
    "leakage_w": Words.number,
    "leakage_law": Words.attribute,
}
MEMORY = {
    "in": Words.symbol,
    "bank_bytes": Words.whole,
    "bank_leakage_w": Words.number,
    "banks": Words.whole,
    "minimum_v": Words.number,
    "volatile": Words.flag,
    "bank_retention_w": Words.number,
    "nonvolatile": Words.flag,
    "reload_energy_j": Words.number,
    "reload_time_s": Words.number,
    "wake_energy_j": Words.number,
    "wake_time_s": Words.number,
}
MODE = {
    "of": Words.symbol,
    "frequency_factor": Words.number,
    "dynamic_factor": Words.number,
    "leakage_factor": Words.number,
    "energy_j": Words.number,
    "time_s": Words.number,
}
ENGINE = {
    "cost_model": Words.attribute,
    "handover_energy_j": Words.number,
    "handover_time_s": Words.number,
}
OVERHEAD = ("entry_energy_j", "entry_time_s", "exit_energy_j", "exit_time_s")


def read_header(reader: Reader, index: int) -> Target:
    """Read the first line of a target."""
    words = Words(reader, index)
    name = words.symbol()
    found = words.read(HEADER, ("levels_v", "max_rails", "{"))
    gating = found.pop("gating", "<none>")
    for unneeded in ("temperature_c", "cost_model", "{"):
        found.pop(unneeded, None)
    return Target(name, index, gates=gating != "<none>", **found)


def _symbol(words: Words, target: Target) -> str:
    name = words.symbol()
    if name in target.symbols:
        raise words.reader.refused(words.index, f"expects {name!a} once")
    target.symbols.add(name)
    return name


def _read_supply(words: Words, target: Target) -> None:
    name = _symbol(words, target)
    found = words.read(SUPPLY)
    for limit in ("maximum_power_w", "maximum_current_a"):
        if limit in found:
            raise words.reader.refused(
                words.index,
                f"expects no {limit} of a supply: of which domain's power it is, "
                "tables of layers do not tell",
            )
    is_regulated = "regulated" in found
    if is_regulated == ("selected" in found):
        words.refuse("either selected or regulated")
    if is_regulated != ({"slew_v_per_s", "settle_time_s"} <= found.keys()):
        words.refuse("slew_v_per_s and settle_time_s where it is regulated")
    target.supplies[name] = Supply(
        name,
        is_regulated,
        found.get("slew_v_per_s", math.inf),
        found.get("settle_time_s", 0.0),
        found.get("output_f"),
        found.get("converter", Converter()),
    )


def _read_clock(words: Words, target: Target) -> None:
    _symbol(words, target)
    words.read({"frequencies_hz": Words.numbers, "reference_hz": Words.number})


def _read_domain(words: Words, target: Target) -> None:
    name = _symbol(words, target)
    found = words.read(DOMAIN, ("nominal_v",))
    low, high = found.get("law", (0.0, math.inf))
    target.domains.append(
        Domain(
            name,
            found.get("on"),
            max(low, found.get("minimum_v", low)),
            min(high, found.get("maximum_v", high)),
        )
    )


def _read_memory(words: Words, target: Target) -> None:
    _symbol(words, target)
    found = words.read(MEMORY, ("in", "bank_bytes", "bank_leakage_w"))
    costs = (found.get("wake_energy_j", 0.0), found.get("wake_time_s", 0.0))
    target.memories.append(Memory(found["in"], found.get("minimum_v", 0.0), any(costs)))


def _read_mode(words: Words, target: Target) -> None:
    name = _symbol(words, target)
    found = words.read(MODE, ("of", "energy_j", "time_s"))
    target.modes.append(Change(name, found["of"], found["energy_j"], found["time_s"]))


def _read_engine(words: Words, target: Target) -> None:
    name = _symbol(words, target)
    found = words.read(ENGINE, tuple(ENGINE))
    energy_j, time_s = found["handover_energy_j"], found["handover_time_s"]
    target.engines.append(Change(name, None, energy_j, time_s))


def _read_exclusion(words: Words, target: Target) -> None:
    domains = words.symbols()
    voltages_v = words.read({"at": Words.rows}, ("at",))["at"]
    if len(domains) != len(voltages_v):
        words.refuse("voltages for each domain")
    target.exclusions.append(Exclusion(domains, voltages_v))


def _cost(words: Words, target: Target, found: float | list[list[float]]) -> Cost:
    """Return what it costs to get from level to level."""
    if not isinstance(found, list):
        return found
    size = len(target.levels_v)
    if [len(row) for row in found] != [size] * size:
        raise words.reader.refused(
            words.index, f"expects a matrix of {size} by {size} numbers"
        )
    return np.array(found)


def _read_transition(words: Words, target: Target) -> None:
    kinds = {
        "of": Words.symbol,
        "energy_j": Words.number_or_rows,
        "time_s": Words.number_or_rows,
    }
    found = words.read(kinds, ("energy_j", "time_s"))
    domain = found.get("of")
    if domain in target.transitions:
        raise words.reader.refused(words.index, "expects one transition of its domain")
    target.transitions[domain] = (
        _cost(words, target, found["energy_j"]),
        _cost(words, target, found["time_s"]),
    )


def _read_idle_state(words: Words, target: Target) -> None:
    _symbol(words, target)
    kinds = {"voltages_v": Words.numbers, "power_w": Words.number}
    found = words.read(kinds, tuple(kinds))
    target.idle_states.append(
        IdleState(found["voltages_v"], found["power_w"], words.index)
    )


def _read_sleep_state(words: Words, target: Target) -> None:
    _symbol(words, target)
    found = words.read(dict.fromkeys(("power_w", *OVERHEAD), Words.number), ["power_w"])
    overhead = None
    if found.keys() & set(OVERHEAD):
        if not found.keys() >= set(OVERHEAD):
            words.refuse("all of entry and exit")
        entry_j, entry_s, exit_j, exit_s = (found[name] for name in OVERHEAD)
        overhead = (entry_j + exit_j, entry_s + exit_s)
    target.sleep_states.append(SleepState(found["power_w"], overhead))


def _read_corner(words: Words, target: Target) -> None:
    name = _symbol(words, target)
    kinds = {
        "speed": Words.positive,
        "leakage": Words.number,
        "weight": Words.number,
    }
    found = words.read(kinds, tuple(kinds))
    target.corners[name] = Corner(**found)


DECLARATIONS = {
    "power.supply": _read_supply,
    "power.clock": _read_clock,
    "power.domain": _read_domain,
    "power.mode": _read_mode,
    "power.exclude": _read_exclusion,
    "power.memory": _read_memory,
    "power.engine": _read_engine,
    "power.transition": _read_transition,
    "power.idle_state": _read_idle_state,
    "power.sleep_state": _read_sleep_state,
    "power.corner": _read_corner,
}
# How it is told what to do makes no difference to what that costs.
REGISTER_MAP = re.compile(r"power\.register_map (?:.* )?\{")
FIELD = re.compile(r"power\.field .*")


def _read_declaration(reader: Reader, index: int, target: Target) -> None:
    """Read a line of a target's body."""
    line = reader.lines[index].strip()
    read = DECLARATIONS.get(line.partition(" ")[0])
    if not read:
        raise reader.refused(
            index,
            "expects a domain, memory, transition, sleep state or another declaration "
            f"of the target, but got {line[:40]!a}",
        )
    read(Words(reader, index), target)


# ---------------------------------------------------------------------------
# The whole
# ---------------------------------------------------------------------------


def _check_names(reader: Reader, target: Target) -> None:
    """Check that what is named is there."""
    domains = {domain.name for domain in target.domains}
    named = [
        *(memory.domain for memory in target.memories),
        *(mode.domain for mode in target.modes),
        *(domain for domain in target.transitions if domain is not None),
        *(name for exclusion in target.exclusions for name in exclusion.domains),
    ]
    supplies = [d.supply for d in target.domains if d.supply is not None]
    for names, known, what in (
        (named, domains, "domain"),
        (supplies, target.supplies, "supply"),
    ):
        for name in names:
            if name not in known:
                raise reader.refused(target.line, f"expects {what} {name!a} in it")
    if not domains:
        raise reader.refused(target.line, "expects a domain in the target")


def _check_tables(reader: Reader, target: Target) -> None:
    """Check that tables of layers tell all that a problem depends on."""
    if target.gates and any(memory.has_wake_costs for memory in target.memories):
        raise reader.refused(
            target.line,
            "expects no memory that costs something to wake and is gated: how many "
            "banks a layer needs, tables of layers do not tell",
        )


def read_target(reader: Reader, name: str, used_at: int) -> Target:
    """Return the target of a name, which a line of the module uses."""
    found = [
        index
        for index, line in enumerate(reader.lines)
        if (match := re.match(rf" *power\.target {SYMBOL}", line))
        and reader.symbol(match[1], index) == name
    ]
    if len(found) != 1:
        raise reader.refused(
            used_at, f"expects target {name!a} in the module once, but got {len(found)}"
        )
    target = read_header(reader, found[0])
    end_of_registers = 0
    for index in range(found[0] + 1, reader.find_end(found[0], "the target")):
        line = reader.lines[index].strip()
        if index <= end_of_registers:
            if index < end_of_registers and not FIELD.fullmatch(line):
                raise reader.refused(index, "expects a field of a register")
        elif REGISTER_MAP.fullmatch(line):
            end_of_registers = reader.find_end(index, "the register map")
        elif line:
            _read_declaration(reader, index, target)
    _check_names(reader, target)
    _check_tables(reader, target)
    return target
