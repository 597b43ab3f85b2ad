# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the command writes."""

import argparse
import sys
from pathlib import Path

from ..answers import Answer
from ..files import write_atomically
from .formats import format_answer


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
