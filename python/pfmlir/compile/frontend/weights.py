# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What becomes of a network's weights: data that is kept, or none at all."""

import copy
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch_mlir.extras.fx_importer import (
    TORCH_DTYPE_TO_MLIR_TYPE,
    TORCH_DTYPE_TO_MLIR_TYPE_ASM,
    FxImporterHooks,
    create_mlir_tensor_type,
)

from ...modules import resource_key
from .torch_mlir_ir import ir


def _bytes_of(tensor: torch.Tensor) -> np.ndarray:
    """Return a tensor's bytes; of one that is contiguous and on the CPU, its own."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy()


class WeightHooks(FxImporterHooks):
    """Makes constants of weights, whose data torch-mlir would turn into Python lists.

    Parameters
    ----------
    with_weights
        Whether constants have the weights' bytes. Otherwise they have zeros that are
        never written to, and so take no memory; nobody is to print them.
    """

    def __init__(self, *, with_weights: bool) -> None:
        self.with_weights = with_weights
        self._zeros = np.zeros(0, np.uint8)
        # By the identity of tensors, which are kept so that it stays theirs.
        self._constants: dict[int, tuple[torch.Tensor, Any]] = {}

    def resolve_literal(self, gni: Any, literal: Any, info: Any) -> Any:
        """Return the value of a literal, or None if torch-mlir is to make it."""
        # A single number is a constant that says its value, and can be folded.
        if (
            not isinstance(literal, torch.Tensor)
            or literal.numel() <= 1
            or literal.layout != torch.strided
            or literal.dtype not in TORCH_DTYPE_TO_MLIR_TYPE
        ):
            return None
        if id(literal) not in self._constants:
            self._constants[id(literal)] = (literal, self._make_constant(literal))
        shape = ",".join(map(str, literal.shape))
        dtype = TORCH_DTYPE_TO_MLIR_TYPE_ASM[literal.dtype]
        return ir.Operation.create(
            "torch.vtensor.literal",
            results=[ir.Type.parse(f"!torch.vtensor<[{shape}],{dtype}>")],
            attributes={"value": self._constants[id(literal)][1]},
        ).result

    def by_key(self) -> dict[str, np.ndarray]:
        """Return the bytes of weights by what the module calls them."""
        return {
            resource_key(constant): _bytes_of(tensor)
            for tensor, constant in self._constants.values()
        }

    def _make_constant(self, tensor: torch.Tensor) -> Any:
        data = _bytes_of(tensor) if self.with_weights else self._zeros_like(tensor)
        shape = "_".join(map(str, tensor.shape))
        return ir.DenseResourceElementsAttr.get_from_buffer(
            data,
            # As torch-mlir calls it.
            f"torch_tensor_{shape}_{tensor.dtype}",
            create_mlir_tensor_type(tensor),
        )

    def _zeros_like(self, tensor: torch.Tensor) -> np.ndarray:
        size = tensor.numel() * tensor.element_size()
        if size > self._zeros.size:
            self._zeros = np.zeros(size, np.uint8)
        return self._zeros[:size]


def _stand_in(tensor: torch.Tensor) -> torch.Tensor:
    """Return a tensor on the CPU for one on the meta device.

    Memory that nobody writes to is none; but a single number is printed, and is one
    that no operation can be folded with.
    """
    if tensor.numel() > 1:
        made = torch.empty_like(tensor, device="cpu")
    elif tensor.is_floating_point() or tensor.is_complex():
        made = torch.full_like(tensor, 0.5, device="cpu")
    else:
        made = torch.ones_like(tensor, device="cpu")
    if isinstance(tensor, torch.nn.Parameter):
        return torch.nn.Parameter(made, requires_grad=tensor.requires_grad)
    return made


def is_on_meta(model: torch.nn.Module) -> bool:
    """Whether a model has weights on the meta device, and so no numbers."""
    return any(tensor.is_meta for tensor in (*model.parameters(), *model.buffers()))


def bring_from_meta(model: torch.nn.Module) -> torch.nn.Module:
    """Return a model that can be exported: a copy, if it is on the meta device."""
    tensors: Iterable[torch.Tensor] = (*model.parameters(), *model.buffers())
    stand_ins: dict[int, Any] = {
        id(tensor): _stand_in(tensor) for tensor in tensors if tensor.is_meta
    }
    return copy.deepcopy(model, stand_ins) if stand_ins else model
