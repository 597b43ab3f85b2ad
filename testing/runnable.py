# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks whose results depend on their inputs, to run.

With PyTorch's own initial weights deep networks are constant functions, with which any
other network agrees. These have weights as Kaiming draws them, and batch norms that
have seen data.
"""

from typing import Any

import torch
from torch import Tensor, nn


def calibrate(model: nn.Module, *shape: int, seed: int = 0) -> nn.Module:
    """Draw a model's weights, let its batch norms see data, and return it.

    Parameters
    ----------
    model
        It is changed, and left in evaluation mode.
    shape
        Of an input, but for the batch.
    """
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(
                module.weight, nonlinearity="relu", generator=generator
            )
            if module.bias is not None:
                nn.init.uniform_(module.bias, -0.1, 0.1, generator=generator)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5, generator=generator)
            nn.init.uniform_(module.bias, -0.5, 0.5, generator=generator)
            # All that was seen counts, and not the last most.
            module.momentum = None
    model.train()
    with torch.no_grad():
        for _ in range(2):
            model(torch.randn(8, *shape, generator=generator))
    return model.eval()


def make_input(*shape: int, seed: int = 1) -> Tensor:
    """Return an input, as a batch of one."""
    return torch.randn(1, *shape, generator=torch.Generator().manual_seed(seed))


class KeywordSpotter(nn.Module):
    """DS-CNN (arXiv 1711.07128), narrower: depthwise separable convolutions."""

    def __init__(self, channels: int = 24, blocks: int = 3) -> None:
        super().__init__()

        def norm() -> list[nn.Module]:
            return [nn.BatchNorm2d(channels), nn.ReLU()]

        self.stem = nn.Sequential(
            nn.Conv2d(1, channels, (10, 4), (2, 2), (4, 1), bias=False), *norm()
        )
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(
                        channels, channels, 3, padding=1, groups=channels, bias=False
                    ),
                    *norm(),
                    nn.Conv2d(channels, channels, 1, bias=False),
                    *norm(),
                )
                for _ in range(blocks)
            )
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(channels, 12)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pool(self.blocks(self.stem(x))).flatten(1))


SOUND = (1, 49, 10)


def keyword_spotter() -> tuple[nn.Module, tuple[Any, ...]]:
    """Return a keyword spotter and its input."""
    return calibrate(KeywordSpotter(), *SOUND), (make_input(*SOUND),)


def reference_network(name: str, size: int) -> tuple[nn.Module, tuple[Any, ...]]:
    """Return a reference network for images of `size` pixels a side, and its input."""
    from pfmlir.compile.networks import build

    model, _ = build(name)
    return calibrate(model, 3, size, size), (make_input(3, size, size),)


def quantised_spotter() -> tuple[nn.Module, tuple[Any, ...]]:
    """Return a keyword spotter in 8 bits, as torchao exports it, and its input."""
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.testing.pt2e._xnnpack_quantizer import (
        XNNPACKQuantizer,
        get_symmetric_quantization_config,
    )

    model, inputs = keyword_spotter()
    program = torch.export.export(model, inputs).module()
    quantizer = XNNPACKQuantizer().set_global(get_symmetric_quantization_config())
    prepared = prepare_pt2e(program, quantizer)
    for seed in range(4):
        prepared(make_input(*SOUND, seed=seed))
    return convert_pt2e(prepared), inputs
