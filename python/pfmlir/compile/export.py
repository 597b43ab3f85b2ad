# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Export PyTorch modules as linalg on tensors, with torch-mlir."""

import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import CompilationError, MissingDependencyError, UnsupportedOperationError

if TYPE_CHECKING:
    import torch


def require_torch() -> None:
    """Raise MissingDependencyError without torch or torch-mlir."""
    try:
        import torch  # noqa: F401
        import torch_mlir  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"exporting needs torch and torch-mlir, but {error.name} is not "
            "installed; install pfmlir with its extra [torch], as by "
            "`pip install '.[torch]'` in its source directory"
        ) from error


def _module_name(node: Any) -> str | None:
    """Return where in the module hierarchy a node of an exported graph is from."""
    stack = node.meta.get("nn_module_stack")
    if not stack:
        return None
    name, _kind = list(stack.values())[-1]
    return name or None


def _torch_mlir_ir() -> Any:
    """Return torch-mlir's module `ir`, which has no types."""
    from torch_mlir import ir

    return ir


def _make_importer(context: Any) -> Any:
    """Return torch-mlir's importer, made to give operations their module's name."""
    from torch_mlir.extras.fx_importer import ContextCache, FxImporter

    ir = _torch_mlir_ir()

    class NamingContextCache(ContextCache):
        """Where the importer takes its locations from; it offers no other hook."""

        def get_node_location(self, node: Any) -> Any:
            location = super().get_node_location(node)
            name = _module_name(node)
            return ir.Location.name(name, location, context) if name else location

    importer = FxImporter(context=context)
    importer._cc = NamingContextCache(
        context, py_attr_tracker=importer._py_attr_tracker
    )
    return importer


def _lower(
    model: "torch.nn.Module | torch.export.ExportedProgram",
    inputs: Sequence[Any],
    function_name: str,
) -> Any:
    """Return a module of torch-mlir's."""
    from torch_mlir import fx
    from torch_mlir.dialects import torch as torch_dialect

    context = _torch_mlir_ir().Context()
    torch_dialect.register_dialect(context)
    messages: list[str] = []

    def collect(diagnostic: Any) -> bool:
        messages.append(str(diagnostic.message))
        return True

    handler = context.attach_diagnostic_handler(collect)
    try:
        with warnings.catch_warnings():
            # torch's own use of its pytree, inside torch.export.
            warnings.filterwarnings("ignore", ".*LeafSpec.*", FutureWarning)
            return fx.export_and_import(
                model,
                *inputs,
                output_type="linalg-on-tensors",
                fx_importer=_make_importer(context),
                func_name=function_name,
            )
    except Exception as error:
        raise _translate(error, messages) from error
    finally:
        handler.detach()


# What torch-mlir says of an operation that it can't lower, with its name.
UNSUPPORTED = (
    re.compile(r"failed to legalize operation '(torch\.(?!operator')[\w.]+)'"),
    re.compile(r'"torch\.operator".*?name = "([\w.]+)"'),
    re.compile(r"Dialect `\w+' not found for custom op '([\w.]+)'"),
)


def unsupported_operations(text: str) -> tuple[str, ...]:
    """Return the operations that a message says can't be lowered."""
    found = [name for pattern in UNSUPPORTED for name in pattern.findall(text)]
    # Constants are left over where their users can't be lowered.
    users = [name for name in found if not name.startswith("torch.constant.")]
    return tuple(dict.fromkeys(users or found))


def _translate(error: Exception, messages: list[str]) -> Exception:
    """Return what an error of torch-mlir's comes to."""
    names = unsupported_operations("\n".join(messages))
    if names:
        return UnsupportedOperationError(
            "torch-mlir can't lower these operations to linalg: " + ", ".join(names),
            names,
        )
    said = tuple(messages) or (f"{type(error).__name__}: {error}".strip(),)
    return CompilationError("torch-mlir failed on the model", said)


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
    inputs: Sequence[Any] | None = None,
    *,
    function_name: str = "main",
    with_weights: bool = False,
) -> str:
    """Export a model as MLIR text, linalg on tensors.

    Parameters
    ----------
    model
        A module in evaluation mode, or an exported program.
    inputs
        Positional arguments of the module's `forward`; their shapes become the
        network's. An exported program has its own.
    function_name
        What to call the function.
    with_weights
        Whether to print the weights. A schedule needs none of them, and they
        are megabytes.

    Returns
    -------
    str
        A module of one function. The location of each operation is named after
        the submodule that it comes from, as in `features.3.squeeze`.

    Raises
    ------
    MissingDependencyError
        torch or torch-mlir is not installed.
    UnsupportedOperationError
        torch-mlir can't lower some operation of the model.
    CompilationError
        torch-mlir failed in another way.
    """
    require_torch()
    import torch

    if isinstance(model, torch.export.ExportedProgram):
        if inputs is not None:
            raise TypeError("inputs: an exported program has its own")
        inputs = ()
    elif not isinstance(model, torch.nn.Module):
        raise TypeError(
            "model: expected a torch.nn.Module or a torch.export.ExportedProgram, but "
            f"got {type(model)!r}"
        )
    elif inputs is None or isinstance(inputs, torch.Tensor | str):
        raise TypeError(
            "inputs: expected a tuple of the model's example inputs, but got "
            f"{type(inputs)!r}"
        )
    elif model.training:
        raise ValueError(
            "model: expected a module in evaluation mode; call its eval() first"
        )
    module = _lower(model, inputs, function_name)
    return print_module(module, with_weights=with_weights)
