# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Why a schedule is as it is, and what would change it, as a value."""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy
from numpy.typing import NDArray

from ..units import with_prefix
from .answer import AnswerSequence, Row, Status, describe_proof
from .schedule import Schedule
from .sensitivities import Change, describe_saving, read_before, write_before
from .solution import Solution


@dataclass(frozen=True)
class Reason:
    """Why a layer is in its state: what the best other state would do.

    Attributes
    ----------
    layer : str
        The layer.
    state, instead : str
        Its state, and the other that saves most energy for its time; "" where none on
        the same rails saves any.
    saved_energy_j, extra_time_s : float
        What the other saves, and how much longer it takes, with the transitions from
        the layer before and to the one after; 0 where there is none.
    """

    layer: str
    state: str
    instead: str = ""
    saved_energy_j: float = 0.0
    extra_time_s: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Explanation(AnswerSequence[Reason]):
    """What `explain` finds: a sequence of reasons, one a layer.

    Its words are those of the schedule, but for `is_optimal` and `status`, which are of
    all that it says.

    Attributes
    ----------
    before : Schedule or Solution
        What is explained.
    slack_s : float
        What is left to the deadline, in seconds.
    reasons : tuple of Reason
        By layer, in order.
    changes : tuple of Change
        What could be done next, each by another search: other rates, which are in
        `period_s` of their options, and other hardware.
    """

    FORMAT = "pfmlir explanation"

    before: Schedule | Solution
    slack_s: float
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]

    @property
    def _parts(self) -> tuple[Reason, ...]:
        return self.reasons

    @property
    def energy_j(self) -> float:
        """Energy of one period, in joules."""
        return self.before.energy_j

    @property
    def lower_bound_j(self) -> float:
        """What no schedule costs less than, in joules."""
        return self.before.lower_bound_j

    @property
    def gap(self) -> float:
        """How far the energy can be above the optimum, relative to it."""
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
        """The time of all layers and transitions, in seconds."""
        return self.before.active_time_s

    @property
    def rails_v(self) -> NDArray[numpy.float64]:
        """The levels in use, in volts."""
        return self.before.rails_v

    @property
    def is_optimal(self) -> bool:
        """Whether the schedule and all changes are proven."""
        return self.before.is_optimal and all(each.is_optimal for each in self.changes)

    @property
    def status(self) -> Status:
        """What is known of the energies, where least is."""
        if not self.is_optimal and self.before.is_optimal:
            return "limit"
        return self.before.status

    @property
    def first_to_change(self) -> tuple[Reason, ...]:
        """The layers that have another state, that of most energy for its time first.

        With more time, these are where it would be spent first; a state that takes no
        longer is before all others.
        """
        others = [reason for reason in self.reasons if reason.instead]
        return tuple(
            sorted(others, key=lambda each: each.extra_time_s / each.saved_energy_j)
        )

    def energy_for_time(self, change: Change) -> float | None:
        """Return what a change of the rate saves, in joules for each second more."""
        if change.energy_j is None or "period_s" not in change.options:
            return None
        more_s = float(change.options["period_s"]) - self.period_s
        return (self.energy_j - change.energy_j) / more_s

    def to_rows(self) -> list[Row]:
        """Return one dict a layer."""
        return [asdict(reason) for reason in self.reasons]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain numbers, texts, lists and dicts."""
        return {
            "energy_j": self.energy_j,
            "period_s": self.period_s,
            "slack_s": self.slack_s,
            "reasons": self.to_rows(),
            "changes": [
                asdict(change) | {"rails_v": list(change.rails_v)}
                for change in self.changes
            ],
        }

    def _to_file(self) -> dict[str, Any]:
        content = self.to_dict()
        del content["energy_j"], content["period_s"]
        return {"before": write_before(self.before)} | content

    @classmethod
    def _from_file(cls, content: dict[str, Any]) -> Self:
        changes = tuple(
            Change(**row | {"rails_v": tuple(row["rails_v"])})
            for row in content["changes"]
        )
        reasons = tuple(Reason(**row) for row in content["reasons"])
        before = read_before(content["before"])
        return cls(before, float(content["slack_s"]), reasons, changes)

    def _title(self) -> str:
        return f"Explanation of {len(self.reasons)} layers"

    def _summary(self) -> list[tuple[str, str]]:
        proof = describe_proof(self.before.status, self.gap)
        rows = [
            ("energy", f"{with_prefix(self.energy_j, 'J')} a period ({proof})"),
            ("slack", with_prefix(self.slack_s, "s")),
        ]
        rows += [
            ("first", f"{each.layer}: {describe_reason(each)}")
            for each in self.first_to_change[:1]
        ]
        return rows + [("next", describe_change(self, each)) for each in self.changes]

    def _table(self) -> tuple[str, list[str], list[list[str]]]:
        rows = [[each.layer, each.state, describe_reason(each)] for each in self]
        return f"{len(rows)} layers", ["layer", "state", "instead"], rows


def describe_reason(reason: Reason) -> str:
    """Return what the best other state of a layer would do."""
    if not reason.instead:
        return "nothing on these rails costs less"
    saved = with_prefix(reason.saved_energy_j, "J")
    time = with_prefix(abs(reason.extra_time_s), "s")
    more = "more" if reason.extra_time_s >= 0 else "less"
    return f"{reason.instead} would save {saved} and take {time} {more}"


def describe_change(explanation: Explanation, change: Change) -> str:
    """Return what a change does, as "2 % slower: -1.400 %, 8 µJ for a millisecond"."""
    text = f"{change.what}: {describe_saving(change)}"
    for_time = explanation.energy_for_time(change)
    if for_time is None:
        return text
    return f"{text}, {with_prefix(1e-3 * for_time, 'J')} for a millisecond"
