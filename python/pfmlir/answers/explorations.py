# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an exploration of designs finds: a table, as a value."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy
from numpy.typing import ArrayLike, NDArray

from ..units import with_prefix
from .answer import Answer, Row, Status, floats, freeze, joint_status

if TYPE_CHECKING:
    import pandas

# What `status` says of a design.
STATUSES = ("optimal", "limit", "heuristic", "infeasible", "invalid")
SCHEDULED = STATUSES[:3]

# What is found of a design, in the order of the table. Numbers are NaN where there is
# no schedule, rails and texts empty.
NUMBERS = ("energy_j", "lower_bound_j", "power_w", "active_time_s", "shortest_period_s")
FOUND = ("status", "period_s", *NUMBERS, "num_rails", "rails_v", "tail", "reason")

# A constraint: a value, or a lowest and a highest one, either of which may be None.
Constraint = Any


def _as_column(values: Sequence[Any]) -> NDArray[Any]:
    """Return values as an array: of numbers or truth values, or else of objects."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float} or kinds <= {bool}:
        return freeze(values)
    # Not numpy's texts, which are all as long as the longest.
    column = numpy.empty(len(values), dtype=object)
    column[:] = values
    return freeze(column)


def _plain(value: Any) -> Any:
    """Return a value of a column as JSON has it; None for NaN."""
    if isinstance(value, numpy.generic):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return list(value) if isinstance(value, tuple) else value


def _not_dominated(costs: NDArray[numpy.float64]) -> NDArray[numpy.bool_]:
    """Return which rows of costs [row, objective] no other is better than.

    Of equal rows all are.
    """
    kept = numpy.zeros(len(costs), dtype=bool)
    if costs.shape[1] <= 2:
        # Along the first, the second has to get lower.
        order = numpy.lexsort(costs.T[::-1])
        least = numpy.inf
        before: list[float] = []
        for row in order:
            cost = costs[row].tolist()
            if cost[-1] < least or cost == before:
                kept[row] = True
                least, before = cost[-1], cost
        return kept
    order = numpy.lexsort(costs.T[::-1])
    front = numpy.empty((0, costs.shape[1]))
    for row in order:
        cost = costs[row]
        is_worse = (front <= cost).all(axis=1) & (front < cost).any(axis=1)
        if not is_worse.any():
            kept[row] = True
            front = numpy.vstack([front, cost])
    return kept


@dataclass(frozen=True, eq=False, repr=False)
class Exploration(Answer):
    """What `explore` finds: a table with a row for each design.

    Attributes
    ----------
    columns : dict of str to ndarray
        What was asked, by the names of the space's axes, and what was found:

        - `status`: "optimal", "limit" or "heuristic" where there is a schedule, and
          what is known of it; "infeasible" where none keeps the deadline; "invalid"
          where the parameters make no accelerator that runs the network;
        - `energy_j`, `lower_bound_j`, `power_w`, `active_time_s`, `period_s`, and
          `shortest_period_s` where the deadline is too short; NaN where not known;
        - `num_rails`, `rails_v` (tuples, in volts), `tail` (the idle or sleep state
          that ends the period);
        - `reason`: why there is no schedule.
    asked : tuple of str
        The columns that were asked for.
    """

    FORMAT = "pfmlir exploration"

    columns: dict[str, NDArray[Any]]
    asked: tuple[str, ...]

    def __post_init__(self) -> None:
        frozen = {name: freeze(column) for name, column in self.columns.items()}
        object.__setattr__(self, "columns", frozen)

    # -- as a table ---------------------------------------------------------

    def __len__(self) -> int:
        return len(self.columns["status"])

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column."""
        if name not in self.columns:
            raise KeyError(
                f"there is no column {name!r}; expected one of {list(self.columns)}"
            )
        return self.columns[name]

    @property
    def table(self) -> "pandas.DataFrame | NDArray[Any]":
        """A DataFrame of pandas where that is installed, else numpy's records."""
        try:
            return self.to_pandas()
        except ImportError:
            names = list(self.columns)
            kinds = [(name, self.columns[name].dtype) for name in names]
            records = numpy.empty(len(self), dtype=kinds)
            for name in names:
                records[name] = self.columns[name]
            return records

    def to_pandas(self) -> "pandas.DataFrame":
        """Return one row a design; needs pandas."""
        import pandas

        return pandas.DataFrame(dict(self.columns))

    def rows(self, chosen: ArrayLike) -> Self:
        """Return a table of some rows, by their indices or a mask."""
        index = numpy.asarray(chosen)
        columns = {name: column[index] for name, column in self.columns.items()}
        return type(self)(columns, self.asked)

    def with_column(
        self, name: str, values: "ArrayLike | Callable[[Self], ArrayLike]"
    ) -> Self:
        """Return a table with one more column, or another one of that name.

        Such as an area, which no target states: `values` may be a function of the
        table.
        """
        column = numpy.asarray(values(self) if callable(values) else values)
        if column.shape != (len(self),):
            raise ValueError(
                f"{name}: expected one value for each of {len(self)} designs, but got "
                f"shape {list(column.shape)}"
            )
        return type(self)({**self.columns, name: column}, self.asked)

    # -- what is best -------------------------------------------------------

    @property
    def feasible(self) -> Self:
        """The designs with a schedule."""
        return self.rows(numpy.isin(self["status"], SCHEDULED))

    def where(self, constraints: Mapping[str, Constraint]) -> Self:
        """Return the designs that keep constraints.

        Parameters
        ----------
        constraints
            By column: a value; a lowest and a highest value as a tuple, of which either
            may be None; or a list of values.
        """
        kept = numpy.ones(len(self), dtype=bool)
        for name, wanted in constraints.items():
            column = self[name]
            if isinstance(wanted, tuple):
                if len(wanted) != 2:
                    raise ValueError(
                        f"{name}: expected a lowest and a highest value, but got "
                        f"{wanted!r}"
                    )
                low, high = wanted
                if low is not None:
                    kept &= column >= low
                if high is not None:
                    kept &= column <= high
            elif isinstance(wanted, list):
                kept &= numpy.isin(column, wanted)
            else:
                kept &= column == wanted
        return self.rows(kept)

    def best(self, by: str = "energy_j", number: int = 1) -> Self:
        """Return the designs with a schedule and the least of a column, least first."""
        found = self.feasible
        return found.rows(numpy.argsort(found[by], kind="stable")[:number])

    def pareto(self, *by: str, maximise: Iterable[str] = ()) -> Self:
        """Return the designs with a schedule that no other one is better than.

        Parameters
        ----------
        *by
            The columns that count: less is better; `energy_j` and `num_rails` by
            default.
        maximise
            Those of them of which more is better.
        """
        by = by or ("energy_j", "num_rails")
        maximised = set(maximise)
        if maximised - set(by):
            raise ValueError(
                f"maximise: expected some of {by}, but got {sorted(maximised)}"
            )
        found = self.feasible
        costs = numpy.column_stack(
            [
                numpy.asarray(found[name], dtype=numpy.float64)
                * (-1 if name in maximised else 1)
                for name in by
            ]
        )
        kept = found.rows(_not_dominated(costs))
        return kept.rows(numpy.argsort(kept[by[0]], kind="stable"))

    # -- the words of all answers -------------------------------------------

    @property
    def energy_j(self) -> NDArray[numpy.float64]:
        """Energy of one period in joules, by design; NaN without a schedule."""
        return self["energy_j"]

    @property
    def lower_bound_j(self) -> NDArray[numpy.float64]:
        """What no schedule costs less than, in joules, by design."""
        return self["lower_bound_j"]

    @property
    def gap(self) -> NDArray[numpy.float64]:
        """How far energies can be above the optimum, relative to them."""
        energies = numpy.where(self.energy_j == 0, 1, self.energy_j)
        return floats((self.energy_j - self.lower_bound_j) / energies)

    @property
    def period_s(self) -> NDArray[numpy.float64]:
        """From one inference to the next, in seconds, by design."""
        return self["period_s"]

    @property
    def fps(self) -> NDArray[numpy.float64]:
        """Inferences a second, by design."""
        return floats(1 / self.period_s)

    @property
    def active_time_s(self) -> NDArray[numpy.float64]:
        """The time of all layers and transitions, in seconds, by design."""
        return self["active_time_s"]

    @property
    def rails_v(self) -> NDArray[Any]:
        """The levels in use, in volts, by design."""
        return self["rails_v"]

    @property
    def is_optimal(self) -> bool:
        """Whether every schedule is proven to be one of least energy."""
        return self.status == "optimal"

    @property
    def status(self) -> Status:
        """What is known of the schedules, where least is."""
        found = set(self["status"].tolist())
        return joint_status(each for each in SCHEDULED if each in found)  # type: ignore[misc]

    # -- other forms --------------------------------------------------------

    def to_rows(self) -> list[Row]:
        """Return one dict a design; None where a number is not known."""
        names = list(self.columns)
        columns = [[_plain(value) for value in self[name]] for name in names]
        return [
            dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {"asked": list(self.asked), "designs": self.to_rows()}

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        rows = content["designs"]
        columns = {}
        for name in rows[0] if rows else (*content["asked"], *FOUND):
            values = [row[name] for row in rows]
            if name in NUMBERS:
                columns[name] = floats([math.nan if v is None else v for v in values])
            elif name == "rails_v":
                columns[name] = _as_column([tuple(rails) for rails in values])
            else:
                columns[name] = _as_column(values)
        return cls(columns, tuple(content["asked"]))

    @classmethod
    def make(
        cls, asked: Mapping[str, Sequence[Any]], found: Mapping[str, Sequence[Any]]
    ) -> Self:
        """Return the table of what was asked and found, by column."""
        columns = {name: _as_column(values) for name, values in asked.items()}
        for name, values in found.items():
            columns[name] = (
                freeze(values)
                if isinstance(values, numpy.ndarray)
                else _as_column(values)
            )
        return cls(columns, tuple(asked))

    def _title(self) -> str:
        return f"Exploration of {len(self)} designs"

    def _summary(self) -> list[tuple[str, str]]:
        rows = [("axes", ", ".join(self.asked))]
        names, counts = numpy.unique(self["status"], return_counts=True)
        found = dict(zip(names.tolist(), counts.tolist(), strict=True))
        rows.append(
            (
                "designs",
                ", ".join(
                    f"{found[each]} {each}" for each in STATUSES if each in found
                ),
            )
        )
        if len(self.feasible):
            best = self.best()
            rows.append(
                (
                    "least",
                    f"{with_prefix(float(best.energy_j[0]), 'J')} a period with "
                    + ", ".join(f"{name} = {best[name][0]}" for name in self.asked),
                )
            )
        return rows

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        head = [*self.asked, "status", "energy_j", "rails_v"]
        shown = self.rows(numpy.arange(min(len(self), 100)))
        rows = [
            [str(value) for value in row]
            for row in zip(*(shown[name] for name in head), strict=True)
        ]
        return f"{len(rows)} of {len(self)} designs", head, rows
