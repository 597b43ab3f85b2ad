# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fail if lit left out a test that it was asked for, and say what would help.

Usage: python -m testing.skipped REPORT, what lit wrote with --xunit-xml-output.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

# What lit says of tests that its options exclude.
NOT_ASKED_FOR = "Test not selected"
CURE = """cure:  run tools/setup.sh torch onnx plot explore docs test models,
       which installs them all; bindings need a build with PFMLIR_ENABLE_PYTHON=ON"""


def left_out(report: str) -> list[str]:
    """Return which tests of a report did not run, and why."""
    found = []
    for case in ElementTree.fromstring(report).iter("testcase"):
        skipped = case.find("skipped")
        reason = "" if skipped is None else skipped.get("message", "")
        if skipped is not None and not reason.startswith(NOT_ASKED_FOR):
            name = f"{case.get('classname', '')}/{case.get('name')}"
            found.append(f"{name.replace('.', ' :: ', 1)}: {reason}")
    return found


def main() -> int:
    """Print what was left out."""
    tests = left_out(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not tests:
        return 0
    print("error: not all tests ran:", *tests, sep="\n  ", file=sys.stderr)
    print(CURE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
