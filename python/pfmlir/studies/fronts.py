# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against deadline: a network's whole Pareto front, exact at every point."""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy

from .._mlir_libs import _pfmlirScheduler
from ..answers.fronts import ParetoFront
from ..answers.solution import Solution
from ..arguments import count, optional_periods, positive
from ..compile.options import CostOptions, takes
from ..compile.scheduling import tabulate_costs
from ..compile.sources import Source
from ..errors import infeasible
from ..problem.solver import Prepared, as_limits
from ..problem.tables import CostTables


class _Tails:
    """What the rest of a period costs after a schedule's layers."""

    def __init__(self, costs: CostTables) -> None:
        self._leakage_w = costs.leakage_w[-1]
        self._sleep_states = costs.sleep_states
        # The most that a longer period can add, for each second.
        self.most_w = max(
            [float(self._leakage_w.max()), *(s.power_w for s in costs.sleep_states)]
        )

    def least_period_s(self, solution: Solution) -> float:
        """Return the shortest period of this schedule with its tail."""
        if solution.tail is None:
            return solution.active_time_s
        return solution.active_time_s + self._sleep_states[solution.tail].time_s

    def power_w(self, solution: Solution) -> float:
        """Return what a second more of this schedule's tail costs."""
        if solution.tail is None:
            return float(self._leakage_w[solution.states[-1]])
        return self._sleep_states[solution.tail].power_w


@dataclass(frozen=True)
class _Point:
    period_s: float
    solution: Solution


# Periods are told apart down to this, relative to themselves.
RESOLUTION = 1e-9


@dataclass(frozen=True)
class _Interval:
    """The periods between two points, and what is known of the optimum there.

    Between two periods the faster one's schedule keeps the deadline, and costs more by
    what its tail adds: an upper bound. From where the slower one's schedule keeps the
    deadline, that is another. Whatever the optimum at a period in between, waiting on
    until the slower period adds no more than the most costly tail would; so what the
    slower one costs, less that, is a lower bound.
    """

    fast: _Point
    slow: _Point
    tails: _Tails

    @property
    def step_s(self) -> float:
        """The shortest period at which the slower schedule keeps the deadline."""
        least_s = self.tails.least_period_s(self.slow.solution)
        return min(max(least_s, self.fast.period_s), self.slow.period_s)

    @property
    def is_resolved(self) -> bool:
        """Whether what is left of the interval is one step."""
        return self.step_s <= self.fast.period_s * (1 + RESOLUTION)

    @property
    def gap(self) -> float:
        """How far the front can be from the points, relative to the energy."""
        length_s = self.slow.period_s - self.fast.period_s
        lower_j = self.slow.solution.lower_bound_j - self.tails.most_w * length_s
        upper_j = self.slow.solution.energy_j
        if not self.is_resolved:
            waited_s = self.step_s - self.fast.period_s
            power_w = self.tails.power_w(self.fast.solution)
            upper_j = max(upper_j, self.fast.solution.energy_j + power_w * waited_s)
        return upper_j / lower_j - 1 if lower_j > 0 else math.inf

    @property
    def middle_s(self) -> float:
        """The period to look at next: half way, or the foot of a step beyond it."""
        half_s = math.sqrt(self.fast.period_s * self.slow.period_s)
        if self.is_resolved or self.step_s > half_s:
            return half_s
        return max(self.fast.period_s, self.step_s * (1 - RESOLUTION))


def _relaxed_time_s(costs: CostTables) -> float:
    """Return the active time of least energy if neither waiting nor time cost any."""
    free = replace(costs, leakage_w=numpy.zeros_like(costs.leakage_w), sleep_states=())
    times = numpy.where(numpy.isfinite(costs.time_s), costs.time_s, 0).max(axis=1)
    changes = float(costs.transition_time_s.max()) * costs.transition_time_s.shape[0]
    longest_s = float(times.sum()) + changes * len(times)
    return free.solve(period_s=longest_s).active_time_s


def _asked_range_s(
    fps: Iterable[float] | None, period_s: Iterable[float] | None
) -> tuple[float, float] | None:
    """Return the shortest and the longest period that are asked for."""
    periods = optional_periods(fps, period_s)
    if periods is None:
        return None
    name, got = ("period_s", period_s) if fps is None else ("fps", fps)
    if len(periods) != 2:
        raise ValueError(f"{name}: expected a lowest and a highest, but got {got}")
    first, second = periods if fps is None else reversed(periods)
    if first > second:
        raise ValueError(f"{name}: expected the lower first, but got {got}")
    return first, second


def _range_s(
    costs: CostTables, asked: tuple[float, float] | None
) -> tuple[float, float]:
    """Return the shortest and the longest period."""
    fastest_s = _pfmlirScheduler.fastest_time_s(costs.prepare(period_s=1.0).problem)
    if not math.isfinite(fastest_s):
        raise infeasible(math.nan, fastest_s, costs.max_rails)
    if asked is None:
        relaxed_s = _relaxed_time_s(costs)
        # Time to sleep, too.
        asleep_s = max((state.time_s for state in costs.sleep_states), default=0.0)
        return fastest_s, max(fastest_s, relaxed_s + asleep_s)
    shortest_s, longest_s = asked
    if shortest_s < fastest_s * (1 - RESOLUTION):
        raise infeasible(shortest_s, fastest_s, costs.max_rails)
    return max(shortest_s, fastest_s), longest_s


class _Search:
    """Puts points where a front is known least."""

    def __init__(
        self, costs: CostTables, prepared: Prepared, limits: dict[str, Any]
    ) -> None:
        self._prepared, self._limits = prepared, limits
        self._search = _pfmlirScheduler.PeriodSearch(prepared.problem)
        self._tails = _Tails(costs)
        # The widest first.
        self._intervals: list[tuple[float, float, _Interval]] = []
        # The gap of what is as fine as it gets.
        self._unresolved = 0.0
        self.points: list[_Point] = []

    @property
    def gap(self) -> float:
        """How far the front can be from the points, relative to the energy."""
        widest = -self._intervals[0][0] if self._intervals else 0.0
        return max(self._unresolved, widest)

    def add(self, period_s: float) -> _Point:
        """Solve at a period."""
        answer = self._search.solve(period_s, **self._limits)
        point = _Point(period_s, self._prepared.describe(answer, period_s=period_s))
        self.points.append(point)
        return point

    def watch(self, fast: _Point, slow: _Point) -> None:
        """Take two points as neighbours."""
        interval = _Interval(fast, slow, self._tails)
        heapq.heappush(self._intervals, (-interval.gap, fast.period_s, interval))

    def refine(self, tolerance: float, most: int) -> None:
        """Add points until the front is known, or there are so many."""
        while (
            self._intervals
            and -self._intervals[0][0] > tolerance
            and len(self.points) < most
        ):
            _, _, widest = heapq.heappop(self._intervals)
            middle_s = widest.middle_s
            if not widest.fast.period_s < middle_s < widest.slow.period_s:
                self._unresolved = max(self._unresolved, widest.gap)
                continue
            middle = self.add(middle_s)
            self.watch(widest.fast, middle)
            self.watch(middle, widest.slow)


@takes(CostOptions)
def pareto_front(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: tuple[float, float] | None = None,
    period_s: tuple[float, float] | None = None,
    tolerance: float = 0.01,
    max_points: int = 1000,
    threads: int = 1,
    **options: Unpack[CostOptions],
) -> ParetoFront:
    """Find the least energy of a network for every deadline, with proof.

    Each point is the proven optimum at its period. Points are put where the front is
    known least, until it is known everywhere between its ends within `tolerance`.
    What holds at any period is worked out once, so that this costs less than as many
    separate searches.

    Waiting costs as well: between the periods at which a slower schedule comes in
    time, the energy of a period grows a little with its length.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`.
    fps, period_s : (float, float), optional
        The lowest and the highest rate, in inferences a second, or the shortest and the
        longest period, in seconds. By default from where more time would save no more
        energy to the highest rate that there is.
    tolerance : float
        Relative to the energy.
    max_points : int
        Where to stop, with what tolerance could be had; at least 2, the ends.
    threads : int
        Threads of the searches. They do not change the result.
    **options
        The accelerator, and what-ifs of it, as of `schedule`. Of tables, `max_rails`
        only. The rails are chosen anew at every point.

    Raises
    ------
    InfeasibleError
        The highest rate is too high; it says what could be had.
    TypeError, ValueError
        An argument is not as described; the message names it.

    Examples
    --------
    >>> import pfmlir
    >>> network = (
    ...     'func.func @net() {\\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\\n  return\\n}"
    ... )
    >>> front = pfmlir.pareto_front(network, tolerance=0.02)
    >>> front.is_optimal, front.tolerance <= 0.02
    (True, True)
    >>> f"{front.energy_j[0] / front.energy_j.min():.2f}"
    '1.90'
    """
    tolerance = positive("tolerance", tolerance)
    most = count("max_points", max_points, least=2)
    limits = as_limits(threads=threads)
    asked = _asked_range_s(fps, period_s)
    costs = tabulate_costs(source, inputs, **options)
    shortest_s, longest_s = _range_s(costs, asked)
    search = _Search(costs, costs.prepare(period_s=shortest_s), limits)
    search.add(shortest_s)
    if longest_s > shortest_s * (1 + RESOLUTION):
        search.watch(search.points[0], search.add(longest_s))
    search.refine(tolerance, most)
    points = sorted(search.points, key=lambda point: point.period_s)
    return ParetoFront(
        period_s=numpy.array([point.period_s for point in points]),
        solutions=tuple(point.solution for point in points),
        tolerance=search.gap,
    )
