# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import an exported program into torch-mlir, and lower it to linalg on tensors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch_mlir.extras.fx_importer import ContextCache, FxImporter

from ...errors import CompilationError, PfmlirError, UnsupportedOperationError
from ..torch_text import unsupported_operations
from . import calls
from .places import module_name, place_of_node
from .torch_mlir_ir import PassManager, ir, torch_dialect
from .weights import WeightHooks

# As torch_mlir.fx runs them.
TORCH_TO_LINALG = ",".join(
    (
        "func.func(torch-match-quantized-custom-ops)",
        "torchdynamo-export-to-torch-backend-pipeline{extra-library=}",
        "torch-backend-to-linalg-on-tensors-backend-pipeline{allow-non-finites=true}",
    )
)
# The end of it, which knows of no calls.
CONTRACT = ",torch-verify-linalg-on-tensors-backend-contract"


def make_context() -> Any:
    """Return a context that knows torch-mlir's dialects."""
    context = ir.Context()
    torch_dialect.register_dialect(context)
    # Without it, a pass that emits an error but doesn't fail ends the process.
    context.emit_error_diagnostics = True
    return context


@contextmanager
def collecting(context: Any) -> Iterator[list[str]]:
    """Collect what a context says, which would be printed otherwise."""
    messages: list[str] = []

    def collect(diagnostic: Any) -> bool:
        messages.append(str(diagnostic.message))
        return True

    handler = context.attach_diagnostic_handler(collect)
    try:
        yield messages
    finally:
        handler.detach()


def _make_importer(context: Any, hooks: WeightHooks) -> Any:
    """Return torch-mlir's importer, made to give operations their module's name."""

    class NamingContextCache(ContextCache):
        """Where the importer takes its locations from; it offers no other hook."""

        def get_node_location(self, node: Any) -> Any:
            location = super().get_node_location(node)
            name = module_name(node)
            return ir.Location.name(name, location, context) if name else location

    importer = FxImporter(context=context, hooks=hooks)
    importer._cc = NamingContextCache(
        context, py_attr_tracker=importer._py_attr_tracker
    )
    return importer


def import_program(
    program: torch.export.ExportedProgram, function_name: str, hooks: WeightHooks
) -> Any:
    """Return a module in torch-mlir's torch dialect, with the hooks' weights."""
    context = make_context()
    importer = _make_importer(context, hooks)
    with collecting(context) as messages:
        try:
            importer.import_frozen_program(program, func_name=function_name)
        except Exception as error:
            raise translate(error, messages, program) from error
    return importer.module


class _LoweringError(Exception):
    """Operations that can't be lowered, or whatever else was said."""

    def __init__(self, messages: list[str], error: Exception) -> None:
        super().__init__(str(error))
        self.messages = messages
        self.error = error


def _copy(module: Any) -> Any:
    """Return a copy of a module; constants are not copied."""
    with ir.Location.unknown(module.context):
        made = ir.Module.create()
    for operation in module.body.operations:
        operation.operation.clone(ip=ir.InsertionPoint(made.body))
    return made


def _try(module: Any, is_chosen: Callable[[Any], bool]) -> Any:
    """Return a module's linalg, with calls of the operations that are chosen."""
    made = _copy(module)
    calls.CallMaker(made).make_calls(is_chosen)
    with collecting(made.context) as messages, made.context:
        try:
            # Parsed for the names of all passes, of which one is left out.
            pipeline = str(PassManager.parse(f"builtin.module({TORCH_TO_LINALG})"))
            PassManager.parse(pipeline.replace(CONTRACT, "")).run(made.operation)
        except ir.MLIRError as error:
            said = [f"{each.message}" for each in error.error_diagnostics]
            raise _LoweringError(messages + said, error) from error
    return made


def lower(module: Any, program: Any = None) -> Any:
    """Return linalg on tensors, in which what can't be lowered is called.

    Parameters
    ----------
    module
        In the torch dialect; it stays as it is.
    program
        What it was made of, if it was, for errors to say where.
    """
    taken: set[str] = set()
    has_complex = False

    def is_chosen(operation: Any) -> bool:
        name = calls.operation_name(operation)
        return (
            calls.is_known(operation)
            or name in taken
            or (has_complex and calls.is_complex(operation))
        )

    while True:
        try:
            return _try(module, is_chosen)
        except _LoweringError as failure:
            names = set(unsupported_operations("\n".join(failure.messages)))
            more = {name for name in names if not calls.is_product(name)} - taken
            if not more and (has_complex or not calls.has_complex(module)):
                raise translate(failure.error, failure.messages, program) from None
            taken |= more
            has_complex = has_complex or not more


def _places(names: tuple[str, ...], program: Any) -> tuple[str, ...]:
    """Return where a program has operations."""
    found: dict[str, None] = {}
    for node in () if program is None else program.graph.nodes:
        name = "torch." + str(node.target)
        for wanted in names:
            if name == wanted or name == f"{wanted}.default":
                found.setdefault(f"{place_of_node(node)}: {wanted}", None)
    return tuple(found)


def translate(
    error: Exception, messages: list[str], program: Any = None
) -> PfmlirError:
    """Return what an error of torch-mlir's comes to."""
    names = unsupported_operations("\n".join([*messages, str(error)]))
    if names:
        lines = [
            "torch-mlir can't lower these operations to linalg: " + ", ".join(names),
            *_places(names, program),
        ]
        return UnsupportedOperationError("\n".join(lines), names)
    said = tuple(messages) or (f"{type(error).__name__}: {error}".strip(),)
    return CompilationError("torch-mlir failed on the model", said)
