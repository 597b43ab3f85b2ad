# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Enumeration: every choice of states of a small instance, vectorised in numpy."""

import math

import numpy

from .search_instances import TIME_TOLERANCE, Answer, Instance


def _extend(
    instance: Instance, layer: int, partial: dict[str, numpy.ndarray]
) -> dict[str, numpy.ndarray]:
    """Return all partial schedules with one more layer, each in every state."""
    costs = instance.costs
    levels = costs.states
    last = partial["last"][:, None]
    energy_j = partial["energy_j"][:, None] + costs.energy_j[layer]
    time_s = partial["time_s"][:, None] + costs.time_s[layer]
    for domain in range(len(costs.domains)):
        pair = (levels[last, domain], levels[None, :, domain])
        energy_j += costs.transition_energy_j[domain][pair]
        time_s += costs.transition_time_s[domain][pair]
    rails = (1 << levels).astype(numpy.int64)
    rails = numpy.bitwise_or.reduce(rails, axis=1)
    return {
        "energy_j": energy_j.reshape(-1),
        "time_s": time_s.reshape(-1),
        "rails": (partial["rails"][:, None] | rails).reshape(-1),
        "last": numpy.tile(numpy.arange(len(levels)), len(energy_j)),
    }


def _first(instance: Instance) -> dict[str, numpy.ndarray]:
    """Return all partial schedules of one layer."""
    costs = instance.costs
    rails = (1 << costs.states).astype(numpy.int64)
    return {
        "energy_j": costs.energy_j[0],
        "time_s": costs.time_s[0],
        "rails": numpy.bitwise_or.reduce(rails, axis=1),
        "last": numpy.arange(costs.energy_j.shape[1]),
    }


def _tails_j(instance: Instance, whole: dict[str, numpy.ndarray]) -> numpy.ndarray:
    """Return the energy of the cheapest tails; infinite for what is late."""
    period_s, time_s = instance.period_s, whole["time_s"]
    latest_s = period_s * (1 + TIME_TOLERANCE)
    leakage_w = instance.costs.leakage_w[-1, whole["last"]]
    rest_s = numpy.maximum(period_s - time_s, 0.0)
    best = numpy.where(time_s <= latest_s, leakage_w * rest_s, math.inf)
    for power_w, energy_j, sleep_s in instance.costs.sleep_states:
        fits = time_s + sleep_s <= latest_s
        rest_s = numpy.maximum(period_s - time_s - sleep_s, 0.0)
        tail_j = numpy.where(fits, energy_j + power_w * rest_s, math.inf)
        best = numpy.minimum(best, tail_j)
    return best


def solve(instance: Instance) -> Answer:
    """Return the states of least energy of all that there are."""
    whole = _first(instance)
    for layer in range(1, instance.layers):
        whole = _extend(instance, layer, whole)
    energy_j = whole["energy_j"] + _tails_j(instance, whole)
    too_many = numpy.bitwise_count(whole["rails"]) > instance.costs.max_rails
    energy_j[too_many] = math.inf
    best = int(energy_j.argmin())
    shape = (instance.costs.energy_j.shape[1],) * instance.layers
    states = [int(state) for state in numpy.unravel_index(best, shape)]
    return Answer(states, True, float(energy_j[best]))
