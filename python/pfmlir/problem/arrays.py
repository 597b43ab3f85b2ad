# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays of costs, levels and transitions: checked, and laid out for the searches."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy
from numpy.typing import ArrayLike, NDArray

from .._mlir_libs import _pfmlirScheduler

# Matrices from level to level are made of them.
MOST_LEVELS = _pfmlirScheduler.MOST_LEVELS


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


def as_numbers(name: str, values: ArrayLike) -> NDArray[numpy.float64]:
    """Return an array of doubles, the one given where it is one."""
    try:
        array = numpy.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array: {error}") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected numbers, but got dtype {array.dtype}")
    return numpy.ascontiguousarray(array, dtype=numpy.float64)


def check_costs(**arrays: NDArray[numpy.float64]) -> None:
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
        must_be_finite = name == "leakage_w"
        # Of NaN, the first is false. Masks of all entries are only made to say which.
        if array.min() >= 0 and not (must_be_finite and array.max() == numpy.inf):
            continue
        right = array >= 0
        if must_be_finite:
            right &= numpy.isfinite(array)
        layer, state = (int(i) for i in numpy.argwhere(~right)[0])
        finite = "finite " if must_be_finite else ""
        raise ValueError(
            f"{name}[{layer}, {state}]: expected a {finite}number that is not "
            f"negative, but got {float(array[layer, state])}"
        )


class Flat(NamedTuple):
    """What layers offer, state by state, and layer after layer."""

    # Where each layer's states begin, and where the last one's end.
    layer_begin: NDArray[numpy.int64]
    # By state: its settings [axis], where it is on the axis of states, its costs.
    settings: NDArray[numpy.uint16]
    positions: NDArray[numpy.int64]
    energy_j: NDArray[numpy.float64]
    time_s: NDArray[numpy.float64]
    leakage_w: NDArray[numpy.float64]


def flatten(settings: NDArray[numpy.uint16], *costs: NDArray[numpy.float64]) -> Flat:
    """Leave out states of which energy or time is infinite; views, if there is none.

    Settings are [layer * state, axis]; energy, time and leakage are [layer, state].
    """
    num_layers, num_states = costs[0].shape
    positions = numpy.tile(numpy.arange(num_states), num_layers)
    flat = [array.reshape(-1) for array in costs]
    if max(array.max() for array in costs[:2]) < numpy.inf:
        layer_begin = numpy.arange(0, (num_layers + 1) * num_states, num_states)
        return Flat(layer_begin, settings, positions, *flat)
    offered = numpy.isfinite(costs[0]) & numpy.isfinite(costs[1])
    counts = offered.sum(axis=1)
    if not counts.all():
        layer = int(numpy.argmin(counts))
        raise ValueError(f"energy_j[{layer}]: expected a finite entry")
    layer_begin = numpy.concatenate([[0], numpy.cumsum(counts)]).astype(numpy.int64)
    kept = offered.reshape(-1)
    return Flat(
        layer_begin, settings[kept], positions[kept], *(array[kept] for array in flat)
    )


def as_levels(
    states: ArrayLike,
    num_layers: int,
    num_states: int,
    least_levels: int,
    rails: Sequence[float | int],
) -> tuple[NDArray[numpy.uint16], NDArray[Any]]:
    """Return levels [layer * state, domain] by index, and what each index is.

    Rails are levels that states may not name, those of other axes' settings.
    """
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
    named = array.reshape(-1)
    if len(rails):
        named = numpy.concatenate([named, as_numbers("rails of axes", rails)])
    if array.dtype.kind == "f":
        if not numpy.isfinite(named).all():
            raise ValueError("states: expected finite voltages")
        names = numpy.unique(named)
        levels = numpy.searchsorted(names, array)
    else:
        extremes = (named.min(), named.max()) if named.size else (0, 0)
        for index in extremes:
            if not 0 <= index < MOST_LEVELS:
                raise ValueError(
                    f"states: expected indices of levels, from 0 to {MOST_LEVELS - 1}, "
                    f"but got {index}"
                )
        levels = array
        names = numpy.arange(max(int(extremes[1]) + 1, least_levels))
    if len(names) > MOST_LEVELS:
        raise ValueError(
            f"states: expected at most {MOST_LEVELS} levels, but got {len(names)}"
        )
    num_domains = array.shape[-1]
    levels = numpy.broadcast_to(levels, (num_layers, num_states, num_domains))
    flat = numpy.ascontiguousarray(levels, dtype=numpy.uint16)
    return flat.reshape(num_layers * num_states, num_domains), names


def as_matrix(
    name: str, array: NDArray[numpy.float64], size: int
) -> NDArray[numpy.float64]:
    """Return transition costs of an axis as [from setting, to setting]."""
    if array.shape not in ((), (1,), (size, size)):
        raise ValueError(
            f"{name}: expected one number, or a matrix [{size}, {size}] from setting "
            f"to setting, but got shape {list(array.shape)}"
        )
    matrix: NDArray[numpy.float64] = as_matrices(name, array, 1, size)[0]
    return matrix


def as_matrices(
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


def as_probabilities(probabilities: ArrayLike | None, num_layers: int) -> list[float]:
    """Return the part of the periods in which each layer runs; empty if all do."""
    if probabilities is None:
        return []
    array = as_numbers("probabilities", probabilities)
    if array.shape != (num_layers,):
        raise ValueError(
            f"probabilities: expected one for each of the {num_layers} layers, but got "
            f"shape {list(array.shape)}"
        )
    before = 1.0
    for i, value in enumerate(array.tolist()):
        least = 0.0 if i else 1.0
        if not least <= value <= before:
            expected = f"from 0 to {before}" if i else "1"
            raise ValueError(
                f"probabilities[{i}]: expected {expected}, but got {value}"
            )
        before = value
    found: list[float] = array.tolist()
    return [] if before == 1 else found


def as_sleep_states(
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
            row[: len(numbers)] = as_numbers("sleep_states", numbers)
            rows.append(row)
    except TypeError as error:
        raise TypeError(
            f"sleep_states: expected tuples (power_w, energy_j, time_s): {error}"
        ) from None
    table = numpy.array(rows).reshape(len(rows), 3)
    if not (numpy.isfinite(table) & (table >= 0)).all():
        raise ValueError("sleep_states: expected finite numbers that are not negative")
    return table
