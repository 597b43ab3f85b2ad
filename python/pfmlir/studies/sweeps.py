# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One network at many rates, numbers of rails, and searches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product
from typing import Any, Unpack

import numpy

from .. import ir
from ..answers.sweeps import Sweep, SweepPoint
from ..arguments import count, required_periods
from ..compile.designs import DesignAnswers, Designs, DesignStatus
from ..compile.options import CostOptions, SweepOptions, read_options
from ..compile.scheduling import as_layers, schedule_network
from ..compile.sources import Source, resolve
from ..errors import InfeasibleError
from ..keywords import select, takes
from ..problem.solver import DEFAULT_SEARCH, Limits
from ..problem.tables import CostTables

# Points that are solved in one native call; more would let a progress bar wait.
BLOCK = 64

# What option `max_rails` sets.
RAILS = "target.max_rails"


def _listed(values: Any) -> list[Any]:
    """Return a list; a single value is one of one."""
    if isinstance(values, str) or numpy.ndim(values) == 0:
        return [values]
    return list(values)


def _rates(
    fps: float | Iterable[float] | None, period_s: float | Iterable[float] | None
) -> list[float]:
    """Return rates in inferences a second."""
    rates = None if fps is None else _listed(fps)
    periods = required_periods(rates, None if period_s is None else _listed(period_s))
    if rates is None:
        return [1 / period for period in periods]
    # Not by way of a period, which would round them.
    return [float(rate) for rate in rates]


def _solve(
    tables: CostTables, point: SweepPoint, options: dict[str, Any]
) -> SweepPoint:
    """Return a point of a sweep of tables with what was found."""
    here = {"max_rails": point.max_rails, "search": point.search}
    try:
        found = schedule_network(tables, point.fps, None, options | here)
    except InfeasibleError as error:
        return replace(point, fastest_time_s=error.fastest_time_s)
    return replace(
        point,
        energy_j=found.energy_j,
        lower_bound_j=found.lower_bound_j,
        power_w=found.power_w,
        active_time_s=found.active_time_s,
        rails_v=tuple(float(rail) for rail in found.rails_v),
        is_optimal=found.is_optimal,
    )


def _point(point: SweepPoint, found: DesignAnswers, i: int) -> SweepPoint:
    """Return a point of a sweep with what was found of it."""
    if found.status[i] == DesignStatus.INFEASIBLE:
        return replace(point, fastest_time_s=float(found.shortest_period_s[i]))
    energy_j, bound_j = float(found.energy_j[i]), float(found.lower_bound_j[i])
    return replace(
        point,
        energy_j=energy_j,
        lower_bound_j=bound_j,
        power_w=energy_j / point.period_s,
        active_time_s=float(found.active_time_s[i]),
        rails_v=found.rails_v[i],
        is_optimal=energy_j == bound_j,
    )


def _solve_all(
    module: ir.Module, points: Sequence[SweepPoint], read: dict[str, Any]
) -> Iterator[SweepPoint]:
    """Return points of a sweep of a network, whose layers are formed once."""
    designs = Designs(as_layers(module, select(read, CostOptions)))
    limits = select(read, Limits)
    for search, group in groupby(points, lambda point: point.search):
        alike = list(group)
        for begin in range(0, len(alike), BLOCK):
            block = alike[begin : begin + BLOCK]
            found = designs.solve(
                [
                    {} if each.max_rails is None else {RAILS: each.max_rails}
                    for each in block
                ],
                [each.period_s for each in block],
                search=search,
                **limits,
            )
            for i, point in enumerate(block):
                if found.status[i] == DesignStatus.INVALID:
                    # What the compiler says of it, as an error.
                    schedule_network(
                        module,
                        point.fps,
                        None,
                        read | {"max_rails": point.max_rails, "search": search},
                    )
                yield _point(point, found, i)


@takes(SweepOptions)
def sweep(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | Iterable[float] | None = None,
    period_s: float | Iterable[float] | None = None,
    max_rails: int | Iterable[int | None] | None = None,
    search: str | Iterable[str] = DEFAULT_SEARCH,
    progress: Callable[[Sequence[SweepPoint]], Iterable[SweepPoint]] = iter,
    **options: Unpack[SweepOptions],
) -> Sweep:
    """Schedule a network for every combination of rates, rails and searches.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`. It is imported once.
    fps, period_s : float or iterable of float
        Rates in inferences a second, or periods in seconds.
    max_rails : int or iterable of int
        Numbers of rails; None is the target's.
    search : str or iterable of str
        Searches; see `schedule`.
    progress : callable
        Wraps the list of combinations on the way, as `tqdm.tqdm` does.
    **options
        As of `schedule`.

    Returns
    -------
    Sweep
        A sequence of points, by search, then number of rails, then rate. A rate that
        can't be kept is a point without a schedule.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 512>
    ...   return
    ... }
    ... '''
    >>> points = pfmlir.sweep(network, fps=[10, 1000], max_rails=[1])
    >>> [point.is_feasible for point in points]
    [True, False]
    """
    combinations = [
        SweepPoint(fps=rate, max_rails=rails, search=name)
        for name, rails, rate in product(
            _listed(search),
            [
                None if rails is None else count("max_rails", rails)
                for rails in _listed(max_rails)
            ],
            _rates(fps, period_s),
        )
    ]
    if not combinations:
        raise ValueError("expected at least one rate, number of rails and search")
    read = read_options(options)
    network = resolve(source, inputs, function=read.get("function"))
    if isinstance(network, CostTables):
        return Sweep(
            tuple(_solve(network, point, read) for point in progress(combinations))
        )
    solved = _solve_all(network, combinations, read)
    return Sweep(
        tuple(point for _, point in zip(progress(combinations), solved, strict=True))
    )
