# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One network at many rates, numbers of rails, and searches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy

from ..arguments import count, positive
from ..compile.passes import import_model, schedule
from ..errors import InfeasibleError


@dataclass(frozen=True)
class SweepPoint:
    """One schedule of a sweep, or that there is none.

    Attributes
    ----------
    fps : float
        Inferences a second.
    max_rails : int or None
        How many levels may become rails; None for the target's number.
    search : str
        What searched.
    energy_j, lower_bound_j, power_w, active_time_s : float or None
        As in a `Schedule`; None where no schedule keeps the deadline.
    rails_v : tuple of float
        The levels in use, in volts; empty where there is no schedule.
    fastest_time_s : float or None
        The shortest period that could be had, where the deadline is too short.
    """

    fps: float
    max_rails: int | None
    search: str
    energy_j: float | None = None
    lower_bound_j: float | None = None
    power_w: float | None = None
    active_time_s: float | None = None
    rails_v: tuple[float, ...] = ()
    fastest_time_s: float | None = None

    @property
    def is_feasible(self) -> bool:
        """Whether some schedule keeps the deadline."""
        return self.energy_j is not None


def _listed(values: Any) -> list[Any]:
    """Return a list; a single value is one of one."""
    if isinstance(values, str) or numpy.ndim(values) == 0:
        return [values]
    return list(values)


def sweep(
    source: Any,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | Iterable[float],
    max_rails: int | Iterable[int | None] = (None,),
    search: str | Iterable[str] = "exact",
    progress: Callable[[Sequence[Any]], Iterable[Any]] = iter,
    **keywords: Any,
) -> list[SweepPoint]:
    """Schedule a network for every combination of rates, rails and searches.

    Parameters
    ----------
    source, inputs
        The network; see `import_model`. It is imported once.
    fps : float or iterable of float
        Rates in inferences a second.
    max_rails : int or iterable of int
        Numbers of rails.
    search : str or iterable of str
        Searches; see `schedule`.
    progress : callable
        Wraps the list of combinations on the way, as `tqdm.tqdm` does.
    **keywords
        Passed on to `schedule`.

    Returns
    -------
    list of SweepPoint
        By search, then number of rails, then rate. A rate that can't be kept is a
        point without a schedule.

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
    combinations = list(
        product(
            _listed(search),
            [
                None if rails is None else count("max_rails", rails)
                for rails in _listed(max_rails)
            ],
            [positive("fps", rate) for rate in _listed(fps)],
        )
    )
    if not combinations:
        raise ValueError("expected at least one rate, number of rails and search")
    function = keywords.get("function")
    module = import_model(source, inputs, function=function or "main")

    def points() -> Iterator[SweepPoint]:
        for name, rails, rate in progress(combinations):
            where = {"fps": rate, "max_rails": rails, "search": name}
            try:
                found = schedule(module, **where, **keywords)
            except InfeasibleError as error:
                yield SweepPoint(**where, fastest_time_s=error.fastest_time_s)
                continue
            yield SweepPoint(
                **where,
                energy_j=found.energy_j,
                lower_bound_j=found.lower_bound_j,
                power_w=found.power_w,
                active_time_s=found.active_time_s,
                rails_v=tuple(float(rail) for rail in found.rails_v),
            )

    return list(points())
