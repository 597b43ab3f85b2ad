# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scheduling problem, and the digest that names it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np


class RefusedError(ValueError):
    """A file is not what it should be; the message is one line, and says where."""


@dataclass(frozen=True)
class Axis:
    """Something besides a domain's level that is set for a layer.

    Attributes
    ----------
    name : str
    rails : list of (int or None)
        By setting, the level that it needs as a rail, if any.
    transition_energy_j, transition_time_s : ndarray, shape [setting, setting]
        Joules and seconds to get from the first to the second.
    """

    name: str
    rails: list[int | None]
    transition_energy_j: np.ndarray
    transition_time_s: np.ndarray


@dataclass(frozen=True)
class Problem:
    """A network's costs on a target, its period and its rails.

    Attributes
    ----------
    network, target : str or None
        Symbols of the IR, where the problem was taken from it.
    period_s : float
        Seconds from one inference to the next.
    max_rails : int
        How many levels may become rails.
    levels_v : list of float
        Candidate levels in volts, increasing.
    domains, layers : list of str
        Names.
    transition_energy_j, transition_time_s : ndarray, shape [domain, level, level]
        Joules and seconds to change a domain's level, from the first to the second.
    sleep_states : list of tuple
        Watts asleep; joules and seconds of entering and leaving together.
    levels : ndarray, shape [state, domain]
        Indices into `levels_v`.
    energy_j, time_s, leakage_w : ndarray, shape [layer, state]
        Of a state that a layer does not have, infinite, zero and zero.
    axes : list of Axis
        What is set besides the levels of domains.
    settings : ndarray, shape [state, axis]
        Indices of settings.
    margin : float
        What part of the period must be left when all is done.
    rail_power_w : float
        Watts of each rail in use, throughout the period.
    transition_power_w : float
        Watts while levels and settings change, on top of what that costs.
    overlapping_ramps : bool
        Whether the longest time of what changes together counts, and not the sum.
    probabilities : list of float
        The part of the periods that run each layer; empty where all run all.
    """

    network: str | None
    target: str | None
    period_s: float
    max_rails: int
    levels_v: list[float]
    domains: list[str]
    transition_energy_j: np.ndarray
    transition_time_s: np.ndarray
    sleep_states: list[tuple[float, float, float]]
    layers: list[str]
    levels: np.ndarray
    energy_j: np.ndarray
    time_s: np.ndarray
    leakage_w: np.ndarray
    axes: list[Axis]
    settings: np.ndarray
    margin: float
    rail_power_w: float
    transition_power_w: float
    overlapping_ramps: bool
    probabilities: list[float]

    def weights(self) -> list[float]:
        """Return the part of the periods that run each layer."""
        return self.probabilities or [1.0] * len(self.layers)

    def early_tail(self) -> tuple[float, float, float]:
        """Return the sleep state of periods that end early: what draws least."""
        return min(self.sleep_states, key=lambda state: state[:2])

    def all_axes(self) -> Iterator[tuple[np.ndarray, Axis]]:
        """Yield, of domains and then of axes, the setting of each state."""
        for d, domain in enumerate(self.domains):
            yield (
                self.levels[:, d],
                Axis(
                    domain,
                    list(range(len(self.levels_v))),
                    self.transition_energy_j[d],
                    self.transition_time_s[d],
                ),
            )
        for i, axis in enumerate(self.axes):
            yield self.settings[:, i], axis

    def rails(self) -> list[set[int]]:
        """Return the levels that each state needs as rails."""
        found: list[set[int]] = [set() for _ in range(len(self.levels))]
        for column, axis in self.all_axes():
            for rails, setting in zip(found, column.tolist(), strict=True):
                rail = axis.rails[setting]
                if rail is not None:
                    rails.add(rail)
        return found

    def lines(self, number: Callable[[float], str]) -> Iterator[str]:
        """Yield the problem as text, in one way only.

        In which order states are numbered, and what is written for those that a layer
        does not have, makes no difference; nor do rails beyond the number of levels.
        """

        def numbers(*values: float) -> str:
            return " ".join(number(float(value)) for value in values)

        def transitions(energy_j: np.ndarray, time_s: np.ndarray) -> Iterator[str]:
            for a, b in np.ndindex(energy_j.shape):
                if a != b:
                    yield f"transition {a} {b} {numbers(energy_j[a, b], time_s[a, b])}"

        yield "pfmlir problem 1"
        yield f"network {json.dumps(self.network)}"
        yield f"target {json.dumps(self.target)}"
        yield f"period_s {numbers(self.period_s)}"
        yield f"max_rails {min(self.max_rails, len(self.levels_v))}"
        yield f"levels_v {numbers(*self.levels_v)}"
        # What problems did not always have is said only where there is some.
        for name, value in (
            ("margin", self.margin),
            ("rail_power_w", self.rail_power_w),
            ("transition_power_w", self.transition_power_w),
        ):
            if value != 0:
                yield f"{name} {numbers(value)}"
        if self.overlapping_ramps:
            yield "overlapping_ramps"
        if self.probabilities:
            yield f"probabilities {numbers(*self.probabilities)}"
        for d, domain in enumerate(self.domains):
            yield f"domain {json.dumps(domain)}"
            yield from transitions(
                self.transition_energy_j[d], self.transition_time_s[d]
            )
        for axis in self.axes:
            yield f"axis {json.dumps(axis.name)} {len(axis.rails)}"
            for setting, rail in enumerate(axis.rails):
                if rail is not None:
                    yield f"rail {setting} {rail}"
            yield from transitions(axis.transition_energy_j, axis.transition_time_s)
        for sleep in self.sleep_states:
            yield f"sleep_state {numbers(*sleep)}"
        keys = [
            (*levels, *settings)
            for levels, settings in zip(
                self.levels.tolist(), self.settings.tolist(), strict=True
            )
        ]
        for i, layer in enumerate(self.layers):
            yield f"layer {json.dumps(layer)}"
            costs = zip(
                keys,
                self.energy_j[i].tolist(),
                self.time_s[i].tolist(),
                self.leakage_w[i].tolist(),
                strict=True,
            )
            for key, *values in sorted(costs):
                if values[0] < np.inf:
                    yield f"state {','.join(map(str, key))} {numbers(*values)}"

    def digest(self) -> str:
        """Return the SHA-256 of the lines, with numbers in hexadecimal."""
        text = "".join(f"{line}\n" for line in self.lines(float.hex))
        return hashlib.sha256(text.encode()).hexdigest()


def first_difference(expected: Problem, got: Problem) -> str | None:
    """Return where two problems differ, and what is expected there, if they do."""
    heading = ""
    ours, theirs = list(expected.lines(repr)), list(got.lines(repr))
    for one, other in zip([*ours, "no more"], [*theirs, "no more"], strict=False):
        if one != other:
            of_heading = ("transition ", "rail ", "state ")
            where = heading if one.startswith(of_heading) else ""
            return f"{where}expects {one}, but got {other}"
        if one.startswith(("domain ", "axis ", "layer ")):
            heading = f"{one}: "
    return None
