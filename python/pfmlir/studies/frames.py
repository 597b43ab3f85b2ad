# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Frames of several networks on one accelerator, one after the other.

What is left to choose beside schedules on common rails is how long frames may take, so
that an order exists in which none is late. If one exists, it exists for shorter frames,
too. So, from the limits that are the deadlines themselves: schedules within limits have
least power; if they can be ordered, that is the best within the limits. If not, then
there are lengths, all at most theirs, that can't be ordered either, and somewhere a
frame has to be shorter: each network's limit, lowered to that, is a part of what is
left, and the part of least power is the next. Schedules within lengths that can be
ordered are plans; the least power of the parts that are left is the bound.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count as numbers
from typing import Any, Unpack

from ..answers.frames import FramePlan, as_frames
from ..answers.rails import RailChoice
from ..arguments import fraction, required_periods
from ..compile.options import read_options
from ..compile.sources import Source
from ..errors import InfeasibleError
from ..keywords import take, takes
from ..problem.arrays import SleepState
from ..problem.solver import Limits
from ..problem.tables import CostTables
from .rails import RailOptions, Suite, solve_jointly
from .static_order import Frames

# Of a length: what is as long can't be told apart.
SAME_LENGTH = 1e-9
# How many limits are tried; what is left is the gap.
MOST_PARTS = 2000


def _asleep_between(tables: CostTables, name: str) -> tuple[CostTables, SleepState]:
    """Return tables of frames that start and end asleep, and the sleep state.

    The last layer takes entering and leaving with it, and what comes then is asleep.
    """
    if not tables.sleep_states:
        raise ValueError(f"{name}: expected a sleep state for the time between frames")
    if tables.probabilities.size:
        raise ValueError(f"{name}: expected all frames to run all layers")
    if tables.rail_power_w:
        raise ValueError(
            f"{name}: expected rails that draw nothing by themselves, which several "
            f"networks would share, but got {tables.rail_power_w} W"
        )
    sleep = min(tables.sleep_states, key=lambda state: (state.power_w, state.energy_j))
    energy_j, time_s = tables.energy_j.copy(), tables.time_s.copy()
    leakage_w = tables.leakage_w.copy()
    energy_j[-1] += sleep.energy_j
    time_s[-1] += sleep.time_s
    leakage_w[-1] = sleep.power_w
    found = replace(
        tables,
        energy_j=energy_j,
        time_s=time_s,
        leakage_w=leakage_w,
        sleep_states=(),
    )
    return found, sleep


@dataclass
class _Planner:
    """The search for one suite of networks."""

    suite: Suite
    tables: list[CostTables]
    frames: Frames
    limits: dict[str, Any]
    # The shortest frame of each network on rails of its own.
    shortest_s: list[float]

    def schedule(self, most_s: Sequence[float]) -> RailChoice | None:
        """Return the schedules of least power of frames that take at most so long."""
        within = [
            replace(table, margin=max(1 - most / period, 0.0))
            for table, most, period in zip(
                self.tables, most_s, self.suite.periods_s, strict=True
            )
        ]
        try:
            return solve_jointly(within, self.suite, self.limits)
        except InfeasibleError:
            return None

    def can_be(self, choice: RailChoice) -> bool:
        """Return whether schedules' frames can be ordered."""
        return self.frames.order(choice.active_time_s.tolist()) is not None

    def between(self, most_s: Sequence[float], share: float) -> list[float]:
        """Return lengths from the shortest ones, 0, to the given ones, 1."""
        return [
            least + share * (most - least)
            for least, most in zip(self.shortest_s, most_s, strict=True)
        ]

    def edge(self, slot_s: Sequence[float]) -> tuple[list[float], list[float]]:
        """Return lengths that can be ordered, and about the same that can't."""
        low, high = 0.0, 1.0
        while high - low > SAME_LENGTH:
            middle = (low + high) / 2
            if self.frames.order(self.between(slot_s, middle)):
                low = middle
            else:
                high = middle
        return self.between(slot_s, low), self.between(slot_s, high)

    def without_idle_limits(self, slot_s: list[float]) -> list[float]:
        """Return lengths that can't be ordered, shortest where that is no matter."""
        for network, least_s in enumerate(self.shortest_s):
            shorter = list(slot_s)
            shorter[network] = least_s
            if self.frames.order(shorter) is None:
                slot_s = shorter
        return slot_s

    def parts(
        self, most_s: Sequence[float], late_s: Sequence[float]
    ) -> list[list[float]]:
        """Return the limits below `most_s` that are left without all of `late_s`."""
        found = []
        for network, slot_s in enumerate(late_s):
            shorter_s = slot_s * (1 - SAME_LENGTH)
            if shorter_s >= self.shortest_s[network]:
                part = list(most_s)
                part[network] = shorter_s
                found.append(part)
        return found

    def run(self, tolerance: float) -> tuple[RailChoice, float]:
        """Return the best schedules that can be ordered, and the bound of their power.

        Energies are those of `choose_rails`: all networks rest for themselves.
        """
        tie = numbers()
        open_parts: list[tuple[float, int, list[float], RailChoice]] = []
        best: RailChoice | None = None
        # Of what need not be split.
        closed_j = math.inf

        def consider(most_s: list[float]) -> None:
            found = self.schedule(most_s)
            if found is not None:
                part = (found.lower_bound_j, next(tie), most_s, found)
                heapq.heappush(open_parts, part)

        consider(list(self.frames.deadline_s))
        for _ in range(MOST_PARTS):
            if not open_parts:
                break
            if best and open_parts[0][0] >= best.energy_j * (1 - tolerance):
                break
            _, _, most_s, found = heapq.heappop(open_parts)
            slot_s = found.active_time_s.tolist()
            if self.frames.order(slot_s) is None:
                kept_s, late_s = self.edge(slot_s)
                for part in self.parts(most_s, self.without_idle_limits(late_s)):
                    consider(part)
                plan = self.schedule(kept_s)
            else:
                plan = found
                closed_j = min(closed_j, found.lower_bound_j)
            if (
                plan
                and self.can_be(plan)
                and (best is None or plan.energy_j < best.energy_j)
            ):
                best = plan
        if best is None:
            raise InfeasibleError(
                "no set of rails lets all frames be done in time in any order, though "
                "each network could on rails of its own",
                self.suite.periods_s[0],
                math.inf,
            )
        return best, min(best.energy_j, closed_j, *(part[0] for part in open_parts))


def _check_order(frames: Frames, shortest_s: list[float], suite: Suite) -> None:
    """Raise InfeasibleError where even the shortest frames can't be ordered."""
    for name, slot_s, deadline_s, period_s in zip(
        suite.names, shortest_s, frames.deadline_s, frames.period_s, strict=True
    ):
        if slot_s > deadline_s * (1 + 1e-12):
            raise InfeasibleError(
                f"{name}: no frame takes at most {deadline_s:.6e} s: the fastest, from "
                f"sleep to sleep, takes {slot_s:.6e} s, {slot_s - deadline_s:.3e} s "
                "too long",
                period_s,
                period_s * slot_s / deadline_s,
            )
    if frames.order(shortest_s):
        return
    late_s, network = frames.least_lateness(shortest_s)
    period_s = frames.period_s[network]
    raise InfeasibleError(
        f"{suite.names[network]}: one of its frames is {late_s:.3e} s late, with the "
        "fastest frames of all networks, in the order that is late by the least",
        period_s,
        period_s + late_s,
    )


def _exact_periods(
    fps: Sequence[float] | None, period_s: Sequence[float] | None
) -> list[Fraction]:
    """Return periods as people write them, so that they have a common multiple."""
    if fps is not None:
        return [1 / Fraction(repr(float(rate))) for rate in fps]
    return [Fraction(repr(float(period))) for period in period_s or ()]


@takes(RailOptions)
def plan_frames(
    networks: "Sequence[Source | tuple[Any, Sequence[Any]]]",
    *,
    fps: Sequence[float] | None = None,
    period_s: Sequence[float] | None = None,
    names: Sequence[str] | None = None,
    tolerance: float = 1e-3,
    **options: Unpack[RailOptions],
) -> FramePlan:
    """Plan the frames of several networks on one accelerator, one at a time.

    All periods begin together, each frame runs within its period, as a whole, and the
    order repeats when all periods begin together again. Between frames the accelerator
    is in the sleep state that draws least; entering and leaving it is part of each
    frame. What is least is the power in the mean, over the order, schedules and rails.

    Parameters
    ----------
    networks : sequence
        As of `choose_rails`.
    fps, period_s : sequence of float
        The rate of each network, in inferences a second, or its period in seconds.
    names : sequence of str, optional
        What to call the networks, as of `choose_rails`.
    tolerance : float
        How far the power may be above the bound, relative to it, when the search ends.
        It also ends, with the gap that it has then, after 2000 parts.
    **options
        As of `choose_rails`; limits are of each search for rails, of which there are
        many.

    Returns
    -------
    FramePlan

    Raises
    ------
    InfeasibleError
        Not even the fastest frames can be ordered. The message names a network that is
        late in the order that is late by the least, and says by how much.
    TypeError, ValueError
        An argument is not as described; the message names it. Or there are too many
        frames until all periods begin together again, no sleep state, rails that draw
        power by themselves, or layers that some frames do not run.

    Examples
    --------
    >>> import pfmlir
    >>> def network(size):
    ...     return (
    ...         "func.func @net() {\\n  power.layer \\"fc\\" workload "
    ...         f"#power.matmul<m = {size}, k = 512, n = 64>\\n  return\\n}}"
    ...     )
    >>> plan = pfmlir.plan_frames(
    ...     [network(64), network(192)], fps=[800, 200], names=["small", "large"]
    ... )
    >>> [plan.names[network] for network in plan.frames["network"]]
    ['small', 'large', 'small', 'small', 'small']
    """
    rate = "period_s" if fps is None else "fps"
    tolerance = fraction("tolerance", tolerance)
    periods_s = required_periods(fps, period_s)
    weights = [1 / period for period in periods_s]
    suite = Suite(networks, rate, periods_s, weights, names)
    read = read_options(options)
    limits = take(read, Limits)
    tables = suite.tabulate(read)
    margins = [table.margin for table in tables]
    frames = Frames.of_periods(_exact_periods(fps, period_s), margins)
    asleep = [
        _asleep_between(table, name)
        for table, name in zip(tables, suite.names, strict=True)
    ]
    resting_w = {sleep.power_w for _, sleep in asleep}
    if len(resting_w) > 1:
        raise ValueError(
            "networks: expected the same power asleep, as they are on one accelerator, "
            f"but got {' and '.join(map(str, sorted(resting_w)))} W"
        )
    ready = [replace(table, margin=0.0) for table, _ in asleep]
    shortest_s = [
        table.prepare(period_s=period, max_rails=tables[0].max_rails).shortest_period_s
        for table, period in zip(ready, periods_s, strict=True)
    ]
    _check_order(frames, shortest_s, suite)
    planner = _Planner(suite, ready, frames, limits, shortest_s)
    choice, bound_w = planner.run(tolerance)
    return _describe(choice, bound_w, frames, resting_w.pop())


def _describe(
    choice: RailChoice, bound_w: float, frames: Frames, resting_w: float
) -> FramePlan:
    """Return the plan of schedules that can be ordered."""
    slot_s = choice.active_time_s.tolist()
    order = frames.order(slot_s)
    assert order is not None, "these lengths can be ordered, as longer ones can"
    rows = [
        (
            network,
            frame,
            start_s,
            start_s + slot_s[network],
            frames.release_s(network, frame) + frames.deadline_s[network],
        )
        for (network, frame), start_s in zip(
            frames.number(order), frames.starts(order, slot_s), strict=True
        )
    ]
    # All networks rest at the same time.
    counted_w = (len(slot_s) - 1) * resting_w
    return FramePlan(
        names=choice.names,
        hyperperiod_s=frames.hyperperiod_s,
        frames=as_frames(rows),
        rails_v=choice.rails_v,
        power_w=choice.energy_j - counted_w,
        lower_bound_w=bound_w - counted_w,
        resting_power_w=resting_w,
        solutions=choice.solutions,
    )
