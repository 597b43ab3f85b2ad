# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What timm asks of torchvision, which has no build for the CPU alone.

timm reads pictures and their augmentations with it. Its models only ask whether a
module is torchvision's `FrozenBatchNorm2d`, which none of them is.
"""

import enum
import importlib
import importlib.util
import sys
import types
from typing import Any

NAMES = (
    "torchvision",
    "torchvision.datasets",
    "torchvision.ops",
    "torchvision.ops.misc",
    "torchvision.transforms",
    "torchvision.transforms.functional",
)


class _Names(types.ModuleType):
    """A module in which every name is a class of nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {})
        setattr(self, name, made)
        return made


def import_timm() -> Any:
    """Return timm, also where torchvision is not installed."""
    if "timm" in sys.modules or importlib.util.find_spec("torchvision"):
        return importlib.import_module("timm")
    for name in NAMES:
        module = _Names(name)
        module.__path__ = []
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    ways = "NEAREST BILINEAR BICUBIC BOX HAMMING LANCZOS"
    functional: Any = sys.modules["torchvision.transforms.functional"]
    functional.InterpolationMode = enum.Enum("InterpolationMode", ways)
    try:
        return importlib.import_module("timm")
    finally:
        # Others ask whether it is there, and it is not.
        for name in NAMES:
            del sys.modules[name]
