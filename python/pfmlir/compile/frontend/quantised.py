# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules that hold quantised weights in a form that torch.export can't read.

PyTorch's own quantised modules, static and dynamic, have their weights in packed
objects. What stands for them says the same in operations: 8-bit weights, and between
modules numbers that are rounded to 8 bits, as exported quantised models have them.
"""

import copy
from typing import Any

import torch
import torch.ao.nn.quantized as static
import torch.ao.nn.quantized.dynamic as dynamic

# Makes the operations below known.
import torch.ao.quantization.fx._decomposed
from torch import Tensor, nn
from torch.nn import functional

from ...errors import UnsupportedOperationError

_OPS = torch.ops.quantized_decomposed


def _limits(dtype: torch.dtype) -> tuple[int, int, torch.dtype]:
    """Return the least and most number of a quantised type, and its integers."""
    return (-128, 127, torch.int8) if dtype == torch.qint8 else (0, 255, torch.uint8)


class _Rounded(nn.Module):
    """Computes something, and rounds it to 8 bits."""

    def __init__(self, module: nn.Module, scale: Any, zero_point: Any, dtype: Any):
        super().__init__()
        self.module = module
        self.scale, self.zero_point = float(scale), int(zero_point)
        self.limits = _limits(dtype)

    def round(self, x: Tensor) -> Tensor:
        """Quantise, and turn back."""
        parameters = (self.scale, self.zero_point, *self.limits)
        rounded = _OPS.quantize_per_tensor(x, *parameters)
        plain: Tensor = _OPS.dequantize_per_tensor(rounded, *parameters)
        return plain

    def forward(self, *arguments: Any) -> Tensor:
        return self.round(self.module(*arguments))


class _Arithmetic(_Rounded):
    """Stands for a `QFunctional`: sums, products and rows, rounded."""

    def forward(self, *arguments: Any) -> Tensor:
        raise NotImplementedError("called by its methods alone")

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        return self.round(x + y)

    def add_relu(self, x: Tensor, y: Tensor) -> Tensor:
        return self.round((x + y).relu())

    def add_scalar(self, x: Tensor, y: float) -> Tensor:
        return self.round(x + y)

    def mul(self, x: Tensor, y: Tensor) -> Tensor:
        return self.round(x * y)

    def mul_scalar(self, x: Tensor, y: float) -> Tensor:
        return self.round(x * y)

    def cat(self, tensors: list[Tensor], dim: int = 0) -> Tensor:
        return self.round(torch.cat(tensors, dim))


class _Product(nn.Module):
    """A linear layer or a convolution with 8-bit weights."""

    weight: Tensor
    scales: Tensor
    bias: Tensor | None

    def __init__(self, module: Any, has_relu: bool) -> None:
        super().__init__()
        weight, bias = module.weight(), module.bias()
        self.per_channel = weight.qscheme() != torch.per_tensor_affine
        self.register_buffer("weight", weight.int_repr())
        self.register_buffer("bias", None if bias is None else bias.detach())
        if self.per_channel:
            scales = weight.q_per_channel_scales().float()
        else:
            scales = torch.tensor(weight.q_scale())
        self.register_buffer("scales", scales)
        self.scale = 0.0 if self.per_channel else float(weight.q_scale())
        self.has_relu = has_relu
        self.options: tuple[Any, ...] = ()
        if not isinstance(module, static.Linear):
            self.options = (
                module.stride,
                module.padding,
                module.dilation,
                module.groups,
            )

    def plain_weight(self) -> Tensor:
        """Return the weights as numbers."""
        if not self.per_channel:
            limits = (0, -128, 127, torch.int8)
            plain: Tensor = _OPS.dequantize_per_tensor(self.weight, self.scale, *limits)
            return plain
        shape = (-1, *(1 for _ in self.weight.shape[1:]))
        return self.weight.float() * self.scales.reshape(shape)

    def product(self, x: Tensor) -> Tensor:
        """Return what the layer computes, before an activation."""
        if not self.options:
            return functional.linear(x, self.plain_weight(), self.bias)
        kinds = (functional.conv1d, functional.conv2d, functional.conv3d)
        convolve = kinds[self.weight.dim() - 3]
        return convolve(x, self.plain_weight(), self.bias, *self.options)

    def forward(self, x: Tensor) -> Tensor:
        y = self.product(x)
        return y.relu() if self.has_relu else y


class _DynamicLinear(_Product):
    """A product of integers, whose inputs are rounded to 8 bits by their largest."""

    def product(self, x: Tensor) -> Tensor:
        scale = x.abs().amax() / 127
        rows = (x / scale).round().to(torch.int8).reshape(-1, x.shape[-1])
        sums: Tensor = torch.ops.aten._int_mm(rows, self.weight.T)
        y = sums.to(x.dtype) * (scale * self.scales)
        if self.bias is not None:
            y = y + self.bias
        return y.reshape(*x.shape[:-1], -1)


def _float_form(module: nn.Module) -> nn.Module | None:
    """Return the module of torch.nn that a quantised one without weights is like."""
    kinds: tuple[Any, ...] = type(module).__mro__
    for kind in kinds:
        if kind.__module__.startswith("torch.nn.modules.") and kind is not nn.Module:
            made: nn.Module = kind.__new__(kind)
            made.__dict__.update(module.__dict__)
            return made
    return None


def _stand_in(name: str, module: Any) -> nn.Module | None:
    """Return what stands for a module, or None if it is no quantised one."""
    folder = type(module).__module__
    if not folder.startswith(("torch.ao.nn.quantized.", "torch.ao.nn.intrinsic.quant")):
        return None
    if folder.startswith("torch.ao.nn.quantized.reference"):
        return None
    has_relu = "ReLU" in type(module).__name__
    if isinstance(module, dynamic.Linear):
        return _DynamicLinear(module, has_relu)
    if isinstance(module, static.Quantize):
        values = (module.scale, module.zero_point, module.dtype)
        return _Rounded(nn.Identity(), *values)
    if isinstance(module, static.DeQuantize):
        return nn.Identity()
    if isinstance(module, static.QFunctional):
        return _Arithmetic(nn.Identity(), module.scale, module.zero_point, torch.quint8)
    is_convolution = isinstance(module, static.Conv1d | static.Conv2d | static.Conv3d)
    if isinstance(module, static.Linear) or is_convolution:
        product = _Product(module, has_relu)
        return _Rounded(product, module.scale, module.zero_point, torch.quint8)
    plain = _float_form(module)
    if plain is None or hasattr(module, "_packed_params"):
        kind = type(module).__name__
        raise UnsupportedOperationError(
            f"submodule '{name}' is a quantised {kind}, which can't be exported; "
            "quantise an exported program instead, as torchao does",
            (kind,),
        )
    if hasattr(module, "scale") and hasattr(module, "zero_point"):
        return _Rounded(plain, module.scale, module.zero_point, torch.quint8)
    return plain


def _find(name: str, module: nn.Module, found: dict[int, nn.Module]) -> None:
    """Find what stands for quantised modules, by their identities."""
    made = _stand_in(name, module)
    if made is not None:
        found[id(module)] = made.eval()
        return
    for child_name, child in module.named_children():
        _find(f"{name}.{child_name}" if name else child_name, child, found)


def unpack(model: nn.Module) -> nn.Module:
    """Return a model without packed modules: itself, or a copy with its weights."""
    stand_ins: dict[int, Any] = {}
    _find("", model, stand_ins)
    if not stand_ins:
        return model
    shared = {id(each): each for each in (*model.parameters(), *model.buffers())}
    return copy.deepcopy(model, {**shared, **stand_ins})
