# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference networks on targets that say more, against tables changed by hand."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy
import pfmlir
import pytest

from testing.reference.shapes import load_networks, network_shapes

PLAIN = pfmlir.builtin_targets()["pf40"]
NOMINAL_V = 1.1
# Parts of the highest rate.
LOADS = (0.97, 0.7, 0.2)
AWAKE_W = 1e-2

Tables = pfmlir.CostTables


def with_awake_power(plain: Tables) -> Tables:
    return replace(
        plain,
        energy_j=plain.energy_j + AWAKE_W * plain.time_s,
        leakage_w=plain.leakage_w + AWAKE_W,
        transition_power_w=AWAKE_W,
        sleep_states=tuple(
            sleep._replace(energy_j=sleep.energy_j + AWAKE_W * sleep.time_s)
            for sleep in plain.sleep_states
        ),
    )


def with_shared_clock(plain: Tables) -> Tables:
    """Array and feeder are as fast as the slower one, by the same law."""
    sys, weight, feeder = plain.voltages_v.T
    slower = numpy.minimum(sys, feeder)
    where = {tuple(row): i for i, row in enumerate(plain.voltages_v.tolist())}
    rows = numpy.column_stack([slower, weight, slower]).tolist()
    time_s = plain.time_s[:, [where[tuple(row)] for row in rows]]
    dynamic_j = plain.energy_j - plain.leakage_w * plain.time_s
    return replace(plain, time_s=time_s, energy_j=dynamic_j + plain.leakage_w * time_s)


def with_lowest_voltage(plain: Tables) -> Tables:
    """Without states in which the feeder is below 1 V."""
    absent = plain.voltages_v[:, 2] < 1.0 - 1e-9
    return replace(
        plain,
        energy_j=numpy.where(absent, numpy.inf, plain.energy_j),
        time_s=numpy.where(absent, numpy.inf, plain.time_s),
    )


def with_leakage_law(plain: Tables) -> Tables:
    """Leakage of the array and of the weight memory, at 85 degrees."""
    leakage_w = plain.leakage_w.copy()
    voltages_v = plain.voltages_v
    for domain, per_efold_v, doubling_c in ((0, 0.25, 20.0), (1, 0.4, math.inf)):
        # In proportion to the voltage: what a volt makes of it.
        first = voltages_v[0]
        others = numpy.delete(voltages_v, domain, axis=1)
        same = (others == numpy.delete(first, domain)).all(axis=1)
        last = numpy.flatnonzero(same)[-1]
        slope = plain.leakage_w[:, last] - plain.leakage_w[:, 0]
        slope = slope / (voltages_v[last, domain] - first[domain])
        volts = voltages_v[:, domain]
        factor = numpy.exp((volts - NOMINAL_V) / per_efold_v)
        factor = factor * 2 ** ((85.0 - 25.0) / doubling_c)
        leakage_w += slope[:, None] * (volts * (factor - 1))
    return replace(
        plain,
        leakage_w=leakage_w,
        energy_j=plain.energy_j + (leakage_w - plain.leakage_w) * plain.time_s,
    )


PIECES: dict[str, tuple[str, Callable[[Tables], Tables]]] = {
    "awake power": (
        PLAIN.replace("max_rails 3", f"max_rails 3 awake_power_w {AWAKE_W}"),
        with_awake_power,
    ),
    "margin": (
        PLAIN.replace("max_rails 3", "max_rails 3 margin 0.05"),
        lambda plain: replace(plain, margin=0.05),
    ),
    "shared clock": (
        PLAIN.replace("@sys nominal_v", "@sys clock @c nominal_v")
        .replace("@feeder nominal_v", "@feeder clock @c nominal_v")
        .replace("  power.transition", "  power.clock @c\n  power.transition"),
        with_shared_clock,
    ),
    "lowest voltage": (
        PLAIN.replace("@feeder nominal_v 1.1", "@feeder nominal_v 1.1 minimum_v 1.0"),
        with_lowest_voltage,
    ),
    "lowest voltage of a memory": (
        PLAIN.replace("bank_leakage_w 1.0e-05", "bank_leakage_w 1.0e-05 minimum_v 1.0"),
        with_lowest_voltage,
    ),
    "leakage laws": (
        PLAIN.replace("max_rails 3", "max_rails 3 temperature_c 85.0")
        .replace(
            "leakage_w 2.32e-06",
            "leakage_w 2.32e-06 leakage_law #power.exponential_leakage<"
            "voltage_per_efold_v = 0.25, reference_c = 25.0, doubling_c = 20.0>",
        )
        .replace(
            "leakage_w 6.452e-06",
            "leakage_w 6.452e-06 leakage_law "
            "#power.exponential_leakage<voltage_per_efold_v = 0.4>",
        ),
        with_leakage_law,
    ),
}


@pytest.fixture(scope="module", params=sorted(load_networks()))
def network(request: pytest.FixtureRequest) -> tuple[str, Tables]:
    """Return the shapes of a network, and its tables on the plain target."""
    shapes = network_shapes(request.param)
    return shapes, pfmlir.tabulate_costs(shapes, target=PLAIN)


@pytest.mark.parametrize("piece", PIECES)
def test_a_declaration_does_to_tables_what_it_says(
    network: tuple[str, Tables], piece: str
) -> None:
    shapes, plain = network
    target, change = PIECES[piece]
    assert target != PLAIN
    changed = change(plain)
    with pytest.raises(pfmlir.InfeasibleError) as caught:
        changed.solve(period_s=1e-9)
    differ = 0
    for load in LOADS:
        period_s = caught.value.fastest_time_s / load
        solution = changed.solve(period_s=period_s)
        schedule = pfmlir.schedule(shapes, target=target, period_s=period_s)
        assert solution.is_optimal and schedule.is_optimal
        assert math.isclose(solution.energy_j, schedule.energy_j, rel_tol=1e-9)
        differ += solution.energy_j != plain.solve(period_s=period_s).energy_j
    assert differ
