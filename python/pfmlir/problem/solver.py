# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The searches on bare numbers, without any IR.

`solve` takes arrays `[layer, state]` of energy, time and leakage power and finds
the schedule of least energy: which levels become rails, which state each layer
runs in, how the period ends. `docs/search.md` describes how.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy
from numpy.typing import ArrayLike, NDArray

from .._mlir_libs import _pfmlirScheduler
from .._options import OPTIONS, LimitsOptions, ThreadsOptions
from ..answers.solution import Solution, make_layers
from ..arguments import (
    count,
    fraction,
    one_of,
    positive,
    quantity,
    required_period,
)
from ..errors import infeasible
from ..keywords import read_options, takes
from .arrays import (
    Flat,
    SleepState,
    as_levels,
    as_matrices,
    as_numbers,
    as_probabilities,
    as_sleep_states,
    check_costs,
    flatten,
)
from .axes import Axis, as_axes, as_settings

# Arrays say nothing of nominal voltages.
SEARCHES = tuple(
    search.name for search in _pfmlirScheduler.searches() if not search.needs_nominal
)
DEFAULT_SEARCH: str = OPTIONS["search"].default


class Limits(LimitsOptions, ThreadsOptions, total=False):
    """Keywords that limit the exact search."""


@dataclass(frozen=True)
class Prepared:
    """A problem for the searches, and what its states are to whoever posed it."""

    problem: _pfmlirScheduler.Problem
    period_s: float
    margin: float
    max_rails: int
    layer_names: Sequence[str]
    domains: Sequence[str]
    axes: Sequence[Axis]
    # By level: its voltage or its index.
    names: NDArray[Any]
    # By axis of the problem, domains first: the rail of each setting.
    rails: Sequence[NDArray[numpy.uint16]]
    # By state of the search.
    flat: Flat

    @property
    def shortest_period_s(self) -> float:
        """The shortest period of any schedule, in seconds; infinite without any."""
        fastest_s: float = _pfmlirScheduler.fastest_time_s(self.problem)
        return fastest_s / (1 - self.margin)

    def solve(self, search: str, limits: dict[str, Any]) -> dict[str, Any]:
        """Return what a search answers, or raise InfeasibleError."""
        answer: dict[str, Any] = _pfmlirScheduler.solve(
            self.problem, search=search, **limits
        )
        if not answer["is_feasible"]:
            shortest_s = answer["fastest_time_s"] / (1 - self.margin)
            raise infeasible(self.period_s, shortest_s, self.max_rails)
        return answer

    def rails_of(self, states: NDArray[numpy.int64]) -> tuple[NDArray[Any], ...]:
        """Return, by schedule, the levels that it needs as rails.

        States are [schedule, layer], of the search.
        """
        settings = self.flat.settings[states]
        needed = numpy.concatenate(
            [rails[settings[:, :, axis]] for axis, rails in enumerate(self.rails)],
            axis=1,
        )
        is_needed = numpy.array(
            [(needed == level).any(axis=1) for level in range(len(self.names))],
            dtype=bool,
        ).reshape(len(self.names), len(states))
        return tuple(self.names[levels] for levels in is_needed.T)

    def describe(
        self,
        answer: dict[str, Any],
        search: str = DEFAULT_SEARCH,
        period_s: float | None = None,
    ) -> Solution:
        """Return what a search answered, at another period if one is given."""
        chosen = numpy.asarray(answer["states"], dtype=numpy.int64)
        flat = self.flat
        settings = flat.settings[chosen]
        num_domains = len(self.domains)
        return Solution(
            states=flat.positions[chosen],
            rails=self.rails_of(chosen[None])[0],
            levels=self.names,
            energy_j=answer["energy_j"],
            lower_bound_j=answer["lower_bound_j"],
            period_s=self.period_s if period_s is None else period_s,
            active_time_s=answer["active_time_s"],
            tail=None if answer["tail"] < 0 else answer["tail"],
            is_optimal=answer["is_optimal"],
            search=search,
            domains=tuple(self.domains),
            layers=make_layers(
                self.layer_names,
                self.names[settings[:, :num_domains]],
                time_s=flat.time_s[chosen],
                energy_j=flat.energy_j[chosen],
                leakage_w=flat.leakage_w[chosen],
            ),
            statistics=answer.get("statistics", {}),
            profile_s=answer.get("profile_s", {}),
            settings={
                axis.name: tuple(axis.settings[setting] for setting in column)
                for axis, column in zip(
                    self.axes, settings[:, num_domains:].T, strict=True
                )
            },
        )


def prepare(
    energy_j: ArrayLike,
    time_s: ArrayLike,
    leakage_w: ArrayLike,
    states: ArrayLike,
    *,
    period_s: float,
    max_rails: int,
    transition_energy_j: ArrayLike,
    transition_time_s: ArrayLike,
    sleep_states: Iterable[SleepState | Sequence[float]],
    axes: Sequence[Axis] = (),
    settings: ArrayLike | None = None,
    margin: float = 0.0,
    rail_power_w: float = 0.0,
    transition_power_w: float = 0.0,
    overlapping_ramps: bool = False,
    probabilities: ArrayLike | None = None,
    layer_names: Sequence[str] = (),
    domains: Sequence[str] = (),
) -> Prepared:
    """Check the arguments of `solve`, and make its problem; names are for people."""
    energies = as_numbers("energy_j", energy_j)
    times = as_numbers("time_s", time_s)
    leakages = as_numbers("leakage_w", leakage_w)
    check_costs(energy_j=energies, time_s=times, leakage_w=leakages)
    num_layers, num_states = energies.shape
    transitions = {
        "transition_energy_j": as_numbers("transition_energy_j", transition_energy_j),
        "transition_time_s": as_numbers("transition_time_s", transition_time_s),
    }
    # Where levels are indices, transitions may speak of more than states use.
    least_levels = max(
        matrix.shape[-1] if matrix.ndim >= 2 else 0 for matrix in transitions.values()
    )
    axes = as_axes(axes)
    rails = [rail for axis in axes for rail in axis.rails if rail is not None]
    levels, names = as_levels(states, num_layers, num_states, least_levels, rails)
    num_domains = levels.shape[1]
    if num_domains + len(axes) == 0:
        raise ValueError("states: expected at least one domain")
    others = as_settings(settings, axes, num_layers, num_states)
    period_s = positive("period_s", period_s)
    max_rails = count("max_rails", max_rails)
    margin = fraction("margin", margin)
    flat = flatten(
        numpy.concatenate([levels, others], axis=1) if axes else levels,
        energies,
        times,
        leakages,
    )
    all_levels = numpy.arange(len(names), dtype=numpy.uint16)
    rails_of = [*[all_levels] * num_domains, *(a.rail_indices(names) for a in axes)]
    problem = _pfmlirScheduler.Problem(
        layer_begin=flat.layer_begin,
        settings=flat.settings,
        energy_j=flat.energy_j,
        time_s=flat.time_s,
        idle_power_w=flat.leakage_w,
        # Where no setting needs a rail there are no levels, of which one is one.
        num_levels=max(len(names), 1),
        max_rails=max_rails,
        period_s=period_s,
        rails=rails_of,
        **{
            name: [
                *as_matrices(name, matrices, num_domains, len(names)),
                *(getattr(axis, name) for axis in axes),
            ]
            for name, matrices in transitions.items()
        },
        sleep_states=as_sleep_states(sleep_states),
        margin=margin,
        rail_power_w=quantity("rail_power_w", rail_power_w),
        transition_power_w=quantity("transition_power_w", transition_power_w),
        overlapping_ramps=bool(overlapping_ramps),
        probabilities=as_probabilities(probabilities, num_layers),
    )
    return Prepared(
        problem=problem,
        period_s=period_s,
        margin=margin,
        max_rails=max_rails,
        layer_names=layer_names or [f"layer {i}" for i in range(num_layers)],
        domains=domains or [f"domain {i}" for i in range(num_domains)],
        axes=axes,
        names=names,
        rails=rails_of,
        flat=flat,
    )


@takes(Limits)
def solve(
    energy_j: ArrayLike,
    time_s: ArrayLike,
    leakage_w: ArrayLike,
    states: ArrayLike,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    max_rails: int,
    transition_energy_j: ArrayLike = 0.0,
    transition_time_s: ArrayLike = 0.0,
    sleep_states: Iterable[SleepState | Sequence[float]] = (),
    axes: Sequence[Axis] = (),
    settings: ArrayLike | None = None,
    margin: float = 0.0,
    rail_power_w: float = 0.0,
    transition_power_w: float = 0.0,
    overlapping_ramps: bool = False,
    probabilities: ArrayLike | None = None,
    search: str = DEFAULT_SEARCH,
    **limits: Unpack[Limits],
) -> Solution:
    """Find the schedule of least energy of a chain of layers.

    The layers run one after the other, once every `period_s`; what is left of the
    period is idled at the leakage power of the last layer's state, or slept
    through, whatever costs less. All quantities are in SI units.

    Parameters
    ----------
    energy_j, time_s, leakage_w : array_like, shape [layer, state]
        Energy (leakage included), time and leakage power of a layer in a state.
        Where energy or time is infinite the layer has no such state. C-contiguous
        arrays of float64 are read where they are, if no entry is infinite.
    states : array_like, shape [state, domain] or [layer, state, domain]
        The level that each power domain is on in a state: floats are voltages in
        volts, integers are indices of levels.
    fps, period_s : float
        Inferences a second, or seconds from one to the next; one of them.
    max_rails : int
        How many levels may be used.
    transition_energy_j, transition_time_s : array_like
        What a domain pays to change its level between two layers: one number, one a
        domain, or a matrix [from level, to level] (or one a domain) over the levels
        in increasing order.
    sleep_states : iterable of SleepState
        Ways to spend the rest of the period, besides idling.
    axes : sequence of Axis, optional
        What else is set for each layer: modes, engines, supplies that need no rail.
    settings : array_like of int, shape [state, axis] or [layer, state, axis]
        The setting of each of these axes in a state, by index. Several states may have
        the same levels and settings.
    margin : float
        The part of the period that must be left when all is done, sleep entered and
        left.
    rail_power_w : float
        What each level in use draws throughout the period, in watts.
    transition_power_w : float
        Drawn while levels or settings change, in watts, on top of what that costs: by
        what is awake meanwhile.
    overlapping_ramps : bool
        Whether all that changes between two layers does so at once, and the longest
        time counts instead of the sum.
    probabilities : array_like, shape [layer], optional
        The part of the periods in which each layer runs: from 0 to 1, 1 for the first,
        and never more than for the layer before. The energy is that of a period in the
        mean; the deadline is kept by one that runs all layers. Others end early, in the
        sleep state that draws least.
    search : str
        As of `schedule`, but for those that start from nominal voltages, of which
        arrays say nothing. "exact" proves the optimum.
    %(options)s

    Returns
    -------
    Solution

    Notes
    -----
    On top of what `memory_limit_bytes` limits come tables of the problem, some 100
    bytes for each layer and assignment of rails to domains.

    Raises
    ------
    InfeasibleError
        No schedule keeps the deadline; it says what could.
    TypeError, ValueError
        An argument is not as described; the message names it.
    KeyboardInterrupt
        Ctrl-C ends the exact search.

    Examples
    --------
    Two layers on one domain of two levels; the second must run fast:

    >>> import pfmlir
    >>> solution = pfmlir.solve(
    ...     energy_j=[[1.0, 2.0], [1.0, 1.5]],
    ...     time_s=[[4.0, 3.0], [4.0, 2.0]],
    ...     leakage_w=[[0.0, 0.0], [0.0, 0.0]],
    ...     states=[[0.9], [1.1]],
    ...     period_s=6.5,
    ...     max_rails=2,
    ... )
    >>> solution.states, solution.energy_j, solution.is_optimal
    (array([0, 1]), 2.5, True)

    A processor that runs either, without a rail of its own:

    >>> solution = pfmlir.solve(
    ...     energy_j=[[1.0, 2.0, 0.5], [1.0, 1.5, 0.5]],
    ...     time_s=[[4.0, 3.0, 8.0], [4.0, 2.0, 4.0]],
    ...     leakage_w=[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ...     states=[[0.9], [1.1], [0.9]],
    ...     axes=[pfmlir.Axis("engine", ["", "cpu"], transition_energy_j=0.25)],
    ...     settings=[[0], [0], [1]],
    ...     period_s=8.5,
    ...     max_rails=2,
    ... )
    >>> solution.settings, solution.energy_j
    ({'engine': ('', 'cpu')}, 1.75)
    """
    search = one_of("search", search, SEARCHES)
    read = read_options(limits)
    prepared = prepare(
        energy_j,
        time_s,
        leakage_w,
        states,
        period_s=required_period(fps, period_s),
        max_rails=max_rails,
        transition_energy_j=transition_energy_j,
        transition_time_s=transition_time_s,
        sleep_states=sleep_states,
        axes=axes,
        settings=settings,
        margin=margin,
        rail_power_w=rail_power_w,
        transition_power_w=transition_power_w,
        overlapping_ramps=overlapping_ramps,
        probabilities=probabilities,
    )
    return prepared.describe(prepared.solve(search, read), search)
