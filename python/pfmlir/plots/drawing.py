# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which picture is of which answer."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..answers import (
    Answer,
    BatteryPlan,
    Explanation,
    Exploration,
    FramePlan,
    ParetoFront,
    RailChoice,
    Replay,
    Sensitivity,
    Solution,
    Sweep,
    SystemSchedule,
)
from ..arguments import one_of
from .batteries import draw_battery
from .breakdown import draw_breakdown
from .explorations import draw_exploration, draw_parallel
from .frames import draw_frames
from .fronts import draw_front
from .inputs import as_schedule, needs_matplotlib
from .layers import draw_layers
from .rails import draw_rail_choice, draw_system
from .rates import draw_rates
from .replays import draw_replay
from .sensitivities import draw_sensitivity
from .states import draw_states
from .timeline import draw_timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Of schedules; the first is drawn where nothing is said.
KINDS = ("timeline", "breakdown", "layers", "states")
# The same of explorations.
EXPLORATION_KINDS: "dict[str, Callable[[Any], Figure]]" = {
    "front": draw_exploration,
    "parallel": draw_parallel,
}


def _draw_explained(explanation: Any) -> "Figure":
    """Draw what is explained."""
    before = explanation.before
    return draw_states(before) if isinstance(before, Solution) else draw_layers(before)


# Answers of which there is one picture.
PICTURES: dict[type[Answer], "Callable[[Any], Figure]"] = {
    BatteryPlan: draw_battery,
    Explanation: _draw_explained,
    FramePlan: draw_frames,
    ParetoFront: draw_front,
    RailChoice: draw_rail_choice,
    Replay: draw_replay,
    Sensitivity: draw_sensitivity,
    Solution: draw_states,
    Sweep: draw_rates,
    SystemSchedule: draw_system,
}


def _draw_breakdown(schedule: Any, baseline: Any) -> "Figure":
    """Draw one schedule, or two by the names of their searches."""
    if baseline is None:
        return draw_breakdown(schedule)
    pair = (
        as_schedule(baseline, has_energies=True),
        as_schedule(schedule, has_energies=True),
    )
    names = [each.search for each in pair]
    if names[0] == names[1]:
        names[0] = f"{names[0]} (baseline)"
    return draw_breakdown(dict(zip(names, pair, strict=True)))


@needs_matplotlib
def draw(
    answer: Answer | Mapping[str, Any],
    kind: str | None = None,
    baseline: Any = None,
) -> "Figure":
    """Draw an answer.

    Parameters
    ----------
    answer
        A `pfmlir.Answer`; or the JSON of a schedule.
    kind : {"timeline", "breakdown", "layers", "states", "front", "parallel"}, optional
        Of a schedule: power over the period, the default; the energy by part; energy
        and time by layer; the level of every domain in every layer. Of an exploration:
        energies against numbers of rails, the default; all axes, with a line for each
        design. Of all other answers there is one picture: a solution's states, a
        front's and a sweep's energy against deadline or rate, what networks use of
        rails and take on them, when their frames run, what changes are worth, predicted
        and replayed power.
    baseline
        Another schedule of the same network and period to draw a schedule against; not
        for "states".

    Raises
    ------
    ValueError
        There is no such kind, or something isn't a schedule.
    MissingDependencyError
        matplotlib is not installed.
    """
    if isinstance(answer, Exploration):
        if kind not in (None, *EXPLORATION_KINDS):
            raise ValueError(
                "kind: expected none for an Exploration, or one of "
                f"{(*EXPLORATION_KINDS,)}, but got {kind!r}"
            )
        if baseline is not None:
            raise ValueError("baseline: expected none for an Exploration")
        return EXPLORATION_KINDS[kind or "front"](answer)
    if kind is not None:
        one_of("kind", kind, KINDS)
    picture = PICTURES.get(type(answer)) if isinstance(answer, Answer) else None
    if picture is not None:
        what = type(answer).__name__
        if kind is not None and (picture, kind) != (draw_states, "states"):
            raise ValueError(f"kind: expected none for a {what}, but got {kind!r}")
        if baseline is not None:
            raise ValueError(f"baseline: expected none for a {what}")
        return picture(answer)
    if kind == "breakdown":
        return _draw_breakdown(answer, baseline)
    if kind == "layers":
        return draw_layers(as_schedule(answer, has_energies=True), baseline)
    if kind == "states":
        if baseline is not None:
            raise ValueError("baseline: expected none for kind 'states'")
        return draw_states(as_schedule(answer))
    return draw_timeline(as_schedule(answer), baseline)
