# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network on hardware with one change or another, its layers formed once.

Changes of nothing but parameters' values are solved in one native call; of another
structure, on a copy of the layers with another target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import ir
from .._options import FunctionOptions, LayersOptions
from ..answers.schedule import Schedule
from ..answers.solution import Solution
from ..compile.designs import Changes, DesignAnswers, Designs, DesignStatus
from ..compile.options import AssignOptions, OnTarget
from ..compile.passes import assign_target
from ..compile.scheduling import as_layers
from ..errors import CompilationError
from ..keywords import select
from ..problem.solver import DEFAULT_SEARCH, Limits
from .explorations.space import AS_PARAMETERS

# Options that set a parameter, where the target has it.
PATHS = {
    **AS_PARAMETERS,
    "levels_v": "target.levels_v",
    "gating": "target.gating.mode",
    "gating_granularity": "target.gating.granularity",
    "transition_energy_j": "target.transition.energy_j",
    "transition_time_s": "target.transition.time_s",
}


@dataclass(frozen=True)
class Asked:
    """A change that is asked for.

    Attributes
    ----------
    what : str
        In words.
    options : dict
        What makes it: options of `schedule`, and the period; of tables, their fields.
    values : dict, optional
        The same by the paths of parameters, if it changes nothing else.
    """

    what: str
    options: dict[str, Any]
    values: Changes | None = None


@dataclass(frozen=True)
class Outcome:
    """What becomes of a schedule with a change: None where none keeps the deadline."""

    energy_j: float | None
    rails_v: tuple[float, ...]
    is_optimal: bool

    @classmethod
    def of(cls, found: Schedule | Solution) -> "Outcome":
        rails_v = tuple(float(rail) for rail in found.rails_v)
        return cls(found.energy_j, rails_v, found.is_optimal)


TOO_SLOW = Outcome(None, (), True)


def _outcome(found: DesignAnswers, i: int) -> Outcome | None:
    """Return what was found of a design; None if it is no accelerator."""
    if found.status[i] == DesignStatus.INVALID:
        return None
    if found.status[i] == DesignStatus.INFEASIBLE:
        return TOO_SLOW
    energy_j, bound_j = float(found.energy_j[i]), float(found.lower_bound_j[i])
    return Outcome(energy_j, found.rails_v[i], energy_j == bound_j)


class ChangedDesigns:
    """A network on hardware that options describe, to be changed.

    Parameters
    ----------
    network
        It stays as it is.
    options
        As of `schedule`, as they were read.
    period_s
        From one inference to the next, in seconds, where no change says another.
    """

    def __init__(
        self, network: ir.Module, options: Mapping[str, Any], period_s: float
    ) -> None:
        self._network, self._options, self._period_s = network, options, period_s
        self._function = select(options, FunctionOptions)
        on_target = select(options, OnTarget)
        self._what_ifs = {
            name: value
            for name, value in select(options, AssignOptions).items()
            if name not in on_target and name not in self._function
        }

    @cached_property
    def _layers(self) -> ir.Module:
        """Layers on the target without what-ifs, which are no matter to them."""
        asked = {
            **select(self._options, OnTarget),
            **self._function,
            **select(self._options, LayersOptions),
        }
        return as_layers(self._network, asked)

    @cached_property
    def _as_it_is(self) -> Designs:
        return Designs(self._assigned({}))

    def _assigned(self, options: Mapping[str, Any]) -> ir.Module:
        """Return the layers on a target with a change."""
        # What options made of another target is in its text.
        what_ifs = {} if "target" in options else self._what_ifs
        return assign_target(self._layers, **self._function | what_ifs | dict(options))

    def _values(self, asked: Asked) -> Changes | None:
        """Return what a change sets by path; None if that is not all of it."""
        values = asked.values
        if values is None and asked.options.keys() <= PATHS.keys():
            values = {PATHS[name]: value for name, value in asked.options.items()}
        known = self._as_it_is.parameters
        return values if values is not None and values.keys() <= known.keys() else None

    def _solve(
        self, designs: Designs, changes: Sequence[Changes], period_s: Sequence[float]
    ) -> list[Outcome | None]:
        found = designs.solve(
            changes,
            period_s,
            search=self._options.get("search", DEFAULT_SEARCH),
            **select(self._options, Limits),
        )
        return [_outcome(found, i) for i in range(len(changes))]

    def outcomes(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        """Return what becomes of each change; None where it is no accelerator."""
        values = [self._values(each) for each in asked]
        alike = [i for i, each in enumerate(values) if each is not None]
        found: list[Outcome | None] = [None] * len(asked)
        periods = [each.options.get("period_s", self._period_s) for each in asked]
        solved = self._solve(
            self._as_it_is,
            [each for each in values if each is not None],
            [periods[i] for i in alike],
        )
        for i, outcome in zip(alike, solved, strict=True):
            found[i] = outcome
        for i, each in enumerate(asked):
            if values[i] is not None:
                continue
            try:
                designs = Designs(self._assigned(each.options))
            except CompilationError:
                # The target's laws or tables don't speak of such a level.
                continue
            (found[i],) = self._solve(designs, [{}], [periods[i]])
        return found
