# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of answers; they need matplotlib, which is imported only to draw.

`draw` draws any `pfmlir.Answer`; the other functions draw one kind, and return a
`matplotlib.figure.Figure`. Axes are in joules, seconds, volts and frames per second;
only their ticks have prefixes. `save_figure` writes equal figures as equal files.
Pictures of schedules also take the JSON that they print as. `style` has what pictures
share, for one's own beside these.
"""

from .batteries import draw_battery
from .breakdown import draw_breakdown
from .drawing import EXPLORATION_KINDS, KINDS, draw
from .explorations import draw_exploration, draw_parallel
from .frames import draw_frames
from .fronts import draw_front
from .layers import draw_layers
from .rails import draw_rail_choice, draw_system
from .rates import draw_rates
from .replays import draw_replay
from .sensitivities import draw_sensitivity
from .states import draw_states
from .style import save_figure
from .timeline import draw_timeline

__all__ = [
    "EXPLORATION_KINDS",
    "KINDS",
    "draw",
    "draw_battery",
    "draw_breakdown",
    "draw_exploration",
    "draw_frames",
    "draw_front",
    "draw_layers",
    "draw_parallel",
    "draw_rail_choice",
    "draw_rates",
    "draw_replay",
    "draw_sensitivity",
    "draw_states",
    "draw_system",
    "draw_timeline",
    "save_figure",
]
