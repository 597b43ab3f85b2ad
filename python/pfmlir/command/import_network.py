# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir import: print a network as MLIR."""

import argparse

from ..compile import import_model
from .inputs import find_modules_here, read_input, show_steps
from .options import Subparsers, add_command, add_input, add_output
from .outputs import write


def _run(options: argparse.Namespace) -> None:
    find_modules_here()
    module = import_model(
        read_input(options.input),
        function=options.function,
        with_weights=options.with_weights,
        progress=show_steps,
    )
    text = module.operation.get_asm(enable_debug_info=True)
    write(f"{text}\n", options.output)


def add_import(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(subparsers, "import", _run, "print a network as MLIR")
    add_input(command)
    command.add_argument(
        "--with-weights", action="store_true", help="a PyTorch model's weights, too"
    )
    add_output(command)
