# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Read what torch-mlir printed, and understand what it said of what it can't print."""

import re

from .. import ir
from ..errors import CompilationError, UnsupportedOperationError
from ..modules import parse_text

# What torch-mlir says of an operation that it can't lower, with its name.
UNSUPPORTED = (
    re.compile(r"failed to legalize operation '(torch\.(?!operator')[\w.]+)'"),
    re.compile(r'"torch\.operator".*?name = "([\w.]+)"'),
    re.compile(r"Dialect `\w+' not found for custom op '([\w.]+)'"),
)


def unsupported_operations(text: str) -> tuple[str, ...]:
    """Return the operations that a message says can't be lowered."""
    found = [name for pattern in UNSUPPORTED for name in pattern.findall(text)]
    # Constants are left over where their users can't be lowered.
    users = [name for name in found if not name.startswith("torch.constant.")]
    return tuple(dict.fromkeys(users or found))


def parse_torch(text: str, context: ir.Context) -> ir.Module:
    """Parse torch-mlir's output, which can have dialects that are not here."""
    try:
        return parse_text(text, context, "torch-mlir's output")
    except CompilationError as error:
        names = unsupported_operations(str(error))
        if '!"torch"<' in str(error) or "'torch." in str(error):
            raise CompilationError(
                "expected linalg on tensors, but got torch-mlir's torch dialect; its "
                'output_type="linalg-on-tensors" lowers it'
            ) from None
        if not names:
            raise
        raise UnsupportedOperationError(
            "expected linalg on tensors, but torch-mlir's module has: "
            + ", ".join(names),
            names,
        ) from None
