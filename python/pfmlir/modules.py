# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules of MLIR: read, copied, printed, and changed by passes."""

import io
from pathlib import Path
from typing import Any

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


def print_module(module: ir.Module) -> str:
    """Return a module's text as pf-opt prints it."""
    return f"{module.operation}\n"


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
