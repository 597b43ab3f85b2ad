# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Export PyTorch modules as linalg on tensors, with torch-mlir."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from numpy.typing import NDArray

from .. import ir
from ..errors import MissingDependencyError

if TYPE_CHECKING:
    import torch


# Wraps what is worked on, as `tqdm.tqdm` does.
Progress: TypeAlias = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class ImportSettings:
    """How a network is to be brought in; see `import_model`."""

    context: ir.Context
    function: str | None = None
    with_weights: bool = False
    progress: Progress = iter


def require_torch(extra: str = "torch") -> None:
    """Raise MissingDependencyError without torch, torch-mlir, or what an extra adds."""
    try:
        import torch  # noqa: F401
        import torch_mlir  # noqa: F401

        if extra == "onnx":
            import onnx  # noqa: F401
    except ModuleNotFoundError as error:
        needed = "torch and torch-mlir" + (" and onnx" if extra == "onnx" else "")
        raise MissingDependencyError(
            f"exporting needs {needed}, but {error.name} is not installed; install "
            f"pfmlir with its extra [{extra}], as by `pip install '.[{extra}]'` in its "
            "source directory"
        ) from error


def _is_exported(model: Any) -> bool:
    """Whether a module was made of an exported program, and has one mode alone."""
    import torch

    # torch.export puts methods of its own there, which refuse.
    return isinstance(model, torch.fx.GraphModule) and "eval" in vars(model)


def print_module(module: Any, *, with_weights: bool = False) -> str:
    """Return a module of torch-mlir's as text, with its locations.

    Parameters
    ----------
    module
        A `torch_mlir.ir.Module`.
    with_weights
        Whether to print the weights.
    """
    limits = {} if with_weights else {"large_resource_limit": 0}
    text: str = module.operation.get_asm(enable_debug_info=True, **limits)
    return text


def export_linalg(
    model: "torch.nn.Module | torch.export.ExportedProgram",
    inputs: Sequence[Any] | Mapping[str, Any] | None = None,
    *,
    function_name: str = "main",
    with_weights: bool = False,
    progress: Progress = iter,
) -> str:
    """Export a model as MLIR text, linalg on tensors.

    Parameters
    ----------
    model
        A module in evaluation mode, or an exported program.
    inputs
        Arguments of the module's `forward`: a tuple, or a mapping by name. Their shapes
        become the network's. An exported program has its own.
    function_name
        What to call the function.
    with_weights
        Whether to print the weights. A schedule needs none of them, and they
        are megabytes.
    progress
        Wraps the list of steps on the way, as `tqdm.tqdm` does.

    Returns
    -------
    str
        A module of one function, and declarations of what it calls. The location of
        each operation is named after the submodule that it comes from, as in
        `features.3.squeeze`.

    Raises
    ------
    MissingDependencyError
        torch or torch-mlir is not installed.
    UnsupportedOperationError
        torch-mlir can't lower some operation of the model.
    CompilationError
        The model can't be traced, or torch-mlir failed in another way.
    """
    lowered, _ = _lower(model, inputs, function_name, with_weights, progress)
    return print_module(lowered, with_weights=with_weights)


def export_with_weights(
    model: "torch.nn.Module | torch.export.ExportedProgram",
    inputs: Sequence[Any] | Mapping[str, Any] | None,
    settings: ImportSettings,
) -> tuple[str, dict[str, NDArray[Any]]]:
    """Export a model as text without its weights, and these as bytes by name.

    So they never become text. Parameters and errors are those of `export_linalg`.
    """
    lowered, hooks = _lower(
        model, inputs, settings.function or "main", True, settings.progress
    )
    return print_module(lowered), hooks.by_key()


def _lower(
    model: Any,
    inputs: Sequence[Any] | Mapping[str, Any] | None,
    function_name: str,
    with_weights: bool,
    progress: Progress,
) -> tuple[Any, Any]:
    """Return a model's module of torch-mlir's, and who knows its weights."""
    require_torch()
    from .frontend.lowering import import_program, lower
    from .frontend.trace import prepare
    from .frontend.weights import WeightHooks

    program = _start(model, inputs, with_weights)
    hooks = WeightHooks(with_weights=with_weights)
    steps: list[Callable[[Any], Any]] = [
        lambda program: program(),
        prepare,
        lambda program: (import_program(program, function_name, hooks), program),
        lambda imported: lower(*imported),
    ]
    made: Any = program
    for step in progress(steps):
        made = step(made)
    return made, hooks


def _start(
    model: Any, inputs: Sequence[Any] | Mapping[str, Any] | None, with_weights: bool
) -> Callable[[], Any]:
    """Check a model and its inputs, and return what makes a program of them."""
    import torch

    from .frontend.trace import trace
    from .frontend.weights import is_on_meta

    if isinstance(model, torch.export.ExportedProgram):
        if inputs is not None:
            raise TypeError("inputs: an exported program has its own")
        return lambda: model
    if not isinstance(model, torch.nn.Module):
        raise TypeError(
            "model: expected a torch.nn.Module or a torch.export.ExportedProgram, but "
            f"got {type(model)!r}"
        )
    if inputs is None or isinstance(inputs, torch.Tensor | str):
        raise TypeError(
            "inputs: expected a tuple of the model's example inputs, or a mapping of "
            f"them by name, but got {type(inputs)!r}"
        )
    if model.training and not _is_exported(model):
        raise ValueError(
            "model: expected a module in evaluation mode; call its eval() first"
        )
    if with_weights and is_on_meta(model):
        raise ValueError("model: is on the meta device, and has no weights to bring")
    if isinstance(inputs, Mapping):
        return lambda: trace(model, (), inputs)
    return lambda: trace(model, inputs, {})
