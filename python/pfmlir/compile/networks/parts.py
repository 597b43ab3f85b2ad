# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What several convolutional networks are made of."""

from collections.abc import Callable

from torch import Tensor, nn


def conv_norm_activation(
    channels: int,
    width: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    activation: Callable[[], nn.Module] | None = None,
) -> nn.Sequential:
    """Return a convolution, batch normalisation, and perhaps an activation."""
    modules: list[nn.Module] = [
        nn.Conv2d(
            channels, width, kernel, stride, kernel // 2, groups=groups, bias=False
        ),
        nn.BatchNorm2d(width),
    ]
    if activation is not None:
        modules.append(activation())
    return nn.Sequential(*modules)


def separable(channels: int, width: int, stride: int) -> nn.Sequential:
    """Return a depthwise 3x3 convolution and a pointwise one."""
    return nn.Sequential(
        conv_norm_activation(channels, channels, 3, stride, channels, nn.ReLU),
        conv_norm_activation(channels, width, 1, activation=nn.ReLU),
    )


class Classifier(nn.Module):
    """Features, their average over the image, and a linear classifier."""

    def __init__(self, features: nn.Module, channels: int, classes: int) -> None:
        super().__init__()
        self.features = features
        self.fc = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.features(x).mean((2, 3)))
