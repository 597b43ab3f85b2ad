# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What changes of the hardware are worth, as a value."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import AnswerSequence, Row, Status, describe_proof, floats, joint_status
from .schedule import Schedule
from .solution import Solution


@dataclass(frozen=True)
class Change:
    """A change of the hardware, and what it is worth.

    Attributes
    ----------
    what : str
        The change, in words.
    options : dict
        The options of `schedule` that make it; of tables, their fields. A `target`
        has all that other options say of it.
    energy_j : float or None
        Energy of one period after it; None if no schedule keeps the deadline then.
    saving : float or None
        The part of the energy before that it saves; negative where it costs some.
    rails_v : tuple of float
        The levels in use after it, in volts.
    is_optimal : bool
        Whether both energies are proven, so that the saving is.
    """

    what: str
    options: dict[str, Any]
    energy_j: float | None
    saving: float | None
    rails_v: tuple[float, ...]
    is_optimal: bool


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(AnswerSequence[Change]):
    """What `sensitivity` finds: a sequence of changes, the most valuable first.

    Its words are those of the schedule before any change, but for `is_optimal` and
    `status`, which are of all.

    Attributes
    ----------
    before : Schedule or Solution
        As it is.
    changes : tuple of Change
        The most valuable first; those that no schedule survives last.
    """

    FORMAT = "pfmlir sensitivity"

    before: Schedule | Solution
    changes: tuple[Change, ...]

    @property
    def _parts(self) -> tuple[Change, ...]:
        return self.changes

    @property
    def energy_j(self) -> float:
        """Energy of one period before any change, in joules."""
        return self.before.energy_j

    @property
    def lower_bound_j(self) -> float:
        """What no schedule costs less than before any change, in joules."""
        return self.before.lower_bound_j

    @property
    def gap(self) -> float:
        """How far the energy before can be above the optimum, relative to it."""
        return self.before.gap

    @property
    def period_s(self) -> float:
        """From one inference to the next, in seconds."""
        return self.before.period_s

    @property
    def fps(self) -> float:
        """Inferences a second."""
        return self.before.fps

    @property
    def active_time_s(self) -> float:
        """The time of all layers and transitions before, in seconds."""
        return self.before.active_time_s

    @property
    def rails_v(self) -> NDArray[numpy.float64]:
        """The levels in use before any change, in volts."""
        return self.before.rails_v

    @property
    def savings(self) -> NDArray[numpy.float64]:
        """The part of the energy that each change saves; NaN where none is in time."""
        return floats(
            [math.nan if each.saving is None else each.saving for each in self.changes]
        )

    @property
    def is_optimal(self) -> bool:
        """Whether all savings are proven."""
        return self.before.is_optimal and all(each.is_optimal for each in self.changes)

    @property
    def status(self) -> Status:
        """What is known of the energies, where least is."""
        all_are: Status = "optimal" if self.is_optimal else "limit"
        return joint_status([self.before.status, all_are])

    def to_rows(self) -> list[Row]:
        """Return one dict a change; None where no schedule survives it."""
        return [
            asdict(change) | {"rails_v": list(change.rails_v)}
            for change in self.changes
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {"energy_j": self.energy_j, "changes": self.to_rows()}

    def _to_file(self) -> dict[str, Any]:
        return {"before": write_before(self.before), "changes": self.to_rows()}

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        changes = tuple(
            Change(**row | {"rails_v": tuple(row["rails_v"])})
            for row in content["changes"]
        )
        return cls(read_before(content["before"]), changes)

    def _title(self) -> str:
        return f"Sensitivity to {len(self.changes)} changes"

    def _summary(self) -> list[tuple[str, str]]:
        before = describe_proof(self.before.status, self.gap)
        rows = [
            ("before", f"{with_prefix(self.energy_j, 'J')} a period ({before})"),
        ]
        for name, change in (("most", self[:1]), ("least", self[-1:])):
            rows += [(name, f"{each.what}: {describe_saving(each)}") for each in change]
        return rows

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [[change.what, describe_saving(change)] for change in self.changes]
        return f"{len(rows)} changes", ["change", "energy"], rows


def write_before(before: Schedule | Solution) -> dict[str, Any]:
    """Return what goes into a file of an answer that another one is about."""
    return {"format": before.FORMAT} | before._to_file()


def read_before(content: dict[str, Any]) -> Schedule | Solution:
    """Return what `write_before` was called on."""
    content = dict(content)
    kinds: dict[str, type[Schedule] | type[Solution]] = {
        kind.FORMAT: kind for kind in (Schedule, Solution)
    }
    return kinds[content.pop("format")]._from_file(content)


def describe_saving(change: Change) -> str:
    """Return what becomes of the energy, as "-1.250 %"."""
    if change.saving is None:
        return "too slow"
    # Not "-0.000 %".
    return f"{round(-100 * change.saving, 3) + 0.0:+.3f} %"
