# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference pages that are made: the package, the command, the dialect, the passes."""

import argparse
import html
import inspect
import re
from pathlib import Path

import pfmlir
import pfmlir.plots
from pfmlir.command import _make_parser


def pages(binary_dir: Path) -> dict[str, str]:
    """Return all reference pages by name; `mlir-doc` has written to the build."""
    return {
        "python": _python(),
        "command": _command(),
        "dialect": _generated(binary_dir, "PowerDialect", "The power dialect"),
        "passes": _generated(binary_dir, "PowerPasses", "Passes"),
    }


def _generated(binary_dir: Path, name: str, title: str) -> str:
    """Return a page that TableGen wrote, under a title."""
    text = (binary_dir / "docs" / f"{name}.md").read_text()
    text = re.sub(r"^(?:<!--.*-->|\[TOC\]|# .*)\n", "", text, flags=re.M)
    # The name alone, so that it fits into the table of contents.
    heading = re.compile(r"^(###.*`) \((::pfmlir::.*)\)$", re.M)
    text = heading.sub(r"\1\n\nIn C++: `\2`", text)
    text = re.sub(r"^<table>.*?^</table>$", _as_markdown, text, flags=re.M | re.S)
    return f"# {title}\n\n{text}"


def _as_markdown(table: re.Match[str]) -> str:
    """Return a table of TableGen's in Markdown.

    Of a description with details the summary: details are the attribute's own section.
    """
    row = r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>"
    lines = ["| attribute | type | what |", "| --- | --- | --- |"]
    for name, kind, text in re.findall(row, table[0], re.S):
        if summary := re.search(r"<summary>(.*?)</summary>", text):
            text = summary[1]
        kind = kind.replace("::mlir::", "").replace("::pfmlir::power::", "")
        lines.append(f"| {name} | `{html.unescape(kind)}` | {text.strip()} |")
    return "\n".join(lines)


# -- the package ------------------------------------------------------------


def _python() -> str:
    """Return the page of all public names; mkdocstrings reads their docstrings."""
    public = {name: getattr(pfmlir, name) for name in pfmlir.__all__ if name[0] != "_"}
    errors = {
        name
        for name, value in public.items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    classes = {name for name, value in public.items() if inspect.isclass(value)}
    pictures = [
        f"pfmlir.plots.{name}"
        for name in pfmlir.plots.__all__
        if callable(getattr(pfmlir.plots, name))
    ]
    chapters = {
        "Functions": [f"pfmlir.{name}" for name in public if name not in classes],
        "Answers and values": [f"pfmlir.{name}" for name in sorted(classes - errors)],
        "Errors": [f"pfmlir.{name}" for name in sorted(errors)],
        "Pictures": pictures,
    }
    text = "# Python\n\n[The guide](../python.md) says how these go together.\n"
    for title, names in chapters.items():
        text += f"\n## {title}\n" + "".join(f"\n::: {name}\n" for name in names)
    return text


# -- the command ------------------------------------------------------------


def _command() -> str:
    """Return the page of all verbs, from their parsers."""
    parser = _make_parser()
    (verbs,) = (
        action.choices
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    text = f"# The command\n\n{parser.description}\n\n{_block(parser.epilog)}"
    for name, verb in verbs.items():
        text += f"\n## pfmlir {name}\n\n{verb.description}\n\n"
        text += _block(verb.format_usage())
        for group in verb._action_groups:
            text += _table(verb, group)
    return text


def _block(text: str | None) -> str:
    return f"```text\n{(text or '').rstrip()}\n```\n"


def _table(verb: argparse.ArgumentParser, group: argparse._ArgumentGroup) -> str:
    """Return a group of arguments as a table, as argparse's own help words them."""
    formatter = argparse.HelpFormatter(verb.prog)
    rows = ""
    for action in group._group_actions:
        names = ", ".join(action.option_strings)
        default = action.dest.upper() if names else action.dest
        values = formatter._format_args(action, default) if action.nargs != 0 else ""
        text = formatter._expand_help(action) if action.help else ""
        cells = (f"`{f'{names} {values}'.strip()}`", text)
        rows += "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"
    title = (group.title or "").capitalize()
    return (
        f"\n**{title}**\n\n| argument | what |\n| --- | --- |\n{rows}" if rows else ""
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
