# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a network's results differ from PyTorch's: the first layer that does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from .reference import Made, candidates, distance


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
