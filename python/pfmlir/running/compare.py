# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a network's results differ from PyTorch's: the first layer that does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray


@dataclass(frozen=True)
class Made:
    """What an operation made.

    Attributes
    ----------
    module : str
        The submodule that ran, "" for the model itself.
    values : numpy.ndarray
        Of one dimension.
    """

    module: str
    values: NDArray[Any]


def _first_of_each(names: Sequence[str], made: Sequence[Made]) -> dict[str, int]:
    """Return where the submodule of each layer first makes something."""
    wanted = set(names)
    found: dict[str, int] = {}
    for index, each in enumerate(made):
        if each.module in wanted:
            found.setdefault(each.module, index)
    return found


def candidates(name: str, names: Sequence[str], made: Sequence[Made]) -> Iterator[Made]:
    """Yield what a layer's result may be: what is made from its submodule on.

    That is until another layer's submodule begins: what comes in between, such as an
    activation, may be part of the layer.
    """
    first = _first_of_each(names, made)
    if name not in first:
        return
    begin = first[name]
    end = min((at for at in first.values() if at > begin), default=len(made))
    yield from made[begin:end]


def distance(found: NDArray[Any], expected: NDArray[Any]) -> float:
    """Return how far numbers are apart: relative to the largest, from 1 upwards."""
    if found.size == 0:
        return 0.0
    wide = numpy.complex128 if numpy.iscomplexobj(expected) else numpy.float64
    scale = max(1.0, float(numpy.abs(expected.astype(wide)).max()))
    worst = numpy.abs(found.astype(wide) - expected.astype(wide)).max() / scale
    return float(worst) if numpy.isfinite(worst) else numpy.inf


@dataclass(frozen=True)
class LayerDifference:
    """How far a layer's results are from PyTorch's.

    Attributes
    ----------
    layer : int
    name : str
    difference : float or None
        Of the nearest of what PyTorch makes there, as `distance` has it; None where
        PyTorch makes nothing of the size.
    """

    layer: int
    name: str
    difference: float | None


def compare_layers(
    names: Sequence[str],
    results: Sequence[Sequence[NDArray[Any]]],
    made: Sequence[Made],
) -> list[LayerDifference]:
    """Return how far each layer's results are from PyTorch's.

    Parameters
    ----------
    names
        Of the layers.
    results
        Of each layer.
    made
        What PyTorch makes, as `trace_values` returns it.
    """
    found: list[LayerDifference] = []
    for layer, (name, arrays) in enumerate(zip(names, results, strict=True)):
        worst: float | None = None
        for array in arrays:
            distances = [
                distance(array.reshape(-1), each.values)
                for each in candidates(name, names, made)
                if each.values.size == array.size
            ]
            if distances:
                worst = max(worst or 0.0, min(distances))
        found.append(LayerDifference(layer, name, worst))
    return found


def first_difference(
    differences: Sequence[LayerDifference], tolerance: float
) -> LayerDifference | None:
    """Return the first layer that is farther from PyTorch's than it may be."""
    for each in differences:
        if each.difference is not None and each.difference > tolerance:
            return each
    return None
