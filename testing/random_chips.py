# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random targets with small networks, of all that can be declared."""

import itertools
import math
import random

from .declared import (
    Chip,
    Clock,
    Converter,
    Domain,
    Engine,
    Exclusion,
    IdleState,
    Layer,
    Memory,
    Mode,
    Roofline,
    Rows,
    SleepState,
    Supply,
    Transition,
)
from .declared_costs import ImpossibleError, can_be_at
from .declared_problem import to_problem
from .problems import Problem

# Schedules to enumerate.
MOST_PATHS = 200_000


class _Picker:
    """Picks the parts of a chip."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"chip {seed}")
        self.rounded = self.random.random() < 0.5

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def number(self, low: float, high: float) -> float:
        value = self.random.uniform(low, high)
        # Few digits, for ties.
        return float(f"{value:.1e}") if self.rounded else value

    def or_0(self, low: float, high: float) -> float:
        return 0.0 if self.chance(0.25) else self.number(low, high)

    def maybe(self, probability: float, low: float, high: float) -> float | None:
        return self.number(low, high) if self.chance(probability) else None

    # -- parts --------------------------------------------------------------

    def converter(self) -> Converter:
        if self.chance(0.3):
            return Converter(voltage_v=[0.6, 1.0], efficiency=[0.7, 0.9])
        return Converter(
            self.or_0(1e-6, 1e-3), self.or_0(0.01, 0.2), self.or_0(0.01, 5.0)
        )

    def supply(self, name: str) -> Supply:
        supply = Supply(name)
        if self.chance(0.6):
            supply.slew_v_per_s = self.number(1e3, 1e5)
            supply.settle_time_s = self.or_0(1e-6, 1e-4)
            supply.output_f = self.maybe(0.7, 1e-8, 1e-5)
        if self.chance(0.5):
            supply.converter = self.converter()
        return supply

    def domain(self, name: str, levels_v: list[float], is_first: bool) -> Domain:
        low, high = levels_v[0], levels_v[-1]
        law_v = sorted({low, high, *levels_v})
        if not is_first and len(levels_v) > 2 and self.chance(0.2):
            # A law that is narrower than the levels.
            law_v = law_v[1:]
        hertz = sorted(self.number(5e7, 5e8) for _ in law_v)
        if len(law_v) == 1:
            law_v, hertz = [law_v[0] - 0.01, law_v[0]], [hertz[0], hertz[0]]
        nominal = self.random.choice([v for v in levels_v if v >= law_v[0]])
        domain = Domain(
            name,
            nominal,
            law_v,
            hertz,
            dict(zip(law_v, hertz, strict=True))[nominal],
            self.or_0(1e-5, 5e-3),
        )
        if not is_first and self.chance(0.2):
            domain.minimum_v = self.random.choice(levels_v)
        elif not is_first and self.chance(0.2):
            domain.maximum_v = self.random.choice(levels_v)
        if self.chance(0.3):
            domain.leakage_law = (self.number(0.1, 0.5),)
            if self.chance(0.5):
                domain.leakage_law += (25.0, self.number(10, 40))
        return domain

    def memory(self, name: str, domain: str) -> Memory:
        memory = Memory(
            name, domain, self.random.choice([512, 1000, 4096]), self.or_0(1e-6, 1e-3)
        )
        kind = self.random.choice(["", "volatile", "nonvolatile"])
        memory.is_volatile = kind == "volatile"
        memory.is_nonvolatile = kind == "nonvolatile"
        if memory.is_volatile and self.chance(0.3):
            memory.bank_retention_w = self.number(1e-7, 1e-6)
        elif kind and self.chance(0.6):
            memory.wake = (self.or_0(1e-9, 1e-7), self.or_0(1e-7, 1e-5))
        if self.chance(0.3):
            memory.banks = self.random.choice([8, 16, 40])
        if domain != "core" and self.chance(0.2):
            memory.minimum_v = 0.75
        return memory

    def weights(self, name: str, domain: str) -> Memory:
        memory = Memory(
            name, domain, self.random.choice([512, 2048]), self.or_0(1e-6, 1e-4)
        )
        memory.is_nonvolatile = self.chance(0.6)
        memory.is_volatile = not memory.is_nonvolatile and self.chance(0.5)
        if self.chance(0.5):
            memory.banks = self.random.choice([2, 8, 30])
            if memory.is_nonvolatile:
                memory.reload = (self.or_0(1e-12, 1e-10), self.or_0(1e-11, 1e-9))
        return memory

    def roofline(self, names: list[str]) -> Roofline:
        return Roofline(
            self.random.choice(names),
            self.random.choice(names),
            self.random.choice([1.0, 4.0, 16.0]),
            self.or_0(1e-13, 1e-11),
            self.random.choice([0.5, 4.0, 32.0]),
            self.or_0(1e-13, 1e-11),
        )

    def transition(self, size: int, domain: str | None) -> Transition:
        def cost(low: float, high: float) -> float | list[list[float]]:
            if self.chance(0.3):
                return [
                    [0.0 if a == b else self.or_0(low, high) for b in range(size)]
                    for a in range(size)
                ]
            return self.or_0(low, high)

        return Transition(cost(1e-9, 1e-6), cost(1e-7, 1e-4), domain)

    def rows(self, chip: Chip) -> Rows:
        grid = list(itertools.product(chip.levels_v, repeat=len(chip.domains)))
        chosen = self.random.sample(grid, self.random.randint(1, min(4, len(grid))))
        return [
            (
                list(v),
                self.or_0(1e-8, 1e-6),
                self.number(1e-5, 1e-3),
                self.or_0(0, 1e-3),
            )
            for v in chosen
        ]

    def layer(self, chip: Chip, can_have_tables: bool) -> Layer:
        if not can_have_tables or self.chance(0.6):
            return Layer(
                (
                    self.random.choice([1, 16, 64]),
                    self.random.choice([16, 64]),
                    self.random.choice([8, 64, 100]),
                )
            )
        if self.chance(0.5):
            return Layer(table=self.rows(chip))
        names = ["tiled", *(engine.name for engine in chip.engines), "whole"]
        count = self.random.randint(1, len(names))
        return Layer(
            implementations={
                name: self.rows(chip) for name in self.random.sample(names, count)
            }
        )

    # -- the whole ----------------------------------------------------------

    def machine(self) -> Chip:
        levels = self.random.choice(
            [[0.8], [0.7, 1.0], [0.6, 0.8], [0.6, 0.8, 1.0], [0.7, 0.9, 1.1]]
        )
        names = ["core", "sram", "io"][: self.random.randint(1, 3)]
        if len(levels) == 3:
            names = names[:2]
        chip = Chip(
            levels,
            self.random.randint(1, 3),
            [self.domain(name, levels, i == 0) for i, name in enumerate(names)],
            self.roofline(names),
            [],
        )
        chip.awake_power_w = self.maybe(0.4, 1e-4, 5e-3)
        chip.rail_power_w = self.maybe(0.4, 1e-5, 2e-3)
        chip.dispatch_time_s = self.maybe(0.3, 1e-6, 1e-4)
        chip.margin = self.maybe(0.3, 0.01, 0.3)
        chip.temperature_c = self.maybe(0.3, 20, 100)
        chip.overlapping_ramps = self.chance(0.4)
        chip.gating = self.random.choice([None, "none", "sram", "bank", "bank"])
        if chip.gating:
            chip.granularity = self.random.choice([1, 1, 2, 3])
        return chip

    def connect(self, chip: Chip) -> None:
        """Give a chip supplies, clocks, modes and exclusions."""
        if self.chance(0.5):
            chip.supplies.append(self.supply("buck"))
            for domain in chip.domains:
                if self.chance(0.7):
                    domain.supply = "buck"
        if self.chance(0.4):
            clock = Clock("pll")
            if self.chance(0.4):
                clock.reference_hz = self.number(4e8, 2e9)
            elif self.chance(0.5):
                clock.frequencies_hz = [4e7, 1.1e8, 2.6e8]
            chip.clocks.append(clock)
            for domain in chip.domains:
                if self.chance(0.8):
                    domain.clock = "pll"
        for domain in chip.domains:
            if self.chance(0.25):
                chip.modes.append(
                    Mode(
                        f"{domain.name}_boost",
                        domain.name,
                        self.number(0.6, 1.6),
                        self.number(0.8, 1.3),
                        self.number(0.2, 5.0),
                        self.or_0(1e-9, 1e-7),
                        self.or_0(1e-7, 1e-5),
                    )
                )
        if len(chip.domains) > 1 and len(chip.levels_v) > 1 and self.chance(0.3):
            first, second = (domain.name for domain in chip.domains[:2])
            low, high = chip.levels_v[0], chip.levels_v[-1]
            chip.exclusions.append(Exclusion([first, second], [[low], [high]]))

    def furnish(self, chip: Chip) -> None:
        """Give a chip memories, engines, and costs of changes."""
        names = [domain.name for domain in chip.domains]
        if self.chance(0.6):
            chip.memories.append(self.memory("maps", self.random.choice(names)))
            chip.model.feature_memory = "maps"
        if self.chance(0.3):
            chip.memories.append(self.weights("flash", self.random.choice(names)))
            chip.model.weight_memory = "flash"
        if self.chance(0.4):
            chip.engines.append(
                Engine(
                    "cpu",
                    self.roofline(names),
                    self.or_0(1e-9, 1e-7),
                    self.or_0(1e-7, 1e-5),
                )
            )
        size = len(chip.levels_v)
        if self.chance(0.8):
            chip.transitions.append(self.transition(size, None))
        regulated = {supply.name for supply in chip.supplies if supply.is_regulated}
        for domain in chip.domains:
            if domain.supply not in regulated and self.chance(0.2):
                chip.transitions.append(self.transition(size, domain.name))

    def idle(self, chip: Chip, regulated: set[str]) -> None:
        """Give a chip an idle state, where there are voltages for it."""

        def choose(domains: list[Domain]) -> float:
            return self.random.choice(
                [
                    volts
                    for volts in chip.levels_v
                    if all(can_be_at(chip, domain, volts) for domain in domains)
                ]
                # Refused, with all else that they can't be.
                or chip.levels_v
            )

        together = [d for d in chip.domains if d.supply in regulated]
        volts = choose(together)
        voltages = [
            volts if domain in together else choose([domain]) for domain in chip.domains
        ]
        chip.idle_states.append(IdleState("parked", voltages, self.or_0(1e-6, 1e-3)))

    def rest(self, chip: Chip) -> None:
        """Give a chip idle and sleep states."""
        regulated = {supply.name for supply in chip.supplies if supply.is_regulated}
        if self.chance(0.3):
            self.idle(chip, regulated)
        if self.chance(0.5):
            chip.sleep_states.append(
                SleepState(
                    "off",
                    self.or_0(1e-7, 1e-4),
                    (self.or_0(1e-8, 1e-6), self.or_0(1e-6, 1e-3)),
                )
            )
        elif not regulated and self.chance(0.3):
            general = [t for t in chip.transitions if isinstance(t.energy_j, float)]
            general = [t for t in general if isinstance(t.time_s, float)]
            if len(general) == len(chip.transitions):
                chip.sleep_states.append(SleepState("off", self.or_0(1e-7, 1e-4)))
        if chip.idle_states:
            # To idle on the way to sleep is to be slow, which pays off where sleep
            # draws more than it costs to enter the idle state; nobody means that.
            for sleep in chip.sleep_states:
                sleep.power_w = 0.0

    def layers(self, chip: Chip) -> None:
        """Give a chip a network, as long as its schedules can be enumerated."""
        # What is not told apart by domain, or by banks, can't be asked for these.
        can_have_tables = not any(memory.wake for memory in chip.memories)
        for _ in range(self.random.randint(1, 5)):
            chip.layers.append(self.layer(chip, can_have_tables))
            try:
                states = map(len, to_problem(chip).layers)
            except ImpossibleError:
                break
            if math.prod(states) > MOST_PATHS and len(chip.layers) > 1:
                chip.layers.pop()
                break
        if chip.layers and all(layer.product for layer in chip.layers):
            self._limit(chip)

    def _limit(self, chip: Chip) -> None:
        """Set limits of power and current that some states keep."""
        for supply in chip.supplies:
            supply.maximum_power_w = self.maybe(0.3, 1e-3, 5e-2)
            supply.maximum_current_a = self.maybe(0.2, 1e-3, 5e-2)
        chip.maximum_power_w = self.maybe(0.2, 1e-3, 5e-2)


def random_chip(seed: int) -> Chip:
    """Return the chip of a seed, with a network."""
    picker = _Picker(seed)
    chip = picker.machine()
    picker.connect(chip)
    picker.furnish(chip)
    picker.rest(chip)
    picker.layers(chip)
    return chip


def random_period_s(seed: int, problem: Problem) -> float:
    """Return the time of some schedule, or about it, or much more."""
    pick = random.Random(f"period {seed}")
    states = [pick.choice(layer) for layer in problem.layers]
    moves = [problem.transition(*pair)[1] for pair in itertools.pairwise(states)]
    time = math.fsum([state.time_s for state in states] + moves) / (1 - problem.margin)
    return time * pick.choice([1.0, 1.0, 1.1, 1.5, 3.0, 10.0, 0.6])
