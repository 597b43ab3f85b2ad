# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that the generated reference pages leave nothing undescribed.

Usage: check_docs.py DIALECT_PAGE PASSES_PAGE.
"""

import re
import sys
from pathlib import Path


def sections(page: str, heading: str) -> dict[str, str]:
    """Return the text below each heading of the third level in one chapter."""
    chapter = page.split(f"## {heading}\n", 1)[1]
    chapter = re.split(r"^## ", chapter, maxsplit=1, flags=re.MULTILINE)[0]
    parts = re.split(r"^### (.*)$", chapter, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def main() -> None:
    """Check both pages."""
    dialect, passes = (Path(name).read_text() for name in sys.argv[1:3])
    operations = sections(dialect, "Operations")
    attributes = sections(dialect, "Attributes")
    for name, text in {**operations, **attributes}.items():
        if "```mlir" not in text:
            raise SystemExit(f"{name} has no example")
        if not re.search(r"^_.+_$", text, re.MULTILINE):
            raise SystemExit(f"{name} has no summary")
    found = re.findall(r"^### `-(power-[\w-]+)`\n\n_(.+)_$", passes, re.MULTILINE)
    print(
        f"{len(operations)} operations, {len(attributes)} attributes, "
        f"{len(found)} passes: all with a summary"
    )


if __name__ == "__main__":
    main()
