# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a target can declare, as values, and as text.

Nothing here is shared with the compiler.
"""

from dataclasses import dataclass, field

Rows = list[tuple[list[float], float, float, float]]


def number(value: float) -> str:
    """Return a number as text that is it again, with a point, as MLIR wants it."""
    return f"{value:.17e}"


def _list(values: list[float]) -> str:
    return "[" + ", ".join(map(number, values)) + "]"


def _cost(cost: "float | list[list[float]]") -> str:
    if isinstance(cost, list):
        return "[" + ", ".join(map(_list, cost)) + "]"
    return number(cost)


def _given(**quantities: float | None) -> str:
    """Return names and values of those that are given."""
    return "".join(
        f" {name} {number(value)}"
        for name, value in quantities.items()
        if value is not None
    )


@dataclass
class Converter:
    """Losses, or efficiencies at voltages."""

    fixed_loss_w: float = 0.0
    proportional_loss: float = 0.0
    resistance_ohm: float = 0.0
    voltage_v: list[float] | None = None
    efficiency: list[float] = field(default_factory=list)

    def text(self) -> str:
        """Return the attribute."""
        if self.voltage_v is not None:
            return (
                f"#power.efficiency_table<voltage_v = {_list(self.voltage_v)}, "
                f"efficiency = {_list(self.efficiency)}>"
            )
        return (
            f"#power.converter<fixed_loss_w = {number(self.fixed_loss_w)}, "
            f"proportional_loss = {number(self.proportional_loss)}, "
            f"resistance_ohm = {number(self.resistance_ohm)}>"
        )


@dataclass
class Supply:
    """A supply; regulated where it has a slew."""

    name: str
    slew_v_per_s: float | None = None
    settle_time_s: float = 0.0
    output_f: float | None = None
    converter: Converter | None = None
    maximum_power_w: float | None = None
    maximum_current_a: float | None = None

    @property
    def is_regulated(self) -> bool:
        """Whether it makes one voltage for all of its domains."""
        return self.slew_v_per_s is not None

    def text(self) -> str:
        """Return the declaration."""
        kind = " selected"
        if self.is_regulated:
            kind = " regulated" + _given(
                slew_v_per_s=self.slew_v_per_s,
                settle_time_s=self.settle_time_s,
                output_f=self.output_f,
            )
        converter = f" converter {self.converter.text()}" if self.converter else ""
        limits = _given(
            maximum_power_w=self.maximum_power_w,
            maximum_current_a=self.maximum_current_a,
        )
        return f"power.supply @{self.name}{kind}{converter}{limits}"


@dataclass
class Clock:
    """A clock: of some frequencies, of dividers, or of any frequency."""

    name: str
    frequencies_hz: list[float] | None = None
    reference_hz: float | None = None

    def text(self) -> str:
        """Return the declaration."""
        made = _given(reference_hz=self.reference_hz)
        if self.frequencies_hz is not None:
            made = f" frequencies_hz {_list(self.frequencies_hz)}"
        return f"power.clock @{self.name}{made}"


@dataclass
class Domain:
    """A power domain; its law is a table."""

    name: str
    nominal_v: float
    law_v: list[float]
    law_hz: list[float]
    nominal_hz: float
    leakage_w: float
    supply: str | None = None
    clock: str | None = None
    minimum_v: float | None = None
    maximum_v: float | None = None
    # Volts an e-fold; then degrees: of reference and to double.
    leakage_law: tuple[float, ...] = ()

    def text(self) -> str:
        """Return the declaration."""
        on = f" on @{self.supply}" if self.supply else ""
        clock = f" clock @{self.clock}" if self.clock else ""
        limits = _given(minimum_v=self.minimum_v, maximum_v=self.maximum_v)
        names = ("voltage_per_efold_v", "reference_c", "doubling_c")
        law = ", ".join(
            f"{name} = {number(value)}"
            for name, value in zip(names, self.leakage_law, strict=False)
        )
        leakage_law = f" leakage_law #power.exponential_leakage<{law}>" if law else ""
        return (
            f"power.domain @{self.name}{on}{clock} nominal_v "
            f"{number(self.nominal_v)}{limits} frequency_hz {number(self.nominal_hz)} "
            f"law #power.frequency_table<voltage_v = {_list(self.law_v)}, "
            f"frequency_hz = {_list(self.law_hz)}>"
            f" leakage_w {number(self.leakage_w)}{leakage_law}"
        )


@dataclass
class Mode:
    """A mode of a domain."""

    name: str
    domain: str
    frequency_factor: float
    dynamic_factor: float
    leakage_factor: float
    energy_j: float
    time_s: float

    def text(self) -> str:
        """Return the declaration."""
        factors = _given(
            frequency_factor=self.frequency_factor,
            dynamic_factor=self.dynamic_factor,
            leakage_factor=self.leakage_factor,
            energy_j=self.energy_j,
            time_s=self.time_s,
        )
        return f"power.mode @{self.name} of @{self.domain}{factors}"


@dataclass
class Exclusion:
    """Voltages that domains can't have together."""

    domains: list[str]
    voltages_v: list[list[float]]

    def text(self) -> str:
        """Return the declaration."""
        names = ", ".join(f"@{name}" for name in self.domains)
        lists = ", ".join(map(_list, self.voltages_v))
        return f"power.exclude [{names}] at [{lists}]"


@dataclass
class Memory:
    """A memory; it keeps its content or not, or does not say."""

    name: str
    domain: str
    bank_bytes: int
    bank_leakage_w: float
    banks: int | None = None
    minimum_v: float | None = None
    is_volatile: bool = False
    is_nonvolatile: bool = False
    bank_retention_w: float | None = None
    # Joules and seconds: of a byte that is loaded again, of waking.
    reload: tuple[float, float] | None = None
    wake: tuple[float, float] | None = None

    def text(self) -> str:
        """Return the declaration."""
        parts = [
            f"power.memory @{self.name} in @{self.domain} bank_bytes {self.bank_bytes}"
            f" bank_leakage_w {number(self.bank_leakage_w)}",
            f" banks {self.banks}" if self.banks is not None else "",
            _given(minimum_v=self.minimum_v),
        ]
        if self.is_volatile:
            parts.append(" volatile")
            parts.append(_given(bank_retention_w=self.bank_retention_w))
        if self.is_nonvolatile:
            parts.append(" nonvolatile")
        if self.reload:
            energy, time = self.reload
            parts.append(_given(reload_energy_j=energy, reload_time_s=time))
        if self.wake:
            energy, time = self.wake
            parts.append(_given(wake_energy_j=energy, wake_time_s=time))
        return "".join(parts)


@dataclass
class Roofline:
    """A cost model: throughput and energy of multiplies and of bytes."""

    domain: str
    memory_domain: str
    macs_per_cycle: float
    mac_energy_j: float
    bytes_per_cycle: float
    byte_energy_j: float
    feature_memory: str | None = None
    weight_memory: str | None = None

    def text(self) -> str:
        """Return the attribute."""
        names = "".join(
            f', {key} = "{name}"'
            for key, name in (
                ("feature_memory", self.feature_memory),
                ("weight_memory", self.weight_memory),
            )
            if name
        )
        return (
            f'#power.roofline<domain = "{self.domain}", memory_domain = '
            f'"{self.memory_domain}", macs_per_cycle = {number(self.macs_per_cycle)}, '
            f"mac_energy_j = {number(self.mac_energy_j)}, "
            f"bytes_per_cycle = {number(self.bytes_per_cycle)}, "
            f"byte_energy_j = {number(self.byte_energy_j)}{names}>"
        )


@dataclass
class Engine:
    """Another engine."""

    name: str
    model: Roofline
    handover_energy_j: float
    handover_time_s: float

    def text(self) -> str:
        """Return the declaration."""
        handover = _given(
            handover_energy_j=self.handover_energy_j,
            handover_time_s=self.handover_time_s,
        )
        return f"power.engine @{self.name} cost_model {self.model.text()}{handover}"


@dataclass
class Transition:
    """Costs of changing a level: numbers or matrices; of a domain or of all others."""

    energy_j: float | list[list[float]]
    time_s: float | list[list[float]]
    domain: str | None = None

    def text(self) -> str:
        """Return the declaration."""
        of = f" of @{self.domain}" if self.domain else ""
        energy, time = _cost(self.energy_j), _cost(self.time_s)
        return f"power.transition{of} energy_j {energy} time_s {time}"


@dataclass
class IdleState:
    """An idle state, with a voltage for each domain."""

    name: str
    voltages_v: list[float]
    power_w: float

    def text(self) -> str:
        """Return the declaration."""
        return (
            f"power.idle_state @{self.name} voltages_v {_list(self.voltages_v)}"
            f" power_w {number(self.power_w)}"
        )


@dataclass
class SleepState:
    """A sleep state; entry and exit cost this much together, or what is default."""

    name: str
    power_w: float
    overhead: tuple[float, float] | None = None

    def text(self) -> str:
        """Return the declaration; powers of two share the costs without rounding."""
        costs = ""
        if self.overhead:
            energy, time = self.overhead
            costs = _given(
                entry_energy_j=energy / 4,
                entry_time_s=time / 4,
                exit_energy_j=energy * 3 / 4,
                exit_time_s=time * 3 / 4,
            )
        return f"power.sleep_state @{self.name} power_w {number(self.power_w)}{costs}"


@dataclass
class Layer:
    """A matrix product of these m, k, n; or a table; or several by name."""

    product: tuple[int, int, int] | None = None
    table: Rows | None = None
    implementations: dict[str, Rows] | None = None

    def text(self, name: str) -> str:
        """Return the operation."""
        if self.product:
            m, k, n = self.product
            what = f"workload #power.matmul<m = {m}, k = {k}, n = {n}>"
        elif self.table is not None:
            what = f"costs {_rows(self.table)}"
        else:
            assert self.implementations
            tables = ", ".join(
                f"{name} = #power.cost_table{_rows(rows)}"
                for name, rows in self.implementations.items()
            )
            what = f"implementations {{{tables}}}"
        return f'power.layer "{name}" {what}'


def _rows(rows: Rows) -> str:
    entries = ", ".join(
        f"{_list(voltages)} -> {number(energy)} J, {number(time)} s, {number(power)} W"
        for voltages, energy, time, power in rows
    )
    return f"<{entries}>"


@dataclass
class Chip:
    """A target and a network for it."""

    levels_v: list[float]
    max_rails: int
    domains: list[Domain]
    model: Roofline
    layers: list[Layer]
    supplies: list[Supply] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    modes: list[Mode] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    engines: list[Engine] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    idle_states: list[IdleState] = field(default_factory=list)
    sleep_states: list[SleepState] = field(default_factory=list)
    awake_power_w: float | None = None
    rail_power_w: float | None = None
    maximum_power_w: float | None = None
    dispatch_time_s: float | None = None
    margin: float | None = None
    temperature_c: float | None = None
    overlapping_ramps: bool = False
    gating: str | None = None
    granularity: int = 1

    def text(self) -> str:
        """Return the module."""
        header = _given(
            awake_power_w=self.awake_power_w,
            rail_power_w=self.rail_power_w,
            maximum_power_w=self.maximum_power_w,
            dispatch_time_s=self.dispatch_time_s,
            margin=self.margin,
            temperature_c=self.temperature_c,
        )
        ramps = " overlapping_ramps" if self.overlapping_ramps else ""
        gating = ""
        if self.gating:
            by = f", granularity = {self.granularity}" if self.granularity > 1 else ""
            gating = f" gating <{self.gating}{by}>"
        body = [
            *self.supplies,
            *self.clocks,
            *self.domains,
            *self.modes,
            *self.exclusions,
            *self.memories,
            *self.engines,
            *self.transitions,
            *self.idle_states,
            *self.sleep_states,
        ]
        return "\n".join(
            [
                f"power.target @chip levels_v {_list(self.levels_v)} max_rails "
                f"{self.max_rails}{header}{ramps}{gating} cost_model "
                f"{self.model.text()} {{",
                *(f"  {declaration.text()}" for declaration in body),
                "}",
                "func.func @net() {",
                *(f"  {layer.text(f'l{i}')}" for i, layer in enumerate(self.layers)),
                "  return",
                "}",
                "",
            ]
        )
