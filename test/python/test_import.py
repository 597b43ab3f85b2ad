# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the way from PyTorch into the compiler."""

import pfmlir
import pytest
import torch
from torch import Tensor, nn

fx = pytest.importorskip("torch_mlir.fx")


class Attention(nn.Module):
    """A block of a transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(32)
        self.qkv = nn.Linear(32, 96)
        self.proj = nn.Linear(32, 32)
        self.mlp = nn.Sequential(nn.Linear(32, 64), nn.GELU(), nn.Linear(64, 32))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm(x)).chunk(3, -1)
        x = x + self.proj((q @ k.transpose(1, 2)).softmax(-1) @ v)
        return x + self.mlp(x)


class Apply(nn.Module):
    """A convolution, and then a function."""

    def __init__(self, function) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.stem(x))


IMAGE = (torch.zeros(1, 3, 16, 16),)


def convolutions() -> nn.Module:
    """Return a small network with all kinds of weights."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, groups=8)
    ).eval()


def test_layers_are_named_after_modules():
    found = pfmlir.schedule(
        Attention().eval(), (torch.zeros(1, 16, 32),), target="pf40"
    )
    names = list(found.layers["name"])
    assert [name for name in names if "matmul" not in name] == [
        "qkv",
        "proj",
        "mlp.0",
        "mlp.2",
    ]
    # The two products of the block itself, which has no name.
    assert len(names) == 6
    assert found.is_optimal
    # Softmax and normalisation are not free of charge, but not costed.
    assert any("math.exp" in kind for kind in found.uncosted)


def test_all_sources_give_one_schedule():
    model = convolutions()
    found = pfmlir.schedule(model, IMAGE, fps=100)
    assert list(found.layers["name"]) == ["0", "3"]
    exported = torch.export.export(model, IMAGE)
    assert pfmlir.schedule(exported, fps=100) == found
    lowered = fx.export_and_import(model, *IMAGE, output_type="linalg-on-tensors")
    by_module = pfmlir.schedule(lowered, fps=100)
    # That one has no names.
    assert by_module.energy_j == found.energy_j
    module = pfmlir.import_model(model, IMAGE)
    assert pfmlir.schedule(module, fps=100) == found


def test_the_function_has_the_name_asked_for():
    found = pfmlir.schedule(convolutions(), IMAGE, function="net", fps=100)
    assert found.function == "net"


def test_weights_come_back_bit_by_bit():
    model = convolutions()
    for parameter in model.parameters():
        # What decimal numbers would lose.
        parameter.data.view(-1)[0] = torch.finfo(torch.float32).tiny
        parameter.data.view(-1)[1] = -0.0
    plain = pfmlir.schedule(model, IMAGE, fps=100)
    whole = pfmlir.schedule(model, IMAGE, fps=100, with_weights=True)
    assert whole.energy_j == plain.energy_j
    assert len(plain.ir) < len(whole.ir)
    again = str(whole.module.operation)
    for name, value in model.state_dict().items():
        if "num_batches" in name:
            continue
        digits = value.detach().numpy().tobytes().hex().upper()
        assert digits in whole.ir and digits in again, name
        assert digits not in plain.ir


def test_dynamic_shapes_are_refused():
    size = {0: torch.export.Dim("batch", min=2, max=8)}
    exported = torch.export.export(
        nn.Conv2d(3, 4, 3).eval(), (torch.zeros(2, 3, 8, 8),), dynamic_shapes=(size,)
    )
    with pytest.raises(pfmlir.CompilationError, match="expects static shapes"):
        pfmlir.schedule(exported, fps=100)


def test_another_form_of_torch_mlirs_is_refused():
    lowered = fx.export_and_import(convolutions(), *IMAGE, output_type="torch")
    with pytest.raises(pfmlir.CompilationError, match="linalg-on-tensors"):
        pfmlir.schedule(lowered)


@pytest.mark.parametrize(
    "error, message, model, inputs",
    [
        (ValueError, "evaluation mode", Apply(torch.relu), IMAGE),
        (TypeError, "expected a tuple", Apply(torch.relu).eval(), None),
        (TypeError, "expected a tuple", Apply(torch.relu).eval(), IMAGE[0]),
        (
            pfmlir.CompilationError,
            "to have 3 channels",
            Apply(torch.relu).eval(),
            (torch.zeros(1, 4, 8, 8),),
        ),
        (TypeError, "expected a torch", torch.zeros(3), None),
    ],
)
def test_bad_models_and_inputs_are_named(error, message, model, inputs):
    with pytest.raises(error, match=message):
        pfmlir.schedule(model, inputs)


def test_an_exported_program_has_its_inputs():
    exported = torch.export.export(convolutions(), IMAGE)
    with pytest.raises(TypeError, match="has its own"):
        pfmlir.schedule(exported, IMAGE)
