# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Pareto front as a value."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, overload

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import Answer, Row, Status, floats, freeze, status_of
from .solution import Solution


class LazySolutions(Sequence[Solution]):
    """Solutions that are made when they are first looked at.

    Parameters
    ----------
    number
        How many there are.
    make
        Returns one of them, by its index; called once for each.
    """

    def __init__(self, number: int, make: Callable[[int], Solution]) -> None:
        self._indices = range(number)
        self._make = functools.cache(make)

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> Solution: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Solution, ...]: ...

    def __getitem__(self, index: int | slice) -> Solution | tuple[Solution, ...]:
        if isinstance(index, slice):
            return tuple(map(self._make, self._indices[index]))
        return self._make(self._indices[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles don't hold on to what makes them.
        return tuple, (tuple(self),)


@dataclass(frozen=True, eq=False, repr=False)
class ParetoFront(Answer):
    """The least energy of a period against its length, as `pareto_front` finds it.

    Attributes
    ----------
    period_s : ndarray, shape [point]
        Periods, increasing: each is a deadline for the layers.
    energy_j : ndarray, shape [point]
        Energy of one period in joules.
    lower_bound_j : ndarray, shape [point]
        What no schedule of the period costs less than, in joules.
    active_time_s : ndarray, shape [point]
        The time of all layers and transitions, in seconds.
    are_optimal : ndarray of bool, shape [point]
        Whether the point is proven to be an optimum.
    rails_v : tuple of ndarray
        The levels in use at each point, in volts.
    solutions : sequence of Solution
        The schedule of each point; made when it is looked at.
    tolerance : float
        How far, relative to the energy, the front can be from these points, at them
        and between them.
    """

    FORMAT = "pfmlir front"

    period_s: NDArray[numpy.float64]
    energy_j: NDArray[numpy.float64]
    lower_bound_j: NDArray[numpy.float64]
    active_time_s: NDArray[numpy.float64]
    are_optimal: NDArray[numpy.bool_]
    rails_v: tuple[NDArray[numpy.float64], ...]
    solutions: Sequence[Solution]
    tolerance: float

    def __post_init__(self) -> None:
        """Freeze arrays, those of rails, too."""
        super().__post_init__()
        object.__setattr__(self, "rails_v", tuple(map(freeze, self.rails_v)))

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second, shape [point]."""
        return floats(1 / self.period_s)

    @property
    def gap(self) -> NDArray[numpy.float64]:
        """How far each energy can be above its optimum, relative to it."""
        energies = self.energy_j
        gap = numpy.zeros_like(energies)
        numpy.divide(
            energies - self.lower_bound_j, energies, out=gap, where=energies != 0
        )
        return floats(gap)

    @property
    def is_optimal(self) -> bool:
        """Whether every point is proven to be an optimum."""
        return bool(self.are_optimal.all())

    @property
    def status(self) -> Status:
        """Whether every point is proven, or only that they are within the tolerance."""
        return status_of("exact", self.is_optimal)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {
            "tolerance": self.tolerance,
            "solutions": [solution.to_dict() for solution in self.solutions],
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        solutions = tuple(
            Solution._from_file(solution) for solution in content["solutions"]
        )
        periods = floats([solution.period_s for solution in solutions])
        if not len(periods) or not (numpy.diff(periods) > 0).all():
            raise TypeError("expected increasing periods")
        return cls(
            period_s=periods,
            energy_j=floats([solution.energy_j for solution in solutions]),
            lower_bound_j=floats([solution.lower_bound_j for solution in solutions]),
            active_time_s=floats([solution.active_time_s for solution in solutions]),
            are_optimal=numpy.array(
                [solution.is_optimal for solution in solutions], bool
            ),
            rails_v=tuple(solution.rails_v for solution in solutions),
            solutions=solutions,
            tolerance=float(content["tolerance"]),
        )

    def to_rows(self) -> list[Row]:
        """Return one dict a point, of plain numbers."""
        columns = {
            "period_s": self.period_s,
            "fps": self.fps,
            "energy_j": self.energy_j,
            "lower_bound_j": self.lower_bound_j,
            "gap": self.gap,
            "is_optimal": self.are_optimal,
            "power_w": self.energy_j / self.period_s,
            "active_time_s": self.active_time_s,
        }
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        return [
            dict(zip(columns, row, strict=True)) | {"rails_v": rails.tolist()}
            for row, rails in zip(rows, self.rails_v, strict=True)
        ]

    def describe_proof(self) -> str:
        """Return in words what is proven of the points."""
        if self.is_optimal:
            return "each proven"
        return (
            f"{numpy.count_nonzero(self.are_optimal)} of them proven optimal, each at "
            f"most {100 * float(self.gap.max()):.2g} % above the optimum"
        )

    def _title(self) -> str:
        return (
            f"ParetoFront of {len(self.period_s)} points from {self.fps[-1]:.4g} to "
            f"{self.fps[0]:.4g} fps"
        )

    def _summary(self) -> list[tuple[str, str]]:
        energies = self.energy_j
        return [
            (
                "energy",
                f"from {with_prefix(float(energies.min()), 'J')} to "
                f"{with_prefix(float(energies.max()), 'J')} a period",
            ),
            ("points", self.describe_proof()),
            ("between", f"known within {100 * self.tolerance:.2g} %"),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                # A front is steep where it begins.
                with_prefix(row["period_s"], "s", digits=7),
                f"{row['fps']:.4g}",
                with_prefix(row["energy_j"], "J"),
                describe_gap(row),
                ", ".join(f"{rail:.2f} V" for rail in row["rails_v"]),
            ]
            for row in self.to_rows()
        ]
        head = ["period", "fps", "energy", "above optimum", "rails"]
        return f"{len(rows)} points", head, rows


def describe_gap(row: Row) -> str:
    """Return how far a point, as a row, can be above the optimum, in a few letters."""
    return "optimal" if row["is_optimal"] else f"<= {100 * row['gap']:.2g} %"
