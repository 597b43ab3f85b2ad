# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rates that a battery and what is harvested can feed, as a value."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import Answer, Row, Status, describe_proof, floats


@dataclass(frozen=True, eq=False, repr=False)
class BatteryPlan(Answer):
    """How fast to run in each step of time, as `plan_battery` finds it.

    In a step the network runs at one rate for a share of the time and at another for
    the rest, both points of its front, or at none, resting.

    Attributes
    ----------
    step_s : float
        The length of a step in seconds.
    battery_j : float
        What can be stored, in joules.
    harvested_w : ndarray, shape [step]
        Power that comes in, in watts.
    power_w : ndarray, shape [step]
        Power that is used, in watts, on average.
    stored_j : ndarray, shape [step + 1]
        What is stored before the first step and after each, in joules.
    slow_fps, fast_fps : ndarray, shape [step]
        The two rates, in inferences a second; 0 is at rest.
    fast_share : ndarray, shape [step]
        How much of the time is at the faster one.
    bound_inferences : float
        What no plan has more inferences than.
    rails_v : ndarray
        The levels in use by any of these rates, in volts.
    """

    FORMAT = "pfmlir battery plan"

    step_s: float
    battery_j: float
    harvested_w: NDArray[numpy.float64]
    power_w: NDArray[numpy.float64]
    stored_j: NDArray[numpy.float64]
    slow_fps: NDArray[numpy.float64]
    fast_fps: NDArray[numpy.float64]
    fast_share: NDArray[numpy.float64]
    bound_inferences: float
    rails_v: NDArray[numpy.float64]

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second on average, shape [step]."""
        share = self.fast_share
        return floats((1 - share) * self.slow_fps + share * self.fast_fps)

    @property
    def period_s(self) -> NDArray[numpy.float64]:
        """From one inference to the next on average in seconds, shape [step]."""
        with numpy.errstate(divide="ignore"):
            return floats(1 / self.fps)

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """Energy that is used in joules, shape [step]."""
        return floats(self.power_w * self.step_s)

    @property
    def spilled_j(self) -> NDArray[numpy.float64]:
        """What comes in and can be neither used nor stored, in joules, shape [step]."""
        gained = numpy.diff(self.stored_j)
        spilled = (self.harvested_w - self.power_w) * self.step_s - gained
        return floats(numpy.maximum(0.0, spilled))

    @property
    def inferences(self) -> float:
        """Inferences in all steps."""
        return float(self.fps.sum() * self.step_s)

    @property
    def gap(self) -> float:
        """How many more inferences a plan could have, relative to what it has."""
        if not self.inferences:
            return 0.0 if not self.bound_inferences else numpy.inf
        return max(0.0, self.bound_inferences / self.inferences - 1)

    @property
    def status(self) -> Status:
        """Proven, or limited by how exactly the front is known."""
        return "optimal" if self.gap <= 1e-9 else "limit"

    @property
    def is_optimal(self) -> bool:
        """Whether no plan is proven to have more inferences."""
        return self.status == "optimal"

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.tolist() if isinstance(value, numpy.ndarray) else value
            for name, value in values.items()
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        values: dict[str, Any] = {
            each.name: floats(content[each.name])
            if isinstance(content[each.name], list)
            else float(content[each.name])
            for each in fields(cls)
        }
        plan = cls(**values)
        steps = len(plan.harvested_w)
        for name in ("power_w", "slow_fps", "fast_fps", "fast_share"):
            if getattr(plan, name).shape != (steps,):
                raise TypeError(f"expected a {name} for each of {steps} steps")
        if plan.stored_j.shape != (steps + 1,):
            raise TypeError(f"expected a stored_j for each end of {steps} steps")
        return plan

    def to_rows(self) -> list[Row]:
        """Return one dict a step, of plain numbers."""
        columns = {
            "start_s": numpy.arange(len(self.power_w)) * self.step_s,
            "harvested_w": self.harvested_w,
            "power_w": self.power_w,
            "fps": self.fps,
            "slow_fps": self.slow_fps,
            "fast_fps": self.fast_fps,
            "fast_share": self.fast_share,
            "stored_j": self.stored_j[1:],
            "spilled_j": self.spilled_j,
        }
        return [
            {name: float(values[i]) for name, values in columns.items()}
            for i in range(len(self.power_w))
        ]

    def _title(self) -> str:
        return (
            f"BatteryPlan of {len(self.power_w)} steps of {self.step_s:.6g} s on "
            f"{with_prefix(self.battery_j, 'J')}"
        )

    def _summary(self) -> list[tuple[str, str]]:
        rates = self.fps
        proof = describe_proof(self.status, self.gap)
        if not self.is_optimal:
            proof = f"at most {100 * self.gap:.2g} % more are possible"
        return [
            ("runs", f"{self.inferences:.6g} inferences ({proof})"),
            ("rates", f"{rates.min():.4g} to {rates.max():.4g} fps"),
            ("stored", f"{with_prefix(float(self.stored_j.min()), 'J')} at least"),
            ("spilled", with_prefix(float(self.spilled_j.sum()), "J")),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                f"{row['start_s']:.6g} s",
                with_prefix(row["harvested_w"], "W"),
                with_prefix(row["power_w"], "W"),
                f"{row['fps']:.4g}",
                with_prefix(row["stored_j"], "J"),
            ]
            for row in self.to_rows()
        ]
        head = ["start", "harvested", "used", "fps", "stored"]
        return f"{len(rows)} steps", head, rows
