# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Colours for MLIR, of which Pygments knows nothing."""

from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.lexers import LEXERS
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Punctuation,
    String,
    Text,
    _TokenType,
)

# By which Pygments knows what to take of this module.
__all__ = ["MlirLexer"]


class MlirLexer(RegexLexer):
    """MLIR as people read it: operations, values, symbols, attributes and types."""

    name = "MLIR"
    aliases: ClassVar[list[str]] = ["mlir"]
    tokens: ClassVar[dict[str, list[tuple[str, _TokenType]]]] = {
        "root": [
            (r"//.*", Comment),
            (r'"[^"\n]*"', String),
            (r"[%^][\w$.-]+", Name.Variable),
            (r"@[\w$.-]+", Name.Function),
            (r"#[\w.]+", Name.Attribute),
            (r"![\w.]+|\b(?:[su]?i\d+|b?f\d+|index)\b", Keyword.Type),
            (r"\b(?:tensor|memref|vector)(?=<)", Keyword.Type),
            (r"-?\d[\d.]*(?:[eE][+-]?\d+)?", Number),
            (r"[a-z_]\w*(?:\.\w+)+", Keyword),
            (r"\w+", Name),
            (r"\s+", Text),
            (r".", Punctuation),
        ]
    }


def register() -> None:
    """Let Pygments find it."""
    LEXERS["MlirLexer"] = (__name__, "MLIR", ("mlir",), ("*.mlir",), ())
