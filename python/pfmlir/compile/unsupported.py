# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which operations an error of torch-mlir's is about."""

import re

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
