# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The scheduling problem of a target and a network, from what they declare.

Written from the descriptions of the operations; nothing is shared with the compiler.
"""

from dataclasses import replace

from .declared import Chip, Domain, Supply
from .declared_costs import Cost, Pricer, drawn_of_source, or_0
from .problems import Matrix, Problem, Sleep, State


def _of_ends(costs: list[float]) -> Matrix:
    """Return costs of what is left and of what is reached; of the first, none."""
    ends = [0.0, *costs]
    return [
        [0.0 if a == b else ends[a] + ends[b] for b in range(len(ends))]
        for a in range(len(ends))
    ]


def _matrix(cost: float | Matrix, size: int) -> Matrix:
    if isinstance(cost, list):
        return cost
    return [[0.0 if a == b else cost for b in range(size)] for a in range(size)]


class _Machine:
    """Axes of a chip: domains and supplies, modes, banks, the engine."""

    def __init__(self, pricer: Pricer, ways: list[list[list[Cost]]]) -> None:
        self.pricer, chip = pricer, pricer.chip
        self.rails_of: list[list[int | None]] = []
        self.energy_j: list[Matrix] = []
        self.time_s: list[Matrix] = []
        # By axis of levels, one of its domains.
        self.level_domains: list[int] = []
        self.mode_domains = [i for i, modes in enumerate(pricer.modes) if modes]
        size = len(chip.levels_v)
        supplies: set[str] = set()
        for i, domain in enumerate(chip.domains):
            supply = pricer.supply_of(domain)
            if supply and supply.is_regulated:
                if supply.name not in supplies:
                    supplies.add(supply.name)
                    self.level_domains.append(i)
                    self._add(*_ramps(supply, chip.levels_v), [None] * size)
                continue
            self.level_domains.append(i)
            energy, time = transition_of(chip, domain)
            self._add(_matrix(energy, size), _matrix(time, size), list(range(size)))
        for i in self.mode_domains:
            modes = pricer.modes[i]
            self._add(
                _of_ends([mode.energy_j for mode in modes]),
                _of_ends([mode.time_s for mode in modes]),
                [None] * (len(modes) + 1),
            )
        self.counts = []
        for position, memory in enumerate(pricer.waking):
            counts = sorted(
                {c.banks[position] for layer in ways for way in layer for c in way}
            )
            self.counts.append(counts)
            assert memory.wake
            per_bank, wake_s = memory.wake
            self._add(
                [[max(b - a, 0.0) * per_bank for b in counts] for a in counts],
                [[wake_s if b > a else 0.0 for b in counts] for a in counts],
                [None] * len(counts),
            )
        if chip.engines:
            self._add(
                _of_ends([engine.handover_energy_j for engine in chip.engines]),
                _of_ends([engine.handover_time_s for engine in chip.engines]),
                [None] * (len(chip.engines) + 1),
            )

    def _add(self, energy: Matrix, time: Matrix, rails: list[int | None]) -> None:
        self.energy_j.append(energy)
        self.time_s.append(time)
        self.rails_of.append(rails)

    def settings(self, cost: Cost) -> tuple[int, ...]:
        """Return a state on the axes."""
        found = [cost.levels[i] for i in self.level_domains]
        found += [cost.modes[i] for i in self.mode_domains]
        found += [
            counts.index(banks)
            for counts, banks in zip(self.counts, cost.banks, strict=True)
        ]
        if self.pricer.chip.engines:
            found.append(cost.engine)
        return tuple(found)


def _ramps(supply: Supply, levels_v: list[float]) -> tuple[Matrix, Matrix]:
    """Return what changes of a regulated supply's voltage cost."""
    assert supply.slew_v_per_s
    energy, time = [], []
    for a in levels_v:
        times = [
            0.0 if a == b else abs(b - a) / supply.slew_v_per_s + supply.settle_time_s
            for b in levels_v
        ]
        energies = []
        for b, ramp_s in zip(levels_v, times, strict=True):
            stored = or_0(supply.output_f) * (b * b - a * a) / 2
            drawn = 0.0
            if b > a and supply.output_f is not None:
                drawn = ramp_s * drawn_of_source(supply.converter, b, stored / ramp_s)
            energies.append(drawn)
        energy.append(energies)
        time.append(times)
    return energy, time


def transition_of(chip: Chip, domain: Domain) -> tuple[float | Matrix, float | Matrix]:
    """Return what a domain pays to change its level: its own cost, or the general."""
    for name in (domain.name, None):
        for transition in chip.transitions:
            if transition.domain == name:
                return transition.energy_j, transition.time_s
    return 0.0, 0.0


def _sleeps(chip: Chip) -> list[Sleep]:
    sleeps = []
    for state in chip.sleep_states:
        energy, time = 0.0, 0.0
        if state.overhead:
            energy, time = state.overhead
        else:
            # Every domain is switched off and on.
            for domain in chip.domains:
                change_j, change_s = transition_of(chip, domain)
                assert isinstance(change_j, float) and isinstance(change_s, float)
                energy += 2 * change_j
                time += 2 * change_s
        awake = or_0(chip.awake_power_w) * time
        sleeps.append(Sleep(state.power_w, energy + awake, time))
    return sleeps


def to_problem(chip: Chip, period_s: float = 1.0) -> Problem:
    """Return the problem of a chip's network; ImpossibleError where there is none."""
    pricer = Pricer(chip)
    ways = pricer.ways()
    machine = _Machine(pricer, ways)
    awake, dispatch = or_0(chip.awake_power_w), or_0(chip.dispatch_time_s)
    layers = [
        [
            State(
                machine.settings(cost),
                cost.energy_j
                + cost.total_w * dispatch
                + awake * (cost.time_s + dispatch),
                cost.time_s + dispatch,
                cost.total_w + awake,
            )
            for way in layer
            for cost in way
        ]
        for layer in ways
    ]
    problem = Problem(
        len(chip.levels_v),
        len(machine.rails_of),
        min(chip.max_rails, len(chip.levels_v)),
        period_s,
        machine.energy_j,
        machine.time_s,
        _sleeps(chip),
        layers,
        machine.rails_of,
        or_0(chip.margin),
        or_0(chip.rail_power_w),
        awake,
        chip.overlapping_ramps,
    )
    layers[-1] += _idling(chip, machine, problem)
    return problem


def _idling(chip: Chip, machine: _Machine, problem: Problem) -> list[State]:
    """Return the last layer's states, each with each idle state after it."""
    found = []
    for idle in chip.idle_states:
        rails = {
            chip.levels_v.index(volts)
            for domain, volts in zip(chip.domains, idle.voltages_v, strict=True)
            if not _is_regulated(machine, domain)
        }
        for state in problem.layers[-1]:
            settings = list(state.levels)
            for axis, i in enumerate(machine.level_domains):
                settings[axis] = chip.levels_v.index(idle.voltages_v[i])
            there = replace(state, levels=tuple(settings))
            energy, time = problem.transition(state, there)
            found.append(
                State(
                    state.levels,
                    state.energy_j + energy,
                    state.time_s + time,
                    idle.power_w + or_0(chip.awake_power_w),
                    frozenset(rails),
                )
            )
    return found


def _is_regulated(machine: _Machine, domain: Domain) -> bool:
    supply = machine.pricer.supply_of(domain)
    return supply is not None and supply.is_regulated
