# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference networks in plain PyTorch, with random weights.

The four networks that PowerFlow-DNN (arXiv 2603.23882) schedules, whole: with
the pooling, squeeze-excite blocks, attention and heads that the paper leaves
out. Their layers are called as the paper's are.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

INPUT_SHAPE = (1, 3, 224, 224)

# ---------------------------------------------------------------------------
# SqueezeNet (arXiv 1602.07360), version 1.1 with two classes
# ---------------------------------------------------------------------------


class Fire(nn.Module):
    """A 1x1 convolution that narrows, then a 1x1 and a 3x3 side by side."""

    def __init__(self, channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1x1(x).relu(), self.expand3x3(x).relu()], 1)


class SqueezeNet(nn.Module):
    """SqueezeNet 1.1 with two output classes."""

    def __init__(self) -> None:
        super().__init__()

        def pool() -> nn.Module:
            return nn.MaxPool2d(3, 2, ceil_mode=True)

        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, 2),
            nn.ReLU(),
            pool(),
            Fire(64, 16, 64),
            Fire(128, 16, 64),
            pool(),
            Fire(128, 32, 128),
            Fire(256, 32, 128),
            pool(),
            Fire(256, 48, 192),
            Fire(384, 48, 192),
            Fire(384, 64, 256),
            Fire(512, 64, 256),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Conv2d(512, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x)).flatten(1)


# ---------------------------------------------------------------------------
# ResNet-18 (arXiv 1512.03385)
# ---------------------------------------------------------------------------


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a way around them."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, width, 1, stride, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y))
        around = x if self.downsample is None else self.downsample(x)
        return (y + around).relu()


class ResNet18(nn.Module):
    """ResNet-18 with 1000 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)

        def stage(channels: int, width: int, stride: int) -> nn.Module:
            return nn.Sequential(
                BasicBlock(channels, width, stride), BasicBlock(width, width, 1)
            )

        self.layer1 = stage(64, 64, 1)
        self.layer2 = stage(64, 128, 2)
        self.layer3 = stage(128, 256, 2)
        self.layer4 = stage(256, 512, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.bn1(self.conv1(x)).relu())
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


# ---------------------------------------------------------------------------
# MobileNetV3-Small (arXiv 1905.02244)
# ---------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------
# MobileViT-XXS (arXiv 2110.02178)
# ---------------------------------------------------------------------------


class ConvNormAct(nn.Module):
    """A convolution, batch normalisation, and SiLU unless told otherwise."""

    def __init__(
        self,
        channels: int,
        width: int,
        kernel: int,
        stride: int = 1,
        groups: int = 1,
        activate: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            channels, width, kernel, stride, kernel // 2, groups=groups, bias=False
        )
        self.bn = nn.BatchNorm2d(width)
        self.activate = activate

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(self.conv(x))
        return functional.silu(x) if self.activate else x


class Bottleneck(nn.Module):
    """An inverted residual of MobileNetV2's kind, twice as wide inside."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        inner = 2 * channels
        self.conv1_1x1 = ConvNormAct(channels, inner, 1)
        self.conv2_kxk = ConvNormAct(inner, inner, 3, stride, inner)
        self.conv3_1x1 = ConvNormAct(inner, width, 1, activate=False)
        self.adds_input = stride == 1 and channels == width

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv3_1x1(self.conv2_kxk(self.conv1_1x1(x)))
        return x + y if self.adds_input else y


class Attention(nn.Module):
    """Multi-head self-attention."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (query * self.scale @ key.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ value).transpose(1, 2).reshape(x.shape))


class MLP(nn.Module):
    """Two linear layers."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 2 * width)
        self.fc2 = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(functional.silu(self.fc1(x)))


class TransformerBlock(nn.Module):
    """Attention and an MLP, each normalised before and added to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads=4)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = MLP(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class MobileViTBlock(nn.Module):
    """Convolutions around transformers that see the image in 2 x 2 patches."""

    PATCH = 2

    def __init__(self, channels: int, width: int, depth: int) -> None:
        super().__init__()
        self.conv_kxk = ConvNormAct(channels, channels, 3)
        self.conv_1x1 = nn.Conv2d(channels, width, 1, bias=False)
        self.transformer = nn.Sequential(
            *(TransformerBlock(width) for _ in range(depth))
        )
        self.norm = nn.LayerNorm(width)
        self.conv_proj = ConvNormAct(width, channels, 1)
        self.conv_fusion = ConvNormAct(2 * channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv_1x1(self.conv_kxk(x))
        size = y.shape[-2:]
        patch = self.PATCH
        rows, columns = (-(-extent // patch) for extent in size)
        grown = (rows * patch, columns * patch)
        if grown != size:
            y = functional.interpolate(y, grown, mode="bilinear", align_corners=False)

        # One sequence for each position in a patch: all patches see each other.
        batch, width = y.shape[:2]
        y = y.reshape(batch, width, rows, patch, columns, patch)
        y = y.permute(0, 3, 5, 2, 4, 1)
        y = y.reshape(batch * patch * patch, rows * columns, width)
        y = self.norm(self.transformer(y))
        y = y.reshape(batch, patch, patch, rows, columns, width)
        y = y.permute(0, 5, 3, 1, 4, 2).reshape(batch, width, *grown)

        if grown != size:
            y = functional.interpolate(y, size, mode="bilinear", align_corners=False)
        return self.conv_fusion(torch.cat([x, self.conv_proj(y)], 1))


class Head(nn.Module):
    """Average over the image, and a linear classifier."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.fc = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x.mean((2, 3)))


class MobileViTXXS(nn.Module):
    """MobileViT-XXS with 1000 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNormAct(3, 16, 3, 2)

        def stage(*modules: nn.Module) -> nn.Module:
            return nn.Sequential(*modules)

        self.stages = nn.Sequential(
            stage(Bottleneck(16, 16, 1)),
            stage(Bottleneck(16, 24, 2), Bottleneck(24, 24, 1), Bottleneck(24, 24, 1)),
            stage(Bottleneck(24, 48, 2), MobileViTBlock(48, 64, 2)),
            stage(Bottleneck(48, 64, 2), MobileViTBlock(64, 80, 4)),
            stage(Bottleneck(64, 80, 2), MobileViTBlock(80, 96, 3)),
        )
        self.final_conv = ConvNormAct(80, 320, 1)
        self.head = Head(320, 1000)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.final_conv(self.stages(self.stem(x))))


# ---------------------------------------------------------------------------
# By name
# ---------------------------------------------------------------------------

NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "squeezenet": SqueezeNet,
    "resnet18": ResNet18,
    "mobilenetv3_small": MobileNetV3Small,
    "mobilevit_xxs": MobileViTXXS,
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
    network = NETWORKS[name]
    torch.manual_seed(0)
    return network().eval(), (torch.randn(INPUT_SHAPE),)
