# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A parser of commands whose errors are short, and say what was meant."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from ..errors import did_you_mean


class CommandParser(argparse.ArgumentParser):
    """An `ArgumentParser` with errors of three lines.

    Argparse's own has a usage with all options, twenty lines of it, before the error.
    Ours has what is not optional, the error with the nearest names, and where to read
    on. `--help` is argparse's.
    """

    def format_usage(self) -> str:
        """Return the line that has no option."""
        operands = [
            action.metavar or action.dest
            for action in self._actions
            if not action.option_strings
        ]
        return " ".join(["usage:", self.prog, "[options]", *map(str, operands)]) + "\n"

    def error(self, message: str) -> NoReturn:
        """Print the error, and exit with status 2."""
        self.exit(
            2,
            f"{self.format_usage()}{self.prog}: error: {message}\n"
            f"'{self.prog} --help' says what there is\n",
        )

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse, and refuse here what is unknown: a subcommand knows its options."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            names = [name for action in self._actions for name in action.option_strings]
            self.error(
                f"unrecognized arguments: {' '.join(unknown)}"
                + did_you_mean(unknown[0].partition("=")[0], names)
            )
        return found, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is none of the choices."""
        if action.choices is not None and value not in action.choices:
            choices = list(map(str, action.choices))
            raise argparse.ArgumentError(
                action,
                f"expected one of {', '.join(choices)}, but got '{value}'"
                + did_you_mean(value, choices),
            )
