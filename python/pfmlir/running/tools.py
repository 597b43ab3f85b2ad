# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of others that programs are built and run with."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import MissingDependencyError, PfmlirError


@dataclass(frozen=True)
class Tool:
    """A program, by the names that it goes by; the first that is found is taken.

    Attributes
    ----------
    what : str
        What it is, for an error.
    package : str
        Debian's package that has it.
    names : tuple of str
        What it may be called.
    """

    what: str
    package: str
    names: tuple[str, ...]

    def find(self) -> str:
        """Return its path.

        Raises
        ------
        MissingDependencyError
            It is not installed; the message says what to install.
        """
        for name in self.names:
            path = shutil.which(name)
            if path:
                return path
        raise MissingDependencyError(
            f"running needs {self.what}, but there is no {' or '.join(self.names)} in "
            f"PATH; Debian's package {self.package} has it"
        )


CLANG = Tool("clang 22", "clang-22", ("clang-22", "clang"))
LINKER = Tool("LLVM's linker", "lld-22", ("ld.lld-22", "ld.lld"))
TRANSLATE = Tool(
    "MLIR's translation to LLVM IR",
    "mlir-22-tools",
    ("mlir-translate-22", "mlir-translate", "pf-translate"),
)


VERILATOR = Tool("Verilator", "verilator", ("verilator",))
# What Verilator's programs are built with.
MAKE = Tool("make", "make", ("make",))
CXX = Tool("a C++ compiler", "g++", ("g++",))


def run_tool(arguments: Sequence[str | Path], folder: Path, what: str) -> str:
    """Run a program in a folder, and return what it prints.

    Raises
    ------
    PfmlirError
        It failed; the message begins with `what` and has what it said.
    """
    done = subprocess.run(
        [str(each) for each in arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise PfmlirError(f"{what} failed, with status {done.returncode}: {said}")
    return done.stdout
