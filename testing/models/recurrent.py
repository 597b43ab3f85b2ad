# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Recurrent networks, and others in plain PyTorch."""

import torch
from torch import Tensor, nn

from . import Built, Model


class Tagger(nn.Module):
    """Words to classes, by a recurrent layer in both directions."""

    def __init__(self, cell: type[nn.RNNBase], layers: int = 1) -> None:
        super().__init__()
        self.words = nn.Embedding(1000, 32)
        self.rnn = cell(32, 48, layers, batch_first=True, bidirectional=True)
        self.head = nn.Linear(96, 10)

    def forward(self, words: Tensor) -> Tensor:
        return self.head(self.rnn(self.words(words))[0])


class Steps(nn.Module):
    """A cell, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(16, 24)
        self.head = nn.Linear(24, 4)

    def forward(self, x: Tensor) -> Tensor:
        state = x.new_zeros(x.shape[0], 24)
        for step in range(x.shape[1]):
            state = self.cell(x[:, step], state)
        return self.head(state)


class DepthwiseTemporal(nn.Module):
    """A keyword spotter: one-dimensional convolutions, and a gated one."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv1d(40, 64, 5, 2)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(64, 64, 9, 1, 4 * d, d, groups=64),
                nn.Conv1d(64, 128, 1),
                nn.GLU(1),
            )
            for d in (1, 2, 4)
        )
        self.head = nn.Linear(64, 12)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = x + block(x)
        return self.head(x.mean(-1))


def _words() -> tuple[Tensor]:
    return (torch.randint(0, 1000, (1, 16)),)


def _lstm() -> Built:
    return Tagger(nn.LSTM, 2).eval(), _words()


def _gru() -> Built:
    return Tagger(nn.GRU).eval(), _words()


def _rnn() -> Built:
    return Tagger(nn.RNN).eval(), _words()


def _steps() -> Built:
    return Steps().eval(), (torch.randn(1, 6, 16),)


def _keywords() -> Built:
    return DepthwiseTemporal().eval(), (torch.randn(1, 40, 101),)


MODELS = [
    Model("lstm_tagger", "recurrent", _lstm),
    Model("gru_tagger", "recurrent", _gru),
    Model("rnn_tagger", "recurrent", _rnn),
    Model("gru_cell_steps", "recurrent", _steps),
    Model("keyword_spotter", "audio", _keywords),
]
