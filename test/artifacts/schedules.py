# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a scheduled module says that its artifacts must say: read off printed IR.

Nothing here is shared with the compiler, which makes the artifacts.
"""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYMBOL = r"@[\w.]+(?:::@[\w.]+)?"


@dataclass
class Field:
    """A field of the register map, and what it is called in a target."""

    kind: str
    of: str
    function: str = ""
    argument: int | None = None
    offset: int = 0
    shift: int = 0
    width: int = 32
    value: int = 0
    per_bank: int = 1


@dataclass
class Schedule:
    """A target's registers, and what the power manager does with them."""

    base: int
    fields: list[Field]
    codes: dict[float, int]
    regulated: dict[str, str]
    modes: list[str]
    engines: list[str]
    tails: list[str]
    # Each operation as a list of (kind, of, code), or ("layer", its number).
    operations: list[list[tuple[str, str, int]]]

    def field(self, kind: str, of: str = "") -> Field | None:
        """Return what is written or read; nothing if there is none."""
        found = [f for f in self.fields if (f.kind, f.of) == (kind, of)]
        return found[0] if found else None


def leaf(symbol: str) -> str:
    """Return the last part of a symbol's name."""
    return symbol.rsplit("@", 1)[1]


def pairs(line: str) -> list[tuple[str, float]]:
    """Return the symbols and the numbers of an operation with a list of each."""
    names, numbers = re.findall(r"\[([^\]]*)\]", line)
    symbols = [leaf(name) for name in re.findall(SYMBOL, names)]
    return list(zip(symbols, map(float, numbers.split(",")), strict=True))


def read_field(line: str) -> Field:
    """Read a line that declares one."""
    kind, of, rest = re.fullmatch(
        r"power\.field (\w+)(?: of @(\w+))?(.*)", line
    ).groups()
    words = dict(re.findall(r"(\w+) \"?(\w+)\"?", rest))
    function = words.pop("function", "")
    return Field(kind, of or "", function, **{k: int(v) for k, v in words.items()})


def read(text: str) -> Schedule:
    """Read a scheduled module."""
    lines = [line.strip() for line in text.splitlines()]
    head = next(line for line in lines if line.startswith("power.register_map"))
    base = re.search(r"base (\d+)", head)
    levels, codes = re.findall(r"\[([^\]]*)\]", head)
    schedule = Schedule(
        int(base[1]) if base else 0,
        [read_field(line) for line in lines if line.startswith("power.field")],
        dict(
            zip(map(float, levels.split(",")), map(int, codes.split(",")), strict=True)
        ),
        dict(re.findall(r"power\.domain @(\w+) on @(\w+)", text)),
        re.findall(r"power\.mode @(\w+)", text),
        re.findall(r"power\.engine @(\w+)", text),
        re.findall(r"power\.idle_state @(\w+)", text)
        + re.findall(r"power\.sleep_state @(\w+)", text),
        [],
    )
    numbers = iter(range(len(lines)))
    for line in lines:
        if operation := read_operation(schedule, line, numbers):
            schedule.operations.append(operation)
    return schedule


def read_operation(schedule, line, numbers):
    """Read what the power manager does in one operation; nothing of others."""
    if line.startswith("power.set_state"):
        return [
            ("rail", schedule.regulated.get(domain, domain), schedule.codes[voltage])
            for domain, voltage in pairs(line)
        ]
    if line.startswith("power.gate_banks"):
        codes = []
        for memory, banks in pairs(line):
            code = banks * schedule.field("banks", memory).per_bank
            assert code == int(code)
            codes.append(("banks", memory, int(code)))
        return codes
    if line.startswith("power.set_mode"):
        domain, mode = re.fullmatch(
            rf"power\.set_mode of ({SYMBOL})(?: to ({SYMBOL}))?", line
        ).groups()
        code = 1 + schedule.modes.index(leaf(mode)) if mode else 0
        return [("mode", leaf(domain), code)]
    if line.startswith("power.hand_over"):
        engine = re.search(SYMBOL, line)
        code = 1 + schedule.engines.index(leaf(engine[0])) if engine else 0
        return [("engine", "", code)]
    if "power.layer" in line:
        return [("layer", "", next(numbers))]
    if line.startswith(("power.sleep @", "power.idle ")):
        state = re.search(SYMBOL, line)
        code = 1 + schedule.tails.index(leaf(state[0])) if state else 0
        return [("tail", "", code)]
    return None


def translate(path: str, form: str) -> str:
    """Return what pf-translate makes of a scheduled module."""
    return subprocess.run(
        ["pf-translate", f"--power-to-{form}", path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def load(path: str) -> tuple[Schedule, dict]:
    """Return a scheduled module as read here, and as its JSON has it."""
    return read(Path(path).read_text()), json.loads(translate(path, "json"))
