# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command reads."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..answers import Answer, Schedule
from ..compile import import_model
from ..compile.network_files import MLIR_SUFFIXES
from ..compile.sources import Network, resolve


def load_network(options: argparse.Namespace) -> Network:
    """Return the command's input, as all functions of the package take it."""
    find_modules_here()
    return resolve(options.input, function=options.function, progress=show_steps)


def show_steps(steps: Sequence[Any]) -> Iterable[Any]:
    """Show how far an import is, on a terminal alone."""
    from tqdm import tqdm

    return tqdm(steps, "import", leave=False, disable=None)


def find_modules_here() -> None:
    """Let MODULE:FUNCTION be found where `python -m` would find it."""
    if "" not in sys.path:
        sys.path.insert(0, "")


def load_answer(path: str) -> Answer:
    """Return what was saved, or the schedule of scheduled MLIR."""
    if path.endswith(MLIR_SUFFIXES):
        return Schedule.from_module(import_model(Path(path)))
    return Answer.load(path)
