# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of schedules; they need matplotlib, which is imported only to draw.

Every function takes `pfmlir.Schedule`s, or the JSON that they print as, and returns a
`matplotlib.figure.Figure`. Axes are in joules, seconds, volts and frames per second;
only their ticks have prefixes. `save_figure` writes equal figures as equal files.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .breakdown import draw_breakdown
from .fronts import draw_front
from .inputs import takes_schedules
from .layers import draw_layers
from .rates import draw_rates
from .states import draw_states
from .style import save_figure
from .timeline import draw_timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("timeline", "breakdown", "layers", "states")

__all__ = [
    "KINDS",
    "draw",
    "draw_breakdown",
    "draw_front",
    "draw_layers",
    "draw_rates",
    "draw_states",
    "draw_timeline",
    "save_figure",
]


def _name(schedule: Any) -> str:
    """Return what to call a schedule among others: what searched for it."""
    # What isn't a schedule is refused when it is drawn.
    found = schedule if isinstance(schedule, Mapping) else {}
    return str(found.get("search", "schedule"))


@takes_schedules
def draw(schedule: Any, kind: str = "timeline", baseline: Any = None) -> "Figure":
    """Draw a schedule.

    Parameters
    ----------
    schedule
        A `pfmlir.Schedule`, or its JSON.
    kind : {"timeline", "breakdown", "layers", "states"}
        Power over the period; the energy by part; energy and time by layer; the
        level of every domain in every layer.
    baseline
        Another schedule of the same network and period to draw it against; not for
        "states".

    Raises
    ------
    ValueError
        There is no such kind, or something isn't a schedule.
    MissingDependencyError
        matplotlib is not installed.
    """
    if kind not in KINDS:
        raise ValueError(f"kind: expected one of {KINDS}, but got {kind!r}")
    if kind == "timeline":
        return draw_timeline(schedule, baseline)
    if kind == "layers":
        return draw_layers(schedule, baseline)
    if kind == "states":
        if baseline is not None:
            raise ValueError("baseline: expected none for kind 'states'")
        return draw_states(schedule)
    if baseline is None:
        return draw_breakdown(schedule)
    names = [_name(baseline), _name(schedule)]
    if names[0] == names[1]:
        names = [f"{names[0]} (baseline)", names[1]]
    return draw_breakdown(dict(zip(names, (baseline, schedule), strict=True)))
