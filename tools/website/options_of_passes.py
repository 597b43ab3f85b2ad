# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options of passes, which `pfmlir.keywords.takes` adds to functions, for Griffe.

Griffe reads the package for mkdocstrings, without importing it.
"""

import importlib
import inspect
from operator import attrgetter
from typing import Any, get_args

import griffe


class OptionsOfPasses(griffe.Extension):
    """Give functions the signatures and docstrings that they have when imported."""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Replace `**options` by what it stands for, where the docstring lists it."""
        if not any(str(each.value).startswith("takes") for each in func.decorators):
            return
        # A function may have the name of its module.
        place = func.path.removeprefix(f"{func.module.path}.")
        function: Any = attrgetter(place)(importlib.import_module(func.module.path))
        text = inspect.getdoc(function) or ""
        func.docstring = griffe.Docstring(text, parent=func)
        is_short = "**options" in text
        parameters = inspect.signature(
            function.__wrapped__ if is_short else function
        ).parameters
        for given in list(func.parameters):
            if given.name not in parameters:
                del func.parameters[given.name]
        for name, parameter in parameters.items():
            if name not in func.parameters:
                func.parameters.add(_as_griffe(parameter))


def _as_griffe(parameter: inspect.Parameter) -> griffe.Parameter:
    """Return a parameter of a signature as Griffe has it."""
    if parameter.kind == inspect.Parameter.VAR_KEYWORD:
        (kind,) = get_args(parameter.annotation)
        return griffe.Parameter(
            parameter.name,
            annotation=kind.__name__,
            kind=griffe.ParameterKind.var_keyword,
        )
    hint = inspect.formatannotation(parameter.annotation)
    return griffe.Parameter(
        parameter.name,
        annotation=hint.replace("collections.abc.", ""),
        kind=griffe.ParameterKind.keyword_only,
        default=repr(parameter.default),
    )
