# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where in a user's model something is: its submodule, file and line."""

import os
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

import torch

_TORCH = os.path.dirname(torch.__file__)
# Whose lines are nobody's model; but models come in packages, too.
_PACKAGES = sysconfig.get_path("purelib")
_LIBRARIES = (sysconfig.get_path("stdlib"), os.path.dirname(os.path.dirname(__file__)))


def _is_library(filename: str) -> bool:
    if not os.path.isabs(filename) or filename.startswith(_TORCH):
        return True
    return filename.startswith(_LIBRARIES) and not filename.startswith(_PACKAGES)


@dataclass(frozen=True)
class Place:
    """Where something is; what is not known is empty."""

    module: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        file = f"{self.file}:{self.line}" if self.file else ""
        module = f"submodule '{self.module}'" if self.module else ""
        return f"{file} ({module})" if file and module else file or module or "-"


def module_name(node: Any) -> str:
    """Return where in the module hierarchy a node of an exported graph is from."""
    stack = node.meta.get("nn_module_stack")
    if not stack:
        return ""
    name, _kind = list(stack.values())[-1]
    return name or ""


def place_of_node(node: Any) -> Place:
    """Return where the user's code computes a node of an exported graph."""
    trace = node.meta.get("stack_trace") or ""
    for file, line in reversed(re.findall(r'File "([^"]+)", line (\d+)', trace)):
        if not _is_library(file):
            return Place(module_name(node), file, int(line))
    return Place(module_name(node))


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def place_of_error(error: BaseException, model: torch.nn.Module) -> Place:
    """Return where the user's code was when an error was raised in it."""
    names = {id(module): name for name, module in model.named_modules()}
    place = Place()
    module = ""
    for frame, line in _frames(error.__traceback__):
        module = names.get(id(frame.f_locals.get("self")), module)
        file = frame.f_code.co_filename
        if not _is_library(file):
            place = Place(module, file, line)
        elif place.file:
            # Of torch's own modules, which the user's code calls.
            place = Place(module, place.file, place.line)
    return place
