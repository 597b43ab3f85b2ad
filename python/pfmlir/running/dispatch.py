# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What passes between layers when a network runs, and whether there is time for it."""

from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from ..answers import Schedule
from ..errors import DeadlineMissedError
from ..units import with_prefix


@dataclass(frozen=True)
class Dispatch:
    """What passes between layers, in seconds, measured.

    Attributes
    ----------
    before_s : numpy.ndarray
        Before each layer, in seconds.
    after_s : float
        After the last one, in seconds.
    """

    before_s: NDArray[numpy.float64]
    after_s: float

    @property
    def total_s(self) -> float:
        """All of it, in seconds."""
        return float(self.before_s.sum()) + self.after_s

    @property
    def needed_s(self) -> float:
        """What a target's `dispatch_time_s` has to be for it, in seconds.

        What comes after the last layer counts with what comes before it.
        """
        before_s = self.before_s.copy()
        before_s[-1] += self.after_s
        return float(before_s.max())

    @property
    def mean_s(self) -> float:
        """What each layer takes if all take the same, in seconds."""
        return self.total_s / len(self.before_s)

    def check(self, schedule: Schedule, latest_end_s: float | None = None) -> None:
        """Raise an error if a schedule has no time for it.

        Parameters
        ----------
        schedule
            What was run.
        latest_end_s
            When it must be done, in seconds; at the end of its period by default.

        Raises
        ------
        DeadlineMissedError
            The message says what there is, and what would be needed.
        """
        if latest_end_s is None:
            latest_end_s = schedule.period_s
        granted_s = schedule.dispatch_time_s * len(self.before_s)
        slack_s = latest_end_s - schedule.active_time_s + granted_s
        # As in pfmlir/Scheduler/Problem.h.
        if self.total_s <= slack_s + 1e-12 * latest_end_s:
            return
        raise DeadlineMissedError(
            f"the schedule misses its deadline: it leaves "
            f"{with_prefix(slack_s, 's')} between layers, which take "
            f"{with_prefix(self.total_s, 's')}; schedule with dispatch-time-s of "
            f"{self.needed_s:.3e} at least",
            slack_s,
            self.total_s,
            self.needed_s,
        )
