# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From ONNX files, with torch-mlir's importer."""

import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import onnx.version_converter
from onnx.external_data_helper import (
    load_external_data_for_tensor,
    uses_external_data,
)
from torch_mlir.extras.onnx_importer import ContextCache, ModelInfo, NodeImporter

from ...errors import CompilationError
from .lowering import collecting, lower, make_context, translate
from .torch_mlir_ir import PassManager, ir

# Weights; what is smaller may decide a shape, and is kept.
LEAST_ELEMENTS_OF_A_WEIGHT = 1024
# Of ONNX's operators; torch-mlir doesn't know some older forms.
LEAST_VERSION = 17
ONNX_TO_TORCH = "builtin.module(torch-onnx-to-torch-backend-pipeline)"


def _is_weight(tensor: Any) -> bool:
    return bool(math.prod(tensor.dims) >= LEAST_ELEMENTS_OF_A_WEIGHT)


class _DatalessCache(ContextCache):
    """Makes attributes of tensors, of weights without data."""

    def tensor_proto_to_attr(self, tp: Any) -> Any:
        if tp.HasField("raw_data") or not _is_weight(tp):
            return super().tensor_proto_to_attr(tp)
        kind = self.tensor_proto_to_builtin_type(tp)
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tp.data_type)
        # Never written to, and so no memory.
        zeros = np.zeros(math.prod(tp.dims) * dtype.itemsize, np.uint8)
        name = self._sanitize_name(tp.name)
        return ir.DenseResourceElementsAttr.get_from_buffer(zeros, name, kind)


def _load(path: str, with_weights: bool) -> Any:
    """Read a file, and of its weights' data only what is asked for."""
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError:
        raise
    except Exception as error:
        raise CompilationError(f"'{path}' is not valid ONNX: {error}") from None
    for node in model.graph.node:
        # Layers are called after nodes, which need not have a name.
        node.name = node.name or next(iter(node.output), "")
    folder = os.path.dirname(os.path.abspath(path))
    for tensor in model.graph.initializer:
        if _is_weight(tensor) and not with_weights:
            for field in ("raw_data", "float_data", "int32_data", "int64_data"):
                tensor.ClearField(field)
            tensor.ClearField("external_data")
            tensor.ClearField("data_location")
        elif uses_external_data(tensor):
            load_external_data_for_tensor(tensor, folder)
            tensor.ClearField("data_location")
        elif _is_weight(tensor) and not tensor.HasField("raw_data"):
            tensor.CopyFrom(
                onnx.numpy_helper.from_array(
                    onnx.numpy_helper.to_array(tensor), tensor.name
                )
            )
    return model


def _set_shapes(graph: Any, inputs: Mapping[str, Any] | None) -> None:
    """Give inputs the shapes of examples, and refuse what is still dynamic."""
    weights = {tensor.name for tensor in graph.initializer}
    known = {each.name: each for each in graph.input if each.name not in weights}
    for name, example in (inputs or {}).items():
        if name not in known:
            raise ValueError(
                f"inputs: expected names among {', '.join(known)}, but got {name!r}"
            )
        shape = known[name].type.tensor_type.shape
        if len(shape.dim) != len(example.shape):
            raise ValueError(
                f"inputs: expected {len(shape.dim)} dimensions of {name!r}, but got "
                f"{len(example.shape)}"
            )
        for dim, size in zip(shape.dim, example.shape, strict=True):
            dim.dim_value = int(size)
    for name, each in known.items():
        dims = each.type.tensor_type.shape.dim
        if not all(dim.HasField("dim_value") for dim in dims):
            found = ", ".join(
                str(dim.dim_value or dim.dim_param or "?") for dim in dims
            )
            raise CompilationError(
                f"input '{name}' expects static shapes, which costs depend on, but got "
                f"[{found}]; give an example, as by inputs={{'{name}': array}}"
            )


def _update(model: Any) -> Any:
    """Return a model in operations as torch-mlir knows them, where that can be."""
    versions = [each.version for each in model.opset_import if not each.domain]
    if not versions or versions[0] >= LEAST_VERSION:
        return model
    try:
        return onnx.version_converter.convert_version(model, LEAST_VERSION)
    except Exception:
        # Some operations have no newer form; torch-mlir may know the old one.
        return model


def _forget_shapes(graph: Any) -> None:
    """Drop what a file says of shapes inside, which are inferred of the inputs'."""
    del graph.value_info[:]
    for each in graph.output:
        each.type.tensor_type.ClearField("shape")


def import_onnx(
    path: str,
    inputs: Mapping[str, Any] | None,
    function_name: str,
    *,
    with_weights: bool,
) -> Any:
    """Return linalg on tensors, with nodes' names as locations."""
    model = _load(path, with_weights)
    _set_shapes(model.graph, inputs)
    if inputs:
        _forget_shapes(model.graph)
    model = onnx.shape_inference.infer_shapes(_update(model), data_prop=True)
    model.graph.name = function_name
    context = make_context()
    with collecting(context) as messages:
        try:
            info = ModelInfo(model)
            module = info.create_module(context=context)
            cache = _DatalessCache(context)
            importer = NodeImporter.define_function(
                info.main_graph, module.operation, context_cache=cache
            )
            importer.import_all()
            with context:
                PassManager.parse(ONNX_TO_TORCH).run(module.operation)
        except Exception as error:
            raise translate(error, messages) from error
    return lower(module)
