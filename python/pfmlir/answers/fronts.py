# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Pareto front as a value."""

from dataclasses import dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import Answer, Row, Status, describe_proof, floats, joint_status
from .solution import Solution


@dataclass(frozen=True, eq=False, repr=False)
class ParetoFront(Answer):
    """The least energy of a period against its length, as `pareto_front` finds it.

    Attributes
    ----------
    period_s : ndarray, shape [point]
        Periods, increasing: each is a deadline for the layers.
    solutions : tuple of Solution
        The optimum at each of them.
    tolerance : float
        How far, relative to the energy, the front can be from these points between
        them.
    """

    FORMAT = "pfmlir front"

    period_s: NDArray[numpy.float64]
    solutions: tuple[Solution, ...]
    tolerance: float

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second, shape [point]."""
        return floats(1 / self.period_s)

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """Energy of one period in joules, shape [point]."""
        return floats([solution.energy_j for solution in self.solutions])

    @property
    def lower_bound_j(self) -> NDArray[numpy.float64]:
        """What no schedule of the period costs less than, in joules, shape [point]."""
        return floats([solution.lower_bound_j for solution in self.solutions])

    @property
    def gap(self) -> NDArray[numpy.float64]:
        """How far each energy can be above its optimum, relative to it."""
        return floats([solution.gap for solution in self.solutions])

    @property
    def active_time_s(self) -> NDArray[numpy.float64]:
        """The time of all layers and transitions, in seconds, shape [point]."""
        return floats([solution.active_time_s for solution in self.solutions])

    @property
    def rails_v(self) -> tuple[NDArray[numpy.float64], ...]:
        """The levels in use at each point, in volts."""
        return tuple(solution.rails_v for solution in self.solutions)

    @property
    def is_optimal(self) -> bool:
        """Whether every point is proven to be an optimum."""
        return all(solution.is_optimal for solution in self.solutions)

    @property
    def status(self) -> Status:
        """What is known of the points, where least is."""
        return joint_status(solution.status for solution in self.solutions)

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
        periods = numpy.array([solution.period_s for solution in solutions])
        if not len(periods) or not (numpy.diff(periods) > 0).all():
            raise TypeError("expected increasing periods")
        return cls(periods, solutions, float(content["tolerance"]))

    def to_rows(self) -> list[Row]:
        """Return one dict a point, of plain numbers."""
        return [
            {
                "period_s": float(period_s),
                "fps": float(1 / period_s),
                "energy_j": solution.energy_j,
                "lower_bound_j": solution.lower_bound_j,
                "power_w": solution.energy_j / float(period_s),
                "active_time_s": solution.active_time_s,
                "rails_v": [float(rail) for rail in solution.rails_v],
            }
            for period_s, solution in zip(self.period_s, self.solutions, strict=True)
        ]

    def _title(self) -> str:
        return (
            f"ParetoFront of {len(self.solutions)} points from {self.fps[-1]:.4g} to "
            f"{self.fps[0]:.4g} fps"
        )

    def _summary(self) -> list[tuple[str, str]]:
        energies = self.energy_j
        proof = describe_proof(self.status, float(self.gap.max()))
        return [
            (
                "energy",
                f"from {with_prefix(float(energies.min()), 'J')} to "
                f"{with_prefix(float(energies.max()), 'J')} a period (each {proof})",
            ),
            ("between", f"known within {100 * self.tolerance:.2g} %"),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                # A front is steep where it begins.
                with_prefix(row["period_s"], "s", digits=7),
                f"{row['fps']:.4g}",
                with_prefix(row["energy_j"], "J"),
                ", ".join(f"{rail:.2f} V" for rail in row["rails_v"]),
            ]
            for row in self.to_rows()
        ]
        return f"{len(rows)} points", ["period", "fps", "energy", "rails"], rows
