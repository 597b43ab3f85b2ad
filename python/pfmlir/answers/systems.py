# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules of several networks on the same rails, as a value."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from numpy import float64
from numpy.typing import NDArray

from .. import ir
from ..dialects import power
from ..modules import copy_module, print_module
from ..units import with_prefix
from .answer import PowerAnswer, Row, describe_proof, floats
from .schedule import Schedule
from .scheduled import ScheduledAnswer, read_numbers


class SystemSchedule(ScheduledAnswer, PowerAnswer):
    """The schedules of several networks on one set of rails.

    What is optimal is the power in the mean over all networks.

    Attributes
    ----------
    system, target : str
        The system's and the accelerator's symbol.
    rails_v : ndarray
        The rails of all, in volts.
    power_w, lower_bound_w : float
        The energies of all networks over their periods, each times its share, and what
        no rails and schedules have less than, in watts.
    names : tuple of str
        The networks' functions.
    shares : ndarray, shape [network]
        The part of the time that each network runs at its rate, from 0 to 1.
    corners : tuple of (str or None)
        The corner that each network's function runs in, where it is only one.
    schedules : dict
        Each network's Schedule, by name; its lower bound is about these rails.
    ir : str
        The scheduled module as `pf-opt` prints it.
    """

    FORMAT = "pfmlir system"
    OPERATION = power.SystemOp

    def __init__(self, data: Mapping[str, Any], ir: str) -> None:
        super().__init__(data, ir)
        networks = data["networks"]
        self.system: str = data["system"]
        self.target: str = data["target"]
        self.rails_v = floats(data["rails_v"])
        self.power_w = float(data["power_w"])
        self.lower_bound_w = float(data["lower_bound_w"])
        self.names: tuple[str, ...] = tuple(each["function"] for each in networks)
        self.shares = floats([each["share"] for each in networks])
        self.corners: tuple[str | None, ...] = tuple(
            each.get("corner") for each in networks
        )
        self._is_made = True

    # -- words of all answers -----------------------------------------------

    def _each(self, name: str) -> NDArray[float64]:
        return floats([each[name] for each in self._data["networks"]])

    @property
    def period_s(self) -> NDArray[float64]:
        """The networks' periods in seconds, shape [network]."""
        return self._each("period_s")

    @property
    def fps(self) -> NDArray[float64]:
        """The networks' inferences a second, shape [network]."""
        return floats(1 / self.period_s)

    @property
    def energy_j(self) -> NDArray[float64]:
        """The energy of a period of each network, in joules, shape [network]."""
        return self._each("energy_j")

    @property
    def lower_bound_j(self) -> NDArray[float64]:
        """What no schedule on these rails costs less than, shape [network]."""
        return self._each("lower_bound_j")

    @property
    def active_time_s(self) -> NDArray[float64]:
        """The time of all layers and transitions, in seconds, shape [network]."""
        return self._each("active_time_s")

    @cached_property
    def schedules(self) -> dict[str, Schedule]:
        """Each network's schedule, by name."""
        return {
            name: Schedule.from_module(_only(self.module, name)) for name in self.names
        }

    # -- from and to elsewhere ----------------------------------------------

    @classmethod
    def from_module(cls, module: ir.Module) -> Self:
        """Read the schedules of a module with a system.

        Raises
        ------
        CompilationError
            They aren't there.
        ValueError
            The module has no system.
        """
        data = read_numbers(module)
        if "system" not in data:
            raise ValueError("module: expected a power.system, but got none")
        return cls(data, print_module(module))

    def to_rows(self) -> list[Row]:
        """Return one dict a layer, after its `network`, as of a Schedule."""
        return [
            {"network": name, **row}
            for name, schedule in self.schedules.items()
            for row in schedule.to_rows()
        ]

    # -- as a value ---------------------------------------------------------

    def _title(self) -> str:
        return (
            f"SystemSchedule @{self.system} of {len(self.names)} networks on "
            f"@{self.target}"
        )

    def _summary(self) -> list[tuple[str, str]]:
        proof = describe_proof(self.status, self.gap)
        return [
            ("rails", ", ".join(f"{rail:.2f} V" for rail in self.rails_v)),
            ("power", f"{with_prefix(self.power_w, 'W')} together ({proof})"),
            ("energy", f"{with_prefix(self.energy_j.sum(), 'J')}, a period of each"),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                each["function"],
                f"{1 / each['period_s']:.4g}",
                f"{100 * each['share']:.4g} %",
                with_prefix(each["energy_j"], "J"),
                with_prefix(each["share"] * each["energy_j"] / each["period_s"], "W"),
                ", ".join(f"{rail:.2f} V" for rail in each["rails_v"]),
            ]
            for each in self._data["networks"]
        ]
        head = ["network", "fps", "of the time", "energy", "power", "uses"]
        return f"{len(rows)} networks", head, rows


def _only(module: ir.Module, name: str) -> ir.Module:
    """Return a copy of a scheduled module with one network alone."""
    single = copy_module(module)
    members = {
        ir.FlatSymbolRefAttr(member.attributes["function"]).value
        for system in single.body.operations
        if isinstance(system, power.SystemOp)
        for member in system.regions[0].blocks[0].operations
    }
    for operation in list(single.body.operations):
        attributes = operation.operation.attributes
        if isinstance(operation, power.SystemOp):
            operation.operation.erase()
        elif isinstance(operation, power.ScheduleOp):
            if ir.FlatSymbolRefAttr(attributes["function"]).value != name:
                operation.operation.erase()
        elif "sym_name" in attributes:
            symbol = ir.StringAttr(attributes["sym_name"]).value
            if symbol in members and symbol != name:
                operation.operation.erase()
    return single
