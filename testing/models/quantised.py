# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantised models, in the forms that PyTorch makes them."""

import torch
from torch import Tensor, nn

from . import Built, Model


class Small(nn.Module):
    """Convolutions and linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU()
        )
        self.head = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x).mean((2, 3)))


IMAGE = (torch.zeros(1, 3, 32, 32),)


def exported() -> Built:
    """Return what torchao's quantisation of an exported program gives."""
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.testing.pt2e._xnnpack_quantizer import (
        XNNPACKQuantizer,
        get_symmetric_quantization_config,
    )

    torch.manual_seed(0)
    program = torch.export.export(Small().eval(), IMAGE).module()
    quantizer = XNNPACKQuantizer().set_global(get_symmetric_quantization_config())
    prepared = prepare_pt2e(program, quantizer)
    prepared(*IMAGE)
    return convert_pt2e(prepared), IMAGE


def dynamic() -> Built:
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10)).eval()
    made = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, torch.qint8)
    return made, (torch.randn(4, 64),)


def eager() -> Built:
    """Return a model of quantised modules."""
    torch.manual_seed(0)
    plain = nn.Sequential(
        torch.ao.quantization.QuantStub(),
        nn.Conv2d(3, 16, 3, 2, 1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, 2, 1),
        nn.Flatten(),
        nn.Linear(32 * 64, 10),
        torch.ao.quantization.DeQuantStub(),
    ).eval()
    plain.qconfig = torch.ao.quantization.get_default_qconfig("x86")
    fused = torch.ao.quantization.fuse_modules(plain, [["1", "2"]])
    prepared = torch.ao.quantization.prepare(fused)
    prepared(*IMAGE)
    return torch.ao.quantization.convert(prepared), IMAGE


def bfloat16() -> Built:
    return Small().eval().bfloat16(), (IMAGE[0].bfloat16(),)


def half() -> Built:
    return Small().eval().half(), (IMAGE[0].half(),)


MODELS = [
    Model("int8_exported", "quantised", exported),
    Model("int8_dynamic", "quantised", dynamic),
    Model("int8_eager", "quantised", eager),
    Model("bfloat16_convolutions", "quantised", bfloat16),
    Model("half_convolutions", "quantised", half),
]
