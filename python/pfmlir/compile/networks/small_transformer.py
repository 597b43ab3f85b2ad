# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A small transformer: BERT (arXiv 1810.04805) of the smallest published size.

Two blocks of width 128 (arXiv 1908.08962) over 128 tokens, and two classes.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

LENGTH, VOCABULARY, WIDTH, HEADS, DEPTH = 128, 30522, 128, 2, 2


class Attention(nn.Module):
    """Multi-head self-attention, with a product for each of its projections."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        def split(y: Tensor) -> Tensor:
            return y.reshape(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = (split(f(x)) for f in (self.query, self.key, self.value))
        scale = (WIDTH // HEADS) ** -0.5
        weights = (query * scale @ key.transpose(-2, -1)).softmax(-1)
        return self.output((weights @ value).transpose(1, 2).reshape(x.shape))


class Block(nn.Module):
    """Attention and two linear layers, each normalised after its input is added."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.fc1 = nn.Linear(WIDTH, 4 * WIDTH)
        self.fc2 = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x + self.attention(x))
        return self.norm2(x + self.fc2(functional.gelu(self.fc1(x))))


class SmallTransformer(nn.Module):
    """Words and their places, the blocks, and a classifier of the first token."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Parameter(torch.randn(LENGTH, WIDTH))
        self.norm = nn.LayerNorm(WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(DEPTH)))
        self.pooler = nn.Linear(WIDTH, WIDTH)
        self.classifier = nn.Linear(WIDTH, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.blocks(self.norm(self.words(tokens) + self.places))
        return self.classifier(self.pooler(x[:, 0]).tanh())
