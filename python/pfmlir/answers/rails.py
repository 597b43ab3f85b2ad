# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A choice of rails for several networks as a value."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import (
    Row,
    Status,
    describe_proof,
    floats,
    relative_gap,
    status_of,
)
from .solution import Solution, SolutionsAnswer


@dataclass(frozen=True, eq=False, repr=False)
class RailChoice(SolutionsAnswer):
    """Rails that serve several networks, as `choose_rails` finds them.

    Attributes
    ----------
    rails_v : ndarray
        The rails in volts, increasing.
    solutions : tuple of Solution
        The optimum of each network on these rails, with the rails that it uses.
    energy_j, lower_bound_j : float
        The sum of the networks' energies, each times its weight, and what no set of
        rails has less than.
    is_optimal : bool
        Whether the choice is proven to be one of least weighted energy.
    names : tuple of str
        What the networks are called.
    weights : ndarray, shape [network]
        What a joule of each network's period counts.
    statistics : dict
        How many sets of rails there are, and how many had to be looked at closely.
    """

    FORMAT = "pfmlir rails"

    rails_v: NDArray[numpy.float64]
    solutions: tuple[Solution, ...]
    energy_j: float
    lower_bound_j: float
    is_optimal: bool
    names: tuple[str, ...]
    weights: NDArray[numpy.float64]
    statistics: dict[str, int] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the energy can be above the optimum, relative to it."""
        return relative_gap(self.energy_j, self.lower_bound_j)

    @property
    def status(self) -> Status:
        """What is known of the choice: whether it is proven, or why not."""
        return status_of("exact", self.is_optimal)

    def to_dict(self) -> dict[str, Any]:
        """Return all but how it was found as plain numbers and texts."""
        return {
            "rails_v": self.rails_v.tolist(),
            "energy_j": self.energy_j,
            "lower_bound_j": self.lower_bound_j,
            "is_optimal": self.is_optimal,
            "names": list(self.names),
            "weights": self.weights.tolist(),
            "solutions": [solution.to_dict() for solution in self.solutions],
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        return cls(
            **content
            | {
                "rails_v": floats(content["rails_v"]),
                "names": tuple(content["names"]),
                "weights": floats(content["weights"]),
                "solutions": tuple(
                    Solution._from_file(solution) for solution in content["solutions"]
                ),
            }
        )

    def to_rows(self) -> list[Row]:
        """Return one dict a network, of plain numbers."""
        return [
            {
                "network": name,
                "period_s": solution.period_s,
                "fps": solution.fps,
                "weight": float(weight),
                "energy_j": solution.energy_j,
                "power_w": solution.power_w,
                "active_time_s": solution.active_time_s,
                "rails_v": [float(rail) for rail in solution.rails_v],
            }
            for name, weight, solution in zip(
                self.names, self.weights, self.solutions, strict=True
            )
        ]

    def _title(self) -> str:
        return f"RailChoice for {len(self.solutions)} networks"

    def _summary(self) -> list[tuple[str, str]]:
        rails = ", ".join(f"{rail:.2f} V" for rail in self.rails_v)
        proof = describe_proof(self.status, self.gap)
        return [
            ("rails", rails),
            ("energy", f"{with_prefix(self.energy_j, 'J')}, weighted ({proof})"),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                row["network"],
                f"{row['fps']:.4g}",
                with_prefix(row["energy_j"], "J"),
                with_prefix(row["power_w"], "W"),
                ", ".join(f"{rail:.2f} V" for rail in row["rails_v"]),
            ]
            for row in self.to_rows()
        ]
        head = ["network", "fps", "energy", "power", "uses"]
        return f"{len(rows)} networks", head, rows
