# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What pfmlir raises."""

import difflib
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ir import DiagnosticInfo, Location, MLIRError


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return a hint to end an error with: the nearest known names, if any is near."""
    near = difflib.get_close_matches(given, list(known), 2)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


class PfmlirError(Exception):
    """Base of all errors of this package."""


class CompilationError(PfmlirError):
    """The compiler refused its input.

    Attributes
    ----------
    diagnostics : tuple of str
        What the compiler said, each with its location and its notes.
    """

    def __init__(self, message: str, diagnostics: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join([message, *diagnostics]))
        self.message = message
        self.diagnostics = diagnostics

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.diagnostics)


class InfeasibleError(PfmlirError):
    """No schedule keeps the deadline.

    Attributes
    ----------
    period_s : float
        The period that was asked for, in seconds.
    fastest_time_s : float
        The shortest period that could be had, in seconds; infinite if there is
        no schedule at any rate.
    diagnostics : tuple of str
        What the compiler said, where it was asked.
    """

    def __init__(
        self,
        message: str,
        period_s: float,
        fastest_time_s: float,
        diagnostics: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.period_s = period_s
        self.fastest_time_s = fastest_time_s
        self.diagnostics = diagnostics

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (
            str(self),
            self.period_s,
            self.fastest_time_s,
            self.diagnostics,
        )


def infeasible(
    period_s: float, fastest_time_s: float, max_rails: int, who: str = ""
) -> InfeasibleError:
    """Return what to raise where a network's fastest schedule is too slow."""
    if math.isfinite(fastest_time_s):
        message = (
            f"no schedule takes at most {period_s:.6e} s ({1 / period_s:.2f} fps): the "
            f"fastest takes {fastest_time_s:.6e} s ({1 / fastest_time_s:.2f} fps), "
            f"{fastest_time_s - period_s:.3e} s too long"
        )
    else:
        message = f"no {max_rails} levels have a state for every layer"
    if who:
        message = f"{who}: {message}"
    return InfeasibleError(message, period_s, fastest_time_s)


class UnsupportedOperationError(PfmlirError):
    """torch-mlir can't lower some operations of a model to linalg.

    Attributes
    ----------
    operations : tuple of str
        Their names.
    """

    def __init__(self, message: str, operations: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.operations = operations

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.operations)


class ReplayError(PfmlirError):
    """What a power manager was told can't be replayed, or is not as scheduled."""


class UnmodelledError(ReplayError):
    """A replay knows no model of a part of a target or of a layer."""


class WrongResultError(PfmlirError):
    """What a network computes when it runs is not what PyTorch computes.

    Attributes
    ----------
    layer : str
        The first layer whose results differ; "" if none could be told.
    difference : float
        How far the results are apart, relative to the largest, from 1 upwards.
    """

    def __init__(self, message: str, layer: str, difference: float) -> None:
        super().__init__(message)
        self.layer = layer
        self.difference = difference

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.layer, self.difference)


class DeadlineMissedError(PfmlirError):
    """A schedule misses its deadline by the time that passes between layers.

    Attributes
    ----------
    slack_s : float
        What the schedule leaves for that, in seconds.
    between_layers_s : float
        What it takes, in seconds.
    dispatch_time_s : float
        What the target needs as its `dispatch_time_s`, in seconds, for a schedule that
        keeps its deadline.
    """

    def __init__(
        self,
        message: str,
        slack_s: float,
        between_layers_s: float,
        dispatch_time_s: float,
    ) -> None:
        super().__init__(message)
        self.slack_s = slack_s
        self.between_layers_s = between_layers_s
        self.dispatch_time_s = dispatch_time_s

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (
            str(self),
            self.slack_s,
            self.between_layers_s,
            self.dispatch_time_s,
        )


class MissingDependencyError(PfmlirError, ImportError):
    """A package that pfmlir needs only for some of its work is not installed."""


def _place(location: "Location") -> str:
    """Return a location as compilers print it: file:line:column."""
    if location.is_a_file():
        line, column = location.start_line, location.start_col
        return f"{location.filename}:{line}:{column}"
    if location.is_a_name():
        child = _place(location.child_loc)
        return location.name_str if child == "-" else f"{child}: {location.name_str}"
    if location.is_a_callsite():
        # The outermost call is the user's own code.
        return _place(location.caller)
    if location.is_a_fused() and location.locations:
        return _place(location.locations[0])
    return "-"


def _describe(diagnostic: "DiagnosticInfo", kind: str = "error") -> str:
    text = f"{_place(diagnostic.location)}: {kind}: {diagnostic.message}"
    notes = [
        _describe(note, "note")
        for note in diagnostic.notes
        # The verifier's, which is a print of a whole target or function.
        if not note.message.startswith("see current operation")
    ]
    return "\n".join([text, *notes])


def translate_mlir_error(error: "MLIRError", what: str) -> PfmlirError:
    """Return the error of this package that says what an error of MLIR's says.

    Parameters
    ----------
    error
        What MLIR raised; of a deadline that can't be kept, what `power.run_passes`
        did.
    what
        What went wrong, for a reader who doesn't know of passes.
    """
    diagnostics = tuple(_describe(each) for each in error.error_diagnostics)
    for _, period_s, shortest_period_s in getattr(error, "infeasibilities", ()):
        return InfeasibleError(
            "\n".join(diagnostics), period_s, shortest_period_s, diagnostics
        )
    return CompilationError(what, diagnostics)
