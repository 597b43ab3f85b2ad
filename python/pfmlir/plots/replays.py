# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Predicted and replayed power over a period."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy

from ..answers.replay import Replay
from .inputs import needs_matplotlib
from .style import quantity
from .timeline import Outline, Steps, describe_change, draw_outlined

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def replayed_steps(replay: Replay) -> Steps:
    """Return the power that was replayed, as a step for each layer and for the tail.

    As in a schedule's picture, a layer's step starts with the transition before it, and
    the steps' area is the energy of the period.
    """
    total_j = numpy.concatenate(
        [[0.0], numpy.cumsum(numpy.diff(replay.edges_s) * replay.powers_w)]
    )
    layers = replay.layers
    ends = [0.0, *(layers["start_s"] + layers["time_s"]).tolist()]
    # A layer that starts while another runs has no step of its own.
    edges = sorted({*ends, float(replay.edges_s[-1])})
    energies_j = numpy.interp(edges, replay.edges_s, total_j)
    powers = [
        float(energy_j / (right - left))
        for energy_j, (left, right) in zip(
            numpy.diff(energies_j), pairwise(edges), strict=True
        )
    ]
    return edges, powers


@needs_matplotlib
def draw_replay(replay: Replay) -> "Figure":
    """Draw what `pfmlir.replay` returns.

    As a schedule's timeline: areas are the schedule's power, and the line over them is
    what was replayed.

    Parameters
    ----------
    replay
        A `pfmlir.Replay`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    planned_j = replay.schedule.energy_j
    change = (
        ""
        if replay.is_as_scheduled
        else describe_change(replay.energy_j, planned_j, digits=2)
    )
    label = f"replayed {quantity(replay.energy_j, 'J')}{change}"
    return draw_outlined(
        replay.schedule, Outline(replayed_steps(replay), "replayed", label)
    )
