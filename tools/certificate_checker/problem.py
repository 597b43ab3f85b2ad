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

    def lines(self, number: Callable[[float], str]) -> Iterator[str]:
        """Yield the problem as text, in one way only.

        In which order states are numbered, and what is written for those that a layer
        does not have, makes no difference; nor do rails beyond the number of levels.
        """

        def numbers(*values: float) -> str:
            return " ".join(number(float(value)) for value in values)

        yield "pfmlir problem 1"
        yield f"network {json.dumps(self.network)}"
        yield f"target {json.dumps(self.target)}"
        yield f"period_s {numbers(self.period_s)}"
        yield f"max_rails {min(self.max_rails, len(self.levels_v))}"
        yield f"levels_v {numbers(*self.levels_v)}"
        for d, domain in enumerate(self.domains):
            yield f"domain {json.dumps(domain)}"
            for a, b in np.ndindex(self.transition_energy_j.shape[1:]):
                if a != b:
                    energy_j = self.transition_energy_j[d, a, b]
                    time_s = self.transition_time_s[d, a, b]
                    yield f"transition {a} {b} {numbers(energy_j, time_s)}"
        for sleep in self.sleep_states:
            yield f"sleep_state {numbers(*sleep)}"
        keys = list(map(tuple, self.levels.tolist()))
        for i, layer in enumerate(self.layers):
            yield f"layer {json.dumps(layer)}"
            costs = zip(
                keys,
                self.energy_j[i].tolist(),
                self.time_s[i].tolist(),
                self.leakage_w[i].tolist(),
                strict=True,
            )
            for levels, *values in sorted(costs):
                if values[0] < np.inf:
                    yield f"state {','.join(map(str, levels))} {numbers(*values)}"

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
            where = heading if one.startswith(("transition ", "state ")) else ""
            return f"{where}expects {one}, but got {other}"
        if one.startswith(("domain ", "layer ")):
            heading = f"{one}: "
    return None
