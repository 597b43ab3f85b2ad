# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of networks in ONNX files."""

from pathlib import Path
from typing import Any

import numpy
import onnx
import pfmlir
import pytest
from onnx import TensorProto, helper, numpy_helper

# Architectures without weights, which onnx brings for its own tests.
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


@pytest.mark.parametrize(
    "name, layers, work",
    [
        # As in PyTorch: 1000 classes, version 1.0, and the published count.
        ("squeezenet", 26, 349_151_936),
        ("shufflenet", 50, 124_664_528),
        ("resnet50", 54, 4_089_184_256),
    ],
)
def test_networks_that_others_wrote(name, layers, work):
    found = pfmlir.schedule(LIGHT / f"light_{name}.onnx")
    assert len(found.layers) == layers
    assert int(found.layers["multiply_accumulates"].sum()) == work
    assert found.is_optimal


def write(path: Path, batch: Any = 1, *, external: bool = False) -> dict[str, Any]:
    """Write a convolution and a linear layer, and return their weights."""
    generator = numpy.random.default_rng(0)
    weights = {
        "w": generator.random((16, 3, 5, 5), numpy.float32),
        "v": generator.random((16 * 144, 10), numpy.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], "stem/conv"),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Reshape", ["b", "shape"], ["c"]),
        helper.make_node("Gemm", ["c", "v"], ["y"], "head"),
    ]
    shape = numpy.array([0, -1], numpy.int64)
    graph = helper.make_graph(
        nodes,
        "anything",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, 3, 16, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, 10])],
        [
            *(numpy_helper.from_array(each, name) for name, each in weights.items()),
            numpy_helper.from_array(shape, "shape"),
        ],
    )
    opset = helper.make_opsetid("", 19)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    if external:
        onnx.save(
            model, path, save_as_external_data=True, location="data", size_threshold=64
        )
    else:
        onnx.save(model, path)
    return weights


def test_layers_are_named_after_nodes(tmp_path):
    path = tmp_path / "net.onnx"
    write(path)
    found = pfmlir.schedule(str(path), function="net")
    assert list(found.layers["name"]) == ["stem/conv", "head"]
    assert list(found.layers["multiply_accumulates"]) == [144 * 16 * 75, 23040]
    assert found.function == "net"


def test_weights_stay_in_their_file_unless_asked_for(tmp_path):
    path = tmp_path / "net.onnx"
    weights = write(path, external=True)
    whole = str(pfmlir.import_model(path, with_weights=True).operation)
    for each in weights.values():
        assert each.tobytes().hex().upper() in whole
    found = pfmlir.schedule(path, fps=100)
    (tmp_path / "data").unlink()
    assert pfmlir.schedule(path, fps=100) == found


def test_dynamic_inputs_take_the_shapes_of_examples(tmp_path):
    path = tmp_path / "net.onnx"
    write(path, "batch")
    with pytest.raises(
        pfmlir.CompilationError, match=r"'x' expects static.*\[batch, 3, 16, 16\]"
    ):
        pfmlir.schedule(path)
    found = pfmlir.schedule(path, {"x": numpy.zeros((2, 3, 16, 16))})
    assert list(found.layers["multiply_accumulates"]) == [2 * 144 * 16 * 75, 2 * 23040]


@pytest.mark.parametrize(
    "error, message, inputs",
    [
        (ValueError, "names among x, but got 'y'", {"y": numpy.zeros(3)}),
        (ValueError, "expected 4 dimensions of 'x', but got 1", {"x": numpy.zeros(3)}),
        (TypeError, "expected a mapping", (numpy.zeros(3),)),
    ],
)
def test_bad_examples_are_named(error, message, inputs, tmp_path):
    path = tmp_path / "net.onnx"
    write(path)
    with pytest.raises(error, match=message):
        pfmlir.schedule(path, inputs)


def test_what_is_no_onnx_is_refused(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_text("no network")
    with pytest.raises(pfmlir.CompilationError, match="is not valid ONNX"):
        pfmlir.schedule(path)


def test_operations_that_cant_be_lowered_are_named(tmp_path):
    path = tmp_path / "net.onnx"
    write(path)
    model = onnx.load(path)
    model.graph.node[1].op_type = "Mine"
    model.graph.node[1].domain = "of.mine"
    model.opset_import.append(helper.make_opsetid("of.mine", 1))
    value = helper.make_tensor_value_info("b", TensorProto.FLOAT, [1, 16, 12, 12])
    model.graph.value_info.append(value)
    onnx.save(model, path)
    with pytest.raises(pfmlir.UnsupportedOperationError, match="Mine"):
        pfmlir.schedule(path)
