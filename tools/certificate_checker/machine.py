# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a target can be set to, and what it costs to change that.

First come the domains that pick a rail each; then, as axes, regulated supplies, modes
of domains, the engine, and the idle states that the last layer may go on to. Numbers
are computed in the order that is documented, as rounding is part of them.
"""

import operator
from collections.abc import Iterator, Sequence

import numpy as np

from .problem import Axis, RefusedError
from .target import Change, Corner, Cost, IdleState, Supply, Target
from .text import Reader

# Voltages that are nearer than this are the same level.
SAME_LEVEL_V = 1e-9

# Levels of domains, then settings of axes.
Position = tuple[int, ...]


def find_level(target: Target, volts: float) -> int | None:
    """Return the level of a voltage, if it is one."""
    for level, level_v in enumerate(target.levels_v):
        if abs(level_v - volts) < SAME_LEVEL_V:
            return level
    return None


def as_matrix(cost: Cost, size: int) -> np.ndarray:
    """Return costs of any two, of which staying costs nothing."""
    if isinstance(cost, np.ndarray):
        return cost
    return np.asarray(cost * (1 - np.eye(size)))


def ramp_s(supply: Supply, from_v: float, to_v: float) -> float:
    """Return the seconds that a regulated supply takes from one voltage to another."""
    if from_v == to_v:
        return 0.0
    return abs(to_v - from_v) / supply.slew_v_per_s + supply.settle_time_s


def ramp_j(supply: Supply, from_v: float, to_v: float) -> float:
    """Return the joules that it draws meanwhile, to charge its output capacitor."""
    if to_v <= from_v or supply.output_f is None:
        return 0.0
    stored_j = supply.output_f * (to_v * to_v - from_v * from_v) / 2
    seconds = ramp_s(supply, from_v, to_v)
    return supply.converter.drawn_w(to_v, stored_j / seconds) * seconds


class Machine:
    """The axes of a target.

    Attributes
    ----------
    pickers : list of int
        Of the target's domains, those that pick a rail.
    transition_energy_j, transition_time_s : ndarray, shape [picker, level, level]
        What each of these pays to change its level.
    axes : list of Axis
        All others.
    """

    def __init__(self, reader: Reader, target: Target) -> None:
        self._target, self._size = target, len(target.levels_v)
        # By regulated supply, the first domain on it.
        self._regulated: dict[str, int] = {}
        self.pickers = []
        for i, domain in enumerate(target.domains):
            if supply := target.regulator(domain):
                self._regulated.setdefault(supply.name, i)
            else:
                self.pickers.append(i)
        costs = [target.transition(target.domains[i].name) for i in self.pickers]
        self.transition_energy_j = self._stack([joules for joules, _ in costs])
        self.transition_time_s = self._stack([seconds for _, seconds in costs])
        self._idle_levels = [self._levels_of(reader, s) for s in target.idle_states]
        self._supplies = [self._supply_axis(name) for name in self._regulated]
        self._modes = list(self._mode_axes())
        self._engines = list(self._engine_axes())
        self._idle = list(self._idle_axes())
        self.axes = [*self._supplies, *self._modes, *self._engines, *self._idle]

    # -- axes ---------------------------------------------------------------

    def _stack(self, costs: list[Cost]) -> np.ndarray:
        """Return costs from level to level of all domains that pick a rail."""
        shape = (len(costs), self._size, self._size)
        return np.reshape([as_matrix(cost, self._size) for cost in costs], shape)

    def _supply_axis(self, name: str) -> Axis:
        supply, levels_v = self._target.supplies[name], self._target.levels_v
        joules, seconds = (
            np.array([[cost(supply, a, b) for b in levels_v] for a in levels_v])
            for cost in (ramp_j, ramp_s)
        )
        return Axis(name, [None] * self._size, joules, seconds)

    def _mode_axes(self) -> Iterator[Axis]:
        for domain in self._target.domains:
            if modes := self._target.modes_of(domain):
                yield _axis_of_ends(f"{domain.name} mode", modes)

    def _engine_axes(self) -> Iterator[Axis]:
        if self._target.engines:
            yield _axis_of_ends("engine", self._target.engines)

    def _idle_axes(self) -> Iterator[Axis]:
        """Yield as many axes as some idle state needs rails, and at least one."""
        if not self._idle_levels:
            return
        rails = [sorted({on[i] for i in self.pickers}) for on in self._idle_levels]
        free = np.zeros((len(rails) + 1, len(rails) + 1))
        for k in range(max(1, *map(len, rails))):
            needed = [of_state[k] if k < len(of_state) else None for of_state in rails]
            name = f"idle state {k + 1}" if k else "idle state"
            yield Axis(name, [None, *needed], free, free)

    # -- positions ----------------------------------------------------------

    def allows(self, levels: Sequence[int]) -> bool:
        """Return whether the domains can be at these levels together."""
        target = self._target
        volts = {
            domain.name: target.levels_v[level]
            for domain, level in zip(target.domains, levels, strict=True)
        }
        return self._can_supply(levels) and not any(
            all(
                any(abs(volts[name] - other) < SAME_LEVEL_V for other in voltages)
                for name, voltages in zip(e.domains, e.voltages_v, strict=True)
            )
            for e in target.exclusions
        )

    def _can_supply(self, levels: Sequence[int]) -> bool:
        """Return whether supplies, limits, laws and memories allow levels."""
        target = self._target
        for domain, level in zip(target.domains, levels, strict=True):
            low = [m.minimum_v for m in target.memories if m.domain == domain.name]
            volts = target.levels_v[level]
            if volts <= max(domain.minimum_v, *low, 0.0) - SAME_LEVEL_V:
                return False
            if volts >= domain.maximum_v + SAME_LEVEL_V:
                return False
            supply = target.regulator(domain)
            if supply and levels[self._regulated[supply.name]] != level:
                return False
        return True

    def position(self, levels: Sequence[int], engine: int) -> Position:
        """Return where everything is while a layer runs, in no mode and not idle."""
        return (
            *(levels[i] for i in (*self.pickers, *self._regulated.values())),
            *(0 for _ in self._modes),
            *(engine for _ in self._engines),
            *(0 for _ in self._idle),
        )

    def waits(self, position: Position) -> Iterator[tuple[Position, float, float]]:
        """Yield a position with each idle state after it, and what that takes."""
        before = position[: len(position) - len(self._idle)]
        for i, levels in enumerate(self._idle_levels):
            joules, seconds = self._change(position, self.position(levels, 0))
            yield (*before, *(i + 1 for _ in self._idle)), joules, seconds

    def _change(self, here: Position, there: Position) -> tuple[float, float]:
        """Return joules and seconds from some levels to others; all else stays."""
        changes = [
            *zip(self.transition_energy_j, self.transition_time_s, strict=True),
            *(
                (axis.transition_energy_j, axis.transition_time_s)
                for axis in self._supplies
            ),
        ]
        combine = max if self._target.overlapping_ramps else operator.add
        energy_j = time_s = 0.0
        for a, b, (joules, seconds) in zip(here, there, changes, strict=False):
            energy_j += float(joules[a, b])
            time_s = combine(time_s, float(seconds[a, b]))
        return energy_j + self._target.awake_power_w * time_s, time_s

    def _levels_of(self, reader: Reader, idle: IdleState) -> list[int]:
        """Return the levels of domains that wait."""
        found = [find_level(self._target, volts) for volts in idle.voltages_v]
        levels = [level for level in found if level is not None]
        if len(levels) != len(self._target.domains) or len(found) != len(levels):
            raise reader.refused(
                idle.line, "expects a level of the target for each of its domains"
            )
        if not self._can_supply(levels):
            raise reader.refused(idle.line, "expects levels that the domains can be at")
        return levels


def _axis_of_ends(name: str, changes: list[Change]) -> Axis:
    """Return an axis on which what is left costs something, and what is reached."""
    energies = np.array([0.0, *(change.energy_j for change in changes)])
    times = np.array([0.0, *(change.time_s for change in changes)])
    joules, seconds = (np.add.outer(ends, ends) for ends in (energies, times))
    np.fill_diagonal(joules, 0.0)
    np.fill_diagonal(seconds, 0.0)
    return Axis(name, [None] * (len(changes) + 1), joules, seconds)


def sleep_states(reader: Reader, target: Target) -> list[tuple[float, float, float]]:
    """Return watts, joules and seconds of sleep states."""
    states = []
    for sleep in target.sleep_states:
        energy_j, time_s = sleep.overhead or _default_overhead(reader, target)
        # What surrounds the accelerator is awake until it sleeps.
        energy_j += target.awake_power_w * time_s
        states.append((sleep.power_w, energy_j, time_s))
    return states


def _default_overhead(reader: Reader, target: Target) -> tuple[float, float]:
    """Return what it costs to switch every domain off and on again."""
    energy_j, time_s = 0.0, 0.0
    for domain in target.domains:
        change_j, change_s = target.transition(domain.name)
        is_known = isinstance(change_j, float) and isinstance(change_s, float)
        if target.regulator(domain) or not is_known:
            raise RefusedError(
                f"{reader.path}: expects entry and exit costs of sleep states of "
                f"target {target.name!a}, whose domain {domain.name!a} does not say "
                "what it costs to switch off"
            )
        energy_j += 2 * float(change_j)
        time_s += 2 * float(change_s)
    return energy_j, time_s


def corners_of(
    reader: Reader, target: Target, only: str | None, line: int
) -> list[Corner]:
    """Return the corners that a function runs in; none of a target without any."""
    if only is None:
        return list(target.corners.values())
    if only not in target.corners:
        raise reader.refused(line, f"expects corner {only!a} in the target")
    return [target.corners[only]]
