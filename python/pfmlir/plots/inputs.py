# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the pictures are drawn from, and what they need."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import MissingDependencyError


def _as_dict(value: Any) -> Any:
    """Return a schedule as the JSON that it prints as, and also those in a mapping."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping) and any(
        hasattr(each, "to_dict") for each in value.values()
    ):
        return {name: _as_dict(each) for name, each in value.items()}
    return value


def takes_schedules(draw: Callable) -> Callable:
    """Let a function that draws schedules' JSON take `pfmlir.Schedule`s, too.

    Without matplotlib it raises MissingDependencyError.
    """

    @functools.wraps(draw)
    def wrapper(*arguments: Any, **keywords: Any) -> Any:
        try:
            import matplotlib  # noqa: F401
        except ModuleNotFoundError as error:
            if error.name != "matplotlib":
                raise
            raise MissingDependencyError(
                "drawing needs matplotlib, which is not installed; install pfmlir with "
                "its extra [plot], as by `pip install '.[plot]'` in its source "
                "directory"
            ) from error
        return draw(
            *map(_as_dict, arguments),
            **{name: _as_dict(value) for name, value in keywords.items()},
        )

    return wrapper
