# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an experiment is, and what it gives."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .setting import Setting

Rows = list[dict[str, Any]]

# Published numbers have ten digits.
TOLERANCE = 1e-9
NOT_GIVEN = "not given as a number"


class DisagreementError(Exception):
    """A number is not what the reference says."""


@dataclass(frozen=True)
class Comparison:
    """A quantity as the paper has it, as its public artifact has it, and ours.

    `is_measured` is for times, which no two runs have the same.
    """

    quantity: str
    ours: str
    published: str = NOT_GIVEN
    artifact: str = NOT_GIVEN
    remark: str = ""
    is_measured: bool = False


@dataclass(frozen=True)
class Check:
    """A number that a reference has, too."""

    what: str
    ours: float
    expected: float

    @property
    def deviation(self) -> float:
        """How far ours is from what was expected, relative to that."""
        return abs(self.ours / self.expected - 1)


def agree(what: str, ours: float | None, expected: float) -> Check:
    """Return the check of a number.

    Raises
    ------
    DisagreementError
        It is not what the reference says.
    """
    check = Check(what, math.nan if ours is None else float(ours), expected)
    if not check.deviation <= TOLERANCE:
        raise DisagreementError(
            f"{what}: expected {expected:.10g} as in the reference, but got {ours}"
        )
    return check


@dataclass(frozen=True)
class Result:
    """What an experiment gives.

    Attributes
    ----------
    rows
        Its data, the same in every run; all rows have the same columns.
    findings
        What came out of it, as paragraphs or tables in Markdown.
    figures
        By the name of their files.
    comparisons, checks
        Against what was published, and against exact references.
    times, time_findings
        Data and findings on measured times, which differ from run to run.
    """

    rows: Rows
    findings: Sequence[str]
    figures: "Mapping[str, Figure]"
    comparisons: Sequence[Comparison] = ()
    checks: Sequence[Check] = ()
    times: Rows = field(default_factory=list)
    time_findings: Sequence[str] = ()


@dataclass(frozen=True)
class Experiment:
    """An experiment: what it is called, what it shows, and how it is run."""

    name: str
    title: str
    description: str
    run: "Callable[[Setting], Result]"
    is_from_paper: bool = True


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, is_text: bool = False
) -> str:
    """Return a table in Markdown: numbers to the right of a first column, or text."""
    other = "---" if is_text else "---:"
    lines = [head, ["---", *[other] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
