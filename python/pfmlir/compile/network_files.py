# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks in files and as text: MLIR, StableHLO and TOSA; ONNX; exported programs."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from .. import ir
from ..errors import CompilationError, did_you_mean
from ..modules import (
    copy_module,
    parse_file,
    parse_text,
    parse_with_weights,
    run_passes,
)
from .export import (
    ImportSettings,
    export_linalg,
    export_with_weights,
    print_module,
    require_torch,
)
from .torch_text import parse_torch

MLIR_SUFFIXES = (".mlir", ".mlirbc")
SUFFIXES = (*MLIR_SUFFIXES, ".onnx", ".pt2")

# As MLIR's own pipeline lowers it, and then what that leaves.
_TOSA_TO_LINALG = (
    "func.func(tosa-optional-decompositions,canonicalize,tosa-infer-shapes,"
    "tosa-make-broadcastable,tosa-to-linalg-named,canonicalize,"
    "tosa-layerwise-constant-fold,tosa-make-broadcastable,tosa-to-linalg,"
    "tosa-to-arith,tosa-to-tensor,tosa-to-scf,canonicalize)"
)


def files_near(path: Path) -> list[str]:
    """Return the networks in the folder of a path, or where it would be."""
    found = (each for each in path.parent.glob("*") if each.name.endswith(SUFFIXES))
    return sorted(map(str, found))


def is_onnx(source: object) -> bool:
    """Whether a source is the path of an ONNX file."""
    return isinstance(source, str | os.PathLike) and str(source).endswith(".onnx")


def _has_tosa(module: ir.Module) -> bool:
    return any(
        operation.operation.name.startswith("tosa.")
        for function in module.body.operations
        for region in function.operation.regions
        for block in region.blocks
        for operation in block.operations
    )


def lower_tosa(module: ir.Module) -> ir.Module:
    """Return a module without TOSA: itself, or a copy in linalg on tensors."""
    if not _has_tosa(module):
        return module
    return run_passes(
        copy_module(module),
        f"builtin.module({_TOSA_TO_LINALG})",
        "TOSA can't be lowered to linalg",
    )


def _is_stablehlo(error: CompilationError) -> bool:
    return "`stablehlo' not found" in str(error)


def _read_stablehlo(text: str, context: ir.Context) -> ir.Module:
    require_torch()
    from .frontend.stablehlo import import_stablehlo

    return parse_torch(print_module(import_stablehlo(text)), context)


def read_text(text: str, context: ir.Context) -> ir.Module:
    """Return linalg on tensors, or layers, of text."""
    try:
        return lower_tosa(parse_text(text, context, "the text"))
    except CompilationError as error:
        if not _is_stablehlo(error):
            raise
    return _read_stablehlo(text, context)


def _read_mlir(path: Path, context: ir.Context) -> ir.Module:
    try:
        return lower_tosa(parse_file(path, context))
    except CompilationError as error:
        if not _is_stablehlo(error):
            raise
    return _read_stablehlo(path.read_text(), context)


def _read_onnx(
    path: Path, inputs: Mapping[str, Any] | None, settings: ImportSettings
) -> ir.Module:
    require_torch("onnx")
    from .frontend.onnx_files import import_onnx

    if inputs is not None and not isinstance(inputs, Mapping):
        raise TypeError(
            f"inputs: expected a mapping of arrays by name, but got {type(inputs)!r}"
        )
    weights = settings.with_weights
    module = import_onnx(
        str(path), inputs, settings.function or "main", with_weights=weights
    )
    return parse_torch(print_module(module, with_weights=weights), settings.context)


def _read_program(path: Path, settings: ImportSettings) -> ir.Module:
    require_torch()
    import torch

    from .frontend.trace import quietly

    try:
        with quietly():
            program = torch.export.load(path)
    except Exception as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise CompilationError(
            f"'{path}' is not a program that torch.export.save wrote: {said}"
        ) from None
    return export_module(program, None, settings)


def import_with_weights(
    model: Any, inputs: Any, settings: ImportSettings
) -> tuple[ir.Module, dict[str, NDArray[Any]]]:
    """Return a model of PyTorch's as linalg on tensors, and its weights by name."""
    text, weights = export_with_weights(model, inputs, settings)
    module = parse_with_weights(
        text, weights, lambda text: parse_torch(text, settings.context)
    )
    return module, weights


def export_module(model: Any, inputs: Any, settings: ImportSettings) -> ir.Module:
    """Return a model of PyTorch's as linalg on tensors."""
    if settings.with_weights:
        module, _ = import_with_weights(model, inputs, settings)
        return module
    text = export_linalg(
        model,
        inputs,
        function_name=settings.function or "main",
        progress=settings.progress,
    )
    return parse_torch(text, settings.context)


def read_file(path: Path, inputs: Any, settings: ImportSettings) -> ir.Module:
    """Return what is in a file, by the end of its name."""
    # Opened here for Python's own errors.
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        hint = did_you_mean(str(path), files_near(path))
        raise FileNotFoundError(
            error.errno, f"{error.strerror}{hint}", str(path)
        ) from None
    if path.suffix == ".json":
        raise ValueError(
            f"'{path}': expected a network, but got JSON; 'pfmlir show' prints what "
            "was saved, and pfmlir.Answer.load reads it"
        )
    if path.suffix == ".onnx":
        return _read_onnx(path, inputs, settings)
    if path.suffix == ".pt2":
        return _read_program(path, settings)
    return _read_mlir(path, settings.context)
