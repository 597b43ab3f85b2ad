# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What layers cost in every state of a target, from what both declare.

Written from the descriptions of the operations; nothing is shared with the compiler.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .declared import Chip, Converter, Domain, Memory, Roofline, Rows, Supply


class ImpossibleError(ValueError):
    """The compiler should refuse this, and say what is expected."""


def _interpolate(xs: list[float], ys: list[float], x: float) -> float:
    if x <= xs[0]:
        return ys[0]
    for (x0, y0), (x1, y1) in itertools.pairwise(zip(xs, ys, strict=True)):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return ys[-1]


def or_0(value: float | None) -> float:
    return 0.0 if value is None else value


def drawn_of_source(converter: Converter | None, volts: float, watts: float) -> float:
    """Return what a converter draws for so many watts at a voltage."""
    if converter is None:
        return watts
    if converter.voltage_v is not None:
        return watts / _interpolate(converter.voltage_v, converter.efficiency, volts)
    return (
        watts * (1 + converter.proportional_loss)
        + converter.fixed_loss_w
        + converter.resistance_ohm * (watts / volts) ** 2
    )


def can_be_at(chip: Chip, domain: Domain, volts: float) -> bool:
    """Return whether a domain's limits, law and memories allow a voltage."""
    low = [domain.law_v[0], or_0(domain.minimum_v)]
    low += [or_0(m.minimum_v) for m in chip.memories if m.domain == domain.name]
    high = min(domain.law_v[-1], domain.maximum_v or math.inf)
    return max(low) - 1e-9 < volts < high + 1e-9


@dataclass
class Cost:
    """A layer in a state: levels and modes by domain, banks by waking memory."""

    levels: tuple[int, ...]
    modes: tuple[int, ...]
    banks: tuple[float, ...]
    engine: int
    time_s: float
    # Joules and watts of each domain, or of all together where nobody knows.
    dynamic_j: list[float]
    leakage_w: list[float]
    energy_j: float = 0.0
    total_w: float = 0.0


class Pricer:
    """Costs of layers on a chip."""

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self.index = {domain.name: i for i, domain in enumerate(chip.domains)}
        self.supply = {supply.name: supply for supply in chip.supplies}
        self.modes = [
            [mode for mode in chip.modes if mode.domain == domain.name]
            for domain in chip.domains
        ]
        self.waking = [memory for memory in chip.memories if self._has_wake(memory)]

    def _has_wake(self, memory: Memory) -> bool:
        gates = self.chip.gating not in (None, "none")
        return gates and memory.wake is not None and memory.wake != (0.0, 0.0)

    def supply_of(self, domain: Domain) -> Supply | None:
        return self.supply[domain.supply] if domain.supply else None

    # -- operating points ---------------------------------------------------

    def allows(self, levels: tuple[int, ...]) -> bool:
        """Return whether the domains can be at these levels together."""
        volts = [self.chip.levels_v[level] for level in levels]
        of_supply: dict[str, set[float]] = {}
        for domain, v in zip(self.chip.domains, volts, strict=True):
            if not can_be_at(self.chip, domain, v):
                return False
            supply = self.supply_of(domain)
            if supply and supply.is_regulated:
                of_supply.setdefault(supply.name, set()).add(v)
        if any(len(found) > 1 for found in of_supply.values()):
            return False
        return not any(
            all(
                volts[self.index[name]] in voltages
                for name, voltages in zip(e.domains, e.voltages_v, strict=True)
            )
            for e in self.chip.exclusions
        )

    def _frequencies(
        self, levels: tuple[int, ...], modes: tuple[int, ...]
    ) -> list[float] | None:
        chip = self.chip
        most = []
        for i, domain in enumerate(chip.domains):
            hz = _interpolate(domain.law_v, domain.law_hz, chip.levels_v[levels[i]])
            if modes[i]:
                hz *= self.modes[i][modes[i] - 1].frequency_factor
            most.append(hz)
        for clock in chip.clocks:
            on = [i for i, d in enumerate(chip.domains) if d.clock == clock.name]
            if not on:
                continue
            slowest = min(most[i] for i in on)
            made = slowest
            # A frequency that a law gives exactly is one that it allows.
            if clock.frequencies_hz is not None:
                allowed = [
                    hz for hz in clock.frequencies_hz if hz <= slowest * (1 + 1e-12)
                ]
                if not allowed:
                    return None
                made = max(allowed)
            elif clock.reference_hz is not None:
                divider = 1
                while clock.reference_hz / divider > slowest * (1 + 1e-12):
                    divider += 1
                made = clock.reference_hz / divider
            for i in on:
                most[i] = made
        return most

    def leakage_factor(self, i: int, level: int, mode: int) -> float:
        """Return a domain's leakage power over that at nominal voltage."""
        domain = self.chip.domains[i]
        volts, nominal = self.chip.levels_v[level], domain.nominal_v
        factor = volts / nominal
        if domain.leakage_law:
            factor *= math.exp((volts - nominal) / domain.leakage_law[0])
            if len(domain.leakage_law) == 3 and self.chip.temperature_c is not None:
                _, reference, doubling = domain.leakage_law
                factor *= 2 ** ((self.chip.temperature_c - reference) / doubling)
        if mode:
            factor *= self.modes[i][mode - 1].leakage_factor
        return factor

    def _points(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], list[float]]]:
        levels = range(len(self.chip.levels_v))
        for point in itertools.product(levels, repeat=len(self.chip.domains)):
            if not self.allows(point):
                continue
            for modes in itertools.product(
                *(range(len(modes) + 1) for modes in self.modes)
            ):
                frequencies = self._frequencies(point, modes)
                if frequencies is not None:
                    yield point, modes, frequencies

    # -- memories -----------------------------------------------------------

    def _round_up(self, banks: float, total: float) -> float:
        granularity = self.chip.granularity
        return min(math.ceil(banks / granularity) * granularity, total)

    def _feature_banks(
        self, memory: Memory, bytes_needed: list[float]
    ) -> list[tuple[float, float]]:
        """Return, by layer, banks that are on and such that only keep a value."""
        needed = [math.ceil(b / memory.bank_bytes) for b in bytes_needed]
        total = memory.banks if memory.banks is not None else max(needed)
        if max(needed) > total:
            raise ImpossibleError("banks")
        if self.chip.gating in (None, "none"):
            return [(float(total), 0.0) for _ in needed]
        return [(float(self._round_up(n, total)), 0.0) for n in needed]

    def _weight_banks(
        self, memory: Memory, weights: list[float]
    ) -> list[tuple[float, float]]:
        """Return, by layer, banks that are on and bytes that are loaded again."""
        needed = math.ceil(sum(weights) / memory.bank_bytes)
        total = memory.banks if memory.banks is not None else needed
        free = float(total * memory.bank_bytes)
        found = []
        for each in weights:
            again = max(each - free, 0.0)
            free = max(free - each, 0.0)
            if again and memory.reload is None:
                raise ImpossibleError("weights")
            on = float(total)
            if self.chip.gating == "bank":
                active = math.ceil(each / memory.bank_bytes)
                on = (
                    float(min(needed, total))
                    if memory.is_volatile
                    else float(self._round_up(active, total))
                )
            found.append((on, again))
        return found

    # -- a cost model -------------------------------------------------------

    def price(self, model: Roofline, engine: int) -> dict[int, list[Cost]]:
        """Return the states of the layers that a model can cost, by layer."""
        chip = self.chip
        layers = {i: layer for i, layer in enumerate(chip.layers) if layer.product}
        if not layers:
            return {}
        inputs, weights, outputs = [], [], []
        for layer in layers.values():
            assert layer.product
            m, k, n = layer.product
            inputs.append(float(m * k))
            weights.append(float(k * n))
            outputs.append(float(m * n))
        on: dict[str, list[tuple[float, float]]] = {}
        again: dict[str, list[float]] = {}
        for memory in chip.memories:
            again[memory.name] = [0.0] * len(layers)
            if memory.name == model.feature_memory:
                own = [a + b for a, b in zip(inputs, outputs, strict=True)]
                on[memory.name] = self._feature_banks(memory, own)
            elif memory.name == model.weight_memory:
                plan = self._weight_banks(memory, weights)
                on[memory.name] = [(banks, 0.0) for banks, _ in plan]
                again[memory.name] = [reloaded for _, reloaded in plan]
            else:
                on[memory.name] = [(float(memory.banks or 0), 0.0)] * len(layers)
        points = list(self._points())
        if not points:
            raise ImpossibleError("points")
        costs: dict[int, list[Cost]] = {}
        for position, (i, layer) in enumerate(layers.items()):
            assert layer.product
            macs = float(math.prod(layer.product))
            moved = inputs[position] + weights[position] + outputs[position]
            banks = {name: uses[position] for name, uses in on.items()}
            reloaded = {name: sums[position] for name, sums in again.items()}
            costs[i] = [
                self._cost(model, engine, macs, moved, point, banks, reloaded)
                for point in points
            ]
        return costs

    def _cost(
        self,
        model: Roofline,
        engine: int,
        macs: float,
        moved: float,
        point: tuple[tuple[int, ...], tuple[int, ...], list[float]],
        banks: dict[str, tuple[float, float]],
        reloaded: dict[str, float],
    ) -> Cost:
        chip = self.chip
        levels, modes, frequencies = point
        compute, mover = self.index[model.domain], self.index[model.memory_domain]
        time = max(
            macs / (model.macs_per_cycle * frequencies[compute]),
            moved / (model.bytes_per_cycle * frequencies[mover]),
        )
        dynamic = [0.0] * len(chip.domains)

        def scaled(i: int) -> float:
            factor = (chip.levels_v[levels[i]] / chip.domains[i].nominal_v) ** 2
            return factor * (
                self.modes[i][modes[i] - 1].dynamic_factor if modes[i] else 1
            )

        dynamic[compute] += macs * model.mac_energy_j * scaled(compute)
        dynamic[mover] += moved * model.byte_energy_j * scaled(mover)
        factors = [
            self.leakage_factor(i, levels[i], modes[i])
            for i in range(len(chip.domains))
        ]
        leakage = [
            domain.leakage_w * factor
            for domain, factor in zip(chip.domains, factors, strict=True)
        ]
        for memory in chip.memories:
            i = self.index[memory.domain]
            powered, _ = banks[memory.name]
            leakage[i] += powered * memory.bank_leakage_w * factors[i]
            if reloaded[memory.name]:
                assert memory.reload
                dynamic[i] += reloaded[memory.name] * memory.reload[0]
                time += reloaded[memory.name] * memory.reload[1]
        return Cost(
            levels,
            modes,
            tuple(banks[memory.name][0] for memory in self.waking),
            engine,
            time,
            dynamic,
            leakage,
        )

    def table(self, rows: Rows, engine: int) -> list[Cost]:
        """Return the states of a table that the target has."""
        found = []
        none = (0,) * len(self.chip.domains)
        for voltages, energy, time, power in rows:
            if not all(v in self.chip.levels_v for v in voltages):
                continue
            levels = tuple(map(self.chip.levels_v.index, voltages))
            if self.allows(levels):
                cost = Cost(levels, none, (), engine, time, [], [], energy, power)
                found.append(cost)
        if not found:
            raise ImpossibleError("table")
        return found

    # -- all ways -----------------------------------------------------------

    def ways(self) -> list[list[list[Cost]]]:
        """Return states by layer and way in which it can run."""
        chip = self.chip
        names = [engine.name for engine in chip.engines]
        ways: list[list[list[Cost]]] = [[] for _ in chip.layers]
        for layer, found in zip(chip.layers, ways, strict=True):
            if layer.table is not None:
                found.append(self.table(layer.table, 0))
            for name, rows in sorted((layer.implementations or {}).items()):
                engine = names.index(name) + 1 if name in names else 0
                found.append(self.table(rows, engine))
        models = [chip.model, *(engine.model for engine in chip.engines)]
        for number, model in enumerate(models):
            for i, costs in self.price(model, number).items():
                ways[i].append(costs)
        if chip.gating not in (None, "none"):
            for position in range(len(self.waking)):
                ways = self._leave_on(ways, position)
        return [[self._drawn(way) for way in layer] for layer in ways]

    def _leave_on(
        self, ways: list[list[list[Cost]]], position: int
    ) -> list[list[list[Cost]]]:
        """Let banks stay on that a layer before needs, and one after."""
        memory = self.waking[position]
        i = self.index[memory.domain]
        needs = [[way[0].banks[position] for way in layer] for layer in ways]
        every = sorted({n for layer in needs for n in layer})

        def options(layer: int, needed: float) -> list[float]:
            before = max((max(n) for n in needs[:layer]), default=0.0)
            after = max((max(n) for n in needs[layer + 1 :]), default=0.0)
            return [n for n in every if n == needed or needed < n <= min(before, after)]

        def at(cost: Cost, count: float) -> Cost:
            banks = list(cost.banks)
            more = (count - banks[position]) * memory.bank_leakage_w
            banks[position] = count
            leakage = list(cost.leakage_w)
            leakage[i] += more * self.leakage_factor(i, cost.levels[i], cost.modes[i])
            return replace(cost, banks=tuple(banks), leakage_w=leakage)

        return [
            [
                [at(c, n) for c in way for n in options(layer, c.banks[position])]
                for way in found
            ]
            for layer, found in enumerate(ways)
        ]

    def _drawn(self, costs: list[Cost]) -> list[Cost]:
        """Return the states within limits, as drawn of the sources."""
        chip = self.chip
        kept = []
        for cost in costs:
            if cost.dynamic_j:
                powers = [
                    energy / cost.time_s + watts
                    for energy, watts in zip(
                        cost.dynamic_j, cost.leakage_w, strict=True
                    )
                ]
                if not self._is_within_limits(cost, powers):
                    continue
                cost = replace(
                    cost,
                    energy_j=self._sum_drawn(cost, powers) * cost.time_s,
                    total_w=self._sum_drawn(cost, cost.leakage_w),
                )
            most = chip.maximum_power_w
            if most is None or cost.energy_j <= most * cost.time_s * (1 + 1e-12):
                kept.append(cost)
        if not kept:
            raise ImpossibleError("limits")
        return kept

    def _by_supply(
        self, cost: Cost, powers: list[float]
    ) -> Iterator[tuple[Supply | None, dict[float, float]]]:
        """Yield supplies with the watts drawn of them at each voltage."""
        for supply in [None, *self.chip.supplies]:
            at: dict[float, float] = {}
            for domain, level, power in zip(
                self.chip.domains, cost.levels, powers, strict=True
            ):
                if self.supply_of(domain) is supply:
                    volts = self.chip.levels_v[level]
                    at[volts] = at.get(volts, 0.0) + power
            yield supply, at

    def _is_within_limits(self, cost: Cost, powers: list[float]) -> bool:
        for supply, at in self._by_supply(cost, powers):
            if supply is None:
                continue
            amperes = sum(watts / volts for volts, watts in at.items())
            for value, most in (
                (sum(at.values()), supply.maximum_power_w),
                (amperes, supply.maximum_current_a),
            ):
                if most is not None and value > most * (1 + 1e-12):
                    return False
        return True

    def _sum_drawn(self, cost: Cost, powers: list[float]) -> float:
        return math.fsum(
            drawn_of_source(supply.converter if supply else None, volts, watts)
            for supply, at in self._by_supply(cost, powers)
            for volts, watts in at.items()
        )
