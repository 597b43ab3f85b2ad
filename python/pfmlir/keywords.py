# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options of passes as keywords of functions, checked as the table says.

Functions take them as `**options: Unpack[...]` of typed dictionaries: those of the
groups in `pfmlir._options`, which is made from Passes.td, put together. There a new
option appears by itself; here only a new kind of option is added.
"""

import functools
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import numpy

from ._mlir_libs import _pfmlirScheduler
from ._options import OPTIONS, Option
from .arguments import count, flag, fraction, one_of, positive, quantity
from .errors import did_you_mean

Reader = Callable[[str, Any], Any]

# ---------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a name, but got {value!r}")
    return value


def _positives(name: str, values: Any) -> list[float]:
    try:
        array = numpy.asarray(list(values), dtype=numpy.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, but got {values!r}") from None
    if (
        array.ndim != 1
        or not array.size
        or not ((array > 0) & (array < numpy.inf)).all()
    ):
        raise ValueError(f"{name}: expected finite numbers above 0, but got {values!r}")
    return [float(value) for value in array]


def _bank_counts(name: str, banks: Any) -> dict[str, int]:
    if not isinstance(banks, Mapping):
        raise TypeError(f"{name}: expected a mapping, but got {banks!r}")
    for memory in banks:
        # What options of passes can hold as it is.
        if not isinstance(memory, str) or not re.fullmatch(r"[\w.$-]+", memory):
            raise ValueError(
                f"{name}: expected the name of a memory, but got {memory!r}"
            )
    return {
        memory: count(f"{name}[{memory!r}]", number) for memory, number in banks.items()
    }


def _layer_probabilities(name: str, probabilities: Any) -> dict[str, float]:
    if not isinstance(probabilities, Mapping):
        raise TypeError(f"{name}: expected a mapping, but got {probabilities!r}")
    read = {}
    for layer, probability in probabilities.items():
        # What options of passes can hold as it is.
        if not isinstance(layer, str) or not re.fullmatch(r"[\w.$:/\[\]-]+", layer):
            raise ValueError(f"{name}: expected the name of a layer, but got {layer!r}")
        value = quantity(f"{name}[{layer!r}]", probability)
        if value > 1:
            raise ValueError(f"{name}[{layer!r}]: expected at most 1, but got {value}")
        read[layer] = value
    return read


# By kind, what checks a value, or many of them, and makes it plain.
READERS: dict[str, Reader] = {
    "text": _text,
    "flag": flag,
    "positive": positive,
    "not_negative": quantity,
    "fraction": fraction,
    "count": count,
}
MANY_READERS: dict[str, Reader] = {
    "positive": _positives,
    "bank_count": _bank_counts,
    "layer_probability": _layer_probabilities,
}


def read_value(option: Option, value: Any) -> Any:
    """Return an option's value as a plain one.

    Raises
    ------
    TypeError, ValueError
        It is not what it should be; the message names the option.
    """
    if option.choices:
        return one_of(option.keyword, value, option.choices)
    if option.unit == "bytes":
        # The only number that can be more than four bytes hold.
        return count(option.keyword, value, most=2**63 - 1)
    readers = MANY_READERS if option.is_many else READERS
    return readers[option.kind](option.keyword, value)


def read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as plain values, without those that say nothing.

    That is None, for what has no default.
    """
    read = {}
    for name, value in options.items():
        option = OPTIONS[name]
        if value is not None or option.default not in (None, ()):
            read[name] = read_value(option, value)
    return read


def select(options: Mapping[str, Any], kind: Any) -> Any:
    """Return the options of a kind, a typed dictionary."""
    return {name: options[name] for name in kind.__annotations__ if name in options}


def take(options: dict[str, Any], kind: Any) -> Any:
    """Return the options of a kind, and leave the others."""
    return {name: options.pop(name) for name in kind.__annotations__ if name in options}


# ---------------------------------------------------------------------------
# Functions that take them
# ---------------------------------------------------------------------------

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# In a docstring, where options are described that it doesn't describe itself.
PLACE = "    %(options)s\n"


def _default(name: str) -> Any:
    option = OPTIONS[name]
    return None if option.is_many else option.default


def _describe(name: str, hint: Any) -> str:
    """Return an option's entry in the parameters of a docstring."""
    option = OPTIONS[name]
    kind = inspect.formatannotation(hint).replace("collections.abc.", "")
    if option.choices:
        kind = "{" + ", ".join(map(json.dumps, option.choices)) + "}"
    default = _default(name)
    is_left = "optional" if default is None else f"default {default!r}"
    text = option.help
    if option.kind == "search":
        text += ": " + "; ".join(
            f'"{search.name}" {search.description}'
            for search in _pfmlirScheduler.searches()
        )
    text = textwrap.fill(f"{text}.", 80, break_on_hyphens=False)
    entry = f"{name} : {kind.removesuffix(' | None')}, {is_left}\n"
    return textwrap.indent(entry + textwrap.indent(text, "    ") + "\n", "    ")


def _document(text: str, options: Mapping[str, Any]) -> str:
    """Return a docstring with all options; what it says itself is not repeated."""
    made = (
        _describe(name, hint)
        for name, hint in options.items()
        if not re.search(rf"^    {name}\b.*:", text, re.MULTILINE)
    )
    return text.replace(PLACE, "".join(made))


def takes(
    *kinds: Any,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a function with `**options` show those of some kinds, and refuse others.

    Its signature lists them with their defaults, for help() and completion, and its
    docstring describes them where it says `%(options)s`.
    """
    known = {
        name: hint for kind in kinds for name, hint in kind.__annotations__.items()
    }

    def decorate(
        function: Callable[Parameters, Result],
    ) -> Callable[Parameters, Result]:
        signature = inspect.signature(function)
        named = [
            parameter
            for parameter in signature.parameters.values()
            if parameter.kind != inspect.Parameter.VAR_KEYWORD
        ]
        taken = {parameter.name for parameter in named}
        options = {name: hint for name, hint in known.items() if name not in taken}
        listed = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_default(name),
                annotation=hint,
            )
            for name, hint in options.items()
        ]
        accepted = taken | options.keys()

        @functools.wraps(function)
        def wrapper(
            *arguments: Parameters.args, **keywords: Parameters.kwargs
        ) -> Result:
            for name in keywords:
                if name not in accepted:
                    raise TypeError(
                        f"{function.__name__}() got an unexpected keyword argument "
                        f"{name!r}" + did_you_mean(name, accepted)
                    )
            return function(*arguments, **keywords)

        wrapper.__doc__ = _document(function.__doc__ or "", options)
        wrapper.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[*named, *listed]
        )
        return wrapper

    return decorate
