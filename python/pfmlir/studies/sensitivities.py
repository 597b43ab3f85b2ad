# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What changes of the hardware are worth to a network."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Unpack

import numpy

from .. import ir
from .._options import OPTIONS, ChipOptions, RailsOptions
from ..answers.schedule import Schedule
from ..answers.sensitivities import Change, Sensitivity
from ..answers.solution import Solution
from ..arguments import required_period
from ..compile.options import AssignOptions, ScheduleOptions, read_options
from ..compile.passes import assign_target
from ..compile.scheduling import schedule_network
from ..compile.sources import Network, Source, resolve
from ..compile.targets import chosen_target
from ..dialects import power
from ..errors import CompilationError, InfeasibleError
from ..keywords import select, takes
from ..problem.tables import CostTables
from .changed_designs import TOO_SLOW, Asked, ChangedDesigns, Outcome
from .hardware_changes import change_target, hardware_changes

# Parts of a target that can be asked for, by name.
Part = Callable[[power.TargetOp], Iterator[Asked]]

# Options that change a target.
WHAT_IFS = {**ChipOptions.__annotations__, **RailsOptions.__annotations__}

# What can make a schedule faster.
FASTER = ("a rail more", "transitions of half the time")

FACTORS = ((0.5, "half"), (10.0, "ten times"))


def _rail_numbers(rails: int, levels: int) -> Iterator[Asked]:
    if rails > 1:
        yield Asked("a rail fewer", {"max_rails": rails - 1})
    if rails < levels:
        yield Asked("a rail more", {"max_rails": rails + 1})


def _rails(target: power.TargetOp) -> Iterator[Asked]:
    rails = ir.IntegerAttr(target.max_rails).value
    yield from _rail_numbers(rails, len(target.levels_v))


def _levels(target: power.TargetOp) -> Iterator[Asked]:
    levels = [ir.FloatAttr(level).value for level in target.levels_v]
    for low, high in pairwise(levels):
        middle = round((low + high) / 2, 6)
        yield Asked(
            f"a level more, {middle:g} V",
            {"levels_v": sorted([*levels, middle])},
        )


def _transitions(target: power.TargetOp) -> Iterator[Asked]:
    found = [op for op in target.block if isinstance(op, power.TransitionOp)]
    # Those of one number, which is what the options can say.
    if len(found) != 1:
        return
    for name, attribute in (("energy", "energy_j"), ("time", "time_s")):
        value = found[0].attributes[attribute]
        if not isinstance(value, ir.FloatAttr):
            return
        for factor, words in FACTORS:
            yield Asked(
                f"transitions of {words} the {name}",
                {f"transition_{attribute}": factor * value.value},
            )


def _gating(target: power.TargetOp) -> Iterator[Asked]:
    mode, granularity = "none", 1
    if target.gating is not None:
        gating = power.GatingAttr(target.gating)
        mode, granularity = gating.mode, gating.granularity or 1
    for other in OPTIONS["gating"].choices:
        if other != mode:
            yield Asked(f"gating {other} instead of {mode}", {"gating": other})
    if mode != "none":
        if granularity > 1:
            yield Asked(
                "half as many banks gated together",
                {"gating_granularity": granularity // 2},
            )
        yield Asked(
            "twice as many banks gated together",
            {"gating_granularity": 2 * granularity},
        )


def _sleep(target: power.TargetOp) -> Iterator[Asked]:
    if any(isinstance(op, power.SleepStateOp) for op in target.block):
        yield Asked("no sleep", {"sleep": False})


def _hardware(target: power.TargetOp) -> Iterator[Asked]:
    """Other declarations: each another target, as text."""
    # Measured tables say nothing of other hardware.
    if isinstance(target.cost_model, power.MeasuredAttr):
        return
    text, context = f"{target}\n", ir.Context()
    for what, edit in hardware_changes(target):
        changed = change_target(text, edit, context)
        if changed is not None:
            new_text, values = changed
            yield Asked(what, {"target": new_text}, values)


PARTS: dict[str, Part] = {
    "rails": _rails,
    "levels": _levels,
    "transitions": _transitions,
    "gating": _gating,
    "sleep": _sleep,
    "hardware": _hardware,
}


def _ask_target(
    target: power.TargetOp, parts: Collection[str]
) -> Iterator[tuple[str, Asked]]:
    """Return the changes that parts of a target can be asked for, with their part."""
    for name in parts:
        yield from ((name, asked) for asked in PARTS[name](target))


def _ask_tables(tables: CostTables) -> Iterator[tuple[str, Asked]]:
    """Return the changes that tables can be asked for, as of targets."""
    for asked in _rail_numbers(tables.max_rails, len(tables.levels_v)):
        yield "rails", asked
    for name, field in (
        ("energy", "transition_energy_j"),
        ("time", "transition_time_s"),
    ):
        costs = getattr(tables, field)
        if not costs.any():
            continue
        for factor, words in FACTORS:
            changed = {field: (factor * costs).tolist()}
            yield "transitions", Asked(f"transitions of {words} the {name}", changed)
    # Periods that end early have to sleep.
    if tables.sleep_states and not tables.probabilities.size:
        yield "sleep", Asked("no sleep", {"sleep_states": []})


def _change_tables(tables: CostTables, fields: Mapping[str, Any]) -> CostTables:
    """Return tables with other values of some fields, given as plain lists."""
    plain: dict[str, Any] = {
        name: numpy.array(value) if name.startswith("transition") else value
        for name, value in fields.items()
    }
    if "sleep_states" in plain:
        plain["sleep_states"] = tuple(plain["sleep_states"])
    return replace(tables, **plain)


def _compare(before: Schedule | Solution, asked: Asked, after: Outcome) -> Change:
    """Return what a change is worth."""
    saving = None
    if after.energy_j is not None:
        saved_j = before.energy_j - after.energy_j
        saving = saved_j / before.energy_j if before.energy_j else 0.0
    return Change(
        asked.what,
        asked.options,
        after.energy_j,
        saving,
        after.rails_v,
        after.energy_j is None or (before.is_optimal and after.is_optimal),
    )


class Case:
    """A network at a rate on hardware as it is, and with a change."""

    def __init__(
        self,
        network: Network,
        rate: tuple[float | None, float | None],
        options: dict[str, Any],
        parts: Collection[str] = tuple(PARTS),
    ) -> None:
        """Ask for changes of some parts of the target."""
        self._network, self._rate, self._options = network, rate, options
        self._designs: ChangedDesigns | None = None
        if isinstance(network, CostTables):
            rails = options.get("max_rails", network.max_rails)
            found = _ask_tables(replace(network, max_rails=rails))
            self._changes = [each for each in found if each[0] in parts]
            return
        # Bounds are proven of schedules only.
        if not options.get("prove_bound"):
            self._designs = ChangedDesigns(network, options, required_period(*rate))
        assigned = assign_target(network, **select(options, AssignOptions))
        target = chosen_target(assigned)
        if target is None:
            raise CompilationError("no function runs on a target")
        # Read while the target lives, which it does as long as its module.
        self._changes = list(_ask_target(target, parts))

    def solve(self, change: Mapping[str, Any]) -> Schedule | Solution:
        """Return the schedule with a change; without one, as it is.

        A change may also be of the period.
        """
        network, options, rate = self._network, dict(self._options), self._rate
        change = dict(change)
        if "period_s" in change:
            rate = (None, change.pop("period_s"))
        if isinstance(network, CostTables):
            options.pop("max_rails", None)
            rails = {"max_rails": self._options.get("max_rails", network.max_rails)}
            network = _change_tables(network, rails | dict(change))
        else:
            if "target" in change:
                # What options made of the target is in its text.
                options = {
                    name: value
                    for name, value in options.items()
                    if name not in WHAT_IFS
                }
            options |= change
        return schedule_network(network, *rate, options)

    def _outcome(self, asked: Asked) -> Outcome | None:
        """Return what becomes of a change; None where it is no accelerator."""
        try:
            return Outcome.of(self.solve(asked.options))
        except InfeasibleError:
            return TOO_SLOW
        except CompilationError:
            # The target's laws or tables don't speak of such a level.
            return None

    def changes(
        self, before: Schedule | Solution, asked: Sequence[Asked]
    ) -> Iterator[Change]:
        """Return what changes are worth, but for those that no accelerator can have."""
        if self._designs is None:
            outcomes = [self._outcome(each) for each in asked]
        else:
            outcomes = self._designs.outcomes(asked)
        for each, after in zip(asked, outcomes, strict=True):
            if after is not None:
                yield _compare(before, each, after)

    def compare(
        self, before: Schedule | Solution, parts: Collection[str] = tuple(PARTS)
    ) -> Iterator[Change]:
        """Return what each change of some parts of the target is worth."""
        return self.changes(before, [each for of, each in self._changes if of in parts])

    def faster_changes(self) -> Iterator[Asked]:
        """Return the changes that may make a schedule faster."""
        return (asked for _, asked in self._changes if asked.what in FASTER)


@takes(ScheduleOptions)
def sensitivity(
    source: Source,
    inputs: Sequence[Any] | None = None,
    *,
    fps: float | None = None,
    period_s: float | None = None,
    **options: Unpack[ScheduleOptions],
) -> Sensitivity:
    """Tell what single changes of the hardware are worth to a network.

    One rail more or fewer, one candidate level more between two others, transitions of
    half or ten times the energy or time, other gating, no sleep; clocks and supplies
    shared or apart, banks of other sizes, lower voltages of memories, faster
    regulators; and 10 % more or less of leakage, of power while awake, of the margin.
    Of tables, one rail more or fewer, transitions between layers, and no sleep.

    Parameters
    ----------
    source, inputs
        The network; see `schedule`. It is imported once.
    fps, period_s : float
        Inferences a second, or seconds from one to the next; one of them.
    **options
        As of `schedule`: the hardware as it is.

    Returns
    -------
    Sensitivity
        A sequence of changes: those that the target, or a table, can be asked for, the
        most valuable first.

    Examples
    --------
    >>> import pfmlir
    >>> network = '''
    ... func.func @net() {
    ...   power.layer "conv" workload #power.conv2d<input = [64, 32, 32],
    ...       output_channels = 64, kernel = [3, 3]>
    ...   power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10>
    ...   return
    ... }
    ... '''
    >>> found = pfmlir.sensitivity(network, fps=900)
    >>> found.is_optimal, any(change.what == "no sleep" for change in found)
    (True, True)
    """
    required_period(fps, period_s)
    read = read_options(options)
    network = resolve(source, inputs, function=read.get("function"))
    case = Case(network, (fps, period_s), read)
    before = case.solve({})
    changes = sorted(
        case.compare(before),
        key=lambda change: math.inf if change.saving is None else -change.saving,
    )
    return Sensitivity(before, tuple(changes))
