# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command reads."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..answers import Answer, Schedule, SystemSchedule
from ..compile import import_model
from ..compile.network_files import MLIR_SUFFIXES
from ..compile.sources import Network, resolve
from ..dialects import power
from ..files import MOST_BYTES


def read_input(name: str) -> str:
    """Return a network's name, or for "-" its text, from standard input."""
    if name != "-":
        return name
    # A line more, so that it is text in any case, and no name.
    return _read_standard_input().decode(errors="replace") + "\n"


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        print("(reading from the terminal; Ctrl-D ends the input)", file=sys.stderr)
    return sys.stdin.buffer.read(MOST_BYTES + 1)


def load_network(options: argparse.Namespace) -> Network:
    """Return the command's input, as all functions of the package take it."""
    find_modules_here()
    source = read_input(options.input)
    return resolve(source, function=options.function, progress=show_steps)


def load_networks(
    options: argparse.Namespace,
) -> tuple[list[str], list[str], list[float]]:
    """Return what networks are called by, the networks, and their rates."""
    find_modules_here()
    names = [name for name, _ in options.networks]
    rates = [rate for _, rate in options.networks]
    return names, [read_input(name) for name in names], rates


def show_steps(steps: Sequence[Any]) -> Iterable[Any]:
    """Show how far an import is, on a terminal alone."""
    from tqdm import tqdm

    return tqdm(steps, "import", leave=False, disable=None)


def find_modules_here() -> None:
    """Let MODULE:FUNCTION be found where `python -m` would find it."""
    if "" not in sys.path:
        sys.path.insert(0, "")


def _read_schedule(source: str | Path) -> Answer:
    """Return the schedule of scheduled MLIR, or those of a system."""
    module = import_model(source)
    is_system = any(isinstance(op, power.SystemOp) for op in module.body.operations)
    return (SystemSchedule if is_system else Schedule).from_module(module)


def load_answer(path: str) -> Answer:
    """Return what was saved, or the schedule of scheduled MLIR."""
    if path == "-":
        data = _read_standard_input()
        if data.lstrip().startswith(b"{"):
            return Answer.loads(data)
        return _read_schedule(data.decode(errors="replace") + "\n")
    if path.endswith(MLIR_SUFFIXES):
        return _read_schedule(Path(path))
    return Answer.load(path)
