# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the power manager sets besides the levels of domains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import ArrayLike, NDArray

from .._mlir_libs import _pfmlirScheduler
from ..answers.answer import freeze
from ..arguments import sequence
from .arrays import MOST_LEVELS, as_matrix, as_numbers

# Of a setting, as the searches have it.
NO_RAIL: int = _pfmlirScheduler.NO_RAIL

# A level as states name it: volts or an index.
Rail = float | int | None


@dataclass(frozen=True, eq=False, init=False)
class Axis:
    """Something that is set for a layer, and stays until it is set again.

    A supply with its domains, a domain's mode, the powered banks of a memory, the
    engine that runs a layer; or a domain that can be off. (Domains whose settings are
    just the levels need no axis.)

    Attributes
    ----------
    name : str
        For people: of a supply or a memory, `<domain> mode`, `engine`.
    settings : tuple of float or str
        What it can be set to, for people: volts, numbers of banks, names.
    transition_energy_j, transition_time_s : ndarray, shape [setting, setting]
        What it costs to get from the first to the second, in joules and seconds; given
        as that, or as one number for any two.
    rails : tuple of (float or int or None)
        By setting, the level that it needs as a rail, in volts or as an index as states
        name levels; None where it needs none, as all do by default.

    Examples
    --------
    >>> import pfmlir
    >>> engine = pfmlir.Axis("engine", ["", "cpu"], transition_energy_j=5e-9)
    >>> engine.transition_energy_j.tolist()
    [[0.0, 5e-09], [5e-09, 0.0]]
    """

    name: str
    settings: tuple[float | str, ...]
    transition_energy_j: NDArray[numpy.float64]
    transition_time_s: NDArray[numpy.float64]
    rails: tuple[Rail, ...]

    def __init__(
        self,
        name: str,
        settings: Sequence[float | str],
        transition_energy_j: ArrayLike = 0.0,
        transition_time_s: ArrayLike = 0.0,
        rails: Sequence[Rail] = (),
    ) -> None:
        number = len(settings)
        if not 1 <= number <= MOST_LEVELS:
            raise ValueError(
                f"settings of axis {name!r}: expected from 1 to {MOST_LEVELS}, but got "
                f"{number}"
            )
        if rails and len(rails) != number:
            raise ValueError(
                f"rails of axis {name!r}: expected one for each of the {number} "
                f"settings, but got {len(rails)}"
            )
        values: dict[str, Any] = {
            "name": name,
            "settings": tuple(settings),
            "rails": tuple(rails) or (None,) * number,
        }
        for which, costs in (
            ("transition_energy_j", transition_energy_j),
            ("transition_time_s", transition_time_s),
        ):
            what = f"{which} of axis {name!r}"
            values[which] = freeze(as_matrix(what, as_numbers(what, costs), number))
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def rail_indices(self, levels: NDArray[numpy.generic]) -> NDArray[numpy.uint16]:
        """Return, by setting, the index of its rail among levels, or NO_RAIL."""
        found = []
        for rail in self.rails:
            index = NO_RAIL if rail is None else int(numpy.searchsorted(levels, rail))
            if rail is not None and (index == len(levels) or levels[index] != rail):
                raise ValueError(
                    f"rails of axis {self.name!r}: expected levels as states name "
                    f"them, or None, but got {rail!r}"
                )
            found.append(index)
        return numpy.array(found, dtype=numpy.uint16)


def as_settings(
    settings: ArrayLike | None, axes: Sequence[Axis], num_layers: int, num_states: int
) -> NDArray[numpy.uint16]:
    """Return indices of settings as [layer * state, axis]."""
    if settings is None:
        if axes:
            raise TypeError("settings: expected with axes, but got none")
        return numpy.zeros((num_layers * num_states, 0), dtype=numpy.uint16)
    array = numpy.asarray(settings)
    if array.size and array.dtype.kind not in "iu":
        raise TypeError(
            f"settings: expected indices of settings, but got dtype {array.dtype}"
        )
    shape = (num_layers, num_states, len(axes))
    if array.shape not in (shape, shape[1:]):
        raise ValueError(
            f"settings: expected shape {list(shape[1:])} or {list(shape)}, but got "
            f"{list(array.shape)}"
        )
    for i, axis in enumerate(axes):
        column = array[..., i]
        for index in (int(column.min()), int(column.max())):
            if not 0 <= index < len(axis.settings):
                raise ValueError(
                    f"settings[..., {i}]: expected from 0 to {len(axis.settings) - 1}, "
                    f"but got {index}"
                )
    flat = numpy.broadcast_to(array, shape).reshape(num_layers * num_states, -1)
    return numpy.ascontiguousarray(flat, dtype=numpy.uint16)


def as_axes(axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """Return axes, checked to be some."""
    found = tuple(sequence("axes", axes))
    for i, axis in enumerate(found):
        if not isinstance(axis, Axis):
            raise TypeError(f"axes[{i}]: expected a pfmlir.Axis, but got {axis!r:.60}")
        if any(axis.name == other.name for other in found[:i]):
            raise ValueError(f"axes[{i}]: expected another name than {axis.name!r}")
    return found
