# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference networks in plain PyTorch, with random weights; a network a file.

The four networks that PowerFlow-DNN (arXiv 2603.23882) schedules, whole: with the
pooling, squeeze-excite blocks, attention and heads that the paper leaves out. Their
layers are called as the paper's are. And three small ones of other kinds.

Beside them lies what `tools/export_networks.py` makes of them: MLIR without weights,
which is what names mean where PyTorch isn't needed.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .keyword_spotter import ds_cnn
from .mobilenetv3_small import InvertedResidual, MobileNetV3Small
from .mobilevit_xxs import MobileViTXXS
from .parts import Classifier, conv_norm_activation, separable
from .person_detector import person_detection
from .resnet18 import ResNet18
from .small_transformer import LENGTH, VOCABULARY, SmallTransformer
from .squeezenet import SqueezeNet

__all__ = [
    "NETWORKS",
    "Classifier",
    "InvertedResidual",
    "MobileNetV3Small",
    "MobileViTXXS",
    "ResNet18",
    "SmallTransformer",
    "SqueezeNet",
    "build",
    "conv_norm_activation",
    "ds_cnn",
    "example",
    "person_detection",
    "separable",
]


def _image() -> Tensor:
    return torch.randn(1, 3, 224, 224)


def _grey_image() -> Tensor:
    return torch.randn(1, 1, 96, 96)


def _sound() -> Tensor:
    """Return ten coefficients of 49 frames."""
    return torch.randn(1, 1, 49, 10)


def _tokens() -> Tensor:
    return torch.randint(0, VOCABULARY, (1, LENGTH))


# How each is made, and what it is given.
NETWORKS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Tensor]]] = {
    "squeezenet": (SqueezeNet, _image),
    "resnet18": (ResNet18, _image),
    "mobilenetv3_small": (MobileNetV3Small, _image),
    "mobilevit_xxs": (MobileViTXXS, _image),
    "keyword_spotter": (ds_cnn, _sound),
    "person_detector": (person_detection, _grey_image),
    "small_transformer": (SmallTransformer, _tokens),
}


def build(name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Return a reference network, ready for inference, and an example input.

    Parameters
    ----------
    name
        A key of `NETWORKS`.

    Raises
    ------
    KeyError
        There is no such network.
    """
    network, make_input = NETWORKS[name]
    torch.manual_seed(0)
    return network().eval(), (make_input(),)


def example() -> tuple[nn.Module, tuple[Tensor, ...]]:
    """Return SqueezeNet from PyTorch, as `pfmlir.compile.networks:example` names it."""
    return build("squeezenet")
