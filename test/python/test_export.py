# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the export from PyTorch, on small modules."""

import pytest
import torch
from pfmlir.compile import export
from torch import nn


class Small(nn.Module):
    """A convolution in a submodule, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x).mean((2, 3)))


@pytest.fixture
def small() -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
    torch.manual_seed(0)
    return Small().eval(), (torch.randn(1, 3, 8, 8),)


def test_operations_are_named_after_their_module(small):
    text = export.export_linalg(*small)
    assert 'loc("features.0"' in text
    assert 'loc("head"' in text
    assert "linalg.conv_2d_nchw_fchw" in text


def test_weights_are_left_out_unless_asked_for(small):
    assert '"0x' not in export.export_linalg(*small)
    whole = export.export_linalg(*small, with_weights=True)
    # 4 x 3 x 3 x 3 numbers of 4 bytes are as many pairs of hex digits.
    blobs = [line for line in whole.splitlines() if '"0x' in line]
    assert any(len(line) > 2 * 4 * 108 for line in blobs)


def test_the_function_has_the_name_asked_for(small):
    assert "func.func @net(" in export.export_linalg(*small, function_name="net")
