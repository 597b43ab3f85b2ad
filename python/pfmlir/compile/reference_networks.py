# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference networks by name: as MLIR, which is in the package, or from PyTorch."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

from .. import ir
from ..modules import parse_text
from .export import ImportSettings, require_torch
from .network_files import export_module

# Those of `networks`, which imports torch.
REFERENCE_NETWORKS = (
    "squeezenet",
    "resnet18",
    "mobilenetv3_small",
    "mobilevit_xxs",
    "keyword_spotter",
    "person_detector",
    "small_transformer",
)

# A file's name, line and column.
_PLACE = re.compile(r'loc\("[^"]*":\d+:\d+\)')


def file_of(name: str, folder: Path = Path(__file__).parent / "networks") -> Path:
    """Return the file of a reference network, without weights."""
    return folder / f"{name}.mlir.gz"


def export_reference(name: str, settings: ImportSettings) -> ir.Module:
    """Return a reference network from PyTorch, which has to be installed."""
    require_torch()
    from .networks import build

    model, inputs = build(name)
    return export_module(model, inputs, replace(settings, function=name))


def print_reference(name: str) -> str:
    """Return what is to be in a reference network's file, from PyTorch.

    Layers have their names. Lines of Python's files are left out: they are of the
    machine and of the versions that it was exported with.
    """
    context = ir.Context()
    module = export_reference(name, ImportSettings(context))
    text = str(module.operation.get_asm(enable_debug_info=True))
    placeless = parse_text(_PLACE.sub("loc(unknown)", text), context, "the network")
    return f"{placeless.operation.get_asm(enable_debug_info=True)}\n"


def write_reference(name: str, folder: Path) -> None:
    """Write a reference network's file, from PyTorch; same network, same bytes."""
    data = gzip.compress(print_reference(name).encode(), mtime=0)
    file_of(name, folder).write_bytes(data)


def read_reference(name: str) -> str:
    """Return a reference network as MLIR without weights."""
    return gzip.decompress(file_of(name).read_bytes()).decode()


def load_reference(name: str, settings: ImportSettings) -> ir.Module:
    """Return a reference network; its function is called as it is, or as asked for."""
    if settings.with_weights:
        module = export_reference(name, settings)
    else:
        text = read_reference(name)
        module = parse_text(text, settings.context, f"the network {name}")
    if settings.function is not None:
        for operation in module.body.operations:
            if operation.operation.name == "func.func":
                called = ir.StringAttr.get(settings.function, settings.context)
                operation.attributes["sym_name"] = called
    return module
