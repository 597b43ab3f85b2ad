# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that all that says a version says the one of pyproject.toml.

Usage: check_version.py SOURCE PACKAGE_VERSION_FILE COMMAND...: each command says its
version when it is called with --version.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path


def ask_version(command: str) -> str:
    """Return what a command says its version is."""
    result = subprocess.run(
        [*command.split(), "--version"], check=True, capture_output=True, text=True
    )
    return result.stdout.strip()


def main() -> None:
    """Check the tools, CMake's package, and the change log."""
    source, package, *commands = sys.argv[1:]
    with (Path(source) / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    expected = f"pfmlir {version}, LLVM {ask_version('llvm-config')}"
    for command in commands:
        printed = ask_version(command)
        if printed != expected:
            raise SystemExit(f"{command} says {printed!r}, expected is {expected!r}")
    if f'set(PACKAGE_VERSION "{version}")' not in Path(package).read_text():
        raise SystemExit(f"{package} is not of version {version}")
    changes = (Path(source) / "CHANGELOG.md").read_text()
    sections = re.findall(r"^## \[(.+?)\]", changes, re.M)
    if sections[:1] != ["Unreleased"] or version not in sections:
        raise SystemExit(f"CHANGELOG.md lacks a section of {version}: has {sections}")
    print(f"{len(commands)} commands say {version}")


if __name__ == "__main__":
    main()
