# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The searches on bare numbers, without any IR.

`solve` takes arrays `[layer, state]` of energy, time and leakage power and finds
the schedule of least energy: which levels become rails, which state each layer
runs in, how the period ends. `docs/search.md` describes how.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy
from numpy.typing import ArrayLike, NDArray

from .._mlir_libs import _pfmlirScheduler
from ..arguments import count, fraction, positive
from ..errors import infeasible

SEARCHES = ("exact", "lambda-dp", "lambda-dp-unrefined")

# Matrices from level to level are made of them.
MOST_LEVELS = 4096


class SleepState(NamedTuple):
    """A state in which the hardware waits for the next period.

    Attributes
    ----------
    power_w : float
        Power while asleep, in watts.
    energy_j, time_s : float
        Of entering and leaving together, in joules and seconds.
    """

    power_w: float
    energy_j: float = 0.0
    time_s: float = 0.0


def relative_gap(energy_j: float, lower_bound_j: float) -> float:
    """Return how far an energy can be above the optimum, relative to it."""
    return (energy_j - lower_bound_j) / energy_j if energy_j else 0.0


@dataclass(frozen=True)
class Solution:
    """What `solve` found.

    Attributes
    ----------
    states : ndarray of int, shape [layer]
        The state of each layer, an index into the axis of states.
    rails : ndarray
        The levels in use, increasing: in volts where the states were given in
        volts, else as indices.
    energy_j, lower_bound_j : float
        Energy of one period, and what no schedule costs less than, in joules.
    active_time_s : float
        Layers and transitions, in seconds.
    tail : int or None
        Which sleep state ends the period; None for idling.
    is_optimal : bool
        Whether the schedule is proven to be one of least energy.
    statistics : dict
        How much work it was: rail sets, shortest paths, labels.
    profile_s : dict
        Where the exact search's time went, in seconds: the fastest path, crude bounds
        of all rail sets, relaxations, label setting.
    """

    states: NDArray[numpy.int64]
    rails: NDArray
    energy_j: float
    lower_bound_j: float
    active_time_s: float
    tail: int | None
    is_optimal: bool
    statistics: dict[str, int] = field(repr=False, default_factory=dict)
    profile_s: dict[str, float] = field(repr=False, default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the energy can be above the optimum, relative to it."""
        return relative_gap(self.energy_j, self.lower_bound_j)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Solution):
            return NotImplemented
        return (
            numpy.array_equal(self.states, other.states)
            and numpy.array_equal(self.rails, other.rails)
            and self.energy_j == other.energy_j
            and self.lower_bound_j == other.lower_bound_j
            and self.active_time_s == other.active_time_s
            and self.tail == other.tail
            and self.is_optimal == other.is_optimal
        )


def _as_numbers(name: str, values: ArrayLike) -> NDArray[numpy.float64]:
    """Return an array of doubles, the one given where it is one."""
    try:
        array = numpy.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array: {error}") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected numbers, but got dtype {array.dtype}")
    return numpy.ascontiguousarray(array, dtype=numpy.float64)


def _check_costs(**arrays: NDArray[numpy.float64]) -> None:
    shape = None
    for name, array in arrays.items():
        if array.ndim != 2:
            raise ValueError(
                f"{name}: expected shape [layer, state], but got {list(array.shape)}"
            )
        if shape is not None and array.shape != shape:
            raise ValueError(
                f"{name}: expected shape {list(shape)} as energy_j has, but got "
                f"{list(array.shape)}"
            )
        shape = array.shape
        if array.size == 0:
            raise ValueError(
                f"{name}: expected at least one layer and one state, but got shape "
                f"{list(shape)}"
            )
        right = array >= 0
        if name == "leakage_w":
            right &= numpy.isfinite(array)
        wrong = numpy.argwhere(~right)
        if len(wrong):
            layer, state = (int(i) for i in wrong[0])
            finite = "finite " if name == "leakage_w" else ""
            raise ValueError(
                f"{name}[{layer}, {state}]: expected a {finite}number that is not "
                f"negative, but got {float(array[layer, state])}"
            )


def _as_levels(
    states: ArrayLike, num_layers: int, num_states: int, least_levels: int
) -> tuple[NDArray[numpy.uint16], NDArray]:
    """Return levels [layer * state, domain] by index, and what each index is."""
    try:
        array = numpy.asarray(states)
    except ValueError as error:
        raise ValueError(f"states: expected a rectangular array: {error}") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(
            "states: expected voltages or indices of levels, but got dtype "
            f"{array.dtype}"
        )
    shapes = ([num_states], [num_layers, num_states])
    if array.ndim not in (2, 3) or list(array.shape[:-1]) not in shapes:
        raise ValueError(
            f"states: expected shape [{num_states}, domain] or [{num_layers}, "
            f"{num_states}, domain], but got {list(array.shape)}"
        )
    if array.shape[-1] == 0:
        raise ValueError("states: expected at least one domain")
    if array.dtype.kind == "f":
        if not numpy.isfinite(array).all():
            raise ValueError("states: expected finite voltages")
        names, levels = numpy.unique(array, return_inverse=True)
        levels = levels.reshape(array.shape)
    else:
        for index in (int(array.min()), int(array.max())):
            if not 0 <= index < MOST_LEVELS:
                raise ValueError(
                    f"states: expected indices of levels, from 0 to {MOST_LEVELS - 1}, "
                    f"but got {index}"
                )
        levels = array
        names = numpy.arange(max(int(array.max()) + 1, least_levels))
    if len(names) > MOST_LEVELS:
        raise ValueError(
            f"states: expected at most {MOST_LEVELS} levels, but got {len(names)}"
        )
    levels = numpy.broadcast_to(levels, (num_layers, num_states, array.shape[-1]))
    flat = numpy.ascontiguousarray(levels, dtype=numpy.uint16)
    return flat.reshape(num_layers * num_states, -1), names


def _as_matrices(
    name: str, array: NDArray[numpy.float64], num_domains: int, num_levels: int
) -> NDArray[numpy.float64]:
    """Return transition costs as [domain, from level, to level]."""
    if not (numpy.isfinite(array) & (array >= 0)).all():
        raise ValueError(f"{name}: expected finite numbers that are not negative")
    shape = (num_domains, num_levels, num_levels)
    if array.ndim == 0 or array.shape == (1,):
        matrix = numpy.full(shape, float(array.reshape(())))
    elif array.shape in (shape[1:], shape):
        matrix = numpy.broadcast_to(array, shape).copy()
    elif array.shape == (num_domains,):
        matrix = numpy.broadcast_to(array[:, None, None], shape).copy()
    else:
        raise ValueError(
            f"{name}: expected one number, one a domain ({num_domains}), or matrices "
            f"[{num_levels}, {num_levels}] from level to level, but got shape "
            f"{list(array.shape)}"
        )
    diagonal = (slice(None), range(num_levels), range(num_levels))
    if array.ndim < 2:
        # Staying costs nothing.
        matrix[diagonal] = 0
    if matrix[diagonal].any():
        raise ValueError(f"{name}: expected staying on a level to cost 0")
    return matrix


def _as_sleep_states(
    states: Iterable[SleepState | Sequence[float]],
) -> NDArray[numpy.float64]:
    rows = []
    try:
        for state in states:
            numbers = [*state]
            if numpy.ndim(numbers) != 1 or not 1 <= len(numbers) <= 3:
                raise ValueError(
                    "sleep_states: expected (power_w, energy_j, time_s), but got "
                    f"{state!r}"
                )
            row = numpy.zeros(3)
            row[: len(numbers)] = _as_numbers("sleep_states", numbers)
            rows.append(row)
    except TypeError as error:
        raise TypeError(
            f"sleep_states: expected tuples (power_w, energy_j, time_s): {error}"
        ) from None
    table = numpy.array(rows).reshape(len(rows), 3)
    if not (numpy.isfinite(table) & (table >= 0)).all():
        raise ValueError("sleep_states: expected finite numbers that are not negative")
    return table


@dataclass(frozen=True)
class Prepared:
    """A problem for the searches, and what its states are to whoever posed it."""

    problem: _pfmlirScheduler.Problem
    period_s: float
    # By level: its voltage or its index.
    names: NDArray
    # By state of the search: its levels, and where it is on the axis of states.
    levels: NDArray[numpy.uint16]
    positions: NDArray[numpy.int64]

    def describe(self, answer: dict[str, Any]) -> Solution:
        """Return what a search answered."""
        chosen = numpy.asarray(answer["states"], dtype=numpy.int64)
        return Solution(
            states=self.positions[chosen],
            rails=self.names[numpy.unique(self.levels[chosen])],
            energy_j=answer["energy_j"],
            lower_bound_j=answer["lower_bound_j"],
            active_time_s=answer["active_time_s"],
            tail=None if answer["tail"] < 0 else answer["tail"],
            is_optimal=answer["is_optimal"],
            statistics=answer["statistics"],
            profile_s=answer["profile_s"],
        )


# What the exact search takes for partial schedules where nothing else is said.
MEMORY_LIMIT_BYTES = 4_000_000_000


def as_limits(
    *,
    time_limit_s: float | None,
    gap: float = 0.0,
    memory_limit_bytes: int | None = None,
    threads: int,
) -> dict[str, Any]:
    """Return the limits of a search, as the bindings take them."""
    return {
        "time_limit_s": math.inf
        if time_limit_s is None
        else positive("time_limit_s", time_limit_s),
        "gap": fraction("gap", gap),
        "memory_limit_bytes": MEMORY_LIMIT_BYTES
        if memory_limit_bytes is None
        else count("memory_limit_bytes", memory_limit_bytes, most=2**63 - 1),
        "threads": count("threads", threads),
    }


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
) -> Prepared:
    """Check the arguments of `solve`, and make its problem."""
    energies, times, leakages = (
        _as_numbers(name, values)
        for name, values in (
            ("energy_j", energy_j),
            ("time_s", time_s),
            ("leakage_w", leakage_w),
        )
    )
    _check_costs(energy_j=energies, time_s=times, leakage_w=leakages)
    num_layers, num_states = energies.shape
    transition_energy_j = _as_numbers("transition_energy_j", transition_energy_j)
    transition_time_s = _as_numbers("transition_time_s", transition_time_s)
    # Where levels are indices, transitions may speak of more than states use.
    least_levels = max(
        matrix.shape[-1] if matrix.ndim >= 2 else 0
        for matrix in (transition_energy_j, transition_time_s)
    )
    levels, names = _as_levels(states, num_layers, num_states, least_levels)
    period = positive("period_s", period_s)
    flat = [array.reshape(-1) for array in (energies, times, leakages)]
    layer_begin = numpy.arange(num_layers + 1, dtype=numpy.int64) * num_states
    positions = numpy.tile(numpy.arange(num_states), num_layers)
    offered = numpy.isfinite(flat[0]) & numpy.isfinite(flat[1])
    if not offered.all():
        counts = offered.reshape(num_layers, num_states).sum(axis=1)
        if not counts.all():
            layer = int(numpy.argmin(counts))
            raise ValueError(f"energy_j[{layer}]: expected a finite entry")
        layer_begin = numpy.concatenate([[0], numpy.cumsum(counts)]).astype(numpy.int64)
        flat = [array[offered] for array in flat]
        levels, positions = levels[offered], positions[offered]

    num_domains = levels.shape[1]
    problem = _pfmlirScheduler.Problem(
        layer_begin=layer_begin,
        levels=levels,
        energy_j=flat[0],
        time_s=flat[1],
        leakage_w=flat[2],
        num_levels=len(names),
        max_rails=count("max_rails", max_rails),
        period_s=period,
        transition_energy_j=_as_matrices(
            "transition_energy_j", transition_energy_j, num_domains, len(names)
        ),
        transition_time_s=_as_matrices(
            "transition_time_s", transition_time_s, num_domains, len(names)
        ),
        sleep_states=_as_sleep_states(sleep_states),
    )
    return Prepared(problem, period, names, levels, positions)


def solve(
    energy_j: ArrayLike,
    time_s: ArrayLike,
    leakage_w: ArrayLike,
    states: ArrayLike,
    *,
    period_s: float,
    max_rails: int,
    transition_energy_j: ArrayLike = 0.0,
    transition_time_s: ArrayLike = 0.0,
    sleep_states: Iterable[SleepState | Sequence[float]] = (),
    search: str = "exact",
    time_limit_s: float | None = None,
    gap: float = 0.0,
    memory_limit_bytes: int | None = None,
    threads: int = 1,
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
    period_s : float
        From one inference to the next.
    max_rails : int
        How many levels may be used.
    transition_energy_j, transition_time_s : array_like
        What a domain pays to change its level between two layers: one number, one a
        domain, or a matrix [from level, to level] (or one a domain) over the levels
        in increasing order.
    sleep_states : iterable of SleepState
        Ways to spend the rest of the period, besides idling.
    search : {"exact", "lambda-dp", "lambda-dp-unrefined"}
        "exact" proves the optimum; "lambda-dp" is the heuristic of PowerFlow-DNN
        (arXiv 2603.23882), and proves nothing.
    time_limit_s : float, optional
        When the exact search stops with the best schedule it has and its bound.
    gap : float
        How close to the optimum the exact search has to come, relative to the energy:
        it stops once that is proven.
    memory_limit_bytes : int, optional
        Memory that the exact search may take for partial schedules, 4 GB by default; it
        stops there as at the limit of time. Tables of the problem, some 100 bytes for
        each layer and assignment of rails to domains, come on top.
    threads : int
        Threads of the exact search. They do not change the result.

    Returns
    -------
    Solution

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
    """
    if search not in SEARCHES:
        raise ValueError(f"search: expected one of {SEARCHES}, but got {search!r}")
    prepared = prepare(
        energy_j,
        time_s,
        leakage_w,
        states,
        period_s=period_s,
        max_rails=max_rails,
        transition_energy_j=transition_energy_j,
        transition_time_s=transition_time_s,
        sleep_states=sleep_states,
    )
    answer = _pfmlirScheduler.solve(
        prepared.problem,
        search=search,
        **as_limits(
            time_limit_s=time_limit_s,
            gap=gap,
            memory_limit_bytes=memory_limit_bytes,
            threads=threads,
        ),
    )
    if not answer["is_feasible"]:
        raise infeasible(prepared.period_s, answer["fastest_time_s"], max_rails)
    return prepared.describe(answer)
