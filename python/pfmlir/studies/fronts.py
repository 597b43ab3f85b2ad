# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energy against deadline: a network's whole Pareto front, within a tolerance."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Unpack

from .._mlir_libs import _pfmlirScheduler
from .._options import ThreadsOptions
from ..answers.fronts import LazySolutions, ParetoFront
from ..answers.solution import Solution
from ..arguments import count, flag, optional_periods, positive
from ..compile.options import CostOptions, read_options
from ..compile.scheduling import tabulate_costs
from ..compile.sources import Source
from ..errors import infeasible
from ..keywords import take, takes
from ..problem.solver import Prepared

# How far, relative to itself, a period may be below the shortest that there is: what
# 1 / fps rounds.
RESOLUTION = 1e-9


class FrontOptions(CostOptions, ThreadsOptions, total=False):
    """What `pareto_front` takes besides the network and its rates."""


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
    prepared: Prepared, asked: tuple[float, float] | None
) -> tuple[float, float]:
    """Return the shortest and the longest period."""
    fastest_s = prepared.shortest_period_s
    if not math.isfinite(fastest_s):
        raise infeasible(math.nan, fastest_s, prepared.max_rails)
    if asked is None:
        return fastest_s, _pfmlirScheduler.longest_useful_period_s(prepared.problem)
    shortest_s, longest_s = asked
    if shortest_s < fastest_s * (1 - RESOLUTION):
        raise infeasible(shortest_s, fastest_s, prepared.max_rails)
    return max(shortest_s, fastest_s), max(longest_s, fastest_s)


@takes(FrontOptions)
def pareto_front(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: tuple[float, float] | None = None,
    period_s: tuple[float, float] | None = None,
    tolerance: float = 0.01,
    max_points: int = 10_000,
    prove_points: bool = False,
    **options: Unpack[FrontOptions],
) -> ParetoFront:
    """Find the least energy of a network for every deadline, with proof.

    Points are put where the front is known least, until it is known everywhere between
    its ends within `tolerance`. Each point is a schedule, and proven to be as close to
    the optimum of its period; some are proven to be the optimum, or all of them if that
    is asked for. What holds at any period is worked out once, so that this costs far
    less than as many separate searches. `docs/search.md` describes how.

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
        How far the front may be from the points, at them and between them, relative to
        the energy.
    max_points : int
        Where to stop, with what tolerance could be had; at least 2, the ends.
    prove_points : bool
        Whether each point has to be a proven optimum, which takes several times longer.
    **options
        The accelerator, and what-ifs of it, as of `schedule`; of tables, `max_rails`
        only. The rails are chosen anew at every point. And `threads`, which do not
        change the result.

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
    >>> front.tolerance <= 0.02, (front.gap <= 0.02).all().item()
    (True, True)
    >>> f"{front.energy_j[0] / front.energy_j.min():.1f}"
    '1.9'

    Whether a point is a proven optimum, and a front of such points:

    >>> front.are_optimal.shape == front.period_s.shape
    True
    >>> pfmlir.pareto_front(network, tolerance=0.02, prove_points=True).is_optimal
    True
    """
    tolerance = positive("tolerance", tolerance)
    most = count("max_points", max_points, least=2)
    prove_points = flag("prove_points", prove_points)
    read = read_options(options)
    threads = take(read, ThreadsOptions)
    asked = _asked_range_s(fps, period_s)
    # Of any period; the search says which.
    prepared = tabulate_costs(source, inputs, **read).prepare(period_s=1.0)
    shortest_s, longest_s = _range_s(prepared, asked)
    front = _pfmlirScheduler.search_front(
        prepared.problem,
        shortest_s=shortest_s,
        longest_s=longest_s,
        tolerance=tolerance,
        most_points=most,
        proves_points=prove_points,
        **threads,
    )
    points = front["points"]

    def describe(point: int) -> Solution:
        answer = {name: values[point].tolist() for name, values in points.items()}
        answer["is_optimal"] = bool(answer["is_optimal"])
        return prepared.describe(answer, period_s=answer["period_s"])

    return ParetoFront(
        period_s=points["period_s"],
        energy_j=points["energy_j"],
        lower_bound_j=points["lower_bound_j"],
        active_time_s=points["active_time_s"],
        are_optimal=points["is_optimal"].astype(bool),
        rails_v=prepared.rails_of(points["states"]),
        solutions=LazySolutions(len(points["period_s"]), describe),
        tolerance=front["tolerance"],
    )
