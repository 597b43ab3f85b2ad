# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is changed in an exported graph before torch-mlir reads it."""

from typing import Any

import torch
from torch.export.graph_signature import InputKind
from torch.utils import _pytree as pytree

from .calls import TAKEN_AS_THEY_ARE

CLONE = torch.ops.aten.clone.default
# No constant is computed that is larger.
LARGEST_CONSTANT = 1 << 20


def _replace(node: Any, target: Any, arguments: tuple[Any, ...]) -> Any:
    """Put an operation in front of a node, with the node's value."""
    with node.graph.inserting_before(node):
        made = node.graph.call_function(target, arguments)
    made.meta = dict(node.meta)
    return made


def separate_weights_in_lists(program: torch.export.ExportedProgram) -> None:
    """Let lists hold what operations make, and no weights, which torch-mlir refuses."""
    for node in list(program.graph.nodes):
        for argument in node.args if node.op == "call_function" else ():
            for each in argument if isinstance(argument, list | tuple) else ():
                if isinstance(each, torch.fx.Node) and each.op == "placeholder":
                    copied = _replace(node, CLONE, (each,))
                    copied.meta["val"] = each.meta["val"]
                    copied.meta.pop("tensor_meta", None)
                    node.replace_input_with(each, copied)


class _Constants:
    """Which nodes depend on no input and no weight, and what they compute."""

    def __init__(self, program: torch.export.ExportedProgram) -> None:
        self._values: dict[Any, Any] = {}
        self._are_constant: dict[Any, bool] = {}
        for spec in program.graph_signature.input_specs:
            if spec.kind == InputKind.CONSTANT_TENSOR and spec.target is not None:
                self._values[spec.arg.name] = program.constants[spec.target]

    def is_constant(self, node: Any) -> bool:
        """Whether a node is a constant; those before it have been asked for."""
        if node.op == "placeholder":
            found = node.name in self._values
        else:
            tags = getattr(node.target, "tags", ())
            found = (
                node.op == "call_function"
                and torch.Tag.nondeterministic_seeded not in tags
                and all(self._are_constant[each] for each in node.all_input_nodes)
            )
        self._are_constant[node] = found
        return found

    def value(self, node: Any) -> Any:
        """Return what a constant is."""
        if node.name not in self._values:
            arguments, keywords = pytree.tree_map_only(
                torch.fx.Node, self.value, (tuple(node.args), dict(node.kwargs))
            )
            self._values[node.name] = node.target(*arguments, **keywords)
        return self._values[node.name]

    def replace(self, node: Any) -> None:
        """Put the value of a constant in its place."""
        value = self.value(node)
        made = _replace(node, CLONE, (value,))
        self._are_constant[made] = True
        self._values[made.name] = value
        node.replace_all_uses_with(made)


def _is_taken_as_it_is(node: Any) -> bool:
    target = node.target
    if not isinstance(target, torch._ops.OpOverload):
        return False
    namespace, _, name = target._schema.name.partition("::")
    return f"torch.{namespace}.{name}" in TAKEN_AS_THEY_ARE


def compute_constants(program: torch.export.ExportedProgram) -> None:
    """Compute now what would be a call although it depends on shapes alone.

    So do, in models of language, the positions of words: sums of a mask of ones.
    """
    constants = _Constants(program)
    for node in list(program.graph.nodes):
        if not constants.is_constant(node) or not _is_taken_as_it_is(node):
            continue
        shape = node.meta.get("val")
        if not isinstance(shape, torch.Tensor) or shape.numel() > LARGEST_CONSTANT:
            continue
        constants.replace(node)
    program.graph.eliminate_dead_code()
