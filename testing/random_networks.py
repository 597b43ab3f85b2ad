# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small random networks as cost tables, for tests of what stands on the searches."""

import itertools
import math

import numpy
import pfmlir


def random_network(
    random: numpy.random.Generator, num_levels: int, num_domains: int
) -> tuple[pfmlir.CostTables, float]:
    """Return a small network, and a rate that is met on some rails."""
    levels_v = 0.8 + 0.1 * numpy.arange(num_levels)
    states = numpy.array(list(itertools.product(range(num_levels), repeat=num_domains)))
    num_layers = int(random.integers(1, 4))
    # Faster at higher voltages, mostly, and dearer; in eighths, for ties.
    speed = 1 + levels_v[states].sum(axis=1)
    shape = (num_layers, len(states))
    time_s = numpy.round(8 * (1 + random.random(shape)) * 4 / speed) / 8
    energy_j = numpy.round(8 * (0.5 + random.random(shape)) * speed) / 8
    if random.random() < 0.3:
        absent = random.random(shape) < 0.2
        absent[:, random.integers(len(states))] = False
        energy_j[absent] = math.inf
    off_diagonal = 1 - numpy.eye(num_levels)
    transitions = numpy.broadcast_to(
        off_diagonal, (num_domains, num_levels, num_levels)
    )
    tables = pfmlir.CostTables(
        layer_names=tuple(f"layer{i}" for i in range(num_layers)),
        domains=tuple(f"domain{i}" for i in range(num_domains)),
        levels_v=levels_v,
        voltages_v=levels_v[states],
        energy_j=energy_j,
        time_s=time_s,
        leakage_w=numpy.round(random.random(shape) * 4) / 8,
        max_rails=num_levels,
        transition_energy_j=0.125 * random.integers(3) * transitions,
        transition_time_s=0.125 * random.integers(2) * transitions,
        sleep_states=(pfmlir.SleepState(0.0, 0.25, 0.125),)[: random.integers(2)],
    )
    least = numpy.where(numpy.isfinite(energy_j), time_s, math.inf).min(axis=1).sum()
    return tables, 1 / float(least * (1.0 + random.random()))
