# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command writes."""

import argparse
import codecs
import io
import sys
from pathlib import Path
from typing import TextIO

from ..answers import Answer
from ..files import write_atomically
from .formats import format_answer

# How terminals without them show the letters that we use.
PLAIN = {"µ": "u", "→": "->", "−": "-", "–": "-"}  # noqa: RUF001


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Return letters instead of those that an encoding doesn't have, and where from."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter, "?") for letter in text), error.end


def spell_with_what_there_is(*streams: TextIO) -> None:
    """Let streams of few letters, such as ASCII terminals, take text with others."""
    codecs.register_error("pfmlir.plain", _spell)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="pfmlir.plain")


def write(text: str, path: Path | None) -> None:
    """Write to a file, or to standard output."""
    if path is None:
        sys.stdout.write(text)
    else:
        write_atomically(path, text)


def write_answer(answer: Answer, options: argparse.Namespace) -> None:
    """Write an answer as the options say: kept, drawn, and printed."""
    text = format_answer(answer, options.format)
    if options.save:
        answer.save(options.save)
    if options.plot:
        from ..plots import draw, save_figure

        save_figure(draw(answer), options.plot)
    write(text, options.output)
