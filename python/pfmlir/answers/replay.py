# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a replay of a power manager's writes found, as a value."""

from dataclasses import dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..errors import ReplayError
from ..units import with_prefix
from .answer import Answer, Row, Status, floats, relative_gap
from .schedule import Schedule

LAYER_NUMBERS = (
    "start_s",
    "scheduled_start_s",
    "time_s",
    "scheduled_time_s",
    "energy_j",
    "scheduled_energy_j",
)


def layer_array(rows: list[Row]) -> NDArray[Any]:
    """Return layers that ran as a structured array, of `name`, `write` and numbers."""
    width = max([1, *(len(row["name"]) for row in rows)])
    dtype = numpy.dtype(
        [
            ("name", f"U{width}"),
            ("write", numpy.int64),
            *((name, numpy.float64) for name in LAYER_NUMBERS),
        ]
    )
    names = dtype.names or ()
    return numpy.array([tuple(row[name] for name in names) for row in rows], dtype)


@dataclass(frozen=True, eq=False, repr=False)
class Replay(Answer):
    """What `pfmlir.replay` finds: what a schedule's writes made an accelerator do.

    The accelerator is a model of its own, driven by the writes alone. Energy, bound and
    gap are of the run, against what no schedule costs less than.

    Attributes
    ----------
    schedule : Schedule
        What should have been run.
    energy_j, active_time_s, busy_time_s : float
        Of the period, in joules; until the tail, and with what entering and leaving a
        sleep state takes, in seconds.
    demanded_energy_j : float
        Without what machines that are late wait for, in joules: what is compared with
        the schedule's energy.
    dispatch_time_s : float
        What passed before each layer until it started, in seconds.
    rails_v : ndarray
        The levels that were used, in volts.
    layers : ndarray, shape [layer]
        What ran, structured: `name`, `write` (what started it), and `start_s`,
        `time_s` and `energy_j`, each also as `scheduled_start_s` and so on.
    edges_s, powers_w : ndarray
        Power over the period: steps' edges in seconds, and between them watts, whose
        area is the energy.
    differences : tuple of str
        What is not as scheduled, each naming its write or layer; the first happened
        first.
    """

    FORMAT = "pfmlir replay"

    schedule: Schedule
    energy_j: float
    demanded_energy_j: float
    active_time_s: float
    busy_time_s: float
    latest_end_s: float
    dispatch_time_s: float
    rails_v: NDArray[numpy.float64]
    layers: NDArray[Any]
    edges_s: NDArray[numpy.float64]
    powers_w: NDArray[numpy.float64]
    differences: tuple[str, ...]

    @property
    def period_s(self) -> float:
        """From one inference to the next, in seconds."""
        return self.schedule.period_s

    @property
    def fps(self) -> float:
        """Inferences a second."""
        return self.schedule.fps

    @property
    def lower_bound_j(self) -> float:
        """What no schedule costs less than, in joules.

        Or what was replayed, if that is less: by rounding, or not as scheduled.
        """
        return min(self.schedule.lower_bound_j, self.energy_j)

    @property
    def gap(self) -> float:
        """How far the run's energy can be above the optimum, relative to it."""
        return relative_gap(self.energy_j, self.lower_bound_j)

    @property
    def is_as_scheduled(self) -> bool:
        """Whether nothing differs from the schedule."""
        return not self.differences

    @property
    def is_optimal(self) -> bool:
        """Whether the schedule is proven, and was run."""
        return self.schedule.is_optimal and self.is_as_scheduled

    @property
    def status(self) -> Status:
        """What is known of the schedule, where it was run; else nothing is."""
        return self.schedule.status if self.is_as_scheduled else "heuristic"

    @property
    def slack_s(self) -> float:
        """What was left until the deadline, in seconds; negative if it was missed."""
        return self.latest_end_s - self.busy_time_s

    @property
    def keeps_deadline(self) -> bool:
        """Whether all was done in the period, less the target's margin."""
        return self.slack_s >= -2e-12 * self.latest_end_s

    @property
    def longest_dispatch_time_s(self) -> float:
        """What may pass before each layer for the deadline to be kept, in seconds.

        Negative if the deadline is missed without any.
        """
        return self.dispatch_time_s + self.slack_s / max(len(self.layers), 1)

    def check(self) -> None:
        """Raise ReplayError with what is not as scheduled, if anything is."""
        if self.differences:
            raise ReplayError("not as scheduled:\n" + "\n".join(self.differences))

    # -- other forms --------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts.

        Of the schedule it has what `Schedule.to_dict` returns, and its `ir`.
        """
        return {
            "energy_j": self.energy_j,
            "demanded_energy_j": self.demanded_energy_j,
            "active_time_s": self.active_time_s,
            "busy_time_s": self.busy_time_s,
            "latest_end_s": self.latest_end_s,
            "dispatch_time_s": self.dispatch_time_s,
            "rails_v": self.rails_v.tolist(),
            "differences": list(self.differences),
            "layers": self.to_rows(),
            "edges_s": self.edges_s.tolist(),
            "powers_w": self.powers_w.tolist(),
            "schedule": self.schedule._to_file(),
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        made: dict[str, Any] = {
            name: floats(content[name]) for name in ("rails_v", "edges_s", "powers_w")
        }
        made["schedule"] = Schedule._from_file(dict(content["schedule"]))
        made["layers"] = layer_array(content["layers"])
        made["differences"] = tuple(content["differences"])
        return cls(**{**content, **made})

    def to_rows(self) -> list[Row]:
        """Return one dict a layer that ran, of plain numbers."""
        names = self.layers.dtype.names or ()
        return [dict(zip(names, row.tolist(), strict=True)) for row in self.layers]

    # -- as a value ---------------------------------------------------------

    def _title(self) -> str:
        schedule = self.schedule
        return (
            f"Replay of @{schedule.function} on @{schedule.target}, "
            f"{len(self.layers)} layers"
        )

    def _summary(self) -> list[tuple[str, str]]:
        planned_j = self.schedule.energy_j
        difference = (self.energy_j - planned_j) / planned_j if planned_j else 0.0
        kept = "kept" if self.keeps_deadline else "missed"
        rows = [
            (
                "energy",
                f"{with_prefix(self.energy_j, 'J')} a period, scheduled "
                f"{with_prefix(planned_j, 'J')} ({100 * difference:+.2g} %)",
            ),
            (
                "time",
                f"{with_prefix(self.busy_time_s, 's')} of "
                f"{with_prefix(self.latest_end_s, 's')}, deadline {kept} by "
                f"{with_prefix(abs(self.slack_s), 's')}",
            ),
        ]
        if not self.differences:
            return [*rows, ("check", "as scheduled")]
        return rows + [("differs", text) for text in self.differences]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                str(layer["name"]),
                with_prefix(layer["start_s"], "s", digits=7),
                with_prefix(layer["scheduled_start_s"], "s", digits=7),
                with_prefix(layer["energy_j"], "J"),
                with_prefix(layer["scheduled_energy_j"], "J"),
            ]
            for layer in self.layers
        ]
        head = ["layer", "start", "scheduled", "energy", "scheduled"]
        return f"{len(rows)} layers", head, rows
