# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run a type checker on what is ours of the built package, and on the examples.

Usage: check_types.py CHECKER SOURCE PACKAGE, CHECKER being mypy or basedpyright,
SOURCE the top of the repository, and PACKAGE the folder of the built package. What is
of MLIR's Python, or generated from its definitions, is not ours; the stubs of our
bindings, and the table of options, are.
"""

import os
import subprocess
import sys
from pathlib import Path

GENERATED = (
    "_options.py",
    "_mlir_libs/_pfmlirPower.pyi",
    "_mlir_libs/_pfmlirScheduler.pyi",
)


def files(source: Path, package: Path) -> list[str]:
    """Return what is to be checked."""
    ours = source / "python" / "pfmlir"
    found = [package / path.relative_to(ours) for path in sorted(ours.rglob("*.py"))]
    found += [package / name for name in GENERATED]
    return [*map(str, found), *map(str, sorted((source / "examples").glob("*.py")))]


def main() -> None:
    """Run one checker, and end as it does."""
    checker = sys.argv[1]
    source, package = (Path(argument).resolve() for argument in sys.argv[2:])
    settings = str(source / "pyproject.toml")
    options = {
        "mypy": [
            "--config-file",
            settings,
            "--explicit-package-bases",
            "--cache-dir",
            os.devnull,
        ],
        "basedpyright": [
            "--project",
            settings,
            "--level",
            "error",
            "--pythonpath",
            sys.executable,
        ],
    }[checker]
    environment = os.environ | {"MYPYPATH": str(package.parent)}
    command = [sys.executable, "-m", checker, *options, *files(source, package)]
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
