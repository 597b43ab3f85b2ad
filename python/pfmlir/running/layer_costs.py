# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a layer takes in what has been set, by the target's declared models."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy

from .. import ir
from ..dialects import power
from ..errors import UnmodelledError
from .array_model import Work, work_of
from .hardware import (
    SAME_LEVEL_V,
    Hardware,
    OperatingPoint,
    name_of,
    number,
)


@dataclass
class Settings:
    """What a power manager has been set to.

    Attributes
    ----------
    rails_v : dict
        The voltage of each domain or regulator that has been set, in volts.
    modes : dict
        The mode of each domain that is in one.
    banks : dict
        The powered banks of each memory.
    engine : str
        What runs layers; "" for the accelerator itself.
    """

    rails_v: dict[str, float] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    banks: dict[str, float] = field(default_factory=dict)
    engine: str = ""


@dataclass(frozen=True)
class LayerCost:
    """What a layer takes.

    Attributes
    ----------
    energy_j, time_s : float
        All of it, leakage included, in joules and seconds.
    leakage_w : float
        In watts.
    """

    energy_j: float
    time_s: float
    leakage_w: float


class LayerCosts:
    """The layers of a network on some hardware.

    Of the layers their names, workloads and tables are read, and nothing that a
    schedule says of them.
    """

    def __init__(self, hardware: Hardware, layers: Sequence[power.LayerOp]) -> None:
        self.hardware = hardware
        self.layers = layers
        self._model: Any = hardware.target.cost_model
        self._works: dict[int, Work] = {}
        if isinstance(self._model, power.AnalyticalAttr):
            self._check_memories()
            for index, layer in enumerate(layers):
                has_tables = layer.costs is not None or layer.implementations
                work = None if has_tables else work_of(layer, self._model)
                if work is not None:
                    self._works[index] = work

    def name(self, layer: int) -> str:
        """Return what a layer is called."""
        return ir.StringAttr(self.layers[layer].attributes["name"]).value

    def cost(
        self, layer: int, now: Settings, before: Settings | None
    ) -> LayerCost | None:
        """Return what a layer takes; None where it can't run in what is set.

        Parameters
        ----------
        layer
            Its number.
        now, before
            What is set, and what was while the layer before it ran.

        Raises
        ------
        UnmodelledError
            No model of the replay's is of this layer.
        """
        table = self._table(layer, now.engine)
        if table is not None:
            return None if now.modes else self._look_up(table, now)
        op = self.layers[layer]
        if op.costs is not None or op.implementations is not None:
            return None
        if now.engine:
            raise self._unmodelled(layer, f"engine @{now.engine}")
        if isinstance(self._model, power.MeasuredAttr):
            name = self.name(layer)
            if name not in self._model.tables:
                raise self._unmodelled(layer, "a table that lacks it")
            return None if now.modes else self._look_up(self._model.tables[name], now)
        if layer not in self._works:
            raise self._unmodelled(layer, f"cost model {self._describe_model()}")
        return self._compute(self._works[layer], now, before)

    def lacking_banks(self, layer: int, now: Settings) -> list[str]:
        """Return in words of which memories a layer lacks banks."""
        work = self._works.get(layer)
        if work is None or now.engine or self.hardware.gating == "none":
            return []
        texts = []
        for memory, role in zip(self._memory_names(), range(3), strict=True):
            declared = self.hardware.memories[memory]
            if declared.is_volatile or declared.is_nonvolatile:
                continue
            needed = self._needed(work, role)
            powered = now.banks.get(memory, 0.0)
            if powered < needed - 1e-9:
                texts.append(
                    f"{needed:g} banks of @{memory}, of which {powered:g} are on"
                )
        return texts

    def voltages(self, now: Settings) -> dict[str, float]:
        """Return the voltage of each domain."""
        rail_of = self.hardware.rail_of
        return {name: now.rails_v[rail_of(name)] for name in self.hardware.domains}

    # -- tables -----------------------------------------------------------------

    def _table(self, layer: int, engine: str) -> Any:
        op = self.layers[layer]
        if op.implementations is None:
            return None if engine else op.costs
        given = op.implementations
        ways = {given[i].name: given[i].attr for i in range(len(given))}
        if engine:
            return ways.get(engine)
        own = [ways[name] for name in ways if name not in self.hardware.engines]
        if op.costs is not None:
            own.append(op.costs)
        if len(own) > 1:
            raise UnmodelledError(
                f"layer '{self.name(layer)}': expected one way to run it without an "
                f"engine, but it has {len(own)}, and no register says which"
            )
        return own[0] if own else None

    def _look_up(self, table: Any, now: Settings) -> LayerCost | None:
        """Return the row of a table at the voltages that are set."""
        voltages_v = list(self.voltages(now).values())
        rows = zip(
            table.voltages_v, table.energy_j, table.time_s, table.leakage_w, strict=True
        )
        for states_v, energy_j, time_s, leakage_w in rows:
            if numpy.allclose(states_v, voltages_v, rtol=0, atol=SAME_LEVEL_V):
                return LayerCost(float(energy_j), float(time_s), float(leakage_w))
        return None

    # -- the reference model ----------------------------------------------------

    def _memory_names(self) -> tuple[str, str, str]:
        model = self._model
        return model.input_memory, model.output_memory, model.weight_memory

    def _describe_model(self) -> str:
        return "none" if self._model is None else str(self._model).partition("<")[0]

    def _unmodelled(self, layer: int, by: str) -> UnmodelledError:
        return UnmodelledError(
            f"layer '{self.name(layer)}' is costed by {by}, which the replay does not "
            "model for it: it models tables of costs, and products by #power.analytical"
        )

    def _check_memories(self) -> None:
        for name in self._memory_names():
            memory = self.hardware.memories[name]
            what = ""
            if memory.bank_retention_w is not None:
                what = "banks that retain their content, which no register tells"
            elif memory.reload_energy_j is not None:
                what = "weights that are loaded again"
            elif memory.wake_energy_j is not None:
                what = "costs of waking banks"
            if what:
                raise UnmodelledError(
                    f"target @{self.hardware.name}: memory @{name} has {what}; the "
                    "replay does not model that"
                )

    def _keeps_content(self) -> bool:
        memories = [self.hardware.memories[name] for name in self._memory_names()]
        return any(memory.is_volatile or memory.is_nonvolatile for memory in memories)

    def _needed(self, work: Work, role: int) -> float:
        """Return the banks that a layer works on, of what is gated."""
        memory = self.hardware.memories[self._memory_names()[role]]
        total = self._total_banks(role)
        if role < 2:
            return min(math.ceil(work.bytes[role] / number(memory.bank_bytes)), total)
        is_gated = self.hardware.gating == "bank"
        return min(work.weight_banks, total) if is_gated else total

    def _total_banks(self, role: int) -> float:
        """Return how many banks there are: as declared, or as needed."""
        memory = self.hardware.memories[self._memory_names()[role]]
        if memory.banks is not None:
            return number(memory.banks)
        most = max(work.all_bytes[role] for work in self._works.values())
        return math.ceil(most / number(memory.bank_bytes))

    def _compute(self, work: Work, now: Settings, before: Settings | None) -> LayerCost:
        model, hardware = self._model, self.hardware
        points = hardware.operating_points(self.voltages(now), now.modes)
        array = points[model.array_domain]
        weight = points[model.weight_domain]
        feeder = points[model.feeder_domain]
        array_j = work.array_j + self._gate_control_j(work, now, before)
        dynamic_j = (
            array_j * array.dynamic_factor
            + work.weight_j * weight.dynamic_factor
            + work.feeder_j * feeder.dynamic_factor
        )
        time_s = work.time_s(
            array.frequency_hz, weight.frequency_hz, feeder.frequency_hz
        )
        leakage_w = self._leakage_w(points, now)
        return LayerCost(dynamic_j + leakage_w * time_s, time_s, leakage_w)

    def _gate_control_j(
        self, work: Work, now: Settings, before: Settings | None
    ) -> float:
        """Return what switching banks takes at nominal voltage.

        As published, every bank of the weight memory on and off in each repetition. Of
        memories that keep their content, the banks that do switch.
        """
        gating, once_j = (
            self.hardware.gating,
            float(self._model.gate_control_energy_j),
        )
        inputs, outputs, weights = self._memory_names()
        if not self._keeps_content():
            is_gated = gating == "bank"
            return 2 * self._total_banks(2) * once_j * work.repeats * is_gated
        switched = 0.0
        if gating != "none" and before is not None:
            switched += sum(
                abs(now.banks.get(name, 0.0) - before.banks.get(name, 0.0))
                for name in (inputs, outputs)
            )
        memory = self.hardware.memories[weights]
        if gating == "bank" and not memory.is_volatile:
            switched += 2 * math.ceil(work.all_bytes[2] / number(memory.bank_bytes))
        return switched * once_j

    def _leakage_w(self, points: dict[str, OperatingPoint], now: Settings) -> float:
        """Return the leakage of all domains, and of the banks that are powered."""
        watts = dict.fromkeys(points, 0.0)
        for name, domain in self.hardware.domains.items():
            watts[name] += number(domain.leakage_w)
        if self.hardware.gating == "bank":
            watts[self._model.array_domain] += self._model.gate_controller_leakage_w
        for role, name in enumerate(self._memory_names()):
            memory = self.hardware.memories[name]
            is_gated = self.hardware.gating != "none"
            powered = now.banks.get(name, 0.0) if is_gated else self._total_banks(role)
            banks_w = powered * number(memory.bank_leakage_w)
            watts[name_of(memory.domain)] += banks_w
        return sum(watts[name] * point.leakage_factor for name, point in points.items())
