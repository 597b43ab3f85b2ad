# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against deadline: a network's whole Pareto front, exact at every point."""

import heapq
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

from .._mlir_libs import _pfmlirScheduler
from ..arguments import count, positive, sequence
from ..errors import infeasible
from ..problem.solver import Solution, as_limits
from ..problem.tables import CostTables

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ParetoFront:
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

    period_s: NDArray[numpy.float64]
    solutions: tuple[Solution, ...]
    tolerance: float

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ParetoFront):
            return NotImplemented
        return (
            numpy.array_equal(self.period_s, other.period_s)
            and self.solutions == other.solutions
            and self.tolerance == other.tolerance
        )

    def __repr__(self) -> str:
        proof = "each proven" if self.is_optimal else "not all proven"
        return (
            f"<ParetoFront: {len(self.solutions)} points from {self.fps[-1]:.4g} to "
            f"{self.fps[0]:.4g} fps, {proof}, in between known within "
            f"{100 * self.tolerance:.2g} %>"
        )

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second, shape [point]."""
        return 1 / self.period_s

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """Energy of one period in joules, shape [point]."""
        return numpy.array([solution.energy_j for solution in self.solutions])

    @property
    def lower_bound_j(self) -> NDArray[numpy.float64]:
        """What no schedule of the period costs less than, in joules, shape [point]."""
        return numpy.array([solution.lower_bound_j for solution in self.solutions])

    @property
    def is_optimal(self) -> bool:
        """Whether every point is proven to be an optimum."""
        return all(solution.is_optimal for solution in self.solutions)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one dict a point, of plain numbers."""
        return [
            {
                "period_s": float(period_s),
                "fps": float(1 / period_s),
                "energy_j": solution.energy_j,
                "lower_bound_j": solution.lower_bound_j,
                "power_w": solution.energy_j / float(period_s),
                "active_time_s": solution.active_time_s,
                "rails_v": [float(rail) for rail in solution.rails],
            }
            for period_s, solution in zip(self.period_s, self.solutions, strict=True)
        ]

    def plot(self) -> "Figure":
        """Draw energy and rails against the period; needs matplotlib."""
        from ..plots import draw_front

        return draw_front(self)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a point; needs pandas."""
        import pandas

        return pandas.DataFrame(self.to_rows())


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


def _relaxed_time_s(costs: CostTables, max_rails: int) -> float:
    """Return the active time of least energy if neither waiting nor time cost any."""
    free = replace(costs, leakage_w=numpy.zeros_like(costs.leakage_w), sleep_states=())
    times = numpy.where(numpy.isfinite(costs.time_s), costs.time_s, 0).max(axis=1)
    changes = float(costs.transition_time_s.max()) * costs.transition_time_s.shape[0]
    longest_s = float(times.sum()) + changes * len(times)
    return free.solve(period_s=longest_s, max_rails=max_rails).active_time_s


def _range_s(
    costs: CostTables, fps: tuple[float, float] | None, max_rails: int
) -> tuple[float, float]:
    """Return the shortest and the longest period."""
    fastest_s = _pfmlirScheduler.fastest_time_s(
        costs.prepare(period_s=1.0, max_rails=max_rails).problem
    )
    if not math.isfinite(fastest_s):
        raise infeasible(math.nan, fastest_s, max_rails)
    if fps is None:
        relaxed_s = _relaxed_time_s(costs, max_rails)
        # Time to sleep, too.
        asleep_s = max((state.time_s for state in costs.sleep_states), default=0.0)
        return fastest_s, max(fastest_s, relaxed_s + asleep_s)
    rates = [positive(f"fps[{i}]", rate) for i, rate in enumerate(sequence("fps", fps))]
    if len(rates) != 2:
        raise ValueError(f"fps: expected a lowest and a highest rate, but got {fps}")
    low, high = rates
    if low > high:
        raise ValueError(f"fps: expected the lower rate first, but got {fps}")
    if 1 / high < fastest_s * (1 - RESOLUTION):
        raise infeasible(1 / high, fastest_s, max_rails)
    return max(1 / high, fastest_s), 1 / low


def pareto_front(
    costs: CostTables,
    *,
    fps: tuple[float, float] | None = None,
    max_rails: int | None = None,
    tolerance: float = 0.01,
    max_points: int = 1000,
    threads: int = 1,
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
    costs : CostTables
        What the network costs; see `tabulate_costs`.
    fps : (float, float), optional
        The lowest and the highest rate, in inferences a second. By default from where
        more time would save no more energy to the highest that there is.
    max_rails : int, optional
        Instead of the target's. The rails are chosen anew at every point.
    tolerance : float
        Relative to the energy.
    max_points : int
        Where to stop, with what tolerance could be had; at least 2, the ends.
    threads : int
        Threads of the searches. They do not change the result.

    Raises
    ------
    InfeasibleError
        The highest rate is too high; it says what could be had.
    TypeError, ValueError
        An argument is not as described; the message names it.

    Examples
    --------
    >>> import pfmlir
    >>> layers = pfmlir.import_model(
    ...     'func.func @net() {\\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\\n  return\\n}"
    ... )
    >>> costs = pfmlir.tabulate_costs(pfmlir.assign_target(layers))
    >>> front = pfmlir.pareto_front(costs, tolerance=0.02)
    >>> front.is_optimal, front.tolerance <= 0.02
    (True, True)
    >>> f"{front.energy_j[0] / front.energy_j.min():.2f}"
    '1.90'
    """
    if not isinstance(costs, CostTables):
        raise TypeError(f"costs: expected pfmlir.CostTables, but got {type(costs)!r}")
    rails = costs.max_rails if max_rails is None else count("max_rails", max_rails)
    tolerance = positive("tolerance", tolerance)
    most = count("max_points", max_points, least=2)
    limits = as_limits(time_limit_s=None, threads=threads)
    shortest_s, longest_s = _range_s(costs, fps, rails)
    prepared = costs.prepare(period_s=shortest_s, max_rails=rails)
    search = _pfmlirScheduler.PeriodSearch(prepared.problem)
    tails = _Tails(costs)

    def solve(period_s: float) -> _Point:
        return _Point(period_s, prepared.describe(search.solve(period_s, **limits)))

    points = [solve(shortest_s)]
    intervals: list[tuple[float, float, _Interval]] = []

    def push(fast: _Point, slow: _Point) -> None:
        interval = _Interval(fast, slow, tails)
        heapq.heappush(intervals, (-interval.gap, fast.period_s, interval))

    if longest_s > shortest_s * (1 + RESOLUTION):
        points.append(solve(longest_s))
        push(*points)
    unresolved = 0.0
    while intervals and -intervals[0][0] > tolerance and len(points) < most:
        _, _, widest = heapq.heappop(intervals)
        middle_s = widest.middle_s
        if not widest.fast.period_s < middle_s < widest.slow.period_s:
            # As fine as it gets.
            unresolved = max(unresolved, widest.gap)
            continue
        middle = solve(middle_s)
        points.append(middle)
        push(widest.fast, middle)
        push(middle, widest.slow)
    points.sort(key=lambda point: point.period_s)
    return ParetoFront(
        period_s=numpy.array([point.period_s for point in points]),
        solutions=tuple(point.solution for point in points),
        tolerance=max(unresolved, -intervals[0][0] if intervals else 0.0),
    )
