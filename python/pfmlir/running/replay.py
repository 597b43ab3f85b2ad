# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An accelerator driven by nothing but what its power manager was told."""

from collections.abc import Iterable
from typing import Any

from .. import ir
from ..answers import Schedule
from .writes import Write


def replay(
    schedule: Schedule | ir.Module,
    writes: Iterable[Write],
    *,
    is_timed: bool = False,
    dispatch_time_s: float | None = None,
) -> Any:
    """Replay what a power manager was told, and hold it against the schedule.

    Parameters
    ----------
    schedule
        What should have been run.
    writes
        All writes of one period, in order.
    is_timed
        Whether their times are the accelerator's, as a sequencer's are. If not, as of
        a processor that waits for `ready` and `done`, each takes effect as soon as the
        power manager has done what it was told before; only their order counts.
    dispatch_time_s
        What passes before each layer until it starts, in seconds, if it was measured;
        without, what the target says. With `is_timed`, the times say it.

    Returns
    -------
    Replay
        `energy_j`, `active_time_s`, `layers` with `start_s`, `slack_s`,
        `keeps_deadline`, `differences` (texts, empty if all is as scheduled), and
        `check()`, which raises `ReplayError` with the first.
    """
    raise NotImplementedError
