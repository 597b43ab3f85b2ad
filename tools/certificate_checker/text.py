# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lines of IR, as the compiler prints it, and the values in them."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from .problem import RefusedError
from .values import MOST, decode

NUMBER = r"(-?[0-9][0-9.eE+-]*)"
NUMBERS = r"\[([0-9.eE+\-, ]*)\]"
STRING = r'"(?:[^"\\]|\\.)*"'
SYMBOL = rf"@([A-Za-z0-9_.$-]+|{STRING})"


def _without_comment(line: str) -> str:
    if "//" not in line:
        return line
    return re.sub(rf"({STRING})|//.*", lambda match: match[1] or "", line)


def without_strings(line: str) -> str:
    """Return a line of the same length, with nothing in its strings."""
    return re.sub(STRING, lambda match: f'"{"_" * (len(match[0]) - 2)}"', line)


class Reader:
    """Lines of a file, without comments and locations, and errors that name them."""

    def __init__(self, text: str, path: str) -> None:
        self.lines = [
            re.sub(r" loc\(#loc[0-9]*\)$", "", _without_comment(line))
            for line in text.split("\n")
        ]
        self.path = path

    def refused(self, index: int, message: str) -> RefusedError:
        """Return the error that a line is not what it should be."""
        return RefusedError(f"{self.path}, line {index + 1}: {message}")

    def find_end(self, begin: int, what: str) -> int:
        """Return the line with the brace that ends what begins on a line."""
        depth = 0
        for end in range(begin, len(self.lines)):
            masked = without_strings(self.lines[end])
            depth += masked.count("{") - masked.count("}")
            if depth <= 0 and self.lines[end].strip() == "}":
                return end
            if depth <= 0:
                break
        raise self.refused(begin, f"expects {what} to end on a line of its own")

    def number(
        self, text: str, index: int, least: float = 0.0, most: float = MOST
    ) -> float:
        """Return a number within a range; by default one that a problem can have."""
        text = text.strip()
        try:
            value = float(text) if re.fullmatch(NUMBER, text) else math.nan
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise self.refused(
                index,
                f"expects a number from {least:g} to {most:g}, but got {text[:40]!a}",
            )
        # Not minus zero.
        return value + 0.0

    def numbers(self, text: str, index: int, least: float = 0.0) -> list[float]:
        """Return numbers with commas between them."""
        return [self.number(part, index, least) for part in text.split(",")]

    def string(self, text: str, index: int) -> str:
        r"""Return what is in quotes, where \XX is a byte and \\ a backslash."""
        data = re.sub(
            rb"\\(?:\\|([0-9A-Fa-f]{2}))",
            lambda match: bytes.fromhex(match[1].decode()) if match[1] else b"\\",
            text[1:-1].encode(),
        )
        return decode(data, f"{self.path}, line {index + 1}")

    def symbol(self, text: str, index: int) -> str:
        """Return a name, which may be in quotes."""
        return self.string(text, index) if text.startswith('"') else text


class Words:
    """An operation on a line, from its name on: values and keywords, in turn."""

    def __init__(self, reader: Reader, index: int, begin: int = 0) -> None:
        self.reader, self.index = reader, index
        self._text = reader.lines[index][begin:].strip()
        # Arrows of cost tables are no brackets.
        self._masked = without_strings(self._text).replace("->", "  ")
        self._position = 0
        self.operation = self._take(r"[a-z_.]+", "an operation")[0]

    def refuse(self, expected: str) -> NoReturn:
        """Say what is expected instead of the rest of the line."""
        rest = self._text[self._position : self._position + 40]
        raise self.reader.refused(
            self.index, f"expects {expected} in {self.operation}, but got {rest!a}"
        )

    def read(
        self, kinds: Mapping[str, "Kind"], required: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the values of the keywords that the rest of the line consists of."""
        found: dict[str, Any] = {}
        while self._position < len(self._text):
            here = self._position
            match = self._next(r"[a-z_]+|[{:]")
            keyword = match[0] if match else ""
            if keyword not in kinds or keyword in found:
                self._position = here
                known = [f"'{name}'" for name in kinds if name not in found]
                self.refuse(f"only {', '.join(known) or 'that'}")
            found[keyword] = kinds[keyword](self)
        for keyword in required:
            if keyword not in found:
                self.refuse(keyword)
        return found

    def flag(self) -> bool:
        """Return that a keyword is there, which has no value."""
        return True

    def number(self) -> float:
        """Return a number that a problem can have."""
        return self.reader.number(self._take(NUMBER, "a number")[0], self.index)

    def signed(self) -> float:
        """Return a number that may be negative."""
        text = self._take(NUMBER, "a number")[0]
        return self.reader.number(text, self.index, -MOST)

    def positive(self) -> float:
        """Return a number to divide by."""
        text = self._take(NUMBER, "a number")[0]
        return self.reader.number(text, self.index, 1 / MOST)

    def whole(self) -> int:
        """Return a whole number."""
        return int(self._take(r"[0-9]{1,18}(?![0-9.eE])", "a whole number")[0])

    def numbers(self) -> list[float]:
        """Return a list of numbers."""
        text = self._take(NUMBERS, "a list of numbers")[1]
        return self.reader.numbers(text, self.index)

    def rows(self) -> list[list[float]]:
        """Return a list of lists of numbers."""
        text = self._take(rf"\[(?:{NUMBERS}(?:, )?)+\]", "lists of numbers")[0]
        return [
            self.reader.numbers(row, self.index)
            for row in re.findall(NUMBERS, text[1:-1])
        ]

    def number_or_rows(self) -> float | list[list[float]]:
        """Return a number, or a list of lists of them."""
        is_list = self._text.startswith("[", self._position)
        return self.rows() if is_list else self.number()

    def symbol(self) -> str:
        """Return a name of the IR."""
        return self.reader.symbol(self._take(SYMBOL, "a symbol")[1], self.index)

    def symbols(self) -> list[str]:
        """Return a list of names."""
        text = self._take(rf"\[({SYMBOL}(?:, )?)+\]", "a list of symbols")[0]
        return [
            self.reader.symbol(match[1], self.index)
            for match in re.finditer(SYMBOL, text)
        ]

    def string(self) -> str:
        """Return what is in quotes."""
        return self.reader.string(self._take(STRING, "a string")[0], self.index)

    def attribute(self) -> str:
        """Return an attribute, with its parameters if it has some."""
        name = self._take(r"#[\w.$]+|(?=<)", "an attribute")[0]
        has_parameters = self._text.startswith("<", self._position)
        return name + (self._enclosed("<>") if has_parameters else "")

    def attributes(self) -> str:
        """Return a list of attributes."""
        return self._enclosed("[]")

    def dictionary(self) -> str:
        """Return attributes with names."""
        return self._enclosed("{}")

    def rest(self) -> str:
        """Return the rest of the line, whatever it is."""
        begin, self._position = self._position, len(self._text)
        return self._text[begin:]

    def _enclosed(self, brackets: str) -> str:
        """Return what is in brackets, with them."""
        begin, depth = self._position, 0
        either = re.compile(f"[{re.escape(brackets)}]")
        if self._text.startswith(brackets[0], begin):
            for bracket in either.finditer(self._masked, begin):
                depth += 1 if bracket[0] == brackets[0] else -1
                if depth == 0:
                    self._move(bracket.end())
                    return self._text[begin : bracket.end()]
        self.refuse(f"something in {brackets}")

    def _next(self, pattern: str) -> re.Match[str] | None:
        match = re.compile(pattern).match(self._text, self._position)
        if match:
            self._move(match.end())
        return match

    def _take(self, pattern: str, what: str) -> re.Match[str]:
        match = self._next(pattern)
        if not match:
            self.refuse(what)
        return match

    def _move(self, position: int) -> None:
        """Go to the next word."""
        while self._text.startswith(" ", position):
            position += 1
        self._position = position


# What reads a value.
Kind = Callable[[Words], Any]
