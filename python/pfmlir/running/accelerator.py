# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An accelerator with its power manager, driven by writes to its registers.

It knows the target's declarations and the layers' workloads, and nothing of a
schedule. It shares no code with what made one: the energy and the time of what it is
told are worked out here anew.
"""

import copy
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .. import ir
from ..errors import ReplayError
from ..units import with_prefix
from .hardware import SAME_LEVEL_V, Cost, Hardware, number
from .layer_costs import LayerCost, LayerCosts, Settings
from .registers import Field, Register
from .writes import Difference, Write

# How far a deadline is kept to, relative.
DEADLINE_TOLERANCE = 2e-12


@dataclass(frozen=True)
class Part:
    """A part of the period, with all that is drawn in it.

    Attributes
    ----------
    kind : {"transition", "dispatch", "layer", "entry", "tail", "exit"}
        What happens.
    start_s, end_s : float
        From the beginning of the period, in seconds.
    energy_j : float
        In joules.
    layer : int
        Which layer runs, or runs next.
    """

    kind: str
    start_s: float
    end_s: float
    energy_j: float
    layer: int


@dataclass(frozen=True)
class LayerRun:
    """A layer that ran: its number, what started it, when, and what it took."""

    layer: int
    write: int
    start_s: float
    cost: LayerCost


@dataclass
class Run:
    """What a period of writes made the accelerator do.

    Attributes
    ----------
    layers : list of LayerRun
        What ran, in order.
    parts : list of Part
        The whole period, without a gap.
    faults : list of Difference
        What an accelerator must not be told, in order.
    active_time_s : float
        Until the last layer was done, and an idle state entered, in seconds.
    busy_time_s : float
        And with entering and leaving a sleep state.
    energy_j : float
        Of the period, in joules.
    rails_v : set of float
        The levels that layers and an idle state used, but those of regulators.
    """

    layers: list[LayerRun] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    faults: list[Difference] = field(default_factory=list)
    active_time_s: float = 0.0
    busy_time_s: float = 0.0
    energy_j: float = 0.0
    rails_v: set[float] = field(default_factory=set)


class Accelerator:
    """A power manager, and what it manages, over one period.

    Parameters
    ----------
    hardware, registers
        Of the target.
    costs
        Of the network's layers.
    period_s
        From one inference to the next, in seconds.
    is_timed
        Whether writes happen when they say, or as soon as what came before is done.
    early_s
        How much too early something may be, of writes that are timed, in seconds.
    dispatch_time_s
        What passes before each layer, of writes that are not timed; without, what the
        target says.
    """

    def __init__(
        self,
        hardware: Hardware,
        registers: dict[str, Register],
        costs: LayerCosts,
        period_s: float,
        *,
        is_timed: bool = False,
        early_s: float = 0.0,
        dispatch_time_s: float | None = None,
    ) -> None:
        self._hardware = hardware
        self._registers = registers
        self._costs = costs
        self._period_s = period_s
        self._is_timed = is_timed
        self._early_s = early_s
        self._dispatch_s = hardware.dispatch_time_s
        if dispatch_time_s is not None:
            self._dispatch_s = dispatch_time_s
        # Whether what commands the power manager tells it that layers are finished.
        self._must_finish = False
        self._run = Run()
        # What each field has been set to, by its kind and what it is of.
        self._set: dict[tuple[str, str], float | str] = {}
        # Since the last layer, when something changed and what that takes.
        self._changes: list[tuple[float, Cost]] = []
        # Until when all is known, which is the end of the last layer.
        self._time_s = 0.0
        # The layer that has not been finished, and what the last one had and took.
        self._unfinished: int | None = None
        self._last: tuple[Settings, LayerCost] | None = None
        self._end_write: int | None = None

    def run(self, writes: Iterable[Write]) -> Run:
        """Replay a period, once.

        Raises
        ------
        ReplayError
            A write says what the registers have no meaning for, or what can't be run.
        UnmodelledError
            The target or a layer is not modelled.
        """
        told = list(writes)
        finish = {
            place
            for place, register in self._registers.items()
            if any(each.kind == "finish" for each in register.fields)
        }
        self._must_finish = any(write.register in finish for write in told)
        for write in told:
            self._write(write)
        if self._end_write is None:
            self._fault(len(told), "nothing ends the period: no write to tail")
            self._settle(self._last_leakage_w())
            self._run.active_time_s = self._run.busy_time_s = self._time_s
            self._rest(self._last_leakage_w())
        self._add_rails()
        self._run.energy_j = math.fsum(part.energy_j for part in self._run.parts)
        return self._run

    # -- registers --------------------------------------------------------------

    def _fault(self, write: int, text: str) -> None:
        self._run.faults.append(Difference(write, text))

    def _write(self, write: Write) -> None:
        register = self._registers.get(write.register)
        if register is None:
            raise ReplayError(
                f"write {write.index}: expected a register of the target's map, but "
                f"got {write.register}"
            )
        meant = 0
        for field_ in register.fields:
            if field_.is_read:
                raise ReplayError(
                    f"write {write.index}: {write.register} ({register.name}) is read, "
                    "and not written"
                )
            code = field_.read(write.value)
            meant |= code << field_.shift
            self._obey(write, field_, code)
        if meant != write.value:
            self._fault(
                write.index,
                f"write {write.index}: {write.value:#x} has bits that {write.register} "
                f"({register.name}) has not",
            )

    def _obey(self, write: Write, field_: Field, code: int) -> None:
        """Do what a field's code says."""
        if self._end_write is not None:
            self._fault(
                write.index,
                f"write {write.index}: {field_.name} comes after the end of the "
                f"period, which is write {self._end_write}",
            )
        elif field_.kind == "start":
            self._start(write, code)
        elif field_.kind == "finish":
            self._finish(write, code)
        elif field_.kind == "tail":
            self._end(write, code)
        else:
            self._change(write, field_, code)

    def _decode(self, write: Write, field_: Field, code: int) -> float | str:
        """Return what a code stands for: volts, banks, or a mode or engine."""
        if field_.kind == "banks":
            return code / field_.per_bank
        names: dict[int, float | str]
        if field_.kind == "rail":
            names = dict(field_.codes)
        elif field_.kind == "mode":
            names = dict(enumerate(["", *self._hardware.modes_of(field_.of)]))
        else:
            names = dict(enumerate(["", *self._hardware.engines]))
        if code not in names:
            raise ReplayError(
                f"write {write.index}: {field_.name} has no meaning for code {code}"
            )
        return names[code]

    # -- what is set ------------------------------------------------------------

    def _change(self, write: Write, field_: Field, code: int) -> None:
        key = field_.kind, field_.of
        after = self._decode(write, field_, code)
        before = self._set.get(key)
        self._set[key] = after
        if before is None or before == after:
            return
        at_s = self._when(write)
        self._expect_finished(write, f"{field_.name} changes")
        if at_s < self._time_s - self._early_s:
            self._fault(
                write.index,
                f"write {write.index}: {field_.name} changes "
                f"{with_prefix(self._time_s - at_s, 's')} before layer "
                f"{self._describe(self._run.layers[-1].layer)} is done",
            )
        self._changes.append((at_s, self._price(field_, before, after)))

    def _price(self, field_: Field, before: Any, after: Any) -> Cost:
        """Return what a change takes."""
        if field_.kind == "rail":
            return self._hardware.level_change(field_.of, before, after)
        if field_.kind == "mode":
            return self._hardware.mode_change(before, after)
        if field_.kind == "engine":
            return self._hardware.hand_over(before, after)
        # Banks whose waking costs something are not modelled.
        return Cost()

    def _settings(self, write: int) -> Settings:
        """Return what is set, once all rails are."""
        settings = Settings()
        for (kind, of), value in self._set.items():
            if isinstance(value, float):
                (settings.rails_v if kind == "rail" else settings.banks)[of] = value
            elif kind == "mode" and value:
                settings.modes[of] = str(value)
            elif kind == "engine":
                settings.engine = str(value)
        for domain in self._hardware.domains:
            rail = self._hardware.rail_of(domain)
            if rail not in settings.rails_v:
                raise ReplayError(f"write {write}: rail of {rail} was never set")
        return settings

    # -- what runs --------------------------------------------------------------

    def _describe(self, layer: int) -> str:
        return f"{layer} '{self._costs.name(layer)}'"

    def _describe_settings(self, settings: Settings) -> str:
        voltages_v = self._costs.voltages(settings)
        texts = [
            f"@{name} at {voltage_v:g} V" for name, voltage_v in voltages_v.items()
        ]
        texts += [f"@{name} in mode @{mode}" for name, mode in settings.modes.items()]
        if self._hardware.engines:
            texts.append(
                f"engine @{settings.engine}" if settings.engine else "no engine"
            )
        return ", ".join(texts)

    def _when(self, write: Write) -> float:
        """Return when a write happens: as it says, or when the last layer is done."""
        return write.time_ns * 1e-9 if self._is_timed else self._time_s

    def _expect_finished(self, write: Write, what: str) -> None:
        if self._must_finish and self._unfinished is not None:
            self._fault(
                write.index,
                f"write {write.index}: {what} before layer "
                f"{self._describe(self._unfinished)} has been finished",
            )
            self._unfinished = None

    def _settle(self, leakage_w: float) -> float:
        """Let what has changed take its time; return when it is over."""
        longest_s = sum_s = energy_j = 0.0
        end_s = self._time_s
        for at_s, cost in self._changes:
            begin_s = max(self._time_s, at_s)
            if not self._hardware.has_overlapping_ramps:
                begin_s = max(begin_s, end_s)
            end_s = max(end_s, begin_s + cost.time_s)
            longest_s, sum_s = max(longest_s, cost.time_s), sum_s + cost.time_s
            energy_j += cost.energy_j
        ramps_s = longest_s if self._hardware.has_overlapping_ramps else sum_s
        waited_s = max(end_s - self._time_s - ramps_s, 0.0)
        self._changes.clear()
        self._add("transition", end_s, energy_j + leakage_w * waited_s)
        return end_s

    def _add(
        self, kind: str, end_s: float, energy_j: float, *, is_awake: bool = True
    ) -> None:
        """Add a part of the period, with what is awake around the accelerator."""
        end_s = max(end_s, self._time_s)
        if is_awake:
            energy_j += self._hardware.awake_power_w * (end_s - self._time_s)
        layer = len(self._run.layers)
        self._run.parts.append(Part(kind, self._time_s, end_s, energy_j, layer))
        self._time_s = end_s

    def _start(self, write: Write, layer: int) -> None:
        if layer >= len(self._costs.layers):
            raise ReplayError(
                f"write {write.index}: layer {layer} starts, but there are "
                f"{len(self._costs.layers)}"
            )
        what = f"layer {self._describe(layer)}"
        self._expect_finished(write, f"{what} starts")
        expected = len(self._run.layers)
        if layer != expected:
            next_ = (
                f"layer {self._describe(expected)} comes next"
                if expected < len(self._costs.layers)
                else "all have run"
            )
            self._fault(write.index, f"write {write.index}: {what} starts, but {next_}")
        settings = self._settings(write.index)
        for lacking in self._costs.lacking_banks(layer, settings):
            self._fault(write.index, f"write {write.index}: {what} needs {lacking}")
        cost = self._costs.cost(layer, settings, self._last and self._last[0])
        if cost is None:
            raise ReplayError(
                f"write {write.index}: {what} can't run in what is set: "
                f"{self._describe_settings(settings)}"
            )
        self._wait(write, what, cost.leakage_w)
        self._begin(write, layer, settings, cost)

    def _wait(self, write: Write, what: str, leakage_w: float) -> None:
        """Pass what lies between two layers."""
        done_s = self._time_s
        settled_s = self._settle(leakage_w)
        start_s = self._when(write) if self._is_timed else settled_s + self._dispatch_s
        if start_s < settled_s - self._early_s:
            early = with_prefix(settled_s - start_s, "s")
            before = "what was set before it is"
            if start_s < done_s - self._early_s:
                early = with_prefix(done_s - start_s, "s")
                before = f"layer {self._describe(self._run.layers[-1].layer)} is"
            self._fault(
                write.index,
                f"write {write.index}: {what} starts {early} before {before} done",
            )
        waited_s = max(start_s - settled_s, 0.0)
        self._add("dispatch", start_s, leakage_w * waited_s)

    def _begin(
        self, write: Write, layer: int, settings: Settings, cost: LayerCost
    ) -> None:
        start_s = self._when(write) if self._is_timed else self._time_s
        self._use_rails(self._costs.voltages(settings))
        self._add("layer", start_s + cost.time_s, cost.energy_j)
        self._run.layers.append(LayerRun(layer, write.index, start_s, cost))
        self._unfinished = layer
        self._last = copy.deepcopy(settings), cost

    def _finish(self, write: Write, layer: int) -> None:
        if self._unfinished != layer:
            self._fault(
                write.index,
                f"write {write.index}: layer {layer} is finished, but "
                + (
                    "none is running"
                    if self._unfinished is None
                    else f"layer {self._describe(self._unfinished)} is running"
                ),
            )
        self._unfinished = None

    # -- how it ends ------------------------------------------------------------

    def _use_rails(self, voltages_v: dict[str, float]) -> None:
        """Note the rails that these voltages need, regulators needing none."""
        self._run.rails_v |= {
            voltage_v
            for domain, voltage_v in voltages_v.items()
            if self._hardware.rail_of(domain) == domain
        }

    def _last_leakage_w(self) -> float:
        return self._last[1].leakage_w if self._last else 0.0

    def _end(self, write: Write, code: int) -> None:
        """End the period: stay, or enter an idle or sleep state."""
        hardware = self._hardware
        states = ["", *hardware.idle_states, *hardware.sleep_states]
        if code >= len(states):
            raise ReplayError(
                f"write {write.index}: tail has no meaning for code {code}"
            )
        self._expect_finished(write, "the period ends")
        self._end_write = write.index
        settled_s = self._settle(self._last_leakage_w())
        if self._is_timed:
            waited_s = max(self._when(write) - settled_s, 0.0)
            self._add("dispatch", self._when(write), self._last_leakage_w() * waited_s)
        self._run.active_time_s = self._run.busy_time_s = self._time_s
        state = states[code]
        if state in hardware.sleep_states:
            self._sleep(write, state)
        elif state in hardware.idle_states:
            self._idle(write, state)
        else:
            self._rest(self._last_leakage_w())

    def _rest(self, power_w: float) -> None:
        left_s = max(self._period_s - self._time_s, 0.0)
        self._add("tail", self._period_s, power_w * left_s)

    def _idle(self, write: Write, state: str) -> None:
        idle = self._hardware.idle_states[state]
        found = self._costs.voltages(self._settings(write.index))
        expected = dict(
            zip(found, (ir.FloatAttr(v).value for v in idle.voltages_v), strict=True)
        )
        for domain, voltage_v in expected.items():
            if abs(found[domain] - voltage_v) >= SAME_LEVEL_V:
                self._fault(
                    write.index,
                    f"write {write.index}: idle state @{state} is with domain "
                    f"@{domain} at {voltage_v:g} V, but it is at {found[domain]:g} V",
                )
        self._use_rails(expected)
        self._rest(number(idle.power_w))

    def _sleep(self, write: Write, state: str) -> None:
        entry, leave = self._hardware.sleep_change(state)
        self._run.busy_time_s += entry.time_s + leave.time_s
        power_w = number(self._hardware.sleep_states[state].power_w)
        self._add("entry", self._time_s + entry.time_s, entry.energy_j)
        asleep_s = max(self._period_s - leave.time_s - self._time_s, 0.0)
        self._add("tail", self._time_s + asleep_s, power_w * asleep_s, is_awake=False)
        self._add("exit", self._time_s + leave.time_s, leave.energy_j)
        if self._time_s > self._period_s * (1 + DEADLINE_TOLERANCE):
            self._fault(
                write.index,
                f"write {write.index}: sleep state @{state} takes "
                f"{with_prefix(self._time_s - self._period_s, 's')} longer to enter "
                "and leave than is left of the period",
            )

    def _add_rails(self) -> None:
        """Let each rail in use draw its power all the time."""
        rails_w = self._hardware.rail_power_w * len(self._run.rails_v)
        if rails_w:
            self._run.parts = [
                replace(
                    part, energy_j=part.energy_j + rails_w * (part.end_s - part.start_s)
                )
                for part in self._run.parts
            ]
