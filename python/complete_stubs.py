# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Complete a type stub that nanobind made of MLIR's bindings, or of ours.

Usage: complete_stubs.py STUB OUTPUT. Adds what MLIR's Python adds to its bindings once
they are imported (`_mlir_libs/__init__.py`), and mends names that can't be found.
"""

import re
import sys
from pathlib import Path

IR = "pfmlir._mlir_libs._mlir.ir"
MENDED = (
    # The bindings are imported by themselves to make stubs, not as part of a package.
    (r"^from _mlir import", "from . import"),
    (r"(?<![\w.])(_mlir|pfmlir)\.ir\b", IR),
    (rf"^(import {re.escape(IR)}\n)\1", r"\1"),
    (r"\bFinal\[TypeID\]", f"Final[{IR}.TypeID]"),
)
# In `_mlir.ir`, once it is imported.
CONTEXT = (
    r"(^class Context:\n +def __init__\(self)(?=\) -> None:)",
    r"\1, load_on_create_dialects: Sequence[str] | None = None, "
    r"thread_pool: ThreadPool | None = None",
)
MLIR_ERROR = '''
class MLIRError(Exception):
    """An error, and the diagnostics that say why."""

    message: str

    error_diagnostics: list[DiagnosticInfo]

    def __init__(
        self, message: str, error_diagnostics: list[DiagnosticInfo]
    ) -> None: ...
'''


def complete(text: str, name: str) -> str:
    """Return a complete stub; stop if what is to be completed is not there."""
    for pattern, replacement in MENDED:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    if name != "ir.pyi":
        return text
    text, number = re.subn(*CONTEXT, text, flags=re.MULTILINE)
    if number != 1 or "class MLIRError" in text:
        raise SystemExit(
            "expected a stub with a Context without arguments, and without MLIRError; "
            "MLIR has changed"
        )
    return text + MLIR_ERROR


def main() -> None:
    """Complete one stub."""
    stub, output = (Path(argument) for argument in sys.argv[1:])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(complete(stub.read_text(), stub.name))


if __name__ == "__main__":
    main()
