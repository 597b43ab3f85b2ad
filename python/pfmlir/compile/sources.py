# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a network can be given as: one place that makes a module, or tables, of it."""

import importlib
import os
import re
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from .. import ir
from ..errors import PfmlirError, did_you_mean
from ..modules import copy_module
from ..problem.tables import CostTables
from .export import ImportSettings, Progress, print_module
from .network_files import (
    SUFFIXES,
    export_module,
    files_near,
    is_onnx,
    lower_tosa,
    read_file,
    read_text,
)
from .reference_networks import REFERENCE_NETWORKS, load_reference
from .torch_text import parse_torch

if TYPE_CHECKING:
    import torch


class ForeignModule(Protocol):
    """A module of another MLIR, as torch-mlir has it."""

    @property
    def operation(self) -> Any:
        """The module as an operation."""


# What has IR, and all that a network can be given as.
TorchSource: TypeAlias = "torch.nn.Module | torch.export.ExportedProgram"
ModelSource: TypeAlias = (
    "TorchSource | ForeignModule | ir.Module | str | os.PathLike[str]"
)
Source: TypeAlias = "ModelSource | CostTables"
# A model's example inputs: positional, or by name.
Inputs: TypeAlias = Sequence[Any] | Mapping[str, Any]
# What a source comes to.
Network: TypeAlias = ir.Module | CostTables


def is_text(source: str) -> bool:
    """Whether a string is MLIR, and not a path or a name."""
    if "\n" in source:
        return True
    return not source.endswith(SUFFIXES) and ("(" in source or "{" in source)


def _is_of(source: object, package: str) -> bool:
    """Whether something is an object of a package's, which is not imported."""
    return any(
        (kind.__module__ or "").split(".")[0] == package
        for kind in type(source).__mro__
    )


def _raised(what: str, error: Exception) -> ValueError:
    """Return what to raise for an error in the user's own code: it, and where it is."""
    said = (str(error).splitlines() or [""])[0]
    text = f"{what} raised {type(error).__name__}: {said}"
    # The first frame is here.
    frames = traceback.extract_tb(error.__traceback__)[1:]
    if isinstance(error, SyntaxError):
        text += f"\n{error.filename}:{error.lineno}: here"
    elif frames:
        text += f"\n{frames[-1].filename}:{frames[-1].lineno}: here"
    return ValueError(text)


def call_function(name: str) -> tuple[Any, Inputs | None]:
    """Return the source, and its inputs, that MODULE:FUNCTION makes."""
    module_name, _, function_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name in (module_name, module_name.partition(".")[0]):
            raise ValueError(f"no Python module '{error.name}'") from None
        raise _raised(f"import of '{module_name}'", error) from error
    except Exception as error:
        raise _raised(f"import of '{module_name}'", error) from error
    if not hasattr(module, function_name):
        raise ValueError(
            f"Python module '{module_name}' has no '{function_name}'"
            + did_you_mean(function_name, dir(module))
        )
    function = getattr(module, function_name)
    if not callable(function):
        raise ValueError(f"'{name}': expected a function, but got {function!r:.80}")
    try:
        made = function()
    except PfmlirError:
        raise
    except Exception as error:
        raise _raised(f"'{name}', called without arguments,", error) from error
    if isinstance(made, tuple) and len(made) == 2:
        model, inputs = made
        if isinstance(inputs, tuple | Mapping):
            return model, inputs
    # Not a string, which would be the name of another one.
    if isinstance(made, ir.Module | CostTables) or _is_of(made, "torch"):
        return made, None
    raise ValueError(
        f"'{name}' should return a model and a tuple or a mapping of inputs, or "
        f"another source, but returned {made!r:.80}"
    )


def _is_path(source: str) -> bool:
    if source.endswith(SUFFIXES):
        return True
    return "\0" not in source and Path(source).is_file()


def _unknown(source: str) -> ValueError:
    """Return what to raise for a string that is nothing that is known."""
    if Path(source).is_dir():
        return ValueError(f"'{source}' is a folder; expected one of its files")
    hint = did_you_mean(source, [*REFERENCE_NETWORKS, *files_near(Path(source))])
    return ValueError(
        f"{source!r:.80} is neither a file, nor MLIR text, nor MODULE:FUNCTION, nor "
        f"one of the reference networks {', '.join(REFERENCE_NETWORKS)}{hint}"
    )


def resolve(
    source: Source,
    inputs: Inputs | None = None,
    *,
    function: str | None = None,
    with_weights: bool = False,
    context: ir.Context | None = None,
    progress: Progress | None = None,
    name: str = "source",
) -> Network:
    """Return what a source is: a module, or tables of costs.

    Parameters
    ----------
    source, inputs, function, with_weights, context, progress
        As of `import_model`. Modules of `pfmlir.ir`, unless they are to live in another
        context, and `CostTables` are returned as they are.
    name
        What errors call the source.
    """
    if inputs is not None and not (_is_of(source, "torch") or is_onnx(source)):
        raise TypeError("inputs: expected only with a torch.nn.Module or an ONNX file")
    if isinstance(source, CostTables):
        return source
    if isinstance(source, ir.Module):
        return lower_tosa(source if context is None else copy_module(source, context))
    settings = ImportSettings(
        context or ir.Context(), function, with_weights, progress or iter
    )
    if _is_of(source, "torch_mlir"):
        text = print_module(source, with_weights=with_weights)
        return parse_torch(text, settings.context)
    if _is_of(source, "torch"):
        return export_module(source, inputs, settings)
    if isinstance(source, os.PathLike):
        return read_file(Path(source), inputs, settings)
    if not isinstance(source, str):
        raise TypeError(
            f"{name}: expected a torch.nn.Module, a torch.export.ExportedProgram, a "
            "module of torch-mlir or of pfmlir.ir, pfmlir.CostTables, MLIR text, a "
            f"path or a name, but got {type(source)!r}"
        )
    if not source:
        raise ValueError(f"{name}: expected a network, but got ''")
    return _resolve_text(source, inputs, settings, name)


def resolve_ir(
    source: Source, inputs: Inputs | None, *, function: str | None, name: str
) -> ir.Module:
    """Return the module that a source is, which tables are not; as of `resolve`."""
    found = resolve(source, inputs, function=function, name=name)
    if isinstance(found, CostTables):
        raise TypeError(f"{name}: expected a network, but got tables, which have no IR")
    return found


def _resolve_text(
    source: str, inputs: Inputs | None, settings: ImportSettings, name: str
) -> Network:
    """Return what a string is: MLIR, a name, a path, or MODULE:FUNCTION."""
    if is_text(source):
        return read_text(source, settings.context)
    if source in REFERENCE_NETWORKS:
        return load_reference(source, settings)
    if _is_path(source):
        return read_file(Path(source), inputs, settings)
    if re.fullmatch(r"[\w.]+:\w+", source):
        made, made_inputs = call_function(source)
        return resolve(
            made,
            made_inputs,
            function=settings.function,
            with_weights=settings.with_weights,
            context=settings.context,
            progress=settings.progress,
            name=name,
        )
    raise _unknown(source)


def import_model(
    source: ModelSource,
    inputs: Inputs | None = None,
    *,
    function: str | None = None,
    with_weights: bool = False,
    context: ir.Context | None = None,
    progress: Progress | None = None,
) -> ir.Module:
    """Bring a network into the compiler.

    Parameters
    ----------
    source
        A `torch.nn.Module` in evaluation mode with its example `inputs`, which may be
        on the meta device; a `torch.export.ExportedProgram`; a module of torch-mlir's
        or of `pfmlir.ir`; MLIR text; the path of a file: MLIR (`.mlir`, `.mlirbc`),
        ONNX (`.onnx`) or what `torch.export.save` wrote (`.pt2`); the name of a
        reference network (squeezenet, resnet18, mobilenetv3_small, mobilevit_xxs,
        keyword_spotter, person_detector, small_transformer); or `MODULE:FUNCTION`, a
        Python function that returns a model and its inputs. MLIR may also be StableHLO,
        with torch-mlir installed, or TOSA. A string of one line is MLIR if something in
        it is in brackets or braces, unless it ends as files do.
    inputs
        Arguments of the model's `forward`: a tuple of the positional ones, or a mapping
        of all by their names. Their shapes become the network's. Of an ONNX file:
        arrays by the names of inputs, where it leaves their shapes open.
    function
        What to call the function of a PyTorch model; "main" by default, and a
        reference network's name.
    with_weights
        Whether a PyTorch model brings its weights, bit by bit. A schedule needs
        none of them, and they are megabytes.
    context
        Where the module is to live; a new one by default, or the module's own.
    progress
        Wraps the list of steps on the way from PyTorch, as `tqdm.tqdm` does.

    Returns
    -------
    pfmlir.ir.Module
        Linalg on tensors, where the source was no MLIR of layers. Layers are named
        after the submodules or nodes that they come from, in operations' locations.
        What can't be lowered and is no product is a call of a function without a body,
        with the operation's name.

    Raises
    ------
    ValueError
        There is nothing of such a name; the message says what is near.
    CompilationError
        The source is not valid MLIR.
    UnsupportedOperationError
        torch-mlir doesn't know some product of the model, or data decides what an
        operation computes.
    MissingDependencyError
        The source needs torch, torch-mlir or onnx, which is not installed.

    Examples
    --------
    >>> import pfmlir
    >>> module = pfmlir.import_model("func.func @net() { return }")
    >>> [str(op.name) for op in module.body.operations]
    ['"net"']
    """
    if context is not None and not isinstance(context, ir.Context):
        raise TypeError(
            f"context: expected a pfmlir.ir.Context, but got {type(context)!r}"
        )
    found = resolve(
        source,
        inputs,
        function=function,
        with_weights=with_weights,
        context=context,
        progress=progress,
    )
    if isinstance(found, CostTables):
        raise TypeError("source: expected what has IR, but got pfmlir.CostTables")
    return copy_module(found) if found is source else found
