# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks that the paper has not, in plain PyTorch, with random weights."""

from collections.abc import Callable

import torch
from pfmlir.compile.networks import (
    Classifier,
    InvertedResidual,
    conv_norm_activation,
    ds_cnn,
    person_detection,
)
from torch import Tensor, nn


def mobilenet_v2() -> nn.Module:
    """Return MobileNetV2 (arXiv 1801.04381) with 1000 classes."""
    # Expansion, channels, blocks, stride of the first.
    stages = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    modules: list[nn.Module] = [conv_norm_activation(3, 32, 3, 2, activation=nn.ReLU6)]
    channels = 32
    for expansion, width, blocks, stride in stages:
        for block in range(blocks):
            modules.append(
                InvertedResidual(
                    channels,
                    3,
                    expansion * channels,
                    width,
                    0,
                    nn.ReLU6,
                    stride if block == 0 else 1,
                )
            )
            channels = width
    modules.append(conv_norm_activation(channels, 1280, 1, activation=nn.ReLU6))
    return Classifier(nn.Sequential(*modules), 1280, 1000)


# How each is made, and what it is given: images, or ten coefficients of 49 frames.
NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mobilenetv2": (mobilenet_v2, (1, 3, 224, 224)),
    "person_detection": (person_detection, (1, 1, 96, 96)),
    "ds_cnn": (ds_cnn, (1, 1, 49, 10)),
}


def build(name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Return a network of `NETWORKS`, ready for inference, and an example input."""
    network, shape = NETWORKS[name]
    torch.manual_seed(0)
    return network().eval(), (torch.randn(shape),)
