# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command writes."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

from ..files import write_atomically


def write(text: str, path: Path | None) -> None:
    """Write to a file, or to standard output."""
    if path is None:
        sys.stdout.write(text)
    else:
        write_atomically(path, text)


def format_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of the same names; rails are separated by spaces."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        rails = " ".join(repr(rail) for rail in row["rails_v"])
        writer.writerow(row | {"rails_v": rails})
    return stream.getvalue()
