# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scheduled network as a program needs to know it: what goes in and comes out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy

from .. import ir
from ..dialects import power
from ..errors import CompilationError

# What files of tensors hold, by MLIR's elements.
DTYPES: dict[str, numpy.dtype[Any]] = {
    "f64": numpy.dtype("<f8"),
    "f32": numpy.dtype("<f4"),
    "f16": numpy.dtype("<f2"),
    "i64": numpy.dtype("<i8"),
    "i32": numpy.dtype("<i4"),
    "i16": numpy.dtype("<i2"),
    "i8": numpy.dtype("<i1"),
    "i1": numpy.dtype("?"),
}


@dataclass(frozen=True)
class Tensor:
    """A tensor that a program reads or writes, and its file.

    Attributes
    ----------
    name : str
        Such as "input_0"; the file is called so, and ".bin".
    shape : tuple of int
    dtype : numpy.dtype
    """

    name: str
    shape: tuple[int, ...]
    dtype: numpy.dtype

    @property
    def file(self) -> str:
        """What its file is called."""
        return f"{self.name}.bin"

    @property
    def size(self) -> int:
        """In bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        """In elements, from each index to the next."""
        return tuple(math.prod(self.shape[i + 1 :]) for i in range(len(self.shape)))


@dataclass(frozen=True)
class Interface:
    """What a network takes and gives.

    Attributes
    ----------
    inputs, results : tuple of Tensor
    layer_results : tuple of tuple of Tensor
        What each layer makes, "layer_0_0" the first of the first.
    """

    inputs: tuple[Tensor, ...]
    results: tuple[Tensor, ...]
    layer_results: tuple[tuple[Tensor, ...], ...]


def find_function(module: ir.Module) -> ir.OpView:
    """Return the function that a module schedules."""
    for op in module.body.operations:
        if "power.target" in op.attributes and not isinstance(op, power.ScheduleOp):
            return op
    raise CompilationError("expected a scheduled network, but there is none")


def _layers(function: ir.OpView) -> Iterator[power.LayerOp]:
    for op in function.regions[0].blocks[0].operations:
        if isinstance(op, power.LayerOp):
            yield op


def _read_type(name: str, type_: ir.Type) -> Tensor:
    if not isinstance(type_, ir.RankedTensorType) or not type_.has_static_shape:
        raise CompilationError(
            f"expects tensors of static shape to run, but {name} is a {type_}"
        )
    element = str(type_.element_type)
    if element not in DTYPES:
        raise CompilationError(
            f"expects elements among {', '.join(DTYPES)} to run, but {name} is a "
            f"{type_}"
        )
    return Tensor(name, tuple(type_.shape), DTYPES[element])


def read_interface(module: ir.Module) -> Interface:
    """Return what a scheduled network takes and gives.

    Raises
    ------
    CompilationError
        It has none, or takes or gives what no file holds.
    """
    function = find_function(module)
    type_ = ir.FunctionType(ir.TypeAttr(function.attributes["function_type"]).value)

    def read(what: str, types: list[ir.Type]) -> tuple[Tensor, ...]:
        return tuple(_read_type(f"{what}_{i}", each) for i, each in enumerate(types))

    return Interface(
        read("input", type_.inputs),
        read("result", type_.results),
        tuple(
            read(f"layer_{number}", [result.type for result in layer.results])
            for number, layer in enumerate(_layers(function))
        ),
    )
