# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pfmlir completion: print what completes the command in a shell."""

import argparse
from collections.abc import Callable

from ..errors import MissingDependencyError
from .options import Subparsers, add_command, add_output
from .outputs import write

SHELLS = ("bash", "zsh")


def add_completion(
    subparsers: Subparsers, make_parser: Callable[[], argparse.ArgumentParser]
) -> None:
    """Add the subcommand; it completes what `make_parser` makes."""

    def run(options: argparse.Namespace) -> None:
        try:
            import shtab
        except ImportError:
            raise MissingDependencyError(
                "completion needs shtab, which is not installed; install the extra "
                "'completion', as in pip install 'pfmlir[completion]'"
            ) from None
        script: str = shtab.complete(make_parser(), options.shell)
        write(f"{script.rstrip()}\n", options.output)

    command = add_command(
        subparsers, "completion", run, "print what completes this command in a shell"
    )
    command.add_argument("shell", choices=SHELLS, help="%(choices)s")
    add_output(command)
