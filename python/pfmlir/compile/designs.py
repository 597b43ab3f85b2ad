# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network on many variants of its target, solved in one native call.

Layers are formed once, and nothing is parsed or compiled again: a design is a choice of
values for some parameters, by paths that are made of the IR's own names, and a period.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain
from typing import Any, Self, TypeAlias

import numpy
from numpy.typing import NDArray

from .. import ir
from .._mlir_libs import _pfmlirScheduler
from .._options import OPTIONS
from ..dialects import power
from ..errors import translate_mlir_error
from ..keywords import read_options, read_value
from ..problem.solver import DEFAULT_SEARCH

# Values of parameters by path; in the order in which they are set.
Changes: TypeAlias = Mapping[str, Any]
# One of them.
ParameterChange: TypeAlias = tuple[str, Any]

# What limits a search where nothing is said, as the native call takes it.
NO_LIMITS: dict[str, Any] = {
    "time_limit_s": numpy.inf,
    "gap": 0.0,
    "memory_limit_bytes": _pfmlirScheduler.DEFAULT_LABEL_BYTES,
    "threads": 1,
}


class DesignStatus(IntEnum):
    """What is known of a design; numbers as the native call has them."""

    # Scheduled, with a proven optimum or with a bound.
    OPTIMAL = 0
    FEASIBLE = 1
    # No schedule keeps the deadline.
    INFEASIBLE = 2
    # The changes make no target that layers run on.
    INVALID = 3
    # Interrupted before.
    SKIPPED = 4


@dataclass(frozen=True)
class DesignAnswers:
    """What was found of some designs: arrays and lists, one entry a design.

    Attributes
    ----------
    status : ndarray of int
        A `DesignStatus` each: OPTIMAL, FEASIBLE (a schedule with a bound), INFEASIBLE
        (no schedule keeps the deadline), INVALID (the changes make no target that
        layers run on) or SKIPPED (interrupted before).
    energy_j, lower_bound_j, active_time_s : ndarray
        As in a `Schedule`; NaN where there is none.
    shortest_period_s : ndarray
        The shortest period that could be had, where it is infeasible; else NaN.
    rails_v : list of tuple of float
        The levels in use, in volts.
    tails : list of str
        The idle or sleep state that ends the period; empty where none does.
    reasons : list of str
        Why a design is infeasible or invalid; empty where it is neither.
    """

    status: NDArray[numpy.int64]
    energy_j: NDArray[numpy.float64]
    lower_bound_j: NDArray[numpy.float64]
    active_time_s: NDArray[numpy.float64]
    shortest_period_s: NDArray[numpy.float64]
    rails_v: list[tuple[float, ...]]
    tails: list[str]
    reasons: list[str]

    @classmethod
    def of_none(cls, reasons: Sequence[str]) -> Self:
        """Return answers that say why there are none."""

        def unknown() -> NDArray[numpy.float64]:
            return numpy.full(len(reasons), numpy.nan)

        return cls(
            status=numpy.full(len(reasons), DesignStatus.INVALID),
            energy_j=unknown(),
            lower_bound_j=unknown(),
            active_time_s=unknown(),
            shortest_period_s=unknown(),
            rails_v=[()] * len(reasons),
            tails=[""] * len(reasons),
            reasons=list(reasons),
        )

    def put(self, found: "DesignAnswers", places: Sequence[int]) -> None:
        """Take what was found of the designs at some places."""
        for name, column in vars(self).items():
            for place, value in zip(places, getattr(found, name), strict=True):
                column[place] = value


def unknown_path(path: str, known: Iterable[str]) -> str:
    """Return what to say of a path that there is not, and what is near."""
    near = difflib.get_close_matches(path, list(known), 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no parameter '{path}' in the IR{hint}"


def _as_list(value: Any) -> ir.Attribute:
    numbers = [float(number) for number in value]
    return ir.ArrayAttr.get([ir.FloatAttr.get_f64(number) for number in numbers])


def as_attribute(value: Any, before: ir.Attribute | None) -> ir.Attribute | None:
    """Return a value as an attribute, in the context that is entered.

    Numbers, booleans and lists of numbers are what they are; a text is a word where
    there was a word, and else an attribute as MLIR writes it. None is no attribute.

    Raises
    ------
    TypeError, ValueError
        It is none of these, or no attribute can be parsed from the text.
    """
    if value is None or isinstance(value, ir.Attribute):
        return value
    if isinstance(value, bool | numpy.bool_):
        return ir.BoolAttr.get(bool(value))
    if isinstance(value, int | numpy.integer):
        integer = ir.IntegerType.get_signless(64)
        return ir.IntegerAttr.get(integer, int(value))
    if isinstance(value, float | numpy.floating):
        return ir.FloatAttr.get_f64(float(value))
    if isinstance(value, str):
        if isinstance(before, ir.StringAttr):
            return ir.StringAttr.get(value)
        try:
            return ir.Attribute.parse(value)
        except ir.MLIRError:
            raise ValueError(
                f"expected an attribute as MLIR writes it, but got {value!r}"
            ) from None
    if isinstance(value, Sequence | numpy.ndarray):
        if isinstance(before, ir.DenseF64ArrayAttr):
            return ir.DenseF64ArrayAttr.get([float(number) for number in value])
        if isinstance(before, ir.DenseI64ArrayAttr):
            return ir.DenseI64ArrayAttr.get([int(number) for number in value])
        return _as_list(value)
    raise TypeError(
        f"expected a number, a text, a list of numbers, a boolean or None, but got "
        f"{value!r}"
    )


class Designs:
    """A network of layers on a target, to be solved for many designs.

    Parameters
    ----------
    module
        With a target and layers, as `form_layers` returns it. It stays as it is.

    Raises
    ------
    CompilationError
        There are no layers on a target.

    Examples
    --------
    >>> import pfmlir
    >>> network = pfmlir.import_model(
    ...     'func.func @net() {\n  power.layer "fc" workload '
    ...     "#power.matmul<m = 64, k = 512, n = 512>\n  return\n}"
    ... )
    >>> layers = pfmlir.form_layers(pfmlir.assign_target(network, "pf40"))
    >>> designs = pfmlir.Designs(layers)
    >>> found = designs.solve(
    ...     [{"target.memory.ifmap.bank_leakage_w": leak} for leak in (1e-5, 2e-5)],
    ...     period_s=[0.01, 0.01],
    ... )
    >>> (found.status == pfmlir.DesignStatus.OPTIMAL).all()
    np.True_
    >>> bool(found.energy_j[0] < found.energy_j[1])
    True
    """

    def __init__(self, module: ir.Module) -> None:
        self._context = module.context
        try:
            self._native = power.Designs(module)
        except ir.MLIRError as error:
            raise translate_mlir_error(error, "no layers on a target") from None
        with self._context:
            parameters = self._native.parameters()
        # By path, its index, and the value that the module has.
        self._index = {path: i for i, (path, _) in enumerate(parameters)}
        self._values: dict[str, ir.Attribute | None] = dict(parameters)
        # By path and value, as Python prints it.
        self._attributes: dict[tuple[str, str], ir.Attribute | None] = {}

    @property
    def parameters(self) -> dict[str, ir.Attribute | None]:
        """The value of every parameter by path; None where it is absent."""
        return dict(self._values)

    def _attribute(self, path: str, value: Any) -> ir.Attribute | None:
        """Return a value of a parameter, made once."""
        key = path, repr(value)
        if key not in self._attributes:
            if path not in self._index:
                raise ValueError(unknown_path(path, self._index))
            try:
                self._attributes[key] = as_attribute(value, self._values[path])
            except (TypeError, ValueError) as error:
                raise type(error)(f"{path}: {error}") from None
        return self._attributes[key]

    def _refuse(self, path: str, value: Any) -> str:
        """Return why a parameter can't be asked for a value; "" if it can."""
        try:
            self._attribute(path, value)
        except (TypeError, ValueError) as error:
            return str(error)
        return ""

    def solve(
        self,
        designs: Sequence[Changes],
        period_s: Sequence[float] | NDArray[numpy.float64],
        *,
        search: str = DEFAULT_SEARCH,
        return_if_interrupted: bool = False,
        **limits: Any,
    ) -> DesignAnswers:
        """Solve designs, in `threads` threads, without the GIL.

        Neighbours with the same changes are costed once. Answers are, to the last bit,
        those of `schedule` with such a target, and don't depend on `threads`.

        Parameters
        ----------
        designs
            What each changes, by path.
        period_s
            From one inference to the next, in seconds; one a design.
        search, **limits
            As of `schedule`; `threads` is how many searches run at once.
        return_if_interrupted
            Whether Ctrl-C returns what was found; it is KeyboardInterrupt otherwise.

        Raises
        ------
        TypeError, ValueError
            There is no such parameter, or a value is none that the IR could have.
        """
        table: dict[tuple[str, str], int] = {}
        changes: list[ParameterChange] = []
        of = []
        for design in designs:
            its = []
            for path, value in design.items():
                key = path, repr(value)
                if key not in table:
                    table[key] = len(changes)
                    changes.append((path, value))
                its.append(table[key])
            of.append(tuple(its))
        with self._context, ir.Location.unknown():
            for path, value in changes:
                self._attribute(path, value)
        return self.solve_changes(
            changes,
            of,
            period_s,
            search=search,
            return_if_interrupted=return_if_interrupted,
            **limits,
        )

    def solve_changes(
        self,
        changes: Sequence[ParameterChange],
        of: Sequence[tuple[int, ...]],
        period_s: Sequence[float] | NDArray[numpy.float64],
        *,
        search: str = DEFAULT_SEARCH,
        return_if_interrupted: bool = False,
        **limits: Any,
    ) -> DesignAnswers:
        """Solve designs that are given by which of some changes each makes.

        As `solve`, for those who have many designs of few changes. One with a change
        that the IR can't have is INVALID, and says why.

        Parameters
        ----------
        changes
            Paths and values.
        of
            By design, which of the changes it makes, in that order.
        period_s, search, return_if_interrupted, **limits
            As of `solve`.
        """
        with self._context, ir.Location.unknown():
            refusals = [self._refuse(path, value) for path, value in changes]
            if any(refusals):
                return self._solve_what_can_be(
                    changes,
                    refusals,
                    of,
                    period_s,
                    search=search,
                    return_if_interrupted=return_if_interrupted,
                    **limits,
                )
            flat = numpy.fromiter(chain.from_iterable(of), dtype=numpy.int64)
            begin = numpy.zeros(len(of) + 1, dtype=numpy.int64)
            numpy.cumsum([len(each) for each in of], out=begin[1:])
            found = self._native.solve(
                [
                    (self._index[path], self._attribute(path, value))
                    for path, value in changes
                ],
                begin,
                flat,
                numpy.ascontiguousarray(period_s, dtype=numpy.float64),
                search=read_value(OPTIONS["search"], search),
                finishes_if_interrupted=return_if_interrupted,
                **NO_LIMITS | read_options(limits),
            )
        return _read_answers(found, len(of))

    def _solve_what_can_be(
        self,
        changes: Sequence[ParameterChange],
        refusals: Sequence[str],
        of: Sequence[tuple[int, ...]],
        period_s: Sequence[float] | NDArray[numpy.float64],
        **options: Any,
    ) -> DesignAnswers:
        """Solve the designs that make no change that is refused."""
        reasons = [next((refusals[i] for i in each if refusals[i]), "") for each in of]
        right = [i for i, reason in enumerate(reasons) if not reason]
        kept = [i for i, refusal in enumerate(refusals) if not refusal]
        place = {i: new for new, i in enumerate(kept)}
        answers = DesignAnswers.of_none(reasons)
        answers.put(
            self.solve_changes(
                [changes[i] for i in kept],
                [tuple(place[i] for i in of[each]) for each in right],
                numpy.asarray(period_s)[right],
                **options,
            ),
            right,
        )
        return answers


def _read_answers(found: Mapping[str, Any], number: int) -> DesignAnswers:
    """Return what the native call found, with NaN for what isn't known."""
    status = found["status"].astype(numpy.int64)
    is_scheduled = status <= DesignStatus.FEASIBLE
    ends = numpy.cumsum(found["num_rails"]).astype(numpy.int64).tolist()
    rails = found["rails_v"].tolist()
    begins = [0, *ends]
    reasons: dict[int, str] = found["reasons"]
    return DesignAnswers(
        status=status,
        energy_j=numpy.where(is_scheduled, found["energy_j"], numpy.nan),
        lower_bound_j=numpy.where(is_scheduled, found["lower_bound_j"], numpy.nan),
        active_time_s=numpy.where(is_scheduled, found["active_time_s"], numpy.nan),
        shortest_period_s=numpy.where(
            status == DesignStatus.INFEASIBLE, found["shortest_period_s"], numpy.nan
        ),
        rails_v=[
            tuple(rails[first:last]) for first, last in zip(begins, ends, strict=False)
        ],
        tails=found["tails"],
        reasons=[reasons.get(i, "") for i in range(number)],
    )
