# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rates over time from a battery and what is harvested, of most inferences.

A front says which power a rate takes. Going back and forth between two rates gives
every mean of the two, so that the rate that a power buys is concave. The most
inferences are then had by using energy as evenly as the battery allows, whatever the
front is: total use against time is the taut string between what has come in and what
would overflow. The same string is best for the bound of the front, too, which bounds
all plans.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from ..answers.batteries import BatteryPlan
from ..answers.fronts import ParetoFront
from ..arguments import positive, quantity, sequence
from ..errors import InfeasibleError
from ..units import with_prefix

# Of energies, by which sums of them are rounded.
ROUNDING = 1e-12


@dataclass(frozen=True)
class _Purchase:
    """The highest rate that a mean power can buy, concave and piecewise linear.

    `power_w` and `fps` are its corners, both increasing.
    """

    power_w: NDArray[numpy.float64]
    fps: NDArray[numpy.float64]

    @staticmethod
    def of(points: Iterable[tuple[float, float]]) -> "_Purchase":
        """Return that of pairs of a power and a rate."""
        corners: list[tuple[float, float]] = []
        for power_w, fps in sorted(points, key=lambda point: (point[0], -point[1])):
            if corners and fps <= corners[-1][1]:
                continue
            while len(corners) > 1 and _is_below(
                corners[-2], corners[-1], (power_w, fps)
            ):
                corners.pop()
            corners.append((power_w, fps))
        powers_w, rates = zip(*corners, strict=True)
        return _Purchase(numpy.array(powers_w), numpy.array(rates))

    def rate(self, power_w: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
        """Return what powers of at least the least buy."""
        return numpy.interp(power_w, self.power_w, self.fps)

    def mix(
        self, power_w: NDArray[numpy.float64]
    ) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64], NDArray[numpy.float64]]:
        """Return the corners around powers, and the share of time at the faster."""
        fast = numpy.searchsorted(self.power_w, power_w)
        slow = numpy.maximum(fast - 1, 0)
        spread_w = self.power_w[fast] - self.power_w[slow]
        share = numpy.ones_like(power_w)
        numpy.divide(
            power_w - self.power_w[slow], spread_w, out=share, where=spread_w > 0
        )
        return self.fps[slow], self.fps[fast], share


def _is_below(
    left: tuple[float, float], middle: tuple[float, float], right: tuple[float, float]
) -> bool:
    """Whether a point is on or below the line between two."""
    return (middle[1] - left[1]) * (right[0] - left[0]) <= (right[1] - left[1]) * (
        middle[0] - left[0]
    )


def _rails_at(front: ParetoFront, rates: set[float]) -> NDArray[numpy.float64]:
    """Return the levels that a front's points at some rates use."""
    levels = {
        float(rail)
        for fps, rails in zip(front.fps, front.rails_v, strict=True)
        if float(fps) in rates
        for rail in rails
    }
    return numpy.array(sorted(levels))


def _known(front: ParetoFront) -> list[tuple[float, float]]:
    """Return power and rate of each point of a front."""
    return list(zip(front.energy_j / front.period_s, front.fps, strict=True))


def _possible(front: ParetoFront) -> list[tuple[float, float]]:
    """Return powers that no schedule within the front is below, at rates.

    At a period between two points a schedule takes at least what the faster point's
    does, but for the tolerance; or, from where that is in time, what the slower
    point's does. Power is then bounded by lines through zero, which end at that period:
    at the earliest where all layers of the slower point are done.
    """
    energies_j = front.energy_j / (1 + front.tolerance)
    periods_s = front.period_s
    points = list(zip(energies_j / periods_s, front.fps, strict=True))
    step_s = numpy.clip(front.active_time_s[1:], periods_s[:-1], periods_s[1:])
    least_j = numpy.minimum(energies_j[:-1], energies_j[1:])
    points += zip(least_j / step_s, 1 / step_s, strict=True)
    points += zip(least_j / periods_s[1:], front.fps[1:], strict=True)
    return points


def _taut_string(
    lower_j: NDArray[numpy.float64], upper_j: NDArray[numpy.float64]
) -> NDArray[numpy.float64]:
    """Return the shortest path from the first to the last point between two curves.

    The curves, shape [point], meet at both ends.
    """
    last = len(lower_j) - 1
    path = numpy.empty(last + 1)
    at, value = 0, lower_j[0]
    path[0] = value
    while at < last:
        # The steepest and the flattest line that have fitted so far, and the points
        # that they touch.
        flattest, steepest = -math.inf, math.inf
        touches_lower = touches_upper = at
        then, end = last, upper_j[last]
        for point in range(at + 1, last + 1):
            low = (lower_j[point] - value) / (point - at)
            high = (upper_j[point] - value) / (point - at)
            if low > steepest:
                then, end = touches_upper, upper_j[touches_upper]
                break
            if high < flattest:
                then, end = touches_lower, lower_j[touches_lower]
                break
            if low >= flattest:
                flattest, touches_lower = low, point
            if high <= steepest:
                steepest, touches_upper = high, point
        path[at : then + 1] = numpy.linspace(value, end, then - at + 1)
        at, value = then, end
    return path


def _even_use_j(
    gained_j: NDArray[numpy.float64], battery_j: float, first_j: float, last_j: float
) -> NDArray[numpy.float64]:
    """Return what is used in each step where it is used as evenly as can be."""
    come_j = first_j + numpy.concatenate([[0.0], numpy.cumsum(gained_j)])
    lower_j = come_j - battery_j
    upper_j = come_j.copy()
    lower_j[0] = upper_j[0] = 0.0
    lower_j[-1] = upper_j[-1] = come_j[-1] - last_j
    return numpy.diff(_taut_string(lower_j, upper_j))


def _store(
    gained_j: NDArray[numpy.float64],
    used_j: NDArray[numpy.float64],
    battery_j: float,
    first_j: float,
) -> NDArray[numpy.float64]:
    """Return what is stored before the first step and after each."""
    stored_j = [first_j]
    for gain_j, use_j in zip(gained_j, used_j, strict=True):
        stored_j.append(min(battery_j, max(0.0, stored_j[-1] + gain_j - use_j)))
    return numpy.array(stored_j)


def _check_fed(
    used_j: NDArray[numpy.float64], least_w: float, step_s: float, scale_j: float
) -> None:
    """Raise InfeasibleError if some step gets less than what must be."""
    short_j = least_w * step_s - used_j
    if short_j.max() <= ROUNDING * scale_j:
        return
    step = int(short_j.argmax())
    got_w = max(0.0, float(used_j[step])) / step_s
    raise InfeasibleError(
        f"step {step} can have {with_prefix(got_w, 'W')} at most, but the least that "
        f"is used is {with_prefix(least_w, 'W')}: store or harvest more, or give a "
        "lower resting_power_w or a front that reaches lower rates",
        math.nan,
        math.inf,
    )


def _read_profile(values: Iterable[float]) -> NDArray[numpy.float64]:
    harvested_w = [
        quantity("harvested_w", value) for value in sequence("harvested_w", values)
    ]
    if not harvested_w:
        raise ValueError("harvested_w: expected a power for each step, but got none")
    return numpy.array(harvested_w)


def _read_store(name: str, value: float | None, battery_j: float) -> float:
    """Return what is stored at an end; all that can be, unless it is said."""
    if value is None:
        return battery_j
    stored_j = quantity(name, value)
    if stored_j > battery_j:
        raise ValueError(
            f"{name}: expected at most the {battery_j} J of the battery, but got "
            f"{value}"
        )
    return stored_j


def plan_battery(
    front: ParetoFront,
    *,
    battery_j: float,
    harvested_w: Iterable[float],
    step_s: float = 3600.0,
    first_j: float | None = None,
    last_j: float | None = None,
    resting_power_w: float | None = None,
) -> BatteryPlan:
    """Find the rates over time that have the most inferences.

    The answer is in closed form, and proven as far as the front is: no plan that goes
    among rates of the front, and resting, has more than `bound_inferences`.

    Parameters
    ----------
    front
        What `pareto_front` returns. Where the chip is built, it should be one of its
        rails: `pareto_front(..., levels_v=rails, max_rails=len(rails))`.
    battery_j
        What can be stored, in joules.
    harvested_w
        Power that comes in, in watts, for each step; zeros where nothing does.
    step_s
        The length of a step in seconds.
    first_j, last_j
        What is stored before the first step, and must be after the last, in joules; by
        default a full battery before, and as much after as before.
    resting_power_w
        Power in watts while no inference is asked for. By default the network never
        rests: its lowest rate is the front's.

    Raises
    ------
    InfeasibleError
        In some step there is not enough even for the lowest rate, or for rest.
    TypeError, ValueError
        An argument is not as described; the message names it.

    Examples
    --------
    A day of sun and a night without, on a joule:

    >>> import pfmlir
    >>> network = (
    ...     'func.func @net() {\\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\\n  return\\n}"
    ... )
    >>> front = pfmlir.pareto_front(network, tolerance=0.01)
    >>> plan = pfmlir.plan_battery(
    ...     front, battery_j=20.0, harvested_w=[5e-3] * 12 + [0.0] * 12, first_j=0.0,
    ...     resting_power_w=1e-6,
    ... )
    >>> f"{plan.stored_j.max():.1f} J stored at most, {100 * plan.gap:.0f} % more?"
    '20.0 J stored at most, 1 % more?'
    """
    if not isinstance(front, ParetoFront):
        raise TypeError(f"front: expected a ParetoFront, but got {front!r:.80}")
    battery_j = quantity("battery_j", battery_j)
    step_s = positive("step_s", step_s)
    profile_w = _read_profile(harvested_w)
    first_j = _read_store("first_j", first_j, battery_j)
    last_j = first_j if last_j is None else _read_store("last_j", last_j, battery_j)
    rest = []
    if resting_power_w is not None:
        rest.append((quantity("resting_power_w", resting_power_w), 0.0))

    bought = _Purchase.of(_known(front) + rest)
    bound = _Purchase.of(_possible(front) + rest)
    gained_j = profile_w * step_s
    even_j = _even_use_j(gained_j, battery_j, first_j, last_j)
    scale_j = first_j + float(gained_j.sum())
    _check_fed(even_j, bought.power_w[0], step_s, scale_j)
    power_w = numpy.clip(even_j / step_s, bought.power_w[0], bought.power_w[-1])
    slow_fps, fast_fps, fast_share = bought.mix(power_w)
    return BatteryPlan(
        step_s=step_s,
        battery_j=battery_j,
        harvested_w=profile_w,
        power_w=power_w,
        stored_j=_store(gained_j, power_w * step_s, battery_j, first_j),
        slow_fps=slow_fps,
        fast_fps=fast_fps,
        fast_share=fast_share,
        bound_inferences=float(bound.rate(even_j / step_s).sum() * step_s),
        rails_v=_rails_at(
            front, {*slow_fps[fast_share < 1], *fast_fps[fast_share > 0]}
        ),
    )
