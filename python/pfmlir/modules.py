# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules of MLIR: read, copied, printed, and changed by passes."""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from . import ir
from .dialects import power
from .errors import translate_mlir_error
from .passmanager import PassManager


def parse_text(text: str | bytes, context: ir.Context, what: str) -> ir.Module:
    """Read a module; `what` is what an error calls the text."""
    try:
        return ir.Module.parse(text, context)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, f"{what} is not valid MLIR") from None


def parse_file(path: Path, context: ir.Context) -> ir.Module:
    """Read a module from a file, as text or bytecode."""
    # Opened here for Python's own errors, read there for its locations.
    with path.open("rb"):
        pass
    try:
        return ir.Module.parseFile(str(path), context)
    except ir.MLIRError as error:
        raise translate_mlir_error(error, f"'{path}' is not valid MLIR") from None


def print_module(module: ir.Module, *, with_weights: bool = True) -> str:
    """Return a module's text as pf-opt prints it, or but for weights beside it."""
    operation = module.operation
    if with_weights:
        return f"{operation.get_asm()}\n"
    return f"{operation.get_asm(large_resource_limit=0)}\n"


def copy_module(module: ir.Module, context: ir.Context | None = None) -> ir.Module:
    """Return a copy, locations and all, in the same context or in another."""
    if context is not None and context != module.context:
        stream = io.BytesIO()
        module.operation.write_bytecode(stream)
        return ir.Module.parse(stream.getvalue(), context)
    # Not by way of a text or bytecode: a context has each weight once, and what is
    # read again would have other names for them.
    copy = ir.Module.create(module.operation.location)
    for name in module.operation.attributes:
        copy.operation.attributes[name] = module.operation.attributes[name]
    end = ir.InsertionPoint(copy.body)
    for operation in module.body.operations:
        operation.operation.clone(ip=end)
    return copy


def resource_key(attribute: Any) -> str:
    """Return what a module calls a value that is kept beside it; "" for no such."""
    found = re.match(r"dense_resource<([^>]*)>", str(attribute))
    return found[1].strip('"') if found else ""


# What keeps the names of values for those who bring them.
_WITHOUT = "without."


def parse_with_weights(
    text: str,
    weights: Mapping[str, NDArray[Any]],
    parse: Callable[[str], ir.Module],
) -> ir.Module:
    """Return the module of a text, and in it the weights that were left out.

    Parameters
    ----------
    text
        With names of weights, and no values.
    weights
        Bytes by these names.
    parse
        What reads it.
    """
    # Or the values would have to have other names.
    module = parse(text.replace("dense_resource<", f"dense_resource<{_WITHOUT}"))
    attach_weights(module, weights)
    return module


def attach_weights(module: ir.Module, weights: Mapping[str, NDArray[Any]]) -> None:
    """Give a module's constants their values, which were left out of its text.

    Parameters
    ----------
    module
        It is changed.
    weights
        Bytes by what the module calls them.

    Raises
    ------
    ValueError
        There is none for one of them, or not as many bytes as it has.
    """
    constants: list[Any] = []

    # What a walk raises is lost.
    def collect(operation: ir.Operation) -> ir.WalkResult:
        if operation.name == "arith.constant":
            constants.append(operation)
        return ir.WalkResult.ADVANCE

    made: dict[tuple[str, str], ir.Attribute] = {}
    with module.context:
        module.operation.walk(collect, ir.WalkOrder.POST_ORDER)
        for constant in constants:
            value = constant.attributes["value"]
            key = resource_key(value).removeprefix(_WITHOUT)
            if not key:
                continue
            place = (key, str(value.type))
            if place not in made:
                made[place] = _make_resource(key, value.type, weights)
            constant.attributes["value"] = made[place]


def _make_resource(
    key: str, kind: ir.Type, weights: Mapping[str, NDArray[Any]]
) -> ir.Attribute:
    if key not in weights:
        raise ValueError(f"expected weights of {key}, but there are none")
    # An array is a buffer, which numpy's types do not say before Python 3.12.
    values: Any = weights[key]
    try:
        return ir.DenseResourceElementsAttr.get_from_buffer(values, key, kind)
    except (TypeError, ValueError) as error:
        raise ValueError(f"weights of {key}, {kind}: {error}") from None


def check_module(module: Any) -> ir.Module:
    """Return a module, or raise TypeError for anything else."""
    if not isinstance(module, ir.Module):
        raise TypeError(
            f"module: expected a pfmlir.ir.Module, but got {type(module)!r}; "
            "pfmlir.import_model makes one"
        )
    return module


def run_passes(module: ir.Module, pipeline: str, what: str) -> ir.Module:
    """Run a pipeline on a module, which is changed; `what` begins an error.

    Raises
    ------
    ValueError
        The pipeline can't be parsed.
    CompilationError, InfeasibleError
        A pass refused the module.
    """
    with module.context:
        manager = PassManager.parse(pipeline)
        try:
            power.run_passes(manager, module.operation)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, what) from None
    return module
