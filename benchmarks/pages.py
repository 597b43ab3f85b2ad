# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables that are printed, and put in place of those in pages."""

import argparse
from collections.abc import Collection, Iterable
from pathlib import Path


def parse_parts(
    parser: argparse.ArgumentParser,
    part: str,
    known: Collection[str],
    arguments: list[str] | None,
) -> argparse.Namespace:
    """Return options: `parts` of a table, all by default, and the page for it."""
    parser.add_argument("parts", nargs="*", metavar=part.upper(), help="all by default")
    parser.add_argument(
        "--publish",
        type=Path,
        metavar="PAGE",
        help="put the table in place of the one in this page",
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.parts if name not in known]
    if unknown:
        parser.error(
            f"unknown {part} {unknown[0]!r}: expected some of {', '.join(known)}"
        )
    options.parts = options.parts or list(known)
    return options


def show(lines: Iterable[str], page: Path | None) -> None:
    """Print a table line by line, and put it into a page.

    It takes the place of the table that begins as it does, up to the last of the page.
    """
    table = []
    for line in lines:
        print(line, flush=True)
        table.append(line)
    if page is not None:
        text = page.read_text()
        start, end = text.index(table[0].split(" | ")[0]), text.rindex("|\n") + 2
        page.write_text(text[:start] + "\n".join(table) + "\n" + text[end:])
