# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From IR, as the compiler prints it, to the problem that it states.

What is read is a function, the target that it runs on, and the tables of its layers,
each operation on a line of its own. What a target says besides is refused, as it might
make another problem; all other operations do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .problem import Problem, RefusedError
from .values import MOST, decode

# Voltages that are nearer than this are the same level.
SAME_LEVEL_V = 1e-9

NUMBER = r"(-?[0-9][0-9.eE+-]*)"
# One number, or rows of them.
COST = r"(-?[0-9][0-9.eE+-]*|\[\[[0-9.eE+\-, \[\]]*\]\])"
STRING = r'"(?:[^"\\]|\\.)*"'
SYMBOL = rf"@([A-Za-z0-9_.$-]+|{STRING})"

TARGET = re.compile(
    rf"power\.target {SYMBOL} levels_v \[([^\]]*)\] max_rails ([0-9]{{1,18}})(.*)"
)
DOMAIN = re.compile(rf"power\.domain {SYMBOL} nominal_v .*")
MEMORY = re.compile(r"power\.memory .*")
# How it is told what to do makes no difference to what that costs.
REGISTER_MAP = re.compile(r"power\.register_map (?:.* )?\{")
FIELD = re.compile(r"power\.field .*")
TRANSITION = re.compile(
    rf"power\.transition (?:of {SYMBOL} )?energy_j {COST} time_s {COST}"
)
SLEEP_STATE = re.compile(
    rf"power\.sleep_state {SYMBOL} power_w {NUMBER}"
    rf"(?: entry_energy_j {NUMBER} entry_time_s {NUMBER}"
    rf" exit_energy_j {NUMBER} exit_time_s {NUMBER})?"
)
FUNCTION = re.compile(rf'( *)[^@"]*{SYMBOL}.*\bpower\.target = {SYMBOL}.*\{{')
PERIOD = re.compile(rf"\bpower\.period_s = {NUMBER} : f64")
LAYER = re.compile(rf" *(?:%\S+ = )?power\.layer ({STRING})(.*)")
STATE = re.compile(r"\[([^\]]*)\] -> (\S+) J, (\S+) s, (\S+) W")
PROBABILITY = re.compile(rf" probability {NUMBER}")
TABLE = re.compile(r" costs <((?:\[[^\]]*\] -> \S+ J, \S+ s, \S+ W(?:, )?)+)>")

# A cost of changes of level: one number for all of them, or a matrix.
Cost = float | np.ndarray


@dataclass
class _Target:
    """What is read of a target."""

    name: str
    levels_v: list[float]
    max_rails: int
    domains: list[str] = field(default_factory=list)
    # By domain, or of all others: joules and seconds.
    transitions: dict[str | None, tuple[Cost, Cost]] = field(default_factory=dict)
    # Watts; and where they are said, joules and seconds.
    sleeps: list[tuple[float, tuple[float, float] | None]] = field(default_factory=list)

    def transition(self, domain: str) -> tuple[Cost, Cost]:
        """Return what changes of a domain's level cost: its own, or all others'."""
        general = self.transitions.get(None, (0.0, 0.0))
        return self.transitions.get(domain, general)


@dataclass
class _Layer:
    name: str
    # None where it is that of the layer before.
    probability: float | None
    # By levels: joules, seconds, watts.
    states: dict[tuple[int, ...], tuple[float, float, float]]


def _without_comment(line: str) -> str:
    if "//" not in line:
        return line
    return re.sub(rf"({STRING})|//.*", lambda match: match[1] or "", line)


def _without_strings(line: str) -> str:
    """Return a line in which all strings are empty."""
    return re.sub(STRING, '""', line)


class _Reader:
    """Lines of a file, without comments and locations, and errors that name them."""

    def __init__(self, text: str, path: str) -> None:
        self.lines = [
            re.sub(r" loc\(#loc[0-9]*\)$", "", _without_comment(line))
            for line in text.split("\n")
        ]
        self.path = path

    def refused(self, index: int, message: str) -> RefusedError:
        return RefusedError(f"{self.path}, line {index + 1}: {message}")

    def number(self, text: str, index: int) -> float:
        """Return a number that a problem can have."""
        text = text.strip()
        try:
            value = float(text) if re.fullmatch(NUMBER, text) else np.nan
        except ValueError:
            value = np.nan
        if not 0 <= value <= MOST:
            raise self.refused(
                index,
                f"expects a number from 0 to {MOST:g}, but got {text[:40]!a}",
            )
        # Not minus zero.
        return value + 0.0

    def numbers(self, text: str, index: int) -> list[float]:
        return [self.number(part, index) for part in text.split(",")]

    def string(self, text: str, index: int) -> str:
        r"""Return what is in quotes, where \XX is a byte and \\ a backslash."""
        data = re.sub(
            rb"\\(?:\\|([0-9A-Fa-f]{2}))",
            lambda match: bytes.fromhex(match[1].decode()) if match[1] else b"\\",
            text[1:-1].encode(),
        )
        return decode(data, f"{self.path}, line {index + 1}")

    def symbol(self, text: str, index: int) -> str:
        return self.string(text, index) if text.startswith('"') else text


# ---------------------------------------------------------------------------
# The target
# ---------------------------------------------------------------------------


def _after_attribute(text: str) -> str:
    """Return what comes after an attribute in angle brackets."""
    depth = 0
    # Arrows of cost tables are no brackets.
    for position, character in enumerate(text.replace("->", "  ")):
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == ">" and depth == 0:
            return text[position + 1 :]
    return text


def _read_header(reader: _Reader, index: int) -> _Target:
    """Read the first line of a target."""
    match = TARGET.fullmatch(reader.lines[index].strip())
    if not match:
        raise reader.refused(index, "expects levels_v and max_rails of the target")
    symbol, levels, max_rails, rest = match.groups()
    rest = _without_strings(rest)
    # How it gates and prices is in the layers' tables.
    for attribute in (" gating <", " cost_model #"):
        if rest.startswith(attribute):
            rest = _after_attribute(rest)
    if rest != " {":
        raise reader.refused(
            index,
            f"expects gating and cost_model of the target only, but got {rest[:40]!a}",
        )
    levels_v = reader.numbers(levels, index)
    return _Target(reader.symbol(symbol, index), levels_v, int(max_rails))


def _read_cost(reader: _Reader, text: str, index: int, size: int) -> Cost:
    """Return what it costs to get from level to level."""
    if not text.startswith("["):
        return reader.number(text, index)
    rows = [reader.numbers(row, index) for row in re.findall(r"\[([^\[\]]*)\]", text)]
    if [len(row) for row in rows] != [size] * size:
        raise reader.refused(index, f"expects a matrix of {size} by {size} numbers")
    return np.array(rows)


def _read_declaration(reader: _Reader, index: int, target: _Target) -> None:
    """Read a line of a target's body."""
    line = reader.lines[index].strip()
    if match := DOMAIN.fullmatch(line):
        target.domains.append(reader.symbol(match[1], index))
    elif match := TRANSITION.fullmatch(line):
        domain = match[1] and reader.symbol(match[1], index)
        size = len(target.levels_v)
        target.transitions[domain] = (
            _read_cost(reader, match[2], index, size),
            _read_cost(reader, match[3], index, size),
        )
    elif match := SLEEP_STATE.fullmatch(line):
        _, power, *costs = match.groups()
        overhead = None
        if costs[0] is not None:
            entry_j, entry_s, exit_j, exit_s = (
                reader.number(cost, index) for cost in costs
            )
            overhead = (entry_j + exit_j, entry_s + exit_s)
        target.sleeps.append((reader.number(power, index), overhead))
    elif not MEMORY.fullmatch(line):
        raise reader.refused(
            index,
            "expects a domain, memory, transition or sleep state of the target, but "
            f"got {line[:40]!a}",
        )


def _read_targets(reader: _Reader) -> Iterator[_Target]:
    """Yield the targets of a module."""
    target = None
    in_registers = False
    for index, line in enumerate(reader.lines):
        if line.lstrip().startswith("power.target @"):
            target = _read_header(reader, index)
        elif in_registers and FIELD.fullmatch(line.strip()):
            continue
        elif in_registers and line.strip() == "}":
            in_registers = False
        elif target and REGISTER_MAP.fullmatch(line.strip()):
            in_registers = True
        elif target and line.strip() == "}":
            yield target
            target = None
        elif target and line.strip():
            _read_declaration(reader, index, target)


def _matrix(cost: Cost, size: int) -> np.ndarray:
    if isinstance(cost, np.ndarray):
        return cost
    return np.asarray(cost * (1 - np.eye(size)))


def _sleep_states(reader: _Reader, target: _Target) -> list[tuple[float, float, float]]:
    """Return watts, joules and seconds of sleep states."""
    states = []
    for power_w, overhead in target.sleeps:
        # By default every domain is switched off and on again.
        energy_j, time_s = overhead or (0.0, 0.0)
        for domain in target.domains if overhead is None else []:
            change_j, change_s = target.transition(domain)
            if not isinstance(change_j, float) or not isinstance(change_s, float):
                raise RefusedError(
                    f"{reader.path}: expects entry and exit costs of sleep states of "
                    f"target {target.name!a}, whose transitions have matrices"
                )
            # One after the other: rounding is part of the number.
            energy_j += 2 * change_j
            time_s += 2 * change_s
        states.append((power_w, energy_j, time_s))
    return states


# ---------------------------------------------------------------------------
# The function
# ---------------------------------------------------------------------------


def _find_function(reader: _Reader) -> tuple[int, int, re.Match[str]]:
    """Return first and last line of the function that runs on a target."""
    found = [
        (index, match)
        for index, line in enumerate(reader.lines)
        if "power.target = @" in line and (match := FUNCTION.fullmatch(line))
    ]
    if len(found) != 1:
        raise RefusedError(
            f"{reader.path}: expects one function with power.target, but got "
            f"{len(found)}; power-assign-target marks it"
        )
    ((begin, match),) = found
    for end in range(begin, len(reader.lines)):
        if reader.lines[end] == f"{match[1]}}}":
            return begin, end, match
    raise reader.refused(begin, "expects the function to end")


def _read_layer(
    reader: _Reader, index: int, match: re.Match[str], target: _Target
) -> _Layer:
    """Read a layer and its table."""
    text = _without_strings(match[2])
    probability = PROBABILITY.search(text)
    layer = _Layer(
        reader.string(match[1], index),
        reader.number(probability[1], index) if probability else None,
        {},
    )
    table = TABLE.search(text)
    if not table:
        raise reader.refused(
            index, "expects costs of the layer; power-tabulate-costs writes them"
        )
    for voltages, *costs in STATE.findall(table[1]):
        levels = tuple(
            level
            for voltage in reader.numbers(voltages, index)
            for level, level_v in enumerate(target.levels_v)
            if abs(level_v - voltage) < SAME_LEVEL_V
        )
        # What is not at levels of the target can't be used.
        if len(levels) != len(target.domains):
            continue
        if levels in layer.states:
            raise reader.refused(index, f"expects state [{voltages}] once")
        energy_j, time_s, leakage_w = (reader.number(cost, index) for cost in costs)
        layer.states[levels] = (energy_j, time_s, leakage_w)
    if not layer.states:
        raise reader.refused(index, "expects costs at levels of the target")
    return layer


def _read_layers(
    reader: _Reader, begin: int, end: int, target: _Target
) -> list[_Layer]:
    """Return the layers between two lines."""
    layers = []
    for index in range(begin + 1, end):
        line = reader.lines[index]
        if match := LAYER.fullmatch(line):
            layers.append(_read_layer(reader, index, match, target))
        elif "power.layer" in _without_strings(line):
            raise reader.refused(index, "expects a layer on a line of its own")
    if not layers:
        raise reader.refused(begin, "expects layers in the function")
    return layers


def _probabilities(layers: list[_Layer]) -> list[float]:
    """Return the part of the periods that run each layer; none if all run all."""
    found = [1.0]
    for layer in layers:
        said = layer.probability
        found.append(found[-1] if said is None else said)
    return found[1:] if found[-1] < 1 else []


# ---------------------------------------------------------------------------
# The whole
# ---------------------------------------------------------------------------


def read_module(data: bytes, path: str) -> Problem:
    """Return the problem of a module; RefusedError if it states none."""
    path = ascii(path)[1:-1]
    reader = _Reader(decode(data, path), path)
    targets = {target.name: target for target in _read_targets(reader)}
    begin, end, match = _find_function(reader)
    name = reader.symbol(match[3], begin)
    if name not in targets:
        raise reader.refused(begin, f"expects target {name!a} in the module")
    target = targets[name]
    period = PERIOD.search(reader.lines[begin])
    if not period:
        raise reader.refused(begin, "expects power.period_s of the function")
    layers = _read_layers(reader, begin, end, target)
    size = len(target.levels_v)
    transitions = [target.transition(domain) for domain in target.domains]
    levels = sorted({levels for layer in layers for levels in layer.states})
    absent = (np.inf, 0.0, 0.0)
    # [layer, state, cost].
    costs = np.array(
        [[layer.states.get(each, absent) for each in levels] for layer in layers]
    )
    return Problem(
        network=reader.symbol(match[2], begin),
        target=target.name,
        period_s=reader.number(period[1], begin),
        max_rails=target.max_rails,
        levels_v=target.levels_v,
        domains=target.domains,
        transition_energy_j=np.array([_matrix(cost, size) for cost, _ in transitions]),
        transition_time_s=np.array([_matrix(cost, size) for _, cost in transitions]),
        sleep_states=_sleep_states(reader, target),
        layers=[layer.name for layer in layers],
        levels=np.array(levels),
        energy_j=costs[:, :, 0],
        time_s=costs[:, :, 1],
        leakage_w=costs[:, :, 2],
        axes=[],
        settings=np.zeros((len(levels), 0), dtype=int),
        margin=0.0,
        rail_power_w=0.0,
        transition_power_w=0.0,
        overlapping_ramps=False,
        probabilities=_probabilities(layers),
    )
