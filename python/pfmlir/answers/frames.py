# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""When frames of several networks run on one accelerator, as a value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import PowerAnswer, Row, describe_proof, floats, freeze
from .solution import Solution, SolutionsAnswer

FRAMES = [
    ("network", numpy.int64),
    ("frame", numpy.int64),
    ("start_s", numpy.float64),
    ("end_s", numpy.float64),
    ("due_s", numpy.float64),
]


@dataclass(frozen=True, eq=False, repr=False)
class FramePlan(SolutionsAnswer, PowerAnswer):
    """A static order of frames over a hyperperiod, as `plan_frames` finds it.

    Attributes
    ----------
    names : tuple of str
        What the networks are called.
    hyperperiod_s : float
        After what time everything repeats, in seconds.
    frames : ndarray, shape [frame]
        Structured, in the order in which they run: `network`, the `frame` of it from 0,
        `start_s`, `end_s` and `due_s`, by which it has to be done.
    rails_v : ndarray
        The rails of all, in volts.
    power_w, lower_bound_w : float
        Power in the mean, and what no rails, schedules and order have less than, in
        watts.
    resting_power_w : float
        What the accelerator draws between frames, in watts.
    solutions : tuple of Solution
        The schedule of each network's frames: the last layer has entering and leaving
        the sleep state with it, and the rest of the network's period is asleep.
    """

    FORMAT = "pfmlir frame plan"

    names: tuple[str, ...]
    hyperperiod_s: float
    frames: NDArray[Any]
    rails_v: NDArray[numpy.float64]
    power_w: float
    lower_bound_w: float
    resting_power_w: float
    solutions: tuple[Solution, ...]

    def _without_rest(self, energies_j: list[float]) -> NDArray[numpy.float64]:
        resting_s = self.period_s - self.active_time_s
        return floats(numpy.array(energies_j) - self.resting_power_w * resting_s)

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """The energy of a frame of each network, in joules, shape [network]."""
        return self._without_rest([each.energy_j for each in self.solutions])

    @property
    def lower_bound_j(self) -> NDArray[numpy.float64]:
        """What such a frame costs at least on these rails, shape [network]."""
        return self._without_rest([each.lower_bound_j for each in self.solutions])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {
            "names": list(self.names),
            "hyperperiod_s": self.hyperperiod_s,
            "frames": {name: self.frames[name].tolist() for name, _ in FRAMES},
            "rails_v": self.rails_v.tolist(),
            "power_w": self.power_w,
            "lower_bound_w": self.lower_bound_w,
            "resting_power_w": self.resting_power_w,
            "solutions": [solution.to_dict() for solution in self.solutions],
        }

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        columns = content["frames"]
        return cls(
            **content
            | {
                "names": tuple(content["names"]),
                "frames": as_frames(
                    zip(*(columns[name] for name, _ in FRAMES), strict=True)
                ),
                "rails_v": floats(content["rails_v"]),
                "solutions": tuple(
                    Solution._from_file(solution) for solution in content["solutions"]
                ),
            }
        )

    def to_rows(self) -> list[Row]:
        """Return one dict a frame, of plain numbers."""
        return [
            {
                "network": self.names[frame["network"]],
                **{name: frame[name].item() for name, _ in FRAMES[1:]},
            }
            for frame in self.frames
        ]

    def _title(self) -> str:
        return (
            f"FramePlan of {len(self.names)} networks, {len(self.frames)} frames in "
            f"{with_prefix(self.hyperperiod_s, 's')}"
        )

    def _summary(self) -> list[tuple[str, str]]:
        proof = describe_proof(self.status, self.gap)
        busy = (self.frames["end_s"] - self.frames["start_s"]).sum()
        return [
            ("rails", ", ".join(f"{rail:.2f} V" for rail in self.rails_v)),
            ("power", f"{with_prefix(self.power_w, 'W')} ({proof})"),
            ("energy", f"{with_prefix(self.energy_j.sum(), 'J')}, a frame of each"),
            ("busy", f"{100 * busy / self.hyperperiod_s:.1f} % of the time"),
        ]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [
            [
                row["network"],
                str(row["frame"]),
                *(
                    with_prefix(row[name], "s") if row[name] else "0 s"
                    for name in ("start_s", "end_s", "due_s")
                ),
            ]
            for row in self.to_rows()
        ]
        head = ["network", "frame", "start", "end", "due"]
        return f"{len(rows)} frames", head, rows


def as_frames(rows: Iterable[Sequence[Any]]) -> NDArray[Any]:
    """Return rows with the columns of FRAMES as a structured array."""
    return freeze(numpy.array([tuple(row) for row in rows], dtype=FRAMES))
