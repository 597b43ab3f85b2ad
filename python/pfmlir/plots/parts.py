# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Energies by kind and domain, and their colours."""

import math
from collections.abc import Iterable, Sequence

import numpy
from numpy.typing import NDArray

from ..answers.schedule import Schedule
from .style import lighter

# A kind of energy, and a domain or "".
Part = tuple[str, str]

# Of the energy of layers: less than this is rounding.
LEAST_SHARE = 1e-9
# Domains in their order; these differ for the colour-blind, too.
DOMAIN_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
PLAIN_COLOR = "#4f6d8f"
TRANSITION_COLOR = "#404040"
TAIL_COLOR = "#bfbfbf"
# What is of no domain, by kind.
COLORS = {
    "transitions": TRANSITION_COLOR,
    "tail": TAIL_COLOR,
    "dispatch": "#8c8c8c",
    "losses": "#6b5b3e",
    "awake": "#9aa84f",
    "rails": "#5f7a3a",
}


def domain_colors(domains: Sequence[str]) -> dict[str, str]:
    """Return a colour for each domain; beyond six they get lighter."""
    count = len(DOMAIN_COLORS)
    return {
        domain: lighter(DOMAIN_COLORS[i % count], 1 - 0.6 ** (i // count))
        for i, domain in enumerate(domains)
    }


def split_domains(schedules: Iterable[Schedule]) -> list[str]:
    """Return the domains that energy is split by: none if some layer isn't split."""
    domains: dict[str, None] = {}
    for schedule in schedules:
        for kind in ("dynamic", "leakage"):
            if numpy.isnan(schedule.layers[f"{kind}_energy_by_domain_j"]).any():
                return []
        # In the order of the accelerator's domains, as in a timeline.
        domains.update(dict.fromkeys(schedule.domains))
    return list(domains)


def layer_parts(
    schedule: Schedule, domains: Sequence[str]
) -> dict[tuple[str, str], NDArray[numpy.float64]]:
    """Return the layers' joules by kind and domain, which is "" without a split."""
    if not domains:
        return {
            (kind, ""): schedule.layers[f"{kind}_energy_j"]
            for kind in ("dynamic", "leakage")
        }
    nothing = numpy.zeros(len(schedule.layers))
    return {
        (kind, domain): schedule.layers[f"{kind}_energy_by_domain_j"][
            :, schedule.domains.index(domain)
        ]
        if domain in schedule.domains
        else nothing
        for domain in domains
        for kind in ("dynamic", "leakage")
    }


def period_parts(schedule: Schedule, domains: Sequence[str]) -> dict[Part, float]:
    """Return the joules of one period, by kind and domain; a tail's kind is "tail".

    What layers draw of their supplies' sources but not of the supplies is "losses". Of
    periods that may end early, in the mean.
    """
    layers = schedule.layers
    runs = layers["probability"]

    def total(energies_j: NDArray[numpy.float64]) -> float:
        return math.fsum((runs * energies_j).tolist())

    by_layer = layer_parts(schedule, domains)
    parts: dict[Part, float] = {
        part: total(by_layer[part])
        for kind in ("dynamic", "leakage")
        for part in by_layer
        if part[0] == kind
    }
    drawn = total(layers["energy_j"])
    losses = drawn - math.fsum(parts.values())
    if losses > LEAST_SHARE * drawn:
        parts["losses", ""] = losses
    if schedule.dispatch_time_s:
        parts["dispatch", ""] = schedule.dispatch_time_s * total(layers["leakage_w"])
    transitions_j = (runs * layers["transition_energy_j"]).tolist()
    if schedule.tail.kind == "idle":
        # Of entering an idle state.
        transitions_j.append(runs[-1] * schedule.tail.overhead_energy_j)
    parts["transitions", ""] = math.fsum(transitions_j)
    parts["tail", ""] = schedule.tail.energy_j
    for kind in ("awake", "rails"):
        if kind in schedule.energy_split_j:
            parts[kind, ""] = schedule.energy_split_j[kind]
    return parts


def part_color(part: tuple[str, str], domains: Sequence[str]) -> str:
    """Return the colour of a kind of energy, or of that in a domain."""
    kind, domain = part
    if kind in COLORS:
        return COLORS[kind]
    color = domain_colors(domains)[domain] if domains else PLAIN_COLOR
    return color if kind == "dynamic" else lighter(color)
