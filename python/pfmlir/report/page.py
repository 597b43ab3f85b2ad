# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The page of a report, put together."""

import html
import json
from collections.abc import Sequence
from importlib import resources
from string import Template
from typing import Any

from ..answers import Schedule
from .content import report_content

# In this order: what comes later uses what comes before.
SCRIPTS = (
    "elements.js",
    "answer.js",
    "tracks.js",
    "timeline.js",
    "bill.js",
    "layers.js",
    "hardware.js",
    "page.js",
)


def _read(name: str) -> str:
    return resources.files("pfmlir.report").joinpath(name).read_text(encoding="utf-8")


def embed_json(value: Any) -> str:
    """Return JSON that nothing in it can end, wherever it is in HTML.

    >>> embed_json({"name": "</script>"})
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def name_schedules(schedules: Sequence[Schedule]) -> list[str]:
    """Return what tells schedules apart: network, target, rate or search."""
    parts = [
        (each.function, f"on {each.target}", f"{each.fps:.4g} fps", each.search)
        for each in schedules
    ]
    differ = [len(set(column)) > 1 for column in zip(*parts, strict=True)]
    # Of one, or of equal ones, the first two.
    shown = differ if any(differ) else [True, True, False, False]
    names = [
        ", ".join(part for part, is_shown in zip(row, shown, strict=True) if is_shown)
        for row in parts
    ]
    return [
        f"{name} ({names[:i].count(name) + 1})" if names.count(name) > 1 else name
        for i, name in enumerate(names)
    ]


def render_report(
    schedules: Sequence[Schedule], names: Sequence[str] | None = None
) -> str:
    """Return schedules as one page of HTML, side by side if there are several.

    Parameters
    ----------
    schedules
        At least one.
    names
        What to call each; by default what tells them apart.

    Returns
    -------
    str
        The page. It loads nothing, and the same schedules are the same page.

    Raises
    ------
    ValueError
        There is no schedule, or there are not as many names.
    """
    if not schedules:
        raise ValueError("schedules: expected at least one, but got none")
    names = name_schedules(schedules) if names is None else names
    if len(names) != len(schedules):
        raise ValueError(
            f"names: expected {len(schedules)}, one a schedule, but got {len(names)}"
        )
    content = report_content(schedules, names)
    return Template(_read("page.html")).substitute(
        title=html.escape(content["title"]),
        style=_read("page.css"),
        data=embed_json(content),
        script="".join(map(_read, SCRIPTS)),
    )
