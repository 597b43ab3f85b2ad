# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What PyTorch computes: results, and what every operation on the way makes."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import torch
from numpy.typing import NDArray
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from .compare import Made


def as_arrays(values: Any) -> list[NDArray[Any]]:
    """Return all tensors in a structure, as arrays."""
    return [
        value.detach().cpu().contiguous().numpy()
        for value in pytree.tree_leaves(values)
        if isinstance(value, torch.Tensor)
    ]


def _call(model: Any, inputs: Any) -> Any:
    if isinstance(model, torch.export.ExportedProgram):
        model = model.module()
    with torch.no_grad():
        if isinstance(inputs, Mapping):
            return model(**inputs)
        return model(*inputs)


def compute(model: Any, inputs: Any) -> list[NDArray[Any]]:
    """Return what a model makes of its inputs, a tuple or a mapping."""
    return as_arrays(_call(model, inputs))


def change_inputs(inputs: Any) -> Any:
    """Return other inputs: numbers turned round and scaled, all else as it is."""
    return pytree.tree_map_only(
        torch.Tensor,
        lambda x: -0.5 * x.flip(-1) if x.is_floating_point() and x.dim() else x,
        inputs,
    )


class _Recorder(TorchDispatchMode):
    """Keeps what every operation makes, and in which submodule that was."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Made] = []
        self.modules = [""]

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        results = func(*args, **(kwargs or {}))
        for result in pytree.tree_leaves(results):
            if isinstance(result, torch.Tensor):
                # Copied, for others may write to it.
                values = result.detach().clone().contiguous().numpy().reshape(-1)
                self.made.append(Made(self.modules[-1], values))
        return results


def trace_values(model: torch.nn.Module, inputs: Any) -> list[Made]:
    """Return what each operation of a model makes, in order, by forward hooks."""
    recorder = _Recorder()

    def enter(name: str) -> Any:
        return lambda module, arguments: recorder.modules.append(name)

    def leave(module: Any, arguments: Any, result: Any) -> None:
        recorder.modules.pop()

    with ExitStack() as hooks:
        for name, module in model.named_modules():
            if name:
                hooks.enter_context(module.register_forward_pre_hook(enter(name)))
                hooks.enter_context(module.register_forward_hook(leave))
        with recorder:
            _call(model, inputs)
    return recorder.made
