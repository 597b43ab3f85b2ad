# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MobileNetV3-Small (arXiv 1905.02244)."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional

from .parts import conv_norm_activation


class SqueezeExcite(nn.Module):
    """Weighs the channels by what they hold on average."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.fc1(self.avgpool(x)).relu()
        return x * functional.hardsigmoid(self.fc2(scale))


class InvertedResidual(nn.Module):
    """Widens, filters each channel by itself, perhaps weighs them, narrows."""

    def __init__(
        self,
        channels: int,
        kernel: int,
        expanded: int,
        width: int,
        squeezed: int,
        activation: Callable[[], nn.Module],
        stride: int,
    ) -> None:
        super().__init__()
        modules: list[nn.Module] = []
        if expanded != channels:
            modules.append(
                conv_norm_activation(channels, expanded, 1, activation=activation)
            )
        modules.append(
            conv_norm_activation(
                expanded, expanded, kernel, stride, expanded, activation
            )
        )
        if squeezed:
            modules.append(SqueezeExcite(expanded, squeezed))
        modules.append(conv_norm_activation(expanded, width, 1))
        self.block = nn.Sequential(*modules)
        self.adds_input = stride == 1 and channels == width

    def forward(self, x: Tensor) -> Tensor:
        y = self.block(x)
        return x + y if self.adds_input else y


class MobileNetV3Small(nn.Module):
    """MobileNetV3-Small with 1000 classes."""

    def __init__(self) -> None:
        super().__init__()
        relu, swish = nn.ReLU, nn.Hardswish
        self.features = nn.Sequential(
            conv_norm_activation(3, 16, 3, 2, activation=swish),
            InvertedResidual(16, 3, 16, 16, 8, relu, 2),
            InvertedResidual(16, 3, 72, 24, 0, relu, 2),
            InvertedResidual(24, 3, 88, 24, 0, relu, 1),
            InvertedResidual(24, 5, 96, 40, 24, swish, 2),
            InvertedResidual(40, 5, 240, 40, 64, swish, 1),
            InvertedResidual(40, 5, 240, 40, 64, swish, 1),
            InvertedResidual(40, 5, 120, 48, 32, swish, 1),
            InvertedResidual(48, 5, 144, 48, 40, swish, 1),
            InvertedResidual(48, 5, 288, 96, 72, swish, 2),
            InvertedResidual(96, 5, 576, 96, 144, swish, 1),
            InvertedResidual(96, 5, 576, 96, 144, swish, 1),
            conv_norm_activation(96, 576, 1, activation=swish),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(576, 1024), nn.Hardswish(), nn.Dropout(), nn.Linear(1024, 1000)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))
