# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is to be known of a target, for problems whose layers bring tables."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

# A cost of changes of level: one number for all of them, or a matrix.
Cost = float | np.ndarray


@dataclass(frozen=True)
class Converter:
    """Losses of a converter, or its efficiency at voltages, where there are some."""

    fixed_loss_w: float = 0.0
    proportional_loss: float = 0.0
    resistance_ohm: float = 0.0
    voltage_v: Sequence[float] = ()
    efficiency: Sequence[float] = ()

    def drawn_w(self, volts: float, watts: float) -> float:
        """Return the watts that it draws for so many watts at its output."""
        if self.voltage_v:
            return watts / self._efficiency_at(volts)
        return (
            watts * (1 + self.proportional_loss)
            + self.fixed_loss_w
            + self.resistance_ohm * (watts / volts) * (watts / volts)
        )

    def _efficiency_at(self, volts: float) -> float:
        """Return what is linear in between, and beyond as at the nearest."""
        points = list(zip(self.voltage_v, self.efficiency, strict=True))
        if volts <= points[0][0]:
            return points[0][1]
        for (left_v, left), (right_v, right) in itertools.pairwise(points):
            if volts <= right_v:
                share = (volts - left_v) / (right_v - left_v)
                return left + share * (right - left)
        return points[-1][1]


@dataclass(frozen=True)
class Supply:
    """A supply; the numbers are those of a regulated one."""

    name: str
    is_regulated: bool
    slew_v_per_s: float
    settle_time_s: float
    # None where it says nothing of a capacitor.
    output_f: float | None
    converter: Converter


@dataclass(frozen=True)
class Domain:
    """A domain, with the voltages that its own limits and its law allow."""

    name: str
    supply: str | None
    minimum_v: float
    maximum_v: float


@dataclass(frozen=True)
class Memory:
    """A memory: where it is, from which voltage on it works, and if waking costs."""

    domain: str
    minimum_v: float
    has_wake_costs: bool


@dataclass(frozen=True)
class Change:
    """What a mode, or an engine, costs to get to and to leave."""

    name: str
    domain: str | None
    energy_j: float
    time_s: float


@dataclass(frozen=True)
class Exclusion:
    """Voltages that domains can't have together."""

    domains: list[str]
    voltages_v: list[list[float]]


@dataclass(frozen=True)
class IdleState:
    """Where domains wait, and at how many watts."""

    voltages_v: list[float]
    power_w: float
    # For errors.
    line: int


@dataclass(frozen=True)
class SleepState:
    """Watts asleep; and where they are said, joules and seconds of both ways."""

    power_w: float
    overhead: tuple[float, float] | None


@dataclass(frozen=True)
class Corner:
    """How dies differ."""

    speed: float
    leakage: float
    weight: float


@dataclass
class Target:
    """All of a target that a problem with tables depends on."""

    name: str
    line: int
    levels_v: list[float]
    max_rails: int
    awake_power_w: float = 0.0
    rail_power_w: float = 0.0
    maximum_power_w: float = math.inf
    dispatch_time_s: float = 0.0
    margin: float = 0.0
    overlapping_ramps: bool = False
    gates: bool = False
    supplies: dict[str, Supply] = field(default_factory=dict)
    domains: list[Domain] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    modes: list[Change] = field(default_factory=list)
    engines: list[Change] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    # By domain, or of all others: joules and seconds.
    transitions: dict[str | None, tuple[Cost, Cost]] = field(default_factory=dict)
    idle_states: list[IdleState] = field(default_factory=list)
    sleep_states: list[SleepState] = field(default_factory=list)
    corners: dict[str, Corner] = field(default_factory=dict)
    # Of all that has one.
    symbols: set[str] = field(default_factory=set)

    def transition(self, domain: str) -> tuple[Cost, Cost]:
        """Return what changes of a domain's level cost: its own, or all others'."""
        general = self.transitions.get(None, (0.0, 0.0))
        return self.transitions.get(domain, general)

    def regulator(self, domain: Domain) -> Supply | None:
        """Return the regulated supply that a domain is on, if it is on one."""
        supply = self.supplies[domain.supply] if domain.supply is not None else None
        return supply if supply and supply.is_regulated else None

    def modes_of(self, domain: Domain) -> list[Change]:
        """Return the modes of a domain, without none."""
        return [mode for mode in self.modes if mode.domain == domain.name]
