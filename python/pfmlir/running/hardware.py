# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a target declares of its hardware, as the accelerator's model needs it.

Read off the declarations by themselves: nothing here asks the compiler what they mean.
"""

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy

from .. import ir
from ..dialects import power
from ..errors import UnmodelledError

# Voltages closer than this are one level; registers and states say them apart.
SAME_LEVEL_V = 1e-9
# What a clock may be above the frequency that a law gives, relative: rounding.
SAME_FREQUENCY = 1e-12

OpType = TypeVar("OpType")


@dataclass(frozen=True)
class Cost:
    """What a change takes, in joules and seconds."""

    energy_j: float = 0.0
    time_s: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.energy_j + other.energy_j, self.time_s + other.time_s)


@dataclass(frozen=True)
class OperatingPoint:
    """How a domain works at a voltage and in a mode.

    Attributes
    ----------
    frequency_hz : float
        Its clock's; 0 for a domain without a law.
    dynamic_factor, leakage_factor : float
        Dynamic energy and leakage power, over those at nominal voltage.
    """

    frequency_hz: float
    dynamic_factor: float
    leakage_factor: float


def number(attribute: Any, default: float = 0.0) -> float:
    """Return the value of an optional number."""
    return default if attribute is None else float(attribute.value)


def name_of(attribute: Any) -> str:
    """Return the name of an optional symbol; "" for none."""
    return "" if attribute is None else str(attribute.value)


def level_index(levels_v: Sequence[float], voltage_v: float) -> int:
    """Return which of some increasing voltages one is; -1 if it is none of them."""
    near = bisect.bisect_left(levels_v, voltage_v - SAME_LEVEL_V)
    is_level = near < len(levels_v) and levels_v[near] < voltage_v + SAME_LEVEL_V
    return near if is_level else -1


class Hardware:
    """A target's declarations by name, and what follows of them.

    Raises
    ------
    UnmodelledError
        It has a converter, whose losses are not modelled.
    """

    def __init__(self, target: power.TargetOp) -> None:
        self.target = target
        self.name = str(target.sym_name.value)
        self.levels_v = [ir.FloatAttr(level).value for level in target.levels_v]
        self.awake_power_w = number(target.awake_power_w)
        self.rail_power_w = number(target.rail_power_w)
        self.dispatch_time_s = number(target.dispatch_time_s)
        self.margin = number(target.margin)
        self.has_overlapping_ramps = bool(target.overlapping_ramps)
        gating: Any = target.gating
        self.gating = "none" if gating is None else str(gating.mode)
        self.granularity = 1 if gating is None else int(gating.granularity)
        self.domains = self._named(power.DomainOp)
        self.memories = self._named(power.MemoryOp)
        self.engines = list(self._named(power.EngineOp))
        self.idle_states = self._named(power.IdleStateOp)
        self.sleep_states = self._named(power.SleepStateOp)
        self._supplies = self._named(power.SupplyOp)
        self._clocks = self._named(power.ClockOp)
        self._modes = self._named(power.ModeOp)
        for name, supply in self._supplies.items():
            if supply.converter is not None:
                raise UnmodelledError(
                    f"target @{self.name}: supply @{name} has a converter, whose "
                    "losses the replay does not model"
                )

    def _all(self, kind: type[OpType]) -> Iterator[OpType]:
        return (op for op in self.target.block.operations if isinstance(op, kind))

    def _named(self, kind: type[OpType]) -> dict[str, OpType]:
        return {str(op.sym_name.value): op for op in self._all(kind)}  # type: ignore[attr-defined]

    # -- what domains are on --------------------------------------------------

    def rail_of(self, domain: str) -> str:
        """Return what is set to set a domain's voltage: its regulator, or itself."""
        supply = name_of(self.domains[domain].supply)
        return supply if supply and self._supplies[supply].regulated else domain

    def modes_of(self, domain: str) -> list[str]:
        """Return the modes of a domain, in order."""
        return [
            name for name, mode in self._modes.items() if name_of(mode.domain) == domain
        ]

    # -- what changes cost ----------------------------------------------------

    def level_change(self, rail: str, from_v: float, to_v: float) -> Cost:
        """Return what it costs a domain or a regulator to get to another voltage."""
        if abs(from_v - to_v) < SAME_LEVEL_V:
            return Cost()
        if rail in self._supplies:
            return self._ramp(self._supplies[rail], from_v, to_v)
        transition = self._transition_of(rail)
        return Cost() if transition is None else self._entry(transition, from_v, to_v)

    def _transition_of(self, domain: str) -> power.TransitionOp | None:
        """Return a domain's own transition, or the target's."""
        declared = {name_of(op.domain): op for op in self._all(power.TransitionOp)}
        return declared.get(domain, declared.get(""))

    def _ramp(self, supply: power.SupplyOp, from_v: float, to_v: float) -> Cost:
        charge_j = number(supply.output_f) * (to_v**2 - from_v**2) / 2
        time_s = abs(to_v - from_v) / number(supply.slew_v_per_s)
        return Cost(max(charge_j, 0.0), time_s + number(supply.settle_time_s))

    def _entry(self, transition: Any, from_v: float, to_v: float) -> Cost:
        at = level_index(self.levels_v, from_v), level_index(self.levels_v, to_v)

        def read(attribute: Any) -> float:
            if isinstance(attribute, ir.FloatAttr):
                return float(attribute.value)
            return float(numpy.asarray(ir.DenseFPElementsAttr(attribute))[at])

        return Cost(read(transition.energy_j), read(transition.time_s))

    def mode_change(self, before: str, after: str) -> Cost:
        """Return what it costs to leave one mode and enter another, "" being none."""
        costs = Cost()
        if before != after:
            for name in filter(None, (before, after)):
                mode = self._modes[name]
                costs += Cost(number(mode.energy_j), number(mode.time_s))
        return costs

    def hand_over(self, before: str, after: str) -> Cost:
        """Return what it costs to hand over from one engine to another."""
        engines = self._named(power.EngineOp)
        costs = Cost()
        if before != after:
            for name in filter(None, (before, after)):
                engine = engines[name]
                costs += Cost(
                    number(engine.handover_energy_j), number(engine.handover_time_s)
                )
        return costs

    def sleep_change(self, state: str) -> tuple[Cost, Cost]:
        """Return what it costs to enter a sleep state, and to leave it.

        Where the target says nothing, every domain is switched off and on again.
        """
        sleep = self.sleep_states[state]
        if sleep.entry_energy_j is not None:
            return (
                Cost(number(sleep.entry_energy_j), number(sleep.entry_time_s)),
                Cost(number(sleep.exit_energy_j), number(sleep.exit_time_s)),
            )
        once = Cost()
        for transition in filter(None, map(self._transition_of, self.domains)):
            once += Cost(number(transition.energy_j), number(transition.time_s))
        return once, once

    # -- how domains work -----------------------------------------------------

    def operating_points(
        self, voltages_v: dict[str, float], modes: dict[str, str]
    ) -> dict[str, OperatingPoint]:
        """Return how each domain works at its voltage and in its mode."""
        speeds_hz = {
            domain: self._lawful_hz(domain, voltage_v)
            * self._factor(modes.get(domain, ""), "frequency_factor")
            for domain, voltage_v in voltages_v.items()
        }
        for name, clock in self._clocks.items():
            on = [d for d, op in self.domains.items() if name_of(op.clock) == name]
            if on:
                made_hz = _made_hz(name, clock, min(speeds_hz[domain] for domain in on))
                speeds_hz |= dict.fromkeys(on, made_hz)
        return {
            domain: OperatingPoint(
                speeds_hz[domain],
                (voltage_v / number(self.domains[domain].nominal_v)) ** 2
                * self._factor(modes.get(domain, ""), "dynamic_factor"),
                self._leakage(domain, voltage_v)
                * self._factor(modes.get(domain, ""), "leakage_factor"),
            )
            for domain, voltage_v in voltages_v.items()
        }

    def _factor(self, mode: str, what: str) -> float:
        return number(getattr(self._modes[mode], what), 1.0) if mode else 1.0

    def _lawful_hz(self, domain: str, voltage_v: float) -> float:
        declared = self.domains[domain]
        law = declared.law
        if law is None:
            return 0.0
        if isinstance(law, power.DelayPolynomialAttr):
            nominal_hz, nominal_v = number(declared.frequency_hz), declared.nominal_v
            return nominal_hz * _delay(law, number(nominal_v)) / _delay(law, voltage_v)
        if isinstance(law, power.FrequencyTableAttr):
            return float(numpy.interp(voltage_v, law.voltage_v, law.frequency_hz))
        raise UnmodelledError(
            f"target @{self.name}: domain @{domain} has the law {law}, which the "
            "replay does not model"
        )

    def _leakage(self, domain: str, voltage_v: float) -> float:
        declared = self.domains[domain]
        nominal_v = number(declared.nominal_v)
        law = declared.leakage_law
        if law is None:
            return voltage_v / nominal_v
        if not isinstance(law, power.ExponentialLeakageAttr):
            raise UnmodelledError(
                f"target @{self.name}: domain @{domain} has the leakage law {law}, "
                "which the replay does not model"
            )
        factor = math.exp((voltage_v - nominal_v) / law.voltage_per_efold_v)
        factor *= voltage_v / nominal_v
        if law.reference_c is not None and self.target.temperature_c is not None:
            warmer_c = number(self.target.temperature_c) - law.reference_c
            # The verifier sees to it that both come together.
            assert law.doubling_c is not None
            factor *= 2 ** (warmer_c / law.doubling_c)
        return float(factor)


def _delay(law: Any, voltage_v: float) -> float:
    return float(numpy.polynomial.polynomial.polyval(voltage_v, law.coefficients))


def _made_hz(name: str, clock: Any, most_hz: float) -> float:
    """Return the highest frequency that a clock makes."""
    reach_hz = most_hz * (1 + SAME_FREQUENCY)
    if clock.frequencies_hz is not None:
        made = [hz.value for hz in clock.frequencies_hz if hz.value <= reach_hz]
        if not made:
            raise UnmodelledError(
                f"clock @{name} makes no frequency up to {most_hz} Hz"
            )
        return float(max(made))
    if clock.reference_hz is None:
        return most_hz
    reference_hz = number(clock.reference_hz)
    return reference_hz / max(1, math.ceil(reference_hz / reach_hz))
