# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MobileViT-XXS (arXiv 2110.02178)."""

import torch
from torch import Tensor, nn
from torch.nn import functional


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
