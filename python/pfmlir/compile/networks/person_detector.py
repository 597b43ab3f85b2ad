# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A person detector: MobileNetV1 (arXiv 1704.04861), a quarter as wide."""

from torch import nn

from .parts import Classifier, conv_norm_activation, separable


def person_detection() -> nn.Module:
    """Return MobileNetV1, a quarter as wide, with two classes."""
    # Channels and stride of each block.
    blocks = (
        (16, 1),
        (32, 2),
        (32, 1),
        (64, 2),
        (64, 1),
        (128, 2),
        *(5 * [(128, 1)]),
        (256, 2),
        (256, 1),
    )
    channels = 8
    modules: list[nn.Module] = [
        conv_norm_activation(1, channels, 3, 2, activation=nn.ReLU)
    ]
    for width, stride in blocks:
        modules.append(separable(channels, width, stride))
        channels = width
    return Classifier(nn.Sequential(*modules), channels, 2)
