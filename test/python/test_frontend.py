# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of what comes in from PyTorch, and how what can't is refused."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pfmlir
import pytest
import torch
from torch import Tensor, nn

from testing.models import quantised

fx = pytest.importorskip("torch_mlir.fx")

IMAGE = (torch.zeros(1, 3, 16, 16),)


class Apply(nn.Module):
    """A convolution, and then a function in a submodule."""

    def __init__(self, function: Callable[[Tensor], Any]) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.then = Function(function)

    def forward(self, x: Tensor) -> Any:
        return self.then(self.stem(x))


class Function(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[[Tensor], Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Any:
        return self.function(x)


def convolutions() -> nn.Module:
    """Return a small network with several kinds of weights."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, groups=8)
    ).eval()


def work(schedule: Any) -> list[int]:
    """Return the multiply-accumulates of layers."""
    return list(schedule.layers["multiply_accumulates"])


# ---------------------------------------------------------------------------
# Operations that are taken as they are
# ---------------------------------------------------------------------------


def put(x: Tensor) -> Tensor:
    """Write a row of a tensor, as caches are written."""
    return x.index_copy(2, torch.tensor([3]), x[:, :, :1] + 1)


def add(x: Tensor) -> Tensor:
    """Add at places that the values say."""
    return x.scatter_add(1, x.abs().long() % 8, x)


@pytest.mark.parametrize(
    "function, calls",
    [
        (lambda x: x.cumsum(1), {"aten.cumsum": 1}),
        (lambda x: x.sort(2)[0], {"aten.sort": 1}),
        (lambda x: x.topk(3)[1], {"aten.topk": 1}),
        (add, {"aten.scatter_add": 1}),
        (put, {"aten.index_put": 1}),
        (lambda x: x.cumsum(1).cumsum(2)[:, :4].cumsum(3), {"aten.cumsum": 3}),
        (torch.linalg.svd, {"aten._linalg_svd": 1}),
        (torch.fft.fft2, {"aten.fft_fft2": 1}),
        (lambda x: torch.fft.rfft2(x).abs(), {"aten.fft_rfft2": 1, "aten.abs": 1}),
    ],
)
def test_what_cant_be_lowered_is_called_and_listed(function, calls):
    found = pfmlir.schedule(Apply(function).eval(), IMAGE, fps=100, target="pf40")
    listed = {
        name: count
        for name, count in found.uncosted.items()
        if name.startswith("func.call")
    }
    assert listed == {f"func.call @torch.{name}": n for name, n in calls.items()}
    assert list(found.layers["name"]) == ["stem"]


def test_calls_have_a_function_for_each_type():
    model = Apply(lambda x: (x.cumsum(1), x.cumsum(2), x[:, :2].cumsum(1))).eval()
    text = str(pfmlir.import_model(model, IMAGE).operation)
    declared = re.findall(r"func.func private @(\S+)\(", text)
    assert declared == ["torch.aten.cumsum", "torch.aten.cumsum$1"]


def test_what_depends_on_shapes_alone_is_computed_now():
    def positions(x: Tensor) -> Tensor:
        return x + torch.ones(14, dtype=torch.long).cumsum(0)

    found = pfmlir.schedule(Apply(positions).eval(), IMAGE, fps=100)
    assert not any("call" in name for name in found.uncosted)


# ---------------------------------------------------------------------------
# What is refused, and where
# ---------------------------------------------------------------------------


class Choose(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x if x.sum() > 0 else -x  # here: choose


class Branch(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cond(x.sum() > 0, torch.exp, torch.sin, (x,))  # here: branch


class Find(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.nonzero()  # here: find


class Reshape(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(3, 5)  # here: reshape


@pytest.mark.parametrize(
    "kind, message",
    [
        (Choose, "depends on the values of a tensor"),
        (Branch, "data decides what it runs"),
        (Find, "'aten.nonzero.default' returns depends on data"),
        (Reshape, "shape '.3, 5.' is invalid"),
    ],
)
def test_errors_say_where_in_the_users_file(kind, message, capfd):
    comment = f"# here: {kind.__name__.lower()}"
    lines = Path(__file__).read_text().splitlines()
    line = next(i for i, text in enumerate(lines, 1) if text.endswith(comment))
    model = nn.Sequential(nn.Conv2d(3, 8, 3), kind()).eval()
    with pytest.raises(pfmlir.PfmlirError, match=message) as caught:
        pfmlir.schedule(model, IMAGE)
    assert f"{__file__}:{line} (submodule '1')" in str(caught.value)
    # A line or two, and no page of torch's.
    assert len(str(caught.value).splitlines()) <= 2
    assert capfd.readouterr().err == ""


def test_products_are_never_taken_as_they_are():
    class Experts(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch._grouped_mm(x, self.weight, torch.tensor([8, 16]).int())

    experts = Experts().eval()
    experts.weight = nn.Parameter(torch.zeros(2, 16, 16, dtype=torch.bfloat16))
    with pytest.raises(pfmlir.UnsupportedOperationError, match=__file__) as caught:
        pfmlir.schedule(experts, (torch.zeros(16, 16, dtype=torch.bfloat16),))
    assert "torch.aten._grouped_mm" in caught.value.operations


# ---------------------------------------------------------------------------
# Weights and inputs of all kinds
# ---------------------------------------------------------------------------


class Buffers(nn.Module):
    """A buffer that is not saved, and weights in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.scale: Tensor
        self.register_buffer("scale", torch.ones(8, 1, 1), persistent=False)
        self.token = nn.Parameter(torch.zeros(1, 8, 14, 1))
        self.stem = nn.Conv2d(3, 8, 3)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.token, self.stem(x) * self.scale, self.token], 3)


def test_buffers_that_are_not_saved_and_weights_in_lists():
    found = pfmlir.schedule(Buffers().eval(), IMAGE)
    assert list(found.layers["name"]) == ["stem"]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_narrow_floating_point_comes_with_its_weights(dtype):
    model = convolutions().to(dtype)
    text = str(
        pfmlir.import_model(model, (IMAGE[0].to(dtype),), with_weights=True).operation
    )
    weight = model[0].weight.detach().view(torch.uint8).numpy().tobytes()
    assert weight.hex().upper() in text


def test_inputs_have_names():
    class Named(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 8)

        def forward(
            self, x: Tensor, *, scale: Tensor, more: dict[str, Tensor]
        ) -> Tensor:
            return self.fc(x * scale + more["bias"])

    one = torch.zeros(1, 8)
    named = {"x": one, "scale": one, "more": {"bias": one}}
    found = pfmlir.schedule(Named().eval(), named)
    assert list(found.layers["name"]) == ["fc"]
    with pytest.raises(pfmlir.CompilationError, match=r"torch\.export failed"):
        pfmlir.schedule(Named().eval(), {"x": one})


def test_a_model_on_the_meta_device_is_the_same_network():
    with torch.device("meta"):
        model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3)).eval()
        inputs = (torch.zeros(1, 3, 16, 16),)
    assert model[0].weight.is_meta
    real = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3)).eval()
    found = pfmlir.schedule(model, inputs, fps=100)
    assert found == pfmlir.schedule(real, IMAGE, fps=100)
    assert model[0].weight.is_meta
    with pytest.raises(ValueError, match=r"meta device.*no weights"):
        pfmlir.import_model(model, inputs, with_weights=True)


def test_no_weight_is_read_that_is_not_kept(monkeypatch):
    model = convolutions()
    found = pfmlir.schedule(model, IMAGE, fps=100)

    def refuse(tensor: Tensor, *arguments: Any, **keywords: Any) -> Any:
        # A counter of batches is a constant like others.
        assert tensor.numel() == 1, "read"

    monkeypatch.setattr(Tensor, "tolist", refuse)
    monkeypatch.setattr(Tensor, "numpy", refuse)
    assert pfmlir.schedule(model, IMAGE, fps=100) == found
    with pytest.raises(pfmlir.CompilationError, match="read"):
        pfmlir.import_model(model, IMAGE, with_weights=True)


def test_quantised_modules_have_eight_bit_weights():
    found = pfmlir.schedule(*quantised.dynamic(), fps=100)
    assert work(found) == [4 * 64 * 128, 4 * 128 * 10]
    assert "ins(%" in found.ir and "tensor<4x64xi8>, tensor<64x128xi8>" in found.ir
    found = pfmlir.schedule(*quantised.eager(), fps=100)
    assert work(found) == [256 * 27 * 16, 64 * 144 * 32, 2048 * 10]
    assert "tensor<16x3x3x3xi8>" in found.ir


def test_quantised_modules_of_other_kinds_are_named():
    model = nn.Sequential(nn.Embedding(10, 8), nn.LSTM(8, 8)).eval()
    made = torch.ao.quantization.quantize_dynamic(model, {nn.LSTM}, torch.qint8)
    with pytest.raises(
        pfmlir.UnsupportedOperationError, match="submodule '1' is a quantised LSTM"
    ):
        pfmlir.schedule(made, (torch.zeros(4, 1).long(),))


def test_layers_of_steps_have_numbers():
    class Steps(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.Linear(8, 8)

        def forward(self, x: Tensor) -> Tensor:
            for _ in range(3):
                x = self.cell(x).tanh()
            return x

    found = pfmlir.schedule(Steps().eval(), (torch.zeros(1, 8),))
    assert list(found.layers["name"]) == ["cell", "cell[1]", "cell[2]"]


# ---------------------------------------------------------------------------
# Files and other dialects
# ---------------------------------------------------------------------------


def test_exported_programs_in_files(tmp_path):
    path = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(convolutions(), IMAGE), path)
    found = pfmlir.schedule(path, fps=100)
    assert found == pfmlir.schedule(convolutions(), IMAGE, fps=100)
    path.write_text("no program")
    with pytest.raises(pfmlir.CompilationError, match="not a program"):
        pfmlir.schedule(path)


@pytest.mark.parametrize("dialect", ["stablehlo", "tosa"])
def test_text_of_other_dialects(dialect, tmp_path):
    from pfmlir.compile.networks import SqueezeNet

    torch.manual_seed(0)
    model, image = SqueezeNet().eval(), (torch.zeros(1, 3, 64, 64),)
    lowered = fx.export_and_import(model, *image, output_type=dialect)
    text = lowered.operation.get_asm(large_resource_limit=0)
    assert f"{dialect}." in text
    found = pfmlir.schedule(text, fps=100)
    assert work(found) == work(pfmlir.schedule(model, image, fps=100))
    path = tmp_path / "net.mlir"
    path.write_text(text)
    assert pfmlir.schedule(path, fps=100) == found


def test_stablehlo_that_cant_be_lowered_is_named():
    text = """
    func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = stablehlo.custom_call @mine(%x) : (tensor<4x4xf32>) -> tensor<4x4xf32>
      return %0 : tensor<4x4xf32>
    }
    """
    name = r"stablehlo\.custom_call"
    with pytest.raises(pfmlir.UnsupportedOperationError, match=name):
        pfmlir.schedule(text)
