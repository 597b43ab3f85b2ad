# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Export a module as a graph of operations, with static shapes and no choices."""

import contextlib
import io
import logging
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
)
from torch.export.graph_signature import InputKind
from torch.fx.experimental.symbolic_shapes import (
    GuardOnDataDependentSymNode,
    free_unbacked_symbols,
)
from torch.utils import _pytree as pytree
from torch_mlir.extras.fx_decomp_util import get_decomposition_table

from ...errors import CompilationError, UnsupportedOperationError
from .graphs import compute_constants, separate_weights_in_lists
from .places import place_of_error, place_of_node
from .quantised import unpack
from .weights import bring_from_meta

# What torch raises where the values of tensors decide what is computed next.
_DATA_DEPENDENT = (
    GuardOnDataDependentSymNode,
    DataDependentOutputException,
    DynamicOutputShapeException,
)

# Operations that hold graphs, and run one of them, or one again and again.
_CHOICES = ("cond", "while_loop")


def _explain(error: Exception, model: torch.nn.Module) -> CompilationError:
    """Return what to raise for an error of torch.export's."""
    place = place_of_error(error, model)
    if isinstance(error, _DATA_DEPENDENT):
        return CompilationError(
            "expects what is computed to depend on shapes alone, but got a choice, a "
            "number or a shape that depends on the values of a tensor; give the model "
            "without it, or with a constant in its place",
            (f"{place}: error: depends on data",),
        )
    said = str(error).strip().splitlines() or [""]
    # Torch's own, where the user's code is not even reached: inputs of wrong shapes.
    at = f"{place}: " if place.file else ""
    return CompilationError(
        "torch.export failed on the model",
        (f"{at}error: {type(error).__name__}: {said[0]}",),
    )


@contextmanager
def quietly() -> Iterator[None]:
    """Keep what torch says of a model that it refuses, which is a page, to itself."""
    logger = logging.getLogger("torch")
    level = logger.level
    said = io.StringIO()
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(said):
            # torch's own use of its pytree, inside torch.export.
            warnings.filterwarnings("ignore", ".*LeafSpec.*", FutureWarning)
            yield
        sys.stderr.write(said.getvalue())
    finally:
        logger.setLevel(level)


def _register_caches(model: torch.nn.Module) -> None:
    """Let the caches of transformers' models be inputs and outputs.

    That package knows how, but does it in its own export alone.
    """
    if "transformers" not in sys.modules:
        return
    try:
        from transformers import PreTrainedModel
        from transformers.exporters.exporter_dynamo import (
            register_cache_pytrees_for_model,
        )
    except ImportError:
        # Another version.
        return
    for module in model.modules():
        if isinstance(module, PreTrainedModel):
            register_cache_pytrees_for_model(module)


def trace(
    model: torch.nn.Module, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> torch.export.ExportedProgram:
    """Export a module."""
    model = unpack(bring_from_meta(model))
    _register_caches(model)
    args, kwargs = pytree.tree_map_only(
        torch.Tensor,
        lambda x: torch.empty_like(x, device="cpu") if x.is_meta else x,
        (tuple(arguments), dict(keywords)),
    )
    try:
        with quietly():
            return torch.export.export(model, args, kwargs, strict=False)
    except Exception as error:
        raise _explain(error, model) from error


def _shape(value: torch.Tensor) -> str:
    return "[" + ", ".join(map(str, value.shape)) + "]"


def _is_dynamic(value: Any) -> bool:
    sizes = value.shape if isinstance(value, torch.Tensor) else (value,)
    return any(
        isinstance(size, torch.SymInt | torch.SymFloat | torch.SymBool)
        for size in sizes
    )


def _check_inputs(program: torch.export.ExportedProgram) -> None:
    """Refuse inputs of dynamic shape."""
    kinds = {spec.arg.name: spec.kind for spec in program.graph_signature.input_specs}
    for node in program.graph.nodes:
        value = node.meta.get("val")
        if (
            node.op == "placeholder"
            and kinds.get(node.name) == InputKind.USER_INPUT
            and isinstance(value, torch.Tensor)
            and _is_dynamic(value)
        ):
            raise CompilationError(
                f"input '{node.name}' expects static shapes, which costs depend on, "
                f"but got {_shape(value)}; export the model without dynamic_shapes"
            )


def _check_operations(program: torch.export.ExportedProgram) -> None:
    """Refuse what chooses by data, and results whose shapes depend on data."""
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        name = str(node.target)
        if isinstance(node.target, torch._ops.HigherOrderOperator):
            why = (
                "of which data decides what it runs; export one of its ways alone"
                if name in _CHOICES
                else "which holds a graph of its own; compute it outside of the model"
            )
            raise UnsupportedOperationError(
                f"{place_of_node(node)}: error: expects operations on tensors, but got "
                f"'{name}', {why}",
                (name,),
            )
        values = pytree.tree_leaves(node.meta.get("val"))
        if any(
            isinstance(value, torch.Tensor) and free_unbacked_symbols(value)
            for value in values
        ):
            raise UnsupportedOperationError(
                f"{place_of_node(node)}: error: expects shapes that inputs' shapes "
                f"decide, but the shape of what '{name}' returns depends on data; "
                "compute it outside of the model",
                (name,),
            )


def prepare(program: torch.export.ExportedProgram) -> torch.export.ExportedProgram:
    """Return a program in operations that torch-mlir knows, with static shapes."""
    _check_inputs(program)
    try:
        with quietly():
            program = program.run_decompositions(get_decomposition_table())
    except Exception as error:
        raise _explain(error, program.graph_module) from error
    _check_operations(program)
    compute_constants(program)
    separate_weights_in_lists(program)
    # Where torch-mlir looks for all buffers, those that are not saved, too.
    for name in program.graph_signature.inputs_to_buffers.values():
        if name not in program.state_dict:
            program.state_dict[name] = program.constants[name]
    return program
