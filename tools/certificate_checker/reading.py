# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the bytes of a certificate to what it says; nothing else is let through."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .problem import Axis, Problem, RefusedError
from .values import (
    MOST,
    parse,
    read_array,
    read_cost,
    read_index,
    read_items,
    read_members,
    read_name,
    read_number,
    read_text,
    read_texts,
    read_whole,
    refused,
)

FORMAT = "pfmlir certificate 4"
# Says nothing of probabilities, as all layers run in all periods.
CERTAIN_FORMAT = "pfmlir certificate 3"
# Says nothing of what a problem has besides domains that change level one by one.
OLDER_FORMAT = "pfmlir certificate 2"
# Of prices, which are joules for a second of active time.
MOST_PRICE = 1e130

Prices = dict[tuple[tuple[int, ...], tuple[str, int]], float]

# The members of a certificate, and of the problem in it.
CERTIFICATE = (
    "format",
    "network",
    "target",
    "problem_sha256",
    "problem",
    "schedule",
    "multipliers",
)
PROBLEM = (
    "layers",
    "domains",
    "levels_v",
    "period_s",
    "max_rails",
    "states",
    "energy_j",
    "time_s",
    "leakage_w",
    "transition_energy_j",
    "transition_time_s",
    "sleep_states",
)
# And those that the older format does not have.
MACHINE = (
    "axes",
    "settings",
    "margin",
    "rail_power_w",
    "transition_power_w",
    "overlapping_ramps",
)
# And that only the newest has.
EXITS = ("probabilities",)
AXIS = ("name", "rails", "transition_energy_j", "transition_time_s")


@dataclass(frozen=True)
class Schedule:
    """A state for each layer, a sleep state or none, and the energy that is claimed."""

    states: list[int]
    tail: int | None
    energy_j: float


@dataclass(frozen=True)
class Certificate:
    """What a certificate says.

    Attributes
    ----------
    problem, schedule
        What is said to be an optimum of what.
    sha256 : str
        What the problem's digest is said to be.
    price : float
        The multiplier of tails that have none of their own.
    prices : dict
        By rails and name of a tail, as `proof` calls it.
    """

    problem: Problem
    schedule: Schedule
    sha256: str
    price: float
    prices: Prices


# ---------------------------------------------------------------------------
# Parts of a certificate
# ---------------------------------------------------------------------------


def _problem(value: Any, network: str | None, target: str | None, form: str) -> Problem:
    """Return a problem whose parts agree."""
    is_older = form == OLDER_FORMAT
    names = PROBLEM if is_older else PROBLEM + MACHINE
    if form == FORMAT:
        names += EXITS
    part: dict[str, Any] = dict(
        zip(names, read_members(value, "problem", names), strict=True)
    )

    def read(
        name: str,
        shape: Sequence[int],
        entry: Callable[[Any, str], float] = read_number,
    ) -> np.ndarray:
        return read_array(part[name], f"problem.{name}", shape, entry)

    layers = read_texts(part["layers"], "problem.layers")
    # Where there is none, there are axes instead.
    has_none = part["domains"] == [] and bool(part.get("axes"))
    domains = [] if has_none else read_texts(part["domains"], "problem.domains")
    levels_v = read("levels_v", [len(read_items(part["levels_v"], "problem.levels_v"))])
    if (np.diff(levels_v) <= 0).any():
        raise refused("problem.levels_v", "volts that increase", part["levels_v"])
    num_levels = len(levels_v)
    num_states = len(read_items(part["states"], "problem.states"))
    costs = [len(layers), num_states]
    changes = [len(domains), num_levels, num_levels]
    energy_j, time_s, leakage_w = (
        read(name, costs, read_cost) for name in ("energy_j", "time_s", "leakage_w")
    )
    _check_absent(energy_j, time_s, leakage_w)
    absent = np.isinf(energy_j)
    time_s[absent] = leakage_w[absent] = 0.0
    transition_energy_j = read("transition_energy_j", changes)
    transition_time_s = read("transition_time_s", changes)
    _check_staying("transition_energy_j", transition_energy_j)
    _check_staying("transition_time_s", transition_time_s)
    sleeps = part["sleep_states"]
    if sleeps != []:
        sleeps = read(
            "sleep_states", [len(read_items(sleeps, "problem.sleep_states")), 3]
        )
    return Problem(
        network=network,
        target=target,
        period_s=read_number(part["period_s"], "problem.period_s", 1 / MOST),
        max_rails=read_whole(part["max_rails"], "problem.max_rails", 1, None),
        levels_v=levels_v.tolist(),
        domains=domains,
        transition_energy_j=transition_energy_j,
        transition_time_s=transition_time_s,
        sleep_states=[(float(w), float(j), float(s)) for w, j, s in sleeps],
        layers=layers,
        levels=read(
            "states",
            [num_states, len(domains)],
            lambda value, where: read_index(value, where, num_levels),
        ),
        energy_j=energy_j,
        time_s=time_s,
        leakage_w=leakage_w,
        probabilities=_probabilities(part, len(layers), len(sleeps))
        if form == FORMAT
        else [],
        **_machine(part, is_older),
    )


def _probabilities(
    part: dict[str, Any], num_layers: int, num_sleeps: int
) -> list[float]:
    """Return the part of the periods that run each layer, which never rises."""
    read: list[float] = []
    where = "problem.probabilities"
    for i, value in enumerate(read_items(part["probabilities"], where, num_layers)):
        least, most = (0.0, read[-1]) if read else (1.0, 1.0)
        read.append(read_number(value, f"{where}[{i}]", least, most))
    if num_sleeps == 0:
        raise RefusedError(f"{where}: expects a sleep state for periods that end early")
    return read


def _machine(part: dict[str, Any], is_older: bool) -> dict[str, Any]:
    """Return what a problem has besides domains."""
    num_states = len(read_items(part["states"], "problem.states"))
    if is_older:
        return {
            "axes": [],
            "settings": np.zeros((num_states, 0), dtype=int),
            "margin": 0.0,
            "rail_power_w": 0.0,
            "transition_power_w": 0.0,
            "overlapping_ramps": False,
        }
    axes = part["axes"]
    if not isinstance(axes, list):
        raise refused("problem.axes", "a list", axes)
    read_axes = [
        _axis(axis, f"problem.axes[{i}]", len(part["levels_v"]))
        for i, axis in enumerate(axes)
    ]
    settings = np.zeros((num_states, len(axes)), dtype=int)
    rows = read_items(part["settings"], "problem.settings", num_states)
    for state, row in enumerate(rows):
        where = f"problem.settings[{state}]"
        if not isinstance(row, list) or len(row) != len(axes):
            raise refused(where, f"a list of {len(axes)}", row)
        for i, axis in enumerate(read_axes):
            settings[state, i] = read_index(row[i], f"{where}[{i}]", len(axis.rails))
    ramps = part["overlapping_ramps"]
    if not isinstance(ramps, bool):
        raise refused("problem.overlapping_ramps", "true or false", ramps)
    # The largest number below 1.
    most = math.nextafter(1.0, 0.0)
    return {
        "axes": read_axes,
        "settings": settings,
        "margin": read_number(part["margin"], "problem.margin", most=most),
        "rail_power_w": read_number(part["rail_power_w"], "problem.rail_power_w"),
        "transition_power_w": read_number(
            part["transition_power_w"], "problem.transition_power_w"
        ),
        "overlapping_ramps": ramps,
    }


def _axis(value: Any, where: str, num_levels: int) -> Axis:
    """Return an axis whose parts agree."""
    name, rails, *costs = read_members(value, where, AXIS)
    rails = [
        None if rail is None else read_index(rail, f"{where}.rails[{i}]", num_levels)
        for i, rail in enumerate(read_items(rails, f"{where}.rails"))
    ]
    size = len(rails)
    read = []
    for cost, matrix in zip(AXIS[2:], costs, strict=True):
        table = read_array(matrix, f"{where}.{cost}", [size, size], read_number)
        for a in range(size):
            if table[a, a] != 0:
                raise refused(f"{where}.{cost}[{a}][{a}]", "0", float(table[a, a]))
        read.append(table)
    return Axis(read_text(name, f"{where}.name"), rails, *read)


def _check_absent(
    energy_j: np.ndarray, time_s: np.ndarray, leakage_w: np.ndarray
) -> None:
    """Check that a state is null in all tables or in none, and that layers have one."""
    absent = np.isinf(energy_j)
    for name, table in (("time_s", time_s), ("leakage_w", leakage_w)):
        for layer, state in np.argwhere(np.isinf(table) != absent):
            expected = "null" if absent[layer, state] else "a number"
            raise RefusedError(
                f"problem.{name}[{layer}][{state}]: expects {expected}, as in energy_j"
            )
    for layer in np.flatnonzero(absent.all(axis=1)):
        raise RefusedError(
            f"problem.energy_j[{layer}]: expects a state that is not null"
        )


def _check_staying(name: str, table: np.ndarray) -> None:
    """Check that staying at a level costs nothing."""
    for d, a in np.ndindex(*table.shape[:2]):
        if table[d, a, a] != 0:
            where = f"problem.{name}[{d}][{a}][{a}]"
            raise refused(where, "0", float(table[d, a, a]))


def _schedule(value: Any, problem: Problem) -> Schedule:
    """Return a schedule in states that there are."""
    states, tail, energy_j = read_members(
        value, "schedule", ("states", "tail", "energy_j")
    )
    chosen = []
    for i, item in enumerate(
        read_items(states, "schedule.states", len(problem.layers))
    ):
        where = f"schedule.states[{i}]"
        chosen.append(read_index(item, where, len(problem.levels)))
        if np.isinf(problem.energy_j[i, chosen[-1]]):
            raise refused(where, "a state that the layer has", item)
    if tail is not None:
        tail = read_index(tail, "schedule.tail", len(problem.sleep_states))
    return Schedule(chosen, tail, read_number(energy_j, "schedule.energy_j"))


def _price(value: Any, where: str) -> float:
    return read_number(value, where, -MOST_PRICE, MOST_PRICE)


def read_rails(value: Any, where: str, count: int) -> tuple[int, ...]:
    """Return indices of levels, increasing."""
    # None are needed where no setting needs one.
    items = value if value == [] else read_items(value, where)
    rails = [read_index(item, f"{where}[{i}]", count) for i, item in enumerate(items)]
    if sorted(set(rails)) != rails:
        raise refused(where, "indices of levels that increase", value)
    return tuple(rails)


def _prices(value: Any, problem: Problem) -> tuple[float, Prices]:
    """Return the multiplier of all tails, and those of some."""
    elsewhere, rail_sets = read_members(
        value, "multipliers", ("elsewhere", "rail_sets")
    )
    prices: Prices = {}

    def add(name: tuple[str, int], price: Any, where: str) -> None:
        if (rails, name) in prices:
            raise RefusedError(f"{where}: expects each tail of rails {rails} once")
        prices[rails, name] = _price(price, where)

    if not isinstance(rail_sets, list):
        raise refused("multipliers.rail_sets", "a list", rail_sets)
    for i, entry in enumerate(rail_sets):
        where = f"multipliers.rail_sets[{i}]"
        levels, sleep, idle = read_members(entry, where, ("rails", "sleep", "idle"))
        rails = read_rails(levels, f"{where}.rails", len(problem.levels_v))
        sleeps = read_items(sleep, f"{where}.sleep", len(problem.sleep_states))
        for k, price in enumerate(sleeps):
            add(("sleep", k), price, f"{where}.sleep[{k}]")
        if not isinstance(idle, list):
            raise refused(f"{where}.idle", "a list", idle)
        for k, pair in enumerate(idle):
            state, price = read_items(pair, f"{where}.idle[{k}]", 2)
            state = read_index(state, f"{where}.idle[{k}][0]", len(problem.levels))
            add(("idle", state), price, f"{where}.idle[{k}][1]")
    return _price(elsewhere, "multipliers.elsewhere"), prices


# ---------------------------------------------------------------------------
# The whole
# ---------------------------------------------------------------------------


def read(data: bytes) -> Certificate:
    """Return what a certificate says; RefusedError if it is none."""
    return read_content(parse(data))


def read_content(content: Any) -> Certificate:
    """Return what a certificate says, from its JSON."""
    if isinstance(content, dict) and content.get("format") == "pfmlir certificate 1":
        raise RefusedError(
            f"format: expects {FORMAT}, but got pfmlir certificate 1, which does not "
            "say what it is about; certify again"
        )
    form, network, target, sha256, problem, schedule, multipliers = read_members(
        content, "the certificate", CERTIFICATE
    )
    if form not in (FORMAT, CERTAIN_FORMAT, OLDER_FORMAT):
        raise refused("format", f"{FORMAT}, {CERTAIN_FORMAT} or {OLDER_FORMAT}", form)
    read_problem = _problem(
        problem,
        read_name(network, "network"),
        read_name(target, "target"),
        form=form,
    )
    return Certificate(
        read_problem,
        _schedule(schedule, read_problem),
        read_text(sha256, "problem_sha256"),
        *_prices(multipliers, read_problem),
    )
