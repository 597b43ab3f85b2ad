# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A sweep over rates, numbers of rails, and searches as a value."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import (
    AnswerSequence,
    Row,
    Status,
    describe_proof,
    floats,
    joint_status,
    relative_gap,
    status_of,
)


@dataclass(frozen=True)
class SweepPoint:
    """One schedule of a sweep, or that there is none.

    Attributes
    ----------
    fps : float
        Inferences a second.
    max_rails : int or None
        How many levels may become rails; None for the target's number.
    search : str
        What searched.
    energy_j, lower_bound_j, power_w, active_time_s : float or None
        As in a `Schedule`; None where no schedule keeps the deadline.
    rails_v : tuple of float
        The levels in use, in volts; empty where there is no schedule.
    fastest_time_s : float or None
        The shortest period that could be had, where the deadline is too short.
    is_optimal : bool
        Whether the schedule is proven to be one of least energy.
    """

    fps: float
    max_rails: int | None
    search: str
    energy_j: float | None = None
    lower_bound_j: float | None = None
    power_w: float | None = None
    active_time_s: float | None = None
    rails_v: tuple[float, ...] = ()
    fastest_time_s: float | None = None
    is_optimal: bool = False

    @property
    def period_s(self) -> float:
        """From one inference to the next, in seconds."""
        return 1 / self.fps

    @property
    def is_feasible(self) -> bool:
        """Whether some schedule keeps the deadline."""
        return self.energy_j is not None

    @property
    def gap(self) -> float | None:
        """How far the energy can be above the optimum, relative to it."""
        if self.energy_j is None or self.lower_bound_j is None:
            return None
        return relative_gap(self.energy_j, self.lower_bound_j)

    @property
    def status(self) -> Status:
        """What is known of the schedule: whether it is proven, or why not."""
        return status_of(self.search, self.is_optimal)


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(AnswerSequence[SweepPoint]):
    """What `sweep` finds: a sequence of points.

    Its words are arrays with an entry for each point, NaN where there is no schedule.

    Attributes
    ----------
    points : tuple of SweepPoint
        By search, then number of rails, then rate.
    """

    FORMAT = "pfmlir sweep"

    points: tuple[SweepPoint, ...]

    @property
    def _parts(self) -> tuple[SweepPoint, ...]:
        return self.points

    def _array(self, name: str) -> NDArray[numpy.float64]:
        values = (getattr(point, name) for point in self.points)
        return floats([math.nan if value is None else value for value in values])

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second, shape [point]."""
        return self._array("fps")

    @property
    def period_s(self) -> NDArray[numpy.float64]:
        """From one inference to the next in seconds, shape [point]."""
        return self._array("period_s")

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """Energy of one period in joules, shape [point]."""
        return self._array("energy_j")

    @property
    def lower_bound_j(self) -> NDArray[numpy.float64]:
        """What no schedule costs less than, in joules, shape [point]."""
        return self._array("lower_bound_j")

    @property
    def gap(self) -> NDArray[numpy.float64]:
        """How far each energy can be above its optimum, relative to it."""
        return self._array("gap")

    @property
    def active_time_s(self) -> NDArray[numpy.float64]:
        """The time of all layers and transitions, in seconds, shape [point]."""
        return self._array("active_time_s")

    @property
    def rails_v(self) -> tuple[NDArray[numpy.float64], ...]:
        """The levels in use at each point, in volts."""
        return tuple(floats(point.rails_v) for point in self.points)

    @property
    def is_optimal(self) -> bool:
        """Whether every schedule is proven."""
        return all(point.is_optimal for point in self.points if point.is_feasible)

    @property
    def status(self) -> Status:
        """What is known of the schedules, where least is."""
        return joint_status(point.status for point in self.points if point.is_feasible)

    def to_rows(self) -> list[Row]:
        """Return one dict a point, of plain numbers; None without a schedule."""
        return [asdict(point) | {"rails_v": list(point.rails_v)} for point in self]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {"points": self.to_rows()}

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        rows = content["points"]
        return cls(
            tuple(
                SweepPoint(**row | {"rails_v": tuple(row["rails_v"])}) for row in rows
            )
        )

    def _title(self) -> str:
        feasible = sum(point.is_feasible for point in self.points)
        return f"Sweep of {len(self.points)} points, {feasible} of them with a schedule"

    def _summary(self) -> list[tuple[str, str]]:
        rows = [
            ("rates", f"from {self.fps.min():.4g} to {self.fps.max():.4g} fps"),
            ("search", ", ".join(dict.fromkeys(point.search for point in self.points))),
        ]
        energies = [
            point.energy_j for point in self.points if point.energy_j is not None
        ]
        if energies:
            proof = describe_proof(self.status, float(numpy.nanmax(self.gap)))
            rows.append(
                (
                    "energy",
                    f"from {with_prefix(min(energies), 'J')} to "
                    f"{with_prefix(max(energies), 'J')} a period (each {proof})",
                )
            )
        return rows

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                point.search,
                str(point.max_rails or ""),
                f"{point.fps:.4g}",
                "too fast"
                if point.energy_j is None
                else with_prefix(point.energy_j, "J"),
                ", ".join(f"{rail:.2f} V" for rail in point.rails_v),
            ]
            for point in self.points
        ]
        head = ["search", "rails at most", "fps", "energy", "rails"]
        return f"{len(rows)} points", head, rows
