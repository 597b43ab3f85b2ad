# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir targets: list built-in targets, or print one."""

import argparse

from ..compile import builtin_targets
from ..errors import did_you_mean
from .options import Subparsers, add_command, add_output
from .outputs import write


def _run(options: argparse.Namespace) -> None:
    targets = builtin_targets()
    if options.name is None:
        write("".join(f"{name}\n" for name in targets), options.output)
    elif options.name in targets:
        write(targets[options.name], options.output)
    else:
        raise ValueError(
            f"no built-in target '{options.name}'; there are {', '.join(targets)}"
            + did_you_mean(options.name, targets)
        )


def add_targets(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    command = add_command(
        subparsers, "targets", _run, "list built-in targets, or print one"
    )
    command.add_argument("name", nargs="?", help="the one to print, as MLIR")
    add_output(command)
