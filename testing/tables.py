# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Problems of `problems` and `machines` as tables."""

import numpy
import pfmlir

from .problems import Problem


def to_tables(problem: Problem) -> pfmlir.CostTables:
    """Return a problem as tables, with each axis given as one, and half a volt a level.

    No two layers have a state in common.
    """
    states = [(i, state) for i, layer in enumerate(problem.layers) for state in layer]
    shape = (len(problem.layers), len(states))
    energy_j, time_s = numpy.full(shape, numpy.inf), numpy.full(shape, numpy.inf)
    leakage_w = numpy.zeros(shape)
    for column, (layer, state) in enumerate(states):
        energy_j[layer, column] = state.energy_j
        time_s[layer, column] = state.time_s
        leakage_w[layer, column] = state.leakage_w
    levels_v = 0.5 * (1 + numpy.arange(problem.num_levels))
    rails_of = problem.rails_of or [
        list(range(problem.num_levels)) for _ in range(problem.num_domains)
    ]
    return pfmlir.CostTables(
        layer_names=tuple(f"layer {i}" for i in range(len(problem.layers))),
        domains=(),
        levels_v=levels_v,
        voltages_v=numpy.zeros((len(states), 0)),
        energy_j=energy_j,
        time_s=time_s,
        leakage_w=leakage_w,
        max_rails=problem.max_rails,
        transition_energy_j=numpy.zeros((0, len(levels_v), len(levels_v))),
        transition_time_s=numpy.zeros((0, len(levels_v), len(levels_v))),
        sleep_states=tuple(
            pfmlir.SleepState(s.power_w, s.energy_j, s.time_s) for s in problem.sleeps
        ),
        axes=tuple(
            pfmlir.Axis(
                f"axis {i}",
                range(len(rails)),
                problem.transition_energy_j[i],
                problem.transition_time_s[i],
                [None if rail is None else float(levels_v[rail]) for rail in rails],
            )
            for i, rails in enumerate(rails_of)
        ),
        settings=numpy.array([state.levels for _, state in states]),
        margin=problem.margin,
        rail_power_w=problem.rail_power_w,
        transition_power_w=problem.transition_power_w,
        overlapping_ramps=problem.overlapping_ramps,
        probabilities=numpy.array(problem.probabilities),
    )
