# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A keyword spotter: DS-CNN (arXiv 1711.07128), the small one."""

from torch import nn

from .parts import Classifier, separable


def ds_cnn() -> nn.Module:
    """Return the small DS-CNN that spots twelve keywords."""
    stem = nn.Sequential(
        nn.Conv2d(1, 64, (10, 4), 2, (5, 1), bias=False), nn.BatchNorm2d(64), nn.ReLU()
    )
    blocks = [separable(64, 64, 1) for _ in range(4)]
    return Classifier(nn.Sequential(stem, *blocks), 64, 12)
