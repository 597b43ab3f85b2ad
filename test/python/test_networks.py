# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test the reference networks, and the export of modules as MLIR."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

torch = pytest.importorskip("torch")

from pfmlir.compile.networks import build  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.overrides import TorchFunctionMode  # noqa: E402

from testing.reference.shapes import load_networks  # noqa: E402


class Conv(NamedTuple):
    """The shape of a convolution; of its input, channels, height and width."""

    input: tuple[int, int, int]
    output_channels: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    groups: int = 1


class Matmul(NamedTuple):
    """The shape of a matrix product: m x k times k x n."""

    m: int
    k: int
    n: int


Shapes = dict[str, Conv | Matmul]

# What the paper's lists leave out. Of each squeeze-excite block: channels, and
# channels between its two convolutions.
SQUEEZE_EXCITE = {
    "features.1.block.1": (16, 8),
    "features.4.block.2": (96, 24),
    "features.5.block.2": (240, 64),
    "features.6.block.2": (240, 64),
    "features.7.block.2": (120, 32),
    "features.8.block.2": (144, 40),
    "features.9.block.2": (288, 72),
    "features.10.block.2": (576, 144),
    "features.11.block.2": (576, 144),
}


def point(channels: int, width: int) -> Conv:
    """Return the shape of a 1x1 convolution of one pixel."""
    return Conv((channels, 1, 1), width, (1, 1), (1, 1), (0, 0))


EXTRA: dict[str, Shapes] = {
    "squeezenet": {},
    "resnet18": {"fc": Matmul(1, 512, 1000)},
    "mobilenetv3_small": {
        **{
            f"{name}.{layer}": shape
            for name, (channels, squeezed) in SQUEEZE_EXCITE.items()
            for layer, shape in (
                ("fc1", point(channels, squeezed)),
                ("fc2", point(squeezed, channels)),
            )
        },
        "classifier.0": Matmul(1, 576, 1024),
        "classifier.3": Matmul(1, 1024, 1000),
    },
    "mobilevit_xxs": {"head.fc": Matmul(1, 320, 1000)},
}


def published(network: str) -> Shapes:
    """Return the layers of the paper's list, in its order."""
    shapes: Shapes = {}
    for layer in load_networks()[network]["layers"]:
        if layer["kind"] == "matmul":
            shapes[layer["name"]] = Matmul(layer["m"], layer["k"], layer["n"])
            continue
        groups = layer.get("repeats", 1)
        shapes[layer["name"]] = Conv(
            (
                layer["input_channels"] * groups,
                layer["input_height"],
                layer["input_width"],
            ),
            layer["output_channels"] * groups,
            (layer["kernel"],) * 2,
            (layer["stride"],) * 2,
            (layer["padding"],) * 2,
            groups,
        )
    return shapes


class Recorder(TorchFunctionMode):
    """Records the layers that run, by name, in their order."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.shapes: Shapes = {}
        self.running: list[str] = []
        for name, submodule in module.named_modules():

            def enter(_module: nn.Module, _inputs: Any, name: str = name) -> None:
                self.running.append(name)

            def leave(module: nn.Module, inputs: Any, _output: Any) -> None:
                name = self.running.pop()
                if isinstance(module, nn.Conv2d | nn.Linear):
                    self.add(name, layer_shape(module, inputs[0]))

            submodule.register_forward_pre_hook(enter)
            submodule.register_forward_hook(leave)

    def add(self, name: str, shape: Conv | Matmul) -> None:
        """Record a layer, which may run only once."""
        assert name not in self.shapes
        self.shapes[name] = shape

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Record the products of two activations."""
        if function in (Tensor.matmul, Tensor.__matmul__, torch.matmul):
            # Batch x heads x rows x columns: attention's query by key, then
            # weights by value. The paper sees one product over all heads.
            (batch, heads, m, k), (*_, n) = (x.shape for x in args)
            assert heads == 4
            name = f"{self.running[-1]}.matmul_qk"
            if name not in self.shapes:
                self.add(name, Matmul(batch * m, heads * k, n))
            else:
                name = f"{self.running[-1]}.matmul_av"
                self.add(name, Matmul(batch * m, k, heads * n))
        return function(*args, **(kwargs or {}))


def layer_shape(module: nn.Conv2d | nn.Linear, x: Tensor) -> Conv | Matmul:
    """Return the shape of a layer that is given an input."""
    if isinstance(module, nn.Linear):
        return Matmul(
            x.numel() // module.in_features, module.in_features, module.out_features
        )
    assert x.shape[0] == 1
    assert module.dilation == (1, 1)
    return Conv(
        tuple(x.shape[1:]),
        module.out_channels,
        module.kernel_size,
        module.stride,
        module.padding,
        module.groups,
    )


@pytest.mark.parametrize("name", load_networks())
def test_layers_are_the_papers(name: str) -> None:
    module, example_inputs = build(name)
    with torch.no_grad(), Recorder(module) as recorder:
        output = module(*example_inputs)
    assert output.shape == (1, 2 if name == "squeezenet" else 1000)
    layers = published(name)
    assert recorder.shapes == layers | EXTRA[name]
    assert [layer for layer in recorder.shapes if layer in layers] == list(layers)


def test_weights_are_the_same_each_time() -> None:
    first, _ = build("squeezenet")
    torch.manual_seed(1)
    second, _ = build("squeezenet")
    for name, weights in first.state_dict().items():
        assert torch.equal(weights, second.state_dict()[name])


# ---------------------------------------------------------------------------
# Export
# ---------------------------------------------------------------------------


class Product(nn.Module):
    """Multiplies two activations, outside any layer."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(4, 4)
        self.key = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.query(x) @ self.key(x).transpose(1, 2)


class Tiny(nn.Module):
    """One layer of each kind."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1, bias=False),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Conv2d(4, 4, 3, groups=4),
        )
        self.attention = nn.Sequential(Product())

    def forward(self, x: Tensor) -> Tensor:
        x = self.stages(x).flatten(2).transpose(1, 2)
        return self.attention(x) @ x


def export_tiny(**options: Any) -> str:
    """Return the tiny module's export."""
    pytest.importorskip("torch_mlir")
    from pfmlir.compile.export import export_linalg

    torch.manual_seed(0)
    return export_linalg(Tiny().eval(), (torch.randn(2, 3, 6, 6),), **options)


def operation_names(text: str, operation: str) -> list[str | None]:
    """Return the names of the locations of operations of a kind."""
    alias = re.compile(r'^#(loc\d*) = loc\("([^"]+)"\(', re.MULTILINE)
    names = dict(alias.findall(text))
    uses = re.findall(rf"= linalg\.{operation} .* loc\(#(loc\d*)\)$", text, re.M)
    return [names.get(use) for use in uses]


def test_export_names_layers() -> None:
    text = export_tiny()
    assert operation_names(text, "conv_2d_nchw_fchw") == ["stages.0"]
    assert operation_names(text, "depthwise_conv_2d_nchw_chw") == ["stages.3"]
    # Linear layers; a product of a submodule; one of the module itself, which
    # has no name.
    products = operation_names(text, r"(?:batch_)?matmul")
    assert sorted(products[:2]) == ["attention.0.key", "attention.0.query"]
    assert products[2:] == ["attention.0", None]
    for name in ("stages.1", "stages.2"):
        assert f'loc("{name}"(' in text


def test_export_leaves_out_weights() -> None:
    text = export_tiny()
    assert "dense_resource<" in text
    assert "dialect_resources" not in text
    assert '"0x' not in text


def test_export_with_weights() -> None:
    text = export_tiny(with_weights=True)
    # Those of the first convolution, after four bytes of alignment.
    weights = re.findall(r'torch_tensor_4_3_3_3_torch\.float32: "0x([0-9A-F]+)"', text)
    assert [len(digits) // 2 for digits in weights] == [4 + 4 * (4 * 3 * 3 * 3)]


def test_export_is_the_same_each_time() -> None:
    assert export_tiny() == export_tiny()


@pytest.mark.parametrize("with_weights", [False, True])
def test_export_parses(with_weights: bool) -> None:
    mlir_opt = shutil.which("mlir-opt") or shutil.which("mlir-opt-22")
    if mlir_opt is None:
        pytest.skip("there is no mlir-opt")
    text = export_tiny(with_weights=with_weights)
    subprocess.run([mlir_opt, "-o", "/dev/null"], input=text, text=True, check=True)


# ---------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------


def test_writes_whole_files_or_none(tmp_path: Path) -> None:
    from pfmlir.files import write_atomically

    path = tmp_path / "file.mlir"
    write_atomically(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old\n"
    assert list(path.parent.iterdir()) == [path]
