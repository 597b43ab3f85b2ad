# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a run found: what was computed and told, and what that made happen."""

from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from ..answers import Replay, Schedule
from ..units import with_prefix
from .dispatch import Dispatch
from .writes import Write


@dataclass(frozen=True)
class Run:
    """What `pfmlir.run` returns: a network that ran, and what it did.

    Attributes
    ----------
    machine : str
        What it ran on.
    schedule : Schedule
        What was run.
    results : tuple of numpy.ndarray
        What the network computed; nothing on the sequencer, which computes nothing.
    difference : float or None
        How far that is from what PyTorch computes, relative to the largest, from 1
        upwards; None on the sequencer.
    change : float or None
        How far PyTorch's results for other inputs are from these; if it is as small as
        the difference may be, the comparison says nothing. None on the sequencer.
    writes : tuple of Write
        What the power manager was told.
    replay : Replay
        What an accelerator did that was told that: energy, times, and what is not as
        scheduled.
    dispatch : Dispatch or None
        What passed between layers; None on the host, where time is others', too, and
        on the sequencer.
    steps_s : dict of str to float
        What each step took, in seconds.
    program_bytes, weights_bytes : int
        Size of the program, and of the weights in it; 0 on the sequencer.
    """

    machine: str
    schedule: Schedule
    results: tuple[NDArray[Any], ...]
    difference: float | None
    change: float | None
    writes: tuple[Write, ...]
    replay: Replay
    dispatch: Dispatch | None
    steps_s: dict[str, float]
    program_bytes: int
    weights_bytes: int

    def rows(self) -> list[tuple[str, str]]:
        """Return what there is to say, as names and texts."""
        schedule, replayed = self.schedule, self.replay
        latest = float(
            numpy.abs(
                replayed.layers["start_s"] - replayed.layers["scheduled_start_s"]
            ).max(initial=0.0)
        )
        rows = [
            (
                "ran",
                f"{len(schedule.layers)} layers on {self.machine}, "
                f"{len(self.writes)} writes",
            )
        ]
        if self.difference is not None:
            rows.append(
                (
                    "result",
                    f"within {self.difference:.1e} of PyTorch's; other inputs change "
                    f"it by {self.change:.1e}",
                )
            )
        rows += [
            (
                "energy",
                f"{with_prefix(replayed.energy_j, 'J')} replayed, "
                f"{with_prefix(schedule.energy_j, 'J')} scheduled",
            ),
            (
                "time",
                f"{with_prefix(replayed.active_time_s, 's')} replayed, "
                f"{with_prefix(schedule.active_time_s, 's')} scheduled, layers within "
                f"{with_prefix(latest, 's')}",
            ),
        ]
        if self.dispatch is not None:
            rows.append(
                (
                    "between",
                    f"{with_prefix(self.dispatch.total_s, 's')} between layers, at "
                    f"most {with_prefix(self.dispatch.needed_s, 's')} before one",
                )
            )
        left_s = schedule.period_s - replayed.active_time_s
        rows.append(
            (
                "deadline",
                f"{with_prefix(schedule.period_s, 's')}, kept with "
                f"{with_prefix(left_s, 's')} to spare",
            )
        )
        return rows

    def __repr__(self) -> str:
        head = f"<Run of @{self.schedule.function} on {self.machine}"
        return (
            "\n".join([head, *(f"  {name:<9}{text}" for name, text in self.rows())])
            + ">"
        )
